"""The check of a calibration as a report: what was fitted, and how it stands against the data.

Takes a calibration and its check; gives a report, which sim/report sets as one HTML file. Estimates nothing.
"""

from typing import Any

from sim.analysis.scores import LEVELS
from sim.calibration.check import Band, Check, forecast_told
from sim.calibration.fits import Fit
from sim.calibration.result import Calibration, spelt
from sim.charts.agreement import AgreementWords, agreement_chart, agreement_figure
from sim.language.names import RATE
from sim.language.words import N_, NC_, Language
from sim.report.parts import Block, Cell, Column, Figure, Report, Section, Table, Text
from sim.report.text import Say, clean

REAL, SIMULATED = N_("your videos"), N_("fitted scenario, median")
BAND = N_("fitted scenario, 90 % of worlds")
DATA = N_(
    "The data stayed on this machine; this page holds sums and quantiles of them, no title and no name of "
    "an account."
)
PLAIN = N_(
    "Where the dots leave the band, the fitted scenario does not give such videos, whatever its score."
)


def check_report(found: Calibration, checked: Check, language: Language) -> Report:
    """The report.

    Args:
        found: the calibration.
        checked: its check.
        language: zh or en.
    """
    say = Say(language)
    facts = say(
        "{videos:,} videos of {accounts:,} accounts; seed {seed}; {seconds:,.0f} s",
        videos=found.sample.views.size, accounts=len(found.sample.names), seed=found.seed,
        seconds=found.seconds,
    )  # fmt: skip
    views = say("Views")
    sections = [
        Section(say("Fitted keys"), [_keys(found.rows, say), Text(say(DATA), quiet=True)]),
        Section(say("Does it give such videos?"), [
            Text(say(PLAIN)),
            _figure(
                "quantiles", say("Quantiles of views"), checked.quantiles, say, say("share of the videos"),
                views, shares=True,
            ),
            _figure(
                "ranks", say("Views by rank"), checked.rank_size, say, say("rank, the most seen first"),
                views, logarithmic=True,
            ),
            *(
                _figure(
                    f"rate-{band.name}", say("{rate} by tenth of the views", rate=say.known(RATE, band.name)),
                    band, say, say("tenth of the videos, the least seen first"), say("per view"), rates=True,
                )
                for band in checked.rates
            ),
        ]),
        Section(say("Does it foresee the next ones?"), _forecast(checked, say)),
    ]  # fmt: skip
    title = say("Calibration: {name}", name=clean(found.scenario.name))
    return Report(language, title, facts, sections, say("Made by matrixsim calibrate --check."))


def _keys(rows: tuple[Fit, ...], say: Say) -> Table:
    columns = [
        Column(say(N_("key")), words=True), Column(say(NC_("calibration", "before"))),
        Column(say(NC_("calibration", "fitted"))), Column(say(N_("interval"))),
        Column(say(N_("identified")), words=True), Column(say(NC_("calibration", "from")), words=True),
    ]  # fmt: skip
    table = [
        [
            Cell(row.key), Cell(spelt(row.before)), Cell(spelt(row.value) if row.identified else "–"),
            Cell("–" if row.low is None else f"{spelt(row.low)} … {spelt(row.high)}"),
            Cell(say(NC_("calibration", "yes")) if row.identified else say(row.why)),
            Cell(say.listed(row.columns)),
        ]
        for row in rows
    ]  # fmt: skip
    return Table("", columns, table)


def _figure(name: str, title: str, band: Band, say: Say, across: str, up: str, **how: Any) -> Figure:
    logarithmic = bool(how.pop("logarithmic", False))
    chart = agreement_chart((band.x, band.real, band.middle, band.low, band.high), say.language, **how)
    words = AgreementWords(say(REAL), say(SIMULATED), say(BAND), across, up)
    return Figure(name, title, agreement_figure(chart, words, logarithmic=logarithmic))


def _forecast(checked: Check, say: Say) -> list[Block]:
    told = Text(forecast_told(checked, say))
    if checked.forecast is None:
        return [told]
    columns = [
        Column(say("forecast"), words=True),
        Column(say("CRPS of log10 views"), say("Lower is better.")),
    ]
    columns += [Column(say("in {level:.0%}", level=level)) for level in LEVELS]
    rows = [
        [
            Cell(say(score.name)),
            Cell(f"{score.crps:.3f}"),
            *(Cell(f"{share:.1%}") for share in score.coverage),
        ]
        for score in checked.forecast.scores
    ]
    return [told, Table("", columns, rows, legend=True)]
