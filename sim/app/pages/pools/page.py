"""Pools 流量池: how far the videos climb, why each one stopped, and how much of it is luck."""

from functools import partial

import numpy as np
import polars as pl
import streamlit as st
from numpy.typing import NDArray

from sim.analysis.platforms import NO_POOLS
from sim.app.jobs import store
from sim.app.jobs.request import Repeating, Running
from sim.app.jobs.store import Answer
from sim.app.pages.pools import luck, record, standing
from sim.app.pages.pools.record import pool_name, rate_names
from sim.app.pages.pools.videos import ALL, Run, loaded, whose_names, whose_options
from sim.app.ui import address, asking, choice, look, watch
from sim.app.ui.names import facts, moment
from sim.charts.funnel import Rung, funnel_chart, funnel_figure
from sim.charts.ranks import rank_chart, rank_figure
from sim.charts.scores import RATES, decisions_of
from sim.charts.theme import CATEGORIES, PALETTES
from sim.language.names import REASON
from sim.language.numbers import amount, span
from sim.language.vocabulary import QUANTITIES
from sim.language.words import N_, Words
from sim.scenario.structures import all_accounts

TITLE = N_("Pools")
LEAD = N_("How far do the videos climb from pool to pool, why do they stop, and how much of it is luck?")
WHOSE, VIDEO, AGAIN = (f"kept_pools_{name}" for name in ("whose", "video", "again"))
SHOWN = "pools_shown"
FIRST_SEED = 1
"""Of the repeats (chosen)."""


def page(words: Words) -> None:
    """Draws the page."""
    _remember()
    request = _controls(words)
    _note(request)
    if (answer := watch.answered(request, words)) is not None:
        st.session_state[SHOWN], st.session_state[choice.REPORTED] = request, "run"
        _draw(answer, request, words)
    elif (before := watch.before(SHOWN)) is not None:
        with look.previous("pools", words):
            _funnel(loaded(*before, st.session_state[WHOSE], words), words)


def _remember() -> None:
    """Choices at the start of a session: the address's; what is not valid falls back where it is used."""
    state = st.session_state
    if WHOSE not in state:
        state[WHOSE], state[VIDEO] = address.read("whose"), address.read("video")
        state[AGAIN] = address.read("again") == "1"
    if state[WHOSE] not in whose_options():
        state[WHOSE] = ALL


def _note(request: Running) -> None:
    state = st.session_state
    choice.note_in_address(
        seed=str(request.seed), whose=state[WHOSE], video=state[VIDEO], again=str(int(state[AGAIN])),
        **asking.in_address(),
    )  # fmt: skip


def _controls(words: Words) -> Running:
    with look.row("pools", bordered=True):
        name = choice.scenario_box(words)
        users = choice.audience_box(words)
        seed = choice.seed_box(words)
        look.chosen(words("Whose videos"), whose_names(words), WHOSE, width=190)
    return Running(name, users, seed)


def _draw(answer: Answer, request: Running, words: Words) -> None:
    run = loaded(answer, request, st.session_state[WHOSE], words)
    if run.videos.is_empty():
        st.info(words("Nobody of these publishes anything in this run."))
        return
    _funnel(run, words)
    chosen = _one_video(run, answer, words)
    _luck(run, chosen, words)
    asking.draw(request, words)
    _note(request)


def _funnel(run: Run, words: Words) -> None:
    if run.videos.is_empty():
        return
    if not run.laddered:
        st.info(words(NO_POOLS))
        return
    rungs = funnel_chart(run.videos, run.plan.platform.pools)
    look.headline(_verdict(run, rungs, words), PALETTES[look.ground()].accent)
    look.note(facts(words, run.request, run.plan.run.hours, seed=run.request.seed))
    st.header(words("Down the ladder of pools"), anchor=False)
    said = N_(
        "Bars count videos. Dots are the share promoted, with its 95 % interval: wide where few videos "
        "were judged. Sizes are those of an account without fans; with fans every pool is larger. "
        "The ladder has {n} pools; those below are empty."
    )
    look.note(words(said, n=len(run.plan.platform.pools)))
    figure = funnel_figure(rungs, words, look.ground())
    look.chart(figure, f"funnel_{_mark(run)}")


