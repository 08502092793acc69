"""What a reader has to be warned of beside the answer: a code for machines, one sentence in each language.

A row of `warnings` in comparison.json, and the templates of its sentences, which stand here once. Decides
nothing: whoever knows the facts fills them in.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from sim.vocabulary import Language

TEXTS: dict[str, dict[Language, str]] = {
    "rare_differences": {
        "en": "{names} gave another result than {best} in {count} of {seeds} launches, which leaves up to"
        " {share} % possible: too rare to tell at this number of seeds, about {needed} would do.",
        "zh": "{names}与{best}在 {seeds} 次模拟中有 {count} 次结果不同，实际比例最高可能达 {share}%："
        "差异太少，目前的模拟次数无法判断，约需 {needed} 次。",
    },
}
"""By code, templates of what is said."""


class Warned(NamedTuple):
    """One warning."""

    code: str
    variant: str | None
    """name of the variant it is about; None where it is about all"""
    text_zh: str
    text_en: str

    def text(self, language: Language) -> str:
        """In one language."""
        return self.text_zh if language == "zh" else self.text_en


def each_once(rows: Iterable[Warned], language: Language) -> list[str]:
    """The texts, said once however many variants share them."""
    return list(dict.fromkeys(row.text(language) for row in rows))


def as_rows(rows: Iterable[Warned]) -> list[dict[str, Any]]:
    """As JSON has them."""
    return [row._asdict() for row in rows]
