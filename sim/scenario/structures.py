"""Which accounts a structure publishes on, and whose posts may go to which of them (M15, M16).

Takes a scenario; gives the accounts that publish, the new ones among them, and by planner the accounts that
its posts are dealt to. A structure never changes what is posted: posts belong to the plan. Does not know
single posts: they are dealt in world/publishers.py.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import partial
from itertools import count, islice
from typing import Any, Literal, NamedTuple, Protocol, get_args

from sim.errors import UsageError, accepted
from sim.scenario.matrix import Account, Links

Kind = Literal["written", "one", "one_plus", "split", "same", "race"]
KINDS: tuple[Kind, ...] = get_args(Kind)
FORMS = "written, one, 1+N, split:N, same:N, race:N"
"""How a structure is written on a command line; N accounts beside the main one."""
MOST_SUBS = 1_999
"""Accounts beside the main one: a scenario holds 2,000."""
_FORM = re.compile(r"1\+([0-9]{1,4})|(split|same|race):([0-9]{1,4})")


class Plan(Protocol):
    """What is read of a scenario, whose schema is made of this module's keys."""

    @property
    def accounts(self) -> tuple[Account, ...]:
        """The listed accounts."""

    @property
    def links(self) -> Links:
        """The section of links."""

    @property
    def audience(self) -> Any:
        """The section of the audience."""

    @property
    def structure(self) -> Any:
        """The section of the structure."""


class Structure(NamedTuple):
    """A structure as a command line names it."""

    kind: Kind
    subs: int | None
    """accounts beside the main one; None where the kind says it"""

    @property
    def alone(self) -> bool:
        """Whether everything is on the main account, so that there is nothing to link."""
        return self.kind == "one" or self.subs == 0

    @property
    def values(self) -> dict[str, Any]:
        """Its keys in a scenario."""
        subs = {} if self.subs is None else {"structure.subs": self.subs}
        own = {} if self.kind == "written" else {"structure.merged": ()}
        return {"structure.kind": self.kind, **own, **subs}


def read(text: str) -> Structure:
    """The structure that a text such as '1+3' or 'race:8' names.

    Raises:
        UsageError: it names none.
    Example:
        >>> read("1+3"), read("race:8").kind
        (Structure(kind='one_plus', subs=3), 'race')
    """
    if text in ("written", "one"):
        return Structure("one" if text == "one" else "written", None)
    found = _FORM.fullmatch(text)
    if found is None:
        raise UsageError("structure {text!r} is unknown; allowed: {forms}", text=text, forms=FORMS)
    kind, subs = found[2] or "one_plus", int(found[1] or found[3])
    if subs > MOST_SUBS:
        raise UsageError(
            "structure {text!r}: at most {most:,} accounts beside the main one", text=text, most=MOST_SUBS
        )
    return Structure(next(known for known in KINDS if known == kind), subs)


is_structure = partial(accepted, read)
"""Whether a text names a structure."""


def written_as(kind: Kind, subs: int) -> str:
    """A structure as a command line names it.

    Example:
        >>> written_as("one_plus", 3), written_as("race", 8)
        ('1+3', 'race:8')
    """
    if kind in ("written", "one"):
        return kind
    return f"1+{subs}" if kind == "one_plus" else f"{kind}:{subs}"


def ranked(accounts: Iterable[Account]) -> tuple[Account, ...]:
    """Accounts in canonical order: main first, then subs, then creators, each by id in code-point order."""
    rank = {"main": 0, "sub": 1, "creator": 2}
    return tuple(sorted(accounts, key=lambda account: (rank[account.role], account.id)))


def kind_of(scenario: Plan) -> Kind:
    """The kind of structure; layout `single` is an old name of `one`."""
    kind: Kind = scenario.structure.kind
    return "one" if scenario.links.layout == "single" else kind


def subs_of(scenario: Plan) -> tuple[Account, ...]:
    """Accounts beside the main one that publish: written ones first, those with most fans; then new ones."""
    subs, kind = [a for a in ranked(scenario.accounts) if a.role == "sub"], kind_of(scenario)
    if kind == "one":
        return ()
    if kind == "written":
        return tuple(account for account in subs if account.id not in scenario.structure.merged)
    wanted = scenario.structure.subs
    kept = sorted(subs, key=lambda account: -account.fans)[:wanted]
    return ranked((*kept, *_new(scenario, kept, wanted - len(kept))))


def used(scenario: Plan) -> tuple[Account, ...]:
    """The brand's accounts that publish, in canonical order."""
    return (_main(scenario), *subs_of(scenario))


