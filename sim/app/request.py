"""What a page asks to be computed, and the key by which the answer is kept.

Takes choices, which may come from an address that anybody wrote; gives a checked request. Only
shipped scenarios can be named, never a path. Loads neither mesa nor numba.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Self

from sim.errors import ScenarioError, UsageError
from sim.scenario.schema import Scenario
from sim.scenario.shipped import shipped

LEAST_LAYOUTS, MOST_LAYOUTS = 2, 6
SEEDS = (4, 8, 16, 32, 64)
"""Replications that can be chosen (chosen): each doubles the work."""
USERS = (10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000)
"""Audiences that can be chosen (chosen), beside the scenario's own."""
FIRST_USERS = 100_000
"""Audience that a scenario is first shown with: a comparison of it takes seconds (chosen)."""
PLACES = (".", "rules", "world", "hour", "scenario", "analysis", "experiment")
"""Folders of the package whose code can change an answer."""


@dataclass(frozen=True)
class Request:
    """A comparison of layouts.

    Attributes:
        scenario: name of a shipped scenario.
        users: people in the audience.
        layouts: at least two, at most six, in the order shown.
        seeds: replications of each layout.
    """

    scenario: str
    users: int
    layouts: tuple[str, ...]
    seeds: int

    @property
    def runs(self) -> int:
        """Simulations in all."""
        return self.seeds * len(self.layouts)

    def plan(self) -> Scenario:
        """The scenario to run.

        Raises:
            ScenarioError: it cannot have this audience.
            UsageError: there is no such scenario.
        """
        return plan_of(self.scenario, self.users)

    def scenario_digest(self) -> str:
        """Hash of the complete scenario without its name [32 hex digits]."""
        return _hashed(self.plan().model_dump(mode="json", exclude={"name"}))

    def key(self) -> str:
        """Name under which the answer is kept: same key, same answer [32 hex digits]."""
        return _hashed([self.scenario_digest(), self.layouts, self.seeds, sources()])

    def as_dict(self) -> dict[str, Any]:
        """For a JSON file."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """From a JSON file."""
        return cls(data["scenario"], data["users"], tuple(data["layouts"]), data["seeds"])


FIRST = Request("beauty_matrix", FIRST_USERS, ("none", "single", "star", "ring", "mesh"), 16)
"""What the first view shows: shipped already computed."""


@lru_cache(maxsize=64)
def plan_of(name: str, users: int | None = None) -> Scenario:
    """A shipped scenario with another audience; its own when left out.

    Raises:
        ScenarioError: it cannot have this audience.
        UsageError: there is no such scenario.
    """
    files = shipped()
    if name not in files:
        raise UsageError(f"scenario {name!r} is unknown; allowed: {', '.join(files)}")
    settings = [] if users is None else [f"audience.users={users}"]
    return Scenario.loads(files[name].read_text(encoding="utf-8"), f"{name}.toml", settings)


@lru_cache(maxsize=64)
def audiences(name: str) -> tuple[int, ...]:
    """Audiences that a scenario can be shown with: its own, and the usual ones that hold all fans."""
    own = plan_of(name).audience.users
    return tuple(users for users in sorted({own, *USERS}) if _fits(name, users))


def first_audience(name: str) -> int:
    """The audience that a scenario is first shown with."""
    own = plan_of(name).audience.users
    return min((users for users in audiences(name) if users >= min(own, FIRST_USERS)), default=own)


@lru_cache(maxsize=1)
def sources() -> str:
    """Digest of all code that can change an answer [16 hex digits]."""
    root = Path(__file__).parents[1]
    digest = hashlib.blake2b(digest_size=8)
    for place in PLACES:
        for file in sorted((root / place).glob("*.py")):
            digest.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def _fits(name: str, users: int) -> bool:
    try:
        plan_of(name, users)
    except ScenarioError:
        return False
    return True


def _hashed(content: object) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
