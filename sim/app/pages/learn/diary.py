"""The records of a person and of an account in the class, as sentences and small tables."""

import re
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sim.app.ui import look
from sim.language.vocabulary import ORIGIN, QUANTITIES
from sim.language.words import N_, Words, begun
from sim.scenario import names

SHOWN = 12
"""Rows of a person's record (chosen): the latest ones."""

TIERS = {"head": "KOL", "junior": "KOC"}
"""Creators of the class, as its lesson calls them; the trade writes these words alike in both languages."""
STAGE_NAMES = (
    N_("does not know the brand"), N_("knows the brand"), N_("is interested"), N_("has bought"),
    N_("has bought again"),
)  # fmt: skip
"""Names of sim.rules.brand.STAGES, which would load the compiler."""
HAPPENED = {
    "saw": N_("saw video {n}"), "visited": N_("opened the home page"), "followed": N_("followed"),
    "left": N_("unfollowed"),
}  # fmt: skip
RESPONSES = (
    (1, N_("finished")), (2, N_("liked")), (4, N_("commented")), (8, N_("shared")), (64, N_("ordered")),
)  # fmt: skip
"""Bits of an impression and what they are called."""


class Person(NamedTuple):
    """Somebody at an hour."""

    topic: str
    interest: Mapping[str, int]
    """by topic [0..255]"""
    follows: tuple[str, ...]
    stage: int
    orders: int


def account_name(words: Words, name: str) -> str:
    """What an account of the class is called."""
    creator = re.fullmatch(r"(head|junior)-([0-9]+)", name)
    if creator is not None:
        return f"{TIERS[creator[1]]} {int(creator[2])}"
    return begun(names.account_name(name, words.language))


def topic_name(words: Words, topic: str) -> str:
    """What a topic of the class is called."""
    return begun(names.topic_name(topic, words.language))


def told_of(person: Person, words: Words) -> list[str]:
    """Who somebody is, in a few lines."""
    interests = sorted(person.interest.items(), key=lambda item: -item[1])
    liked = (f"{topic_name(words, topic)} {round(level / 2.55)}" for topic, level in interests)
    follows = words.listed(account_name(words, account) for account in person.follows)
    lines = [
        words("Interest by topic, from 0 to 100 each: {interests}", interests=words.listed(liked)),
        words("Follows: {accounts}", accounts=follows) if follows else words("Follows nobody yet."),
        words("Towards the brand: {stage}", stage=words(STAGE_NAMES[person.stage])),
    ]
    if person.orders:
        lines.append(words("Orders: {n}", n=person.orders))
    return lines


def person_table(events: pl.DataFrame, colours: Mapping[str, str], muted: str, words: Words) -> None:
    """What happened to somebody, hour by hour, the latest last; dots by account."""
    if events.is_empty():
        look.note(words("Nothing has happened to this person yet."))
        return
    what = words("Seeing a video and what it led to, opening a home page, following.")
    columns = (
        look.Column(words("Hour"), words("Which hour of the run, from 1.")),
        look.Column(words("Account"), words("Whose video or home page it was.")),
        look.Column(words("What happened"), what),
        look.Column(words("How"), words("How the video or the page was come upon."), wide=True),
    )
    rows, dots = [], []
    for event in events.tail(SHOWN).to_dicts():
        happened = words(HAPPENED[event["what"]], n=event["post_number"] + 1)
        if did := [words(name) for bit, name in RESPONSES if event["bits"] & bit]:
            happened = words("{what}: {did}", what=happened, did=words.listed(did))
        how = ORIGIN[event["origin"]].said(words.language) if event["origin"] else ""
        name = account_name(words, event["account"])
        rows.append((str(event["hour"]), name, look.Cell(happened, how), how))
        dots.append(colours.get(event["account"], muted))
    look.table(columns, rows, words("What happened to this person"), dots)
    if events.height > SHOWN:
        look.note(words("{n} earlier ones are not shown.", n=events.height - SHOWN))


def account_table(
    events: pl.DataFrame, videos: pl.DataFrame, fans: NDArray[np.int64], hour: int, colour: str, words: Words
) -> None:
    """An account's videos after an hour, and its fans: now and at the start."""
    visits = int((events["what"] == "visited").sum())
    now = words("Fans: {now} ({start} at the start)", now=f"{fans[hour]:,}", start=f"{fans[0]:,}")
    look.lines([now, words("Home-page visits so far: {n}", n=f"{visits:,}")])
    published = videos["published_hour"].to_numpy()
    in_turn = np.argsort(published, kind="stable")
    posted = videos[in_turn[: np.count_nonzero(published < hour)]]
    if posted.is_empty():
        look.note(words("This account has posted nothing yet."))
        return
    saw, bits = pl.col("what") == "saw", pl.col("bits")
    responses = {"len": saw, "finished": saw & (bits & 1 > 0), "liked": saw & (bits & 2 > 0)}
    counted = events.group_by("planned_by", "post_number").agg(
        own.sum().alias(name) for name, own in responses.items()
    )  # at once: each query of polars costs a millisecond where others use the cores too
    found = {(row["planned_by"], row["post_number"]): row for row in counted.to_dicts()}
    watched = words("Share of these impressions in which it was watched to the end.")
    columns = (
        look.Column(words("Video"), words("Number of the post, from 1.")),
        look.Column(words("Posted in hour"), words("Which hour of the run, from 1.")),
        look.Column(words("Impressions so far"), words("How often it was shown to a person.")),
        look.Column(words("Finished"), watched),
        look.Column(QUANTITIES["likes"].label(words.language), words("Likes so far."), wide=True),
    )
    rows = []
    for video in posted.to_dicts():
        own = found.get((video["planned_by"], video["post_number"]), {"len": 0, "finished": 0, "liked": 0})
        share = f"{100 * own['finished'] / own['len']:.0f}%" if own["len"] else "–"
        number, hour_ = str(video["post_number"] + 1), str(video["published_hour"] + 1)
        rows.append((number, hour_, f"{own['len']:,}", share, f"{own['liked']:,}"))
    look.table(columns, rows, words("Videos of this account"), colour)
