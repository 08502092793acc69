"""How sure a share of few cases is: the Wilson score interval.

Takes counts; gives limits. Needs no scipy, so that a page can ask while it is drawn.
"""

from math import sqrt
from statistics import NormalDist


def wilson(count: int, of: int, confidence: float = 0.95) -> tuple[float, float]:
    """The interval of a share, honest for few cases and at 0 and 1.

    (p + z²/2n ± z √(p(1−p)/n + z²/4n²)) / (1 + z²/n), p = count / n.

    Args:
        count: cases that count, 0..of.
        of: n, cases in all; without any the share can be anything.
        confidence: in (0, 1), two-sided.
    Returns:
        Low and high end [0..1].
    Raises:
        ValueError: more that count than there are, or confidence outside (0, 1).
    Source: Wilson 1927, JASA 22:209-212; Brown, Cai and DasGupta 2001 recommend it for few cases.
    Example:
        >>> [round(limit, 3) for limit in wilson(0, 10)]
        [0.0, 0.278]
    """
    if not 0 <= count <= of:
        raise ValueError(f"{count} of {of} is no share")
    if not 0.0 < confidence < 1.0:
        raise ValueError(f"confidence is {confidence}, it must lie between 0 and 1")
    if of == 0:
        return 0.0, 1.0
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share, square = count / of, z * z / of
    middle = (share + square / 2) / (1 + square)
    half = z * sqrt(share * (1 - share) / of + square / (4 * of)) / (1 + square)
    # At the ends rounding would leave 1e-17 of what is 0 or 1 by the formula.
    return (0.0 if count == 0 else middle - half), (1.0 if count == of else middle + half)
