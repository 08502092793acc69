"""A report as one HTML file that needs nothing beside it.

Takes a report; gives the text of the file. Its own policy (CSP) lets it fetch nothing and run
nothing but plotly.js and our few lines, each known by its hash: a name that slipped through the
escaping could still not run. Decides nothing about what the report says.
"""

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from sim.charts.embed import as_json, figure_data, library
from sim.charts.theme import FONT, PALETTES
from sim.report.boss import Sheet
from sim.report.brand import Brand
from sim.report.parts import Report
from sim.report.text import Say

HERE = Path(__file__).parent
LANG = {"zh": "zh-CN", "en": "en"}
QUIET = "#5A606B"
"""Small print on white: 6:1, where the palette's grey for figures has 4:1."""


def html(report: Report) -> str:
    """The file's text."""
    say = Say(report.language)
    figures = report.figures()
    data = ""
    if figures:
        content = {figure.name: figure_data(figure.figure) for figure in figures}
        data = as_json({"save": say("Save as PNG"), "figures": content})
    return _set("page", report, data)


def sheet_html(sheet: Sheet, brand: Brand, form: Literal["pdf", "png"]) -> str:
    """The page for the boss, for a browser to print: two sides of A4, or one long picture.

    It says `data-drawn` at its root once the figures stand and each side fits its page.
    """
    content = {figure.name: figure_data(figure.figure) for figure in sheet.front.figures()}
    more = {"back": sheet.back, "brand": brand, "form": form}
    return _set("sheet", sheet.front, as_json({"figures": content}), **more)


def _set(kind: Literal["page", "sheet"], report: Report, data: str, **more: object) -> str:
    """The text of a kind of page; without data it has no script."""
    say, script = Say(report.language), _script(kind)
    return _template(kind).render(
        report=report,
        lang=LANG[report.language],
        policy=_policy((library(), script) if data else ()),
        palette=PALETTES["light"],
        quiet=QUIET,
        font=FONT,
        colon="：" if report.language == "zh" else ": ",
        no_script=say("The figures need JavaScript; every number they show is in the tables too."),
        data=data,
        library=library() if data else "",
        script=script,
        **more,
    )


def _policy(scripts: tuple[str, ...]) -> str:
    """Nothing from anywhere; scripts by their hash; figures write styles and draw a picture to save."""
    hashes = " ".join(f"'sha256-{_hashed(text)}'" for text in scripts) or "'none'"
    return (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data: blob:; "
        "base-uri 'none'; form-action 'none'"
    )


@cache
def _hashed(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _script(kind: str) -> str:
    return (HERE / f"{kind}.js").read_text(encoding="utf-8")


@cache
def _template(kind: str) -> Template:
    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True
    )
    return environment.get_template(f"{kind}.html.jinja")
