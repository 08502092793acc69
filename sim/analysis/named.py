"""What layouts, account structures, mixes of creators and posting times are called in Chinese and English.

Takes keys of the scenario, or what a command line names; gives names for a table or a sentence.
"""

from collections.abc import Sequence

from sim.errors import UsageError
from sim.language.names import LAYOUT, MIX, STRUCTURE, TIMING
from sim.language.words import Language
from sim.scenario.structures import read
from sim.scenario.timing import hour_of


def layout_name(layout: str, language: Language, *, in_sentence: bool = False) -> str:
    """A layout's name: 'star' is 星形 in a table and 星形布局 in a sentence.

    Args:
        layout: key of the scenario; other text is given back as it is.
        language: 'zh' or 'en'.
        in_sentence: with the word for layout, where Chinese needs it; in English 'no links' for none.
    Returns:
        The name.
    Example:
        >>> layout_name("star", "zh", in_sentence=True)
        '星形布局'
    """
    if layout not in LAYOUT or (language == "en" and not in_sentence):
        return layout
    return LAYOUT[layout].said(language) if in_sentence else LAYOUT[layout].label(language)


def structure_name(structure: str, language: Language, *, in_sentence: bool = False) -> str:
    """An account structure's name.

    Args:
        structure: as a command line names it; other text is given back as it is.
        language: 'zh' or 'en'.
        in_sentence: in English 'one account' for one.
    Example:
        >>> [structure_name(name, "zh") for name in ("one", "1+3", "race:8", "mine")]
        ['全部发在主号', '1+3 矩阵', '8 号赛马', 'mine']
    """
    try:
        kind, subs = read(structure)
    except UsageError:
        return structure
    known = STRUCTURE[kind]
    return (known.said(language) if in_sentence else known.label(language)).format(subs=subs)


def mix_name(mix: str | Sequence[int], language: Language) -> str:
    """What creators are called, in a table and in a sentence: a named mix, or their numbers by tier.

    Example:
        >>> mix_name("koc", "en"), mix_name((0, 0, 0, 3, 20, 60), "en")
        ('KOC only', '0:0:0:3:20:60')
    """
    return MIX[mix].label(language) if isinstance(mix, str) else ":".join(map(str, mix))


def timing_name(timing: str, language: Language) -> str:
    """What a posting time is called, in a table and in a sentence.

    Example:
        >>> timing_name("20:00", "en"), timing_name("written", "en")
        ('posts at 8 pm', 'hours as written')
    """
    hour = hour_of(timing)
    if hour is None:
        return TIMING[timing].label(language)
    half = f"{(hour - 1) % 12 + 1} {'am' if hour < 12 else 'pm'}"  # noqa: PLR2004  noon
    return TIMING["at"].label(language).format(hour=hour if language == "zh" else half)


def variant_name(name: str, label_zh: str, language: Language, *, structured: bool) -> str:
    """What a variant of a comparison is called within a sentence.

    Args:
        name: a layout, a structure, both, or whatever its maker called it.
        label_zh: its Chinese name.
        language: 'zh' or 'en'.
        structured: an account structure was put in.
    Example:
        >>> variant_name("one", "全部发在主号", "en", structured=True)
        'one account'
    """
    if name in LAYOUT:
        return layout_name(name, language, in_sentence=True)
    if language == "zh":
        return label_zh
    return structure_name(name, "en", in_sentence=True) if structured else name


def capitalised(name: str) -> str:
    """A name in English as a sentence or a cell opens with it: a key of ours gets a capital, others stay.

    Example:
        >>> [capitalised(name) for name in ("star", "one account", "my plan")]
        ['Star', 'One account', 'my plan']
    """
    ours = {*LAYOUT, *(entry.said_en for entry in (*LAYOUT.values(), *STRUCTURE.values()))}
    return name.capitalize() if name and name in ours else name
