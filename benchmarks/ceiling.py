"""The ceiling: the barest loop that could still be called showing videos to people.

Per impression it hashes once to pick a person of the shard, reads all 32 bytes of that
person's record, hashes three words more and compares five thresholds. It remembers nothing:
nobody is kept from being picked twice, no match is computed, nothing is written but five
counts. It walks the same users array, in the same shards, as the model does.
"""

from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from sim.rules.audience import SHARD
from sim.rules.draws import GOLD, high32, low32, mix

LEVELS = 128
WORK = "4 hashes, 32 bytes read, 5 thresholds compared, nothing written"
_TWO, _THREE = np.uint64(2), np.uint64(3)
_LEVEL = np.uint64(LEVELS - 1)
_HALF = np.uint64(32)


@numba.njit(nogil=True, error_model="numpy")
def bare(words: Any, thresholds: Any, impressions: int, key: Any) -> Any:
    """Counts of five responses to so many impressions, spread evenly over the shards."""
    users = words.shape[0]
    shards = (users + SHARD - 1) // SHARD
    one, two, three, four, five = 0, 0, 0, 0, 0
    for shard in range(shards):
        first = shard * SHARD
        size = min(SHARD, users - first)
        quota = (impressions * (shard + 1)) // shards - (impressions * shard) // shards
        own = mix(key + np.uint64(shard) * GOLD)
        for number in range(quota):
            draw = mix(own + np.uint64(number) * GOLD)
            user = first + np.int64((low32(draw) * np.uint64(size)) >> _HALF)
            record = words[user, 0] ^ words[user, 1] ^ words[user, 2] ^ words[user, 3]
            level = np.int64(record & _LEVEL)
            a, b, c = mix(draw + GOLD), mix(draw + _TWO * GOLD), mix(draw + _THREE * GOLD)
            one += low32(a) < thresholds[level, 0]
            two += high32(a) < thresholds[level, 1]
            three += low32(b) < thresholds[level, 2]
            four += high32(b) < thresholds[level, 3]
            five += low32(c) < thresholds[level, 4]
    return one, two, three, four, five


def table(rates: tuple[float, ...] = (0.17, 0.019, 0.003, 0.001, 0.0014)) -> NDArray[np.uint64]:
    """(LEVELS, 5) thresholds that grow with the level."""
    lift = np.linspace(0.5, 1.5, LEVELS)[:, None]
    thresholds: NDArray[np.uint64] = np.floor(lift * np.array(rates) * 2.0**32).astype(np.uint64)
    return thresholds
