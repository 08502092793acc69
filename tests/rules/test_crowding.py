"""Crowding (P13): a post that follows others of its account within a day starts lower."""

from collections.abc import Iterable

import pytest

from sim.rules.crowding import crowded, place
from tests.rules.opened import alone, first_exposures

pytestmark = pytest.mark.system("P13")
FULL = 100_000
ON = {"platform__same_day_elasticity": -0.15}


def account(name: str, posts: float, **values: object) -> dict[str, object]:
    role = "main" if name == "a" else "sub"
    return {"id": name, "role": role, "posts_per_day": posts, "first_post_h": 0, **values}


def close(found: Iterable[int], expected: Iterable[float]) -> None:
    assert list(found) == pytest.approx([FULL * part for part in expected], abs=1)


@pytest.mark.parametrize("elasticity", [-0.4, -0.15, 0.0])
def test_a_post_more_costs_what_the_elasticity_says(elasticity: float):
    for count in (1, 2, 4):
        assert crowded(2 * count, elasticity) / crowded(count, elasticity) == pytest.approx(2**elasticity)
    places = [crowded(k, elasticity) for k in range(1, 9)]
    assert places[0] == 1.0
    assert places == sorted(places, reverse=True)


def test_a_place_counts_those_within_the_window_and_forgets_the_others():
    hours: list[int] = []
    assert [place(hours, now) for now in (0, 0, 10, 23, 24, 33, 100)] == [1, 2, 3, 4, 3, 4, 1]
    assert hours == [100]
    assert [place(hours, 100, window) for window in (0, 1, 24)] == [1, 2, 3]


def test_the_later_posts_of_24_hours_bear_it():
    started = first_exposures(alone("crowded", [account("a", 4.0)], run__hours=36, **ON))
    # Every six hours: from the fourth on, three others lie within 24 hours.
    close(started.values(), [crowded(min(k, 4), -0.15) for k in range(1, 7)])


def test_a_post_a_day_crowds_nobody_nor_do_other_accounts():
    started = first_exposures(
        alone("daily", [account("a", 1.0), account("b", 1.0), account("c", 1.0)], run__hours=96, **ON)
    )
    close(started.values(), [1.0] * 12)


def test_what_is_still_to_come_costs_nothing():
    few = alone("few", [account("a", 1.0), account("b", 0.5, first_post_h=6)], links__layout="single", **ON)
    many = few.with_values({"accounts.1.posts_per_day": 4.0})
    one, other = first_exposures(few), first_exposures(many)
    assert other["a", 0] == one["a", 0] == FULL
    assert other["b", 0] == one["b", 0] < FULL
    assert other["a", 1] < one["a", 1]  # the day after, three more have come before it


def test_posts_crowd_on_the_page_where_they_appear():
    both = [account("a", 1.0), account("b", 1.0)]
    apart, single = (
        first_exposures(alone("two", both, links__layout=name, run__hours=20, **ON))
        for name in ("none", "single")
    )
    close(apart.values(), [1.0, 1.0])
    close(single.values(), [1.0, crowded(2, -0.15)])


def test_creators_do_not_crowd():
    made = {"id": "k", "role": "creator", "tier": "junior", "posts_per_day": 6.0, "first_post_h": 0}
    started = first_exposures(alone("bought", [account("a", 0.0), made], run__hours=20, **ON))
    close(started.values(), [1.0] * 5)
