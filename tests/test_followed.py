import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl
import pytest

from sim.app.jobs.questions import KINDS, request_of
from sim.app.jobs.request import Lesson
from sim.app.jobs.variants import variation
from sim.errors import UsageError
from sim.experiment import followed as following
from sim.experiment.followed import followed
from sim.language.vocabulary import ORIGINS
from sim.model import MatrixModel
from sim.rules.engagement import COMPLETE, LIKE

HOURS = 60
BUSY = variation(
    "busy",
    {
        "run.hours": HOURS,
        "links.layout": "mesh",
        "content.rates.visit": 0.2,
        "content.rates.follow": 0.05,
        "links.following_list_probability": 0.3,
        "links.unfollow_probability": 0.6,
        "links.unfollow_after_h": 4,
        "brand.interest_probability": 0.5,
        "brand.order_probability": 0.5,
        "brand.aware_probability": 0.9,
    },
)
"""A class in which everything that can happen happens."""
REQUEST = Lesson("classroom", None, 3, BUSY.settings)


class Class(NamedTuple):
    answer: dict[str, Any]
    tables: dict[str, pl.DataFrame]
    ticks: list[tuple[int, int]]


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Class:
    folder = tmp_path_factory.mktemp("class")
    ticks: list[tuple[int, int]] = []
    answer = followed(REQUEST.plan(), REQUEST.seed, folder, lambda done, total: ticks.append((done, total)))
    return Class(answer, {file.stem: pl.read_parquet(file) for file in folder.glob("*.parquet")}, ticks)


@pytest.fixture(scope="module")
def agents() -> Iterator[MatrixModel]:
    model = MatrixModel(REQUEST.plan(), rng=REQUEST.seed, engine="agents")
    model.finish()
    yield model
    model.close()


def test_the_run_is_that_of_the_agents_engine_bit_by_bit(room: Class, agents: MatrixModel) -> None:
    assert room.answer["digests"]["columns"] == agents.result().digest
    assert room.answer["digests"]["agents"] == agents.result().digest


def test_the_last_states_are_those_of_the_agents(room: Class, agents: MatrixModel) -> None:
    hours = HOURS
    last = room.tables["states"].filter(hour=hours).sort("user")
    people = sorted(agents.users, key=lambda person: person.number)
    for name in ("stage", "orders", "reached"):
        assert last[name].to_list() == [getattr(person, name) for person in people]
    for name in ("follows", "reached_by"):
        assert last[name].to_list() == [sum(1 << a for a in getattr(person, name)) for person in people]


def test_states_have_everybody_once_an_hour_from_the_start(room: Class) -> None:
    states, hours = room.tables["states"], HOURS
    people = room.answer["summary"]["users"]
    wanted = list(itertools.product(range(hours + 1), range(people)))
    assert list(states.select("hour", "user").iter_rows()) == wanted
    assert room.ticks == [(hour, hours) for hour in range(1, hours + 1)]


def test_events_add_up_to_the_summary(room: Class) -> None:
    events, summary = room.tables["events"], room.answer["summary"]
    counts = {what: events.filter(what=what).height for what in ("saw", "visited", "followed", "left")}
    assert counts == {
        "saw": summary["impressions"],
        "visited": summary["visits"],
        "followed": summary["follows"],
        "left": summary["unfollows"],
    }
    assert min(counts.values()) > 0
    bits = events["bits"]
    assert int((bits & COMPLETE > 0).sum()) == summary["completions"]
    assert int((bits & LIKE > 0).sum()) == summary["likes"]
    assert int((bits & 64 > 0).sum()) == summary["orders"] > 0


@pytest.mark.parametrize(("what", "counted"), [("saw", "impressions"), ("visited", "visits")])
def test_events_add_up_to_the_hourly_table(room: Class, what: str, counted: str) -> None:
    events = room.tables["events"].filter(what=what).group_by("hour", "account", "origin").len()
    told = {(row[0], row[1], row[2]): row[3] for row in events.iter_rows()}
    hourly = room.tables["hourly"].filter(pl.col(counted) > 0)
    rows = hourly.select(pl.col("hour") + 1, "account", "origin", counted).iter_rows()
    assert told == {(h, a, o): n for h, a, o, n in rows}


