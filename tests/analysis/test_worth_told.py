"""What to measure next, as it is said."""

from typing import Any

import pytest

from sim.analysis.worth_told import is_worth, worth_in, worth_told
from sim.experiment.robust import uncertain
from sim.language.measuring import MEASURING
from sim.language.words import Language, Words


def row(key: str, gain: float = 1_200.0, changes: float = 0.21, by_chance: float = 0.005) -> dict[str, Any]:
    ends = {"low": gain / 4, "high": 2 * gain}
    return {"key": key, "gain": gain, "changes": changes, "by_chance": by_chance, **ends}


def test_what_is_worth_knowing_is_told_in_yuan_with_how_to_measure_it() -> None:
    [english] = worth_told([row("platform.fan_share")], 64, "profit", "en")
    assert "platform.fan_share would change the choice in 2 of 10 cases" in english
    assert "about CNY 1,200" in english
    assert "(CNY 300 to 2,400)" in english
    assert "measure it by the traffic sources" in english
    [chinese] = worth_told([row("platform.fan_share")], 64, "profit", "zh")
    assert "1,200 元" in chinese
    assert "2" in chinese
    assert "流量来源" in chinese


def test_what_nobody_can_measure_has_no_advice() -> None:
    [told] = worth_told([row("platform.weights.like")], 64, "reach", "en")
    assert "measure it" not in told


def test_what_chance_shows_as_well_is_not_told() -> None:
    [told] = worth_told([row("platform.fan_share", by_chance=0.2)], 64, "profit", "en")
    assert "chance shows as well" in told
    assert "platform.fan_share" not in told


def test_where_no_number_changes_the_choice_that_is_said() -> None:
    [told] = worth_told([], 64, "profit", "en")
    assert "would not change the choice" in told


def test_three_at_most_are_named() -> None:
    rows = [row(key) for key in ("a.a", "b.b", "c.c", "d.d")]
    assert len(worth_told(rows, 64, "profit", "en")) == 3


def test_a_comparison_that_drew_nothing_says_nothing() -> None:
    assert worth_in({"metric": "reach"}, "en") == []


@pytest.mark.parametrize(
    "rows", [None, {}, [1], [{"key": "a"}], [row("a") | {"gain": "1"}], [row("a") | {"key": 1}]]
)
def test_a_document_of_another_shape_is_known(rows: object) -> None:
    assert not is_worth(rows)
    assert is_worth([row("a.b")])


def test_every_key_that_has_advice_is_one_that_is_drawn() -> None:
    assert set(MEASURING) <= set(uncertain())


@pytest.mark.parametrize("language", ["zh"])
def test_advice_is_there_in_chinese(language: Language) -> None:
    assert not [text for text in MEASURING.values() if Words(language)(text) == text]
