"""What posts and creators cost (M14, K2): production of own posts as they appear, fees as they are booked.

Takes the hour's posts; gives bookings. Material that the brand has posted before costs only a further form
of it, work overtime more than the usual; which posts the team could not make in time the plan knows
(world/capacity.py), here it is said. A seeded creator is booked for one post and paid from the start, also
where the run ends before it; the fee of one who never posts comes back, the handling is lost.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.analysis.warned import Warned, warned
from sim.hour.run import Mechanism, Run
from sim.language.numbers import percent
from sim.language.words import Words
from sim.rules.capacity import overtime_cost
from sim.world.capacity import is_known
from sim.world.posts import planned
from sim.world.reliability import absent


class Production(Mechanism):
    """Cost of posts, borne by the account that planned them, whoever publishes."""

    rows = "M14 K2"

    def __init__(self, run: Run) -> None:
        accounts, posts = run.accounts.rows, run.posts
        self._per_post = np.array([round(100 * a.cost_per_post_cny) for a in accounts], np.int64)
        terms = run.scenario.production
        share = terms.variant_cost_share
        again = np.array([round(100 * a.cost_per_post_cny * share) for a in accounts], np.int64)
        own = run.accounts.own[posts.planner]
        made = np.where(is_known(posts.contents, own), again[posts.planner], self._per_post[posts.planner])
        if terms.beyond == "overtime":
            more = [overtime_cost(done, terms.overtime_cost_factor) for done in posts.done.tolist()]
            made = np.rint(made * np.array(more)).astype(np.int64)
        made[run.accounts.seeded[posts.planner]] = 0
        self._fen = dict(zip(posts.keys.tolist(), made.tolist(), strict=True))
        """post → what it costs [fen]; creators are paid by the head, and later posts by who adds them"""
        shows_up = ~absent(run.scenario, run.accounts, run.seed)
        handling = round(100 * run.scenario.seeding.market.handling_cny)
        self._booked = np.where(shows_up, self._per_post, 0) + handling

    def act(self, run: Run, published: NDArray[Any]) -> None:
        """Own posts cost when they appear, creators before the first hour."""
        seeded = run.accounts.seeded
        if published.size:
            cost = np.zeros(seeded.size, np.int64)
            np.add.at(
                cost, published["planner"], [self._fen.get(key, 0) for key in published["key"].tolist()]
            )
            run.ledger.book(run.hour, "posts", cost)
        if run.hour == 0:
            run.ledger.book(run.hour, "creators", np.where(seeded, self._booked, 0))

    def warnings(self, run: Run) -> list[Warned]:
        """That the plan is more than the team can make."""
        posts, scenario = run.posts, run.scenario
        if not scenario.production.staff:
            return []
        own = run.accounts.own[posts.planner]
        late = posts.hour > posts.intended
        short = own & (late if scenario.production.beyond == "late" else posts.done < 1)
        asked = sum(
            len(planned(scenario, account, False, run.seed))
            for k, account in enumerate(run.accounts.rows)
            if run.accounts.own[k]
        )
        missing = asked - int(own.sum())
        if not (short.any() or missing):
            return []
        hours = float((posts.hour - posts.intended)[late].mean()) if late.any() else 0.0
        return [warned("beyond_capacity", None, lambda words: _said(words, run, short, missing, hours))]


def _said(words: Words, run: Run, short: NDArray[np.bool_], missing: int, hours: float) -> str:
    """What becomes of the posts (P,) that the team could not make in time, and of those it never made."""
    if run.scenario.production.beyond == "late":
        return words(
            "The plan is more than the team can make (production.staff): {count:,} posts came out late, by "
            "{hours:.0f} h on average, and {missing:,} not before the end.",
            count=int(short.sum()), hours=hours, missing=missing,
        )  # fmt: skip
    share = percent(float(run.posts.done[short].mean()))
    if run.scenario.production.beyond == "thin":
        return words(
            "The plan is more than the team can make (production.staff): {count:,} posts went out thinner, "
            "with {share} of their work on average.",
            count=int(short.sum()), share=share,
        )  # fmt: skip
    return words(
        "The plan is more than the team can make (production.staff): {count:,} posts were finished overtime, "
        "{share} of their work done in time on average.",
        count=int(short.sum()), share=share,
    )  # fmt: skip
