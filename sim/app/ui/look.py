"""What streamlit's theme cannot say: CSS, escaped markup of untrusted names, and controls drawn alike.

Colours that must follow a dark ground are made from the text's own colour.
"""

import contextlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from html import escape
from typing import Any, Literal, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from sim.charts.theme import Ground
from sim.language.words import Words
from sim.report.export import MIME

CSS = """
<style>
[data-testid="stMainBlockContainer"] { max-width: 1120px; padding: 1.25rem 1.5rem 3rem; }
[data-testid="stHeader"] { display: none; }
[data-testid="stMainBlockContainer"] h1 { font-size: 1.75rem; font-weight: 650; padding: 0 0 0.15rem; }
[data-testid="stMainBlockContainer"] h3 { font-size: 1.15rem; font-weight: 600; padding: 0.6rem 0 0; }
[class*="_previous"] { opacity: 0.5; }
.ms-brand { font-weight: 650; letter-spacing: 0.02em; }
.ms-brand span { font-weight: 400; opacity: 0.68; margin-left: 0.6em; }
.ms-lead { opacity: 0.78; margin: 0; line-height: 1.5; }
.ms-verdict { border-left: 4px solid; padding: 0.1rem 0 0.1rem 0.9rem;
  margin: 0.4rem 0 0.2rem; font-size: 1.3rem; line-height: 1.5; font-weight: 600; text-wrap: pretty; }
.ms-note { font-size: 0.875rem; opacity: 0.72; margin: 0; line-height: 1.55; }
.ms-faults { border-left: 4px solid #C0392B; background: color-mix(in srgb, #C0392B 9%, transparent);
  padding: 0.45rem 0.8rem; border-radius: 0 6px 6px 0; font-size: 0.9rem; overflow-wrap: anywhere; }
.ms-faults p { margin: 0.15rem 0; line-height: 1.5; font-size: 0.9rem; }
.ms-scroll { overflow-x: auto; }
.ms-table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 0.94rem; }
.ms-table th, .ms-table td { padding: 0.5rem 0.6rem; text-align: right; vertical-align: top;
  white-space: nowrap; border: 0;
  border-bottom: 1px solid color-mix(in srgb, currentColor 16%, transparent); }
.ms-table th { font-weight: 500; font-size: 0.85rem; white-space: normal; vertical-align: bottom; }
.ms-table thead th { color: color-mix(in srgb, currentColor 74%, transparent); }
.ms-table th:first-child { text-align: left; }
.ms-table tbody th { font-size: 0.94rem; white-space: nowrap; vertical-align: top; }
[class*="st-key-ask_"] button p { white-space: normal; text-align: left; }
.ms-table abbr { text-decoration: underline dotted; text-underline-offset: 0.25em; cursor: help; }
.ms-table th:has(> i) { position: relative; padding-left: 1.85rem; }
.ms-table th > i { position: absolute; left: 0.6rem; margin-top: 0.52em; width: 0.65em; height: 0.65em;
  border-radius: 50%; }
.ms-table small { display: none; opacity: 0.72; font-size: 0.8rem; }
.ms-legend.ms-legend { display: flex; flex-wrap: wrap; gap: 0.15rem 1.1rem; margin: 0; padding: 0;
  list-style: none; font-size: 0.85rem; }
.ms-legend li { margin: 0; }
.ms-legend i { display: inline-block; width: 0.65em; height: 0.65em; margin-right: 0.5em;
  border-radius: 50%; }
.ms-legend i.ms-line { width: 1.4em; height: 0.16em; border-radius: 0; vertical-align: middle; }
.ms-legend i.ms-band { width: 1.4em; border-radius: 0; opacity: 0.3; }
.ms-plain p { margin: 0 0 0.35rem; line-height: 1.6; }
.st-key-scenario_words h3 { padding-top: 0; }
.st-key-scenario_words .ms-plain p { font-size: 0.875rem; overflow-wrap: anywhere; }
[data-testid="stFileUploaderDropzoneInstructions"],
[data-testid="stFileUploaderDropzone"] span:has(> [data-testid="stIconMaterial"]) { display: none; }
[data-testid="stFileUploaderDropzone"] button p { font-size: 0; }
[data-testid="stFileUploaderDropzone"] button p::after {
  font-size: 0.875rem; content: var(--ms-choose-file, "…"); }
@media (max-width: 640px) {
  [data-testid="stMainBlockContainer"] { padding: 0.75rem 1rem 2rem; }
  [class*="_choices"] > div { flex: 1 1 42% !important; width: auto !important; }
  .ms-brand span { display: none; }
  .ms-verdict { font-size: 1.1rem; }
  .ms-table .ms-wide { display: none; }
  .ms-table small { display: block; }
  .ms-table th, .ms-table td { padding: 0.45rem 0.3rem; }
  .ms-table th:has(> i) { padding-left: 1.3rem; }
  .ms-table th > i { left: 0.3rem; }
  .ms-table thead th { font-size: 0.8rem; }
  .ms-table tbody th { white-space: normal; }
  [data-testid="stElementContainer"]:has(> [data-testid="stFullScreenFrame"] [data-testid="stDataFrame"]) {
    margin-top: 1.25rem; }
}
</style>
"""


