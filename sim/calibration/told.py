"""What a calibration rests on and what to make of it, in sentences, for command line and app."""

from collections.abc import Callable

from sim.calibration.result import Calibration
from sim.language.words import Words


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
