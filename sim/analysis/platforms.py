"""Whether an answer holds under every platform model, as one sentence.

Takes the verdicts of one comparison by model, as comparison.json has them; gives text. Decides nothing.
"""

from collections.abc import Mapping
from typing import Any

from sim.language.names import MODEL
from sim.language.words import N_, Language, Words

AGREEMENT = {
    "same": N_("The advice holds under every platform model ({models})."),
    "other": N_(
        "The advice does not hold under every platform model: they name different winners. How the platform "
        "works decides here."
    ),
    "open": N_("No platform model contradicts the advice, but under {undecided} a best cannot be told."),
    "none": N_("Under no platform model ({models}) can a best be told."),
}
NO_POOLS = N_(
    "The platform model of this plan has no pools: impressions flow by the value of a video against "
    "competing ones, so there is no ladder to show."
)
"""Where a ladder would be shown."""


def agreement(platforms: Mapping[str, Mapping[str, Any]], language: Language) -> str:
    """One sentence on whether the verdicts by model agree.

    Args:
        platforms: by model, with the name of the winner or None.
        language: zh or en.
    """
    winners = {row["winner"] for row in platforms.values() if row.get("winner") is not None}
    undecided = [model for model, row in platforms.items() if row.get("winner") is None]
    code = "other" if len(winners) > 1 else "none" if not winners else "open" if undecided else "same"
    words = Words(language)
    names, some = (words.listed(model_name(m, language) for m in each) for each in (platforms, undecided))
    return words(AGREEMENT[code], models=names, undecided=some)


def model_name(model: str, language: Language) -> str:
    """What a platform model is called; a model that is not known keeps its name."""
    return MODEL[model].label(language) if model in MODEL else model
