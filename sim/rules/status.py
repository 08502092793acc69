"""Offers across a gap in status (K5): creators far above the brand seldom accept.

Takes fans; gives a chance. Does not know prices: who accepts is paid as listed.

Model: a booked creator accepts with a chance that falls with his fans over those of the brand's largest
account, to a power; below its size everybody accepts.
"""


def accepts(own_fans: int, fans: int, power: float) -> float:
    """Chance that a creator accepts an offer: min(1, own / his)^power.

    Args:
        own_fans: of the brand's largest account; at least 1 counts.
        fans: of the creator, over the whole platform.
        power: how steeply it falls [≥ 0]; at 0 everybody accepts.
    Source: shape assumed; response falls steeply with the gap in status (Lanz et al. 2019, among musicians).
    Example:
        >>> accepts(1_000, 100_000, 0.5)
        0.1
    """
    return float(min(1.0, max(1, own_fans) / max(1, fans)) ** power)
