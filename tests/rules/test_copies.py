"""The same content (P6): copies of what is out already start lower, whoever publishes them."""

import pytest

from sim.rules.copies import LEAST, copied
from tests.rules.opened import alone, first_exposures

pytestmark = pytest.mark.system("P6")
FULL = 100_000
ON = {"platform__same_content_factor": 0.5}


def account(name: str, first: int, material: str | None = "film", posts: float = 1.0) -> dict[str, object]:
    role = "main" if name == "a" else "sub"
    return {
        "id": name, "role": role, "posts_per_day": posts, "first_post_h": first, "material": material,
    }  # fmt: skip


def test_every_copy_halves_what_is_left_down_to_a_floor():
    assert [copied(k, 0.5) for k in range(5)] == [1.0, 0.5, 0.25, 0.125, LEAST]
    assert copied(3, 1.0) == 1.0


def test_a_copy_is_throttled_by_those_before_it():
    three = [account("a", 0), account("b", 1), account("c", 1)]
    started = first_exposures(alone("copies", three, **ON))
    for number in (0, 1):  # each post of its own number: another content
        assert started["a", number] == FULL
        assert started["b", number] == FULL // 2
        assert started["c", number] == FULL // 4
    # Nobody is throttled by what comes later.
    assert first_exposures(alone("first", three[:1], **ON))["a", 1] == started["a", 1]


def test_other_content_is_no_copy_however_often_an_account_posts():
    own = [account("a", 0, None, posts=6.0), account("b", 1, None)]
    assert set(first_exposures(alone("own", own, **ON)).values()) == {FULL}


def test_moving_the_copies_to_one_account_does_not_hide_them():
    two = [account("a", 0), account("b", 1)]
    started = first_exposures(alone("moved", two, links__layout="single", **ON))
    assert (started["a", 0], started["b", 0]) == (FULL, FULL // 2)


def test_what_came_out_long_ago_is_forgotten():
    two = [account("a", 0), account("b", 10)]
    for window, left in ((10, FULL), (11, FULL // 2)):
        scenario = alone("window", two, platform__same_content_window_h=window, **ON)
        assert first_exposures(scenario)["b", 0] == left
