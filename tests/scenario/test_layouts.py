import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.scenario.layouts import (
    Edge,
    LinkCounts,
    canonical_accounts,
    edges,
    link_counts,
    with_layout,
)
from sim.scenario.matrix import CHANNELS, Account
from sim.scenario.schema import Scenario
from sim.scenario.structures import dealt_to
from tests.scenario.valid import scenarios

GENERATED = ("none", "single", "star", "ring", "chain", "tree", "mesh")


def matrix(subs: int, layout: str, **links: object) -> Scenario:
    rows = [{"id": "main", "role": "main"}, *({"id": f"s{k}"} for k in range(1, subs + 1))]
    return Scenario.from_dict({"name": "m", "accounts": rows, "links": {"layout": layout, **links}})


def pairs(scenario: Scenario) -> list[str]:
    return [f"{source}>{target}" for source, target, channel in edges(scenario) if channel == "follow"]


@pytest.mark.parametrize(
    ("layout", "expected"),
    [
        ("none", ""),
        ("single", ""),
        ("star", "main>s1 main>s2 main>s3 s1>main s2>main s3>main"),
        ("ring", "main>s1 s1>s2 s2>s3 s3>main"),
        ("chain", "main>s1 s1>s2 s2>s3"),
        ("tree", "main>s1 main>s2 s1>main s1>s3 s2>main s3>s1"),
        ("mesh", "main>s1 main>s2 main>s3 s1>main s1>s2 s1>s3 s2>main s2>s1 s2>s3 s3>main s3>s1 s3>s2"),
    ],
)
def test_each_layout_links_the_pairs_it_should(layout: str, expected: str) -> None:
    assert pairs(matrix(3, layout)) == expected.split()


@pytest.mark.parametrize("layout", GENERATED)
def test_one_account_alone_has_no_links(layout: str) -> None:
    assert edges(matrix(0, layout)) == ()


@given(st.integers(1, 30))
def test_layouts_have_the_numbers_of_links_that_geometry_says(subs: int) -> None:
    n = subs + 1
    expected = {
        "none": 0,
        "single": 0,
        "star": 2 * subs,
        "ring": n,
        "chain": subs,
        "tree": 2 * subs,
        "mesh": n * subs,
    }
    assert {layout: len(pairs(matrix(subs, layout))) for layout in GENERATED} == expected


def test_every_pair_is_linked_in_every_channel_in_their_order() -> None:
    scenario = matrix(1, "chain", channels=["mention", "follow"])
    assert edges(scenario) == (Edge("main", "s1", "follow"), Edge("main", "s1", "mention"))


def test_custom_links_are_sorted_and_kept_as_they_are() -> None:
    listed = [["s2", "main", "like"], ["main", "s1", "mention"], ["main", "s1", "follow"]]
    expected = [("main", "s1", "follow"), ("main", "s1", "mention"), ("s2", "main", "like")]
    assert list(edges(matrix(2, "custom", edges=listed))) == expected


@settings(max_examples=50, deadline=None)
@given(scenarios(), st.randoms(use_true_random=False))
def test_the_order_of_the_file_does_not_matter(scenario: Scenario, luck: object) -> None:
    rows, listed = list(scenario.accounts), list(scenario.links.edges)
    luck.shuffle(rows)
    luck.shuffle(listed)
    other = scenario.with_values({"accounts": rows, "links.edges": listed})
    assert edges(other) == edges(scenario)
    assert canonical_accounts(other) == canonical_accounts(scenario)


@settings(max_examples=50, deadline=None)
@given(scenarios())
def test_links_join_two_different_brand_accounts_once(scenario: Scenario) -> None:
    links = edges(scenario)
    ids = [account.id for account in canonical_accounts(scenario) if account.role != "creator"]
    assert len(set(links)) == len(links)
    assert all(edge.source != edge.target and {edge.source, edge.target} <= set(ids) for edge in links)
    ranks = [(ids.index(e.source), ids.index(e.target), CHANNELS.index(e.channel)) for e in links]
    assert ranks == sorted(ranks)


@settings(deadline=None)
@given(st.integers(1, 12), st.floats(0, 1), st.floats(0, 1))
def test_a_denser_mesh_holds_the_sparser_one(subs: int, one: float, other: float) -> None:
    low, high = (set(pairs(matrix(subs, "mesh", density=density))) for density in sorted((one, other)))
    assert low <= high
    assert len(low) == round(min(one, other) * (subs * (subs + 1)))


def test_the_kept_share_of_a_mesh_is_frozen() -> None:
    assert pairs(matrix(3, "mesh", density=0.25)) == ["main>s1", "s3>main", "s3>s2"]


def test_the_main_account_comes_first_and_ids_go_by_code_point() -> None:
    rows = [
        Account(id="b"), Account(id="a", role="creator", tier="junior"), Account(id="z", role="main"),
        Account(id="B"), Account(id="主"), Account(id="é"),
    ]  # fmt: skip
    scenario = Scenario.from_dict({"name": "m", "accounts": rows})
    assert [account.id for account in canonical_accounts(scenario)] == ["z", "B", "b", "é", "主", "a"]


def test_creators_stay_outside_the_layout() -> None:
    scenario = matrix(1, "mesh")
    more = scenario.with_values(
        {"accounts": (*scenario.accounts, Account(id="c", role="creator", tier="amateur"))}
    )
    assert edges(more) == edges(scenario)


@pytest.mark.parametrize("layout", GENERATED)
def test_only_layout_single_publishes_on_the_main_account(layout: str) -> None:
    rows = [
        {"id": "main", "role": "main"}, {"id": "s"}, {"id": "c", "role": "creator", "tier": "waist"}
    ]  # fmt: skip
    scenario = Scenario.from_dict({"name": "m", "accounts": rows, "links": {"layout": layout}})
    to = dealt_to(scenario)
    assert [to[a.id] for a in scenario.accounts] == [
        ("main",), ("main" if layout == "single" else "s",), ("c",)
    ]  # fmt: skip


@pytest.mark.parametrize("layout", GENERATED)
def test_another_layout_replaces_custom_links(layout: str) -> None:
    custom = matrix(2, "custom", edges=[["main", "s1", "like"]])
    assert edges(with_layout(custom, layout)) == edges(matrix(2, layout))
    assert with_layout(custom, "custom") == custom


def test_an_unknown_layout_is_refused() -> None:
    with pytest.raises(ScenarioError, match="did you mean star"):
        with_layout(matrix(2, "none"), "stra")


def test_mesh_is_every_ordered_pair() -> None:
    assert {tuple(p.split(">")) for p in pairs(matrix(4, "mesh"))} == set(
        itertools.permutations(["main", "s1", "s2", "s3", "s4"], 2)
    )


@settings(max_examples=200, deadline=None)
@given(scenarios(), st.sets(st.sampled_from(CHANNELS)))
def test_counted_links_are_those_that_are_made(scenario: Scenario, channels: set[str]) -> None:
    if scenario.links.layout != "custom":
        scenario = scenario.with_values({"links.channels": tuple(channels)})
    made = edges(scenario)
    pairs = {(edge.source, edge.target) for edge in made}
    carried = tuple(channel for channel in CHANNELS if channel in {edge.channel for edge in made})
    assert link_counts(scenario) == LinkCounts(len(pairs), len(made), carried)
