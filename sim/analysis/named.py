"""What layouts and account structures are called in Chinese and English.

Takes keys of the scenario, or what a command line names; gives names for a table or a sentence.
"""

from sim.errors import UsageError
from sim.language.words import Language
from sim.scenario.structures import read

LAYOUTS_ZH = {
    "none": "无联动",
    "single": "单账号",
    "star": "星形",
    "ring": "环形",
    "chain": "链式",
    "tree": "树形",
    "mesh": "网状",
    "custom": "自定义",
}
"""Layout names as a Chinese table or legend shows them."""

LAYOUTS_EN = {"none": "no links"}
"""Layout names that a sentence in English would read as another word: 'none is best'."""

STRUCTURES_ZH = {
    "written": "现有账号",
    "one": "单号",
    "one_plus": "1+{subs} 矩阵",
    "split": "按主题分 {subs} 个号",
    "same": "一稿多号（{subs} 个）",
    "race": "{subs} 号赛马",
}
"""Account structures as a Chinese table or sentence shows them, {subs} accounts beside the main one."""

STRUCTURES_EN = {"written": "accounts as written", "one": "one account"}
"""Account structures that a sentence in English would read as another word."""


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
    if language == "en":
        return LAYOUTS_EN.get(layout, layout) if in_sentence else layout
    if layout not in LAYOUTS_ZH:
        return layout
    return LAYOUTS_ZH[layout] + ("布局" if in_sentence else "")


def structure_name(structure: str, language: Language, *, in_sentence: bool = False) -> str:
    """An account structure's name.

    Args:
        structure: as a command line names it; other text is given back as it is.
        language: 'zh' or 'en'.
        in_sentence: in English 'one account' for one.
    Example:
        >>> [structure_name(name, "zh") for name in ("one", "1+3", "race:8", "mine")]
        ['单号', '1+3 矩阵', '8 号赛马', 'mine']
    """
    try:
        kind, subs = read(structure)
    except UsageError:
        return structure
    if language == "zh":
        return STRUCTURES_ZH[kind].format(subs=subs)
    return STRUCTURES_EN.get(structure, structure) if in_sentence else structure


def variant_name(name: str, label_zh: str, language: Language, *, structured: bool) -> str:
    """What a variant of a comparison is called within a sentence.

    Args:
        name: a layout, a structure, both, or whatever its maker called it.
        label_zh: its Chinese name.
        language: 'zh' or 'en'.
        structured: an account structure was put in.
    Example:
        >>> variant_name("one", "单号", "en", structured=True)
        'one account'
    """
    if name in LAYOUTS_ZH:
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
    ours = name in LAYOUTS_ZH or name in LAYOUTS_EN.values() or name in STRUCTURES_EN.values()
    return name.capitalize() if ours else name
