"""How the race between accounts of a run ended, as one sentence (M16).

Takes the summary of a run; gives text. What it says is counted in mechanisms/structure.py.
"""

from collections.abc import Mapping
from typing import Any

from sim.language.words import N_, Language, Words

_TOLD = {
    None: N_("Race: decided in hour {hour}, kept {kept}."),
    0: N_("Race: decided in hour {hour}, kept {kept}; the luckiest account was given up."),
    1: N_("Race: decided in hour {hour}, kept {kept}, the luckiest account among them."),
}
"""By whether the luckiest account was kept; None where luck is not known."""


def race_told(summary: Mapping[str, Any], language: Language) -> str:
    """When a race was decided and whom it kept; '' where there was none, or it is open.

    Example:
        >>> race_told({"race_hour": 96, "race_kept": "a, new-1", "race_right": 1}, "en")
        'Race: decided in hour 96, kept a, new-1, the luckiest account among them.'
    """
    if not summary.get("race_kept"):
        return ""
    told = _TOLD[summary.get("race_right")]
    return Words(language)(told, hour=summary["race_hour"], kept=summary["race_kept"])
