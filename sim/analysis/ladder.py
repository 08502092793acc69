"""How far a video climbs the ladder of pools, in closed form (P1, P2): odds, impressions, hits.

A video in pool k is shown n times; of its hits X₁…X₅ (finished, liked, …) each is Binomial(n, p), and it
passes if its score S = Σ w · min(4, X / (n · usual)) reaches the mark m_k · C, where C is the noise of
competing supply, ln C ~ N(0, c²). With one weight and no noise that is a binomial tail, exactly:
P(X ≥ m_k · n · usual). Else the five counts are taken as independent and their parts of the score are
convolved on a grid; C is integrated in closed form.

Takes rates and the ladder's numbers as arrays; gives odds by pool and expected impressions. Left out, so
that it stays arithmetic: hours of the day, the fans' taste, fatigue, the queue for the feed's slots, and the
correlation of the five counts within one person. Draws nothing: where luck is averaged over, it is over
fixed points.

Model: odds of promotion from binomial tails: an oracle for the tests, and `theory`.
"""

from math import ceil, exp, inf, log, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import fft, special, stats

from sim.analysis.viewers import Viewers, audience_rates, responses
from sim.interrupts import deferred
from sim.rules import pools as rule
from sim.rules.engagement import ACTIONS
from sim.rules.pools import SCORED
from sim.scenario.matrix import Account
from sim.scenario.schema import Scenario
from sim.world.accounts import FIT_ONE, Accounts

Floats = NDArray[np.float64]

FOLLOW = ACTIONS.index("follow")
CELLS = 512
"""Cells of the score grid over 0..4: a cell is 0.008, against a spread of 0.3 in the first pool (chosen)."""
MOST_COUNTS = 100_000
"""Longest list of counts that one weight alone enumerates; past it the grid is finer than luck (chosen)."""
SIZE_POINTS = 3
"""Gauss-Hermite points over the noise of a pool's size: exact for a polynomial of degree 5 in its log."""


class Ladder(NamedTuple):
    """The ladder's numbers; K pools."""

    usual: Floats
    """(5,) mean rates of the category [per impression]"""
    weights: Floats
    """(5,) weights of the rates, summing to 1"""
    marks: Floats
    """(K,) pass mark of each pool [score]"""
    sizes: NDArray[np.int64]
    """(K,) impressions that each pool grants"""
    pace: NDArray[np.int64]
    """(K,) hours over which each pool is delivered [h]"""
    size_noise: float
    """sd of the natural log of a pool's size"""
    competition: float
    """sd of the natural log of the pass mark"""
    gain: float
    """how fast the next pool opens with the margin"""
    half_life: float
    """age at which a grant has halved [h]"""
    trickle: float
    """late impressions per e-fold of age, over those when promotion stopped"""
    fan_window: int
    """hours before which the first pool is not judged [h]"""
    most: float
    """impressions that no video passes: everybody has seen it"""
    fans_counted: bool = False
    """whether the follow rate is judged on fans too, who cannot follow again"""


class Odds(NamedTuple):
    """One decision, for V videos."""

    passes: Floats
    """(V,) probability of promotion"""
    opened: Floats
    """(V,) mean share of the growth to the next pool that opens, given promotion; 0 if never promoted"""


class Climb(NamedTuple):
    """The way up, for V videos over K pools."""

    reach: Floats
    """(V, K) probability of being shown in the pool; the first column is 1"""
    passes: Floats
    """(V, K) probability of promotion out of the pool, given that it was reached"""
    grants: Floats
    """(V, K) mean impressions of the pool, given that it was reached"""
    decided: Floats
    """(K,) age at which the pool is judged [h]"""

    @property
    def stops(self) -> Floats:
        """(V, K) probability that the pool is the last; a row sums to 1."""
        return np.asarray(self.reach - np.c_[self.reach[:, 1:], np.zeros(len(self.reach))])

    @property
    def pools(self) -> Floats:
        """(V,) expected number of pools that a video is shown in, ≥ 1."""
        return np.asarray(self.reach.sum(axis=1))


class First(NamedTuple):
    """A first pool's mean size, as far as it falls inside the audience."""

    size: float
    """impressions, the fans' part included"""
    recommended: float
    """impressions that do not go to fans: what the next grant grows from"""


