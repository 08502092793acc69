"""Account luck and heat (M10): what lies with the account that publishes, whatever the post.

Takes the hour's videos; gives a factor on the first exposure, by the account on whose page they appear and
the day on which they do. Luck is for life and drawn by new accounts of the brand only: of one that starts
with fans its weight says what its history shows. Heat changes from day to day, for all accounts of the
brand. Creators draw neither: their market knows them.
"""

from typing import Any

import numpy as np

from sim.hour.run import Mechanism, Run
from sim.platform.protocol import Standing, at_opening
from sim.rules.addresses import HEAT, LUCK
from sim.rules.draws import normal, root_key, subkey
from sim.rules.luck import factor_dex, kept, next_heat


class AccountLuck(Mechanism):
    """Draws luck once a run and account, heat once a day and account."""

    rows = "M10"

    def __init__(self, run: Run) -> None:
        terms, accounts = run.scenario.platform, run.accounts
        self._sd, self._stays = terms.account_heat_sd, kept(terms.account_heat_fade_d)
        self.at_work = terms.account_luck_sd > 0 or self._sd > 0
        new = accounts.own & np.array([account.fans == 0 for account in accounts.rows])
        base = root_key(run.seed, LUCK)
        for k in np.flatnonzero(new).tolist():
            key = accounts.keys[k]
            run.luck_dex[k] = factor_dex(normal(subkey(base, key)), terms.account_luck_sd)
        base = root_key(run.seed, HEAT)
        self._keys = [
            (k, subkey(base, key)) for k, key in enumerate(accounts.keys) if accounts.own[k] and self._sd > 0
        ]
        planned = run.posts.publisher[accounts.own[run.posts.publisher]]
        self._mean = float((10 ** run.luck_dex[planned]).mean()) if planned.size else 1.0
        """Of the brand's posts, by who publishes them before any of them moves: its expectation is 1."""
        self._heat = np.zeros(len(accounts.rows))
        """(A,) of today, standard normal."""
        self._dex = run.luck_dex.copy()
        """(A,) log10 of what luck and today's heat make of an account's posts."""
        self._day = -1

    def standing(self, run: Run) -> Standing | None:
        """Factors on the videos of this hour."""
        new = run.opening
        if not new.size:
            return None
        self._until(run)
        return at_opening(10 ** self._dex[new["author"]], run.videos.size)

    def summary(self, run: Run) -> dict[str, Any]:
        """Mean factor of the brand's posts, whose expectation is known: a control variate of comparisons."""
        return {"account_luck": self._mean}

    def _until(self, run: Run) -> None:
        """Heat of today, by way of all days before it."""
        if self._day == run.today:
            return
        while self._day < run.today:
            stays = self._stays if self._day >= 0 else 0.0
            self._day += 1
            for k, key in self._keys:
                self._heat[k] = next_heat(self._heat[k], normal(subkey(key, self._day)), stays)
        for k, _ in self._keys:
            self._dex[k] = run.luck_dex[k] + factor_dex(self._heat[k], self._sd)
