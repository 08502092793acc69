"""`matrixsim sensitivity`: which assumptions an answer hangs on, and what would change it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

import typer

from sim.commands.options import (
    Asked,
    Metric,
    ScenarioFile,
    Workers,
    check_out,
    check_size,
    spread,
    wanted_layouts,
)
from sim.commands.progress import compiled_ahead, working
from sim.commands.tables import grouped, print_json, print_table, print_warnings
from sim.errors import Phrase
from sim.language.words import N_, Words
from sim.language.words import Language as Tongue

if TYPE_CHECKING:
    from sim.sweeps.sensitivity import Flips, Index, Sensitivity

TRAJECTORIES, BASE_POINTS = 10, 64
"""Morris and Sobol points unless said (chosen)."""
PAIR = 2
"""Layouts whose difference can be asked about."""


HEADS = {
    "morris": (N_("assumption"), N_("mean effect"), N_("interval"), N_("spread")),
    "sobol": (N_("assumption"), N_("share of variance"), N_("interval"), N_("on its own")),
    "flips": (N_("assumption"), N_("now"), N_("flips at"), N_("share of range"), N_("then best")),
}
AXES = {"morris": N_("mean absolute effect on {answer}"), "sobol": N_("share of the variance of {answer}")}


class Design(NamedTuple):
    """Which points are run, and how often."""

    method: Annotated[Literal["morris", "sobol"], typer.Option("--method", help="Screening, or shares.")] = (
        "morris"
    )
    keys: Annotated[
        str | None, typer.Option("--keys", metavar="K,L,…", help="Uncertain keys; all not off if left out.")
    ] = None
    points: Annotated[
        int | None,
        typer.Option("--points", metavar="N", min=2, help="Trajectories (10) or base points (64)."),
    ] = None
    seeds: Annotated[int, typer.Option("--seeds", metavar="K", min=2, help="Replications a point.")] = 4

    def size(self) -> int:
        """Trajectories, or base points.

        Raises:
            UsageError: there are no Sobol points of that number.
        """
        from sim.errors import UsageError

        count = self.points or (TRAJECTORIES if self.method == "morris" else BASE_POINTS)
        if self.method == "sobol" and count & (count - 1):
            raise UsageError(
                "--points {count}: sobol needs a power of two, such as 32, 64 or 128", count=count
            )
        return count


@spread
def sensitivity(
    scenario: ScenarioFile,
    design: Design,
    asked: Asked,
    metric: Metric = "reach",
    layouts: Annotated[
        str | None,
        typer.Option("--layouts", metavar="A[,B]", help="One layout; or two, for their difference."),
    ] = None,
    flips: Annotated[
        bool, typer.Option("--flips", help="What would change which of the --layouts is best.")
    ] = False,
    workers: Workers = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Keep the runs, the result and a picture.")
    ] = None,
) -> None:
    """Say which uncertain parameters an answer hangs on, by Morris screening or Sobol indices."""
    import tempfile

    from sim.errors import RunError, UsageError

    check_out(out)
    plan = asked.opened(scenario)
    names = wanted_layouts(layouts) or [plan.links.layout]
    if flips and len(names) == 1:
        raise UsageError("--flips: needs at least two --layouts")
    if not flips and len(names) > PAIR:
        raise UsageError(
            "--layouts {layouts}: one layout, or two for their difference; more only with --flips",
            layouts=layouts,
        )
    count = design.size()
    check_size(plan, alone=False, workers=workers)
    compiled_ahead(asked.spoken)
    from sim.analysis.plan_warnings import plan_warnings
    from sim.analysis.warned import as_rows
    from sim.sweeps import sensitivity as work

    try:
        axes = work.axes_of(plan, [key.strip() for key in design.keys.split(",")] if design.keys else ())
    except RunError as error:
        raise UsageError("--keys: {error}", error=error) from error

    def kept() -> Phrase:
        if out:
            return Phrase("{folder} keeps the runs: the same command goes on", folder=out)
        return Phrase("--out DIR would keep the runs")

    with (
        working(f"{design.method}, {metric}", asked, kept) as tick,
        tempfile.TemporaryDirectory(prefix="matrixsim-") as scratch,
    ):
        store = (out or Path(scratch)) / "runs"
        runner = work.Runner(plan, metric, design.seeds, store, workers, tick)
        result = None if flips else work.sensitivity(runner, axes, design.method, count, names)
        found = work.flips(runner, axes, names) if flips else None
    content: dict[str, Any] = {}
    if found is not None:
        content = found._asdict() | {"flips": [flip._asdict() for flip in found.flips]}
    if result is not None:
        content = result._asdict() | {"rows": [row._asdict() for row in result.rows]}
    told = plan_warnings(plan) if result is None else result.warnings
    content["warnings"] = as_rows(told)
    if out is not None:
        from sim import storage

        storage.write_json(out / ("flips.json" if flips else "sensitivity.json"), content)
        if result is not None:
            _draw(result, out / "tornado.html", asked.spoken)
    if asked.as_json:
        print_json(content)
    elif found is not None:
        _print_flips(found, asked.spoken)
    elif result is not None:
        _print_indices(result, asked.spoken)
    if not asked.as_json:
        print_warnings(told, asked.spoken)


def _print_indices(found: "Sensitivity", language: Tongue) -> None:
    words = Words(language)

    def own(row: "Index") -> str:
        if row.own_low is None or row.own_high is None:
            return grouped(row.own)
        return f"{grouped(row.own)} ({grouped(row.own_low)} … {grouped(row.own_high)})"

    rows = [
        [row.key, grouped(row.effect), f"{grouped(row.low)} … {grouped(row.high)}", own(row)]
        for row in found.rows
    ]
    print_table(tuple(map(words, HEADS[found.method])), rows)
    typer.echo(
        words(
            "Mean answer {mean}; {share:.0%} of its variance over the design is luck left by the seeds.",
            mean=grouped(found.mean),
            share=found.noise_share,
        )
    )


def _print_flips(found: "Flips", language: Tongue) -> None:
    words = Words(language)
    typer.echo(words("Best as things stand: {best}.", best=found.best))
    if found.tied:
        typer.echo(
            words("Cannot be told apart from it with these seeds: {names}.", names=words.listed(found.tied))
        )
    if found.flips:
        rows = [[f.key, grouped(f.default), grouped(f.value), f"{f.moved:.0%}", f.best] for f in found.flips]
        print_table(tuple(map(words, HEADS["flips"])), rows)
    else:
        typer.echo(words("No single assumption is seen to change that within its range."))
    if found.cannot_tell:
        typer.echo(
            words(
                "Cannot tell whether these change it; more --seeds would say: {keys}.",
                keys=words.listed(found.cannot_tell),
            )
        )


def _draw(found: "Sensitivity", file: Path, language: Tongue) -> None:
    """Writes the tornado as a page that opens offline."""
    from sim import storage
    from sim.charts.tornado import Bar, figure
    from sim.language.vocabulary import METRIC

    words = Words(language)
    answer = name = METRIC[found.metric].said(language)
    if len(found.layouts) > 1:
        answer = words("{metric}, {a} less {b}", metric=name, a=found.layouts[0], b=found.layouts[1])
    drawn = figure(
        [Bar(row.key, row.effect, row.low, row.high) for row in found.rows],
        words(AXES[found.method], answer=answer),
    )
    storage.write_text(file, drawn.to_html(include_plotlyjs=True, full_html=True))
