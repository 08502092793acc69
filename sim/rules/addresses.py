"""Where every draw has its place: the numbers that are given out under each key.

A draw is the hash of a path of numbers that begins at the seed (draws.py). Two draws share an
address only if two ranges under one key overlap, so all purposes and ranges are listed here; tests hold
that they are disjoint and that every call that makes a key has a row. Does not draw.
"""

from typing import NamedTuple

import numpy as np

from sim.compiled import Whole

(
    POPULATION, VIDEO, CELL, SEGMENT, FAN, FRIENDS, OPEN, WALK, JUMP, UNFOLLOW, POOL, FANBASE, REVIVAL,
    CONTENT, SPREAD, BACKGROUND, WATCH, SIZE, MINUTE, LUCK, HEAT, SCATTER, BOOKED, CATEGORY, COLD,
    ENFORCE, LATE, ASSUMPTIONS, ERASE, INCUBATE,
) = (np.int64(number << 40) for number in (*range(1, 28), 99, 40, 41))  # fmt: skip
"""Purposes: what a key is for. Distinct, never changed, and far above every counter, so that a purpose and a
counter under one key can never be the same address. Typed, because numba compiles a function anew for every
plain integer that it is called with."""

COUNTED = (1 << 40) - 1
"""The largest counter under a key: below every purpose, and as many follow each purpose."""
HASHED = (1 << 64) - 1
"""The largest hash of a name."""


class Range(NamedTuple):
    """Numbers under a key."""

    parent: str
    """What the key is of."""
    what: str
    """What the numbers are about; where further numbers follow, their parent."""
    first: int
    last: int


def _counted(parent: str, what: str, first: int = 0, last: int = COUNTED) -> Range:
    return Range(parent, what, first, last)


def _one(parent: str, what: str, number: Whole) -> Range:
    return Range(parent, what, int(number), int(number))


def _from(parent: str, what: str, purpose: Whole) -> Range:
    return Range(parent, what, int(purpose), int(purpose) + COUNTED)


def _named(parent: str, what: str) -> Range:
    return Range(parent, what, 0, HASHED)


RANGES = (
    _one("seed", "population", POPULATION),
    _one("seed", "posts", VIDEO),
    _one("seed", "contents", CONTENT),
    _one("seed", "fan bases", FANBASE),
    _one("seed", "friends", FRIENDS),
    _one("seed", "background", BACKGROUND),  # of seed 0, whatever the run's
    _one("seed", "luck of accounts", LUCK),
    _one("seed", "heat of accounts", HEAT),
    _one("seed", "booked creators", BOOKED),
    _one("seed", "assumptions", ASSUMPTIONS),
    _one("seed", "looks at accounts", ENFORCE),
    _one("seed", "lateness", LATE),
    _one("seed", "who would post", INCUBATE),
    _counted("who would post", "person who would post"),
    _named("lateness", "lateness of an account"),
    _counted("lateness of an account", "wave of a late account"),
    _named("assumptions", "assumed parameter"),
    _one("name", "phase of the posts", 0),
    # People.
    _counted("population", "person"),
    _counted("person", "propensity, age, sex, city, what is looked for", 1, 6),
    _counted("person", "put off by repetition", 7, 7),
    _counted("person", "interests", 10, 11),
    # Creators who were booked.
    _named("booked creators", "booked creator"),
    _one("booked creator", "whether a creator posts", 0),
    _one("booked creator", "pull beyond the estimate", 1),
    # Posts: what is in them, and what happens to them.
    _named("posts", "planner"),
    _counted("planner", "video"),
    _named("contents", "material"),
    _counted("material", "content"),
    _counted("content", "quality", 0, 6),
    _counted("video", "impression"),
    _one("video", "cells", CELL),
    _one("video", "fans' hours", FAN),
    _one("video", "lanes", SPREAD),
    _one("video", "openings", OPEN),
    _from("video", "mark", POOL),
    _from("video", "size", SIZE),
    _from("video", "revival", REVIVAL),
    _from("video", "cold start", COLD),
    _one("video", "scatter", SCATTER),
    _counted("fans' hours", "person's hour"),
    _counted("scatter", "person's next video of an author"),
    _counted("openings", "sharer"),
    _counted("sharer", "receiver"),
    _counted("cells", "cell"),
    _counted("cell", "aim"),
    _from("cell", "order of a segment", SEGMENT),
    # What an account has of its own.
    _named("luck of accounts", "luck of an account"),
    _named("heat of accounts", "heat of an account"),
    _counted("heat of an account", "day of heat"),
    _named("looks at accounts", "looks at an account"),
    _counted("looks at an account", "day of a look"),
    # Impressions, and the steps of a walk, which may be impressions.
    _counted("impression", "responses, stage, @", 0, 3),
    _one("impression", "page", WALK),
    _one("impression", "jump", JUMP),
    _one("impression", "follow taken back", UNFOLLOW),
    _one("impression", "minute", MINUTE),
    _from("impression", "follow erased", ERASE),
    _one("page", "step", WALK),
    _one("page", "newest video", WATCH),
    _one("page", "follow of a visitor taken back", UNFOLLOW),
    _one("page", "minute of a visit", MINUTE),
    # Fans and friends.
    _named("fan bases", "account"),
    _counted("account", "fans of a shard"),
    _counted("fans of a shard", "willingness"),
    _counted("friends", "ring"),
    _counted("ring", "one friend"),
    _counted("one friend", "the other"),
    # The category's videos, which set the pass marks.
    _counted("background", "background video"),
    _from("background", "background pool", POOL),
    _counted("background video", "rates", 0, 5),
    _counted("background pool", "trial"),
    _counted("trial", "counts", 0, 4),
    _from("trial", "mark of a trial", POOL),
    # Its videos once more, as they fare on the platform: above whom a hit is.
    _one("background", "category", CATEGORY),
    _counted("category", "category's video"),
    _counted("category's video", "category's rates", 0, 5),
    _from("category's video", "category's hour", CATEGORY),
    _from("category's video", "category's mark", POOL),
    _from("category's video", "category's size", SIZE),
    _from("category's video", "category's revival", REVIVAL),
    _from("category's video", "category's cold start", COLD),
    _counted("category's hour", "category's responses", 0, 4),
)
