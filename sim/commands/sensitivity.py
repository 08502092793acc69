"""`matrixsim sensitivity`: which assumptions an answer hangs on, and what would change it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

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
    check_size,
    opened,
    spoken,
    wanted_layouts,
)
from sim.commands.progress import compiled_ahead, progress_bar, saying_what_is_kept
from sim.commands.tables import grouped, print_json, print_table, print_warnings
from sim.language.words import Language as Tongue

if TYPE_CHECKING:
    from sim.sweeps.sensitivity import Flips, Index, Sensitivity

TRAJECTORIES, BASE_POINTS = 10, 64
"""Morris and Sobol points unless said (chosen)."""
PAIR = 2
"""Layouts whose difference can be asked about."""
WORDS = {
    "en": {
        "morris": ("assumption", "mean effect", "interval", "spread"),
        "sobol": ("assumption", "share of variance", "interval", "on its own"),
        "axis": {"morris": "mean absolute effect on {answer}", "sobol": "share of the variance of {answer}"},
        "two": "{metric}, {a} less {b}",
        "luck": "Mean answer {mean}; {share:.0%} of its variance over the design is luck left by the seeds.",
        "flips": ("assumption", "now", "flips at", "share of range", "then best"),
        "best": "Best as things stand: {best}.",
        "tied": "Cannot be told apart from it with these seeds: {names}.",
        "none": "No single assumption is seen to change that within its range.",
        "cannot_tell": "Cannot tell whether these change it; more --seeds would say: {keys}.",
    },
    "zh": {
        "morris": ("假设", "平均影响", "置信区间", "离散度"),
        "sobol": ("假设", "方差占比", "置信区间", "单独贡献"),
        "axis": {"morris": "对{answer}的平均影响（绝对值）", "sobol": "占{answer}方差的比例"},
        "two": "{metric}（{a} 减 {b}）",
        "luck": "平均结果 {mean}；各取值点之间的方差中有 {share:.0%} 来自随机性。",
        "flips": ("假设", "当前值", "改变结论的取值", "变动占区间比例", "届时最佳"),
        "best": "当前最佳：{best}。",
        "tied": "以目前的模拟次数，无法与其区分：{names}。",
        "none": "在各自的合理区间内，未发现任何单个假设会改变这一结论。",
        "cannot_tell": "以下假设是否会改变结论，目前无法判断，需增加 --seeds：{keys}。",
    },
}


def sensitivity(
    scenario: ScenarioFile,
    method: Annotated[
        Literal["morris", "sobol"], typer.Option("--method", help="Screening, or shares.")
    ] = "morris",
    metric: Metric = "reach",
    layouts: Annotated[
        str | None,
        typer.Option("--layouts", metavar="A[,B]", help="One layout; or two, for their difference."),
    ] = None,
    keys: Annotated[
        str | None, typer.Option("--keys", metavar="K,L,…", help="Assumed keys; all of them if left out.")
    ] = None,
    points: Annotated[
        int | None,
        typer.Option("--points", metavar="N", min=2, help="Trajectories (10) or base points (64)."),
    ] = None,
    seeds: Annotated[int, typer.Option("--seeds", metavar="K", min=2, help="Replications a point.")] = 4,
    flips: Annotated[
        bool, typer.Option("--flips", help="What would change which of the --layouts is best.")
    ] = False,
    workers: Workers = None,
    seed: Seed = None,
    users: Users = None,
    hours: Hours = None,
    settings: Settings = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Keep the runs, the result and a picture.")
    ] = None,
    as_json: Json = False,
    language: Language = None,
) -> None:
    """Say which assumed parameters an answer hangs on, by Morris screening or Sobol indices."""
    import tempfile

    from sim.errors import RunError, UsageError

    plan = opened(scenario, settings, users=users, hours=hours, seed=seed)
    names = wanted_layouts(layouts) or [plan.links.layout]
    if flips and len(names) == 1:
        raise UsageError("--flips: needs at least two --layouts")
    if not flips and len(names) > PAIR:
        raise UsageError(
            f"--layouts {layouts}: one layout, or two for their difference; more only with --flips"
        )
    count = points or (TRAJECTORIES if method == "morris" else BASE_POINTS)
    if method == "sobol" and count & (count - 1):
        raise UsageError(f"--points {count}: sobol needs a power of two, such as 32, 64 or 128")
    check_size(plan, alone=False, workers=workers)
    compiled_ahead()
    from sim.analysis.plan_warnings import plan_warnings
    from sim.analysis.warned import as_rows
    from sim.sweeps import sensitivity as work

    try:
        axes = work.axes_of(plan, [key.strip() for key in keys.split(",")] if keys else ())
    except RunError as error:
        raise UsageError(f"--keys: {error}") from error
    spoke = spoken(language)

    def kept() -> str:
        return f"{out} keeps the runs: the same command goes on" if out else "--out DIR would keep the runs"

    with (
        saying_what_is_kept(kept),
        tempfile.TemporaryDirectory(prefix="matrixsim-") as scratch,
        progress_bar(f"{method}, {metric}", quiet=as_json) as tick,
    ):
        store = (out or Path(scratch)) / "runs"
        runner = work.Runner(plan, metric, seeds, store, workers, tick)
        result = None if flips else work.sensitivity(runner, axes, method, count, names)
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
            _draw(result, out / "tornado.html", spoke)
    if as_json:
        print_json(content)
    elif found is not None:
        _print_flips(found, spoke)
    elif result is not None:
        _print_indices(result, spoke)
    if not as_json:
        print_warnings(told, spoke)


def _print_indices(found: "Sensitivity", language: Tongue) -> None:
    words = WORDS[language]

    def own(row: "Index") -> str:
        if row.own_low is None or row.own_high is None:
            return grouped(row.own)
        return f"{grouped(row.own)} ({grouped(row.own_low)} … {grouped(row.own_high)})"

    rows = [
        [row.key, grouped(row.effect), f"{grouped(row.low)} … {grouped(row.high)}", own(row)]
        for row in found.rows
    ]
    print_table(tuple(words[found.method]), rows)
    typer.echo(str(words["luck"]).format(mean=grouped(found.mean), share=found.noise_share))


def _print_flips(found: "Flips", language: Tongue) -> None:
    words, between = WORDS[language], ", " if language == "en" else "、"
    typer.echo(str(words["best"]).format(best=found.best))
    if found.tied:
        typer.echo(str(words["tied"]).format(names=between.join(found.tied)))
    if found.flips:
        rows = [[f.key, grouped(f.default), grouped(f.value), f"{f.moved:.0%}", f.best] for f in found.flips]
        print_table(tuple(words["flips"]), rows)
    else:
        typer.echo(words["none"])
    if found.cannot_tell:
        typer.echo(str(words["cannot_tell"]).format(keys=between.join(found.cannot_tell)))


def _draw(found: "Sensitivity", file: Path, language: Tongue) -> None:
    """Writes the tornado as a page that opens offline."""
    from sim import storage
    from sim.analysis.wording import PHRASES
    from sim.charts.tornado import Bar, figure

    words = WORDS[language]
    answer = name = PHRASES[language][found.metric].label
    if len(found.layouts) > 1:
        answer = str(words["two"]).format(metric=name, a=found.layouts[0], b=found.layouts[1])
    axis = words["axis"]
    assert isinstance(axis, dict)
    drawn = figure(
        [Bar(row.key, row.effect, row.low, row.high) for row in found.rows],
        axis[found.method].format(answer=answer),
    )
    storage.write_text(file, drawn.to_html(include_plotlyjs=True, full_html=True))
