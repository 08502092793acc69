"""Places in a keyed order, many at once: people of a segment, lanes of the audience.

Takes where in the order one stands and how far to go; gives what comes next. Each pass does
the same to all, so that the processor does several at once; the few that a pass leaves past
the end are walked on alone.
"""

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole, Word, at, inlined
from sim.rules.draws import shuffle, shuffled

WIDTH = 8
"""Numbers of 64 bits that a processor works on at once, at most."""


@inlined
def next_places(
    cursor: Whole,
    amount: Whole,
    start: Whole,
    size: Whole,
    key: Word,
    slots: NDArray[np.int64],
    count: Whole,
    overflow: NDArray[np.int64],
) -> None:
    """Writes the next places of a keyed order to `slots` from `count` on: `permuted`, many at once.

    Up to WIDTH − 1 entries behind them are overwritten as well.

    Args:
        cursor: how many places of the order lie behind.
        amount: how many more.
        start: added to each.
        size: places in the order.
        key: address of the order.
        slots: written.
        count: where to write.
        overflow: room for the entries that a pass leaves past the size.
    """
    order = shuffle(size, key)
    for k in range((amount + WIDTH - 1) // WIDTH * WIDTH):  # no odd ends, which would be done one by one
        slots[at(count + k)] = start + shuffled(cursor + k, order)
    if np.int64(order.mask) < size:
        return  # a power of two: none lies past the end
    left, end = 0, start + size
    for k in range(amount):
        overflow[at(left)] = count + k
        left += slots[at(count + k)] >= end
    while left > 0:
        walked, left = left, 0
        for k in range(walked):
            place = overflow[at(k)]
            slots[at(place)] = start + shuffled(slots[at(place)] - start, order)
            overflow[at(left)] = place
            left += slots[at(place)] >= end
