"""What a reader can be warned of, by the code that files and programs see, in English and in Chinese.

The sentence of a warning, with its facts, stands with what finds them (analysis/warned.py).
"""

from sim.language import entry
from sim.language.entry import Entry, read


class WarningCode(Entry):
    """A kind of warning: its code, a title and when it is given."""


WARNING = read("warning", WarningCode)
"""Every code there is; a plug-in's `declared` ones stand beside them."""


def declared(warning: WarningCode) -> str:
    """Declares a kind of warning, where what gives it is defined; its code.

    Raises:
        ValueError: the code means something else already.
    """
    return entry.declared(WARNING, warning, "the code of another warning")
