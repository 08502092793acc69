"""The report's figures on the page, each with a camera that saves it: the main one; others folded away."""

import streamlit as st

from sim.app.ui import look
from sim.language.words import Words
from sim.report import comparison
from sim.report.bridge import bridge
from sim.report.folder import ComparisonFiles
from sim.report.parts import Block, Figure, Fold, Report, Text
from sim.report.text import Say

CAMERA = "Download plot as a PNG"
"""What plotly calls its camera."""
ONE, OTHER = "kept_report_one", "kept_report_other"
"""Session keys: plans between which the profit is told."""


def main(report: Report, key: str, mark: str, words: Words) -> None:
    """The main figure with its line of text.

    Args:
        report: whose it is.
        key: part of the keys of its elements.
        mark: part of the names of saved files.
        words: of the reader.
    """
    shown = report.figures()[0]
    st.header(shown.title, anchor=False)
    about = next(section for section in report.sections if shown in section.blocks)
    look.note(next(block.text for block in about.blocks if isinstance(block, Text)))
    _figure(shown, key, mark, words)


def folds(report: Report, key: str, mark: str, words: Words) -> None:
    """Further figures, folded away as in the file."""
    for block in (block for section in report.sections for block in section.blocks):
        if isinstance(block, Fold) and any(isinstance(inner, Figure) for inner in block.blocks):
            with st.expander(block.title):
                for inner in block.blocks:
                    _drawn(inner, key, mark, words)


def between(files: ComparisonFiles, key: str, mark: str, words: Words) -> None:
    """What leads from the profit of one plan to that of another, which one chooses."""
    ranked = sorted(files.comparison["variants"], key=lambda v: v["mean"])
    say = Say(words.language, words.instead)
    names = comparison.names_of(files, say)
    with st.expander(words("From plan to plan: where the profit differs")):
        for box, first in ((ONE, ranked[0]["name"]), (OTHER, ranked[-1]["name"])):
            if st.session_state.get(box) not in names:
                st.session_state[box] = first
        with look.row("report_between"):
            one = look.chosen(words("From plan"), names, ONE, width=220)
            other = look.chosen(words("To plan"), names, OTHER, width=220)
        places = [list(names).index(name) for name in (one, other)]
        told = (
            bridge(files, (one, other), names, Say(words.language, words.instead), look.ground())
            if one != other
            else []
        )
        for block in told:
            _drawn(block, "_".join(map(str, [key, *places])), mark, words)
        if not told:
            look.note(words("Choose two different plans whose launches have money."))


def _drawn(block: Block, key: str, mark: str, words: Words) -> None:
    if isinstance(block, Text):
        look.note(block.text)
    elif isinstance(block, Figure):
        _figure(block, f"{key}_{block.name}", f"{mark}-{block.name}", words)


def _figure(shown: Figure, key: str, mark: str, words: Words) -> None:
    st.plotly_chart(
        shown.figure,
        key=f"report_{key}",
        config={
            "displayModeBar": True,
            "displaylogo": False,
            "scrollZoom": False,
            "modeBarButtons": [["toImage"]],
            "toImageButtonOptions": {"format": "png", "scale": 2, "filename": f"matrixsim-{mark}"},
            "locale": words.language,
            "locales": {words.language: {"dictionary": {CAMERA: words("Save as PNG")}}},
        },
    )
