"""The log of the platform's decisions: its columns, and the place of each.

Takes nothing; gives names. Models fill a line of it a decision (pools.py, flow.py), tables read it.
"""

COLUMNS = (
    "video", "hour", "pool", "score", "threshold", "decision", "reason",
    "impressions", "completions", "likes", "comments", "shares", "follows", "followable",
)  # fmt: skip
"""Columns of a decision, pools from 0; `followable` are the impressions on which the follow rate is taken."""
VIDEO, HOUR, POOL, SCORE, MARK, DECISION, REASON, SHOWN, RESPONSES, *_, FOLLOWABLE = range(len(COLUMNS))
"""Their places: the mark is the threshold, what was shown the impressions; responses begin at completions."""
