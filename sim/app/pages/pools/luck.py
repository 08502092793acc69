"""How far luck alone throws a video, on the page: the same posts again and again."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl
import streamlit as st
from numpy.typing import NDArray

from sim.app.jobs.store import Answer
from sim.app.ui import look
from sim.charts.repeats import repeat_chart, repeat_figure
from sim.charts.theme import PALETTES
from sim.language.numbers import amount, span
from sim.language.words import N_, Words

REPEATS = 20
"""Repeats of every post: the outer tenths of them are two each (chosen)."""


def views_of(repeats: pl.DataFrame, keys: pl.DataFrame) -> NDArray[np.int64]:
    """Views of some posts (planned_by, post_number) in every repeat, shape (repeats, posts)."""
    wanted = repeats.join(keys, on=["planned_by", "post_number"], how="semi")
    ordered = wanted.sort("planned_by", "post_number", "seed")["impressions"].to_numpy()
    return ordered.reshape(keys.height, -1).T


def headline(answer: Answer, words: Words) -> None:
    """What luck alone does, in one sentence and what it rests on."""
    luck = answer["luck"]
    if luck is None:
        st.info(words("No video is old enough: too few were published in the first half of the run."))
        return
    factor, low, high = luck["factor"]
    said = N_(
        "The same video, posted again, gets between 1/{factor} and {factor} times the views of the first "
        "time in {n} of 10 cases."
    )
    told = words(said, factor=_times(factor), n=round(10 * luck["share"]))
    look.headline(told, PALETTES[look.ground()].accent)
    limits = words("{low} to {high}", low=_times(low), high=_times(high)) if high is not None else "–"
    sd = {
        key: "∞" if x is None else f"{x:.2f}"
        for key, x in zip(("sd", "low", "high"), luck["sd"], strict=True)
    }
    said = N_(
        "95 % interval of the factor: {limits}. It rests on {videos} videos from the first half of the run, "
        "{repeats} times each. Standard deviation of the decimal logarithm of views: {sd} ({low} to {high})."
    )
    look.note(words(said, limits=limits, videos=luck["videos"], repeats=REPEATS, **sd))


def draw(name: str, row: Mapping[str, Any], repeats: pl.DataFrame, hit: int, words: Words, key: str) -> None:
    """Draws where repeats of one video ended, beside its own views and the hit mark."""
    views = views_of(repeats, pl.DataFrame({k: [row[k]] for k in ("planned_by", "post_number")})).ravel()
    chart = repeat_chart(views.tolist(), row["impressions"], hit)
    language = words.language
    st.header(words("If {video} were posted again", video=name), anchor=False)
    said = N_(
        "{repeats} posts by this account at this hour, each of its average quality: the middle 80 % got "
        "{range}, half of them more than {middle}; {hits} became hits. This run's video got {own}."
    )
    middle, own = (amount(n, "count", language) for n in (chart.middle, row["impressions"]))
    most = span(chart.low, chart.high, "count", language)
    look.note(words(said, repeats=len(views), range=most, middle=middle, hits=chart.hits, own=own))
    look.chart(repeat_figure(chart, words, look.ground()), key=f"repeats_{key}")


def _times(factor: float | None) -> str:
    """A factor as people say it: one decimal, none from 10 on."""
    many = 10
    if factor is None:
        return "∞"
    return f"{factor:.0f}" if factor >= many else f"{factor:.1f}"
