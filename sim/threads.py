"""Work side by side: one part on the caller's own thread, the others on helpers.

Takes parts and threads that help; gives what became of each part, in order, and the spans into which
work is cut for them. The caller works too, because waking one thread less matters where a part takes a
few milliseconds. Only for work that lets go of Python's lock; does not know what the work is.
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Part = TypeVar("Part")
Made = TypeVar("Made")


def side_by_side(work: Callable[[Part], Made], parts: Sequence[Part], helpers: Executor) -> list[Made]:
    """What `work` makes of each part.

    Args:
        work: called once a part.
        parts: at least one; the first is done by the caller.
        helpers: threads for the others; with one part none is started.
    """
    others = [helpers.submit(work, part) for part in parts[1:]]
    mine = work(parts[0])
    return [mine, *(other.result() for other in others)]


def spans_of(work: NDArray[np.int64], threads: int, worth: int) -> list[tuple[int, int]]:
    """Spans of shards, smaller and smaller: few calls, and the last thread is done soon after the first.

    Each has 1 / (2 · threads) of the work that is left, and at least one shard and a thread's part of an
    hour that is just worth it. Shards without work at the end are in none.
    Args:
        work: (S+1,) work of the shards before each, and of all.
        threads: threads that share it.
        worth: work below which handing it to threads costs more than it saves.
    Source: guided self-scheduling, Polychronopoulos & Kuck 1987, with spans half as large.
    """
    before = work.tolist()  # a handful of look-ups, which arrays are slow at
    whole, least = before[-1], worth // threads
    first, spans = 0, []
    while before[first] < whole:
        goal = before[first] + max((whole - before[first]) // (2 * threads), least)
        last = max(first + 1, bisect_left(before, min(goal, whole)))
        spans.append((first, last))
        first = last
    return spans
