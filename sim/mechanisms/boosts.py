"""Boosts (A1): money becomes paid impressions of a post, hour by hour, and is booked as they are shown.

Takes the hour's videos and the counts; gives quotas for strangers, as the post's topics aim, and bookings.
The platform does not judge a video on what was bought, so a boost brings no organic lift; who was reached
that way is not shown the video again. Paid places are the platform's own: the feed's slots do not bind them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.analysis.warned import Warned, warned
from sim.hour.run import Mechanism, Run
from sim.language.numbers import spelt, to_the_fen
from sim.language.vocabulary import ORIGINS
from sim.language.words import N_, Language
from sim.rules.boosts import bought, cost_fen, due
from sim.rules.draws import threshold
from sim.scenario.campaign import Phase
from sim.scenario.names import account_names
from sim.scenario.notes import readable
from sim.scenario.paid import Boost
from sim.world.board import IMPRESSIONS, OTHER
from sim.world.offers import NO_OFFERS, QUOTA, offers

PAID = ORIGINS.index("paid")


@dataclass
class _Booked:
    """A boost at work."""

    terms: Boost
    account: int
    planner: int
    inside: int
    """impressions bought inside the audience"""
    outside: int
    """and outside"""
    wave: str = ""
    """of the campaign, whose end is its end; '' for a boost by itself"""
    hours: int = 0
    """over which it is shown, from its beginning"""
    video: int = -1
    """its video, once it is out"""
    begin: int = -1
    """hour from which it is shown"""
    asked: int = 0
    """of this hour, inside"""
    shown: int = 0
    """so far, inside"""
    shown_outside: int = 0

    @property
    def cpm_fen(self) -> int:
        return round(100 * self.terms.cpm_cny)

    @property
    def spent_fen(self) -> int:
        return cost_fen(self.shown + self.shown_outside, self.cpm_fen)

    def is_over(self, hour: int) -> bool:
        """Whether its hours lie before this one."""
        return self.video >= 0 and hour >= self.begin + self.hours


class Boosts(Mechanism):
    """Bought impressions of single posts; a boost without money is none."""

    rows = "A1"

    def __init__(self, run: Run) -> None:
        number = {row.id: k for k, row in enumerate(run.accounts.rows)}
        share = int(threshold(run.scenario.platform.inside_share))
        self._boosts: list[_Booked] = []
        for wave, terms in (*(("", boost) for boost in run.scenario.paid.boosts), *_promotions(run)):
            whole = bought(round(100 * terms.budget_cny), round(100 * terms.cpm_cny))
            inside = whole * share >> 32
            if whole:
                payer, planner = number[terms.account], number[terms.planner]
                self._boosts.append(_Booked(terms, payer, planner, inside, whole - inside, wave))
        self.at_work = bool(self._boosts)
        self._open, self._now = self._boosts, list[_Booked]()
        """Boosts that are not over yet, and those of this hour."""
        self._most = run.population.users.size
        self._by_account: NDArray[np.int64] = np.zeros(len(number), np.int64)
        """(A,) paid impressions so far."""
        self._others: dict[int, int] = {}
        """Impressions of this hour's boosted videos before it, of those that the platform does not judge."""

    def act(self, run: Run, published: NDArray[Any]) -> None:
        """Boosts find their posts."""
        if not published.size:
            return
        first = run.videos.size - published.size
        plans = zip(published["planner"].tolist(), published["number"].tolist(), strict=True)
        out = {post: video for video, post in enumerate(plans, first)}
        for boost in self._open:
            if (video := out.get((boost.planner, boost.terms.number))) is not None:
                begin, hours = max(run.hour, boost.terms.start_hour), boost.terms.hours
                late = begin - boost.terms.start_hour if boost.wave else 0
                boost.video, boost.begin, boost.hours = video, begin, max(0, hours - late)

    def offer(self, run: Run) -> NDArray[Any]:
        """What is due by the end of the hour and has not been shown, one quota a boost."""
        self._open = [boost for boost in self._open if not boost.is_over(run.hour)]
        self._now = [boost for boost in self._open if 0 <= boost.begin <= run.hour]
        if not self._now:
            return NO_OFFERS
        for boost in self._now:
            goal = due(boost.inside, run.hour - boost.begin, boost.hours)
            boost.asked = min(goal - boost.shown, self._most)
        asking = [boost for boost in self._now if boost.asked]
        tally = run.responder.tally().videos
        self._others = {b.video: int(tally[b.video, OTHER, IMPRESSIONS]) for b in asking}
        shown = np.array([b.video for b in asking], np.int64)
        makers = run.videos.rows["maker"][shown]
        return offers(shown, QUOTA, PAID, OTHER, quota=[b.asked for b in asking], whose=makers)

    def awaited(self) -> NDArray[np.int64]:
        """Videos that are being boosted."""
        return np.array([boost.video for boost in self._now], np.int64)

    def kept(self) -> NDArray[np.int64]:
        """Videos whose boost is still to come."""
        return np.array([boost.video for boost in self._open if boost.video >= 0], np.int64)

    def settle(self, run: Run) -> None:
        """Counts what was shown, and books it.

        An account's paid impressions are counted exactly. Where several of its videos are boosted in one hour
        they are handed to the boosts in order, none more than it asked for or its video was shown.
        """
        if not self._now:
            return
        tally, fen = run.tally, np.zeros(self._by_account.size, np.int64)
        by_account = tally.accounts[:, PAID, IMPRESSIONS].copy()
        came = by_account - self._by_account
        self._by_account = by_account
        left = {v: int(tally.videos[v, OTHER, IMPRESSIONS]) - before for v, before in self._others.items()}
        for boost in self._now:
            author, before = run.videos.rows["author"][boost.video], boost.spent_fen
            got = min(boost.asked, int(came[author]), left.get(boost.video, 0))
            goal = due(boost.outside, run.hour - boost.begin, boost.hours)
            run.marks["paid"][boost.video] += got
            run.marks["outside"][boost.video] += goal - boost.shown_outside
            boost.shown, boost.shown_outside = boost.shown + got, goal
            came[author] -= got
            left[boost.video] = left.get(boost.video, 0) - got
            fen[boost.account] += boost.spent_fen - before
        run.ledger.book(run.hour, "boosts", fen)

    def warnings(self, run: Run) -> list[Warned]:
        """Money that could not be spent, and why; of a wave in one sum."""
        waves = [wave for wave in run.scenario.campaign.phases if wave.budget_cny]
        parts = [[boost for boost in self._boosts if boost.wave == wave.name] for wave in waves]
        return [
            *(_unspent(boost, run) for boost in self._boosts if _left(boost) and not boost.wave),
            *(
                _unspent_of_wave(wave, boosts)
                for wave, boosts in zip(waves, parts, strict=True)
                if not boosts or any(map(_left, boosts))
            ),
        ]


