from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sim.app.jobs.request import Asking
from sim.app.ui.asking import TOGETHER
from sim.app.ui.person import Teller
from sim.errors import RunError, UsageError
from sim.experiment import followed as following
from sim.experiment.replayed import replayed
from sim.language.words import Words
from sim.rules.audience import SHARD
from sim.rules.engagement import COMPLETE, FOLLOW
from sim.simulation import Simulation
from tests.test_followed import BUSY

WORLD = {
    "audience.users": SHARD + 1_000, "run.hours": 12, "links.unfollow_after_h": 2,
    "content.rates.follow": 0.2,
}  # fmt: skip
PLAN = Asking("classroom", None, 3, BUSY.settings).plan().with_values(WORLD)
"""A world of two shards in which much happens."""


@pytest.fixture(scope="module")
def shards(
    tmp_path_factory: pytest.TempPathFactory,
) -> list[tuple[dict[str, Any], pl.DataFrame, pl.DataFrame]]:
    found = []
    for shard in (0, 1):
        folder = tmp_path_factory.mktemp("shard")
        answer = replayed(PLAN, 3, shard, folder, lambda done, total: None)
        found.append(
            (answer, *(pl.read_parquet(folder / f"{name}.parquet") for name in ("events", "people")))
        )
    return found


def test_the_replay_agrees_with_the_counts_of_the_run(shards: Any) -> None:
    result = Simulation(PLAN, 3).finish().result()
    events = pl.concat([events for _, events, _ in shards])
    assert [answer["digest"] for answer, _, _ in shards] == [result.digest] * 2
    counts = {what: events.filter(what=what).height for what in ("saw", "visited", "followed", "left")}
    assert counts == {
        "saw": result.summary["impressions"], "visited": result.summary["visits"],
        "followed": result.summary["follows"], "left": result.summary["unfollows"],
    }  # fmt: skip
    assert min(counts.values()) > 0
    told = events.filter(what="saw").group_by(pl.col("hour") - 1, "account", "origin").len()
    hourly = result.tables["hourly"].filter(pl.col("impressions") > 0)
    assert set(told.iter_rows()) == set(hourly.select("hour", "account", "origin", "impressions").iter_rows())


def test_everybody_is_in_one_of_the_shards(shards: Any) -> None:
    people = [people["user"].to_list() for _, _, people in shards]
    assert people[0] + people[1] == list(range(PLAN.audience.users))
    for answer, events, _ in shards:
        assert answer["first"] <= events["user"].min() <= events["user"].max() < answer["last"]
    assert TOGETHER == SHARD


def test_what_was_drawn_decided(shards: Any) -> None:
    seen = shards[0][1].filter(what="saw").unnest("why")
    for chance, drawn, bit in (("finish", "finish_drawn", COMPLETE), ("follow", "follow_drawn", FOLLOW)):
        assert ((seen[drawn] < seen[chance]) == (seen["bits"] & bit > 0)).all()
    assert seen["match"].is_between(0, 7).all()
    assert seen["fan"].n_unique() == 2


def test_a_follow_ends_in_the_hour_that_was_drawn_when_it_began(shards: Any) -> None:
    for _, events, _ in shards:
        ends = {}
        for row in events.to_dicts():
            if row["what"] == "followed":
                ends[row["user"], row["account"]] = row["ends"]
            elif row["what"] == "left":
                assert ends.pop((row["user"], row["account"])) == row["hour"]
        assert all(end is None or end > PLAN.run.hours for end in ends.values())


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["saw post", "drawn", "followed", "no longer follows"]),
        ("zh", ["看到", "抽到", "关注了", "取关了"]),
    ],
)
def test_every_event_is_told_in_words(shards: Any, language: Any, said: list[str]) -> None:
    events = shards[0][1]
    gone = events.filter(what="left")["user"][0]
    teller = Teller(0, Words(language))
    lines = [teller.tell(event) for event in events.filter(user=gone).to_dicts()]
    assert len(lines) == events.filter(user=gone).height
    assert all(any(text in line for line in lines) for text in said)
    assert lines[-1].endswith(("began.", "抽定。")) or events.filter(user=gone)["what"][-1] != "left"


def test_agents_that_differ_from_the_run_are_a_failure(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def deaf(self: following.Pupil, *given: Any) -> int:
        return 0

    monkeypatch.setattr(following.Pupil, "respond", deaf)
    plan = PLAN.with_values({"audience.users": 2_000, "content.rates.completion": 0.9})
    with pytest.raises(RunError, match="differs from the run"):
        replayed(plan, 3, 0, tmp_path, lambda done, total: None)
    with pytest.raises(UsageError, match="none of this number"):
        replayed(plan, 3, 1, tmp_path, lambda done, total: None)
