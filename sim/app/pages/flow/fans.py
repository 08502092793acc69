"""Whom accounts share, and which fans stay: two fields of colour below the run's traffic."""

from functools import partial

import polars as pl
import streamlit as st

from sim.analysis.shares import wilson
from sim.app.jobs import store
from sim.app.jobs.request import Running
from sim.app.ui import look
from sim.charts.grid import Grid, grid_chart, grid_figure
from sim.language.numbers import amount, span, three_digits
from sim.language.words import N_, Words
from sim.report.export import exported
from sim.scenario.names import account_names

MOST_DAYS = 28
"""Days that are shown (chosen): four weeks."""
ALL = ""


def draw(request: Running, words: Words) -> None:
    """Draws both, folded; nothing of an answer that has no tables for them."""
    both, staying = store.table(request, "overlap"), store.table(request, "retention")
    with st.expander(words("Who saw two of them")):
        _shared(request, both, words)
    with st.expander(words("Which fans stay")):
        _staying(request, staying, words)


def _shared(request: Running, both: pl.DataFrame, words: Words) -> None:
    if both.is_empty():
        look.note(words("There is nobody to share viewers with."))
        return
    rows, columns = (both[side].unique(maintain_order=True).to_list() for side in ("account", "other"))
    names = account_names(tuple(dict.fromkeys([*rows, *columns])), words.language)
    said = N_(
        "Of the people who saw the account of the row, the share who saw the account of the column too; the "
        "{n} with the largest reach on either side. Where many are shared, the second one reaches few new "
        "people."
    )
    look.note(words(said, n=max(len(rows), len(columns))))
    cells = {}
    for one in both.iter_rows(named=True):
        if one["account"] == one["other"] or not one["reach"]:
            continue
        share = one["both"] / one["reach"]
        told = words(
            "{both} people saw {one} and {other}: {share} of the {reach} who saw {one}",
            both=f"{one['both']:,}", one=names[one["account"]], other=names[one["other"]],
            share=_per_cent(share), reach=f"{one['reach']:,}",
        )  # fmt: skip
        cells[rows.index(one["account"]), columns.index(one["other"])] = share, _per_cent(share), told
    chart = grid_chart([names[row] for row in rows], [names[column] for column in columns], cells)
    _figure(chart, both, "overlap", request, words)


def _staying(request: Running, staying: pl.DataFrame, words: Words) -> None:
    if staying.is_empty():
        look.note(words("Nobody became a fan in this run."))
        return
    found = staying["account"].unique(maintain_order=True).to_list()
    names = {ALL: words("All accounts"), **account_names(tuple(found), words.language)}
    whose = look.chosen(words("Account"), names, "flow_staying_of", width=240)
    own = staying if whose == ALL else staying.filter(account=whose)
    summed = (
        own.filter(pl.col("came") < MOST_DAYS, pl.col("day") < MOST_DAYS)
        .group_by("came", "day")
        .agg(pl.col("fans").sum())
    )
    fans = {(came, day): count for came, day, count in summed.iter_rows()}
    days = sorted({came for came, _ in fans})
    most = max(day - came for came, day in fans)
    said = N_(
        "Each row: the fans who came on a day, counted at its end; the columns: how many of them still "
        "follow so many days later. Fans of the start are not among them."
    )
    look.note(words(said))
    cells = {}
    for (came, day), count in fans.items():
        of = fans[came, came]
        low, high = wilson(count, of, 0.95)
        told = words(
            "Came on day {came}: {of}. After {days} days {count} still follow: {share} ({range})",
            came=came + 1, of=f"{of:,}", days=day - came, count=f"{count:,}", share=_per_cent(count / of),
            range=span(low, high, "share", words.language),
        )  # fmt: skip
        cells[days.index(came), day - came] = count / of, _per_cent(count / of), told
    rows = [
        words("Day {day} · {n}", day=came + 1, n=amount(fans[came, came], "count", words.language))
        for came in days
    ]
    chart = grid_chart(rows, [str(k) for k in range(most + 1)], cells)
    _figure(chart, own, "retention", request, words, words("Days later"))


def _per_cent(share: float) -> str:
    return f"{three_digits(100 * share)}%" if share else "0%"


def _figure(
    chart: Grid, table: pl.DataFrame, name: str, request: Running, words: Words, across: str = ""
) -> None:
    look.chart(grid_figure(chart, look.ground(), across), f"flow_{name}_{request.key()[:8]}", across)
    file = f"matrixsim-{request.scenario}-seed{request.seed}-{name}.csv"
    look.download(words("Numbers (CSV)"), partial(exported, table, "csv"), file, f"flow_{name}_csv")
