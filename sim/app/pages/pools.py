"""Pools 流量池: how far the videos climb, why each one stopped, and how much of it is luck.

Four controls; one run, and on request the same posts again and again. Computes nothing itself.
"""

from functools import partial
from typing import Any, NamedTuple

import numpy as np
import polars as pl
import streamlit as st
from numpy.typing import NDArray

from sim.app import address, choice, look, luck, record, store, watch
from sim.app.ladder import REASON_NAMES, moment, pool_name, rate_names
from sim.app.names import people, scenario_name
from sim.app.request import Repeating, Running
from sim.app.store import Answer
from sim.app.words import N_, Words
from sim.charts.funnel import FunnelWords, Rung, funnel_chart, funnel_figure
from sim.charts.numbers import amount, short, span
from sim.charts.ranks import RankWords, rank_chart, rank_figure
from sim.charts.scores import RATES, Yardstick, decisions_of
from sim.charts.theme import CATEGORIES, PALETTES
from sim.scenario.layouts import canonical_accounts
from sim.scenario.schema import Scenario

WHOSE, VIDEO, AGAIN = (f"kept_pools_{name}" for name in ("whose", "video", "again"))
SHOWN = "pools_shown"
ROLES = {
    "main": N_("Main account"),
    "sub": N_("Sub-accounts"),
    "creator": N_("Creators"),
    "competitor": N_("Competitors"),
}
ROLE, ACCOUNT = "role.", "account."
"""How a choice of whose videos begins in the address; all of them: empty."""
PLAIN = {"displayModeBar": False, "scrollZoom": False}


class Run(NamedTuple):
    """What the page shows: an answer with its tables."""

    request: Running
    plan: Scenario
    videos: pl.DataFrame
    """of the accounts chosen, by falling impressions, with a column `key`"""
    promotions: pl.DataFrame
    yardstick: Yardstick
    names: dict[str, str]
    """of videos, by key"""

    def row(self, key: str) -> dict[str, Any]:
        """A video's row."""
        return self.videos.row(by_predicate=pl.col("key") == key, named=True)


def page(words: Words) -> None:
    """Draws the page."""
    st.title(words("Pools"), anchor=False)
    look.lead(
        words("How far do the videos climb from pool to pool, why do they stop, and how much of it is luck?")
    )
    request = _controls(words)
    answer = watch.answered(request, words)
    if answer is not None:
        st.session_state[SHOWN] = request
        _draw(answer, request, words)
        return
    shown: Running | None = st.session_state.get(SHOWN)
    before = store.found(shown) if shown is not None else None
    if shown is not None and before is not None:
        st.subheader(words("Previous answer"), anchor=False)
        with st.container(key="pools_previous"):
            _funnel(_loaded(before, shown, words), words)


def _controls(words: Words) -> Running:
    """What to run, and whose videos to look at."""
    whose = _whose()
    state = st.session_state
    if WHOSE not in state:
        state[WHOSE] = address.read("whose")
    if state[WHOSE] not in whose:
        state[WHOSE] = ""
    with (
        st.container(border=True),
        st.container(horizontal=True, vertical_alignment="bottom", key="pools_choices"),
    ):
        name = choice.scenario_box(words)
        users = choice.audience_box(words)
        seed = choice.seed_box(words)
        st.selectbox(
            words("Whose videos"),
            whose,
            format_func=lambda given: _whose_name(words, given),
            key=WHOSE,
            width=190,
        )
    return Running(name, users, seed)


def _whose() -> list[str]:
    """All videos, those of one role where there are several, those of one listed account."""
    plan = choice.plan()
    listed = canonical_accounts(plan)
    roles = {account.role for account in listed}
    if plan.seeding.scale > 0 and any(plan.seeding.ratio):
        roles.add("creator")
    some = [f"{ROLE}{role}" for role in ROLES if role in roles] if len(roles) > 1 else []
    return ["", *some, *(f"{ACCOUNT}{account.id}" for account in listed)]


def _whose_name(words: Words, given: str) -> str:
    if given.startswith(ROLE):
        return words(ROLES[given.removeprefix(ROLE)])
    return given.removeprefix(ACCOUNT) if given else words("All accounts")


