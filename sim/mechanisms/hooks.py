"""Hooks and prompts (P11): openings, calls, planted comments and posts in two parts lift single rates.

Takes the hour's videos; gives a lift on each, for its life. Which posts have which hooks is the plan's,
evenly spaced, so it is the same whoever publishes them; a hook wears out by its use on the page where it
appears. That one person has met too much of the brand is the tiredness that all responses know already.
Creators' posts have their own manner and none of the brand's hooks.
"""

from collections import defaultdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.hour.run import Mechanism, Run
from sim.rules.crowding import place
from sim.rules.draws import ONE_16
from sim.rules.hooks import HOOKS, worn
from sim.rules.links import is_chosen
from sim.world.posts import phase_of

DAY_H = 24


class Hooks(Mechanism):
    """Remembers which account used which hook when."""

    rows = "P11"

    def __init__(self, run: Run) -> None:
        terms = run.scenario.hooks
        self.at_work = any(terms.shares)
        self._hooks = tuple(zip(HOOKS, terms.shares, terms.lifts, strict=True))
        self._floor, self._left, self._window = terms.worn_out, terms.left, terms.window_d * DAY_H
        self._phases = [[phase_of(f"{row.id} {hook}") for hook in HOOKS] for row in run.accounts.rows]
        """By planner: where its posts with each hook lie, so that two hooks are not always on one post."""
        self._used: defaultdict[tuple[int, str], list[int]] = defaultdict(list)
        """Hours of the posts of the window, by account and hook."""
        self._factors = np.zeros((0, len(HOOKS)), np.uint64)
        """(V, 6) 16.16."""

    def act(self, run: Run, published: NDArray[Any]) -> None:
        """The hour's posts get their factors."""
        if not published.size:
            return
        new = [self._of(row["author"], row["planner"], row["number"], run) for row in published]
        self._factors = np.concatenate([self._factors, np.rint(np.array(new) * ONE_16).astype(np.uint64)])

    def lift(self, run: Run) -> NDArray[np.uint64]:
        """The factors of all videos."""
        return self._factors

    def _of(self, author: int, planner: int, number: int, run: Run) -> list[float]:
        factors = [1.0] * len(HOOKS)
        if run.accounts.own[author]:
            for k, (hook, share, lift) in enumerate(self._hooks):
                if is_chosen(number, self._phases[planner][k], share):
                    uses = place(self._used[author, hook], run.hour, self._window) - 1
                    factors[k] = worn(lift, self._floor, self._left, uses)
        return factors
