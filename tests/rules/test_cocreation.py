"""Co-creation (M13): joint videos start higher, reach the fans of both, and give no matrix away."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.model import MatrixModel
from sim.rules.cocreation import joint_width
from sim.rules.draws import ONE_32
from sim.scenario.explain import explain
from sim.world import board as b
from tests.refresh import result_of
from tests.rules.opened import alone, first_exposures
from tests.systems.worlds import accounts, linked, near, total

pytestmark = pytest.mark.system("M13")


@given(st.floats(0, 1), st.integers(0, 10**6), st.integers(0, 10**6))
def test_as_many_of_a_co_authors_fans_are_shown_it_as_of_ones_own(share, whole, fans):
    width = joint_width(share, whole, fans)
    assert 0 <= width <= ONE_32
    assert width * fans // ONE_32 <= min(int(share * whole), fans)
    assert joint_width(1.0, whole + fans, fans) in (0, ONE_32)


def matrix(count: int, links: list[tuple[str, str]], **values):
    rows = [{"id": f"a{k}", "role": "sub" if k else "main", "posts_per_day": 4.0} for k in range(count)]
    edges = tuple((one, other, "cocreation") for one, other in links)
    rest = {"links__layout": "custom", "links__edges": edges, "run__hours": 60}
    return alone("joint", rows, **rest | values)


def test_an_evenly_spaced_share_of_the_posts_starts_higher_by_the_lift():
    started = first_exposures(matrix(2, [("a1", "a0")], links__cocreation_share=0.4))
    theirs = [size for (name, _), size in started.items() if name == "a1"]
    mine = [size for (name, _), size in started.items() if name == "a0"]
    assert set(theirs) == {100_000}
    assert set(mine) == {100_000, 160_000}
    assert mine.count(160_000) == pytest.approx(0.4 * len(mine), abs=1)


def test_one_post_has_so_many_co_authors_however_many_there_are():
    others = [(f"a{k}", "a0") for k in range(1, 6)]
    plan = matrix(6, others, links__cocreation_share=1.0, links__cocreation_partners=2, run__hours=120)
    actions = dict(
        result_of(plan)
        .accounts.select(
            "account",
            "link_actions",
        )
        .rows()
    )
    posts = 4 * 120 // 24
    assert actions["a0"] == 0
    assert sum(actions.values()) == pytest.approx(2 * posts, abs=2)
    assert max(actions.values()) - min(actions[f"a{k}"] for k in range(1, 6)) <= 1


SCARCE = {"audience__users": 20_000, "platform__pools": (400,), "sharing__open_probability": 0.0,
          "platform__pool_noise": 0.0, "links__cocreation_share": 1.0, "run__hours": 60}  # fmt: skip


def joint(fans: int, back: bool = False, **values):
    """a00, without fans, publishes with a01, who posts nothing."""
    rows = accounts(2, posts_per_day=0.0, fans=fans)
    rows = ({**rows[0], "posts_per_day": 2.0, "first_post_h": 3.0, "fans": 0}, rows[1])
    links = [("a01", "a00", "cocreation"), *([("a00", "a01", "cocreation")] if back else [])]
    return linked(links, accounts=rows, **SCARCE | values)


def test_the_co_authors_fans_are_shown_it_and_the_platform_judges_that():
    model = MatrixModel(joint(2_000), rng=1)
    result = model.finish()
    tally = model.run_state.responder.tally()
    came = result.hourly.filter(origin="cocreation")
    assert set(came["account"]) == {"a00"}
    terms, whole = model.run_state.scenario.platform, model.run_state.platform.state["whole"]
    over = model.run_state.videos.rows["hour"] + terms.fan_window_h <= 60
    assert near(came["impressions"].sum(), (terms.fan_share * whole[over]).sum())
    assert result.flows.select("from", "to", "channel").rows() == [("a01", "a00", "cocreation")]
    assert result.flows["impressions"].sum() == came["impressions"].sum()
    fed = result.hourly.filter(pl.col("origin").is_in(["recommend", "fans", "cocreation"]))
    assert tally.videos[:, [b.JUDGED, b.TO_FANS], b.IMPRESSIONS].sum() == fed["impressions"].sum()


def test_without_fans_of_the_co_author_nobody_is_shown_it_beside_the_feed():
    assert "cocreation" not in set(result_of(joint(0)).hourly["origin"])


def test_nobody_meets_a_joint_video_twice():
    everybody = {"audience__users": 1_000, "platform__pools": (1_000,), "sharing__open_probability": 0.3}
    assert result_of(joint(1_000, **everybody)).videos["impressions"].max() <= 1_000


def test_who_follows_from_it_follows_the_author_and_the_co_author_is_followed_on_its_page():
    rates = {"content__rates__follow": 0.1, "content__rates__visit": 0.0}
    pages = {"links__cocreation_page_probability": 0.2, "links__visit_follow_probability": 0.5}
    one_way, both = (
        [result_of(joint(0, back, **rates, **pages), seed) for seed in range(1, 4)] for back in (False, True)
    )
    assert total(one_way, "accounts", "follows", pl.col("account") == "a01") == 0
    assert total(one_way, "accounts", "follows", pl.col("account") == "a00") > 20
    visits = total(both, "accounts", "visits", pl.col("account") == "a01")
    seen = total(both, "hourly", "impressions", pl.col("account") == "a00")
    assert near(visits, 0.2 * seen)
    assert total(both, "flows", "follows", pl.col("to") == "a01") == total(
        both, "accounts", "follows", pl.col("account") == "a01"
    )
    assert total(both, "accounts", "follows", pl.col("account") == "a01") > 20


def test_co_creation_is_no_relation_that_enforcement_reads():
    found = [
        result_of(joint(100, True).with_values(
            {"enforcement.hazard": 5.0, "links.layout": "mesh", "links.edges": (),
             "links.channels": (channel,)}
        )).summary["violations_expected"]["relation"]
        for channel in ("cocreation", "mention")
    ]  # fmt: skip
    assert found[0] == 0.0 < found[1]


def test_a_scenario_tells_of_it():
    english, chinese = explain(joint(10)), explain(joint(10), "zh")
    assert "(co-creation)" in english
    assert "They start at 1.6 times the first exposure" in english
    assert "共创" in chinese