def test_states_follow_from_the_events_before_them(room: Class) -> None:
    states, events = room.tables["states"], room.tables["events"]
    names = room.answer["accounts"]
    start = states.filter(hour=0)["follows"].to_list()
    for hour in (1, 20, HOURS):
        now = states.filter(hour=hour)
        past = events.filter(pl.col("hour") <= hour)
        seen = np.bincount(past.filter(what="saw")["user"].to_numpy(), minlength=len(start))
        assert now["impressions"].to_list() == seen.tolist()
        assert ((now["impressions"] > 0) == (now["reached"] == 1)).all()
        follows = list(start)
        for user, what, account in past.select("user", "what", "account").iter_rows():
            bit = 1 << names.index(account)
            if what == "followed":
                assert not follows[user] & bit
                follows[user] |= bit
            elif what == "left":
                assert follows[user] & bit
                follows[user] &= ~bit
        assert now["follows"].to_list() == follows


def test_fans_are_the_people_who_follow(room: Class) -> None:
    states, fans = room.tables["states"], room.tables["fans"]
    for hour in (0, 30, HOURS):
        follows = states.filter(hour=hour)["follows"].to_numpy()
        counted = [
            int((follows >> np.uint64(k) & np.uint64(1)).sum()) for k in range(len(room.answer["accounts"]))
        ]
        assert fans.filter(hour=hour)["fans"].to_list() == counted
    assert fans.filter(hour=0)["account"].to_list() == room.answer["accounts"]


def test_nobody_sees_a_video_before_it_is_posted(room: Class) -> None:
    videos = room.tables["videos"].select("planned_by", "post_number", "published_hour")
    seen = (
        room.tables["events"]
        .filter(what="saw")
        .join(videos.with_columns(pl.col("post_number").cast(pl.Int32)), on=["planned_by", "post_number"])
    )
    assert seen.height == room.answer["summary"]["impressions"]
    assert (seen["hour"] > seen["published_hour"]).all()


def test_people_are_those_of_the_scenario(room: Class) -> None:
    people, plan = room.tables["people"], REQUEST.plan()
    shares = people["topic"].value_counts(normalize=True)
    assert dict(shares.iter_rows()) == pytest.approx(dict(plan.audience.topics), abs=0.005)
    topics = room.answer["topics"]
    for row in people.head(50).to_dicts():
        interest = dict(zip(topics, row["interest"], strict=True))
        assert interest[row["topic"]] == max(interest.values())


def test_the_busiest_person_had_something_happen_on_the_first_day(room: Class) -> None:
    first = room.tables["events"].filter(pl.col("hour") <= 24)
    most = first.group_by("user").len().sort("len")["len"][-1]
    assert first.filter(user=room.answer["busiest"]).height == most


def test_every_event_has_an_origin_that_fits(room: Class) -> None:
    events = room.tables["events"]
    came = events.filter(pl.col("what").is_in(["saw", "visited"]))
    assert set(came["origin"]) <= set(ORIGINS)
    assert {"recommend", "fans", "follow", "like", "mention"} <= set(came["origin"])
    assert set(events.filter(pl.col("what").is_in(["followed", "left"]))["origin"]) == {""}


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"audience.users": 6_000}, "at most 5,000 people"),
        ({"seeding.ratio": [0, 0, 0, 0, 0, 70]}, "at most 64 accounts"),
    ],
)
def test_what_is_too_large_for_a_class_is_refused(
    settings: dict[str, object], said: str, tmp_path: Path
) -> None:
    request = Lesson("classroom", None, 1, variation("x", settings).settings)
    with pytest.raises(UsageError, match=said):
        followed(request.plan(), request.seed, tmp_path, lambda done, total: None)


def test_engines_that_differ_are_a_failure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def deaf(self: following.Pupil, *given: Any) -> int:
        return 0

    monkeypatch.setattr(following.Pupil, "respond", deaf, raising=False)
    settings = {"run.hours": 12, "content.rates.completion": 0.9}
    request = Lesson("classroom", None, 1, variation("x", settings).settings)
    with pytest.raises(following.RunError, match="engines differ"):
        followed(request.plan(), request.seed, tmp_path, lambda done, total: None)


def test_a_lesson_comes_back_from_its_file() -> None:
    assert request_of(REQUEST.as_dict()) == REQUEST
    assert KINDS["lesson"] is Lesson
    assert Lesson("classroom", None, 4, BUSY.settings).key() != REQUEST.key()
