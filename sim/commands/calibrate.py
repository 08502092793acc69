"""`matrixsim calibrate`: what real videos say about the keys of a scenario, and a scenario with them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.commands.exports import Hints, brought
from sim.commands.options import Asked, ScenarioFile, spread
from sim.commands.progress import working
from sim.commands.tables import grouped, print_json, print_table
from sim.errors import Phrase
from sim.language.words import N_, NC_, Words

if TYPE_CHECKING:
    from sim.calibration.check import Check
    from sim.calibration.fits import Fit
    from sim.calibration.result import Calibration

HEAD = (
    N_("key"), NC_("calibration", "before"), NC_("calibration", "fitted"), N_("interval"),
    N_("identified"), NC_("calibration", "from"),
)  # fmt: skip
YES, NO = NC_("calibration", "yes"), NC_("calibration", "no")
SCORES = (N_("forecast"), N_("CRPS of log10 views"))
LEAST_SECONDS, MOST_SECONDS = 1.0, 86_400.0


@spread
def calibrate(
    scenario: ScenarioFile,
    data: Annotated[
        list[Path], typer.Argument(metavar="DATA…", help="Tables of your videos, one row a video.")
    ],
    asked: Asked,
    hints: Hints,
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE.toml", help="Write the scenario with what was fitted."),
    ] = None,
    check: Annotated[
        bool,
        typer.Option("--check", help="Hold the fit against the data; with --out a page FILE.html too."),
    ] = False,
    pseudonyms: Annotated[
        bool, typer.Option("--pseudonyms", help="Number the accounts of the data, forget titles.")
    ] = False,
    budget_seconds: Annotated[
        float,
        typer.Option(
            "--budget-seconds", metavar="S", min=LEAST_SECONDS, max=MOST_SECONDS,
            help="Seconds that the simulations of a fit may take.",
        ),
    ] = 150.0,
) -> None:  # fmt: skip
    """Fit a scenario to real videos: rates, spreads, luck and the ladder, each with its interval."""
    from sim.errors import StoppedError

    plan = asked.opened(scenario)
    _check_target(out, scenario)
    from sim.calibration.result import calibrate as work
    from sim.calibration.result import pseudonymous

    videos = brought(data, hints, asked.spoken, quiet=asked.as_json).videos
    if pseudonyms:
        videos = pseudonymous(videos)
    with working("calibrate", asked, lambda: Phrase("nothing was fitted yet")) as tick:
        found = work(plan, videos, seed=plan.run.seed, seconds=budget_seconds, progress=tick)
    if out is not None:
        from sim import storage

        storage.write_text(out, found.to_toml(asked.spoken))
    if found.interrupted:
        _answer(found, None, asked)
        raise StoppedError("stopped; {kept}", kept=_kept(out))
    checked = None
    if check:
        from sim.calibration.check import check as hold

        with working("check", asked, lambda: _kept(out)) as tick:
            checked = hold(found, budget_seconds, tick)
        if out is not None:
            from sim import storage
            from sim.commands.calibration_page import check_report
            from sim.report.page import html

            storage.write_text(out.with_suffix(".html"), html(check_report(found, checked, asked.spoken)))
    _answer(found, checked, asked)


def _check_target(out: Path | None, scenario: str) -> None:
    """Refuses, before any work, a file that cannot be one, and the scenario itself: its comments would go."""
    from sim.errors import UsageError

    if out is None:
        return
    if out.is_dir() or out.suffix != ".toml":
        raise UsageError("--out {file}: names no file that ends in .toml", file=out)
    if not out.parent.is_dir():
        raise UsageError(
            "--out {place}: there is no folder {folder}; name another file", place=out, folder=out.parent
        )
    if Path(scenario).exists() and out.exists() and out.samefile(scenario):
        raise UsageError(
            "--out {file}: is the scenario that is fitted, whose comments would be lost; name another file",
            file=out,
        )


def _kept(out: Path | None) -> Phrase:
    if out is None:
        return Phrase("with --out FILE.toml it would be kept")
    return Phrase("{file} keeps what was fitted by then", file=out)


def _answer(found: "Calibration", checked: "Check | None", asked: Asked) -> None:
    if asked.as_json:
        print_json(found.as_dict() | ({} if checked is None else {"check": checked.as_dict()}))
        return
    words = Words(asked.spoken)
    print_table([words(title) for title in HEAD], [_row(row, words) for row in found.rows])
    from sim.calibration.told import told

    for line in told(found, words):
        typer.echo(line)
    if checked is not None:
        _print_check(checked, words)


def _row(row: "Fit", words: Words) -> list[str]:
    between = "" if row.low is None else f"{_number(row.low)} … {_number(row.high)}"
    value = _number(row.value) if row.identified else "–"
    said = (
        words(YES)
        if row.identified
        else f"{words(NO)}{'：' if words.language == 'zh' else ': '}{words(row.why)}"
    )
    return [row.key, _number(row.before), value, between, said, words.listed(row.columns)]


def _number(value: Any) -> str:
    """A number as people read it; of a list its ends."""
    if isinstance(value, tuple | list):
        return f"[{grouped(value[0])} … {grouped(value[-1])}]"
    return value if isinstance(value, str) else "–" if value is None else grouped(float(value))


def _print_check(checked: "Check", words: Words) -> None:
    from sim.analysis.scores import LEVELS
    from sim.calibration.check import forecast_told

    typer.echo(forecast_told(checked, words))
    if checked.forecast is None:
        return
    rows = [
        [words(score.name), f"{score.crps:.3f}", *(f"{share:.0%}" for share in score.coverage)]
        for score in checked.forecast.scores
    ]
    levels = [words("in {level:.0%}", level=level) for level in LEVELS]
    print_table([*map(words, SCORES), *levels], rows)