def left_out(scenario: Plan) -> tuple[Account, ...]:
    """The written subs that a structure does not use, in canonical order: they plan, and others publish."""
    kept = {account.id for account in subs_of(scenario)}
    return tuple(a for a in ranked(scenario.accounts) if a.role == "sub" and a.id not in kept)


def all_accounts(scenario: Plan) -> tuple[Account, ...]:
    """The listed accounts and those that the structure makes, in canonical order."""
    listed = {account.id for account in scenario.accounts}
    return ranked((*scenario.accounts, *(a for a in subs_of(scenario) if a.id not in listed)))


def dealt_to(scenario: Plan) -> dict[str, tuple[str, ...]]:
    """By account that plans: the accounts to which its posts are dealt, evenly; one for most."""
    kind, main, subs = kind_of(scenario), _main(scenario), subs_of(scenario)
    found: dict[str, tuple[str, ...]] = {account.id: (account.id,) for account in scenario.accounts}
    if kind == "written":
        return found | dict.fromkeys(scenario.structure.merged, (main.id,))
    for account in ranked(scenario.accounts):
        if account.role == "sub":
            fitting = _fitting(scenario, account, subs) if kind == "split" else subs
            found[account.id] = tuple(sub.id for sub in fitting) or (main.id,)
    return found


def posts_a_day(scenario: Plan) -> dict[str, float]:
    """Posts a day by brand account that publishes; of a race the most, before or after the posts move."""
    to, found = dealt_to(scenario), dict.fromkeys((account.id for account in used(scenario)), 0.0)
    for account in ranked(scenario.accounts):
        if account.role != "creator":
            for name in to[account.id]:
                found[name] += account.posts_per_day / len(to[account.id])
    subs, structure = [a.id for a in subs_of(scenario)], scenario.structure
    if kind_of(scenario) == "race" and len(subs) > structure.keep:
        moved = structure.moved_share * sum(sorted(found[name] for name in subs)[: -structure.keep])
        for name in subs:  # any of them may be kept
            found[name] += moved / structure.keep
    return found


def mix_of(scenario: Plan, account: Account) -> Mapping[str, float]:
    """Topics of an account's posts; left out, the audience's."""
    mix: Mapping[str, float] = scenario.audience.topics if account.topics is None else account.topics
    return mix


def topic_of(scenario: Plan, account: Account) -> str:
    """What an account posts most about."""
    mix = mix_of(scenario, account)
    return max(sorted(mix), key=mix.__getitem__)


def _main(scenario: Plan) -> Account:
    return next(account for account in scenario.accounts if account.role == "main")


def _new(scenario: Plan, kept: list[Account], wanted: int) -> list[Account]:
    """So many accounts without fans; a larger structure has those of a smaller one."""
    taken = {account.id for account in scenario.accounts}
    free = (name for name in (f"new-{n}" for n in count(1)) if name not in taken)
    names = list(islice(free, max(0, wanted)))
    if kind_of(scenario) == "split":
        topics: list[Any] = [{topic: 1.0} for topic in _shared_out(scenario, kept, len(names))]
    else:
        topics = [_main(scenario).topics] * len(names)
    return [Account(id=name, topics=mix, posts_per_day=0.0) for name, mix in zip(names, topics, strict=True)]


def _shared_out(scenario: Plan, kept: list[Account], wanted: int) -> list[str]:
    """Topics of so many new accounts: the brand's posts by topic shared out to accounts, those kept included.

    One after the other goes to the topic that has fewest accounts for its posts (Sainte-Laguë), so a larger
    number only adds.
    """
    posts: dict[str, float] = defaultdict(float)
    planning = [a for a in ranked(scenario.accounts) if a.role == "sub" and a.posts_per_day]
    for account in planning or [_main(scenario)]:
        posts[topic_of(scenario, account)] += account.posts_per_day
    has = Counter(topic_of(scenario, account) for account in kept)
    found = []
    for _ in range(wanted):
        topic = max(sorted(posts), key=lambda name: posts[name] / (2 * has[name] + 1))
        has[topic] += 1
        found.append(topic)
    return found


def _fitting(scenario: Plan, planner: Account, subs: tuple[Account, ...]) -> list[Account]:
    """The accounts that a planner's posts fit: with the same topic, else with the largest common share."""
    topic, own = topic_of(scenario, planner), mix_of(scenario, planner)
    if same := [sub for sub in subs if topic_of(scenario, sub) == topic]:
        return same

    def common(sub: Account) -> float:
        other = mix_of(scenario, sub)
        return round(math.fsum(min(share, other.get(name, 0.0)) for name, share in own.items()), 6)

    best = max(map(common, subs), default=0.0)
    return [sub for sub in subs if common(sub) == best]
