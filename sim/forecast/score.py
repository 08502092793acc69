"""How good a forecast was, now that an export shows what came: coverage, CRPS beside two plain forecasts.

Takes an entry of a ledger and the tables of an export; gives an entry that follows it. Views are scored as
log10(1 + views). The two plain forecasts are made from videos that came out before the forecast's first day:
what the account's own videos had (historical quantiles), and a log-normal fitted to them.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from math import isfinite
from typing import Any, Final, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sim.analysis.plain_forecasts import plain_forecasts
from sim.analysis.scores import (
    LEVELS,
    central,
    coverage,
    crps,
    pit,
    skill,
    uniformity,
)
from sim.errors import Listing, Phrase, UsageError, or_rather
from sim.forecast.ledger import SCORE
from sim.forecast.places import beside_quantiles, seen_shares
from sim.forecast.predict import TOTALS
from sim.scenario.wording import nearest

Floats = NDArray[np.float64]

FEWEST_PAST: Final = 8
"""Videos before the forecast below which there are no plain forecasts to compare with (chosen)."""
MOST_NAMED: Final = 8
"""Accounts that a message names."""
TENTHS: Final = 10
OF_TOTAL: Final = {
    "views": "plays", "likes": "likes", "comments": "comments", "shares": "shares",
}  # fmt: skip
"""Column of an export's videos for each total."""
OF_DATA: Final = (
    "account", "video_id", "published_at", *OF_TOTAL.values(), "source", "share",
)  # fmt: skip
"""Columns of an export, of videos and of sources, that a score rests on."""
BEIJING: Final = timedelta(hours=8)
"""Exports and first days are local there; the moment of a forecast is UTC."""


class Cases(NamedTuple):
    """Videos that a forecast is scored on, and those before it."""

    came: pl.DataFrame
    past: pl.DataFrame
    left_out: dict[str, int]
    """videos by the reason for which they are not scored"""
    complete: bool
    """whether their sum is of all: the export lacks no account, and no date, views or account of a video"""


def window(entry: Mapping[str, Any]) -> tuple[datetime, datetime]:
    """First and last moment that a forecast is about, local time; the last is not in it."""
    first = datetime.fromisoformat(entry["first_day"])
    return first, first + timedelta(hours=int(entry["hours"]))


def last_day(entry: Mapping[str, Any]) -> date:
    """The last day that a forecast is about."""
    return (window(entry)[1] - timedelta(hours=1)).date()


def local(now: datetime) -> datetime:
    """A moment as exports write it."""
    return now.astimezone(UTC).replace(tzinfo=None) + BEIJING


def in_hindsight(entry: Mapping[str, Any]) -> bool:
    """Whether a forecast was made after its first day had begun."""
    return local(datetime.fromisoformat(entry["made_at"])) > window(entry)[0]


def cases_of(entry: Mapping[str, Any], rows: pl.DataFrame) -> Cases:
    """The videos of an export that a forecast is about.

    Args:
        entry: a forecast.
        rows: table of an export's videos, accounts called as in the forecast.
    Raises:
        UsageError: there is none.
    """
    first, end = window(entry)
    told = rows.drop_nulls(["plays", "published_at"])
    moment = pl.col("published_at")
    within = (moment >= first) & (moment < end)
    inside = told.filter(within)
    ours = pl.col("account").is_in(list(entry["posts"]))
    known = ours.fill_null(value=False)
    came = inside.filter(known)
    nobody_knows = pl.any_horizontal(pl.col("account", "plays", "published_at").is_null())
    missed = rows.filter(ours.fill_null(value=True) & within.fill_null(value=True) & nobody_knows)
    left_out = {
        "without views or date": rows.height - told.height,
        "before": told.filter(moment < first).height,
        "after": told.filter(moment >= end).height,
        "of other accounts": inside.height - came.height,
    }
    if came.height == 0:
        accounts = [str(name) for name in rows["account"].unique(maintain_order=True).to_list()]
        days = [str(day)[:10] for day in (told["published_at"].min(), told["published_at"].max())]
        raise UsageError(
            "no video to score: the forecast is about accounts {expected} from {first} to {last}, the export "
            "has {videos} videos of {accounts} {days}; --same NAME=ID says which account of the export is "
            "which of the forecast",
            expected=Listing(entry["posts"]), first=first.date(), last=last_day(entry),
            videos=rows.height, accounts=Listing(accounts[:MOST_NAMED] or "-"),
            days=Phrase("from {first} to {last}", first=days[0], last=days[1]) if told.height else "",
        )  # fmt: skip
    complete = missed.height == 0 and set(entry["posts"]) <= set(rows["account"])
    past = told.filter((moment < first) & known)
    return Cases(came, past, {reason: n for reason, n in left_out.items() if n}, complete)


def refuse_strangers(names: Mapping[str, str], videos: pl.DataFrame, foretold: Collection[str]) -> None:
    """Refuses other names of accounts that would be ignored.

    Args:
        names: account of a forecast by account of the export.
        videos: of the export.
        foretold: accounts of all forecasts.
    Raises:
        UsageError: the export, or every forecast, lacks the account.
    """
    have = videos["account"].drop_nulls().unique().sort().to_list()
    for name, own in names.items():
        if name not in have:
            raise UsageError(
                "--same {name}={own}: the export has no account {name}; it has {accounts}{meant}",
                name=name, own=own, accounts=Listing(have[:MOST_NAMED]), meant=or_rather(nearest(name, have)),
            )  # fmt: skip
        if own not in foretold:
            raise UsageError(
                "--same {name}={own}: no forecast is about account {own}; they are about {accounts}{meant}",
                name=name, own=own, accounts=Listing(sorted(foretold)[:MOST_NAMED]),
                meant=or_rather(nearest(own, foretold)),
            )  # fmt: skip


