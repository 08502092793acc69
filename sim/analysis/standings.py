"""How often a variant did better, as well and worse than the best, in the launches that both had.

Takes variants of comparison.json; gives text. Does not count.
"""

from collections.abc import Mapping
from typing import Any

from sim.language.numbers import amount, span
from sim.language.words import N_, Language, Words

STANDINGS = {"win": N_("win"), "tie": N_("tie"), "lose": N_("lose")}
"""How a launch of a variant went against the best of the same seed."""


def standings(variant: Mapping[str, Any], language: Language) -> str:
    """How often a variant of comparison.json did better than, as well as, and worse than the best.

    Example:
        >>> standings({"win": None}, "en")
        ''
        >>> shares = {"share": 0.5, "low": 0.25, "high": 0.75}
        >>> standings(dict.fromkeys(("win", "tie", "lose"), shares), "zh")
        '胜 50%（25 ～ 75%）、平 50%（25 ～ 75%）、负 50%（25 ～ 75%）'
    """
    told, words = [], Words(language)
    for key, word in STANDINGS.items():
        if not (share := variant.get(key)):  # the best itself, or a comparison of an earlier version
            return ""
        ends = span(share["low"], share["high"], "share", language)
        around = f"（{ends}）" if language == "zh" else f" ({ends})"
        told.append(f"{words(word)} {amount(share['share'], 'share', language)}{around}")
    return words.listed(told)


def often_tied(comparison: Mapping[str, Any]) -> bool:
    """Whether any variant gave the same as the best in some seed, so that `standings` are worth showing."""
    return any(v.get("tie") and v["tie"]["share"] > 0 for v in comparison["variants"])
