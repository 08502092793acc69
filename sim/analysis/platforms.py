"""Whether an answer holds under every platform model, as one sentence.

Takes the verdicts of one comparison by model, as comparison.json has them; gives text. Decides nothing.
"""

from collections.abc import Mapping
from typing import Any

from sim.language.words import Language

MODELS: dict[Language, dict[str, str]] = {
    "en": {"pools": "tiered pools", "score": "continuous score"},
    "zh": {"pools": "分级流量池", "score": "连续评分"},
}
"""What the platform models are called."""
AGREEMENT: dict[Language, dict[str, str]] = {
    "en": {
        "same": "The advice holds under every platform model ({models}).",
        "other": "The advice does not hold under every platform model: each names another best. Who the "
        "platform is decides here.",
        "open": "The advice does not hold under every platform model: not each of them names a winner.",
        "none": "Under no platform model ({models}) can a best be told.",
    },
    "zh": {
        "same": "结论在各种平台模型下都成立（{models}）。",
        "other": "结论并非在各种平台模型下都成立：不同模型给出的最优方案不同，取决于平台实际如何推荐。",
        "open": "结论并非在各种平台模型下都成立：有的模型分不出最优方案。",
        "none": "各种平台模型（{models}）下都分不出最优方案。",
    },
}
NO_POOLS: dict[Language, str] = {
    "en": "The platform model of this plan (continuous score) has no pools: impressions flow by predicted "
    "value against competing videos, so there is no ladder to show.",
    "zh": "本方案采用的平台模型（连续评分）没有流量池："
    "曝光按预测价值与竞品视频的对比持续分配，因此没有逐级晋级可看。",
}
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
    names = [model_name(model, language) for model in platforms]
    return AGREEMENT[language][code].format(models=("、" if language == "zh" else ", ").join(names))


def model_name(model: str, language: Language) -> str:
    """What a platform model is called; a model that is not known keeps its name."""
    return MODELS[language].get(model, model)
