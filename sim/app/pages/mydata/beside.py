"""Totals of somebody's files beside those of the plan that is fitted to them, and what to make of the two."""

from collections.abc import Mapping
from datetime import date, timedelta
from math import inf
from typing import Any

import streamlit as st

from sim.app.jobs.questions import Replaying
from sim.app.ui import look, watch
from sim.app.ui.names import people
from sim.language.numbers import amount, percent, span
from sim.language.words import N_, Language, Words
from sim.reading.forms import called

FAR = 2.0
"""Times by which the mean launch may be off before that is said (chosen)."""
HEADS = (N_("Figure"), N_("Files"), N_("Plan, on average"), N_("Plan, least to most"))
WHY_MORE = N_(
    "Why: a few hits make most of a total, and these videos are too few to show how large hits get; there "
    "the plan goes by the preset. What to do: compare plans with one another, take no total as a target, and "
    "fit again with more videos, from a longer time."
)
WHY_LESS = N_(
    "Why: the files may hold promoted videos or an unusual hit, or your viewers are more than the plan's "
    "audience ({people}). What to do: leave promoted videos out or choose a larger audience, and fit again."
)


def draw(request: Replaying, words: Words) -> None:
    """Draws the section."""
    title = words("Does it match my own figures?")
    st.header(title, anchor=False)
    answer = watch.answered(request, words)
    if answer is None:
        return
    if not answer["rows"]:
        look.note(words("The files give no dates, so their totals cannot be held against the plan's."))
        return
    first = date.fromisoformat(answer["first"])
    facts = {
        "first": str(first), "last": str(first + timedelta(days=answer["days"] - 1)),
        "accounts": answer["accounts"], "videos": answer["videos"], "launches": answer["launches"],
    }  # fmt: skip
    gist = N_(
        "{first} to {last}: {videos:,} videos of {accounts} accounts as the files have them, beside "
        "{launches} launches of the fitted plan with as many posts on the same accounts, without creators or "
        "promotion."
    )
    look.note(words(gist, **facts))
    rows, language = answer["rows"], words.language
    columns = [look.Column(words(head), wide=head == HEADS[-1]) for head in HEADS]
    look.table(columns, [_row(row, language) for row in rows], title)
    outside = [row for row in rows if not row["low"] <= row["seen"] <= row["high"]]
    look.faults([said(row, words) for row in outside])
    look.lines([said(row, words) for row in rows if row not in outside])
    views = rows[0]
    if views in outside or _off(views):
        more = views["mean"] > views["seen"]
        look.lines([words(WHY_MORE) if more else words(WHY_LESS, people=people(words, answer["users"]))])


def _row(row: Mapping[str, Any], language: Language) -> list[look.Cell | str]:
    seen, mean = (amount(row[key], "count", language) for key in ("seen", "mean"))
    ends = span(row["low"], row["high"], "count", language)
    return [_column(row, language), seen, look.Cell(mean, ends), ends]


def _column(row: Mapping[str, Any], language: Language) -> str:
    name = called(row["column"], language)
    return name[:1].upper() + name[1:]


def _off(row: Mapping[str, Any]) -> bool:
    return not row["seen"] / FAR <= row["mean"] <= row["seen"] * FAR


def said(row: Mapping[str, Any], words: Words) -> str:
    """Whether the files lie among the launches, and near their mean."""
    what, seen, mean = _column(row, words.language), row["seen"], row["mean"]
    if seen < row["low"]:
        text = N_("{what}: even the least lucky launch of the plan brings more than your files have.")
    elif seen > row["high"]:
        text = N_("{what}: even the luckiest launch of the plan brings less than your files have.")
    elif not _off(row):
        text = N_("{what}: the plan agrees with your files.")
    elif mean > seen:
        text = N_("{what}: within what luck can do, but the plan brings {times:.1f} times as much.")
    else:
        text = N_("{what}: within what luck can do, but the plan brings only {share} of theirs.")
    times = mean / seen if seen > 0 else inf
    return words(text, what=what, times=times, share=percent(min(times, 1.0)))
