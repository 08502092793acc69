"""`matrixsim run` and `compare`: simulate, compare under the same luck."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple, cast

import typer

from sim.commands.further import asked_further, print_further
from sim.commands.options import (
    LEAST_SEEDS,
    MOST_SEEDS,
    Asked,
    Metric,
    Out,
    Robust,
    ScenarioFile,
    check_cluster,
    check_out,
    check_size,
    spread,
    wanted_layouts,
    wanted_seedings,
    wanted_structures,
    wanted_timings,
    whole,
)
from sim.commands.progress import (
    compiled_ahead,
    progress_bar,
    say_if_stopped,
    saying_what_is_kept,
    too_few_seeds,
    working,
)
from sim.commands.tables import (
    grouped,
    interval,
    print_beside,
    print_crossing,
    print_json,
    print_money,
    print_risk,
    print_table,
    print_warnings,
    with_interval,
)
from sim.errors import Phrase, or_rather
from sim.interrupts import deferred
from sim.language.numbers import COLON, per_cent
from sim.language.words import N_, NC_, Words
from sim.language.words import Language as Tongue

if TYPE_CHECKING:
    from sim.experiment.compare import Comparison
    from sim.results import Result
    from sim.scenario.recommendation import PlatformModel
    from sim.scenario.schema import Scenario

Threads = Annotated[
    int | None, typer.Option("--threads", metavar="T", min=1, max=256, help="All cores if left out.")
]
Engine = Annotated[
    Literal["columns", "agents"], typer.Option("--engine", help="agents: one mesa agent a person.")
]
Cluster = Annotated[
    str | None,
    typer.Option(
        "--cluster", metavar="ADDRESS", help="Spread one run's people over a Dask scheduler's workers."
    ),
]

UNITS = (N_("people"), N_("CNY"))
"""Of metrics, as a table's head names them; numbers of orders, ratios and chances need none."""
SHOWN = (
    "impressions", "reach", "completions", "likes", "comments", "shares", "follows", "unfollows", "new_fans",
    "visits", "orders", "gmv_cny", "cost_cny", "profit_cny", "roi", "hit_videos", "matrix_gain",
)  # fmt: skip


@spread
def run(
    scenario: ScenarioFile,
    asked: Asked,
    seeds: Annotated[
        int, typer.Option("--seeds", metavar="K", min=1, max=MOST_SEEDS, help="Replications.")
    ] = 1,
    gain: Annotated[bool, typer.Option("--gain", help="Also run with links cut; fills matrix_gain.")] = False,
    threads: Threads = None,
    engine: Engine = "columns",
    cluster: Cluster = None,
    out: Out = None,
) -> None:
    """Run a scenario once, or K times, and print a short table."""
    from sim.scenario.notes import alike

    check_out(out)
    plan = asked.opened(scenario)
    for note in alike(plan, asked.spoken):
        typer.echo(f"{scenario}: {note}", err=True)
    once = (
        _here(plan, engine, threads, beside=out is not None and engine == "columns")
        if cluster is None
        else _over_cluster(cluster, engine, threads)
    )
    from sim.analysis.plan_warnings import plan_warnings
    from sim.analysis.result_warnings import launched, of_results
    from sim.analysis.warned import from_rows

    tongue, first, warned = asked.spoken, plan.run.seed, [*plan_warnings(plan)]
    results: list[Result] = []

    def told() -> None:
        summaries = [r.summary for r in results]
        warned.extend(of_results([launched(plan, summaries)]))
        if asked.as_json:
            print_warnings(warned, tongue, beside=True)
            print_json(summaries[0] if seeds == 1 else summaries)
            return
        _print_run(summaries, tongue)
        print_warnings(warned, tongue)
        if cluster is not None:
            print_crossing(results[-1].provenance["split"], plan.run.hours, tongue)

    def kept() -> Phrase:
        if not results:
            return Phrase("no run had ended, so nothing is kept")
        told()
        what = Phrase("the figures above")
        if out is not None:
            what = Phrase("the figures above, and the files in {folder},", folder=out)
        return Phrase(
            "{what} are those of {done:,} of {seeds:,} seeds; go on with {options}",
            what=what, done=len(results), seeds=seeds,
            options=f"--seed {first + len(results)} --seeds {seeds - len(results)}",
        )  # fmt: skip

    with saying_what_is_kept(kept):
        compiled_ahead(tongue)
        for number in range(seeds):
            with progress_bar(f"{plan.name} ({number + 1}/{seeds})", quiet=asked.as_json, runs=False) as tick:
                result = once(plan, first + number, gain=gain, progress=tick)
            with deferred():  # what is written is counted
                if out is not None:
                    folder = out if seeds == 1 else out / f"seed-{first + number}"
                    folder.parent.mkdir(parents=True, exist_ok=True)
                    result.write(folder)
                results.append(result)
                warned += from_rows(result.summary["warnings"])
    told()


