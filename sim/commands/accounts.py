"""`matrixsim accounts`: how many accounts, and how to share the posts out over them."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Annotated, NamedTuple, TypeVar

import typer

from sim.commands.options import (
    Asked,
    Metric,
    Out,
    Replications,
    Robust,
    ScenarioFile,
    Workers,
    check_out,
    check_size,
    each_once,
    spread,
    whole,
)
from sim.commands.progress import compiled_ahead, say_if_stopped, too_few_seeds, working
from sim.commands.tables import grouped, interval, print_beside, print_json, print_table
from sim.language.words import N_, NC_, Words
from sim.language.words import Language as Tongue
from sim.scenario.ways import COUNTS, SEEDS, WAYS

if TYPE_CHECKING:
    from sim.experiment.accounts import Curves
    from sim.experiment.review import Review
    from sim.experiment.variants import Variant

HEADS = (
    N_("beside main"),
    N_("Mean"),
    N_("{level} % interval"),
    N_("Against row above"),
    NC_("accounts", "Cost (CNY)"),
    N_("Picked right"),
)
UNSAID = {"ways": ",".join(WAYS), "counts": ",".join(map(str, COUNTS))}
"""Of the curve, as one would write it."""
FoundT = TypeVar("FoundT", "Curves", "Review")


class How(NamedTuple):
    """How both questions are asked."""

    metric: Metric = "profit"
    seeds: Replications = SEEDS
    confidence: Annotated[
        float, typer.Option("--confidence", min=0.5, max=0.999, help="Of each interval, and of the verdict.")
    ] = 0.95
    workers: Workers = None


@spread
def accounts(
    scenario: ScenarioFile,
    how: How,
    asked: Asked,
    ways: Annotated[
        str | None,
        typer.Option(
            "--ways",
            metavar="A,B,…",
            help=f"How to share posts out: 1+, split, same, race; {UNSAID['ways']} if left out.",
        ),
    ] = None,
    counts: Annotated[
        str | None,
        typer.Option(
            "--counts", metavar="N,M,…", help=f"Accounts beside the main one; {UNSAID['counts']} if left out."
        ),
    ] = None,
    review: Annotated[
        bool, typer.Option("--review", help="Instead: which of the written accounts to stop or merge.")
    ] = False,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="ID", help="With --review: only this account; repeatable."),
    ] = None,
    robust: Robust = False,
    out: Out = None,
) -> None:
    """How many accounts: the result against their number, and where one more stops paying."""
    from sim.errors import UsageError

    check_out(out)
    plan = asked.opened(scenario)
    if review:
        if robust:
            raise UsageError("--review does not draw assumptions; leave --robust out")
        for option, value in (("--ways", ways), ("--counts", counts)):
            if value is not None:
                raise UsageError(
                    "--review looks at the accounts as written; leave {option} out", option=option
                )
        from sim.experiment import review as reviewing

        names = only or []
        plans = reviewing.variants(plan, names)
        _answer(plans, partial(reviewing.review, plan, accounts=names), _print_review, how, asked, out)
        return
    if only:
        raise UsageError("--only goes with --review")
    from sim.experiment.accounts import curves, variants

    given = [way.strip() for way in (UNSAID["ways"] if ways is None else ways).split(",")]
    tried = _counts(UNSAID["counts"] if counts is None else counts)
    work = partial(curves, plan, ways=each_once("--ways", given), counts=tried, robust=robust)
    _answer(variants(plan, given, tried), work, _print_curves, how, asked, out)


def _answer(
    variants: "Iterable[Variant]",
    work: "Callable[..., FoundT]",
    tell: "Callable[[FoundT, Tongue], None]",
    how: How,
    asked: Asked,
    out: Out,
) -> None:
    """Does the work, once all plans are known to fit; writes and prints what it found."""
    for variant in variants:
        check_size(variant.scenario, alone=False, workers=how.workers)
    compiled_ahead(asked.spoken)
    title = f"{how.metric}, {how.seeds} seeds"
    with working(title, asked, too_few_seeds) as tick:
        found = work(**how._asdict(), progress=tick)
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        found.write(out)
    if asked.as_json:
        print_json(found.as_dict())
    else:
        tell(found, asked.spoken)
        print_beside(found.comparison, asked.spoken)
    say_if_stopped(found.comparison)


def _counts(text: str) -> tuple[int, ...]:
    from sim.errors import UsageError
    from sim.experiment.accounts import checked_counts

    numbers = [n.strip() for n in text.split(",")]
    if wrong := [n for n in numbers if not whole(n)]:
        raise UsageError(
            "--counts {text}: {wrong!r} is no whole number; write it as 0,1,2,4,8", text=text, wrong=wrong[0]
        )
    return checked_counts([int(n) for n in each_once("--counts", numbers)])


def _print_review(found: "Review", language: Tongue) -> None:
    from sim.analysis.advice import ADVICE
    from sim.scenario.names import account_names

    words, rows = Words(language), []
    called = account_names(tuple(row.account for row in found.rows), language)
    for row in found.rows:
        cells = [f"{c.mean:+,.4g} ({interval(c.low, c.high, language)})" for c in (row.stop, row.merge)]
        rows.append([called[row.account], words(ADVICE[row.advice]), *cells, f"{row.stop.cost_cny:+,.0f}"])
    print_table(tuple(map(words, REVIEW_HEAD)), rows)
    level = f"{100 * found.comparison.interval_confidence:.4g}"
    typer.echo(words(REVIEW_NOTE, seeds=found.comparison.seeds, level=level))


REVIEW_HEAD = (
    N_("Account"),
    N_("Advice"),
    N_("If it stops"),
    N_("If merged into main"),
    N_("Cost if it stops (CNY)"),
)
REVIEW_NOTE = N_(
    "Changes against the plan as written, {seeds} seeds, {level} % intervals; each holds by itself, so of "
    "twenty accounts one may seem to matter by luck. With an account that stops go its posts and boosts; a "
    "merged one keeps both."
)


def _print_curves(found: "Curves", language: Tongue) -> None:
    from sim.language.names import WAY

    words = Words(language)
    level = f"{100 * found.comparison.interval_confidence:.4g}"
    for curve in found.curves:
        rows = []
        for step in curve.steps:
            more = ""
            if step.more is not None:
                more = f"{step.more:+,.4g} ({interval(step.more_low, step.more_high, language)})"
            right = ""
            if step.right is not None:
                right = f"{step.right:.0%} ({step.right_low:.0%} … {step.right_high:.0%})"
            limits = interval(step.low, step.high, language)
            rows.append([str(step.accounts), grouped(step.mean), limits, more, grouped(step.cost_cny), right])
        used = range(6 if any(row[-1] for row in rows) else 5)
        head = [words(HEADS[k], level=level) for k in used]
        print_table([words("{way}: {title}", way=WAY[curve.way].label(language), title=head[0]), *head[1:]],
                    [row[: len(head)] for row in rows])  # fmt: skip
        typer.echo(found.text(curve, language))
        typer.echo("")
    typer.echo(found.comparison.text(language))
