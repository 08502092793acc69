"""Several goals at once: who is beaten in all of them by another, and who comes first by somebody's weights.

Takes what each variant reaches by goal, more is better; gives the front and scores. Says nothing of luck: two
means on the front may not be told apart.
"""

from collections.abc import Mapping, Sequence
from typing import Any

GOALS: Mapping[str, tuple[str, str]] = {
    "reach": ("reach", "mean"), "orders": ("orders", "mean"), "profit": ("profit", "mean"),
    "bad_launch": ("profit", "lower_tail"),
}  # fmt: skip
"""Metric and field of a comparison, by goal; what a bad launch leaves is the risk."""
Reached = Mapping[str, Sequence[float]]
"""What each variant reaches, by goal."""


def reached(comparisons: Mapping[str, Mapping[str, Any]], names: Sequence[str]) -> dict[str, list[float]]:
    """What variants reach by goal, in the order of the names; those without a value are left out."""
    found = {}
    for goal, (metric, field) in GOALS.items():
        rows = {row["name"]: row for row in comparisons.get(metric, {}).get("variants", ())}
        if all(name in rows for name in names):
            found[goal] = [float(rows[name][field]) for name in names]
    return found


def front(given: Reached) -> list[bool]:
    """Whether no other variant is at least as good in every goal and better in one.

    Example:
        >>> front({"reach": [3.0, 2.0, 1.0], "profit": [1.0, 2.0, 1.0]})
        [True, True, False]
    """
    rows = list(zip(*given.values(), strict=True))
    return [
        not any(other != row and all(a >= b for a, b in zip(other, row, strict=True)) for other in rows)
        for row in rows
    ]


def placed(given: Reached) -> dict[str, list[float]]:
    """Where each variant lies between the worst (0) and the best (1) in each goal; 1 where all are alike.

    Example:
        >>> placed({"reach": [10.0, 20.0, 15.0]})
        {'reach': [0.0, 1.0, 0.5]}
    """
    found = {}
    for goal, values in given.items():
        low, high = min(values), max(values)
        found[goal] = [(value - low) / (high - low) if high > low else 1.0 for value in values]
    return found


def scores(given: Reached, weights: Mapping[str, float]) -> list[float]:
    """The mean place of each variant over the goals, by their weights [0..1]; 0 where nothing has weight.

    Example:
        >>> scores({"reach": [10.0, 20.0], "profit": [5.0, 1.0]}, {"reach": 1.0, "profit": 3.0})
        [0.75, 0.25]
    """
    whole = sum(weights[goal] for goal in given) or 1.0
    rows = zip(*placed(given).values(), strict=True)
    shares = [weights[goal] / whole for goal in given]
    return [sum(place * share for place, share in zip(row, shares, strict=True)) for row in rows]
