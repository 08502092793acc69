"""Four verdicts in a row: what is best under each platform model, since no platform says how it chooses."""

from collections.abc import Mapping
from html import escape
from typing import Any

import streamlit as st

from sim.analysis.platforms import agreement, model_name
from sim.app.jobs.questions import Surveying
from sim.app.jobs.store import Answer, Judged
from sim.app.ui import look
from sim.charts.theme import PALETTES
from sim.language import plain
from sim.language.words import N_, Words, begun

Verdicts = Mapping[str, Mapping[str, Any]]
"""By platform model, the scenario's own first, as comparison.json has them."""
UNDECIDED = {
    "cannot_tell_apart": N_("Cannot tell"), "equivalent": N_("Several will do"), "identical": N_("All alike"),
}  # fmt: skip


def joined(survey: Surveying, answer: Answer, comparison: Judged, metric: str) -> dict[str, Any]:
    """The verdict under each platform model: the one at hand, and those under the others."""
    own = comparison["verdict"]
    top = max(comparison["variants"], key=lambda v: v["mean"])["name"]
    mine = {**own, "winner": top if own["code"] == "winner" else None}
    return {survey.plan().platform.model: mine, **answer["platforms"].get(metric, {})}


def draw(verdicts: Verdicts, names: look.Names, words: Words) -> None:
    """Draws the row, says whether the verdict holds under each, and folds what each says."""
    st.header(words("If the platform works differently"), anchor=False)
    look.lines([agreement(verdicts, words.language)])
    palette, first = PALETTES[look.ground()], next(iter(verdicts.values()))["winner"]
    cells, told = "", []
    for model, verdict in verdicts.items():
        best, name = verdict["winner"], begun(model_name(model, words.language))
        said = words(UNDECIDED[verdict["code"]]) if best is None else names.get(best, best)
        colour = (
            palette.muted if best is None else palette.accent if best == (first or best) else palette.behind
        )
        cells += (
            f'<div role="listitem" style="border-left: 4px solid {escape(colour)}; padding-left: 0.6rem">'
            f'<p class="ms-note">{escape(name)}</p>'
            f'<p style="margin: 0; font-weight: 600">{escape(said)}</p></div>'
        )
        told.append(f"{name}{'：' if words.language == 'zh' else ': '}{verdict[f'text_{words.language}']}")
    around = "display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: 0.6rem"
    st.html(f'<div role="list" style="{around}">{cells}</div>')
    with st.expander(words("What each platform model says")):
        look.lines([plain.told(line, words) for line in told])
