"""What accounts cost (M15), and the race between them (M16): posts move to those whose trial posts did best.

Takes the hour's videos and the counts so far; gives bookings, and other publishers of posts to come. Knows
nothing of an account but what has been counted. Which accounts there are stands in scenario/structures.py.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.analysis.warned import Warned, warned
from sim.hour.run import Mechanism, Run
from sim.language.vocabulary import COUNTS
from sim.rules.structures import account_fen, is_moved
from sim.scenario.structure import MONTH_H
from sim.scenario.structures import kind_of, subs_of

DAY_H = 24
"""Accounts are paid a day ahead, so that those that a race gives up cost nothing from the next day on."""


class Decided(NamedTuple):
    """How a race ended."""

    hour: int
    kept: tuple[int, ...]
    """accounts, the best first"""


class Structure(Mechanism):
    """Accounts cost by the month while they publish; a race is decided once."""

    rows = "M15 M16"

    def __init__(self, run: Run) -> None:
        self._terms = terms = run.scenario.structure
        brand = run.accounts.own
        self._paid = brand & (np.bincount(run.posts.publisher, minlength=brand.size) > 0)
        """(A,) the brand's accounts that publish in this run, less those that a race has given up."""
        self._month_fen = round(100 * terms.cost_per_account_cny)
        number = {row.id: k for k, row in enumerate(run.accounts.rows)}
        racing = kind_of(run.scenario) == "race"
        self._racing = [number[account.id] for account in subs_of(run.scenario)] if racing else []
        """Accounts of a race that is not decided yet."""
        self.at_work = bool(self._month_fen or self._racing)
        self._trial: dict[int, list[int]] = {k: [] for k in self._racing}
        """account → videos that it is judged by"""
        self._ends: int | None = None
        """Hour of the decision, once every account has posted its trial."""
        self._decided: Decided | None = None

    def act(self, run: Run, published: NDArray[Any]) -> None:
        """Accounts are paid at the beginning of each day of the run; the posts of a trial are noted."""
        hour, hours = run.hour, run.scenario.run.hours
        if self._month_fen and hour % DAY_H == 0:
            whole = account_fen(self._month_fen, MONTH_H, min(hour + DAY_H, hours))
            day = whole - account_fen(self._month_fen, MONTH_H, hour)
            run.ledger.book(hour, "accounts", np.where(self._paid, day, 0))
        if self._ends is None and self._racing and published.size:
            self._note(run, published)

    def _note(self, run: Run, published: NDArray[Any]) -> None:
        first, wanted = run.videos.size - published.size, self._terms.trial_posts
        for video, author in enumerate(published["author"].tolist(), first):
            if author in self._trial and len(self._trial[author]) < wanted:
                self._trial[author].append(video)
        if all(len(videos) == wanted for videos in self._trial.values()):
            self._ends = run.hour + self._terms.trial_wait_h

    def settle(self, run: Run) -> None:
        """Decides the race by what has been counted by now, and moves the posts to come."""
        if self._ends is None or self._decided is not None or run.hour < self._ends:
            return
        judged = "impressions" if self._terms.judge == "views" else self._terms.judge
        counts = run.tally.videos[:, :, COUNTS.index(judged)].sum(axis=1)
        won = {k: int(counts[self._trial[k]].sum()) for k in self._racing}
        kept = sorted(self._racing, key=lambda k: (-won[k], k))[: self._terms.keep]
        self._decided = Decided(run.hour, tuple(kept))
        self._move(run, kept)

    def _move(self, run: Run, kept: list[int]) -> None:
        posts, losers = run.posts, np.setdiff1d(self._racing, kept)
        to_come = np.flatnonzero((posts.hour > run.hour) & np.isin(posts.publisher, losers))
        moving = [p for n, p in enumerate(to_come.tolist()) if is_moved(n, self._terms.moved_share)]
        for n, p in enumerate(moving):
            posts.publisher[p] = kept[n % len(kept)]
        if self._terms.moved_share == 1:
            self._paid[losers] = False

    def summary(self, run: Run) -> dict[str, Any]:
        """When a race was decided, whom it kept, whether the luckiest is among them (where luck is known)."""
        if not self._trial:
            return {}
        if self._decided is None:
            return {"race_hour": None, "race_kept": None, "race_right": None}
        names = [run.accounts.rows[k].id for k in self._decided.kept]
        return {
            "race_hour": self._decided.hour,
            "race_kept": ", ".join(names),
            "race_right": self.is_right(run, run.luck_dex),
        }

    def is_right(self, run: Run, luck: NDArray[np.float64] | None) -> int | None:
        """Whether the luckiest account of the race was kept, 0 or 1; None while it is open, or luck is one.

        Args:
            run: of the race.
            luck: (A,) of each account; None where it is not known.
        """
        if self._decided is None or luck is None or np.ptp(luck[self._racing]) == 0:
            return None
        return int(max(self._racing, key=lambda k: float(luck[k])) in self._decided.kept)

    def warnings(self, run: Run) -> list[Warned]:
        """That the run ended before the race did."""
        if not self._trial or self._decided is not None:
            return []
        short = sum(len(videos) < self._terms.trial_posts for videos in self._trial.values())
        if short:
            return [
                warned(
                    "race_undecided",
                    None,
                    lambda words: words(
                        "The race was not decided: within {hours} h {short} of {racing} accounts had "
                        "fewer than {trial} posts (structure.trial_posts), so no post has moved.",
                        hours=run.hour, short=short, racing=len(self._trial), trial=self._terms.trial_posts,
                    ),
                )
            ]  # fmt: skip
        return [
            warned(
                "race_undecided",
                None,
                lambda words: words(
                    "The race was not decided: the run ended before the {wait} h after the trial were "
                    "over (structure.trial_wait_h), so no post has moved.",
                    wait=self._terms.trial_wait_h,
                ),
            )
        ]
