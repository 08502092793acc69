"""A report as one HTML file that needs nothing beside it.

Takes a report; gives the text of the file. Its own policy (CSP) lets it fetch nothing and run
nothing but plotly.js and our few lines, each known by its hash: a name that slipped through the
escaping could still not run. Decides nothing about what the report says.
"""

import base64
import hashlib
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from sim.charts.embed import as_json, figure_data, library
from sim.charts.theme import FONT, PALETTES
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
    script = _script()
    data = ""
    if figures:
        content = {figure.name: figure_data(figure.figure) for figure in figures}
        data = as_json({"save": say("Save as PNG"), "figures": content})
    return _template().render(
        report=report,
        lang=LANG[report.language],
        policy=_policy((library(), script) if figures else ()),
        palette=PALETTES["light"],
        quiet=QUIET,
        font=FONT,
        colon="：" if report.language == "zh" else ": ",
        no_script=say("The figures need JavaScript; every number they show is in the tables too."),
        data=data,
        library=library() if figures else "",
        script=script,
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
def _script() -> str:
    return (HERE / "page.js").read_text(encoding="utf-8")


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True
    )
    return environment.get_template("page.html.jinja")
