"""What a page asks to be computed, and the key by which the answer is kept.

Takes choices, which may come from an address that anybody wrote; gives checked requests, one
class for each kind of work. A scenario is named, never given by a path. Loads neither mesa nor numba.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from functools import lru_cache
from typing import Any, ClassVar, Self

from sim.app.jobs import drafts
from sim.app.jobs.variants import Variation, built
from sim.errors import ScenarioError, UsageError
from sim.results import input_hash
from sim.scenario.schema import Scenario
from sim.scenario.shipped import shipped
from sim.sources import rules_version

SEEDS = (4, 8, 16, 32, 64)
"""Replications that can be chosen (chosen): each doubles the work."""
LOOKS = (2, 8, 32)
"""Replications at which a comparison under way is shown (chosen): two are the fewest with an interval."""
USERS = (10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000)
"""Audiences that can be chosen (chosen), beside the scenario's own."""


KINDS: dict[str, type["Request"]] = {}
"""What can be asked for, by its name; questions.py has more."""


@dataclass(frozen=True)
class Request:
    """What every kind of work has in common.

    Attributes:
        scenario: name of a shipped scenario, or of a draft (sim.app.jobs.drafts).
        users: people in the audience; None for the scenario's own.
    """

    kind: ClassVar[str] = ""
    """its name in request.json"""
    at_once: ClassVar[bool | None] = True
    """whether it goes before longer work of others, or after all else; None where only its first look does"""
    resumes: ClassVar[bool] = False
    """whether it goes on from what was done when it was stopped"""
    scenario: str
    users: int | None

    def __init_subclass__(cls) -> None:
        if cls.kind:
            KINDS[cls.kind] = cls

    @property
    def runs(self) -> int:
        """Simulations in all."""
        return 1

    @property
    def urgent(self) -> bool:
        """Whether it goes before longer work of others."""
        return bool(self.at_once)

    def plan(self) -> Scenario:
        """The scenario to run.

        Raises:
            ScenarioError: it cannot have this audience.
            UsageError: there is no such scenario.
        """
        return plan_of(self.scenario, self.users)

    @property
    def elsewhere(self) -> bool:
        """Whether its audience is not the scenario's own, and so another market."""
        return self.plan().audience.users != plan_of(self.scenario).audience.users

    def scenario_digest(self) -> str:
        """Hash of the scenario without its name, and of its seed [32 hex digits]."""
        return _digest_of(self)

    def key(self) -> str:
        """Name under which the answer is kept: same key, same answer [32 hex digits]."""
        asked = {name: value for name, value in self.as_dict().items() if name not in ("scenario", "users")}
        return _hashed([self.scenario_digest(), asked, rules_version()])

    def as_dict(self) -> dict[str, Any]:
        """For a JSON file."""
        return {"kind": self.kind, **asdict(self)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """From a JSON file, which has lists for tuples; `request_of` finds the class."""
        given = {field.name: data[field.name] for field in fields(cls)}
        if "variants" in given:
            given["variants"] = [Variation(*variant) for variant in given["variants"]]
        read: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in given.items()}
        return cls(**read)


class Changed(Request):
    """Work on a scenario some of whose keys are set.

    Attributes:
        settings: JSON, dotted keys of the scenario and their values, such as another layout.
    """

    settings: str

    def plan(self) -> Scenario:
        """The scenario to run."""
        return super().plan().with_values(json.loads(self.settings))


@dataclass(frozen=True)
class Comparing(Request):
    """A comparison of variants under the same luck.

    Attributes:
        variants: at least two, in the order shown.
        seeds: replications of each.
    """

    kind = "compare"
    at_once: ClassVar[bool | None] = None
    resumes = True
    variants: tuple[Variation, ...]
    seeds: int

    @property
    def runs(self) -> int:
        """Simulations in all."""
        return self.seeds * len(self.variants)

    @property
    def urgent(self) -> bool:
        """A first look goes before others' further looks."""
        return self.seeds <= LOOKS[0] if self.at_once is None else self.at_once

    def looks(self) -> tuple["Comparing", ...]:
        """The same comparison with few seeds, then with more; what goes last is not looked at before."""
        early = () if self.at_once is False else LOOKS
        return (*(replace(self, seeds=n) for n in early if n < self.seeds), self)


