"""`matrixsim accounts`: how many accounts, and how to share the posts out over them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.commands.options import (
    Hours,
    Json,
    Language,
    Metric,
    ScenarioFile,
    Seed,
    Settings,
    Users,
    Workers,
    check_out,
    check_size,
    opened,
    spoken,
    whole,
)
from sim.commands.progress import compiled_ahead, progress_bar, saying_what_is_kept
from sim.commands.tables import grouped, interval, print_json, print_table, print_warnings
from sim.language.vocabulary import MetricName
from sim.language.words import N_, NC_, Words
from sim.language.words import Language as Tongue

if TYPE_CHECKING:
    from sim.experiment.accounts import Curves
    from sim.scenario.schema import Scenario

HEADS = (
    N_("beside main"),
    N_("Mean"),
    N_("{level} % interval"),
    N_("Against row above"),
    NC_("accounts", "Cost (CNY)"),
    N_("Picked right"),
)


WAYS, COUNTS = "1+,split,race", "0,1,2,4,8,16"
"""Of the curve, unless said."""


def accounts(
    scenario: ScenarioFile,
    ways: Annotated[
        str | None,
        typer.Option(
            "--ways",
            metavar="A,B,…",
            help=f"How to share posts out: 1+, split, same, race; {WAYS} if left out.",
        ),
    ] = None,
    counts: Annotated[
        str | None,
        typer.Option(
            "--counts", metavar="N,M,…", help=f"Accounts beside the main one; {COUNTS} if left out."
        ),
    ] = None,
    metric: Metric = "profit",
    seeds: Annotated[
        int, typer.Option("--seeds", metavar="K", min=2, max=100_000, help="Replications of each number.")
    ] = 16,
    confidence: Annotated[
        float, typer.Option("--confidence", min=0.5, max=0.999, help="Of each interval, and of the verdict.")
    ] = 0.95,
    review: Annotated[
        bool, typer.Option("--review", help="Instead: which of the written accounts to stop or merge.")
    ] = False,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="ID", help="With --review: only this account; repeatable."),
    ] = None,
    robust: Annotated[
        bool, typer.Option("--robust", help="Draw the uncertain parameters from their ranges in every seed.")
    ] = False,
    seed: Seed = None,
    users: Users = None,
    hours: Hours = None,
    workers: Workers = None,
    settings: Settings = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Folder for the files.")] = None,
    as_json: Json = False,
    language: Language = None,
) -> None:
    """How many accounts: the result against their number, and where one more stops paying."""
    from sim.errors import StoppedError, UsageError

    check_out(out)
    plan, tongue = opened(scenario, settings, users=users, hours=hours, seed=seed), spoken(language)
    if review:
        if robust:
            raise UsageError("--review does not draw assumptions; leave --robust out")
        for option, value in (("--ways", ways), ("--counts", counts)):
            if value is not None:
                raise UsageError(f"--review looks at the accounts as written; leave {option} out")
        _review(plan, only or [], metric, seeds, confidence, workers, out, tongue, as_json=as_json)
        return
    if only:
        raise UsageError("--only goes with --review")
    ways, counts = WAYS if ways is None else ways, COUNTS if counts is None else counts
    given, numbers = [way.strip() for way in ways.split(",")], [n.strip() for n in counts.split(",")]
    if wrong := [n for n in numbers if not whole(n)]:
        raise UsageError(f"--counts {counts}: {wrong[0]!r} is no whole number; write it as 0,1,2,4,8")
    from sim.experiment.accounts import checked_counts, curves, variants

    tried = checked_counts([int(n) for n in numbers])
    for variant in variants(plan, given, tried):
        check_size(variant.scenario, alone=False, workers=workers)
    compiled_ahead()
    nothing = "fewer than 2 seeds had ended, too few for an answer: nothing is kept"
    with (
        saying_what_is_kept(lambda: nothing),
        progress_bar(f"{metric}, {seeds} seeds", quiet=as_json) as tick,
    ):
        found = curves(
            plan, ways=given, counts=tried, metric=metric, seeds=seeds, confidence=confidence, robust=robust,
            workers=workers, progress=tick,
        )  # fmt: skip
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        found.write(out)
    if as_json:
        print_json(found.as_dict())
    else:
        _print(found, tongue)
    if found.comparison.stopped:
        raise StoppedError(
            f"stopped after {found.comparison.seeds} seeds, on which the answer rests; "
            "the same command begins anew, with --seeds as many as there is time for"
        )


def _review(
    plan: "Scenario", only: list[str], metric: MetricName, seeds: int, confidence: float,
    workers: int | None, out: Path | None, language: Tongue, *, as_json: bool,
) -> None:  # fmt: skip
    from sim.analysis.advice import ADVICE
    from sim.errors import StoppedError
    from sim.experiment.review import review as reviewed
    from sim.experiment.review import variants
    from sim.scenario.names import account_names

    for variant in variants(plan, only):
        check_size(variant.scenario, alone=False, workers=workers)
    compiled_ahead()
    nothing = "fewer than 2 seeds had ended, too few for an answer: nothing is kept"
    with (
        saying_what_is_kept(lambda: nothing),
        progress_bar(f"{metric}, {seeds} seeds", quiet=as_json) as tick,
    ):
        found = reviewed(
            plan, accounts=only, metric=metric, seeds=seeds, confidence=confidence, workers=workers,
            progress=tick,
        )  # fmt: skip
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        found.write(out)
    if as_json:
        print_json(found.as_dict())
    else:
        words, rows = Words(language), []
        called = account_names(tuple(row.account for row in found.rows), language)
        for row in found.rows:
            cells = [f"{c.mean:+,.4g} ({interval(c.low, c.high, language)})" for c in (row.stop, row.merge)]
            rows.append(
                [called[row.account], words(ADVICE[row.advice]), *cells, f"{row.stop.cost_cny:+,.0f}"]
            )
        print_table(tuple(map(words, REVIEW_HEAD)), rows)
        level = f"{100 * found.comparison.interval_confidence:.4g}"
        typer.echo(words(REVIEW_NOTE, seeds=found.comparison.seeds, level=level))
        faults = [row for row in found.comparison.warnings() if row.code != "rare_differences"]
        print_warnings(faults, language)
    if found.comparison.stopped:
        raise StoppedError(f"stopped after {found.comparison.seeds} seeds, on which the answer rests")


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


def _print(found: "Curves", language: Tongue) -> None:
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
    rare = "rare_differences"  # which stands in the verdict itself
    print_warnings([row for row in found.comparison.warnings() if row.code != rare], language)
