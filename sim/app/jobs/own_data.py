"""What a worker does with files that somebody brought: reads them, tells luck, fits a scenario to them.

Answers hold numbers, names of accounts and sentences in both languages; no title of a video.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from sim.app.jobs import exports
from sim.app.jobs.questions import Calibrating, Foretelling, Reading
from sim.errors import UsageError
from sim.language.words import LANGUAGES, Words
from sim.reading.dates import ORDERS
from sim.reading.exported import videos_of
from sim.reading.read import Read, read
from sim.scenario.faults import in_all

MOST_ACCOUNTS = 100
"""Accounts that are listed and whose luck is told, those with the most videos (chosen)."""
DATES, YEAR = "dates", "year"
"""What a file that cannot be read asks for."""


def understood(brought: exports.Brought) -> tuple[Read | None, list[dict[str, Any]]]:
    """The files that can be read, and why others cannot, with what each of these asks for.

    Raises:
        UsageError: the files are not kept any more.
    """
    contents, refused = brought.contents(), list[dict[str, Any]]()
    left = list(brought.files)
    while left:
        try:
            found = read(
                [file.name for file in left], account=[file.account for file in left], contents=contents,
                dates=next((order for order in ORDERS if order == brought.dates), None),
                year=brought.year or None,
            )  # fmt: skip
        except UsageError as error:
            name = error.facts.get("path")
            if name not in contents:
                raise
            left = [file for file in left if file.name != name]
            text = str(error.args[0])
            asks = DATES if "--dates" in text else YEAR if "--year" in text else ""
            cell = {key: str(error.facts.get(key, "")) for key in ("header", "example")}
            refused.append({"name": name, "said": in_all(error), "asks": asks} | cell)
        else:
            return found, refused
    return None, refused


def reading(request: Reading, folder: Path, tick: object) -> dict[str, Any]:
    """What the files were understood as; each account with its luck."""
    from sim.reading.told import called, period, told

    brought = _brought(request.data)
    found, refused = understood(brought)
    answer: dict[str, Any] = {"refused": refused, "tables": [], "accounts": [], "luck": None}
    if found is None:
        return answer
    unnamed = {
        table.path
        for table in found.files
        if table.kind in {"videos", "days"} and all(column.name != "account" for column in table.columns)
    }
    answer["tables"] = [
        {
            "name": called(table, found), "file": table.path, "kind": table.kind, "platform": table.platform,
            "encoding": table.encoding, "kept": len(table.kept), "skipped": len(table.skipped),
            "period": period(table), "unnamed": table.path in unnamed,
            "told": _in_all(partial(told, table)),
        }
        for table in found.files
    ]  # fmt: skip
    videos = videos_of(found)
    answer["accounts"] = accounts(videos)
    answer["luck"] = _luck(request, videos) if answer["accounts"] else None
    return answer


def accounts(videos: pl.DataFrame) -> list[dict[str, Any]]:
    """Accounts of videos with views: how many, how many a day, fans; those with the most videos first."""
    seen = videos.filter(pl.col("account").is_not_null() & pl.coalesce("plays", "impressions").is_not_null())
    day, newest = pl.col("published_at").dt.date(), pl.col("fans").sort_by("published_at").drop_nulls().last()
    rows = seen.group_by("account", maintain_order=True).agg(
        pl.len().alias("videos"), newest.alias("fans"), day.min().alias("first"), day.max().alias("last"),
        day.is_not_null().sum().alias("dated"),
    )  # fmt: skip
    days = (pl.col("last") - pl.col("first")).dt.total_days() + 1
    rows = rows.with_columns(per_day=(pl.col("dated") / days).round(2)).sort(
        "videos", descending=True, maintain_order=True
    )
    return rows.select("account", "videos", "fans", "per_day").head(MOST_ACCOUNTS).to_dicts()


def _luck(request: Reading, videos: pl.DataFrame) -> dict[str, Any]:
    """Luck of the accounts that are listed, in both languages; or why it cannot be told."""
    from sim.forecast.luck import luck_of
    from sim.forecast.told import HEADS_LUCK, luck_rows, luck_told

    listed = [row["account"] for row in accounts(videos)]
    try:
        found = luck_of(videos.filter(pl.col("account").is_in(listed)), request.plan())
    except UsageError as error:
        return {"said": {language: [text] for language, text in in_all(error).items()}, "rows": {}}
    level = round(100 * found.confidence)
    return {
        "said": {language: luck_told(found, language) for language in LANGUAGES},
        "heads": _in_all(lambda words, _name: [words(head, level=level) for head in HEADS_LUCK]),
        "rows": {language: luck_rows(found, language) for language in LANGUAGES},
    }


def calibrating(request: Calibrating, folder: Path, tick: Callable[[int, int], None]) -> dict[str, Any]:
    """The scenario fitted to the videos of the files."""
    from sim.calibration.result import calibrate
    from sim.calibration.told import told

    plan = request.plan()
    fit = calibrate(plan, fitted_to(request), seed=plan.run.seed, progress=tick)
    return {
        "rows": [row.as_dict() for row in fit.rows],
        "told": _in_all(partial(told, fit)),
        "fitted": fit.fitted.to_toml(),
        "toml": {language: fit.to_toml(language) for language in LANGUAGES},
    }


def foretelling(request: Foretelling, folder: Path, tick: Callable[[int, int], None]) -> dict[str, Any]:
    """How well the newest videos are foretold by the scenario, fitted to the earlier ones."""
    from sim.calibration import check, told
    from sim.calibration.result import SECONDS
    from sim.calibration.sample import sample_of

    plan = request.plan()
    found = check.held_out(plan, sample_of(fitted_to(request)), plan.run.seed, SECONDS, tick)
    in_each = {language: Words(language) for language in LANGUAGES}
    return {
        "told": {language: told.held_out_told(found, words) for language, words in in_each.items()},
        "heads": {language: told.held_out_heads(words) for language, words in in_each.items()},
        "rows": {language: told.held_out_rows(found, words) for language, words in in_each.items()},
    }


def fitted_to(request: Calibrating) -> pl.DataFrame:
    """The videos of the files that a fit is asked for.

    Raises:
        UsageError: there are none.
    """
    found, _ = understood(_brought(request.data))
    if found is None or found.videos.is_empty():
        raise UsageError("none of the files tells of videos, so there is nothing to fit to")
    return videos_of(found)


def _brought(name: str) -> exports.Brought:
    found = exports.found(name)
    if found is None:
        raise UsageError("the files are not kept any more; bring them again")
    return found


def _in_all(said: Callable[[Words, Callable[[str], str]], list[str]]) -> dict[str, list[str]]:
    """Sentences in both languages; what says them gets the names of columns in the language too."""
    from sim.reading.forms import called

    return {language: said(Words(language), partial(called, language=language)) for language in LANGUAGES}
