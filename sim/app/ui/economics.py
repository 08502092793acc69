"""Money of a comparison on the page: what the first brings back, what would make it pay, and a table."""

from collections.abc import Sequence

import streamlit as st

from sim.analysis.money import FEWEST
from sim.app.jobs.store import Judged
from sim.app.ui import look
from sim.language.words import Words
from sim.report.comparison import colours
from sim.report.money import BREAK_EVEN, SPENT, paying, pays, spent
from sim.report.text import Say, level

WIDE = (2, 6, 7, 8)
"""Columns that a phone leaves out: sales, cost per fan, per thousand people, GPM."""

told = paying
"""What the first brings back for each yuan, and what would make it pay."""


def known(comparison: Judged) -> bool:
    """Whether its variants have money; one of an earlier version has none."""
    return all("break_even" in variant for variant in comparison["variants"])


def draw(comparison: Judged, names: look.Names, words: Words, first: Sequence[str] = ()) -> None:
    """Draws some lines, then what each variant costs and brings in; what would make each pay is folded."""
    if not known(comparison):
        return
    say = Say(words.language, words.instead)
    hues = colours(comparison, look.ground())
    dots = [hues[v["name"]] for v in sorted(comparison["variants"], key=lambda v: -v["mean"])]
    st.header(say("Money"), anchor=False)
    look.lines(first)
    look.note(say(SPENT))
    look.reported(spent(comparison, names, say), dots, WIDE)
    with st.expander(say("What would make it pay")):
        look.note(say(BREAK_EVEN, level=level(comparison), fewest=FEWEST))
        look.reported(pays(comparison, names, say), dots)