def _here(
    plan: "Scenario", engine: Literal["columns", "agents"], threads: int | None, *, beside: bool
) -> "Callable[..., Result]":
    """What runs a scenario on this machine, once it is known to fit."""
    check_size(plan, engine, alone=True)
    from sim.experiment.replicate import run as run_here

    return partial(run_here, engine=engine, threads=threads, beside=beside)


def _over_cluster(address: str, engine: str, threads: int | None) -> "Callable[..., Result]":
    """What runs a scenario over a cluster, once the other options are known to go with it."""
    from sim.errors import UsageError

    if engine != "columns":
        raise UsageError(
            "--engine {engine} with --cluster: not yet supported; people are columns there", engine=engine
        )
    if threads is not None:
        raise UsageError("--threads with --cluster: every worker has its own (dask worker --nthreads T)")
    check_cluster(address)
    from sim.sweeps.cluster import run_over

    return partial(run_over, address)


def _print_run(summaries: Sequence[dict[str, Any]], language: Tongue) -> None:
    from sim.analysis.race import race_told
    from sim.language.vocabulary import MEASURES, QUANTITIES
    from sim.report.risk import found_out
    from sim.report.text import Say

    rows = []
    for key, known in (*((key, QUANTITIES[key]) for key in SHOWN), *MEASURES.items()):
        values = [s[key] for s in summaries if s.get(key) is not None]
        if not values:
            continue
        cells = [known.label(language), grouped(sum(values) / len(values))]
        if len(summaries) > 1:
            cells += [grouped(min(values)), grouped(max(values))]
        rows.append(cells)
    words = Words(language)
    print_table(("", words("mean"), words("lowest"), words("highest")) if summaries[1:] else ("", ""), rows)
    last = summaries[-1]
    for told in filter(None, (race_told(last, language), found_out(summaries, Say(language)))):
        typer.echo(told)
    typer.echo(f"digest {last['digest']}  {last['seconds']:.2f} s")


class Variants(NamedTuple):
    """What is compared, beside the scenarios themselves."""

    layouts: Annotated[str | None, typer.Option("--layouts", metavar="A,B,…", help="Layouts to compare.")] = (
        None
    )
    structures: Annotated[
        str | None,
        typer.Option(
            "--structures",
            metavar="A,B,…",
            help="Account structures: written, one, 1+3, split:8, same:8, race:8.",
        ),
    ] = None
    seeding: Annotated[
        list[str] | None,
        typer.Option(
            "--seeding",
            metavar="R",
            help="Creators by tier, such as 0:0:1:10:50:80; or written, nobody, kol, koc, amateurs, "
            "published; repeatable.",
        ),
    ] = None
    timing: Annotated[
        str | None,
        typer.Option("--timing", metavar="A,B,…", help="Posting times: written, spread, 20:00."),
    ] = None


class How(NamedTuple):
    """How variants are compared."""

    metric: Metric = "reach"
    seeds: Annotated[str, typer.Option("--seeds", metavar="K|auto", help="Replications of each variant.")] = (
        "auto"
    )
    confidence: Annotated[float, typer.Option("--confidence", min=0.5, max=0.999, help="Of the verdict.")] = (
        0.95
    )
    indifference: Annotated[
        float,
        typer.Option("--indifference", min=0, max=1, help="Share below which a difference does not matter."),
    ] = 0.05
    robust: Robust = False


@spread
def compare(
    scenarios: Annotated[list[str], typer.Argument(metavar="SCENARIO...", help="Files, or shipped names.")],
    variants: Variants,
    how: How,
    asked: Asked,
    why: Annotated[
        bool, typer.Option("--why", help="Also share out the best's lead over groups of forces.")
    ] = False,
    platform: Annotated[
        str | None,
        typer.Option(
            "--platform",
            metavar="MODEL|all",
            help="pools, percentile, score, published, or all of them; the scenario's own if left out.",
        ),
    ] = None,
    threads: Threads = None,
    out: Out = None,
) -> None:
    """Compare structures, layouts, creators, hours or scenarios under the same luck; how sure is it?"""
    from sim.errors import StoppedError

    check_out(out)
    model, quiet = _platform(platform), asked.as_json
    plans = [asked.opened(file) for file in scenarios]
    ratios = wanted_seedings(variants.seeding)
    names, built = wanted_layouts(variants.layouts), wanted_structures(variants.structures)
    hours = wanted_timings(variants.timing)
    options = how._asdict() | {"seeds": _seeds(how.seeds), "platform": model, "workers": threads}
    from sim.experiment.compare import compare as run_compare
    from sim.experiment.variants import variants_of

    for variant in variants_of(plans, names, ratios, built, hours):
        check_size(variant.scenario, alone=False, workers=threads)
    compiled_ahead(asked.spoken)

    title = f"{how.metric}, {how.seeds} seeds"
    with working(title, asked, too_few_seeds) as tick:
        found = run_compare(
            plans, layouts=names, seeding=ratios, structures=built, timing=hours, progress=tick, **options
        )
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        found.write(out)
    whole, missing = found, None
    if not found.stopped:
        found, missing = asked_further(found, threads, asked.spoken, why=why, quiet=quiet)
    if out is not None and found is not whole:
        found.write(out)
    if quiet:
        print_json(found.as_dict())
    else:
        _print_comparison(found, asked.spoken)
    say_if_stopped(found)
    if missing:
        raise StoppedError("stopped before {missing}; the comparison above is whole", missing=missing)


