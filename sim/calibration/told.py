"""What a calibration rests on and what to make of it, in sentences, for command line and app."""

from collections.abc import Callable

from sim.analysis.scores import LEVELS
from sim.calibration.check import HeldOut, forecast_told
from sim.calibration.result import Calibration
from sim.language.numbers import percent
from sim.language.words import N_, Words

HEADS = (N_("foretold by"), N_("error"), N_("in {level:.0%}"))
"""Of the table of what was held out; the last one of each level."""
EVEN = 0.05
"""How far behind the better baseline a fit may be and still be as good (chosen, the issue's measure)."""


def told(found: Calibration, words: Words, name: Callable[[str], str] = str) -> list[str]:
    """What is to be known of a calibration; columns are called as files have them, or by `name`."""
    rows = [row for row in found.rows if row.share is not None]
    lines = [
        words(
            "{videos:,} videos of {accounts:,} accounts, views taken from {base}: {known} of {tried} keys "
            "identified in {seconds:,.0f} s.",
            videos=found.sample.views.size, accounts=len(found.sample.names), base=name(found.sample.base),
            known=sum(row.identified for row in rows), tried=len(rows), seconds=found.seconds,
        )
    ]  # fmt: skip
    if untried := len(found.rows) - len(rows):
        lines.append(words("{untried} keys were not tried; the table says why.", untried=untried))
    if found.sample.left_out:
        lines.append(
            words(
                "{rows:,} rows without an account or without views were left out.", rows=found.sample.left_out
            )
        )
    if not found.complete and not found.interrupted:
        lines.append(
            words("Time ran out: intervals are wider than they need be, and another machine may give others.")
        )
    if found.views.unfit:
        lines.append(
            words("Views like these lie outside what the platform model gives; the nearest was taken.")
        )
    return lines


def held_out_told(found: HeldOut, words: Words) -> list[str]:
    """How well the newest videos were foretold, in plain words; or why that was not tried."""
    forecast = found.forecast
    if forecast is None:
        return [forecast_told(found, words)]
    behind, share = forecast.behind, percent(forecast.scores[0].coverage[-1])
    if behind > EVEN:
        verdict = words(
            "One of two plain guesses from each account's history does better, by {share:.0%}: for single "
            "videos go by that.",
            share=behind,
        )
    elif behind >= -EVEN:
        verdict = words("That is as good as the better of two plain guesses from each account's history.")
    else:
        verdict = words(
            "That is better than two plain guesses from each account's history, by {share:.0%}.",
            share=-behind,
        )
    return [
        words(
            "The {held:,} newest videos were put aside and foretold from the {before:,} earlier ones: "
            "{share} of them lay in the range that should hold {level:.0%}.",
            held=forecast.videos, before=forecast.trained, share=share, level=LEVELS[-1],
        ),
        verdict,
    ]  # fmt: skip


def held_out_rows(found: HeldOut, words: Words) -> list[list[str]]:
    """Each way to foretell: its error, as a factor, and how much its ranges held."""
    if found.forecast is None:
        return []
    return [
        [
            words(score.name),
            f"× {10**score.crps:.2f}",
            *(f"{share:.0%}" for share in score.coverage),
        ]
        for score in found.forecast.scores
    ]


def held_out_heads(words: Words) -> list[str]:
    """Heads of that table."""
    ways, miss, level = HEADS
    return [words(ways), words(miss), *(words(level, level=share) for share in LEVELS)]