@deferred()
def tail(impressions: int, rate: float, usual: float, mark: float) -> float:
    """The probability of promotion where one rate alone decides and nothing competes: exact.

    P(X ≥ x), X ~ Binomial(n, p), x the least count with min(4, x / (n · usual)) ≥ mark.

    Args:
        impressions: n ≥ 1, each another person.
        rate: p, mean response of the people shown it [0..1].
        usual: rate of the category [> 0].
        mark: pass mark [score].
    Returns:
        Probability [0..1].
    Source: the binomial distribution; the rule is `rules.pools.rate_score`.
    Example:
        >>> tail(2, 0.5, usual=0.5, mark=1.0)  # at least one of two
        0.75
    """
    if mark > rule.RATIO_CAP or usual <= 0:
        return 0.0
    # The rule's own float comparison finds the count: a product rounded the other way would be one off.
    least = max(0, ceil(mark * impressions * usual) - 1)
    while not rule.passes(rule.rate_score(least, impressions, usual, 1.0), mark):
        least += 1
    return float(stats.binom.sf(least - 1, impressions, rate))


@deferred()
def pass_odds(ladder: Ladder, pool: int, impressions: int, rates: Floats) -> Odds:
    """The odds of promotion out of one pool.

    P(S ≥ m · C) = Σ_s P(S = s) · Φ(ln(s / m) / c), and the share of the growth that opens, the rule's
    a + g · (s / (m · C) − 1) capped at 1, averaged over the C that promote.

    Args:
        ladder: the ladder's numbers.
        pool: which, from 0.
        impressions: judged impressions of the pool, ≥ 1.
        rates: the five mean responses of the people shown the videos [0..1], shape (V, 5).
    Returns:
        Probabilities and mean openings, shape (V,) each.
    Source: score and opening as `rules.pools`; departs: counts independent, the noise of 12 uniforms taken
        as normal, parts of the score rounded to a grid of 4 / CELLS unless one weight decides alone.
    """
    spread, mark = ladder.competition, float(ladder.marks[pool])
    values, chances = _scores(ladder, impressions, rates)
    whole = 10**9  # doubled by a full opening: what the rule adds to it is the opening of a bare pass
    bare = rule.next_grant(whole, 2.0, 1.0, ladder.gain, 1.0, 1.0) / whole - 1
    if mark <= 0:  # whoever gets any response passes, by any margin
        some = np.clip(chances[:, values > 0].sum(axis=1), 0.0, 1.0)
        return Odds(some, np.where(some > 0, 1.0 if ladder.gain else bare, 0.0))
    full = 1 + (1 - bare) / ladder.gain if ladder.gain else inf
    if spread == 0:
        promoted = (values >= mark).astype(float)
        opened = promoted * np.minimum(1.0, bare + ladder.gain * (values / mark - 1))
    else:
        with np.errstate(divide="ignore"):
            z = np.log(values / mark) / spread
        wide = z - (log(full) / spread if full < inf else inf)
        promoted, opened_wide = special.ndtr(z), special.ndtr(wide)
        inverse = exp(spread**2 / 2) * (special.ndtr(z + spread) - special.ndtr(wide + spread))
        opened = opened_wide + (bare - ladder.gain) * (promoted - opened_wide)
        opened = opened + ladder.gain * values / mark * inverse
    passes = np.clip(chances @ promoted, 0.0, 1.0)
    opening = np.divide(chances @ opened, passes, out=np.zeros_like(passes), where=passes > 0)
    return Odds(passes, np.clip(opening, 0.0, 1.0))


