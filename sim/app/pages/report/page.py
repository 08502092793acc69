"""Report 复盘: one file that sums a run or a comparison up, and its tables for other programs."""

from collections.abc import Callable, Mapping
from functools import partial
from itertools import takewhile

import polars as pl
import streamlit as st

from sim.app.jobs import store
from sim.app.jobs.request import Request, Running
from sim.app.pages.report import boss, figures
from sim.app.pages.report.files import TABLE_NAMES, comparison_of, replications, run_of, run_tables
from sim.app.ui import address, choice, comparing, drafting, look, watch
from sim.app.ui.comparison import table as preview
from sim.app.ui.fields import named
from sim.app.ui.names import market, metric_name, scenario_name
from sim.charts import picture
from sim.charts.theme import PALETTES
from sim.language.words import N_, Words
from sim.report import comparison, run, tables
from sim.report.export import EXCEL_ROWS, FORM_NAMES, Form, exported, fits
from sim.report.folder import ComparisonFiles, RunFiles
from sim.report.page import html
from sim.report.parts import Callout, Report, Text
from sim.report.text import Say, clean

TITLE = N_("Report")
LEAD = N_("What came of it, in one file that opens anywhere: to send, to print, to keep.")
TABLE, FORM = (f"kept_report_{name}" for name in ("table", "form"))
WHATS = {"run": N_("One run"), "comparison": N_("Comparison of layouts")}
KEY_COLUMNS = ("reach", "follows", "orders", "roi")
"""Of a run's totals, those that the preview shows."""
PICTURES: tuple[picture.Format, ...] = ("png", "svg")
FIRST_ROWS = 50
KB = 1000


def page(words: Words) -> None:
    """Draws the page."""
    draw = _comparison if _controls(words) == "comparison" else _run
    draw(words)


def _controls(words: Words) -> str:
    state = st.session_state
    if choice.REPORTED not in state:
        state[choice.REPORTED] = address.one_of("report", WHATS)
    if state[choice.REPORTED] not in WHATS:
        state[choice.REPORTED] = "run"
    with look.row("report", bordered=True):
        meaning = words("One run of the scenario in hand, or what Compare layouts shows.")
        kinds = named(words, WHATS)
        what: str = look.chosen(words("What to report"), kinds, choice.REPORTED, width=240, help=meaning)
        if what == "run":
            choice.scenario_box(words)
            choice.audience_box(words)
            choice.seed_box(words)
    if what == "comparison":
        comparing.remember()
        comparing.note_in_address(report=what)
    else:
        choice.note_in_address(report=what, seed=str(choice.seed()))
    return what


def _run(words: Words) -> None:
    request = Running(choice.name(), choice.users(), choice.seed())
    if watch.answered(request, words) is None:
        return
    files = run_of(request, words)
    report = run.run_report(files, words.language, look.ground())
    mark = f"{request.scenario}-seed{request.seed}"
    gist, *others = report.sections[0].blocks
    assert isinstance(gist, Callout)
    look.headline(gist.text, PALETTES[look.ground()].accent)
    told = takewhile(lambda block: isinstance(block, Text), others)  # what the run warns of too
    look.lines([block.text for block in told if isinstance(block, Text)])
    said = N_(
        "One run is one draw of luck: another one gives other numbers and other hits. Whether one layout is "
        "better than another is answered on Compare layouts."
    )
    look.note(words(said))
    say = Say(words.language, words.instead)
    totals = tables.key_numbers(files, say)
    shown = [row for key in KEY_COLUMNS for row in totals.rows if row[0].text == say.label(key)]
    columns = [look.Column(words("Scenario")), *(look.Column(r[0].text, r[2].text) for r in shown)]
    cells: list[look.Cell | str] = [
        look.Cell(scenario_name(words, request.scenario), market(words, request)),
        *(row[1].text for row in shown),
    ]
    look.table(columns, [cells], words("Key numbers"), PALETTES[look.ground()].accent)
    _to_pass_on(lambda: run.run_report(files, words.language), request, files, mark, words)
    key = f"{request.key()[:8]}_run"
    figures.main(report, key, mark, words)
    figures.folds(report, key, mark, words)
    _tables({name: partial(store.table, request, name) for name in run_tables(request)}, mark, words)


