"""Who follows whom, as bits: a bit per (account, user), in shards.

Takes accounts and a population; gives the fans at the start and lets drivers set and clear
bits. A second bit a (account, user) remembers who was reached. Does not decide who follows.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole, Word, at, compiled
from sim.interrupts import deferred
from sim.rules.addresses import FANBASE
from sim.rules.audience import SHARD, TOPICS, affinity_level, shards
from sim.rules.draws import child, low32, root_key, subkey
from sim.threads import side_by_side
from sim.world.accounts import Accounts
from sim.world.order import WIDTH, next_places
from sim.world.population import Population
from sim.world.portion import reserved

WORDS = SHARD // 64
"""64-bit words of one (account, shard) row of bits."""
TOGETHER = 64
"""People asked together whether they are fans: memory delivers their records side by side."""


class Ties(NamedTuple):
    """Fans and reached people; A accounts, S shards."""

    fans: NDArray[np.uint64]
    """(A, S·WORDS) bits: follows the account now."""
    reached: NDArray[np.uint64]
    """(A, S·WORDS) bits: had an impression of the account."""
    fan_count: NDArray[np.int64]
    """(A, S) fans by shard."""


@compiled
def has_bit(bits: NDArray[np.uint64], account: Whole, user: Whole) -> bool:
    """Whether the bit of (account, user) is set."""
    found: bool = (bits[at(account), at(user >> 6)] >> np.uint64(user & 63)) & np.uint64(1) != 0
    return found


@compiled
def set_bit(bits: NDArray[np.uint64], account: Whole, user: Whole) -> None:
    """Sets the bit of (account, user)."""
    bits[at(account), at(user >> 6)] |= np.uint64(1) << np.uint64(user & 63)


@compiled
def clear_bit(bits: NDArray[np.uint64], account: Whole, user: Whole) -> None:
    """Clears the bit of (account, user)."""
    bits[at(account), at(user >> 6)] &= ~(np.uint64(1) << np.uint64(user & 63))


@compiled
def take_back(
    fans: NDArray[np.uint64],
    fan_count: NDArray[np.int64],
    accounts: NDArray[np.int64],
    people: NDArray[np.int64],
) -> NDArray[np.bool_]:
    """Takes follows (n,) back, one after the other; whether there was one (n,).

    Args:
        fans: bits of (account, user), as in Board like the following; changed.
        fan_count: (A, S) fans by shard, changed.
        accounts: (n,) who was followed.
        people: (n,) by whom.
    """
    left = np.zeros(people.size, np.bool_)
    for k in range(people.size):
        account, user = accounts[k], people[k]
        if has_bit(fans, account, user):
            clear_bit(fans, account, user)
            fan_count[account, user // SHARD] -= 1
            left[k] = True
    return left


def start_ties(
    population: Population,
    accounts: Accounts,
    fans_inside: list[int],
    seed: int,
    threads: int = 1,
    held: range | None = None,
) -> Ties:
    """The fans at the start: exactly `fans_inside` people an account, well-matched ones likelier.

    Args:
        population: the people.
        accounts: whom they may follow.
        fans_inside: fans of each account in the whole audience.
        seed: of the run.
        threads: threads that draw.
        held: shards whose people are here; all where left out. The others' bits stay 0.
    """
    count = int(shards(population.users.size))
    shape = (len(accounts.rows), count * WORDS)
    bits = np.zeros if held is None else reserved
    ties = Ties(bits(shape, np.uint64), bits(shape, np.uint64), np.zeros((shape[0], count), np.int64))
    first, last = (0, count) if held is None else (held.start, held.stop)
    base = root_key(seed, FANBASE)
    arrays = population.users, accounts.weights, ties.fans, ties.fan_count
    wishes = iter([(account, wanted) for account, wanted in enumerate(fans_inside) if wanted])

    def draw(left: Iterator[tuple[int, int]]) -> None:
        for account, wanted in left:  # whichever thread is free takes the next account
            key = subkey(base, accounts.keys[account])
            hangs_on = int(key), wanted, accounts.weights[account].tobytes()
            if population.fans is not None and hangs_on in population.fans:
                ties.fans[account], ties.fan_count[account] = population.fans[hangs_on]
                continue
            draw_fans(*arrays, account, wanted, key, first, last)
            if population.fans is not None:
                population.fans[hangs_on] = ties.fans[account].copy(), ties.fan_count[account].copy()

    with ThreadPoolExecutor(threads) as helpers:
        side_by_side(draw, [wishes] * threads, helpers)
    return ties


@compiled
def draw_fans(
    users: NDArray[Any],
    weights: NDArray[np.int64],
    fans: NDArray[np.uint64],
    fan_count: NDArray[np.int64],
    account: int,
    wanted: int,
    key: Word,
    shard_from: int,
    shard_to: int,
) -> None:
    """Makes people of some shards fans of an account; address (seed, account, shard, person).

    A shard's share of those wanted is exact; within it people come by keyed permutation and are taken with
    chance (1 + level) / 8, in a second round whoever is left.
    Args:
        users: (U,) records of PERSON.
        weights: (A, 16) topic mixes in 1/256.
        fans: (A, S·WORDS) bits, set in place.
        fan_count: (A, S) fans by shard, filled in place.
        account: whose fans.
        wanted: how many people of all shards become fans [0..U].
        key: key of the account's fans.
        shard_from: first shard.
        shard_to: one past the last shard.
    Source: assumed (fans are well matched more often than not).
    """
    total = users.size
    slots, overflow = np.empty(TOGETHER + WIDTH, np.int64), np.empty(TOGETHER, np.int64)
    levels, draws = np.empty(TOGETHER, np.int64), np.empty(TOGETHER, np.int64)
    made = (wanted * min(shard_from * SHARD, total)) // total
    for shard in range(shard_from, shard_to):
        first = shard * SHARD
        size = min(SHARD, total - first)
        due = (wanted * (first + size)) // total - made
        made += due
        own = child(key, shard)
        taken, asked = 0, 0
        while taken < due:  # at most twice through the shard
            turn, index = asked // size, asked % size
            count = min(TOGETHER, size - index, 2 * (due - taken))
            next_places(index, count, first, size, own, slots, 0, overflow)
            for k in range(count):
                match = 0
                for t in range(TOPICS):
                    match += weights[account, t] * users[at(slots[at(k)])].interest[t]
                levels[at(k)] = affinity_level(match)
            for k in range(count):
                draws[at(k)] = np.int64(low32(child(own, size + slots[at(k)])) >> np.uint64(29))
            for k in range(count):
                willing = turn == 1 or draws[at(k)] <= levels[at(k)]
                if willing and taken < due and not has_bit(fans, account, slots[at(k)]):
                    set_bit(fans, account, slots[at(k)])
                    taken += 1
            asked += count
        fan_count[account, shard] = taken


def count_bits(bits: NDArray[np.uint64]) -> NDArray[np.int64]:
    """(A,) set bits an account."""
    counts: NDArray[np.int64] = np.bitwise_count(bits).sum(axis=1, dtype=np.int64)
    return counts


@deferred()
def overlap(bits: NDArray[np.uint64]) -> NDArray[np.float64]:
    """(A, A) Jaccard overlap of the people reached, 0 where neither reached anyone (M3)."""
    size = count_bits(bits)
    both = np.array([[int(np.bitwise_count(a & b).sum()) for b in bits] for a in bits], float)
    either = size[:, None] + size[None, :] - both
    shares: NDArray[np.float64] = np.divide(both, either, out=np.zeros_like(both), where=either > 0)
    return shares
