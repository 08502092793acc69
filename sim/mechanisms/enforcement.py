"""Enforcement (X6): once a day the platform looks at what gives a matrix away, and acts on health.

Takes the links and the posts of the brand's accounts; gives a standing by the health of the account on whose
page a video is. A post beyond the cap of its account is shown to nobody. Creators are no part of a matrix.
The draw of a day is an account's own, so plans under one seed share the luck of being looked at.
"""

from collections import defaultdict
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.analysis.warned import Warned, warned
from sim.hour.run import Mechanism, Run
from sim.platform.protocol import Standing
from sim.rules.draws import ENFORCE, low32, root_key, subkey, threshold
from sim.rules.enforcement import (
    LIMITED,
    POSTS_A_DAY,
    POSTS_A_WEEK,
    WHOLE,
    detection_probability,
    points_after,
    rate,
    shown_share,
)

DAY_H = 24
RELATIONS = ("follow", "like", "mention")
VIOLATIONS = "violations"
"""Of MEASURES."""


class Out(NamedTuple):
    """A post that came out."""

    hour: int
    account: int
    content: int


class Enforcement(Mechanism):
    """Looks at a matrix once a day, and remembers each account's health."""

    rows = "X6"

    def __init__(self, run: Run) -> None:
        self._terms, accounts = run.scenario.enforcement, run.accounts
        self.at_work = self._terms.hazard > 0.0
        self._own = np.flatnonzero(accounts.own).tolist()
        self.points = np.full(len(accounts.rows), float(WHOLE))
        """(A,) health."""
        base = root_key(run.seed, ENFORCE)
        self._keys = {k: subkey(base, accounts.keys[k]) for k in self._own}
        self._relation = _relation(run, self._own)
        self._recent: list[Out] = []
        """Posts of the window, in order."""
        self._capped: set[int] = set()
        """Videos beyond the cap of their account."""
        self._shown: defaultdict[int, list[int]] = defaultdict(list)
        """Hours of the posts that a capped account has had shown."""
        self._expected = np.zeros(3)
        """Violations that were to be expected so far, by signal."""

    def standing(self, run: Run) -> Standing | None:
        """Less for the videos of accounts in bad health, nothing for posts beyond their cap."""
        self._note(run)
        if (self.points[self._own] >= LIMITED).all() and not self._capped:
            return None
        authors = run.videos.rows["author"]
        share = np.array([shown_share(points, self._terms.cut) for points in self.points.tolist()])[authors]
        share[list(self._capped)] = 0.0
        return Standing(share, np.ones(share.size), share)

    def settle(self, run: Run) -> None:
        """Looks at the accounts at the end of a day."""
        if (run.hour + 1) % DAY_H:
            return
        first = run.hour - self._terms.window_d * DAY_H
        self._recent = [out for out in self._recent if out.hour > first]
        copied, together = self._signals()
        found = np.zeros(self.points.size, np.int64)
        weights = self._terms.weights
        for k in self._own:
            signals = self._relation[k], copied[k], together[k]
            chance = detection_probability(self._terms.hazard, rate(*signals, weights))
            self._expected += _parts(signals, weights, chance)
            found[k] = low32(subkey(self._keys[k], run.today)) < threshold(chance)
            self.points[k] = points_after(
                self.points[k], int(found[k]), self._terms.points, self._terms.won_back
            )
        run.counts.book(run.hour, VIOLATIONS, found)

    def summary(self, run: Run) -> dict[str, Any]:
        """Health at the end, and how many violations were to be expected, by what gives the matrix away."""
        if not self.at_work:
            return {}
        names = [account.id for account in run.accounts.rows]
        expected = dict(
            zip(("relation", "similarity", "synchrony"), self._expected.round(4).tolist(), strict=True)
        )
        return {
            "health": {names[k]: round(float(self.points[k]), 2) for k in self._own},
            "violations_expected": expected,
            "posts_capped": len(self._capped),
        }

    def warnings(self, run: Run) -> list[Warned]:
        """That posts were shown to nobody, because their account was capped."""
        if not self._capped:
            return []
        count = f"{len(self._capped):,}"
        return [
            warned(
                "posts_capped",
                None,
                lambda words: words(
                    "{count} posts were shown to nobody: their accounts were found out as a matrix, and "
                    "below 70 points of health an account posts once a day and three times a week.",
                    count=count,
                ),
            )
        ]

    def _note(self, run: Run) -> None:
        """Remembers the hour's posts, and which of them are beyond their account's cap."""
        first = run.videos.size - run.opening.size
        contents = run.posts.contents[run.due].tolist()
        for at, (author, content) in enumerate(zip(run.opening["author"].tolist(), contents, strict=True)):
            if not run.accounts.own[author]:
                continue
            self._recent.append(Out(run.hour, author, content))
            if self.points[author] >= LIMITED:
                continue
            hours = self._shown[author]
            a_day, a_week = (sum(run.hour - hour < span for hour in hours) for span in (DAY_H, 7 * DAY_H))
            if self.points[author] <= 0.0 or a_day >= POSTS_A_DAY or a_week >= POSTS_A_WEEK:
                self._capped.add(first + at)
            else:
                hours.append(run.hour)

    def _signals(self) -> tuple[dict[int, float], dict[int, float]]:
        """Share of each account's recent posts that repeat a sister's, and how much it posts with sisters."""
        sisters = max(1, len(self._own) - 1)
        before: defaultdict[int, set[int]] = defaultdict(set)
        at: defaultdict[int, set[int]] = defaultdict(set)
        for out in self._recent:
            at[out.hour].add(out.account)
        copies: defaultdict[int, list[bool]] = defaultdict(list)
        together: defaultdict[int, list[float]] = defaultdict(list)
        for out in self._recent:
            copies[out.account].append(bool(before[out.content] - {out.account}))
            before[out.content].add(out.account)
            together[out.account].append((len(at[out.hour]) - 1) / sisters)
        return _means(copies, self._own), _means(together, self._own)


def _means(found: dict[int, list[Any]], accounts: list[int]) -> dict[int, float]:
    return {k: float(np.mean(found[k])) if found.get(k) else 0.0 for k in accounts}


def _relation(run: Run, own: list[int]) -> dict[int, float]:
    """Share of an account's sisters to whom it is tied, in either direction."""
    number = {run.accounts.rows[k].id: k for k in own}
    tied: defaultdict[int, set[int]] = defaultdict(set)
    for edge in run.accounts.edges:
        if edge.channel in RELATIONS and edge.source in number and edge.target in number:
            one, other = number[edge.source], number[edge.target]
            tied[one].add(other)
            tied[other].add(one)
    return {k: len(tied[k]) / max(1, len(own) - 1) for k in own}


def _parts(signals: tuple[float, ...], weights: tuple[float, ...], chance: float) -> NDArray[np.float64]:
    """What of a chance falls to each signal."""
    parts = np.array(signals) * weights
    whole: NDArray[np.float64] = parts * (chance / parts.sum()) if parts.any() else parts
    return whole