def _print_comparison(found: "Comparison", language: Tongue) -> None:
    from sim.analysis.paired import INTERVAL_KIND
    from sim.analysis.standings import often_tied, standings
    from sim.language.vocabulary import METRIC
    from sim.report.text import Say

    say = Say(language)
    level = f"{100 * found.interval_confidence:.4g}"
    metric = METRIC[found.metric]
    mean = say("mean {metric}", metric=metric.said(language))
    if metric.unit in UNITS:
        mean = say("{what} ({unit})", what=mean, unit=say(metric.unit))
    head = (
        say(NC_("report", "Variant")),
        mean,
        say("{level} % interval", level=level),
        *(say(NC_("column", "Gap to the best")), say("Probability best"), say("First share")),
        *(METRIC["hit"].label(language), say.label("matrix_gain")),
    )
    rows = [
        [
            variant.titled(language),
            grouped(row.mean),
            interval(row.low, row.high, language),
            with_interval(row.difference, row.difference_low, row.difference_high, language),
            f"{row.probability_best:.0%}",
            f"{row.first_share:.0%}",
            f"{hit:.0%}",
            "" if gain is None else f"{gain:+.2%}",
        ]
        for variant, row, hit, gain in zip(
            found.variants, found.rows, found.hit_probability, found.matrix_gain, strict=True
        )
    ]
    used = [k for k in range(len(head)) if any(row[k] for row in rows)]
    print_table([head[k] for k in used], [[row[k] for k in used] for row in rows])
    kind, sure = say(INTERVAL_KIND), per_cent(level, language)
    typer.echo(say("{seeds} seeds; intervals: {kind}, {sure} each", seeds=found.seeds, kind=kind, sure=sure))
    content = found.as_dict()
    if often_tied(content):
        typer.echo((say("Win / tie / lose") + COLON[language]).rstrip())
        for variant, told in zip(found.variants, content["variants"], strict=True):
            if shares := standings(told, language):
                typer.echo(f"  {variant.titled(language)}{COLON[language]}{shares}")
    print_money(found, say)
    print_risk(found, say)
    typer.echo(found.text(language))
    if found.platforms:
        from sim.analysis.platforms import agreement, model_name

        for model, verdict in found.platforms.items():
            typer.echo(f"  {model_name(model, language)}{COLON[language]}{verdict[f'text_{language}']}")
        typer.echo(agreement(found.platforms, language))
    print_further(found, content, language)
    print_beside(found, language)


def _platform(text: str | None) -> "PlatformModel | Literal['all'] | None":
    from sim.errors import UsageError
    from sim.plugins import PLATFORM, names
    from sim.scenario.recommendation import PLATFORM_MODELS
    from sim.scenario.wording import nearest

    if text is None:
        return None
    allowed = (*PLATFORM_MODELS, *names(PLATFORM), "all")
    if text in allowed:
        return cast("PlatformModel | Literal['all']", text)
    meant = nearest(text, allowed)
    raise UsageError(
        "--platform {given}: unknown; allowed: {names}{meant}",
        given=text, names=", ".join(allowed), meant=or_rather(meant),
    )  # fmt: skip


def _seeds(text: str) -> int | Literal["auto"]:
    from sim.errors import UsageError

    if text == "auto":
        return "auto"
    if not whole(text) or not LEAST_SEEDS <= int(text) <= MOST_SEEDS:
        raise UsageError(
            "--seeds {text}: needs a whole number from {least} to {most:,}, or auto",
            text=text, least=LEAST_SEEDS, most=MOST_SEEDS,
        )  # fmt: skip
    return int(text)


COMMANDS: tuple[Callable[..., None], ...] = (run, compare)