ON_ACCENT = """
<style>
[data-testid="stBaseButton-primary"], [data-testid="stBaseButton-primary"] *,
[data-testid="stBaseButton-primaryFormSubmit"] *,
[data-testid="stMultiSelect"] span[title],
[data-testid="stMultiSelect"] span[title] ~ * { color: #111318 !important; }
</style>
"""
"""On the dark ground the accent is light: white letters on it could not be read."""


Names = Mapping[str, str]
"""What to call things, by key."""
MIMES = {str(form): mime for form, mime in MIME.items()} | {
    "html": "text/html", "png": "image/png", "svg": "image/svg+xml", "toml": "application/toml",
}  # fmt: skip


class Column(NamedTuple):
    """A column of a table: its title, what it means, and whether a phone leaves it out."""

    title: str
    meaning: str = ""
    wide: bool = False


class Cell(NamedTuple):
    """A cell: its text, a second line that only a phone shows, and what a row's name means."""

    text: str
    small: str = ""
    meaning: str = ""


class Mark(NamedTuple):
    """An entry of a legend."""

    name: str
    colour: str
    shape: Literal["dot", "line", "band"] = "dot"


def ground() -> Ground:
    """The ground that the reader's browser shows."""
    return "dark" if st.context.theme.type == "dark" else "light"


def css() -> str:
    """The style of every page on the reader's ground."""
    return CSS + ON_ACCENT if ground() == "dark" else CSS


def headline(text: str, colour: str) -> None:
    """The answer of a page, in one sentence."""
    st.html(f'<p class="ms-verdict" role="status" style="border-color:{escape(colour)}">{escape(text)}</p>')


def lead(text: str) -> None:
    """What a page answers, in one sentence."""
    st.html(f'<p class="ms-lead">{escape(text)}</p>')


@contextlib.contextmanager
def previous(page: str, words: Words) -> Iterator[None]:
    """The answer that was on screen before, pale, so that the page is not empty meanwhile."""
    st.subheader(words("Previous answer"), anchor=False)
    with st.container(key=f"{page}_previous"):
        yield


def note(text: str) -> None:
    """A line in small print."""
    st.html(f'<p class="ms-note">{escape(text)}</p>')


def faults(texts: Sequence[str]) -> None:
    """What is wrong, one a line, beside the place; nothing where nothing is."""
    if texts:
        inside = "".join(f"<p>{escape(text)}</p>" for text in texts)
        st.html(f'<div class="ms-faults" role="alert">{inside}</div>')


def file_button(text: str) -> None:
    """What the buttons that choose a file say: streamlit has only English for them."""
    st.html(f'<style>:root {{ --ms-choose-file: "{escape(text)}"; }}</style>')


def status(text: str) -> None:
    """What just happened, in small print; screen readers say it."""
    st.html(f'<p class="ms-note" role="status">{escape(text)}</p>')


def lines(texts: Sequence[str]) -> None:
    """Plain lines of text; nothing where there are none."""
    if not texts:
        return
    st.html(f'<div class="ms-plain">{"".join(f"<p>{escape(text)}</p>" for text in texts)}</div>')


def folded(texts: Sequence[str], shown: int, words: Words) -> None:
    """Plain lines of text; those beyond a number in a fold."""
    lines(texts[:shown])
    if rest := texts[shown:]:
        with st.expander(words("More to know ({n})", n=len(rest))):
            lines(rest)


def moment(seconds: float) -> str:
    """A moment [s since 1970] by the reader's clock."""
    zone: tzinfo = UTC
    with contextlib.suppress(ZoneInfoNotFoundError, ValueError, TypeError):
        zone = ZoneInfo(st.context.timezone or "")
    return datetime.fromtimestamp(seconds, zone).strftime("%Y-%m-%d %H:%M")


