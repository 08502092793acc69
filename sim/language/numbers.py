"""How large numbers are shortened: 9,999, then 1.2万 in Chinese and 12K in English.

Takes plain numbers; gives by what they are divided and the sign that says so. Figures, sentences and
the words of a scenario differ in digits and spaces and read the signs here.
"""

from sim.language.words import Language

SHORTENED: dict[Language, tuple[tuple[float, float, str], ...]] = {
    "en": ((1e9, 1e9, "B"), (1e6, 1e6, "M"), (1e4, 1e3, "K")),
    "zh": ((1e8, 1e8, "亿"), (1e4, 1e4, "万")),
}
"""From which size on a number is shortened, divided by what, and its sign: 9,999 is written out."""


def shortening(size: float, language: Language) -> tuple[float, str]:
    """By what numbers up to a size are divided, and the sign that says so; 1 and none where they are small.

    Example:
        >>> shortening(74_230, "zh"), shortening(74_230, "en"), shortening(9_999, "en")
        ((10000.0, '万'), (1000.0, 'K'), (1.0, ''))
    """
    return next(((by, sign) for start, by, sign in SHORTENED[language] if size >= start), (1.0, ""))
