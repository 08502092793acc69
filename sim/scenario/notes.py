"""What may surprise in a scenario: names that look alike, links that are missing, keys that do nothing.

Takes a scenario; gives sentences in English or Chinese. Refuses nothing: all of it is valid.
"""

import unicodedata
from collections.abc import Iterator

from sim.language.names import TIER
from sim.language.numbers import spelt
from sim.language.words import Language, Words
from sim.scenario.layouts import canonical_accounts, edges, link_counts
from sim.scenario.matrix import TIERS
from sim.scenario.schema import Scenario
from sim.scenario.section import MOST_NAMED
from sim.scenario.seeding import tier_counts

MOST_LOOKED_THROUGH = 200
"""Accounts up to which a thinned mesh is made to see whom it leaves out (chosen)."""
UNSEEN = ("Cc", "Cf")
"""Kinds of character that are not seen."""


def notes(scenario: Scenario, language: Language = "en") -> list[str]:
    """What may surprise, one sentence each: what is valid, and perhaps not what was meant."""
    words = Words(language)
    return [*alike(scenario, language), *_links_missing(scenario, words), *_notes(scenario, words)]


def alike(scenario: Scenario, language: Language = "en") -> list[str]:
    """Names that look alike and are not the same: ids of accounts, topics, materials."""
    words, found = Words(language), []
    materials = dict.fromkeys(a.material for a in scenario.accounts if a.material is not None)
    for names in ([a.id for a in scenario.accounts], scenario.audience.topics, materials):
        seen: dict[str, str] = {}
        for name in names:
            folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
            shape = "".join(c for c in folded if not c.isspace() and unicodedata.category(c) not in UNSEEN)
            other = seen.setdefault(shape, name)
            if other != name:
                found.append(
                    words(
                        "{one} and {other} look alike and are two names: only capitals, spaces or the "
                        "form of a character differ.",
                        one=spelled(other),
                        other=spelled(name),
                    )
                )
    return found


def readable(name: str) -> str:
    """A name on one line, spelled where something in it cannot be printed."""
    return name if name.isprintable() else spelled(name)


def spelled(name: str) -> str:
    """A name in quotation marks, with what cannot be seen in it written out."""
    shown = (c if c.isprintable() and not unicodedata.combining(c) else f"\\u{ord(c):04x}" for c in name)
    return f"'{''.join(shown)}'"


def _links_missing(scenario: Scenario, words: Words) -> Iterator[str]:
    """A layout that links nothing, or leaves some account out."""
    layout = scenario.links.layout
    brand = [account.id for account in canonical_accounts(scenario) if account.role != "creator"]
    if layout in ("none", "single") or len(brand) == 1:
        return
    if not link_counts(scenario).links:
        yield words("layout {layout} has no links here: the run is that of layout none.", layout=layout)
    elif layout == "custom" or (scenario.links.density < 1 and len(brand) <= MOST_LOOKED_THROUGH):
        linked = {name for edge in edges(scenario) for name in edge[:2]}
        alone = [name for name in brand if name not in linked]
        if alone:
            shown = words.listed(map(spelled, alone), MOST_NAMED)
            yield words("without a link to or from another account: {accounts}.", accounts=shown)


def _notes(scenario: Scenario, words: Words) -> Iterator[str]:
    seeding = scenario.seeding
    users, pools = scenario.audience.users, scenario.platform.pools
    counted = pools if scenario.platform.model == "pools" else pools[:1]
    large = next((k for k, size in enumerate(counted) if size > users), None)
    if large is not None:
        yield words(
            "pool {pool} ({size}) exceeds the audience of {users}; nobody is shown a video twice, so "
            "videos saturate before it is full.",
            pool=large + 1,
            size=spelt(pools[large], words.language),
            users=spelt(users, words.language),
        )
    counts = tier_counts(scenario).counts
    for tier, want, have in zip(TIERS, seeding.ratio or counts, counts, strict=True):
        if want and not have:
            yield words("{tier}: rounded to 0 creators.", tier=TIER[tier].said(words.language))
    if scenario.links.density < 1 and scenario.links.layout != "mesh":
        yield words("density counts only with layout mesh.")
    if sum(account.role != "creator" for account in scenario.accounts) == 1:
        yield words("a single brand account has nobody to link to.")
    for section in scenario.sections():
        yield from section.noted(scenario, words.language)