def plain(text: str) -> str:
    """A text that says itself where streamlit reads Markdown: ids of accounts are anybody's."""
    return re.sub(r"([\\`*_{}\[\]<>#$:~|!&])", r"\\\1", text)


def legend(marks: Sequence[Mark]) -> None:
    """What the colours of a picture mean, where a plotly legend would not fit a phone."""
    told = "".join(
        f'<li><i class="ms-{m.shape}" style="background:{escape(m.colour)}"></i>{escape(m.name)}</li>'
        for m in marks
    )
    st.html(f'<ul class="ms-legend">{told}</ul>')


def chart(figure: Any, key: str, alt: str = "", on_select: Callable[[], None] | None = None) -> None:
    """A figure without plotly's own buttons; a click on a point of it is passed on."""
    st.plotly_chart(
        figure,
        key=key,
        on_select=on_select or "ignore",
        selection_mode="points",
        config={"displayModeBar": False, "scrollZoom": False},
        alt=alt or None,
    )


def chosen(title: str, names: Mapping[Any, str], key: str, **more: Any) -> Any:
    """A control for one of some choices, by what they are called; its value."""
    return st.selectbox(
        title, list(names), format_func=lambda given: names.get(given, str(given)), key=key, **more
    )


def switch(title: str, names: Mapping[Any, str], key: str, *, required: bool = True, **more: Any) -> Any:
    """A control for one of few choices, side by side; its value."""
    given = {"required": required, "label_visibility": "collapsed", **more}
    return st.segmented_control(title, list(names), format_func=names.__getitem__, key=key, **given)


def pills(title: str, names: Mapping[str, str], key: str, meaning: str, **more: Any) -> list[str]:
    """A control for any number of choices, by what they are called; its value."""
    return st.pills(
        title,
        list(names),
        selection_mode="multi",
        format_func=names.__getitem__,
        key=key,
        help=meaning,
        **more,
    )


def meanings(told: Iterable[tuple[str, str]]) -> str:
    """What choices mean: names and meanings, one below the other."""
    return "\n\n".join(f"**{name}**: {meaning}" for name, meaning in told)


def row(key: str, *, bordered: bool = False, align: Literal["top", "bottom"] = "bottom") -> DeltaGenerator:
    """Room for controls side by side, which a phone sets in two columns."""
    around = st.container(border=True) if bordered else st
    return around.container(horizontal=True, vertical_alignment=align, key=f"{key}_choices")


def download(label: str, data: Any, file: str, key: str, **more: Any) -> None:
    """A button for a file; a function makes its content when somebody asks for it."""
    mime = MIMES[file.rpartition(".")[2]]
    st.download_button(label, data=data, file_name=file, mime=mime, key=key, on_click="ignore", **more)


def table(
    columns: Sequence[Column],
    rows: Sequence[Sequence[Cell | str]],
    title: str,
    dots: Sequence[str] | str = "",
) -> None:
    """A table whose first cells are names, each with a dot in its colour.

    Args:
        columns: titles, the first that of the names.
        rows: one cell a column.
        title: what the table is, for screen readers.
        dots: their colours, one a row or one for all; empty for none.
    """
    head = "".join(f'<th scope="col"{_wide(column)}>{_title(column)}</th>' for column in columns)
    body = ""
    colours = [dots] * len(rows) if isinstance(dots, str) else dots
    whole = [[Cell(cell) if isinstance(cell, str) else cell for cell in row] for row in rows]
    for (name, *cells), colour in zip(whole, colours, strict=True):
        dot = f'<i style="background:{escape(colour)}"></i>' if colour else ""
        body += f'<tr><th scope="row">{dot}{_title(Column(name.text, name.meaning))}</th>'
        for column, cell in zip(columns[1:], cells, strict=True):
            small = f"<small>{escape(cell.small)}</small>" if cell.small else ""
            body += f"<td{_wide(column)}>{escape(cell.text)}{small}</td>"
        body += "</tr>"
    st.html(
        f'<div class="ms-scroll" tabindex="0"><table class="ms-table" aria-label="{escape(title)}">'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _title(column: Column) -> str:
    title = escape(column.title)
    return f'<abbr title="{escape(column.meaning)}">{title}</abbr>' if column.meaning else title


def _wide(column: Column) -> str:
    return ' class="ms-wide"' if column.wide else ""
