"""Fixed places: the same whatever the layout, each account its own, nobody on top of another."""

from itertools import combinations
from math import hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.charts.places import ALONE, INNER, MOST_CREATORS, MOST_SUBS, Actor, colour_of, places, wrapped
from sim.charts.theme import CATEGORIES


def actors(subs: int, creators: int = 0, tier: str = "junior") -> list[Actor]:
    return [
        Actor("main", "main", ""),
        *(Actor(f"sub {k:03}", "sub", "") for k in range(subs)),
        *(Actor(f"{tier}-{k:03}", "creator", tier) for k in range(creators)),
    ]


@given(st.integers(0, 80), st.integers(0, 40))
def test_every_account_has_one_place_and_no_two_places_meet(subs: int, creators: int) -> None:
    found = places(actors(subs, creators))
    assert sorted(rank for place in found for rank in place.members) == list(range(1 + subs + creators))
    for one, other in combinations(found, 2):
        assert hypot(one.x - other.x, one.y - other.y) > 0.05


def test_of_very_many_subs_the_largest_stand_alone_and_the_others_in_lines_by_topic() -> None:
    subs = [Actor(f"s{k}", "sub", "", ("hair", "body")[k % 2], 10 * (k == 400) + k % 7) for k in range(599)]
    found = places([Actor("main", "main", ""), *subs])[1:]
    assert len(found) == ALONE + 2
    assert "s400" in {place.key for place in found}
    lines = [place for place in found if place.group]
    assert [place.key for place in lines] == ["*line hair", "*line body"]
    assert sorted(k for place in found for k in place.members) == list(range(1, 600))


@given(st.integers(1, MOST_SUBS))
def test_subs_stand_around_the_main_account_clockwise_from_the_top(subs: int) -> None:
    main, first, *rest = places(actors(subs))
    assert (main.x, main.y) == (0, 0)
    assert (first.x, first.y) == (0, 1)
    for place in rest:
        assert min(abs(hypot(place.x, place.y) - radius) for radius in (1, INNER)) < 1e-3
    if len(rest) > 1:
        assert rest[0].x > 0 > rest[-1].x


def test_creators_do_not_move_the_other_accounts() -> None:
    assert places(actors(6))[:7] == places(actors(6, 30))[:7]


def test_an_account_keeps_the_colour_of_its_rank() -> None:
    found = places(actors(12))
    assert [place.colour for place in found] == [colour_of(rank) for rank in range(13)]
    assert found[9].colour == CATEGORIES[0]


def test_many_creators_are_grouped_by_tier_below_the_circle_and_few_are_not() -> None:
    few = places(actors(3, MOST_CREATORS))
    assert [place.group for place in few[4:]] == [False] * MOST_CREATORS
    tiers = [*actors(3, MOST_CREATORS, "amateur"), Actor("star-001", "creator", "star")]
    star, amateur = places(tiers)[4:]
    assert (star.key, star.members, amateur.key, len(amateur.members)) == (
        "*star", (12,), "*amateur", MOST_CREATORS,
    )  # fmt: skip
    assert star.y == amateur.y < -1
    assert star.colour == ""


def test_creators_without_tier_are_a_group_too() -> None:
    assert places([*actors(0), *(Actor(f"c{k}", "creator", "") for k in range(20))])[1].key == "*"


@given(st.text(max_size=60), st.integers(4, 20))
def test_a_wrapped_name_fits_its_lines(name: str, width: int) -> None:
    found = wrapped(name, width)
    assert 1 <= len(found) <= 2
    assert all(len(line) <= width for line in found)


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("main", ("main",)),
        ("five-minute makeup", ("five-minute", "makeup")),
        ("敏感肌护理小课堂", ("敏感肌护理小", "课堂")),
        ("skincare mature skin and more", ("skincare", "mature skin…")),
        ("", ("",)),
    ],
)
def test_a_name_is_broken_at_spaces_and_cut_off_after_two_lines(name: str, lines: tuple[str, ...]) -> None:
    assert wrapped(name) == lines