def _mark(run: Run) -> str:
    """What tells the pictures of a run and a choice of accounts from others: safe in a key."""
    return f"{run.request.key()[:8]}_{whose_options().index(st.session_state[WHOSE])}"


def _verdict(run: Run, rungs: tuple[Rung, ...], words: Words) -> str:
    first, language = rungs[0], words.language
    hits = run.videos.filter(pl.col("impressions") >= run.hit).height
    said = words("No video has been judged yet.")
    if first.share is not None:
        text = N_("{count} of {of} videos got past the first pool: {share} ({range}).")
        share, around = amount(first.share, "share", language), span(first.low, first.high, "share", language)
        said = words(text, count=first.promoted, of=first.judged, share=share, range=around)
    deepest = max(rung.pool for rung in rungs if rung.entered)
    if deepest > 1:
        text = N_(" The furthest: {count} in {pool}.")
        said += words(text, count=rungs[deepest - 1].entered, pool=pool_name(words, deepest))
    return said + words(" Hits: {hits}.", hits=hits)


def _one_video(run: Run, answer: Answer, words: Words) -> str:
    """The section on one video; its key."""
    keys = run.videos["key"].to_list()
    state = st.session_state
    if state[VIDEO] not in keys:
        state[VIDEO] = keys[0]
    counts = zip(keys, run.videos["impressions"].to_list(), strict=True)
    called = {
        key: words("{video} · {n} impressions", video=run.names[key], n=amount(n, "count", words.language))
        for key, n in counts
    }
    st.header(words("One video's way"), anchor=False)
    meaning = words(
        "By falling impressions. Also to be chosen in the table below, or by a click on the plot."
    )
    chosen: str = look.chosen(words("Video"), called, VIDEO, width=420, help=meaning)
    row = run.row(chosen)
    decisions = run.promotions.filter(
        pl.col("planned_by") == row["planned_by"], pl.col("post_number") == row["post_number"]
    )
    video = record.Video(run.names[chosen], row, decisions_of(decisions.to_dicts(), run.baseline))
    record.draw(video, run.plan, run.baseline, run.hit, words, key=f"{_mark(run)}_{keys.index(chosen)}")
    look.lines(standing.told(run, answer, row["account"], words))
    with st.expander(words("All {n} videos in a table", n=len(keys))):
        _table(run, chosen, words)
    return chosen


def _table(run: Run, chosen: str, words: Words) -> None:
    """Every video in a row, to be chosen by a click or with the keyboard."""
    text, number = st.column_config.TextColumn, st.column_config.NumberColumn
    outcomes = {reason: record.reason_name(words, reason, laddered=run.laddered) for reason in REASON}
    published = [moment(words, run.plan.run.first_hour + hour) for hour in run.videos["published_hour"]]
    shown = run.videos.select(
        pl.col("key").replace_strict(run.names).alias("video"),
        pl.col("account").replace_strict(run.accounts),
        pl.Series("published", published),
        *(["pool"] if run.laddered else []),
        pl.col("stop_reason").replace_strict(outcomes).alias("outcome"),
        "impressions",
        *((pl.col(f"{rate}_rate") * 100).alias(f"{rate}_rate") for rate in RATES),
    )
    keys = run.videos["key"].to_list()
    key = f"pools_table_{_mark(run)}"
    row = [keys.index(chosen)]
    if st.session_state.get(key, {}).get("selection", {}).get("rows") != row:  # chosen elsewhere
        st.session_state[key] = {"selection": {"rows": row, "columns": [], "cells": []}}
    per_impression = words("Per impression, over its whole life.")
    st.dataframe(
        shown,
        key=key,
        on_select=partial(_take_row, key, keys),
        selection_mode="single-row",
        hide_index=True,
        column_config={
            "video": text(words("Video"), help=words("Who planned it, and its number.")),
            "account": text(words("Published by"), help=words("The account it appears on.")),
            "published": text(words("Published"), help=words("In Beijing time.")),
            "pool": number(words("Pool"), help=words("The last pool it entered.")),
            "outcome": text(words("Outcome"), help=words("Why it was promoted no further.")),
            "impressions": number(
                QUANTITIES["impressions"].label(words.language),
                format="localized",
                help=words("All of them, inside the audience."),
            ),
            **{
                f"{rate}_rate": number(name, format="%.2f%%", help=per_impression)
                for rate, name in zip(RATES, rate_names(words), strict=True)
            },
        },
    )


