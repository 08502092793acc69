"""What a reader has to be warned of beside the answer: a code for machines, one sentence in each language.

A row of `warnings` in summary.json, comparison.json, sensitivity.json and optimum.json. Decides nothing:
the sentences stand with what finds the facts, and their Chinese in the catalogue.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from sim.language.warnings import WARNING
from sim.language.words import Language, Words


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


def warned(code: str, variant: str | None, told: Callable[[Words], str]) -> Warned:
    """A warning whose sentence is said in both languages.

    Args:
        code: of sim.language.warnings.
        variant: whom it is about.
        told: the sentence, in the words of a language.
    Raises:
        ValueError: a code that is none.
    """
    if code not in WARNING:
        raise ValueError(f"{code}: no warning; allowed: {', '.join(WARNING)}")
    return Warned(code, variant, told(Words("zh")), told(Words("en")))


def each_once(rows: Iterable[Warned], language: Language) -> list[str]:
    """The texts, said once however many variants share them."""
    return list(dict.fromkeys(row.text(language) for row in rows))


def from_rows(rows: Iterable[Mapping[str, Any]]) -> list[Warned]:
    """Read back from JSON."""
    return [Warned(row["code"], row.get("variant"), row["text_zh"], row["text_en"]) for row in rows]


def as_rows(rows: Iterable[Warned]) -> list[dict[str, Any]]:
    """As JSON has them."""
    return [row._asdict() for row in rows]