def _comparison(words: Words) -> None:
    """The report of the comparison that Compare layouts shows in this tab, or that the address asks for."""
    wanted, metric = comparing.asked()
    found = watch.latest(wanted, words) if comparing.enough(wanted) else None
    if found is None:
        look.note(words("What is compared is chosen on Compare layouts: two to six layouts."))
        return
    answer, request = found
    if request != wanted:
        st.info(words("Interim: {n} of {total} rounds so far.", n=request.seeds, total=wanted.seeds))
    metric = metric if metric in answer["comparisons"] else next(iter(answer["comparisons"]))
    files = comparison_of(request, answer, metric, words)
    report = comparison.comparison_report(files, words.language, look.ground(), words.instead)
    mark = f"{request.scenario}-{metric}"
    verdict = report.sections[0].blocks[0]
    assert isinstance(verdict, Callout)
    if not watch.early(request, wanted):
        look.headline(verdict.text, verdict.colour)
    look.note(f"{metric_name(words, metric)} · {report.facts}")
    names = comparison.names_of(files, Say(words.language, words.instead))
    preview(files.comparison, names, words)
    _to_pass_on(lambda: comparison.comparison_report(files, words.language), request, files, mark, words)
    key = f"{request.key()[:8]}_{metric}"
    figures.main(report, key, mark, words)
    figures.between(files, key, mark, words)
    _tables({"replications": partial(replications, request, answer)}, mark, words)


def _to_pass_on(
    plain: Callable[[], Report], request: Request, files: RunFiles | ComparisonFiles, mark: str, words: Words
) -> None:
    """The files to send on, and the page for the boss; both say first what they rest on."""
    rests = [clean(text, 2000) for text in drafting.waiting_words(words)]
    _files(lambda: plain().after(rests), mark, words)
    boss.draw(request, files, mark, rests, words)


def _files(printed: Callable[[], Report], mark: str, words: Words) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="report_files"):
        meaning = words(
            "Everything: figures, tables, what it rests on, how to get it again. About 5 MB; opens in any "
            "browser, without a network."
        )
        label, file = words("Report (HTML)"), f"matrixsim-{mark}-{words.language}.html"
        look.download(
            label, lambda: html(printed()).encode(), file, "report_html", type="primary", help=meaning
        )
        meaning = words("The figure below on white, drawn when asked for; takes some seconds.")
        for form in PICTURES if picture.available() else ():
            label, file = words("Figure ({form})", form=form.upper()), f"matrixsim-{mark}.{form}"
            look.download(label, partial(_drawn, printed, form), file, f"report_{form}", help=meaning)
    if not picture.available():
        look.note(words("The camera in the corner of the figure saves it as a picture."))


def _drawn(printed: Callable[[], Report], form: picture.Format) -> bytes:
    main = printed().figures()[0]
    return picture.picture(main.figure, form, main.title)


def _tables(opened: Mapping[str, Callable[[], pl.DataFrame]], mark: str, words: Words) -> None:
    state, names = st.session_state, list(opened)
    st.header(words("Tables to take away"), anchor=False)
    if state.get(TABLE) not in names:
        state[TABLE] = names[0]
    with st.container(horizontal=True, vertical_alignment="bottom", key="report_choices_tables"):
        called = {key: words(TABLE_NAMES[key]) for key in names}
        name: str = look.chosen(words("Table"), called, TABLE, width=190)
        meaning = words(
            "CSV and Excel open in a spreadsheet; Parquet is the smallest and keeps the types. In CSV a "
            "name that begins with = + - @ gets an apostrophe, so that it is not taken for a formula."
        )
        form: Form = look.chosen(words("Format"), FORM_NAMES, FORM, width=130, help=meaning)
        frame = opened[name]()
        file = f"matrixsim-{mark}-{name}.{form}"
        content, whole = partial(exported, frame, form), fits(frame, form)
        look.download(words("Download"), content, file, "report_table", disabled=not whole)
    said = N_("{rows} rows × {columns} columns, about {size} kB in memory.")
    size = f"{max(1, round(frame.estimated_size() / KB)):,}"
    hint = words(said, rows=f"{frame.height:,}", columns=frame.width, size=size)
    if not whole:
        hint += words(" Excel holds {n} rows at most: take CSV or Parquet.", n=f"{EXCEL_ROWS - 1:,}")
    look.note(hint)
    with st.expander(words("First rows")):
        st.dataframe(frame.head(FIRST_ROWS), hide_index=True)
