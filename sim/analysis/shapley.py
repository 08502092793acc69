"""Who of several causes brought a difference, when they help or replace one another: Shapley values.

Takes the result of every subset of causes; gives shares that sum to what all of them bring together. Knows no
names, no metrics and no files.
"""

from math import factorial

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def shapley(worth: Floats) -> Floats:
    """Each cause's share of what all bring: its mean contribution over all orders of switching them on.

    One at a time would show two causes that replace one another as nothing.

    Args:
        worth: result by subset, shape (2^n, ...); bit k of a subset's number says that cause k is at work.
    Returns:
        Shares, shape (n, ...), which sum to worth[-1] - worth[0].
    Raises:
        ValueError: the number of subsets is no power of two.
    Source: Shapley 1953, A value for n-person games.
    Example:
        >>> shapley(np.array([0.0, 4.0, 4.0, 4.0])).tolist()  # each would do alone
        [2.0, 2.0]
    """
    subsets = len(worth)
    causes = subsets.bit_length() - 1
    if subsets != 1 << causes:
        raise ValueError(f"{subsets} subsets, needed is a power of two")
    shares = np.zeros((causes, *worth.shape[1:]))
    for subset in range(subsets):
        have = subset.bit_count()
        for cause in range(causes):
            if not subset >> cause & 1:
                weight = factorial(have) * factorial(causes - have - 1) / factorial(causes)
                shares[cause] += weight * (worth[subset | 1 << cause] - worth[subset])
    return shares
