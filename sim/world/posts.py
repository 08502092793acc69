"""The plan: every post that is intended, its hour, its address, its appeal.

Takes a scenario, its accounts and a seed; gives one row a post in canonical order (hour,
planner, post number). Posts belong to the plan: a post's address is the account that planned it
and its number, so the same post keeps its luck whoever publishes it (publishers.py). Does not
know what becomes of it: that is a video (videos.py).
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiled import compiled
from sim.rules.addresses import CONTENT, LATE, VIDEO
from sim.rules.campaign import dealt, hour_in_wave
from sim.rules.capacity import thinner
from sim.rules.content import (
    COMPLETION_BY_LENGTH,
    LIKE_BY_LENGTH,
    by_length,
    ingredient_factor,
    quality_factor,
    without_completion,
)
from sim.rules.draws import child, low32, name_key, normal, root_key, subkey, threshold, thresholds
from sim.rules.engagement import ACTIONS
from sim.scenario.matrix import Account
from sim.scenario.schema import Scenario
from sim.world.accounts import Accounts
from sim.world.capacity import making
from sim.world.population import topic_names
from sim.world.publishers import materials_of, publishers_of
from sim.world.reliability import absent

NO_WAVE = OWN_TOPIC = -1
MOST = 0.98
"""Rates end here: some viewers always leave (assumed)."""


class Posts(NamedTuple):
    """Planned posts in order of (hour, planner, number); P posts. Those to come may change during a run."""

    keys: NDArray[np.uint64]
    """(P,) addresses: (seed, planner, post number)."""
    planner: NDArray[np.int64]
    """(P,) account that planned."""
    number: NDArray[np.int64]
    """(P,) post number of the planner, from 0."""
    hour: NDArray[np.int64]
    """(P,) hour of publication, rising."""
    appeal: NDArray[np.uint64]
    """(P, 6) thresholds by action for a neutral person; engagement of one who did not finish."""
    rates: NDArray[np.float64]
    """(P, 6) the rates behind `appeal`, per impression."""
    publisher: NDArray[np.int64]
    """(P,) account on whose page it appears; a race changes those of posts to come."""
    maker: NDArray[np.int64]
    """(P,) account whose material it shows: its topics, its quality; as a rule the planner."""
    contents: NDArray[np.uint64]
    """(P,) addresses of what is in them: (seed, material, post number); equal for the same content."""
    topics: NDArray[np.int64]
    """(P,) number of the topic that a wave of the campaign joins, OWN_TOPIC where the maker's counts."""
    waves: NDArray[np.int64]
    """(P,) number of the wave of the campaign, NO_WAVE outside."""
    intended: NDArray[np.int64]
    """(P,) hour for which it was planned; later than that where the team could not make it in time."""
    done: NDArray[np.float64]
    """(P,) share of its work that was done by then."""

    def due(self, hour: int) -> slice:
        """The posts of one hour."""
        return slice(int(self.hour.searchsorted(hour)), int(self.hour.searchsorted(hour + 1)))


def phase_of(name: str) -> float:
    """Where an account's first post lies in its interval or window, fixed by its name [0..1]."""
    return int(subkey(name_key(name), 0)) / 2.0**64


def post_hours(account: Account, seeded: bool, window_h: int, hours: int) -> list[int]:
    """Hours of an account's posts: evenly spaced from its first one, which its name fixes if it is left out.

    Not drawn by seed: effort is a plan, not luck.
    """
    phase = phase_of(account.id)
    if seeded:
        hour = creator_hour(account.id, window_h)
        return [hour] if hour < hours else []
    if account.posts_per_day == 0:
        return []
    gap = 24 / account.posts_per_day
    first = phase * gap if account.first_post_h is None else account.first_post_h
    planned = (math.floor(first + n * gap) for n in range(math.ceil(hours / gap) + 1))
    return [hour for hour in planned if hour < hours]


def creator_hour(name: str, window_h: int) -> int:
    """Hour of a seeded creator's only post; it may lie after the end of the run."""
    return math.floor(phase_of(name) * window_h)


def usual_rates(scenario: Scenario, account: Account) -> list[float]:
    """The six rates of an account's median video, per impression [0..0.98], in the order of ACTIONS."""
    content = scenario.content
    strengths: dict[str, float] = dict(account.ingredients.items())
    rates = []
    for action in ACTIONS:
        factor = ingredient_factor(action, strengths, content.ingredient_gain)
        if action == "completion":
            factor *= by_length(account.length_s, COMPLETION_BY_LENGTH) * account.opening
        if action == "like":
            factor *= by_length(account.length_s, LIKE_BY_LENGTH)
            if account.role == "creator":
                factor *= scenario.seeding.market.commercial_like_factor
        rates.append(getattr(content.rates, action) * account.quality * factor)
    return rates


def rate_spreads(scenario: Scenario) -> list[tuple[float, float]]:
    """By action: correlation with the other rates of a video, and sd of log10 over an account's videos."""
    spread = scenario.content.spread
    within = math.sqrt(spread.within_account)
    return [
        (0.0 if action == "completion" else spread.engagement_correlation, getattr(spread, action) * within)
        for action in ACTIONS
    ]


def content_rates(
    usual: Sequence[float], spreads: Sequence[tuple[float, float]], luck: Sequence[float]
) -> list[float]:
    """The six rates of one video, per impression [0..0.98], in the order of ACTIONS.

    Args:
        usual: rates of the maker's median video.
        spreads: the scenario's `rate_spreads`.
        luck: standard normals of the content: one common to all rates but completion, then one a rate.
    """
    common, *own = luck
    return [
        min(MOST, rate * quality_factor(common, normal_, *spread))
        for rate, normal_, spread in zip(usual, own, spreads, strict=True)
    ]


