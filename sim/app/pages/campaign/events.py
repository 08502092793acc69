"""What a calendar holds, each kind of event an entry: waves, boosts, creators' posts, posts of own accounts.

Between one table and a scenario: a row tells the day and the hour of the day, the file has hours of the run.
A kind makes rows of a document, puts rows back, and says which cells it has; another kind, such as live
rooms, is another entry of KINDS. Draws nothing.
"""

import copy
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import chain, count
from typing import Any, NamedTuple

import polars as pl

from sim.app.pages.campaign import bars
from sim.app.pages.campaign.bars import Called
from sim.app.ui import editing
from sim.app.ui.editing import Document, Edited, Row
from sim.charts.calendar import Bar
from sim.language.words import N_, NC_
from sim.scenario.campaign import ACCOUNTS, CREATORS, Phase
from sim.scenario.matrix import Account
from sim.scenario.paid import Boost
from sim.scenario.schema import Scenario
from sim.scenario.structures import ranked

TYPES = {
    "kind": pl.String, "day": pl.Int64, "time": pl.Int64, "hours": pl.Int64, "accounts": pl.List(pl.String),
    "name": pl.String, "topic": pl.String, "post": pl.String, "budget_cny": pl.Float64, "per_day": pl.Float64,
}  # fmt: skip
OF = "of"
"""In a row beside its cells: the entry of the document that it shows, if any."""
DAY_H = 24
MOST_POSTING = 200
"""Own accounts whose posts the table lists (chosen); of more, Scenario has them all."""


class Setting(NamedTuple):
    """What rows are read and written with.

    Attributes:
        plan: the scenario that the document was last.
        wave: what a new wave is called, before its number.
        creators: what a wave is called in which creators post.
    """

    plan: Scenario
    wave: str = "Wave"
    creators: str = "Creators"

    def when(self, hour: object) -> Row:
        """Day and hour of the day of an hour of the run; empty cells where that is none."""
        if not isinstance(hour, int | float):
            return {"day": None, "time": None}
        day, time = divmod(int(hour) + self.plan.run.first_hour, DAY_H)
        return {"day": day + 1, "time": time}

    def hour(self, row: Row) -> int:
        """The hour of the run that a row tells: of its day the first one, of no day the run's first."""
        day, time = row.get("day"), row.get("time")
        start = (int(day or 1) - 1) * DAY_H - self.plan.run.first_hour
        return max(start, 0) if time is None else start + int(time)


class Kind(NamedTuple):
    """A kind of event.

    Attributes:
        name: what it is called.
        cells: columns that it has, beside its kind.
        rows: its rows in a document.
        put: the document with these rows in place of its own.
        bars: its bars in the picture of a scenario.
        fixed: why rows of it are neither added nor deleted; empty where they are.
    """

    name: str
    cells: tuple[str, ...]
    rows: Callable[[Document, Setting], list[Row]]
    put: Callable[[Document, Sequence[Row], Setting], Document]
    bars: Callable[[Scenario, Called], list[Bar]]
    fixed: str = ""


class Refused(NamedTuple):
    """What a row asked for and cannot have.

    Attributes:
        column: that the kind does not have; empty where it was a row more or less.
    """

    kind: str
    column: str


def rows_of(given: Document, setting: Setting) -> list[Row]:
    """The rows of a document, kind by kind; what was typed elsewhere and fits no cell is an empty one."""
    empty: Row = dict.fromkeys(TYPES)
    return [{**empty, **row, "kind": key} for key, kind in KINDS.items() for row in kind.rows(given, setting)]


def with_rows(
    given: Document, rows: Sequence[Edited], setting: Setting
) -> tuple[Document, tuple[Refused, ...]]:
    """The document with the rows of a table, and what of them it cannot have.

    A new row without a kind is a boost where it names a post, else a wave. Kinds that nobody touched stay as
    they are.
    """
    before, refused = rows_of(given, setting), list[Refused]()
    now: dict[str, list[Row]] = {key: [] for key in KINDS}
    for _, row in rows:
        key, was = row.get("kind") or ("boost" if row.get("post") else "wave"), row.get(OF, {}).get("kind")
        if KINDS[key].fixed and was != key:
            refused.append(Refused(key, ""))
            if was is None:
                continue
            key = was
        extra = [
            c for c in TYPES if c not in ("kind", *KINDS[key].cells) and row.get(c) not in (None, "", [])
        ]
        refused += [Refused(key, column) for column in extra]
        kept = {column: row.get(column) for column in KINDS[key].cells}
        now[key].append({**kept, OF: row[OF] if key == was else None})
    for key, kind in KINDS.items():
        own = [[row[c] for c in kind.cells] for row in before if row["kind"] == key]
        if kind.fixed and len(now[key]) != len(own):
            refused.append(Refused(key, ""))
        elif [[row[c] for c in kind.cells] for row in now[key]] != own:
            given = kind.put(given, now[key], setting)
    return given, tuple(dict.fromkeys(refused))


