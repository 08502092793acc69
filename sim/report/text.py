"""How the report speaks one language: sentences, words, numbers, names.

Takes texts, keys and facts; gives text. Words for things stand in the registry (sim/language).
"""

from collections.abc import Mapping
from typing import Any

from sim.language.entry import Entry
from sim.language.numbers import Kind, amount, short, three_digits
from sim.language.vocabulary import ORIGIN, QUANTITIES
from sim.language.words import N_, Words
from sim.scenario.names import account_name

NOUNS: Mapping[str, str] = {
    "account": N_("{n} accounts"),
    "creator": N_("{n} creators"),
    "video": N_("{n} videos"),
    "post": N_("{n} posts"),
    "day": N_("{n} days"),
    "visit": N_("{n} home-page visits"),
    "follow": N_("{n} net new fans"),
    "order": N_("{n} orders"),
    "violation": N_("{n} violations"),
    "link": N_("{n} links"),
}
"""What is counted, as one says several."""
ROUND = 1000
"""Multiples of it are written without zeros behind the point."""
LONGEST = 40
"""Characters of a name in a figure or sentence; a longer one is cut (chosen)."""
NAME = 200
"""Characters of a name elsewhere (chosen)."""


class Say(Words):
    """One language: sentences by their English text, words for things, numbers.

    Names that are filled in may hold braces: they are never a template.

    Example:
        >>> Say("en").count("video", 1), Say("zh").count("video", 59)
        ('1 video', '59 条视频')
    """

    def known(self, entries: Mapping[str, Entry], key: str) -> str:
        """What something is called within a line; a key that is not known stays as it is."""
        return entries[key].said(self.language) if key in entries else clean(key)

    def channel(self, key: str) -> str:
        """A kind of link; one that is not known stays as it is."""
        return ORIGIN[key].link(self.language) if key in ORIGIN else clean(key)

    def account(self, account: str, longest: int = NAME) -> str:
        """What an account is called, cut if long."""
        return clean(account_name(account, self.language), longest)

    def origin(self, key: str) -> str:
        """Where impressions came from; an origin that is not known stays as it is."""
        return ORIGIN[key].label(self.language) if key in ORIGIN else clean(key)

    def label(self, key: str) -> str:
        """What a quantity is called."""
        return QUANTITIES[key].label(self.language)

    def definition(self, key: str) -> str:
        """What a quantity means."""
        return QUANTITIES[key].definition(self.language)

    def count(self, noun: str, number: float) -> str:
        """So many of something."""
        return self(NOUNS[noun], n=self.number(number))

    def number(self, value: float, kind: Kind = "count") -> str:
        """A number in a sentence, round ones without zeros; in Chinese the measure word follows at once.

        Example:
            >>> Say("zh").number(50_000) + "人", Say("zh").number(812) + "人", Say("en").number(50_000)
            ('5 万人', '812 人', '50K')
        """
        if kind == "count" and value == int(value) and value % ROUND == 0:
            text = short(int(value), self.language)
        else:
            text = amount(value, kind, self.language)
        return text if self.language == "en" or not text[-1].isdigit() else f"{text} "

    def rate(self, part: float, whole: float) -> str:
        """A share in per cent, three digits; a dash where there is nothing to divide by.

        Example:
            >>> Say("en").rate(6, 220_320), Say("en").rate(3_716, 220_320), Say("en").rate(1, 0)
            ('0.00272%', '1.69%', '–')
        """
        if not whole:
            return "–"
        return three_digits(100 * part / whole) + "%"


def level(comparison: Mapping[str, Any]) -> str:
    """The confidence of a comparison's intervals [%]."""
    return f"{100 * comparison['interval']['confidence']:.4g}"


def clean(name: str, longest: int = NAME) -> str:
    """A name on one line, without control characters and marks that turn the text round; cut if long."""
    text = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
