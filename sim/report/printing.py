"""A run or a comparison as a file to hand on: the whole report as HTML, the page for the boss otherwise.

Takes its files, a form and a brand; gives the file's content. HTML and Excel need no browser, PDF and PNG do.
"""

from pathlib import Path
from typing import Literal, get_args

import polars as pl

from sim.charts.paper import printed
from sim.errors import UsageError
from sim.language.words import NC_, Language
from sim.report.boss import sheet
from sim.report.brand import Brand
from sim.report.comparison import comparison_report
from sim.report.folder import ComparisonFiles, RunFiles
from sim.report.page import html, sheet_html
from sim.report.parts import Report
from sim.report.run import run_report
from sim.report.text import Say
from sim.report.workbook import workbook

Form = Literal["html", "pdf", "png", "xlsx"]
FORMS: tuple[Form, ...] = get_args(Form)
RUN_TABLES = {"accounts": NC_("sheet", "Accounts"), "videos": NC_("sheet", "Videos")}
"""Tables of a run that a workbook has beside the page."""


def form_of(path: Path) -> Form:
    """The form that a file's name asks for.

    Raises:
        UsageError: none that is known.
    """
    found = next((form for form in FORMS if path.suffix.lower() == f".{form}"), None)
    if found is None:
        raise UsageError(
            "--out {path}: unknown kind of file; allowed: {forms}",
            path=path, forms=", ".join(f".{form}" for form in FORMS),
        )  # fmt: skip
    return found


def written(files: RunFiles | ComparisonFiles, form: Form, language: str, brand: Brand) -> bytes:
    """The file's content.

    Args:
        files: of a folder that `run --out` or `compare --out` wrote.
        form: html for the whole report, pdf, png and xlsx for the page for the boss.
        language: zh or en.
        brand: logo and colour of the page for the boss.
    Raises:
        RunError: there is no browser to print with.
    """
    if form == "html":
        return html(whole(files, language)).encode()
    found = sheet(files, language)
    if form == "xlsx":
        return workbook(found, brand, tables_of(files, found.front.language))
    return printed(sheet_html(found, brand, form), form)


def whole(files: RunFiles | ComparisonFiles, language: str) -> Report:
    """The whole report."""
    if isinstance(files, RunFiles):
        return run_report(files, language)
    return comparison_report(files, language)


def tables_of(files: RunFiles | ComparisonFiles, language: Language) -> dict[str, pl.DataFrame]:
    """What one reckons on with, by its name: accounts and videos of a run, the launches of a comparison."""
    say = Say(language)
    if isinstance(files, RunFiles):
        return {say(name): files.tables[table] for table, name in RUN_TABLES.items()}
    return {say("Single launches"): files.replications}
