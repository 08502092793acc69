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
        "The advice does not hold under every platform model: each names another best. Who the platform is "
        "decides here."
    ),
    "open": N_("The advice does not hold under every platform model: not each of them names a winner."),
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
    winners = {row.get("winner") for row in platforms.values()}
    if winners == {None}:
        code = "none"
    elif None in winners:
        code = "open"
    else:
        code = "same" if len(winners) == 1 else "other"
    words = Words(language)
    names = words.listed(model_name(model, language) for model in platforms)
    return words(AGREEMENT[code], models=names)


def model_name(model: str, language: Language) -> str:
    """What a platform model is called; a model that is not known keeps its name."""
    return MODEL[model].label(language) if model in MODEL else model
