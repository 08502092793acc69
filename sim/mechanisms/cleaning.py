"""Fans erased (P6, X6): from time to time the platform takes away follows that same content has won.

Takes each follow with its address, which tells the video that won it (rules/cleaning.py); gives verdicts and
the measure `erased`, which is part of the unfollows. Only follows at risk are kept, and of one person and
account the latest only: a later follow is another one. When a follow ends by itself its address tells too,
so whoever has left is not counted as erased.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole
from sim.hour.events import EVENT, FOLLOWED, Heard, drawn, kind_of
from sim.hour.local_part import Answer, Local, People
from sim.hour.run import Mechanism, Run
from sim.hour.verdicts import LEAVE, NO_VERDICTS, verdicts
from sim.mechanisms.unfollows import Ends
from sim.rules.addresses import ERASE
from sim.rules.cleaning import is_cleaned, won_by
from sim.rules.draws import threshold
from sim.scenario.schema import Scenario
from sim.world.alike import Alike
from sim.world.few import among

WON = kind_of("a follow and its address")
ERASED = "erased"
"""Of MEASURES."""
_LOW, _HALF = np.uint64(0xFFFFFFFF), np.int64(32)
_PAIR, _KEY, _ENDS = range(3)


class Addresses(Local):
    """Sends the addresses of follows up."""

    hears = (FOLLOWED,)

    def end(self, people: People, heard: Mapping[Whole, Heard], hour: int) -> Answer:
        """The follows of the hour."""
        follows = heard[FOLLOWED]
        rows = np.zeros(follows.key.size, EVENT)
        rows["kind"], rows["what"], rows["person"] = WON, follows.what, follows.person
        rows["value"] = follows.key.view(np.int64)
        return Answer(events=rows)


class Cleaning(Mechanism):
    """Remembers which follows are at risk."""

    rows = "P6 X6"

    @classmethod
    def local(cls, scenario: Scenario) -> Local | None:
        """What sends follows up, where any can be erased."""
        return Addresses() if scenario.cleaning.share else None

    def __init__(self, run: Run) -> None:
        self._terms = terms = run.scenario.cleaning
        self.at_work = terms.share > 0
        self._ends = Ends(run.scenario.links)
        self._alike = Alike(
            run.scenario.platform.same_content_window_h, run.scenario.seeding.brief_similarity
        )
        self._copies: NDArray[np.uint64] = np.zeros(0, np.uint64)
        """Addresses of the videos whose content had come out before, sorted."""
        self._at_risk = np.zeros((3, 0), np.int64)
        """(3, n) account << 32 | person, address and last hour of each follow."""
        self._erased = np.zeros(0, np.int64)
        """Those that the next verdicts end, by account << 32 | person."""
        self._cleanings = 0

    def act(self, run: Run, published: NDArray[Any]) -> None:
        """Notes which of the hour's videos are same content."""
        if not published.size:
            return
        before = self._alike.before(
            run.hour, run.posts.contents[run.due].tolist(),
            run.accounts.seeded[published["planner"]].tolist(),
        )  # fmt: skip
        copies = published["key"][np.array(before) >= self._terms.alike_from]
        self._copies = np.sort(np.concatenate([self._copies, copies]))

    def settle(self, run: Run) -> None:
        """Keeps the hour's follows that are at risk; cleans when it is time."""
        self._note(run.heard(WON), run.hour)
        self._erased = np.zeros(0, np.int64)
        if not is_cleaned(run.hour, self._terms.interval_d) or run.hour + 1 >= run.scenario.run.hours:
            return
        follows = self._at_risk[:, self._at_risk[_ENDS] > run.hour]
        words = drawn(follows[_KEY].view(np.uint64), ERASE + np.int64(self._cleanings))
        erased = (words & _LOW) < np.uint64(threshold(self._terms.share))
        self._cleanings += 1
        self._at_risk, self._erased = follows[:, ~erased], follows[_PAIR, erased]
        accounts = self._erased >> _HALF
        run.counts.book(run.hour, ERASED, np.bincount(accounts, minlength=len(run.accounts.rows)))

    def verdict(self, run: Run) -> NDArray[Any]:
        """The follows that are erased end."""
        if not self._erased.size:
            return NO_VERDICTS
        return verdicts(LEAVE, self._erased & np.int64(_LOW), self._erased >> _HALF)

    def summary(self, run: Run) -> dict[str, Any]:
        """Follows erased, which are part of the unfollows."""
        return {"erased": int(run.counts.by_account(ERASED).sum())} if self.at_work else {}

    def _note(self, new: NDArray[Any], hour: int) -> None:
        """Takes new follows in; of a person and account the latest counts."""
        if not new.size:
            return
        pairs, keys = new["what"] << _HALF | new["person"], new["value"].view(np.uint64)
        kept = self._at_risk[:, ~among(self._at_risk[_PAIR], pairs)]
        mine = np.isin(won_by(keys, new["person"]), self._copies)
        more = np.array([pairs[mine], keys[mine].view(np.int64), self._ends.of(keys[mine], hour)])
        self._at_risk = np.concatenate([kept, more], axis=1)
