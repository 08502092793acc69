"""Incubation (K5): active people come to post about the brand, over accounts of their own or a common one.

Takes the follows, shares and orders of people where they are; gives posts to come, with their cost. Whether a
person would agree hangs on the person and the seed, so plans under one seed ask the same people. A post has
its address as all have it, by its account and number: plans differ in whether and when it comes out. Fans
make the tier of the accounts, and with it the trust and awareness that their posts carry.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole, joined, record
from sim.hour.events import EVENT, FOLLOWED, ORDERED, SHARED, Heard, kind_of
from sim.hour.local_part import Answer, Local, People
from sim.hour.run import Mechanism, Run, fans_inside
from sim.rules.addresses import INCUBATE
from sim.rules.draws import root_key, subkey, threshold
from sim.rules.incubation import agrees, place_of, post_hours, turns_active
from sim.scenario.creators import tier_of
from sim.scenario.matrix import TierName
from sim.scenario.schema import Scenario
from sim.world.accounts import persuasion
from sim.world.board import CARRIED
from sim.world.few import Few
from sim.world.posts import NO_WAVE, posts_of, with_more

ACTIVE = kind_of("a person has turned active")
INCUBATED, POSTS, RISES = "incubated", "incubated_posts", "tier_changes"
"""Of MEASURES."""
DAY_H = 24
_ACTS = record([("acts", "i8")])
_NOBODY = Answer()


class Acts(Local):
    """How often each person has followed, shared or bought; tells who has turned active."""

    hears = (FOLLOWED, SHARED, ORDERED)

    def __init__(self, least: int) -> None:
        self._least = least
        self._known = Few(_ACTS)

    def end(self, people: People, heard: Mapping[Whole, Heard], hour: int) -> Answer:
        """Counts the hour's acts."""
        acting, acts = np.unique(
            np.concatenate([heard[kind].person for kind in self.hears]), return_counts=True
        )
        if not acting.size:
            return _NOBODY
        rows = self._known.enter(acting)
        before = self._known.rows["acts"][rows]
        self._known.rows["acts"][rows] = now = before + acts
        pairs = zip(before.tolist(), now.tolist(), strict=True)
        new = acting[[turns_active(*pair, self._least) for pair in pairs]]
        told = np.zeros(new.size, EVENT)
        told["kind"], told["person"] = ACTIVE, new
        return Answer(events=told)


class Incubation(Mechanism):
    """Asks whoever has turned active, and lays their posts into the plan."""

    rows = "K5"

    @classmethod
    def local(cls, scenario: Scenario) -> Local | None:
        """What counts acts, where anybody can be raised."""
        return None if scenario.incubation.is_off() else Acts(scenario.incubation.threshold)

    def __init__(self, run: Run) -> None:
        self._terms = terms = run.scenario.incubation
        self.at_work = not terms.is_off()
        self._base, self._share = root_key(run.seed, INCUBATE), threshold(terms.share)
        added = [account.id for account in terms.accounts_added(run.scenario)]
        ids = [account.id for account in run.accounts.rows]
        self._first = ids.index(added[0]) if added else len(ids)
        """Number of the first of their accounts …"""
        self._end = self._first + len(added)
        """… and of the first behind them."""
        self._raised = 0
        """People so far."""
        self._planned = np.zeros(len(run.accounts.rows), np.int64)
        """(A,) posts that each account has been given so far."""
        self._fans = np.array([row.fans for row in self._own(run.accounts.rows)], np.int64)
        """Of their accounts, over the whole platform …"""
        self._inside = self._own(np.array(fans_inside(run.scenario, run.accounts), np.int64))
        """… and of these inside the audience, both at the start."""
        self._tiers: list[TierName | None] = [row.tier for row in self._own(run.accounts.rows)]

    def _own(self, by_account: Any) -> Any:
        """Of a row an account, theirs."""
        return by_account[self._first : self._end]

    def act(self, run: Run, published: NDArray[Any]) -> None:
        """Their posts cost when they come out."""
        planner = published["planner"]
        if not (own := planner[(planner >= self._first) & (planner < self._end)]).size:
            return
        posts = np.bincount(own, minlength=self._planned.size)
        run.counts.book(run.hour, POSTS, posts)
        run.ledger.book(run.hour, "creators", posts * round(100 * self._terms.cost_per_post_cny))

    def settle(self, run: Run) -> None:
        """Of those who have turned active this hour, who agrees posts in hours to come."""
        asked = run.heard(ACTIVE)["person"].tolist()
        agreed = sum(agrees(subkey(self._base, person), self._share) for person in asked)
        last = min(self._raised + agreed, self._terms.most)
        places = [self._first + place_of(n, self._terms.accounts) for n in range(self._raised, last)]
        self._raised = last
        if places:
            run.counts.book(run.hour, INCUBATED, np.bincount(places, minlength=self._planned.size))
            self._plan(run, places)
        if (run.hour + 1) % DAY_H == 0:
            self._change_tiers(run)

    def _change_tiers(self, run: Run) -> None:
        """What an account carries is its tier's, which its fans say at the end of each day."""
        tiers = run.scenario.seeding.tiers
        fans = self._fans + self._own(run.responder.fans()) - self._inside
        now: list[TierName | None] = [tier_of(n, tiers) for n in fans.tolist()]
        changed = [n for n, pair in enumerate(zip(now, self._tiers, strict=True)) if pair[0] != pair[1]]
        if not changed:
            return
        rows = np.zeros(len(changed), CARRIED)
        rows["account"] = self._first + np.array(changed)
        carried = (persuasion(run.scenario, now[n], False) for n in changed)
        rows["moves"], rows["trust_gain"] = map(list, zip(*carried, strict=True))
        self._tiers, run.carried = now, joined(CARRIED, [run.carried, rows])
        run.counts.book(run.hour, RISES, np.bincount(rows["account"], minlength=self._planned.size))

    def _plan(self, run: Run, places: list[int]) -> None:
        """Gives each account (n,) of those who agreed this hour its posts, if they come before the end."""
        hours = post_hours(run.hour, self._terms.posts, self._terms.every_h)
        rows = []
        for hour in (hour for hour in hours if hour < run.scenario.run.hours):
            for k in places:
                rows.append((hour, k, int(self._planned[k]), NO_WAVE))
                self._planned[k] += 1
        if rows:
            run.posts = with_more(
                run.posts,
                posts_of(run.scenario, run.accounts, run.seed, sorted(rows)),
                run.scenario.run.hours,
            )

    def summary(self, run: Run) -> dict[str, Any]:
        """People raised, their posts that came out, and how often an account came to another tier."""
        if not self.at_work:
            return {}
        return {name: int(run.counts.by_account(name).sum()) for name in (INCUBATED, POSTS, RISES)}
