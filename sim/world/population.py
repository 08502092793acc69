"""The population as columns: one 32-byte record a person, in shards, ordered by segment.

Takes the audience and a seed; gives the records, the geometry of shards and segments, and
the multipliers that kernels look up. Within every shard people are laid out by main
topic and activity, so that the platform can aim at a segment without throwing draws away. What a record
holds is declared in fields.py, who gets which values decided in rules/audience.py; what changes it later is
an impression (engines/columns/impress.py). Does not know accounts.
"""

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole, Word, at, compiled
from sim.interrupts import deferred
from sim.rules import audience as rule
from sim.rules.addresses import POPULATION
from sim.rules.brand import INTERESTED
from sim.rules.draws import ONE_32, child, fixed, root_key, threshold
from sim.scenario.schema import Scenario
from sim.threads import side_by_side
from sim.world.fields import PERSON, STATE
from sim.world.portion import reserved

COMPLETION, ENGAGEMENT = 0, rule.AFFINITY_LEVELS * rule.COMPLETION_CLASSES
"""Where the two kinds start in `Population.multipliers`; rows are levels of match, then classes."""
CACHE_LINE = 64
"""Bytes that memory delivers at once on common processors."""
TOGETHER = 256
"""People made together: their 8 KiB stay in the nearest cache while one property after another is drawn."""

_with_completion, _with_engagement = STATE.setter("completion_class"), STATE.setter("engagement_class")
_with_stage = STATE.setter("stage")
_with_put_off = STATE.setter("put_off")


class Population(NamedTuple):
    """People and what kernels look up about them."""

    users: NDArray[Any]
    """(U,) records of PERSON."""
    starts: NDArray[np.int64]
    """(2, G+1) first slot of each segment: row 0 in a full shard, row 1 in the last one."""
    bounds: NDArray[np.uint64]
    """(G,) cumulative shares of the segments [1/2³²]."""
    multipliers: NDArray[np.uint64]
    """Match × propensity, 16.16: 8 × 8 for completion, then 8 × 16 for engagement."""
    topics: tuple[str, ...]
    """Topics in code-point order; the index is the topic's number."""
    fans: dict[Any, tuple[NDArray[np.uint64], NDArray[np.int64]]] | None = None
    """Fans drawn among these people so far, for the variant that has them next; None where none will."""


def topic_names(scenario: Scenario) -> tuple[str, ...]:
    """Topics in code-point order: the order of the file does not matter."""
    return tuple(sorted(scenario.audience.topics))


def beta_classes(a: float, b: float, classes: int) -> list[int]:
    """Class means of a Beta over its mean, for equally likely classes [16.16].

    Rounded to 1/1024, so that the last digits of a special function cannot matter.
    Source: ∫ x·f over a quantile interval = mean · (I(q₂; a+1, b) − I(q₁; a+1, b)).
    """
    from scipy import special  # here, so that the first run need not wait for it before it compiles

    edges = special.betaincinv(a, b, np.linspace(0, 1, classes + 1))
    masses = np.diff(special.betainc(a + 1, b, edges)) * classes
    return [round(float(m) * 1024) * 64 for m in masses]


def matched_share(scenario: Scenario) -> float:
    """Share of a one-topic video's recommended impressions that meet people whose main interest it is.

    Mean over topics, by their shares, of s(1 + T) / (s(1 + T) + 1 − s), T the targeting.
    """
    lift = 1 + scenario.platform.targeting
    shares = scenario.audience.topics.values()
    return math.fsum(s * s * lift / (s * lift + 1 - s) for s in shares) / math.fsum(shares)


@cache
def _levels(*, main: bool) -> NDArray[np.int64]:
    """(256,) level of match by the byte of the strength of a person's main or second interest."""
    return np.array([rule.affinity_level(256 * rule.strength(byte, main)) for byte in range(256)])


def affinity_multipliers(gain: float, matched: float) -> list[int]:
    """Multiplier by level of match, mean 1 over the viewers of a one-topic video [16.16].

    The median rates are measured on recommended impressions, whose viewers were aimed at already.

    Args:
        gain: how much the rates rise from no to full match, less 1.
        matched: share of the viewers whose main interest the video is [0..1].
    """
    main, side = _levels(main=True), _levels(main=False)
    top = rule.AFFINITY_LEVELS - 1
    mean = matched * (1 + gain * main / top).mean() + (1 - matched) * (1 + gain * side / top).mean()
    return [fixed((1 + gain * level / top) / mean) for level in range(rule.AFFINITY_LEVELS)]


