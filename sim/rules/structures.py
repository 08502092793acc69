"""What an account costs by the hour, and which posts a race moves (M15, M16).

Takes prices, hours and numbers of posts; gives money in fen and yes or no. Does not know accounts.

Model: the same posts, dealt to one account, evenly, by topic, as one material or by a race; accounts cost
by the month, a further form of the same material a share of a post (M14).
"""

import math


def account_fen(month_fen: int, month_h: int, hours: int) -> int:
    """What an account has cost after so many hours, pro rata of the month [fen].

    Args:
        month_fen: cost of a month [fen].
        month_h: hours of a month.
        hours: since the beginning.
    Source: assumed (contracts and staff are paid by the month).
    Example:
        >>> account_fen(200_000, 720, 24), account_fen(200_000, 720, 720)
        (6667, 200000)
    """
    return round(month_fen * hours / month_h)


def is_moved(number: int, share: float) -> bool:
    """Whether a loser's post moves to a winner: evenly spaced, so that so large a share of them does.

    Args:
        number: of the post among those still to come, from 0.
        share: of the posts that moves [0..1].
    Source: assumed (operators thin a stopped account out evenly).
    Example:
        >>> [is_moved(n, 0.5) for n in range(4)]
        [False, True, False, True]
    """
    return math.floor((number + 1) * share) > math.floor(number * share)
