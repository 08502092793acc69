"""Sentences in English and Chinese, from a gettext catalogue: of the app, the report, commands, warnings.

The English text in the code is the key; Chinese stands in `locale/zh/LC_MESSAGES/matrixsim.po`.
`python -m sim.make_words` brings the catalogue up to date and compiles it. What a plug-in names stands in
its entries instead, in both languages (vocabulary.py).
"""

import gettext
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from string import Formatter
from types import MappingProxyType
from typing import Literal, get_args

Language = Literal["zh", "en"]
OWN_NAMES: dict[Language, str] = {"zh": "中文", "en": "English"}
"""Each language, as its readers call it."""
LANGUAGES: tuple[Language, ...] = get_args(Language)
LOCALE = Path(__file__).with_name("locale")
DOMAIN = "matrixsim"
BETWEEN = "\x04"
"""What gettext puts between a context and a message."""


def N_(message: str) -> str:  # noqa: N802  gettext's name
    """Marks a message that is translated later."""
    return message


def NC_(context: str, message: str) -> str:  # noqa: N802  gettext's name
    """As N_, for a word that has several meanings: 'Star' is a layout and a tier."""
    return f"{context}{BETWEEN}{message}"


def begun(text: str) -> str:
    """A text with a capital, as it stands alone or at the beginning."""
    return text[:1].upper() + text[1:]


class Words:
    """One language: called with an English text, gives it in that language.

    Some readers are told some texts in other words: `instead` holds these, by text; '' says nothing.

    Example:
        >>> Words("en")("{n} seeds", n=8)
        '8 seeds'
    """

    def __init__(self, language: Language, instead: Mapping[str, str] = MappingProxyType({})) -> None:
        self.language: Language = language
        self.instead = instead
        self._catalogue = _catalogue(language)

    def __call__(self, message: str, /, **facts: object) -> str:
        """The text in this language, with facts filled in.

        Args:
            message: English text, as written in the code; or from N_ or NC_.
            facts: for the places in braces.
        """
        message = self.instead.get(message, message)
        text = self._catalogue.gettext(message).rpartition(BETWEEN)[2] if message else ""
        if not facts:
            return text
        return (_set if self.language == "zh" else _agreed)(text, facts)

    def listed(self, items: Iterable[str], most: int | None = None) -> str:
        """Items in a row; beyond `most` they are only counted.

        Example:
            >>> Words("zh").listed(("a", "b"))
            'a、b'
        """
        named = list(items)
        more = self(N_(" and {count} more"), count=len(named) - most) if most and named[most:] else ""
        return ("、" if self.language == "zh" else ", ").join(named[:most]) + more


def _agreed(text: str, facts: Mapping[str, object]) -> str:
    """Facts in an English text, which is written for several: 1 post was, where 2 posts were."""
    parts: list[str] = []
    for literal, name, spec, how in _FORMATTER.parse(text):
        parts.append(_SEVERAL.sub(_one, literal, count=1) if parts and parts[-1] == "1" else literal)
        if name is not None:
            value = _FORMATTER.convert_field(_FORMATTER.get_field(name, (), facts)[0], how)
            parts.append(_FORMATTER.format_field(value, (spec or "").format(**facts)))
    return "".join(parts)


def _one(several: re.Match[str]) -> str:
    """What stands behind a 1 in place of a plural and its verb."""
    between, noun, verb = several.groups()
    return f" {between}{_NOUNS[noun]}{_VERBS[verb] if verb else ''}"


_REGULAR = (
    "account boost computation creator day engagement fan follower follow hour impression link order pair "
    "pilot plan point pool post reason row run seed sister sub sub-account thread variant video view "
    "violation visit wave worker"
)
_IRREGULAR = {"mixes": "mix", "launches": "launch", "processes": "process", "people": "person"}
_NOUNS = _IRREGULAR | {f"{noun}s": noun for noun in _REGULAR.split()}
"""What is counted in sentences: several, and one."""
_VERBS = {
    " are": " is",
    " were": " was",
    " have": " has",
    " do": " does",
    " make": " makes",
    " post": " posts",
}
_SEVERAL = re.compile(
    rf"^ ((?:[a-z-]+ )?)({'|'.join(sorted(_NOUNS, key=len, reverse=True))})\b({'|'.join(_VERBS)})?\b"
)
"""A plural behind a number, one word between them at most, and its verb."""


def _set(text: str, facts: Mapping[str, object]) -> str:
    """Facts in a Chinese text: its space beside a fact stays only where the fact is Latin there.

    What a fact holds is never changed, nor is a space that is all there is between two facts.
    """
    parts: list[str] = []
    for literal, name, spec, how in _FORMATTER.parse(text):
        cut = bool(parts) and _bare(f"{parts[-1][-1:]}|{literal[:2]}")
        parts.append(literal[cut:])
        if name is None:
            continue
        value = _FORMATTER.convert_field(_FORMATTER.get_field(name, (), facts)[0], how)
        fact = _FORMATTER.format_field(value, (spec or "").format(**facts))
        if _bare(f"{parts[-1][-2:]}|{fact[:1]}"):
            parts[-1] = parts[-1][:-1]
        parts.append(fact)
    return "".join(parts)


def _bare(seam: str) -> bool:
    """Whether the space at a seam, such as '号 |主' or '号| 的', has no Latin on its other side."""
    return _SEAM.fullmatch(seam) is not None


_CHINESE = r"[\u2018-\u201d\u2026\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]"
_FULL = r"[\u3001\u3002\uff01\uff08\uff0c\uff1a\uff1b\uff1f]"
"""Marks beside which no space stands."""
_SEAM = re.compile(rf"{_CHINESE} \|[ {_CHINESE[1:-1]}]|{_CHINESE}\| {_CHINESE}| \| .|{_FULL} \|.")
_FORMATTER = Formatter()


@cache
def _catalogue(language: Language) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, LOCALE, [language], fallback=language == "en")


def nearest_language(wishes: str) -> Language:
    """The language to begin with: Chinese where the browser's first language is Chinese, else English.

    Args:
        wishes: a locale such as `zh-CN`, or an Accept-Language header.
    Example:
        >>> nearest_language("zh-TW,zh;q=0.9,en;q=0.8"), nearest_language("de-DE,zh;q=0.5")
        ('zh', 'en')
    """
    return "zh" if wishes.strip().lower().startswith("zh") else "en"
