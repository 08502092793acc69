"""A comparison with what it is asked further: why its best is ahead, and what is best at today's values.

Takes a comparison; gives it with `reasons`, or, where it drew the assumptions, with `today`. The arithmetic
is in why.py and compare.py.
"""

from collections.abc import Callable
from dataclasses import replace

from sim.analysis.reasons import today
from sim.errors import UsageError
from sim.experiment.compare import Comparison, compare_variants
from sim.experiment.why import Baseline, why
from sim.scenario.schema import Scenario


def explained(
    found: Comparison,
    *,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Comparison:
    """The comparison with its best's lead shared out; `why.why`.

    Args:
        found: of two variants and more.
        workers: runs at a time.
        progress: called with (runs done, runs in all).
    Raises:
        UsageError: it has one variant.
    """
    best = found.variants[found.verdict.best]
    reasons = why(
        best.scenario, baselines(found), best.start or best.scenario, found.metric,
        confidence=found.confidence, workers=workers, progress=progress,
    )  # fmt: skip
    return replace(found, reasons=reasons)


def beside_today(
    found: Comparison,
    *,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Comparison:
    """A comparison that drew the assumptions, with what the same seeds say at today's values.

    Args:
        found: with a `box`.
        workers: runs at a time.
        progress: called with (runs done, runs in all).
    """
    plain = compare_variants(
        found.variants, metric=found.metric, seeds=found.seeds, confidence=found.confidence,
        indifference=found.indifference, workers=workers, progress=progress,
    )  # fmt: skip
    return replace(found, today=None if plain.stopped else tuple(today(plain.as_dict())))


def baselines(found: Comparison) -> list[tuple[Baseline, Scenario]]:
    """What the best is held against: the runner-up, and the plan as written where it is neither.

    Raises:
        UsageError: there is one variant only.
    """
    best, second = (found.variants[v] for v in (found.verdict.best, found.verdict.runner_up))
    if best is second:
        raise UsageError("--why: there is one variant only, and nothing it is ahead of")
    held: list[tuple[Baseline, Scenario]] = [("runner_up", second.scenario)]
    start = best.start
    if start is not None and start not in (best.scenario, second.scenario):
        held.append(("written", start))
    return held
