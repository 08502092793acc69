"""What to measure next, in words: in Chinese and English.

Takes `worth_knowing` as comparison.json has it; gives sentences. Adds no statistics.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sim.analysis.worth_knowing import BY_CHANCE
from sim.language.measuring import MEASURING
from sim.language.numbers import with_unit
from sim.language.vocabulary import METRIC
from sim.language.words import N_, Language, Words

MOST_TOLD: Final = 3
"""Assumptions that are named (chosen: one can be measured, two are a choice)."""
CASES: Final = 10
KNOWING = N_(
    "Knowing {key} would change the choice in {cases} of 10 cases and is worth about {gain} each time one "
    "chooses ({range}){how}."
)
SELDOM = N_(
    "Knowing {key} would seldom change the choice and is worth about {gain} each time one chooses "
    "({range}){how}."
)


def worth_in(comparison: Mapping[str, Any], language: Language) -> list[str]:
    """What is worth measuring by a comparison; nothing where it drew no assumptions.

    Args:
        comparison: content of comparison.json.
        language: 'zh' or 'en'.
    """
    if "worth_knowing" not in comparison:
        return []
    return worth_told(
        comparison["worth_knowing"], comparison["robust"]["draws"], comparison["metric"], language
    )


def is_worth(rows: object) -> bool:
    """Whether a document's `worth_knowing` is as it has to be."""
    numbers = ("gain", "low", "high", "changes", "by_chance")
    return isinstance(rows, list) and all(
        isinstance(row, dict)
        and isinstance(row.get("key"), str)
        and all(type(row.get(name)) in (int, float) for name in numbers)
        for row in rows
    )


def worth_told(rows: Sequence[Mapping[str, Any]], draws: int, metric: str, language: Language) -> list[str]:
    """What is worth measuring, the most valuable first; or that these draws single out nothing.

    Args:
        rows: of `worth_knowing` in comparison.json.
        draws: of the assumptions.
        metric: one of METRICS.
        language: 'zh' or 'en'.
    """
    words = Words(language)
    told = []
    for row in rows:
        if row["by_chance"] > BY_CHANCE or row["gain"] <= 0.0:
            continue
        gain, around = with_unit(
            (row["gain"], row["low"], row["high"]), metric, language, METRIC[metric].step(language)
        )
        how = MEASURING.get(row["key"])
        cases = round(CASES * row["changes"])
        told.append(
            words(
                KNOWING if cases else SELDOM,
                key=row["key"], cases=cases, gain=gain.strip(), range=around.strip(),
                how=words("; measure it by {how}", how=words(how)) if how else "",
            )
        )  # fmt: skip
    if told:
        return told[:MOST_TOLD]
    if not any(row["gain"] > 0.0 for row in rows):
        return [
            words(
                "Knowing any one of these numbers would not change the choice ({draws} draws).", draws=draws
            )
        ]
    return [
        words(
            "No single number is seen to be worth measuring: what these {draws} draws show of any of them, "
            "chance shows as well. More seeds may tell.",
            draws=draws,
        )
    ]