def same(rows: Sequence[Edited], others: Sequence[Row]) -> bool:
    """Whether rows show what others show."""
    return [[row.get(c) for c in TYPES] for _, row in rows] == [[row[c] for c in TYPES] for row in others]


def _of(kind: str, entry: Mapping[str, Any]) -> Row:
    return {OF: {"kind": kind, "entry": entry}}


def _entry(row: Row) -> dict[str, Any]:
    """The entry of the document that a row came from; empty for a new one."""
    return dict((row.get(OF) or {}).get("entry", {}))


def _listed(given: Document, section: str, key: str) -> list[Row]:
    """Entries of a list of the document; none where something else was typed there."""
    found = given[section][key]
    return found if isinstance(found, list) else []


def _names(value: object) -> list[str] | None:
    return value if isinstance(value, list) else None


def _phases(given: Document, *, single: bool) -> list[Row]:
    """Waves of a document that are single posts, or those that are more."""
    own = {account.get("id") for account in given["accounts"] if account.get("role") != "creator"}
    return [phase for phase in _listed(given, "campaign", "phases") if bars.single(phase, own) is single]


def one_by_one(given: Document, account: str, hours: Sequence[int]) -> Document:
    """The document with a wave of one hour for each post of an account: it posts then alone."""
    waves = [{**_SINGLE, "name": f"{account} · {k}", "start_hour": hour, "accounts": [account]}
             for k, hour in enumerate(hours, 1)]  # fmt: skip
    return editing.put(given, "campaign.phases", [*_listed(given, "campaign", "phases"), *waves])


def _singles(given: Document, setting: Setting) -> list[Row]:
    return [
        {**_of("post", phase), **setting.when(phase["start_hour"]), "accounts": _names(phase["accounts"]),
         "topic": phase.get("topic")}
        for phase in _phases(given, single=True)
    ]  # fmt: skip


def _put_singles(given: Document, rows: Sequence[Row], setting: Setting) -> Document:
    """A row of several accounts is one post each; one more or less is one of the account's posts in all."""
    main, waves = ranked(setting.plan.accounts)[0].id, _phases(given, single=False)
    was = Counter(phase["accounts"][0] for phase in _phases(given, single=True))
    taken, found = {phase.get("name") for phase in waves}, list[Row]()
    for row in rows:
        for account in row.get("accounts") or [main]:
            names = chain([_entry(row).get("name")], (f"{account} · {k}" for k in count(1)))
            name = next(name for name in names if name and name not in taken)
            taken.add(name)
            when = {"start_hour": setting.hour(row), "accounts": [account], "topic": row.get("topic") or ""}
            found.append({**_SINGLE, **_entry(row), **when, "name": name})
    changed = copy.deepcopy(editing.put(given, "campaign.phases", [*waves, *found]))
    now = Counter(phase["accounts"][0] for phase in found)
    others = {name for phase in waves for name in _names(phase.get("accounts")) or ()}
    for account in changed["accounts"]:
        name = account.get("id")
        if now[name] != was[name] and others.isdisjoint({name, ACCOUNTS}):
            account["posts_per_day"] = now[name] * DAY_H / setting.plan.run.hours
            account["first_post_h"] = None
    return changed


def _waves(given: Document, setting: Setting) -> list[Row]:
    return [
        {**{c: phase.get(c) for c in ("hours", "name", "topic", "budget_cny")}, **_of("wave", phase),
         **setting.when(phase["start_hour"]), "accounts": _names(phase.get("accounts"))}
        for phase in _phases(given, single=False)
    ]  # fmt: skip


def _put_waves(given: Document, rows: Sequence[Row], setting: Setting) -> Document:
    """An empty cell is the default; a new wave without a name gets one and a number."""
    singles, phases = _phases(given, single=True), list[Row]()
    taken = {str(row.get("name") or "") for row in (*rows, *singles)}
    for row in rows:
        name = row.get("name") or next(n for k in range(1, 1000) if (n := f"{setting.wave} {k}") not in taken)
        taken.add(name)
        kept = {column: row[column] for column in Phase.model_fields if row.get(column) is not None}
        phases.append({**kept, "name": name, "start_hour": setting.hour(row)})
    return editing.put(given, "campaign.phases", [*phases, *singles])


def _boosts(given: Document, setting: Setting) -> list[Row]:
    return [
        {**{c: boost.get(c) for c in ("hours", "post", "budget_cny")}, **_of("boost", boost),
         **setting.when(boost.get("start_hour")), "accounts": [str(boost.get("account"))]}
        for boost in _listed(given, "paid", "boosts")
    ]  # fmt: skip


