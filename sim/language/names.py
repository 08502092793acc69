"""What a scenario chooses among, and what becomes of a video: tiers, layouts, decisions; in two languages."""

from collections.abc import Iterable

from sim.language.entry import Entry, read
from sim.language.words import Language


class Tier(Entry):
    """A tier of creators."""


TIER = read(Tier, "tier")


class Layout(Entry):
    """A layout of links between accounts."""


LAYOUT = read(Layout, "layout")
"""In the order shown; 'custom' only for a scenario with a list of links."""


class Structure(Entry):
    """A kind of account structure; {subs} accounts stand beside the main one."""


STRUCTURE = read(Structure, "structure")
"""As a table names them in English: how a command line writes them."""


class Way(Entry):
    """A way of sharing posts out over accounts, as `accounts` names it."""


WAY = read(Way, "way")
"""As a sentence begins with them, said with the name that commands know."""


class Role(Entry):
    """What an account is in the matrix."""


ROLE = read(Role, "role")


class Model(Entry):
    """Who decides on impressions."""


MODEL = read(Model, "model")


class Rate(Entry):
    """A rate that the platform judges a video by."""


RATE = read(Rate, "rate")
"""In the order of the score."""


class Decision(Entry):
    """What the platform decides about a video, or why."""


DECISION = read(Decision, "decision")
REASON = read(Decision, "reason")
"""By reason of a decision, or stop_reason of a video; short where a table says it."""


class Column(Entry):
    """What a column of a price list means, where it may hold an estimate."""


COLUMN = read(Column, "column")


def columns_named(columns: Iterable[str], language: Language) -> list[str]:
    """Columns of a price list by name, in their order; one that has none as it is written."""
    own = set(columns)
    return [COLUMN[key].label(language) for key in COLUMN if key in own] + sorted(own - set(COLUMN))
