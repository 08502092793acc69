"""Doors: what can be opened from an account's home page, and how often.

Takes chances; gives rows of cumulative thresholds by account, because a visitor opens one door at most
(rules/links.py). Every page has its following list and its liked list; mechanisms add exits of their own,
such as a shop, a group, a form or another platform, which lead to no account: that somebody leaves by one is
an event.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole, record
from sim.rules.draws import ONE_32, threshold
from sim.rules.links import FOLLOWING_LIST, LIKED_LIST

DOOR = record(
    [
        ("account", "i8"),  # whose page
        ("leads", "i8"),  # FOLLOWING_LIST, LIKED_LIST, or the kind of event that somebody has left by it
        (
            "limit",
            "u8",
        ),  # opened by a draw below it that is not below those of the doors before it [1/2³²]
    ]
)
"""One door of one page."""


class Doors:
    """The doors of all pages, to which mechanisms add.

    Args:
        accounts: how many pages.
        following: chance that a visitor opens the following list [0..1].
        liked: the same of the liked list.

    Attributes:
        rows: (n,) DOOR by account, each one's in the order in which they were made.
    """

    def __init__(self, accounts: int, following: float, liked: float) -> None:
        self.rows = np.zeros(2 * accounts, DOOR)
        self.rows["account"] = np.repeat(np.arange(accounts), 2)
        self.rows["leads"] = np.tile([FOLLOWING_LIST, LIKED_LIST], accounts)
        self.rows["limit"] = np.tile(np.cumsum([threshold(following), threshold(liked)]), accounts)
        self._sent = True

    def add(self, account: int, leads: Whole, chance: float) -> None:
        """Adds an exit to a page: of those who would leave, some leave by it. The lists are opened as before.

        Args:
            account: whose page.
            leads: kind of event that this is (hour/events.py).
            chance: that a visitor takes it, if the other doors leave room for it [0..1].
        Raises:
            ValueError: all doors of the page together would be opened more often than there are visits, or
                nobody has such a page.
        """
        if not 0 <= account <= self.rows["account"][-1]:
            raise ValueError(f"a door of account {account}: there is no such account")
        last = int(np.searchsorted(self.rows["account"], account, side="right"))
        before = int(self.rows["limit"][last - 1])
        if not 0 <= chance <= 1 - before / ONE_32:
            raise ValueError(
                f"chance {chance} of a door of account {account}: its other doors leave less room"
            )
        limit = before + threshold(chance)
        self.rows = np.insert(self.rows, last, np.array([(account, leads, limit)], DOOR))
        self._sent = False

    def unsent(self) -> NDArray[Any]:
        """(n,) all DOOR if any was added since the last call, else none."""
        sent, self._sent = self._sent, True
        return self.rows[:0] if sent else self.rows


def hang(rows: NDArray[Any], accounts: NDArray[Any]) -> None:
    """Writes to accounts (A,) ACCOUNT where their doors (n,) DOOR begin and end."""
    ends = np.searchsorted(rows["account"], np.arange(accounts.size + 1))
    accounts["door_from"], accounts["door_to"] = ends[:-1], ends[1:]