def multipliers(scenario: Scenario) -> NDArray[np.uint64]:
    """What match and propensity multiply a neutral person's thresholds by, in one flat array [16.16]."""
    match = affinity_multipliers(scenario.content.affinity_gain, matched_share(scenario))
    kinds = (
        beta_classes(*rule.COMPLETION_BETA, rule.COMPLETION_CLASSES),
        beta_classes(*rule.ENGAGEMENT_BETA, rule.ENGAGEMENT_CLASSES),
    )
    return np.array([m * own >> 16 for kind in kinds for m in match for own in kind], np.uint64)


def segment_bounds(scenario: Scenario) -> NDArray[np.uint64]:
    """(G,) cumulative shares of topic × activity segments [1/2³²], topic-major."""
    shares = [scenario.audience.topics[t] for t in topic_names(scenario)]
    total = math.fsum(shares)
    bounds, before = [], 0.0
    for share in shares:
        for k in range(1, rule.ACTIVITY_CLASSES + 1):
            cumulated = (before + share * k / rule.ACTIVITY_CLASSES) / total
            bounds.append(min(ONE_32, round(cumulated * ONE_32)))
        before += share
    bounds[-1] = ONE_32
    return np.array(bounds, np.uint64)


def _starts(bounds: NDArray[np.uint64], size: int) -> NDArray[np.int64]:
    ends = [(int(b) * size) >> 32 for b in bounds]
    return np.array([0, *ends], np.int64)


def last_shard_size(users: int) -> int:
    """People in the last shard [1..SHARD]."""
    return users - (int(rule.shards(users)) - 1) * rule.SHARD


def records(count: int) -> NDArray[Any]:
    """(count,) records of PERSON, of any content; the first begins a cache line, so that none lies in two."""
    bytes_ = np.empty(count * PERSON.itemsize + CACHE_LINE, np.uint8)
    start = -bytes_.ctypes.data % CACHE_LINE
    return bytes_[start : start + count * PERSON.itemsize].view(PERSON)


@deferred()
def populate(scenario: Scenario, seed: int, threads: int = 1, held: range | None = None) -> Population:
    """The population of a scenario under a seed; it does not depend on the number of threads.

    Args:
        scenario: whose audience.
        seed: of the run.
        threads: threads that make it.
        held: shards whose people are made here; all where left out. The others' records stay 0.
    """
    total = scenario.audience.users
    users = records(total) if held is None else reserved(total, PERSON)
    first, last = (0, total) if held is None else (s * rule.SHARD for s in (held.start, held.stop))
    topics = topic_names(scenario)
    bounds = segment_bounds(scenario)
    key = root_key(seed, POPULATION)
    seekers = np.uint64(threshold(scenario.brand.interested_share))

    def fill(cut: tuple[int, int]) -> None:
        fill_people(users, users.view(np.uint64).reshape(total, -1), bounds, len(topics), key, *cut)
        if seekers:
            begin_interested(users, key, seekers, *cut)

    _over(threads, first, min(last, total), fill)
    full, last = min(rule.SHARD, users.size), last_shard_size(users.size)
    starts = np.stack([_starts(bounds, full), _starts(bounds, last)])
    return Population(users, starts, bounds, multipliers(scenario), topics)


