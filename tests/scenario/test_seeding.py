import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.scenario.matrix import TIERS
from sim.scenario.schema import Scenario
from sim.scenario.seeding import creators, seeding_cost_cny, tier_counts
from tests.market import ALIKE

PUBLISHED = (1, 1, 3, 46, 100, 150)
RATIOS = st.tuples(*(st.integers(0, most) for most in (2, 5, 20, 20, 20, 20)))


def seeded(**seeding: object) -> Scenario:
    return Scenario.from_dict({"name": "s", "seeding": seeding})


@pytest.mark.system("K2")
def test_the_published_ratio_makes_301_creators() -> None:
    made = creators(seeded(ratio=PUBLISHED))
    assert len(made) == 301
    assert [sum(creator.tier == tier for creator in made) for tier in TIERS] == list(PUBLISHED)
    assert [made[0].id, made[-1].id] == ["star-001", "amateur-150"]


@pytest.mark.system("K1")
def test_a_creator_has_the_fans_quality_and_price_of_its_tier() -> None:
    creator = creators(
        seeded(ratio=(0, 0, 0, 0, 1, 0), tiers={"junior": {"price_cny": 1234.0}}, market=ALIKE)
    )[0]
    assert (creator.role, creator.tier, creator.fans) == ("creator", "junior", 20_000)
    assert (creator.quality, creator.cost_per_post_cny, creator.posts_per_day) == (1.0, 1234.0, 0.0)


def test_no_ratio_means_no_creators() -> None:
    assert creators(seeded()) == ()
    assert tier_counts(seeded()).counts == (0,) * 6


@settings(max_examples=30, deadline=None)
@given(RATIOS, RATIOS)
def test_a_larger_ratio_contains_the_smaller(one: tuple[int, ...], more: tuple[int, ...]) -> None:
    larger = tuple(a + b for a, b in zip(one, more, strict=True))
    assert set(map(str, creators(seeded(ratio=one)))) <= set(map(str, creators(seeded(ratio=larger))))


@settings(max_examples=30, deadline=None)
@given(RATIOS, st.floats(0, 1e6))
def test_seeding_never_costs_more_than_its_budget(ratio: tuple[int, ...], budget: float) -> None:
    assert seeding_cost_cny(seeded(ratio=ratio, budget_cny=budget)) <= budget


def test_the_budget_wins_over_the_scale() -> None:
    small, large = (seeded(ratio=PUBLISHED, budget_cny=500_000.0, scale=scale) for scale in (0.1, 10.0))
    assert tier_counts(small) == tier_counts(large)


def test_a_tier_rounded_to_0_is_said() -> None:
    assert tier_counts(seeded(ratio=PUBLISHED, scale=0.1)).notes == (
        "star: rounded to 0 creators",
        "famous: rounded to 0 creators",
        "head: rounded to 0 creators",
    )


def test_creators_post_on_the_topic_or_on_the_mix_of_the_main_account() -> None:
    data = {
        "name": "s",
        "audience": {"topics": {"a": 0.5, "b": 0.5}},
        "accounts": [{"id": "x", "topics": {"a": 1.0}}, {"id": "m", "role": "main", "topics": {"b": 1.0}}],
        "seeding": {"ratio": (0, 0, 0, 0, 0, 1)},
    }
    scenario = Scenario.from_dict(data)
    assert creators(scenario)[0].topics == {"b": 1.0}
    assert creators(scenario.with_values({"seeding.topic": "a"}))[0].topics == {"a": 1.0}


def test_a_listed_account_cannot_take_the_name_of_a_creator() -> None:
    text = (
        'name = "s"\n[seeding]\nratio = [0, 0, 0, 0, 7, 0]\n[[accounts]]\nid = "junior-00{}"\nrole = "main"\n'
    )
    assert Scenario.loads(text.format(8)).accounts[0].id == "junior-008"
    said = r"a.toml:5: accounts.0.id = \"junior-007\": .* of a creator of \[seeding\]"
    with pytest.raises(ScenarioError, match=said):
        Scenario.loads(text.format(7), "a.toml")


def test_a_crowd_of_creators_is_refused_before_it_is_made() -> None:
    with pytest.raises(ScenarioError, match=r"seeding\.scale = .*; allowed: at most 10,000"):
        seeded(ratio=(0, 0, 0, 0, 0, 2), scale=10_000.0)
    held = seeded(ratio=(0, 0, 0, 0, 0, 1), budget_cny=1e12, market=ALIKE)
    assert tier_counts(held).counts == (0, 0, 0, 0, 0, 10_000)
