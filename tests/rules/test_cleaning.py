"""Fans erased, and one brief as one group (P6, X6): what same content won is taken away, and nothing else."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl
import pytest

from sim.mechanisms.cleaning import Cleaning
from sim.model import MatrixModel
from sim.results import Result
from sim.rules.cleaning import is_cleaned, won_by
from sim.rules.copies import alike, copied
from sim.rules.draws import mix, unmixed
from sim.rules.engagement import impression_key
from sim.world.alike import Alike
from tests.refresh import busy, result_of
from tests.rules.opened import alone, first_exposures

pytestmark = pytest.mark.system("P6", "X6")
ON: dict[str, Any] = {"cleaning.share": 1.0, "cleaning.interval_d": 1}
FILM = dict.fromkeys((f"accounts.{k}.material" for k in range(4)), "film")
STAYING = {"links.unfollow_probability": 0.0}


def test_the_address_of_a_follow_tells_the_video_that_won_it():
    words = np.array([0, 1, 2**63, 2**64 - 1, 12345], np.uint64)
    assert unmixed(np.array([mix(word) for word in words], np.uint64)).tolist() == words.tolist()
    people = np.array([0, 7, 2**31])
    keys = np.array([impression_key(words[4], person) for person in people.tolist()], np.uint64)
    assert won_by(keys, people).tolist() == [12345] * 3


def test_days_of_cleaning():
    assert [hour for hour in range(100) if is_cleaned(hour, 2)] == [47, 95]


def test_posts_of_one_brief_count_in_part_and_copies_whole():
    assert alike(2, 5, 0.0) == alike(2, 2, 1.0) == 2.0
    assert alike(0, 10, 0.1) == pytest.approx(1.0)
    group = Alike(24, 0.5)
    assert group.before(0, [1, 2, 1], [True, True, False]) == [0.0, 0.5, 1.0]
    assert group.before(23, [3], [True]) == [1.0]
    assert group.before(60, [3], [True]) == [0.0]
    assert copied(0.5, 0.25) == pytest.approx(0.5)


def test_one_brief_to_many_creators_is_one_group():
    accounts = [{"id": "a", "role": "main", "posts_per_day": 0.0}]
    booked = {"seeding__ratio": (0, 0, 0, 0, 0, 6), "seeding__window_h": 24, "audience__users": 50_000}
    forces = {"platform__same_content_factor": 0.5, "platform__creator_fan_power": 0.0}
    quiet = {"seeding__market__pull_spread_dex": 0.0, "seeding__market__no_show_share": 0.0}

    def starts(similarity: float) -> list[float]:
        plan = alone("brief", accounts, **booked, **forces, **quiet, seeding__brief_similarity=similarity)
        return sorted(first_exposures(plan).values(), reverse=True)

    apart, alike_, copies = (starts(similarity) for similarity in (0.0, 0.2, 1.0))
    assert max(apart) == min(apart)
    for found, similarity in ((alike_, 0.2), (copies, 1.0)):
        expected = [apart[0] * copied(similarity * n, 0.5) for n in range(6)]
        assert found == pytest.approx(expected, rel=0.001)


def outcome(*settings: dict[str, Any], **values: Any) -> Result:
    plan = busy(run__hours=49, links__layout="none", **values)
    return result_of(plan.with_values({key: value for part in settings for key, value in part.items()}))


def test_only_what_copies_won_is_erased():
    assert outcome(ON).summary["erased"] == 0  # all content is its account's own
    film = outcome(ON, FILM, STAYING)
    erased = film.summary["erased"]
    assert erased > 0
    assert film.summary["unfollows"] == erased  # nobody leaves by himself
    counted = film.measures.filter(pl.col("measure") == "erased")
    assert counted["value"].sum() == erased
    assert set(counted["hour"]) <= {23, 47}
    accounts = film.accounts
    left = accounts["fans_start"] + accounts["follows"] - accounts["unfollows"]
    assert accounts["fans_end"].to_list() == left.to_list()


def test_the_first_with_a_content_keeps_what_it_won():
    film = outcome(ON, FILM, STAYING)
    first = film.videos.sort("published_hour").unique("post_number", keep="first", maintain_order=True)
    copies = film.videos.join(first, on=["account", "post_number"], how="anti")
    assert 0 < film.summary["erased"] <= int(copies["follows"].sum())


@pytest.fixture
def model() -> Iterator[MatrixModel]:
    plan = busy(run__hours=60, links__layout="none").with_values(
        {**ON, **STAYING, "cleaning.alike_from": 0.0}
    )
    model = MatrixModel(plan, rng=1)
    yield model
    model.close()


def test_a_later_follow_is_not_taken_with_an_earlier_one(model: MatrixModel):
    for _ in range(20):
        model.advance()
    cleaning = next(m for m in model.run_state.mechanisms if isinstance(m, Cleaning))
    pair = cleaning._at_risk[0, 0]
    row = np.zeros(1, [("what", "i8"), ("person", "i8"), ("value", "i8")])
    row["what"], row["person"], row["value"] = (
        pair >> 32,
        pair & 0xFFFFFFFF,
        99,
    )  # of a page: no video's address
    before = cleaning._at_risk.shape[1]
    cleaning._note(row, 20)
    assert cleaning._at_risk.shape[1] == before - 1
    assert pair not in cleaning._at_risk[0]


def test_who_has_left_already_is_not_counted_as_erased():
    leaving = {"links.unfollow_probability": 0.9, "links.unfollow_after_h": 2, "cleaning.alike_from": 0.0}
    stays, leaves = outcome(ON, STAYING, leaving | STAYING), outcome(ON, leaving)
    assert leaves.summary["erased"] < 0.4 * stays.summary["erased"]
    none = outcome({**ON, "cleaning.share": 0.0}, leaving)
    assert none.summary["unfollows"] <= leaves.summary["unfollows"]