@deferred()
def climb(ladder: Ladder, first: First, rates: Floats) -> Climb:
    """The odds of reaching each pool, and what each grants.

    reach[k + 1] = reach[k] · passes[k], where not everybody has seen the video yet;
    grants[k + 1] = granted[k] · (1 + (sizes[k + 1] / sizes[k] − 1) · opened[k]) · freshness · mean factor.

    Args:
        ladder: the ladder's numbers.
        first: the first pool.
        rates: the five mean responses, shape (V, 5).
    Returns:
        Reach, pass odds and grants by pool.
    Source: `rules.pools`, `hour.pools`; departs: luck is sampled at the mean grant of the videos that reach
        a pool, and a grant is taken as independent of the margin by which the pool before was passed.
    """
    videos, pools = len(rates), len(ladder.sizes)
    reach, passes, grants = (np.zeros((videos, pools)) for _ in range(3))
    reach[:, 0], grants[:, 0] = 1.0, first.size
    granted = np.full(videos, first.recommended)
    decided = np.cumsum([max(int(ladder.pace[0]), ladder.fan_window), *ladder.pace[1:]]).astype(float)
    nodes, chance = special.roots_hermitenorm(SIZE_POINTS) if ladder.size_noise else (np.zeros(1), np.ones(1))
    chance = chance / chance.sum()
    new = np.ones(SCORED)
    if ladder.fans_counted:  # the fans' part of the first pool cannot follow again
        new[FOLLOW] = first.recommended / first.size
    for k in range(pools):
        typical = float(np.average(grants[:, k], weights=reach[:, k])) if reach[:, k].any() else 1.0
        spread = ladder.size_noise * sqrt(k + 1)
        sizes = [max(1, round(typical * exp(spread * z - spread**2 / 2))) for z in nodes]
        odds = [pass_odds(ladder, k, size, rates * new if k == 0 else rates) for size in sizes]
        passes[:, k] = np.sum([w * o.passes for w, o in zip(chance, odds, strict=True)], axis=0)
        if k + 1 == pools:
            break
        opened = np.sum([w * o.opened for w, o in zip(chance, odds, strict=True)], axis=0)
        growth = float(ladder.sizes[k + 1] / ladder.sizes[k])
        fresh = rule.freshness(float(decided[k]), ladder.half_life)
        granted = granted * (1 + (growth - 1) * opened) * fresh * exp(ladder.size_noise**2 / 2)
        grants[:, k + 1] = granted
        reach[:, k + 1] = reach[:, k] * passes[:, k] * (grants[:, : k + 1].sum(axis=1) < ladder.most)
    return Climb(reach, passes, grants, decided)


@deferred()
def views(ladder: Ladder, way: Climb, age: float) -> Floats:
    """Expected impressions of videos by an age.

    Σ_k reach · grant · delivered part, plus the trickle t · min(1, (k+1)/4) · N_k · ln(age / decided) of
    those that stopped in pool k after N_k impressions.

    Args:
        ladder: the ladder's numbers.
        way: the way up, of V videos.
        age: hours since publication [h], ≥ 0.
    Returns:
        Impressions, shape (V,), at most as many as there are people.
    Source: `rules.pools`; departs: delivery at mean activity, a cap of the mean instead of the mean of a cap.
    """
    return np.asarray((way.stops * _seen_by(ladder, way, age)).sum(axis=1))


@deferred()
def hit_probability(ladder: Ladder, way: Climb, impressions: float, age: float) -> Floats:
    """The odds that videos have had so many impressions by an age.

    Σ_k P(last pool is k) · P(N ≥ impressions), N log-normal with the noise of k + 1 sizes.

    Args:
        ladder: the ladder's numbers.
        way: the way up, of V videos.
        impressions: from which a video counts as a hit, > 0.
        age: hours since publication [h].
    Returns:
        Probabilities, shape (V,).
    Source: `rules.pools`; departs: the total has the noise of its last and largest grant.
    """
    seen = _seen_by(ladder, way, age)
    if ladder.size_noise == 0:
        return np.asarray((way.stops * (seen >= impressions)).sum(axis=1))
    spread = ladder.size_noise * np.sqrt(np.arange(1, seen.shape[1] + 1))
    with np.errstate(divide="ignore"):
        z = np.log(seen / impressions) / spread - spread / 2
    return np.asarray((way.stops * special.ndtr(z)).sum(axis=1))


def first_pool(scenario: Scenario, ladder: Ladder, account: Account, fit: float = 1.0) -> First:
    """An account's first pool inside the audience, counting the fans it starts with.

    Args:
        scenario: any.
        ladder: the ladder's numbers.
        account: whose.
        fit: share of its fans who are inside the audience [0..1].
    Source: `rules.pools.first_pool` and `hour.pools`.
    """
    platform, mean_factor = scenario.platform, exp(ladder.size_noise**2 / 2)
    power, smallest = platform.fan_power(account.role), int(ladder.sizes[0])
    size = float(rule.first_pool(smallest, account.fans, power, scenario.pull(account), mean_factor))
    part = min(platform.fan_share * size, account.fans)
    recommended = (size - part) * platform.inside_share
    return First(recommended + part * fit, recommended)


