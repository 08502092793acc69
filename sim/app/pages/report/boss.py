"""One page for the boss: PDF, long picture or Excel, with a logo and a colour of one's own."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from sim.app.jobs import pages, store
from sim.app.jobs.questions import Printing
from sim.app.jobs.request import Request
from sim.app.ui import look, watch
from sim.charts import picture
from sim.charts.paper import Form
from sim.errors import UsageError
from sim.language.words import N_, Words
from sim.report.boss import Sheet, sheet
from sim.report.brand import ACCENT, Brand, brand
from sim.report.folder import ComparisonFiles, RunFiles
from sim.report.page import sheet_html
from sim.report.printing import tables_of
from sim.report.workbook import workbook
from sim.scenario.faults import said

LOGO, COLOUR, ASKED = (f"report_boss_{name}" for name in ("logo", "colour", "asked"))
"""Session keys; the last holds what was asked for: name of the page by form, and of what in which brand."""
PICTURES = ["png", "jpg", "jpeg", "webp", "svg"]
PREVIEW_PX = 420
"""Width at which a long picture is shown, about a phone's (chosen)."""
FORMS: dict[Form, tuple[str, str]] = {
    "pdf": (N_("Make the PDF"), "PDF"), "png": (N_("Make the long picture"), N_("Long picture (PNG)")),
}  # fmt: skip
"""Forms that a browser prints: what the button says, and what the file is called."""


def draw(
    request: Request, files: RunFiles | ComparisonFiles, mark: str, rests: Sequence[str], words: Words
) -> None:
    """Draws the section.

    Args:
        request: of what is reported.
        files: of it.
        mark: part of the file names.
        rests: what the page has to say first, such as on which version of a draft it rests.
        words: of the reader, and of the page.
    """
    st.header(words("For the boss"), anchor=False)
    meaning = N_(
        "One page: the verdict, the picture, the money, the risks, what to do next; at its back what it "
        "rests on. PDF to print, a long picture to send, Excel to reckon on."
    )
    look.note(words(meaning))
    with st.expander(words("Logo and colour of your own")):
        own = _brand(words)
    if own is None:
        return
    found = sheet(files, words.language, words.instead)
    found = found._replace(front=found.front.after(rests))
    stem, ready = f"matrixsim-{mark}-{words.language}-page", picture.available()
    here = request.key(), stem, own
    with st.container(horizontal=True, vertical_alignment="center", key="report_boss"):
        for form, (label, _) in FORMS.items() if ready else ():
            look.button(words(label), _ask, form, found, here, key=f"report_boss_{form}")
        tables = tables_of(files, words.language)
        look.download(
            words("Excel workbook"), lambda: workbook(found, own, tables), f"{stem}.xlsx", "report_boss_xlsx"
        )
    if not ready:
        look.note(words("PDF and long picture need a Chromium or Chrome, and kaleido, on the server."))
    for form, page in _asked(here).items():
        _printed(Printing(request.scenario, request.users, page, form), stem, words)


def _asked(here: tuple[str, str, Brand]) -> dict[Form, str]:
    """Pages asked for by form, not those of another run or in another colour."""
    asked, of = st.session_state.get(ASKED, ({}, None))
    return dict(asked) if of == here else {}


def _brand(words: Words) -> Brand | None:
    """What was chosen; None where it cannot be used, which is told."""
    help_ = words("PNG, JPEG, WebP or SVG; stands in the corner of the page, and stays on this server.")
    logo: Any = st.file_uploader(words("Logo"), type=PICTURES, key=LOGO, help=help_)
    meaning = words("Of lines and bars; text stays dark, so that any colour can be read.")
    colour = st.color_picker(words("Colour"), ACCENT, key=COLOUR, help=meaning)
    try:
        return brand(logo.getvalue() if logo else b"", colour, logo.name if logo else "")
    except UsageError as error:
        look.faults([said(error, words)])
        return None


def _ask(form: Form, found: Sheet, here: tuple[str, str, Brand]) -> None:
    st.session_state[ASKED] = _asked(here) | {form: pages.keep(sheet_html(found, here[-1], form))}, here


def _printed(printing: Printing, stem: str, words: Words) -> None:
    """What was asked for: under way, or to be taken."""
    if watch.answered(printing, words) is None:
        return
    form: Form = "png" if printing.form == "png" else "pdf"
    file = store.kept_at(printing) / f"page.{form}"
    label = words("Download: {file}", file=words(FORMS[form][1]))
    look.download(label, file.read_bytes, f"{stem}.{form}", f"report_boss_file_{form}", type="primary")
    if form == "png":
        st.image(file.read_bytes(), width=PREVIEW_PX, alt=words("The page for the boss as a long picture"))