def _promotions(run: Run) -> list[tuple[str, Boost]]:
    """Wave and boost: the budgets of a campaign's waves, an equal part for each post that a wave promotes.

    Parts are whole fen, equal but for one: rounded each by itself, they would come to more than the budget.
    """
    campaign, posts = run.scenario.campaign, run.posts
    names = [row.id for row in run.accounts.rows]
    payer = next((row.id for row in run.scenario.accounts if row.role == "main"), names[0])
    found = []
    for k, wave in enumerate(campaign.phases):
        promoted = np.flatnonzero(np.isin(posts.waves, campaign.promoted_by(k)))
        fen, count = round(100 * wave.budget_cny), promoted.size
        parts = [fen * (k + 1) // count - fen * k // count for k in range(count)]
        for planner, number, part_fen in zip(
            posts.planner[promoted], posts.number[promoted], parts, strict=True
        ):
            if not part_fen:
                continue
            part = Boost.model_construct(
                account=payer, post=f"{names[planner]}#{number}",
                start_hour=wave.start_hour, hours=wave.hours,
                budget_cny=part_fen / 100, cpm_cny=campaign.cpm_cny,
            )  # fmt: skip
            found.append((wave.name, part))
    return found


def _left(boost: _Booked) -> int:
    """Impressions that were bought and not shown."""
    return boost.inside + boost.outside - boost.shown - boost.shown_outside


def _unspent(boost: _Booked, run: Run) -> Warned:
    reason = N_("nobody in the audience was left to be shown the video")
    if boost.video < 0:
        reason = N_("the post was not out before the end of the run")
    elif boost.begin + boost.hours > run.hour:
        reason = N_("the run ended before the boost did")
    budget = round(100 * boost.terms.budget_cny)
    return warned(
        "budget_unspent",
        None,
        lambda words: words(
            "Boost of post {number} of {account}: {left} of {budget} CNY were not spent and are not "
            "charged: {reason}.",
            account=_called(boost.terms.planner, run, words.language),
            number=boost.terms.number + 1,
            left=to_the_fen((budget - boost.spent_fen) / 100),
            budget=to_the_fen(budget / 100),
            reason=words(reason),
        ),
    )


def _unspent_of_wave(wave: Phase, boosts: Sequence[_Booked]) -> Warned:
    left = wave.budget_cny - sum(boost.spent_fen for boost in boosts) / 100
    count = sum(_left(boost) > 0 for boost in boosts)
    return warned(
        "budget_unspent",
        None,
        lambda words: words(
            "Promotion of the wave {wave}: {left} of {budget} CNY were not spent and are not charged; "
            "{count} posts were not out in time, or nobody was left to be shown them.",
            wave=wave.name, left=to_the_fen(left), budget=to_the_fen(wave.budget_cny),
            count=spelt(count, words.language),
        )
        if boosts
        else words(
            "Promotion of the wave {wave}: there is no post that it would promote, or no impression for "
            "each; its {budget} CNY are not charged.",
            wave=wave.name, budget=to_the_fen(wave.budget_cny),
        ),
    )  # fmt: skip


def _called(account: str, run: Run, language: Language) -> str:
    return readable(account_names(tuple(row.id for row in run.accounts.rows), language)[account])