class Adding(Comparing):
    """A comparison at hand with one variant more, the last: it alone is simulated, under the same luck."""

    kind = "add"
    at_once = True

    @property
    def runs(self) -> int:
        """Simulations in all."""
        return self.seeds

    def without(self) -> Comparing:
        """The comparison at hand."""
        return Comparing(self.scenario, self.users, self.variants[:-1], self.seeds)


@dataclass(frozen=True)
class Running(Changed):
    """One run with all its tables, and what each link carried hour by hour."""

    kind = "run"
    seed: int
    settings: str = "{}"


@dataclass(frozen=True)
class Repeating(Request):
    """The same posts again and again: their content stays equal, luck alone differs.

    Attributes:
        seed: the first one.
        repeats: runs, with this seed and the next ones.
    """

    kind = "repeat"
    at_once = False
    seed: int
    repeats: int

    @property
    def runs(self) -> int:
        """Simulations in all."""
        return self.repeats

    def plan(self) -> Scenario:
        """The scenario to run: every account's posts are as good as one another."""
        return plan_of(self.scenario, self.users).with_values({"content.spread.within_account": 0.0})


@dataclass(frozen=True)
class Valuing(Changed):
    """What each link of a scenario is worth in closed form; no run, so no seed."""

    kind = "value"
    settings: str = "{}"


class Timing(Request):
    """How long one run takes on one thread, and how many run at a time: what a forecast rests on."""

    kind = "timing"


class Lesson(Running):
    """A run followed person by person, hour by hour, for the class."""

    kind = "lesson"


@dataclass(frozen=True)
class Asking(Running):
    """A run some of whose people are followed through it.

    Attributes:
        shard: which of them, by thousands: those of one are followed together.
    """

    kind = "ask"
    shard: int = 0


class Measuring(Comparing):
    """A comparison of a class by what only its tables tell, such as visits over links."""

    kind = "measure"
    at_once = True
    resumes = False


FIRST = Comparing("beauty_matrix", None, built(("one", "1+3", "1+8", "split:8", "race:8")), 16)
"""What the first view shows: how many accounts, and who posts what. Shipped already computed."""


@lru_cache(maxsize=64)
def plan_of(name: str, users: int | None = None) -> Scenario:
    """A shipped scenario or a draft, with another audience; its own when left out.

    Raises:
        ScenarioError: it cannot have this audience.
        UsageError: there is no such scenario.
    """
    if users is not None:  # on the one read already: reading 2,000 accounts takes a quarter of a second
        own = plan_of(name)
        return own if users == own.audience.users else own.with_values({"audience.users": users})
    files = shipped()
    if name in files:
        text = files[name].read_text(encoding="utf-8")
    elif (kept := drafts.read(name)) is not None:
        text = kept.text
    else:
        raise UsageError("scenario {name!r} is unknown; allowed: {names}", name=name, names=", ".join(files))
    return Scenario.loads(text, f"{name}.toml")


def exists(name: str) -> bool:
    """Whether a scenario of this name can be used."""
    return name in shipped() or drafts.read(name) is not None


@lru_cache(maxsize=64)
def audiences(name: str) -> tuple[int, ...]:
    """Audiences that a scenario can be shown with: its own, and the usual ones that hold all fans."""
    own = plan_of(name).audience.users
    usual = sorted({own, *USERS})
    least = next(users for users in usual if users == own or _fits(name, users))
    return tuple(users for users in usual if users >= least)  # what holds all fans, any larger one holds


def _fits(name: str, users: int) -> bool:
    try:
        plan_of(name).with_values({"audience.users": users})
    except ScenarioError:
        return False
    return True


@lru_cache(maxsize=256)  # every drawing of a page asks for it several times
def _digest_of(request: Request) -> str:
    plan = request.plan()
    return _hashed([input_hash(plan), plan.run.seed])


def _hashed(content: object) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