def seen_rates(
    scenario: Scenario, people: Viewers, accounts: Accounts, author: int, planner: int, rates: Floats
) -> Floats:
    """Mean responses to videos over the strangers and fans whom the platform shows them.

    Args:
        scenario: for the boost of a completion and the number of people.
        people: from `viewers`.
        accounts: of the scenario.
        author: number of the account on whose page the videos are: its fans of the start cannot follow again.
        planner: number of the account that planned them: its topics aim them.
        rates: six rates for a neutral person, shape (V, 6).
    Returns:
        Rates per impression, shape (V, 6).
    Source: `rules.engagement`, `hour.respond`; departs: fans are as frequent among viewers as among people.
    """
    by_level = responses(people, rates, scenario.content.completion_boost)
    found = audience_rates(people, planner, by_level)
    fans = accounts.rows[author].fans * int(accounts.fit[author]) / FIT_ONE
    found[:, FOLLOW] *= 1 - fans / scenario.audience.users
    return found


def _seen_by(ladder: Ladder, way: Climb, age: float) -> Floats:
    """(V, K) impressions by an age of videos whose last pool is the column, at most `most`."""
    part = np.clip((age - np.r_[0.0, way.decided[:-1]]) / ladder.pace, 0.0, 1.0)
    given = np.minimum(np.cumsum(way.grants, axis=1), ladder.most)
    shown = np.minimum(np.cumsum(way.grants * part, axis=1), ladder.most)
    # The rule's rate at age 1 with one view: what a view still brings per e-fold of age.
    strength = np.array([rule.trickle_rate(1.0, ladder.trickle, k, 1.0) for k in range(len(way.decided))])
    last = np.minimum(age, 24 * strength * given)  # below one impression a day it ends
    late = strength * given * np.log(np.maximum(last / way.decided, 1.0))
    return np.asarray(np.minimum(shown + late, ladder.most))


def _scores(ladder: Ladder, impressions: int, rates: Floats) -> tuple[Floats, Floats]:
    """Possible scores (G,) and their probabilities (V, G)."""
    used = [k for k, weight in enumerate(ladder.weights) if weight > 0 and ladder.usual[k] > 0]
    if not used:
        return np.zeros(1), np.ones((len(rates), 1))
    tops = [ceil(rule.RATIO_CAP * impressions * float(ladder.usual[k])) for k in used]
    if len(used) == 1 and tops[0] <= MOST_COUNTS:
        usual, weight = float(ladder.usual[used[0]]), float(ladder.weights[used[0]])
        exact = [rule.rate_score(count, impressions, usual, weight) for count in range(tops[0] + 1)]
        return np.array(exact), _lumped(tops[0], impressions, rates[:, used[0]])
    cell = rule.RATIO_CAP / CELLS
    length = fft.next_fast_len(CELLS + 1 + SCORED, real=True)  # roundings may add up past the last cell
    joint: NDArray[np.complex128] = np.ones((1, 1), np.complex128)
    for k, top in zip(used, tops, strict=True):
        per_hit = ladder.weights[k] / (impressions * ladder.usual[k]) / cell  # cells a hit
        last = round(CELLS * float(ladder.weights[k]))
        part = np.zeros((len(rates), length))
        if top <= last:  # every count is a cell of its own
            cells = np.minimum(np.rint(np.arange(top + 1) * per_hit).astype(np.int64), last)
            for cell_of, chance in zip(cells, _lumped(top, impressions, rates[:, k]).T, strict=True):
                part[:, cell_of] += chance
        else:  # many hits a cell: the normal law, up to the cell's upper edge
            edges = (np.arange(last) + 0.5) / per_hit
            mean = impressions * rates[:, k, None]
            deviation = np.sqrt(np.maximum(mean * (1 - rates[:, k, None]), 1e-12))
            below = special.ndtr((edges - mean) / deviation)
            part[:, : last + 1] = np.diff(below, axis=1, prepend=0.0, append=1.0)
        joint = joint * fft.rfft(part, axis=1)
    values = np.minimum(np.arange(length) * cell, rule.RATIO_CAP)
    return values, np.maximum(fft.irfft(joint, length, axis=1), 0.0)


def _lumped(top: int, impressions: int, rates: Floats) -> Floats:
    """Binomial probabilities of the counts 0…top−1, and last of all counts above; shape (V, top + 1)."""
    counts = np.arange(top)
    below = special.bdtr(counts.astype(float), impressions, rates[:, None])
    below = np.where(counts >= impressions, 1.0, below)  # bdtr has no value past n
    return np.asarray(np.diff(below, axis=1, prepend=0.0, append=1.0))
