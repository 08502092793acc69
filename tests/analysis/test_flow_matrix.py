"""Visits over links in closed form: by hand, as laws, and against simulated runs (invariant 7)."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from sim.analysis import flow_matrix as fm
from sim.model import MatrixModel
from sim.scenario.layouts import edges
from sim.scenario.schema import Scenario

P_LIST = 0.6


def matrix(n: int, posts: float = 2.0, **values: object) -> Scenario:
    """A main account and n − 1 subs of one topic, so that everybody picks alike."""
    accounts = [
        {"id": "main" if k == 0 else f"sub-{k}", "role": "main" if k == 0 else "sub"} for k in range(n)
    ]
    return Scenario.from_dict(
        {
            "name": "links only",
            "accounts": [{**account, "posts_per_day": posts} for account in accounts],
            "audience": {
                "users": 60_000,
                "category_share": 1.0,
                "fatigue_per_exposure": 0.0,
                "put_off_share": 0.0,
            },
            "links": {"following_list_probability": P_LIST, "liked_list_probability": 0.2},
            "run": {"hours": 48},
        }
    ).with_values({key.replace("__", "."): value for key, value in values.items()})


def custom(n: int, edges: list[tuple[str, str, str]], **values: object) -> Scenario:
    return matrix(n, **values).with_values({"links.layout": "custom", "links.edges": edges})


# By hand.


def test_two_accounts_with_one_link() -> None:
    flow = fm.link_flow(custom(2, [("main", "sub-1", "follow")]))
    assert flow.P.toarray() == pytest.approx(np.array([[0, P_LIST], [0, 0]]))
    found = fm.visits(flow.P, np.array([100.0, 10.0]))
    assert found.visits == pytest.approx([100, 70])
    assert found.per_entry == pytest.approx([1.6, 1])
    assert found.multiplier == pytest.approx(170 / 110)
    assert found.radius == 0


def test_two_accounts_that_follow_each_other() -> None:
    flow = fm.link_flow(custom(2, [("main", "sub-1", "follow"), ("sub-1", "main", "follow")]))
    found = fm.visits(flow.P, np.array([1.0, 0.0]))
    assert found.visits == pytest.approx([1 / (1 - P_LIST**2), P_LIST / (1 - P_LIST**2)])
    assert found.radius == pytest.approx(P_LIST)


def test_star_of_three_divides_the_list_by_place() -> None:
    flow = fm.link_flow(matrix(3, links__layout="star", links__channels=("follow",), links__list_decay=0.5))
    expected = P_LIST * np.array([[0, 2 / 3, 1 / 3], [1, 0, 0], [1, 0, 0]])
    assert flow.P.toarray() == pytest.approx(expected)
    # 1 + p + p² + … from the centre and from a leaf alike
    assert fm.visits(flow.P, np.ones(3)).per_entry == pytest.approx([1 / (1 - P_LIST)] * 3)


def test_a_visitor_over_a_link_follows_on_the_page() -> None:
    flow = fm.link_flow(custom(2, [("main", "sub-1", "follow")], links__page_view_probability=0.0))
    assert flow.follow.follows.sum() == 0
    (value,) = fm.link_values(flow, np.array([1000.0, 0.0]), np.zeros(2))
    assert value[:3] == ("main", "sub-1", "follow")
    assert value[3:] == pytest.approx((600, 0, 600 * 0.02, 0))


def test_a_caption_names_its_links_in_turn() -> None:
    flow = fm.link_flow(matrix(4, 4.0, links__layout="star", links__mention_probability=0.009))
    mention = flow.mention.visits.toarray()
    assert mention[1:, 0] == pytest.approx([0.009] * 3)  # one name: every jump leads to it
    assert mention[0].sum() == pytest.approx(0.009)
    assert mention[0, 1:] == pytest.approx([0.003] * 3, rel=0.15)  # 8 posts of 2 names over 3 links


def test_variance_of_a_chain_that_comes_back() -> None:
    # From the first account the number of its visits is geometric with q = 1/4: mean 4/3, variance q/(1−q)².
    back_and_forth = np.array([[0, 0.5], [0.5, 0]])
    assert fm.visit_variances(back_and_forth, np.array([9.0, 0.0]))[0] == pytest.approx(9 * 0.25 / 0.75**2)


@pytest.mark.parametrize("n", [2, 5, 600])
def test_radius_of_a_ring_is_its_link(n: int) -> None:
    ring = sparse.csr_array((np.full(n, 0.3), (np.arange(n), (np.arange(n) + 1) % n)), shape=(n, n))
    assert fm.spectral_radius(ring) == pytest.approx(0.3)


def test_radius_of_an_uneven_ring_is_the_geometric_mean() -> None:
    links = np.array([0.9, 0.001, 0.2, 0.05])
    ring = np.roll(np.diag(links), 1, axis=1)
    assert fm.spectral_radius(ring) == pytest.approx(links.prod() ** 0.25)


def test_visits_that_never_end_are_refused() -> None:
    with pytest.raises(ValueError, match="never end"):
        fm.visits(np.array([[0.0, 1.0], [1.0, 0.0]]), np.ones(2))


# Laws.


shares = st.one_of(st.just(0.0), st.floats(1e-6, 1))


@settings(deadline=None)
@given(st.lists(st.lists(shares, min_size=5, max_size=5), min_size=5, max_size=5), st.floats(0.05, 0.9))
def test_visits_are_entries_and_what_comes_over_links(weights: list[list[float]], leak: float) -> None:
    rows = np.array(weights)
    rows = (1 - leak) * rows / np.maximum(rows.sum(axis=1, keepdims=True), 1)
    entries = np.arange(5.0)
    found = fm.visits(rows, entries)
    assert found.visits == pytest.approx(entries + rows.T @ found.visits, abs=1e-9)
    assert found.visits.sum() == pytest.approx(entries @ found.per_entry)
    assert found.radius <= rows.sum(axis=1).max() + 1e-12
    assert found.radius == pytest.approx(np.abs(np.linalg.eigvals(rows)).max(), abs=1e-6)
    assert (fm.visit_variances(rows, entries) >= -1e-9).all()


@pytest.mark.parametrize("layout", ["star", "ring", "chain", "tree", "mesh"])
def test_a_row_never_passes_the_chance_of_opening_a_list(layout: str) -> None:
    flow = fm.link_flow(matrix(6, links__layout=layout))
    linked = np.diff(flow.follow.visits.indptr) > 0
    assert flow.follow.visits.sum(axis=1) == pytest.approx(P_LIST * linked)
    assert (flow.like.impressions.sum(axis=1) <= 0.2 + 1e-12).all()
    assert (flow.like.visits.toarray() <= flow.like.impressions.toarray() + 1e-12).all()
    assert (flow.P.sum(axis=1) <= P_LIST + 0.2 + 1e-12).all()
    assert fm.visits(flow.P, np.ones(6)).radius < 1


@settings(max_examples=10, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=2, max_size=2).map(sorted), st.floats(0.01, 0.9))
def test_more_links_divide_attention_before_they_add_any(densities: list[float], chance: float) -> None:
    rows = [
        fm.link_flow(
            matrix(
                5,
                links__layout="mesh",
                links__channels=("follow",),
                links__density=density,
                links__following_list_probability=chance,
                links__liked_list_probability=0.0,
            )
        ).P.toarray()
        for density in densities
    ]
    thin, dense = rows
    assert (dense.sum(axis=1) <= chance + 1e-12).all()
    kept = thin > 0
    assert (dense[kept] <= thin[kept] + 1e-12).all()  # a link that was there carries no more


@pytest.mark.parametrize("layout", ["none", "single"])
def test_without_links_visits_are_entries(layout: str) -> None:
    flow = fm.link_flow(matrix(4, links__layout=layout))
    entries = np.array([3.0, 1.0, 4.0, 1.0])
    found = fm.visits(flow.P, entries)
    assert found.visits.tolist() == entries.tolist()
    assert (found.multiplier, found.radius) == (1, 0)
    assert fm.link_values(flow, entries, entries) == []


def test_attention_goes_to_the_better_match() -> None:
    topics = {"audience.topics": {"food": 0.5, "sport": 0.5}, "links.layout": "star", "links.list_decay": 1.0}
    plan = matrix(3).with_values({**topics, "links.channels": ("follow",)})
    mixes = [{"food": 1.0}, {"sport": 1.0}, {"food": 1.0}]
    accounts = [{**row.model_dump(), "topics": mix} for row, mix in zip(plan.accounts, mixes, strict=True)]
    row = fm.link_flow(plan.with_values({"accounts": accounts})).P.toarray()[0]
    assert row.sum() == pytest.approx(P_LIST)
    assert row[2] > 1.1 * row[1]  # visitors of the food account rather go on to the other food account


EDGES = [
    (source, target, channel)
    for source, target in (("main", "sub-1"), ("main", "sub-2"), ("sub-1", "main"), ("sub-2", "sub-1"))
    for channel in ("follow", "like", "mention")
]


def counted(plan: Scenario, direct: np.ndarray, impressions: np.ndarray) -> np.ndarray:
    """Visits and follows, of all and of the main account, that the closed form gives a scenario."""
    flow = fm.link_flow(plan)
    jumps = [impressions @ flow.mention.visits, impressions @ flow.mention.follows]
    walk = fm.visits(flow.P, direct + jumps[0]).visits
    follows = walk * flow.page_follows + walk @ (flow.follow.follows + flow.like.follows) + jumps[1]
    return np.array([walk.sum(), walk[0], follows.sum(), follows[0]])


@pytest.mark.parametrize("left_out", EDGES)
def test_a_links_value_is_what_the_scenario_loses_without_it(left_out: tuple[str, str, str]) -> None:
    direct, impressions = np.array([50.0, 300.0, 200.0]), np.array([1e4, 2e4, 3e4])
    values = fm.link_values(fm.link_flow(custom(3, EDGES)), direct, impressions)
    assert len(values) == len(EDGES)
    assert [value.visits for value in values] == sorted((value.visits for value in values), reverse=True)
    (value,) = [value for value in values if value[:3] == left_out]
    without = custom(3, [edge for edge in EDGES if edge != left_out])
    lost = counted(custom(3, EDGES), direct, impressions) - counted(without, direct, impressions)
    assert value[3:] == pytest.approx(lost, abs=1e-9)


# Against simulated runs.


def simulated(plan: Scenario, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, pl.DataFrame]:
    """Entries, visits, impressions in the feed by account, and flows, of a run."""
    result = MatrixModel(plan, seed=seed).finish()
    ids = ["main", *sorted(account.id for account in plan.accounts if account.role == "sub")]
    entries, visits, impressions = np.zeros((3, len(ids)))
    for account, origin, seen, count in result.hourly.select(
        "account", "origin", "impressions", "visits"
    ).rows():
        k = ids.index(account)
        visits[k] += count
        if origin in ("recommend", "fans", "friends", "mention"):
            entries[k] += count
        if origin in ("recommend", "fans", "friends"):
            impressions[k] += seen
    return entries, visits, impressions, result.flows


@pytest.mark.system("M8")
@pytest.mark.parametrize("channels", [("follow",), ("follow", "mention")])
@pytest.mark.parametrize("layout", ["star", "ring", "mesh"])
def test_simulated_visits_match_the_closed_form(layout: str, channels: tuple[str, ...]) -> None:
    plan = matrix(
        5, 4.0, links__layout=layout, links__channels=channels, links__mention_probability=0.02,
        content__rates__visit=0.2, platform__pools=(3_000, 9_000), audience__daily_impressions=500.0,
    )  # fmt: skip
    flow = fm.link_flow(plan)
    entries, visits, impressions, flows = simulated(plan, seed=7)
    assert entries.min() > 1000
    off = (visits - fm.visits(flow.P, entries).visits) / np.sqrt(fm.visit_variances(flow.P, entries))
    assert np.abs(off).max() < 4
    rank = {name: k for k, name in enumerate(row.id for row in flow.attention.accounts.rows)}
    for source, target, channel, count in flows.select("from", "to", "channel", "visits").rows():
        if channel == "follow":
            i, chance = rank[source], flow.P[rank[source], rank[target]]
            assert abs(count - visits[i] * chance) < 4 * np.sqrt(visits[i] * chance * (1 - chance))
    if "mention" in channels:
        jumps = flows.filter(channel="mention").group_by("from").agg(pl.col("visits").sum())
        for source, count in jumps.rows():
            expected = 0.02 * impressions[rank[source]]
            assert abs(count - expected) < 4 * np.sqrt(expected)


@pytest.mark.system("M5")
def test_simulated_landings_from_liked_lists_are_near_the_closed_form() -> None:
    # Near, not equal: the list fills up as accounts post, and visitors come when videos are new.
    plan = matrix(
        5, 4.0, links__layout="star", links__channels=("like",), links__liked_list_probability=0.5,
        links__following_list_probability=0.0, content__spread__within_account=0.0,
        content__rates__visit=0.05, platform__pools=(3_000, 9_000), audience__daily_impressions=500.0,
    )  # fmt: skip
    flow = fm.link_flow(plan)
    _, visits, _, flows = simulated(plan, seed=3)
    assert flows["impressions"].sum() == pytest.approx((visits @ flow.like.impressions).sum(), rel=0.05)
    assert flows["visits"].sum() == pytest.approx((visits @ flow.like.visits).sum(), rel=0.15)


# All links of an account.


@pytest.mark.parametrize("layout", ["star", "mesh", "ring"])
def test_an_account_is_worth_what_a_scenario_without_its_links_lacks(layout: str) -> None:
    plan = matrix(5, links__layout=layout, seeding__ratio=(0, 0, 0, 0, 1, 2), run__hours=24)
    rows = fm.link_flow(plan).attention.accounts.rows
    direct, impressions = np.full(len(rows), 50.0), np.linspace(9_000, 1_000, len(rows))
    totals = counted(plan, direct, impressions)
    for value in fm.account_values(fm.link_flow(plan), direct, impressions):
        left = [edge for edge in edges(plan) if value.account not in edge[:2]]
        cut = plan.with_values({"links.layout": "custom" if left else "none", "links.edges": left})
        assert value[1:] == pytest.approx(totals - counted(cut, direct, impressions), rel=1e-9, abs=1e-9)


def test_all_links_of_a_list_are_worth_its_visitors_though_each_alone_is_worth_none() -> None:
    flow = fm.link_flow(custom(5, [("main", f"sub-{k}", "follow") for k in range(1, 5)]))
    direct, impressions = np.array([1000.0, 0, 0, 0, 0]), np.zeros(5)
    assert [value.visits for value in fm.link_values(flow, direct, impressions)] == pytest.approx([0] * 4)
    assert fm.account_values(flow, direct, impressions)[0].visits == pytest.approx(1000 * P_LIST)


def test_without_links_no_account_is_worth_a_visit() -> None:
    flow = fm.link_flow(matrix(3, links__layout="none"))
    values = fm.account_values(flow, np.full(3, 100.0), np.full(3, 1_000.0))
    assert [value.account for value in values] == ["main", "sub-1", "sub-2"]
    assert all(value[1:] == (0, 0, 0, 0) for value in values)