@compiled
def keyed(keys: NDArray[np.uint64], numbers: NDArray[np.int64], found: NDArray[np.uint64]) -> None:
    """Writes the child key of each key and number to `found`; all (N,)."""
    for k in range(keys.size):
        found[k] = child(keys[k], numbers[k])


@compiled
def draw_luck(keys: NDArray[np.uint64], luck: NDArray[np.float64]) -> None:
    """Writes as many standard normals of each content key (N,) as `luck` (N, n) has columns."""
    for k in range(keys.size):
        for n in range(luck.shape[1]):
            luck[k, n] = normal(child(keys[k], n))


def hours_in_waves(scenario: Scenario, account: Account, posts: int, seed: int) -> list[tuple[int, int]]:
    """Hour and wave of each of an account's posts, where a campaign has drawn them together; else none.

    Which accounts are late in a wave is luck of the run, and the account's own.
    """
    campaign = scenario.campaign
    waves = campaign.waves_of(account)
    if not waves or not posts:
        return []
    phase, late = phase_of(account.id), subkey(root_key(seed, LATE), name_key(account.id))
    found = []
    for k, own in zip(waves, dealt(posts, [campaign.phases[k].hours for k in waves]), strict=True):
        wave = campaign.phases[k]
        delay = 0 if low32(subkey(late, k)) < threshold(campaign.on_time) else campaign.late_h
        found += [(hour_in_wave(n, own, phase, wave.start_hour, wave.hours) + delay, k) for n in range(own)]
    return sorted(post for post in found if post[0] < scenario.run.hours)


def planned(scenario: Scenario, account: Account, seeded: bool, seed: int) -> list[tuple[int, int]]:
    """Hour and wave of each of an account's posts, in order; wave NO_WAVE outside a campaign."""
    hours = post_hours(account, seeded, scenario.seeding.window_h, scenario.run.hours)
    if scenario.campaign.waves_of(account):
        return hours_in_waves(scenario, account, 1 if seeded else len(hours), seed)
    return [(hour, NO_WAVE) for hour in hours]


def topics_of(scenario: Scenario, waves: NDArray[np.int64]) -> NDArray[np.int64]:
    """(P,) number of the topic that each post's wave joins, OWN_TOPIC for none."""
    names = topic_names(scenario)
    joined = [names.index(phase.topic) if phase.topic else OWN_TOPIC for phase in scenario.campaign.phases]
    return np.array([*joined, OWN_TOPIC], np.int64)[waves]


def plan_posts(scenario: Scenario, accounts: Accounts, seed: int) -> Posts:
    """Every post that is planned before the run, in canonical order."""
    missing = absent(scenario, accounts, seed)
    posts = sorted(
        (hour, k, number, wave)
        for k, account in enumerate(accounts.rows)
        if not missing[k]
        for number, (hour, wave) in enumerate(planned(scenario, account, bool(accounts.seeded[k]), seed))
    )
    return posts_of(scenario, accounts, seed, posts)


def posts_of(
    scenario: Scenario, accounts: Accounts, seed: int, posts: Sequence[tuple[int, int, int, int]]
) -> Posts:
    """Posts from their hours, planners, numbers and waves, sorted; none is said twice."""
    base = root_key(seed, VIDEO)
    hour, planner, number, wave = (
        (np.array(column, np.int64) for column in zip(*posts, strict=True))
        if posts
        else np.zeros((4, 0), np.int64)
    )
    own = np.array([subkey(base, name_key(a.id)) for a in accounts.rows], np.uint64)
    content = root_key(seed, CONTENT)
    # The same material is the same content, post by post, on any account.
    material = np.array([subkey(content, name_key(a.material or a.id)) for a in accounts.rows], np.uint64)
    keys, contents = np.empty(len(posts), np.uint64), np.empty(len(posts), np.uint64)
    keyed(own[planner], number, keys)
    keyed(material[planner], number, contents)
    publisher = publishers_of(scenario, accounts, planner)
    shown = materials_of(scenario, accounts, publisher)
    maker, contents = planner[shown], contents[shown]
    luck = np.empty((len(posts), 1 + len(ACTIONS)))
    draw_luck(contents, luck)
    usual = [usual_rates(scenario, a) for a in accounts.rows]
    spreads = rate_spreads(scenario)
    rates = np.array(
        [content_rates(usual[k], spreads, row) for k, row in zip(maker, luck.tolist(), strict=True)]
    ).reshape(len(posts), len(ACTIONS))
    make = making(scenario.production, hour, contents, accounts.own[planner])
    if scenario.production.beyond == "thin":
        power = scenario.production.thin_power
        rates *= np.array([thinner(done, power) for done in make.done.tolist()]).reshape(-1, 1)
    engaged = without_completion(rates[:, 1:], rates[:, :1], scenario.content.completion_boost)
    whole = Posts(
        keys,
        planner,
        number,
        make.hour,
        thresholds(np.concatenate([rates[:, :1], engaged], axis=1)),
        rates,
        publisher,
        maker,
        contents,
        topics_of(scenario, wave),
        wave,
        hour,
        make.done,
    )
    return whole if (make.hour == hour).all() else _in_order(whole, scenario.run.hours)


def with_more(posts: Posts, more: Posts, hours: int) -> Posts:
    """A plan with further posts, of hours that are not over yet; `hours` is the end of the run."""
    both = zip(posts, more, strict=True)
    return _in_order(Posts._make(np.concatenate(columns) for columns in both), hours)


def _in_order(posts: Posts, hours: int) -> Posts:
    """Posts in order of their hours; those after the end are none."""
    order = np.lexsort((posts.number, posts.planner, posts.hour))
    order = order[posts.hour[order] < hours]
    return Posts._make(column[order] for column in posts)