def _loaded(answer: Answer, request: Running, words: Words) -> Run:
    """The tables of an answer, cut to the accounts chosen."""
    videos = store.table(request, "videos").with_columns(
        key=pl.concat_str("planned_by", pl.lit("."), pl.col("post_number").cast(pl.String))
    )
    given: str = st.session_state[WHOSE]
    if given.startswith(ROLE):
        roles = store.table(request, "accounts").select("account", "role")
        of_role = roles.filter(pl.col("role") == given.removeprefix(ROLE))
        videos = videos.join(of_role, on="account", how="semi")
    elif given:
        videos = videos.filter(pl.col("account") == given.removeprefix(ACCOUNT))
    videos = videos.sort("impressions", "key", descending=[True, False])
    names = {
        row["key"]: words("{account} no. {n}", account=row["planned_by"], n=row["post_number"] + 1)
        for row in videos.select("key", "planned_by", "post_number").iter_rows(named=True)
    }
    scale = answer["yardstick"]
    return Run(
        request,
        request.plan(),
        videos,
        store.table(request, "promotions"),
        Yardstick(scale["usual"], scale["weights"], scale["cap"]),
        names,
    )


def _draw(answer: Answer, request: Running, words: Words) -> None:
    """The whole page under the controls."""
    run = _loaded(answer, request, words)
    if run.videos.is_empty():
        choice.note_in_address(seed=str(request.seed), whose=st.session_state[WHOSE])
        st.info(words("Nobody of these publishes anything in this run."))
        return
    _funnel(run, words)
    chosen = _one_video(run, words)
    _luck(run, chosen, words)
    choice.note_in_address(
        seed=str(request.seed),
        whose=st.session_state[WHOSE],
        video=chosen,
        again="1" if st.session_state[AGAIN] else "",
    )


def _funnel(run: Run, words: Words) -> None:
    """The main picture and its sentence."""
    if run.videos.is_empty():
        return
    rungs = funnel_chart(run.videos, run.plan.platform.pools)
    look.headline(_verdict(run, rungs, words), PALETTES[look.ground()].accent)
    look.note(
        words(
            "Seed {seed} · {users} · {hours} h · {scenario}",
            seed=run.request.seed,
            users=people(words, run.plan.audience.users),
            hours=run.plan.run.hours,
            scenario=scenario_name(words, run.request.scenario),
        )
    )
    st.subheader(words("Down the ladder of pools"), anchor=False)
    look.note(
        words(
            "Bars count videos. Dots are the share promoted, with its 95 % interval: wide where few videos "
            "were judged. The ladder has {n} pools; those below are empty.",
            n=len(run.plan.platform.pools),
        )
    )
    texts = FunnelWords(
        pool=lambda pool: pool_name(words, pool),
        size=words("about {n} impressions"),
        counts=words("{entered} entered: {promoted} promoted, {stopped} stopped"),
        running=words(", {running} still in it"),
        promoted=words("promoted"),
        stopped=words("stopped"),
        still=words("still in it"),
        videos=words("Videos"),
        share=words("Share promoted"),
        interval=words("{count} of {of} judged"),
    )
    st.plotly_chart(
        funnel_figure(rungs, texts, words.language, look.ground()),
        key=f"funnel_{_mark(run)}",
        config=PLAIN,
    )


def _mark(run: Run) -> str:
    """What tells the pictures of a run and a choice of accounts from others: safe in a key."""
    return f"{run.request.key()[:8]}_{_whose().index(st.session_state[WHOSE])}"


def _verdict(run: Run, rungs: tuple[Rung, ...], words: Words) -> str:
    """What became of the videos, in a sentence or two."""
    first, language = rungs[0], words.language
    hits = run.videos.filter(pl.col("impressions") >= run.plan.platform.hit_impressions).height
    if first.share is None:
        said = words("No video has been judged yet.")
    else:
        said = words(
            "{count} of {of} videos got past the first pool: {share} ({range}).",
            count=first.promoted,
            of=first.judged,
            share=amount(first.share, "share", language),
            range=span(first.low, first.high, "share", language),
        )
    deepest = max(rung.pool for rung in rungs if rung.entered)
    if deepest > 1:
        said += words(
            " The furthest: {count} in {pool}.",
            count=rungs[deepest - 1].entered,
            pool=pool_name(words, deepest),
        )
    return said + words(" Hits: {hits}.", hits=hits)


def _one_video(run: Run, words: Words) -> str:
    """The section on one video; its key."""
    keys = run.videos["key"].to_list()
    state = st.session_state
    if VIDEO not in state:
        state[VIDEO] = address.read("video")
    if state[VIDEO] not in keys:
        state[VIDEO] = keys[0]
    seen = dict(zip(keys, run.videos["impressions"].to_list(), strict=True))
    st.subheader(words("One video's way"), anchor=False)
    chosen: str = st.selectbox(
        words("Video"),
        keys,
        format_func=lambda key: words(
            "{video} · {n} impressions",
            video=run.names.get(key, key),
            n=amount(seen.get(key, 0), "count", words.language),
        ),
        key=VIDEO,
        help=words(
            "By falling impressions. Also to be chosen in the table below, or by a click on the plot."
        ),
        width=420,
    )
    row = run.row(chosen)
    decisions = run.promotions.filter(
        pl.col("planned_by") == row["planned_by"], pl.col("post_number") == row["post_number"]
    )
    video = record.Video(run.names[chosen], row, decisions_of(decisions.to_dicts(), run.yardstick))
    record.draw(video, run.plan, run.yardstick, words, key=f"{_mark(run)}_{keys.index(chosen)}")
    with st.expander(words("All {n} videos in a table", n=len(keys))):
        _table(run, chosen, words)
    return chosen


