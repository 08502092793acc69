from typing import Any

from sim.app.ui import economics
from sim.language.words import Words

NAMES = {"one": "one account", "1+3": "1+3"}


def variant(name: str, mean: float, back: float | None, **pays: float | None) -> dict[str, Any]:
    limits: dict[str, float | None] = {"gpm_cny": 60.0, "price_cny": 258.0, "fan_value_cny": None, **pays}
    return {"name": name, "mean": mean, "return_per_cny": back, "gpm_cny": 12.0, "break_even": limits}


def comparison(code: str, *variants: dict[str, Any], warned: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"verdict": {"code": code}, "variants": list(variants), "warnings": [{"code": c} for c in warned]}


def test_what_a_yuan_brings_back_and_what_would_make_it_pay_stand_beneath_the_verdict() -> None:
    open_ = comparison("cannot_tell_apart", variant("one", -5.0, 0.2), variant("1+3", -9.0, 0.1))
    loses, pays = economics.told(open_, NAMES, Words("en"))
    assert loses == "One account loses money on average: each yuan spent brings back 0.20."
    assert pays.startswith("One account would pay with sales of CNY 60.0 per 1,000 plays (now 12.0), or a ")
    assert "a price of CNY 258, all else" in pays
    assert "每投入 1 元只带回 0.20 元" in economics.told(open_, {"one": "单号"}, Words("zh"))[0]


def test_what_stands_in_the_verdict_or_a_warning_already_is_not_said_again() -> None:
    rows = variant("one", -5.0, 0.2), variant("1+3", -9.0, 0.1)
    for found in (comparison("winner", *rows), comparison("identical", *rows, warned=("loses_money",))):
        told = economics.told(found, NAMES, Words("en"))
        assert len(told) == 1
        assert "would pay" in told[0]


def test_a_plan_that_pays_says_so_and_one_that_nothing_makes_pay_says_nothing() -> None:
    pays = comparison("winner", variant("one", 5.0, 1.25, gpm_cny=8.0, gpm_cny_high=11.0))
    assert economics.told(pays, NAMES, Words("en")) == ["One account pays: each yuan spent brings back 1.25."]
    may_lose = comparison("winner", variant("one", 5.0, 1.25, gpm_cny=8.0, gpm_cny_high=13.0))
    (said,) = economics.told(may_lose, NAMES, Words("en"))
    assert said.startswith("One account pays on average")
    never = comparison("winner", variant("one", -5.0, 0.0, gpm_cny=None, price_cny=None))
    assert economics.told(never, NAMES, Words("en")) == []


def test_a_comparison_without_money_or_without_costs_says_nothing() -> None:
    assert economics.told(comparison("winner", {"name": "one", "mean": 1.0}), NAMES, Words("en")) == []
    assert economics.told(comparison("winner", variant("one", 5.0, None)), NAMES, Words("en")) == []