def scored(
    entry: Mapping[str, Any],
    videos: pl.DataFrame,
    sources: pl.DataFrame | None = None,
    *,
    names: Mapping[str, str] | None = None,
    now: datetime | None = None,
) -> dict[str, Any]:
    """The score of a forecast.

    Args:
        entry: a forecast, with its seal.
        videos: of an export: account, published_at, plays, and likes, comments, shares where they are known.
        sources: of an export, or None.
        names: account of the forecast by account of the export, where they differ.
        now: when it is scored; this moment if left out.
    Raises:
        UsageError: it is not over yet, or no video of the export is one that the forecast is about.
    """
    moment = now or datetime.now(UTC)
    if local(moment) < window(entry)[1]:
        raise UsageError(
            "the forecast is about {first} to {last} and is not over yet: score it after that",
            first=window(entry)[0].date(), last=last_day(entry),
        )  # fmt: skip
    called = pl.col("account").replace(dict(names or {}))
    videos = videos.with_columns(called)
    sources = None if sources is None else sources.with_columns(called)
    cases = cases_of(entry, videos)
    places_seen, strange = _sources(entry, sources, cases.came)
    came = cases.came.sort("account", "published_at", "plays")
    whose = came["account"].to_list()
    seen = _logs(came["plays"])
    draws = np.array([_logs(pl.Series(entry["posts"][name])) for name in whose])
    places = pit(draws, seen)
    own = crps(draws, seen)
    return {
        "kind": SCORE,
        "forecast": entry["seal"],
        "scored_at": moment.astimezone(UTC).isoformat(timespec="seconds"),
        "data": _fingerprint(videos, sources),
        "hindsight": in_hindsight(entry),
        "videos": {"scored": came.height, "before": cases.past.height, "left_out": cases.left_out},
        "coverage": [
            {"level": level, **found.within._asdict(), "cases": found.cases}
            for level in LEVELS
            for found in [coverage(draws, seen, level, groups=whose)]
        ],
        "crps_dex": float(own.mean()),
        "beside": _beside(own, seen, whose, cases.past),
        "places": {
            "tenths": np.histogram(places, TENTHS, (0.0, 1.0))[0].tolist(),
            "uniform": uniformity(places),
        },
        "accounts": {
            name: {
                "videos": int(rows.sum()),
                "crps_dex": float(own[rows].mean()),
                "place": float(places[rows].mean()),
            }
            for name in dict.fromkeys(whose)
            for rows in [np.array([one == name for one in whose])]
        },
        "totals": _totals(entry, came) if cases.complete else [],
        "sources": places_seen,
        "unknown_sources": list(strange),
    }


def _logs(numbers: pl.Series) -> Floats:
    return np.asarray(np.log10(1.0 + np.maximum(numbers.cast(pl.Float64).to_numpy(), 0.0)), np.float64)


def _fingerprint(*tables: pl.DataFrame | None) -> str:
    """Which data a score rests on, with accounts as they were taken to be called [64 hex digits]."""
    found = hashlib.sha256()
    for table in tables:
        if table is not None and table.height:
            columns = [name for name in OF_DATA if name in table.columns]
            found.update(table.select(columns).sort(columns, nulls_last=True).write_csv().encode())
    return found.hexdigest()


def _beside(own: Floats, seen: Floats, whose: Sequence[str], past: pl.DataFrame) -> dict[str, Any]:
    """Score of each plain forecast on the same videos, and ours over it; none without enough of a past."""
    if past.height < FEWEST_PAST:
        return {}
    plain = plain_forecasts(_logs(past["plays"]), past["account"].to_list(), seen, whose)
    return {
        name: {
            "crps_dex": float(one.crps.mean()),
            **{
                key: value if isfinite(value) else None  # a ledger holds no infinite limits: of one account
                for key, value in skill(own, one.crps, whose)._asdict().items()
            },
        }
        for name, one in plain.items()
        if one.crps.sum() > 0.0 and own.sum() > 0.0
    }


def _totals(entry: Mapping[str, Any], came: pl.DataFrame) -> list[dict[str, Any]]:
    """What all accounts had over the window beside what was said, of what is known of each video."""
    rows = []
    for total in TOTALS:
        column = OF_TOTAL.get(total)
        if column is not None and (column not in came.columns or came[column].has_nulls()):
            continue
        value = float(came.height if column is None else came[column].sum())
        quantiles = np.array([entry["totals"][""][total]])
        low, high = (float(end[0]) for end in central(quantiles, LEVELS[-1]))
        rows.append(
            {
                "total": total, "seen": value, "middle": float(np.median(quantiles)),
                "low": low, "high": high, "within": low <= value <= high,
                "place": float(pit(quantiles, [value])[0]),
            }
        )  # fmt: skip
    return rows


def _sources(
    entry: Mapping[str, Any], sources: pl.DataFrame | None, came: pl.DataFrame
) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    """Each place of the export's sources beside what was said, and names that are not known."""
    if sources is None or sources.height == 0:
        return [], ()
    own = sources.filter(pl.col("account").is_in(list(entry["posts"])).fill_null(value=False))
    plays = (
        dict(came.select("video_id", "plays").drop_nulls().iter_rows()) if "video_id" in came.columns else {}
    )
    seen, strange = seen_shares(own, plays)
    rows = [row.as_dict() for row in beside_quantiles(entry["sources"], seen)] if seen else []
    return rows, strange