def _table(run: Run, chosen: str, words: Words) -> None:
    """Every video in a row, to be chosen by a click or with the keyboard."""
    text, number = st.column_config.TextColumn, st.column_config.NumberColumn
    outcomes = {reason: words(name) for reason, name in REASON_NAMES.items()}
    shown = run.videos.select(
        pl.col("key").replace_strict(run.names).alias("video"),
        "account",
        pl.Series(
            "published", [moment(words, hour, run.plan.run.start) for hour in run.videos["published_hour"]]
        ),
        "pool",
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
                words("Impressions"), format="localized", help=words("All of them, inside the audience.")
            ),
            **{
                f"{rate}_rate": number(name, format="%.2f%%", help=per_impression)
                for rate, name in zip(RATES, rate_names(words), strict=True)
            },
        },
    )


def _take_row(key: str, keys: list[str]) -> None:
    """A row of the table was chosen; let go of, it stays chosen."""
    rows = st.session_state[key]["selection"]["rows"]
    if rows:
        st.session_state[VIDEO] = keys[rows[0]]


def _luck(run: Run, chosen: str, words: Words) -> None:
    """The section on luck: views by rank, and on request the same posts again and again."""
    state = st.session_state
    if AGAIN not in state:
        state[AGAIN] = address.read("again") == "1"
    st.subheader(words("Views and luck"), anchor=False)
    again = st.toggle(
        words("Post the same videos again, {n} times", n=luck.REPEATS),
        key=AGAIN,
        help=words(
            "Runs the scenario under {n} courses of luck. All posts of an account are equally good in it, "
            "so that whatever differs between them is luck.",
            n=luck.REPEATS,
        ),
    )
    answer = views = repeats = None
    request = Repeating(run.request.scenario, run.request.users, run.request.seed, luck.REPEATS)
    if again:
        answer = watch.answered(request, words)
    if answer is not None:
        repeats = store.table(request, "repeats")
        views = luck.views_of(repeats, run.videos.select("planned_by", "post_number"))
        luck.headline(answer, words)
    _ranks(run, chosen, views, words)
    if repeats is not None:
        hit = run.plan.platform.hit_impressions
        luck.draw(
            run.names[chosen], run.row(chosen), repeats, hit, words, f"{request.key()[:8]}_{_mark(run)}"
        )


def _ranks(run: Run, chosen: str, views: NDArray[np.int64] | None, words: Words) -> None:
    """The rank-size plot; a click on a point chooses its video."""
    listed = [account.id for account in canonical_accounts(run.plan)]
    colours = {name: CATEGORIES[k % len(CATEGORIES)] for k, name in enumerate(listed)}
    keys, hit = run.videos["key"].to_list(), run.plan.platform.hit_impressions
    chart = rank_chart(run.videos, keys, [run.names[key] for key in keys], colours, hit, views)
    said = words("One point a video, from the most seen to the least; hollow points are still in a pool.")
    if chart.band:
        said += words(
            " The grey band is what luck leaves when all posts of an account are equally good: "
            "the middle 80 % of {n} repeats.",
            n=luck.REPEATS,
        )
    if chart.unseen:
        said += words(" Left out: {n} videos that nobody has seen yet.", n=chart.unseen)
    look.note(said)
    texts = RankWords(
        rank=words("Rank"),
        views=words("Impressions"),
        hit=words("hit mark {n}", n=short(hit, words.language)),
        others=words("Creators"),
        running=words("still in a pool"),
        band=words("equal content, middle 80 %"),
        middle=words("equal content, median"),
    )
    # The chosen one is in the key: a point that stays selected could not be clicked again.
    key = f"ranks_{_mark(run)}_{keys.index(chosen)}"
    st.plotly_chart(
        rank_figure(chart, texts, words.language, look.ground(), chosen),
        key=key,
        on_select=partial(_take_point, key),
        selection_mode="points",
        config=PLAIN,
    )


def _take_point(key: str) -> None:
    """A point of the plot was chosen."""
    points = st.session_state[key]["selection"]["points"]
    if points and points[0].get("customdata"):
        st.session_state[VIDEO] = points[0]["customdata"][0]
