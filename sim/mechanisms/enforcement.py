"""Enforcement (X6): once a day the platform looks at what gives a matrix away, and acts on health.

Takes the links and the posts of the brand's accounts; gives a standing by the health of the account on whose
page a video is. A post beyond the cap of its account is shown to nobody. Creators are no part of a matrix.
The draw of a day is an account's own, so plans under one seed share the luck of being looked at. What was to
be expected is kept by link and by post, so that one can see what carries the risk, and what was withheld.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.analysis.warned import Warned, warned
from sim.hour.run import Mechanism, Run
from sim.platform.protocol import Standing, Throughout
from sim.rules.addresses import ENFORCE
from sim.rules.draws import low32, root_key, subkey, threshold
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
from sim.world.board import IMPRESSIONS, JUDGED, TO_FANS

DAY_H = 24
Signs = dict[str, float]
"""Post → how much it gives away [0..1]."""
RELATIONS = ("follow", "like", "mention", "comment")
"""Channels by which accounts drain to one another; reposts, shared topics and co-creation are sanctioned."""
VIOLATIONS = "violations"
"""Of MEASURES."""
RISKIEST = 10
"""Posts that the summary names (chosen)."""


class Out(NamedTuple):
    """A post that came out."""

    hour: int
    account: int
    content: int
    name: str
    """planner#number"""


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
        self._exposure = Throughout()
        self._expected = np.zeros(3)
        """Violations that were to be expected so far, by signal …"""
        self._by_relation = np.zeros(len(RELATIONS))
        """… of those by links, which kind of link gave them …"""
        self._by_post: defaultdict[str, float] = defaultdict(float)
        """… and of those by similarity and synchrony, which post."""
        self._share = np.zeros(0)
        """(V,) share of its impressions that each video keeps this hour."""
        self._shown_before = np.zeros(0, np.int64)
        self._withheld = 0.0

    def standing(self, run: Run) -> Standing:
        """Less for the videos of accounts in bad health, nothing for posts beyond their cap."""
        self._note(run)
        authors = run.videos.rows["author"]
        share = np.array([shown_share(points, self._terms.cut) for points in self.points.tolist()])[authors]
        share[list(self._capped)] = 0.0
        self._share = share
        return self._exposure.standing(share)

    def settle(self, run: Run) -> None:
        """Adds up what was withheld, and looks at the accounts at the end of a day."""
        self._withhold(run)
        if (run.hour + 1) % DAY_H:
            return
        first = run.hour - self._terms.window_d * DAY_H
        self._recent = [out for out in self._recent if out.hour > first]
        copied, together = self._signals()
        found = np.zeros(self.points.size, np.int64)
        weights = self._terms.weights
        for k in self._own:
            relation, signs = self._relation[k], (copied[k], together[k])
            similarity, synchrony = (_mean(sign.values()) for sign in signs)
            signals = float(relation.sum()), similarity, synchrony
            chance = detection_probability(self._terms.hazard, rate(*signals, weights))
            parts = _parts(signals, weights, chance)
            self._expected += parts
            self._by_relation += _dealt(parts[0], relation)
            for part, sign in zip(parts[1:].tolist(), signs, strict=True):
                for name, own in zip(sign, _dealt(part, np.array([*sign.values()])).tolist(), strict=True):
                    self._by_post[name] += own
            found[k] = low32(subkey(self._keys[k], run.today)) < threshold(chance)
            self.points[k] = points_after(
                self.points[k], int(found[k]), self._terms.points, self._terms.won_back
            )
        run.counts.book(run.hour, VIOLATIONS, found)

    def summary(self, run: Run) -> dict[str, Any]:
        """Violations found, and expected by what gives the matrix away; health at the end; what it cost.

        `impressions_withheld` are those that limited accounts' videos would have had beside those that they
        had, hour by hour; what more exposure would have earned by itself, and posts that nobody was shown,
        are beyond it.
        """
        if not self.at_work:
            return {}
        names = [account.id for account in run.accounts.rows]
        expected = dict(
            zip(("relation", "similarity", "synchrony"), self._expected.round(4).tolist(), strict=True)
        )
        return {
            VIOLATIONS: int(run.counts.by_account(VIOLATIONS).sum()),
            "health": {names[k]: round(float(self.points[k]), 2) for k in self._own},
            "violations_expected": expected,
            "relations_expected": dict(zip(RELATIONS, self._by_relation.round(4).tolist(), strict=True)),
            "riskiest_posts": [{"post": name, "expected": round(own, 4)} for name, own in self._riskiest()],
            "impressions_withheld": round(self._withheld),
            "posts_capped": len(self._capped),
        }

    def _riskiest(self) -> list[tuple[str, float]]:
        found = sorted(self._by_post.items(), key=lambda post: (-post[1], post[0]))
        return [post for post in found if post[1] > 0.0][:RISKIEST]

    def _withhold(self, run: Run) -> None:
        """What the videos of this hour would have been shown, less what they were."""
        shown = run.tally.videos[:, [JUDGED, TO_FANS], IMPRESSIONS].sum(axis=1)
        before = np.append(self._shown_before, np.zeros(shown.size - self._shown_before.size, np.int64))
        limited = (self._share > 0.0) & (self._share < 1.0)
        self._withheld += float(((shown - before)[limited] * (1.0 / self._share[limited] - 1.0)).sum())
        self._shown_before = shown

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
        rows = zip(run.opening[["author", "planner", "number"]].tolist(), contents, strict=True)
        for at, ((author, planner, number), content) in enumerate(rows):
            if not run.accounts.own[author]:
                continue
            name = f"{run.accounts.rows[planner].id}#{number}"
            self._recent.append(Out(run.hour, author, content, name))
            if self.points[author] >= LIMITED:
                continue
            hours = self._shown[author]
            a_day, a_week = (sum(run.hour - hour < span for hour in hours) for span in (DAY_H, 7 * DAY_H))
            if self.points[author] <= 0.0 or a_day >= POSTS_A_DAY or a_week >= POSTS_A_WEEK:
                self._capped.add(first + at)
            else:
                hours.append(run.hour)

    def _signals(self) -> tuple[defaultdict[int, Signs], defaultdict[int, Signs]]:
        """By account and recent post: whether it repeats a sister's, and share of the sisters beside it."""
        sisters = max(1, len(self._own) - 1)
        before: defaultdict[int, set[int]] = defaultdict(set)
        at: defaultdict[int, set[int]] = defaultdict(set)
        for out in self._recent:
            at[out.hour].add(out.account)
        copies: defaultdict[int, Signs] = defaultdict(dict)
        together: defaultdict[int, Signs] = defaultdict(dict)
        for out in self._recent:
            copies[out.account][out.name] = float(bool(before[out.content] - {out.account}))
            before[out.content].add(out.account)
            together[out.account][out.name] = (len(at[out.hour]) - 1) / sisters
        return copies, together


