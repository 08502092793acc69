"""Account weight (P5): past rates and how fans respond move what the platform gives an account's next posts.

Takes the day's judged counts, to strangers and to fans alike; gives a factor on the first exposure of the
account's posts, by the account on whose page they appear, and on the marks of its videos. A creator's weight
is the market's. Starts at 1, on top of the weight that the scenario gives.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.hour.run import Mechanism, Run
from sim.platform.baseline import category
from sim.platform.protocol import Standing
from sim.rules.pools import SCORED, rate_score
from sim.rules.weight import kept, log_weight, shrunk
from sim.world.board import COMPLETIONS, IMPRESSIONS, JUDGED, TO_FANS

DAY_H = 24


class AccountWeight(Mechanism):
    """The natural log of each account's factor, moved once a day."""

    rows = "P5 M11"

    def __init__(self, run: Run) -> None:
        scenario, accounts = run.scenario, len(run.accounts.rows)
        self._terms = scenario.account_weight
        self.at_work = self._terms.gain > 0.0
        _, _, self._usual, self._weights = category(scenario.platform, scenario.content)
        self._log = np.zeros(accounts)
        self._before: NDArray[np.int64] = np.zeros((accounts, SCORED + 1), np.int64)
        """(A, 6) impressions and scored counts until today."""
        self._remembered = np.zeros((accounts, SCORED + 1))
        """The same, as far as they are remembered."""

    def standing(self, run: Run) -> Standing | None:
        """Factors of the accounts that have moved."""
        if not self._log.any():
            return None
        of_video = self._log[run.videos.rows["author"]]
        first, mark = np.exp(of_video), np.exp(-self._terms.mark_power * of_video)
        return Standing(first, mark, np.ones(of_video.size))

    def settle(self, run: Run) -> None:
        """Moves the weights at the end of a day of the run."""
        if (run.hour + 1) % DAY_H:
            return
        counts = run.tally.videos[:, [JUDGED, TO_FANS]].sum(axis=1)[:, : COMPLETIONS + SCORED]
        until = np.zeros_like(self._before)
        np.add.at(until, run.videos.rows["author"], counts)
        self._remembered *= kept(self._terms.fade_d)
        self._remembered += until - self._before
        self._before = until
        for k in np.flatnonzero(run.accounts.own).tolist():
            self._log[k] = self._weight(self._remembered[k].tolist())

    def summary(self, run: Run) -> dict[str, Any]:
        """The factor of each account that is not 1, at the end."""
        if not self.at_work:
            return {}
        names = (account.id for account in run.accounts.rows)
        found = zip(names, np.exp(self._log).round(4).tolist(), strict=True)
        return {"account_weights": {name: factor for name, factor in found if factor != 1.0}}

    def _weight(self, counts: list[float]) -> float:
        seen, terms = counts[IMPRESSIONS], self._terms
        rates = zip(counts[COMPLETIONS:], self._usual.tolist(), self._weights.tolist(), strict=True)
        score = sum(rate_score(count, seen, usual, weight) for count, usual, weight in rates)
        return log_weight(shrunk(score, seen, terms.evidence), terms.gain, terms.limit)