def _over(threads: int, first: int, last: int, work: Callable[[tuple[int, int]], None]) -> None:
    """Lets threads work on the people from `first` to before `last`, each on its part."""
    cuts = [first + (last - first) * k // threads for k in range(threads + 1)]
    with ThreadPoolExecutor(threads) as helpers:
        side_by_side(work, list(pairwise(cuts)), helpers)


def for_variant(people: Population, scenario: Scenario, *, copy: bool) -> Population:
    """People made for another variant of the same audience and seed, with this scenario's multipliers."""
    users = people.users
    if copy:
        users = records(users.size)
        users[:] = people.users
    return people._replace(users=users, multipliers=multipliers(scenario))


def draw_put_off(
    users: NDArray[Any], share: float, seed: int, threads: int = 1, held: range | None = None
) -> None:
    """Marks those whom repetition puts off; not when people are made, for scenarios differ in how many are.

    Args:
        users: (U,) records of PERSON, changed.
        share: of people whom it puts off [0..1].
        seed: of the run.
        threads: threads that do it.
        held: shards whose people are here; all where left out.
    """
    total, limit, key = users.size, threshold(share), root_key(seed, POPULATION)
    if limit:
        own = range(total) if held is None else range(held.start * rule.SHARD, held.stop * rule.SHARD)
        _over(threads, own.start, min(own.stop, total), lambda cut: mark_put_off(users, key, limit, *cut))


@compiled
def mark_put_off(users: NDArray[Any], key: Word, limit: int, begin: int, end: int) -> None:
    """Writes who is put off, of the people from `begin` to before `end`.

    Args:
        users: (U,) records of PERSON, changed.
        key: key of the population.
        limit: share of people [1/2³²].
        begin: first person.
        end: one past the last.
    """
    for u in range(begin, end):
        person = users[at(u)]
        person.state = _with_put_off(person.state, rule.put_off(child(key, u), limit))


@compiled
def fill_people(
    users: NDArray[Any],
    words: NDArray[np.uint64],
    bounds: NDArray[np.uint64],
    topics: int,
    key: Word,
    begin: int,
    end: int,
) -> None:
    """Writes the records of the people from `begin` to before `end`; address (seed, person).

    Args:
        users: (U,) records of PERSON, filled in place.
        words: (U, W) the same as words.
        bounds: (G,) cumulative shares of the segments [1/2³²].
        topics: topics of the audience [1..16].
        key: key of the population.
        begin: first person.
        end: one past the last.
    """
    total = users.size
    keys, drawn = np.empty((2, TOGETHER), np.uint64)
    place = 0
    change: Whole = begin
    u: Whole = begin
    while u < end:
        if u == change:  # people of a segment lie together
            first = u // rule.SHARD * rule.SHARD
            size = min(rule.SHARD, total - first)
            place = rule.segment(u - first, size, bounds)
            change = first + rule.segment_end(place, size, bounds)
        count = min(end, change, u + TOGETHER) - u
        for k in range(count):
            for word in range(words.shape[1]):  # here, where they are written anyway
                words[at(u + k), word] = 0
        for k in range(count):
            keys[at(k)] = child(key, u + k)
        main = place // rule.ACTIVITY_CLASSES
        for t in range(topics):
            for k in range(count if t % 8 == 0 else 0):
                drawn[at(k)] = rule.interests(keys[at(k)], t)
            for k in range(count):
                users[at(u + k)].interest[t] = rule.interest(drawn[at(k)], t, main)
        for k in range(count):
            users[at(u + k)].state = _with_completion(np.uint64(0), rule.completion_class(keys[at(k)]))
        for k in range(count):
            person = users[at(u + k)]
            person.state = _with_engagement(person.state, rule.engagement_class(keys[at(k)]))
        for k in range(count):
            users[at(u + k)].age_band = rule.age_band(keys[at(k)])
        for k in range(count):
            users[at(u + k)].sex = rule.sex(keys[at(k)])
        for k in range(count):
            users[at(u + k)].city_tier = rule.city_tier(keys[at(k)])
        for k in range(count):
            person = users[at(u + k)]
            person.topic = main
            person.activity_class = place % rule.ACTIVITY_CLASSES
        u += count


@compiled
def begin_interested(users: NDArray[Any], key: Word, limit: Word, begin: int, end: int) -> None:
    """Lets those of the people from `begin` to before `end` begin as interested who look for such a thing.

    Args:
        users: (U,) records of PERSON, changed in place.
        key: key of the population.
        limit: threshold of their share [1/2³²].
        begin: first person.
        end: one past the last.
    """
    found = np.empty(TOGETHER, np.bool_)
    for u in range(begin, end, TOGETHER):
        count = min(end - u, TOGETHER)
        for k in range(count):  # hashes alone: the processor does several at once
            found[at(k)] = rule.seeks(child(key, u + k), limit)
        for k in range(count):
            if found[at(k)]:
                person = users[at(u + k)]
                person.state = _with_stage(person.state, INTERESTED)