def _take_row(key: str, keys: list[str]) -> None:
    rows = st.session_state[key]["selection"]["rows"]
    if rows:
        st.session_state[VIDEO] = keys[rows[0]]


def _luck(run: Run, chosen: str, words: Words) -> None:
    st.header(words("Views and luck"), anchor=False)
    meaning = N_(
        "Runs the scenario under {n} courses of luck. All posts of an account are equally good in it, so "
        "that whatever differs between them is luck."
    )
    label, n = N_("Post the same videos again, {n} times"), luck.REPEATS
    again = st.toggle(words(label, n=n), key=AGAIN, help=words(meaning, n=n))
    views = repeats = None
    # Not the seeds after the reader's own: luck alone is the same whichever of them is on the page.
    request = Repeating(run.request.scenario, run.request.users, FIRST_SEED, luck.REPEATS)
    if again and (answer := watch.answered(request, words)) is not None:
        repeats = store.table(request, "repeats")
        views = luck.views_of(repeats, run.videos.select("planned_by", "post_number"))
        luck.headline(answer, words)
    _ranks(run, chosen, views, words)
    if repeats is not None:
        key = f"{request.key()[:8]}_{_mark(run)}"
        luck.draw(run.names[chosen], run.row(chosen), repeats, run.hit, words, key)


def _ranks(run: Run, chosen: str, views: NDArray[np.int64] | None, words: Words) -> None:
    listed = [account.id for account in all_accounts(run.plan)]
    colours = {name: CATEGORIES[k % len(CATEGORIES)] for k, name in enumerate(listed)}
    keys, hit = run.videos["key"].to_list(), run.hit
    chart = rank_chart(run.videos, keys, [run.names[key] for key in keys], colours, hit, views)
    said = words("One point a video, from the most seen to the least; hollow points are still on their way.")
    if chart.band:
        text = N_(
            " The grey band is what luck leaves when all posts of an account are equally good: the middle "
            "80 % of {n} repeats."
        )
        said += words(text, n=luck.REPEATS)
    if chart.unseen:
        said += words(" Left out: {n} videos that nobody has seen yet.", n=chart.unseen)
    look.note(said)
    # The chosen one is in the key: a point that stays selected could not be clicked again.
    key = f"ranks_{_mark(run)}_{keys.index(chosen)}"
    figure = rank_figure(chart, words, look.ground(), chosen)
    look.chart(figure, key, on_select=partial(_take_point, key))
    muted = PALETTES[look.ground()].muted
    marks = [
        look.Mark(run.accounts[group.account] if group.account else words("Creators"), group.colour or muted)
        for group in chart.groups
    ]
    if len(marks) > len(CATEGORIES):  # more accounts share colours: there the point says whose it is
        marks = []
    if chart.band:
        marks.append(look.Mark(words("equal content, median"), muted, "line"))
        marks.append(look.Mark(words("equal content, middle 80 %"), muted, "band"))
    look.legend(marks)


def _take_point(key: str) -> None:
    points = st.session_state[key]["selection"]["points"]
    if points and points[0].get("customdata"):
        st.session_state[VIDEO] = points[0]["customdata"][0]
