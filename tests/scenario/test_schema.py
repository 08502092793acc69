import pytest
from hypothesis import given, settings
from pydantic import ValidationError

from sim.errors import ScenarioError
from sim.language.vocabulary import LINK_ORIGINS, PAGE_ORIGINS
from sim.scenario.matrix import CHANNELS, Links
from sim.scenario.schema import Scenario
from sim.scenario.starter import STARTER
from tests.market import PLAIN
from tests.scenario.valid import scenarios


def test_a_name_alone_is_a_scenario() -> None:
    assert Scenario.loads('name = "x"') == Scenario(name="x")


def test_the_starter_is_a_scenario() -> None:
    assert len(Scenario.loads(STARTER).accounts) == 3


@settings(max_examples=100, deadline=None)
@given(scenarios())
def test_writing_and_reading_gives_the_same_scenario(scenario: Scenario) -> None:
    assert Scenario.loads(scenario.to_toml()) == scenario


@settings(max_examples=30, deadline=None)
@given(scenarios())
def test_a_dictionary_gives_the_same_scenario(scenario: Scenario) -> None:
    assert Scenario.from_dict(scenario.model_dump()) == scenario


def test_the_written_scenario_has_every_key() -> None:
    text = Scenario(name="x").to_toml()
    for key in (
        "category_share",
        "mention_probability",
        "[seeding.tiers.amateur]",
        "cost_per_post_cny",
        "seed",
    ):
        assert key in text


def test_values_are_set_by_dotted_keys_and_the_original_stays() -> None:
    scenario = Scenario(name="x")
    changed = scenario.with_values(
        {"links.layout": "ring", "accounts.main.fans": 7, "platform.pools": [10, 20]}
    )
    assert (changed.links.layout, changed.accounts[0].fans, changed.platform.pools) == ("ring", 7, (10, 20))
    assert scenario == Scenario(name="x")


def test_no_values_change_nothing() -> None:
    scenario = Scenario.load("three_lines")
    assert scenario.with_values({}) == scenario


def test_wrong_values_are_refused_with_their_key() -> None:
    with pytest.raises(
        ScenarioError, match=r"^run.hours = 0: is too small; allowed: a whole number from 1 to"
    ):
        Scenario(name="x").with_values({"run.hours": 0})


@pytest.mark.parametrize(
    "data", [[], {"name": 3}, {"name": "x", 5: 1}, {"name": "\ud800"}, {"name": b"x"}, 3]
)
def test_odd_python_values_are_refused_in_plain_words(data: object) -> None:
    with pytest.raises(ScenarioError):
        Scenario.from_dict(data)


@pytest.mark.parametrize("value", ["7", 7.0, True, None, [7]])
def test_types_are_not_guessed(value: object) -> None:
    with pytest.raises(ScenarioError, match=r"wrong kind of value|must be a whole number"):
        Scenario.from_dict({"name": "x", "run": {"hours": value}})


def test_a_whole_number_does_for_a_number() -> None:
    assert Scenario.loads('name = "x"\nbrand.price_cny = 5').brand.price_cny == 5.0


def test_part_of_a_tier_is_completed_from_the_defaults() -> None:
    tiers = Scenario.loads('name = "x"\nseeding.tiers.junior.price_cny = 5').seeding.tiers
    assert (tiers["junior"].price_cny, tiers["junior"].fans, tiers["waist"].fans) == (5.0, 20_000, 200_000)


def test_scenarios_cannot_be_changed_in_place() -> None:
    with pytest.raises(ValidationError):
        Scenario(name="x").name = "y"


def test_a_tier_without_creators_may_have_more_fans_than_the_audience() -> None:
    data = {"name": "x", "audience": {"users": 20_000}, "accounts": [{"id": "m", "role": "main"}]}
    ratio = {"ratio": [1, 1, 3, 46, 100, 150]}
    assert Scenario.from_dict({**data, "seeding": {**ratio, **PLAIN, "scale": 0.05}}).seeding.counts[0] == 0
    with pytest.raises(ScenarioError, match=r"star\.audience_fit = 0.005: 50,000 fans inside"):
        Scenario.from_dict({**data, "seeding": {**ratio, **PLAIN}})


def test_seed_zero_is_a_seed() -> None:
    assert Scenario.loads('name = "x"', settings=["run.seed=0"]).run.seed == 0


def test_the_default_links_use_what_stands_on_pages_and_captions() -> None:
    assert Links().channels == PAGE_ORIGINS


def test_channels_are_the_origins_over_links() -> None:
    assert CHANNELS == LINK_ORIGINS
    assert set(CHANNELS) >= set(PAGE_ORIGINS)
