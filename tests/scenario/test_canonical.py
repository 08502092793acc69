"""A hash that names a scenario takes what is not neutral: what is new and off is in none."""

import json
from typing import Any

import pytest

from sim.results import input_hash
from sim.scenario import canonical
from sim.scenario.matrix import TIERS, Account
from sim.scenario.parameter import parameter
from sim.scenario.reference import parameters
from sim.scenario.schema import Scenario
from sim.scenario.section import Section
from sim.scenario.shipped import shipped
from tests.refresh import NEUTRAL, busy, neutrals


class Leads(Section):
    """A section of tomorrow: off by default, as a whole."""

    salespeople: int = parameter(0, "Who answers.")
    opens_h: int = parameter(9, "From when.")


class Boost(Section):
    """An entry of tomorrow."""

    budget_cny: float = parameter(100.0, "Money.")


class TomorrowsAccount(Account):
    """An account with a key more."""

    boosted: bool = parameter(False, "Whether.")


class Tomorrow(Scenario):
    """A scenario with sections, keys and lists that today's does not have."""

    leads: Leads = parameter(Leads, "Leads.")
    boosts: tuple[Boost, ...] = parameter((), "Boosts.")
    best: Boost | None = parameter(None, "One that may be missing.")
    accounts: tuple[TomorrowsAccount, ...] = parameter((), "Accounts.")


def tomorrow(**more: Any) -> Tomorrow:
    return Tomorrow.from_dict(busy().model_dump() | more)


def other(value: Any) -> Any:
    """Another value of a kind; where limits or rules forbid it does not matter to a hash."""
    if isinstance(value, tuple):
        return () if value else ("another",)
    return (
        not value if isinstance(value, bool) else value + 1 if isinstance(value, int | float) else "another"
    )


def changed(section: Section, key: str) -> Section:
    """A copy with one key away from where it is."""
    name, _, rest = key.partition(".")
    if rest.startswith("*"):
        entries = getattr(section, name)
        below = rest.removeprefix("*.")
        if isinstance(entries, dict):
            value: Any = entries | {TIERS[2]: changed(entries[TIERS[2]], below)}
        else:
            value = (changed(entries[0], below), *entries[1:])
    else:
        value = changed(getattr(section, name), rest) if rest else other(getattr(section, name))
    return section.model_copy(update={name: value})


def test_a_new_section_that_is_off_is_in_no_hash() -> None:
    assert input_hash(tomorrow()) == input_hash(busy())
    assert input_hash(tomorrow(leads={})) == input_hash(busy())
    assert input_hash(tomorrow(leads={"salespeople": 0, "opens_h": 9}, boosts=(), best=None)) == input_hash(
        busy()
    )


@pytest.mark.parametrize(
    "more",
    [{"leads": {"salespeople": 1}}, {"leads": {"opens_h": 8}}, {"boosts": ({},)}, {"boosts": ({}, {})},
     {"best": {}}, {"best": {"budget_cny": 5.0}}],
)  # fmt: skip
def test_whatever_is_on_changes_the_hash(more: dict[str, Any]) -> None:
    others = [{"leads": {"salespeople": 2}}, {"boosts": ({"budget_cny": 1.0},)}, {}]
    found = {input_hash(tomorrow(**case)) for case in [more, *others]}
    assert len(found) == 4


def test_a_new_key_of_an_account_is_in_no_hash_until_one_account_has_it() -> None:
    first, *rest = busy().model_dump()["accounts"]
    accounts = {key: tomorrow(accounts=({**first, "boosted": key}, *rest)) for key in (False, True)}
    assert input_hash(accounts[False]) == input_hash(busy()) != input_hash(accounts[True])


DECIDE_NOTHING = ("name", "run.seed", "fitted")


@pytest.mark.parametrize("key", [row.key for row in parameters() if row.key not in DECIDE_NOTHING])
def test_every_key_away_from_where_it_is_changes_the_hash(key: str) -> None:
    boost = {"account": "main", "budget_cny": 5.0}
    wave = {"name": "wave", "start_hour": 0}
    scenario = busy(links__layout="custom", links__edges=(("main", "Z", "follow"),), paid__boosts=(boost,),
                    campaign__phases=(wave,),
                    seeding__creators=({"name": "one", "fans": 10, "price_cny": 1.0},))  # fmt: skip
    assert input_hash(changed(scenario, key)) != input_hash(scenario)


def test_a_key_that_is_on_by_default_is_in_the_hash_and_out_of_it_where_it_is_off() -> None:
    said = canonical.canonical(Scenario(name="x"))
    assert "layout" in said["links"]
    assert "sharing" in said
    off = Scenario(name="x").with_values(
        {"links.layout": "none", "links.unfollow_probability": 0.0, "sharing.open_probability": 0.0}
    )
    assert {"links", "sharing"}.isdisjoint(canonical.canonical(off))


def test_name_seed_and_order_do_not_matter() -> None:
    edges = (("main", "Z", "follow"), ("Z", "a sub", "like"))
    scenario = busy(links__layout="custom", links__edges=edges)
    values = scenario.model_dump()
    turned = Scenario.from_dict(values | {"accounts": values["accounts"][::-1]}).with_values(
        {"links.edges": edges[::-1], "name": "other", "run.seed": 77}
    )
    assert input_hash(turned) == input_hash(scenario)


def test_shipped_scenarios_all_differ() -> None:
    assert len({input_hash(Scenario.load(name)) for name in shipped()}) == len(shipped())


def test_another_epoch_is_another_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    before = input_hash(busy())
    monkeypatch.setattr("sim.results.DEFAULTS_EPOCH", canonical.DEFAULTS_EPOCH + 1)
    assert input_hash(busy()) != before


def test_what_is_left_out_means_what_it_did_in_this_epoch() -> None:
    frozen, now = json.loads(NEUTRAL.read_text(encoding="utf-8")), neutrals()
    if frozen["defaults_epoch"] == now["defaults_epoch"]:
        kept = {key: value for key, value in now["neutral"].items() if key in frozen["neutral"]}
        assert kept == frozen["neutral"], "raise DEFAULTS_EPOCH (sim/scenario/canonical.py) and refresh"
