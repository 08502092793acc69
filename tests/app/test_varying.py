import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.analysis.response import Level
from sim.app.jobs.request import plan_of
from sim.app.pages.experiments.varying import (
    LAYOUT,
    first_ends,
    first_levels,
    keys_of,
    level_name,
    read_numbers,
    value_name,
    written,
)
from sim.errors import ScenarioError
from sim.language.words import Words
from sim.scenario.key_names import key_name
from sim.scenario.schema import Scenario
from sim.sweeps.plan import Design, checked

EN, ZH = Words("en"), Words("zh")


@pytest.mark.parametrize("name", ["beauty_matrix", "creator_launch"])  # own accounts, and creators
def test_every_key_that_is_offered_can_be_swept_as_it_is_offered(name: str) -> None:
    plan = plan_of(name)
    for key in keys_of(plan).values():
        if key.kind == "whole" and key.row.endswith(".fans"):
            continue  # more fans than people: the page says so
        if ".supply." in key.key:
            continue  # fewer creators than are booked: the page says so
        vary = {key.key: list(first_levels(key))}
        assert len(checked(plan, vary, Design(kind="grid"), 2).points) == len(vary[key.key]), key
        if key.kind in ("whole", "number"):
            low, high = first_ends(key)
            assert checked(plan, {key.key: {"low": low, "high": high}}, Design(kind="lhs"), 2).axes, key


def test_what_is_asked_about_most_comes_first() -> None:
    assert next(iter(keys_of(plan_of("classroom")))) == LAYOUT


def test_accounts_go_by_their_ids_whatever_these_are() -> None:
    odd = Scenario.from_dict({"name": "x", "accounts": [
        {"id": "main", "role": "main", "fans": 30}, {"id": '美妆 "a.b"', "fans": 7}]})  # fmt: skip
    key = next(key for key in keys_of(odd).values() if key.row == "accounts.*.fans" and key.now == 7)
    assert checked(odd, {key.key: [1, 2]}, Design(kind="grid"), 1).axes
    assert key_name(EN, key.key) == '美妆 "a.b" · Fans'


def test_lists_and_seeds_are_not_offered() -> None:
    keys = keys_of(plan_of("beauty_matrix"))
    assert not {"platform.pools", "run.seed", "audience.topics", "links.edges", "name"} & set(keys)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("0.2, 0.5 0.8", (0.2, 0.5, 0.8)),
        ("0.2，0.5、1", (0.2, 0.5, 1.0)),
        ("1万; 2K；1.5m", (10_000.0, 2_000.0, 1_500_000.0)),
        ("", ()),
        ("1_000", (1000.0,)),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, numbers: tuple[float, ...]) -> None:
    assert read_numbers(text, "number") == pytest.approx(numbers)


@pytest.mark.parametrize(
    ("text", "kind"), [("a", "number"), ("1.5", "whole"), ("万", "number"), ("1, 2x", "whole")]
)
def test_what_is_no_number_is_named(text: str, kind: str) -> None:
    with pytest.raises(ValueError, match=text.rsplit(", ", maxsplit=1)[-1]):
        read_numbers(text, kind)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["nan", "inf", "1e400"])
def test_what_no_scenario_can_hold_is_refused_in_the_end(text: str) -> None:
    with pytest.raises(ScenarioError):
        checked(
            plan_of("classroom"),
            {"links.density": list(read_numbers(text, "number"))},
            Design(kind="grid"),
            1,
        )


@given(st.lists(st.integers(-(10**9), 10**9), min_size=1))
def test_whole_numbers_are_read_back(numbers: list[int]) -> None:
    assert read_numbers(written(numbers), "whole") == tuple(numbers)


def test_names_are_those_of_the_language() -> None:
    assert (key_name(EN, LAYOUT), key_name(ZH, LAYOUT)) == ("Layout", "布局")
    assert key_name(ZH, "accounts.school.fans").startswith("学校 · ")
    assert key_name(EN, "content.rates.like") == "Rate · Liked"
    assert key_name(EN, "run.hours") == "Hours simulated"
    assert key_name(EN, "brand") == "Brand"
    assert key_name(EN, "no key = at all") == "no key = at all"
    assert value_name(ZH, LAYOUT, "star") == "星形"
    assert value_name(ZH, "accounts.a.verified", True) == "是"
    assert level_name(EN, "x", Level(None, 0.25, 0.5)) == "0.25–0.5"
    assert level_name(ZH, "audience.users", Level(200_000, 200_000, 200_000)) == "20 万"
