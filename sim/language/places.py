"""Places where views come from, as creator centres show them (来源占比), and what exports call each.

Names are in lower case; Douyin's, and those of TikTok Studio and YouTube Studio.
"""

from dataclasses import dataclass

from sim.language.entry import Entry, read


@dataclass(frozen=True)
class Place(Entry):
    """A source of views."""

    called: str = ""
    """names in exports, between bars"""

    def names(self) -> tuple[str, ...]:
        """What exports call it."""
        return tuple(self.called.split("|"))


PLACES = read("place", Place)
