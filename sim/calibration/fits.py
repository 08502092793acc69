"""A key as the data give it: value, interval, and whether they tell it at all.

Takes draws of what is held beforehand and afterwards; gives rows. Does not know where draws come from.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.language.words import N_

Floats = NDArray[np.float64]

LEVEL = 0.9
"""Of every interval."""
ENDS = ((1 - LEVEL) / 2, (1 + LEVEL) / 2)
MOST_SHARE = 0.5
"""A key is identified where its posterior sd is at most so much of its prior's (issue's measure, chosen)."""

WEAK = N_("the data leave it almost as open as it was")
NO_COLUMN = N_("no column says it, or too few videos have it")
ONE_ACCOUNT = N_("one account cannot say how far accounts differ")
ONE_EACH = N_("too few accounts have several videos")
FEW_ACCOUNTS = N_("too few accounts to say how rates go together")
NO_FANS = N_("fans are not known, or the accounts are too alike in them")
OWN = N_("these are the brand's own accounts")
CAUSAL = N_("accounts side by side say who is big, not what fans do")
AGES = N_("one number a video, at an age that is not known, cannot say it")
NO_TIME = N_("not tried: there was no time")
NOT_OURS = N_("not tried: the platform model is not ours")
NO_SIZE = N_("the steps say nothing without the size of the first pool, which the data do not tell")


class Fit(NamedTuple):
    """One key."""

    key: str
    """dotted, as `--set` takes it"""
    before: Any
    """in the scenario"""
    value: Any
    """fitted; None where nothing is"""
    low: Any
    """of the interval; lists for lists"""
    high: Any
    share: float | None
    """posterior sd over prior sd; None where it was not tried"""
    columns: tuple[str, ...]
    """of the data, that it rests on"""
    why: str = ""
    """a sentence of the catalogue: why it is not identified"""

    @property
    def identified(self) -> bool:
        """Whether the data tell it: then it goes into the scenario."""
        return self.value is not None and not self.why

    @property
    def is_key(self) -> bool:
        """Whether it is a key of the scenario, not a part of one."""
        return ":" not in self.key

    def as_dict(self) -> dict[str, Any]:
        """For a JSON document."""
        row = self._asdict()
        for name in ("before", "value", "low", "high"):
            row[name] = list(row[name]) if isinstance(row[name], tuple) else row[name]
        return row | {"identified": self.identified, "columns": list(self.columns)}


def fit(key: str, before: Any, draws: Floats, share: float, columns: tuple[str, ...], why: str = "") -> Fit:
    """The row of a number.

    Args:
        key: dotted.
        before: in the scenario.
        draws: (n,) of its posterior, as it stands in the scenario.
        share: its posterior sd over its prior's, on the scale on which the prior is even.
        columns: that it rests on.
        why: why it cannot be told, where that is known without its draws.
    """
    low, high = np.quantile(draws, ENDS)
    said = why or ("" if share <= MOST_SHARE else WEAK)
    return Fit(
        key, before, shown(float(np.median(draws))), shown(low), shown(high), round(share, 3), columns, said
    )


def absent(key: str, before: Any, why: str, columns: tuple[str, ...] = ()) -> Fit:
    """The row of a key that could not be tried."""
    return Fit(key, before, None, None, None, None, columns, why)


def shown(value: float) -> float:
    """Four significant digits: what an interval leaves is coarser.

    Example:
        >>> shown(0.0123456), shown(123456.0)
        (0.01235, 123500.0)
    """
    return float(f"{value:.4g}")
