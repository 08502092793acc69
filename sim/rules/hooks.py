"""Hooks and prompts of a post (P11): what each multiplies one rate by, and how it wears out.

Takes how often the account used a hook lately; gives a factor on one rate. Length and the strength of an
account's openings are part of its content (content.py) and do not wear out.

Model: each hook of a post multiplies one rate: an opening completions, a call the likes, shares or follows
that it asks for, a planted comment the comments, a post in two parts the visits of the page; the factor
comes down to that of a worn-out hook with each use by the same account within some days.
"""

HOOKS = ("opening", "like_call", "planted_comment", "share_call", "follow_call", "two_parts")
"""By the rate that each multiplies: that of the same place in ACTIONS (engagement.py)."""


def worn(lift: float, floor: float, left: float, uses: int) -> float:
    """Factor on its rate of a hook that was used before: floor + (lift − floor)·left^uses.

    Args:
        lift: of a hook that is new to the account's viewers.
        floor: of one that is worn out; below 1 it puts people off.
        left: share of what it does beyond the floor that each earlier use leaves [0..1].
        uses: earlier uses that still count.
    Source: shape assumed (wear-out of advertising repeated to the same people).
    """
    return floor + (lift - floor) * left**uses
