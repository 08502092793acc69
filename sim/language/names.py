"""What a scenario chooses among, and what becomes of a video: tiers, layouts, decisions; in two languages."""

from collections.abc import Iterable

from sim.language.entry import read
from sim.language.words import Language

TIER = read("tier")
"""Tiers of creators."""
LAYOUT = read("layout")
"""Layouts of links, in the order shown; 'custom' only for a scenario with a list of links."""
STRUCTURE = read("structure")
"""Kinds of account structure, as a table names them in English: how a command line writes them; {subs}
accounts stand beside the main one."""
MIX = read("mix")
"""Mixes of creators that a comparison names."""
TIMING = read("timing")
"""When the brand's accounts post; {hour} as the language tells it."""
WAY = read("way")
"""Ways of sharing posts out over accounts, as `accounts` names them; as a sentence begins with them, said
with the name that commands know."""
ROLE = read("role")
"""What an account is in the matrix."""
MODEL = read("model")
"""Who decides on impressions."""
RATE = read("rate")
"""Rates that the platform judges a video by, in the order of the score."""
DECISION = read("decision")
"""What the platform decides about a video."""
REASON = read("reason")
"""Why: by reason of a decision, or stop_reason of a video; short where a table says it."""
COLUMN = read("column")
"""What a column of a price list means, where it may hold an estimate."""
HEAD = read("head")
"""What a column of a table is called that is handed on, where it is no quantity."""


def columns_named(columns: Iterable[str], language: Language) -> list[str]:
    """Columns of a price list by name, in their order; one that has none as it is written."""
    own = set(columns)
    return [COLUMN[key].label(language) for key in COLUMN if key in own] + sorted(own - set(COLUMN))
