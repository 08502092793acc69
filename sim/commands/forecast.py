"""`matrixsim forecast`: freeze what a scenario says of the days to come, and score it when they are over."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from sim.commands.exports import Hints, brought
from sim.commands.options import (
    MOST_SEEDS,
    Asked,
    Json,
    Language,
    Out,
    ScenarioFile,
    Workers,
    check_out,
    check_size,
    spoken,
    spread,
)
from sim.commands.progress import compiled_ahead, working
from sim.commands.tables import print_json, print_table
from sim.errors import Phrase, UsageError
from sim.language.words import Language as Tongue
from sim.language.words import Words

if TYPE_CHECKING:
    from sim.forecast.ledger import Entry

Ledger = Annotated[Path, typer.Argument(metavar="LEDGER", help="A file of forecasts.")]
LONG = 10
"""Letters of a date."""
SHOWN = 12
"""Of a seal in a table."""


class Ledgers(TyperGroup):
    """Commands of the ledger; a first word that is none of them is a scenario to freeze."""

    def parse_args(self, ctx: Any, args: list[str]) -> Any:
        """The words, with the command that is meant."""
        named = not args or args[0] in self.commands or args[0] in ctx.help_option_names
        return super().parse_args(ctx, args if named else ["freeze", *args])


app = typer.Typer(
    cls=Ledgers,
    no_args_is_help=True,
    help="Freeze a forecast in a ledger, and score it when its time is over.",
)


@app.command()
@spread
def freeze(
    scenario: ScenarioFile,
    asked: Asked,
    out: Annotated[
        Path,
        typer.Option("--out", metavar="LEDGER", help="File that the forecast is added to; made if missing."),
    ],
    first_day: Annotated[
        str | None,
        typer.Option("--from", metavar="DATE", help="First day, such as 2027-01-01; tomorrow if left out."),
    ] = None,
    seeds: Annotated[
        int,
        typer.Option("--seeds", metavar="K", min=2, max=MOST_SEEDS, help="Runs that the quantiles rest on."),
    ] = 32,
    workers: Workers = None,
) -> None:
    """Freeze what a scenario says of the days to come; `matrixsim forecast SCENARIO` for short."""
    from sim.forecast import ledger
    from sim.forecast.predict import FEWEST_SEEDS, forecast
    from sim.forecast.score import BEIJING
    from sim.forecast.told import forecast_told

    plan = asked.opened(scenario)
    day = _day(first_day, (datetime.now(UTC) + BEIJING).date() + timedelta(days=1))
    if all(account.role == "creator" for account in plan.accounts):
        raise UsageError(
            "{scenario}: has no account of the brand, and nothing to foretell", scenario=scenario
        )
    ledger.refuse_unwritable(out)
    check_size(plan, alone=False, workers=workers)
    compiled_ahead()

    def kept() -> Phrase:
        return Phrase("a forecast rests on all of its runs: nothing is kept")

    with working(f"{plan.name}, {seeds} seeds", asked, kept) as tick:
        made = forecast(plan, day, seeds=seeds, workers=workers, progress=tick)
    entry = ledger.added(out, made)
    if asked.as_json:
        print_json(entry)
        return
    words = Words(asked.spoken)
    print_table(*_foretold(entry, asked.spoken))
    for line in forecast_told(entry, asked.spoken):
        typer.echo(line)
    if seeds < FEWEST_SEEDS:
        typer.echo(
            words(
                "{seeds} runs are too few for 90 % intervals, which would need {least}: they are too narrow.",
                seeds=seeds, least=FEWEST_SEEDS,
            )
        )  # fmt: skip


@app.command()
@spread
def score(
    ledger: Ledger,
    data: Annotated[list[Path], typer.Argument(metavar="DATA...", help="Exports read after its last day.")],
    hints: Hints,
    same: Annotated[
        list[str] | None,
        typer.Option(
            "--same", metavar="NAME=ID", help="An account of the export as the scenario calls it; repeatable."
        ),
    ] = None,
    out: Out = None,
    as_json: Json = False,
    language: Language = None,
) -> None:
    """Score the forecasts of a ledger that an export can tell about; each score is added to it."""
    from sim.forecast import ledger as ledgers

    check_out(out)
    entries = ledgers.opened(ledger)
    from sim.forecast.ledger import FORECAST, SCORE
    from sim.forecast.score import refuse_strangers, scored

    names = dict(map(_pair, same or []))
    found = brought(data, hints, spoken(language), quiet=as_json)
    foretold = {name for entry in entries if entry["kind"] == FORECAST for name in entry["posts"]}
    refuse_strangers(names, found.videos, foretold)
    done = {(entry["forecast"], entry["data"]) for entry in entries if entry["kind"] == SCORE}
    scores, refused = [], None
    for entry in entries:
        if entry["kind"] != FORECAST:
            continue
        try:
            one = scored(entry, found.videos, found.sources, names=names)
        except UsageError as error:
            refused = error
            continue
        scores.append(one if (one["forecast"], one["data"]) in done else ledgers.added(ledger, one))
    if not scores:
        raise refused or UsageError("{ledger}: holds no forecast", ledger=ledger)
    if out is not None:
        _write(scores, out, spoken(language))
    if as_json:
        print_json(scores)
        return
    by_seal = {entry["seal"]: entry for entry in entries}
    for one in scores:
        _print_score(one, by_seal[one["forecast"]], spoken(language))


@app.command()
def show(ledger: Ledger, as_json: Json = False, language: Language = None) -> None:
    """List what a ledger holds, after checking that nothing in it was changed."""
    from sim.forecast import ledger as ledgers

    entries, words = ledgers.opened(ledger), Words(spoken(language))
    if as_json:
        print_json(entries)
        return
    from sim.forecast.score import last_day

    rows = []
    for number, entry in enumerate(entries, 1):
        if entry["kind"] == ledgers.FORECAST:
            what, when = words("forecast"), entry["made_at"]
            told = f"{entry['first_day']} … {last_day(entry)}"
        else:
            what, when = words("score"), entry["scored_at"]
            told = words("{count} videos scored.", count=entry["videos"]["scored"])
        rows.append([str(number), what, when[:LONG], told, entry["seal"][:SHOWN]])
    print_table(("", "", words("Made"), "", words("Seal")), rows)
    typer.echo(
        words(
            "No line of it was changed since it was written; whether lines after the last seal were cut off, "
            "only who kept that seal can tell."
        )
    )


def _foretold(entry: "Entry", language: Tongue) -> tuple[list[str], list[list[str]]]:
    """Views of one video of each account, as a table."""
    import numpy as np

    from sim.analysis.scores import LEVELS, central
    from sim.language.numbers import amount, span
    from sim.scenario.names import account_name

    words, rows = Words(language), []
    for name, quantiles in entry["posts"].items():
        ends = (
            tuple(float(end) for end in central(np.array(quantiles), level))
            for level in (LEVELS[0], LEVELS[-1])
        )
        middle = float(np.median(quantiles))
        rows.append(
            [account_name(name, language), amount(middle, "count", language),
             *(span(low, high, "count", language) for low, high in ends)]
        )  # fmt: skip
    level = words("{level} % interval", level=90), words("{level} % interval", level=50)
    return [words("Views of one video"), words("Middle"), level[1], level[0]], rows


def _print_score(score: "Entry", entry: "Entry", language: Tongue) -> None:
    """Prints one score."""
    from sim.forecast.places import STRANGE
    from sim.forecast.score import last_day
    from sim.forecast.told import HEADS_SOURCES, HEADS_TOTALS, score_told, sources_rows, totals_rows

    words = Words(language)
    typer.echo(
        words("Forecast for {first} to {last}", first=entry["first_day"], last=last_day(entry))
    )  # fmt: skip
    for line in score_told(score, language):
        typer.echo(line)
    for heads, rows in (
        (HEADS_TOTALS, totals_rows(score["totals"], language)),
        (HEADS_SOURCES, sources_rows(score["sources"], language)),
    ):
        if rows:
            print_table([words(head, level=90) for head in heads], rows)
    if strange := score["unknown_sources"]:
        typer.echo(words(STRANGE, names=words.listed(strange)))


def _write(scores: "Sequence[Entry]", folder: Path, language: Tongue) -> None:
    """Writes scores, and of the last one the figure of its sources, which opens offline."""
    from sim import storage
    from sim.charts.sources import source_chart, source_figure

    folder.mkdir(parents=True, exist_ok=True)
    storage.write_json(folder / "scores.json", scores)
    if rows := scores[-1]["sources"]:
        drawn = source_figure(source_chart(rows, language), Words(language))
        storage.write_text(folder / "sources.html", drawn.to_html(include_plotlyjs=True, full_html=True))


def _day(text: str | None, otherwise: date) -> date:
    """A day as an option gives it."""
    if text is None:
        return otherwise
    from sim.reading.moments import FIRST, LAST

    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise UsageError(
            "--from {text}: is no day; needed is YYYY-MM-DD, such as 2027-01-01", text=text
        ) from None
    if not FIRST <= day.year < LAST:
        raise UsageError(
            "--from {text}: is outside of the years {first} to {last}", text=text, first=FIRST, last=LAST - 1
        )
    return day


def _pair(text: str) -> tuple[str, str]:
    """NAME=ID."""
    name, equals, own = text.partition("=")
    if not equals or not name or not own:
        raise UsageError("--same {text}: needed is NAME=ID, the export's name and the scenario's", text=text)
    return name, own