def _mean(values: Iterable[float]) -> float:
    """0 of none."""
    found = [*values]
    return float(np.mean(found)) if found else 0.0


def _dealt(whole: float, among: NDArray[np.float64]) -> NDArray[np.float64]:
    """A whole in proportion to something; nothing where there is none."""
    total = among.sum()
    dealt: NDArray[np.float64] = whole * among / total if total else np.zeros(among.size)
    return dealt


def _relation(run: Run, own: list[int]) -> dict[int, NDArray[np.float64]]:
    """Share of an account's sisters to whom it is tied, in either direction, by RELATIONS.

    A pair that is tied by several counts once, in equal parts.
    """
    number = {run.accounts.rows[k].id: k for k in own}
    tied: defaultdict[tuple[int, int], set[str]] = defaultdict(set)
    for edge in run.accounts.edges:
        if edge.channel in RELATIONS and edge.source in number and edge.target in number:
            one, other = sorted((number[edge.source], number[edge.target]))
            tied[one, other].add(edge.channel)
    found = {k: np.zeros(len(RELATIONS)) for k in own}
    for pair, channels in tied.items():
        part = np.array([channel in channels for channel in RELATIONS]) / len(channels)
        for k in pair:
            found[k] += part / max(1, len(own) - 1)
    return found


def _parts(signals: tuple[float, ...], weights: tuple[float, ...], chance: float) -> NDArray[np.float64]:
    """What of a chance falls to each signal."""
    parts = np.array(signals) * weights
    whole: NDArray[np.float64] = parts * (chance / parts.sum()) if parts.any() else parts
    return whole
