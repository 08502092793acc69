"""What streamlit's theme cannot say: CSS, escaped markup of untrusted names, and controls drawn alike."""

import contextlib
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from html import escape
from pathlib import Path
from typing import Any, Literal, NamedTuple
from unicodedata import east_asian_width
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from sim.charts.theme import Ground
from sim.language.words import Words
from sim.report.export import MIME
from sim.report.parts import Table

SCRIPTS = tuple(Path(__file__).with_name(name) for name in ("history.js", "cells.js", "uploads.js"))
"""What runs on every page, in the reader's browser."""
_ALWAYS, _DARK = (Path(__file__).with_name(name) for name in ("look.css", "dark.css"))
SHEETS: Mapping[Ground, tuple[Path, ...]] = {"light": (_ALWAYS,), "dark": (_ALWAYS, _DARK)}
"""Style sheets of every page, by ground."""
Names = Mapping[str, str]
"""What to call things, by key."""
MIMES = {str(form): mime for form, mime in MIME.items()} | {
    "html": "text/html", "pdf": "application/pdf", "png": "image/png", "svg": "image/svg+xml",
    "toml": "application/toml", "zip": "application/zip",
}  # fmt: skip


LONG = 22
"""Characters of a cell beyond which it may take several lines; a Chinese one is as wide as two."""


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


def headline(text: str, colour: str) -> None:
    """The answer of a page, in one sentence."""
    st.html(f'<p class="ms-verdict" role="status" style="border-color:{escape(colour)}">{escape(text)}</p>')


def lead(text: str) -> None:
    """What a page answers, in one sentence."""
    st.html(f'<p class="ms-lead">{escape(text)}</p>')


@contextlib.contextmanager
def previous(page: str, words: Words) -> Iterator[None]:
    """The answer that was on screen before, pale, so that the page is not empty meanwhile."""
    st.header(words("Previous answer"), anchor=False)
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


def dress(words: Words) -> None:
    """What a page wears: its sheets, words for what streamlit has only English for, scripts."""
    for sheet in SHEETS[ground()]:
        st.html(sheet)
    said = {
        "choose-file": words("Choose a file"), "enter": words("Enter to apply"),
        "ctrl-enter": words("Ctrl+Enter to apply"), "outside": words("Outside of what can be entered"),
        "skip": words("Skip to the content"),
    }  # fmt: skip
    told = "".join(f"--ms-{key}: '{escape(text)}'; " for key, text in said.items())
    st.html(f"<style>:root {{ {told}}}</style>")
    with st.container(key="ms_history"):
        for script in SCRIPTS:
            st.html(f"<script>{script.read_text('utf-8')}</script>", unsafe_allow_javascript=True)


def status(text: str) -> None:
    """What just happened, in small print; screen readers say it."""
    st.html(f'<p class="ms-note" role="status">{escape(text)}</p>')


def lines(texts: Sequence[str]) -> None:
    """Plain lines of text; nothing where there are none."""
    if texts:
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
    given: Any = {"selection_mode": "points", "config": {"displayModeBar": False, "scrollZoom": False}}
    st.plotly_chart(figure, key=key, on_select=on_select or "ignore", alt=alt or None, **given)


def button(label: str, act: Callable[..., Any], *args: Any, **more: Any) -> None:
    """A button that does something before the page is drawn anew."""
    st.button(label, on_click=act, args=args, **more)


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
    given = {"selection_mode": "multi", "format_func": names.__getitem__, "help": meaning, **more}
    return st.pills(title, list(names), key=key, **given)


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
        columns: titles, the first that of the names; a later one without a title is left out (reader.py).
        rows: one cell a column.
        title: what the table is, for screen readers.
        dots: their colours, one a row or one for all; empty for none.
    """
    shown = [k for k, column in enumerate(columns) if column.title or not k]
    head = "".join(f'<th scope="col"{_wide(columns[k])}>{_title(columns[k])}</th>' for k in shown)
    body = ""
    colours = [dots] * len(rows) if isinstance(dots, str) else dots
    whole = [[Cell(cell) if isinstance(cell, str) else cell for cell in row] for row in rows]
    for row, colour in zip(whole, colours, strict=True):
        name = row[0]
        dot = f'<i style="background:{escape(colour)}"></i>' if colour else ""
        body += f'<tr><th scope="row">{dot}{_title(Column(name.text, name.meaning))}</th>'
        for column, cell in ((columns[k], row[k]) for k in shown[1:]):
            small = f"<small>{escape(cell.small)}</small>" if cell.small else ""
            body += f"<td{_wide(column, words=_width(cell.text) > LONG)}>{escape(cell.text)}{small}</td>"
        body += "</tr>"
    st.html(
        f'<div class="ms-scroll" tabindex="0"><table class="ms-table" aria-label="{escape(title)}">'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def reported(found: Table, dots: Sequence[str] | str = "", wide: Collection[int] = ()) -> None:
    """A table of the report, with its own dots where none are given; a phone leaves some columns out."""
    columns = [Column(c.title, c.meaning, wide=k in wide) for k, c in enumerate(found.columns)]
    rows = [[Cell(cell.text, cell.small) for cell in row] for row in found.rows]
    table(columns, rows, found.title, dots or [row[0].dot for row in found.rows])


def _width(text: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def _title(column: Column) -> str:
    title = escape(column.title)
    return f'<abbr title="{escape(column.meaning)}">{title}</abbr>' if column.meaning else title


def _wide(column: Column, *, words: bool = False) -> str:
    found = " ".join(["ms-wide"] * column.wide + ["ms-words"] * words)
    return f' class="{found}"' if found else ""