def _put_boosts(given: Document, rows: Sequence[Row], setting: Setting) -> Document:
    """A row of several accounts is one boost each; a new one is of the main account's first post."""
    main, boosts = ranked(setting.plan.accounts)[0].id, list[Row]()
    usual = {c: Boost.model_fields[c].default for c in ("post", "hours", "budget_cny")}
    for row in rows:
        kept = {c: row[c] for c in ("hours", "post", "budget_cny") if row.get(c) is not None}
        boosts += [
            {**_entry(row), **usual, **kept, "start_hour": setting.hour(row), "account": account}
            for account in row.get("accounts") or [main]
        ]  # fmt: skip
    return editing.put(given, "paid.boosts", boosts)


def _creators(given: Document, setting: Setting) -> list[Row]:
    if not (tiers := bars.posting_freely(setting.plan)):
        return []
    hours, topic = given["seeding"]["window_h"], given["seeding"]["topic"]
    every = len(tiers) == sum(map(bool, setting.plan.seeding.counts or ()))
    return [
        {"hours": hours if isinstance(hours, int) else None, "topic": topic,
         **setting.when(0), "accounts": [CREATORS] if every else tiers, **_of("creators", {})}
    ]  # fmt: skip


def _put_creators(given: Document, rows: Sequence[Row], setting: Setting) -> Document:
    """Posts spread over other hours; where they begin later than the run, or are of some alone, a wave."""
    [row], [was] = rows, _creators(given, setting)
    changed = editing.put(given, "seeding.topic", row["topic"] or None)
    start, who = setting.hour(row), row["accounts"] or []
    if not start and who == was["accounts"]:
        return editing.put(changed, "seeding.window_h", row["hours"] or was["hours"])
    phases, name = _listed(changed, "campaign", "phases"), setting.creators
    taken = {phase["name"] for phase in phases}
    name = next(n for k in range(1, 1000) if (n := f"{name} {k}" if k > 1 else name) not in taken)
    wave = {"name": name, "start_hour": start, "hours": row["hours"] or was["hours"], "accounts": who,
            "topic": row["topic"] or ""}  # fmt: skip
    return editing.put(changed, "campaign.phases", [*phases, wave])


def _posts(given: Document, setting: Setting) -> list[Row]:
    alone = {phase["accounts"][0] for phase in _phases(given, single=True)}
    own = [a for a in given["accounts"] if a.get("role") != "creator" and a.get("id") not in alone]
    return [
        {**setting.when(account.get("first_post_h")), "accounts": [account["id"]],
         "per_day": _number(account.get("posts_per_day")), **_of("posts", {"id": account["id"]})}
        for account in own[:MOST_POSTING]
        if account.get("id")
    ]  # fmt: skip


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _put_posts(given: Document, rows: Sequence[Row], setting: Setting) -> Document:
    """Hours and numbers of posts; what a row does not change stays to the minute."""
    before = {row["accounts"][0]: row for row in _posts(given, setting)}
    changed = copy.deepcopy(given)
    accounts = {account.get("id"): account for account in changed["accounts"]}
    for row in rows:
        name = _entry(row).get("id")
        if name not in before:
            continue
        account, was = accounts[name], before[name]
        if [row["day"], row["time"]] != [was["day"], was["time"]]:
            told = (row["day"], row["time"]) != (None, None)
            account["first_post_h"] = float(setting.hour(row)) if told else None
        if row["per_day"] != was["per_day"]:
            account["posts_per_day"] = row["per_day"]
            if row["per_day"] is None:
                account["posts_per_day"] = Account.model_fields["posts_per_day"].default
    return changed


WHEN = ("day", "time")
_SINGLE: Row = {"hours": 1, "topic": "", "budget_cny": 0.0}
"""Of a wave that is a single post."""
KINDS = {
    "wave": Kind(
        NC_("event", "Wave"), (*WHEN, "hours", "accounts", "name", "topic", "budget_cny"), _waves, _put_waves,
        bars.waves,
    ),
    "boost": Kind(
        N_("Boost"), (*WHEN, "hours", "accounts", "post", "budget_cny"), _boosts, _put_boosts, bars.boosts
    ),
    "post": Kind(N_("Single post"), (*WHEN, "accounts", "topic"), _singles, _put_singles, bars.none),
    "creators": Kind(
        N_("Creators' posts"), (*WHEN, "hours", "accounts", "topic"), _creators, _put_creators, bars.creators,
        N_("Creators are booked on Seeding mix or Scenario; here stands when they post."),
    ),
    "posts": Kind(
        N_("Own posts"), (*WHEN, "accounts", "per_day"), _posts, _put_posts, bars.none,
        N_("Accounts are added and deleted on Scenario; here stands when they post."),
    ),
}  # fmt: skip
"""The kinds of event, in the order of the table."""
