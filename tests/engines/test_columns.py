"""How an hour's work is handed to threads."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.engines.columns.respond import WORTH_THREADS
from sim.threads import spans_of

LOADS = st.lists(st.integers(0, 3 * WORTH_THREADS), min_size=1, max_size=80)


def spans(loads, threads):
    return spans_of(np.concatenate([[0], np.cumsum(loads)]), threads, WORTH_THREADS)


@given(LOADS, st.integers(1, 8))
def test_every_shard_with_work_is_in_one_span(loads, threads):
    taken = [shard for first, last in spans(loads, threads) for shard in range(first, last)]
    assert taken == list(range(len(taken)))
    assert sum(loads[shard] for shard in taken) == sum(loads)


def test_spans_grow_smaller_towards_the_end():
    shards = [last - first for first, last in spans([20_000] * 40, 2)]
    assert shards == sorted(shards, reverse=True)
    assert (shards[0], shards[-1]) == (10, 1)


def test_hour_that_is_just_worth_it_is_halved():
    assert spans([WORTH_THREADS // 8] * 8, 2) == [(0, 4), (4, 8)]
