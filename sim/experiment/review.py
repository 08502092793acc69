"""Which accounts to stop or merge: the plan without each sub-account, beside the plan as written (M15).

Takes a scenario; gives, by sub-account, what changes when it stops (its posts are not made) and when it is
merged (the main account publishes them), under the same luck, and a code that says what to do. Does not
print.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from sim import storage
from sim.analysis.advice import ADVICE, Advice
from sim.analysis.estimate import INDIFFERENCE
from sim.analysis.paired import intervals, known
from sim.errors import Phrase, UsageError
from sim.experiment.compare import Comparison, compare_variants
from sim.experiment.launches import scale_of, summaries_of, values_of
from sim.experiment.variants import Variant, limits_of
from sim.interrupts import deferred
from sim.language.words import LANGUAGES, NC_, Words
from sim.pilot import scaled
from sim.scenario.names import account_name
from sim.scenario.schema import Scenario

WRITTEN = "written"


class Change(NamedTuple):
    """What one way of doing without an account changes [unit of the metric]."""

    mean: float
    low: float | None
    high: float | None
    cost_cny: float
    """change of the cost"""


class Reviewed(NamedTuple):
    """One sub-account."""

    account: str
    advice: Advice
    """`either`: with or without it makes no difference that matters"""
    stop: Change
    merge: Change


@dataclass(frozen=True)
class Review:
    """All sub-accounts that were looked at.

    Attributes:
        comparison: of the plan as written and all plans without one of them.
        rows: one an account, those with the largest gain first.
    """

    comparison: Comparison
    rows: tuple[Reviewed, ...]

    def as_dict(self) -> dict[str, Any]:
        """The content of review.json: that of comparison.json, and the accounts."""
        rows = [
            row._asdict()
            | {f"advice_{language}": Words(language)(ADVICE[row.advice]) for language in LANGUAGES}
            | {"stop": row.stop._asdict(), "merge": row.merge._asdict()}
            for row in self.rows
        ]
        return self.comparison.as_dict() | {"accounts": rows}

    @deferred()
    def write(self, folder: Path) -> None:
        """Writes the files of the comparison and review.json."""
        self.comparison.write(folder)
        storage.write_json(folder / "review.json", self.as_dict())


def variants(scenario: Scenario, accounts: Sequence[str] = ()) -> tuple[Variant, ...]:
    """The plan as written, then for each sub-account the plan in which it stops, and in which it is merged.

    With an account that stops go its posts, their boosts, and those that it pays; a merged one keeps both.
    People order as readily as in the plan as written: to meet `brand.gpm_cny` anew without the account would
    make the others' impressions worth more.

    Args:
        scenario: with the structure as written.
        accounts: ids of subs; all where left out.
    Raises:
        UsageError: there is no sub-account, or no such one, or the scenario has another structure.
    """
    if scenario.structure.kind != "written" or scenario.links.layout == "single":
        raise UsageError("accounts to stop or merge are those of structure.kind = written")
    subs = [a.id for a in scenario.accounts if a.role == "sub" and a.id not in scenario.structure.merged]
    if unknown := [name for name in accounts if name not in subs]:
        allowed = ", ".join(subs) or Phrase("none: the plan has no sub-account")
        raise UsageError(
            "--only {unknown!r}: no sub-account that publishes; allowed: {allowed}",
            unknown=unknown[0], allowed=allowed,
        )  # fmt: skip
    if not subs:
        raise UsageError("the plan has no sub-account that could be stopped or merged")
    words = Words("zh")
    found = [Variant(WRITTEN, words(NC_("plan", "as written")), scenario, scenario)]
    played, _ = scaled(scenario)
    for name in dict.fromkeys(accounts or subs):
        rest = tuple(a for a in scenario.accounts if a.id != name)
        edges = tuple(edge for edge in scenario.links.edges if name not in edge[:2])
        boosts = tuple(b for b in scenario.paid.boosts if name not in (b.account, b.planner))
        waves = scenario.campaign.without(name)
        stopped = played.with_values(
            {"accounts": rest, "links.edges": edges, "paid.boosts": boosts, "campaign.phases": waves}
        )
        merged = (*scenario.structure.merged, name)
        joined = scenario.with_values({"structure.merged": merged, "links.edges": edges})
        called = account_name(name, "zh")
        found += [
            Variant(f"stop {name}", words("stop {name}", name=called), stopped, scenario),
            Variant(f"merge {name}", words("merge {name}", name=called), joined, scenario),
        ]
    return tuple(found)


def review(
    scenario: Scenario,
    *,
    accounts: Sequence[str] = (),
    metric: str = "profit",
    seeds: int = 16,
    confidence: float = 0.95,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Review:
    """What the plan would be without each of its sub-accounts.

    Each interval holds by itself: of twenty accounts that make no difference one may seem to.

    Args:
        scenario: as written.
        accounts: ids of subs to look at; all where left out.
        metric: one of METRICS.
        seeds: replications of each plan, at least 2.
        confidence: of each interval, in (0, 1).
        workers: runs at a time.
        progress: called with (runs done, runs in all).
    Raises:
        UsageError: as of `variants`; unknown metric or too few seeds.
    """
    plans = variants(scenario, accounts)
    found = compare_variants(
        plans, metric=metric, seeds=seeds, confidence=confidence, workers=workers, progress=progress
    )
    summaries = summaries_of(plans, found.replications)
    _, values = values_of(metric, summaries)
    gaps = intervals(values, confidence, limits_of(metric, plans), to=0)
    margin = INDIFFERENCE * scale_of(metric, values[:1], summaries[:1])
    costs = [float(np.mean([row["cost_cny"] for row in own])) for own in summaries]

    def change(v: int) -> Change:
        low, high = known(gaps.difference_low[v]), known(gaps.difference_high[v])
        return Change(float(gaps.difference[v]), low, high, costs[v] - costs[0])

    rows = []
    for place, v in enumerate(range(1, len(plans), 2)):
        stop, merge = change(v), change(v + 1)
        name = plans[v].name.removeprefix("stop ")
        rows.append((Reviewed(name, advised(stop, merge, margin), stop, merge), place))
    rows.sort(key=lambda row: (-max(row[0].stop.mean, row[0].merge.mean), row[1]))
    return Review(found, tuple(row for row, _ in rows))


def advised(stop: Change, merge: Change, margin: float) -> Advice:
    """What to do with an account.

    Args:
        stop: change of the result when it stops.
        merge: when the main account publishes its posts.
        margin: a difference that does not matter [unit of the metric].
    Returns:
        The better of the two ways where it surely gains; `keep` where both surely lose; `either` where
        neither changes anything that matters; `not_stop` or `not_merge` where one surely loses and the other
        cannot be told; else `cannot_tell`.
    """
    surely = {"stop": stop, "merge": merge}
    gains = {way: c.mean for way, c in surely.items() if c.low is not None and c.low > 0}
    if gains:
        return "stop" if max(gains, key=lambda way: gains[way]) == "stop" else "merge"
    loses = [way for way, c in surely.items() if c.high is not None and c.high < 0]
    if len(loses) == len(surely):
        return "keep"
    ends = [limit for c in surely.values() for limit in (c.low, c.high)]
    if all(limit is not None and abs(limit) < margin for limit in ends):
        return "either"
    if loses:
        return "not_stop" if loses == ["stop"] else "not_merge"
    return "cannot_tell"
