"""M, the matrix: each row of the system table acts as it is described, the direction of the effect first."""

import itertools
import math
from functools import cache

import numpy as np
import polars as pl
import pytest
from scipy import stats

from sim.errors import ScenarioError
from sim.experiment.compare import compare
from sim.experiment.replicate import run
from sim.hour.tables import overlap_of
from sim.model import MatrixModel
from sim.scenario.schema import Scenario
from tests.refresh import busy, result_of, world
from tests.systems.worlds import ALIKE, FREE, accounts, copies, linked, near, paired, summaries, total


@pytest.mark.system("M1")
def test_accounts_have_roles_topics_plans_and_fans():
    rows = (
        {"id": "main", "role": "main", "fans": 500, "posts_per_day": 1.0, "topics": {"food": 1.0}},
        {"id": "often", "posts_per_day": 6.0, "topics": {"music": 1.0}},
        {"id": "never", "posts_per_day": 0.0, "fans": 70},
    )
    result = result_of(world(accounts=rows, links__layout="none"))
    table = {row["account"]: row for row in result.accounts.iter_rows(named=True)}
    assert {name: row["role"] for name, row in table.items()} == {
        "main": "main",
        "often": "sub",
        "never": "sub",
    }
    assert {name: row["posts"] for name, row in table.items()} == {"main": 3, "often": 18, "never": 0}
    assert {name: row["fans_start"] for name, row in table.items()} == {"main": 500, "often": 0, "never": 70}
    hours = result.videos.filter(account="often")["published_hour"].to_list()
    assert {b - a for a, b in itertools.pairwise(hours)} == {4}


@pytest.mark.system("M1")
def test_account_is_shown_to_the_people_of_its_topics():
    rows = tuple(
        {"id": t, "role": "main" if t == "food" else "sub", "topics": {t: 1.0}}
        for t in ("food", "music", "sport")
    )
    model = MatrixModel(world(accounts=rows, audience__users=10_000, links__layout="none"), rng=1)
    model.finish()
    topic, reached = model.users.array("topic"), model.run_state.board.reached
    for k, share in enumerate((0.5, 0.2, 0.3)):
        seen = np.unpackbits(reached[k].view(np.uint8), bitorder="little", count=10_000).astype(bool)
        assert (topic[seen] == k).mean() > 1.5 * share


@pytest.mark.system("M1")
def test_hundreds_of_accounts_run():
    result = result_of(world(accounts=accounts(300, posts_per_day=0.5), links__layout="ring", run__hours=48))
    assert len(result.accounts) == 300
    assert result.accounts["posts"].sum() == 300


@pytest.mark.system("M2")
@pytest.mark.parametrize("fans", [0, 1_500])
def test_one_account_and_a_matrix_of_equal_effort_are_compared(fans):
    rows = ({"id": "main", "role": "main", "fans": fans}, {"id": "b"}, {"id": "c"})
    scenario = world(accounts=rows, run__hours=48)
    single, matrix = (result_of(scenario.with_values({"links.layout": name})) for name in ("single", "none"))
    effort = ("planned_by", "post_number", "published_hour")
    assert single.videos.select(effort).equals(matrix.videos.select(effort))
    spent = [float(r.money.filter(kind="posts")["cny"].sum()) for r in (single, matrix)]
    assert spent[0] == spent[1] == pytest.approx(300 * matrix.videos.height)
    month = scenario.structure.cost_per_account_cny  # fewer accounts cost less
    running = [r.summary["cost_cny"] - posts for r, posts in zip((single, matrix), spent, strict=True)]
    assert running == pytest.approx([month * 48 / 720, 3 * month * 48 / 720], abs=0.03)
    assert single.accounts.filter(pl.col("posts") > 0)["account"].to_list() == ["main"]
    found = compare(scenario, layouts=("single", "none"), seeds=4)
    for row in found.rows:  # whoever is ahead, it is by the people that a video came to, counted one by one
        people = []
        for seed in range(1, 5):
            model = MatrixModel(found.variants[row.variant].scenario, rng=seed)
            model.finish()
            people.append(model.users.array("reached").sum())
        assert row.mean == pytest.approx(np.mean(people))


@pytest.mark.system("M2")
@pytest.mark.parametrize("posts", [1.0, 4.0])
def test_who_publishes_does_not_matter_where_nobody_follows(posts):
    # No fans, no follows, no friends: an audience that knows no accounts meets the same posts.
    silent = {"content__rates__follow": 0.0, "content__rates__visit": 0.0, "sharing__open_probability": 0.0}
    silent["platform__author_decay"] = 1.0  # nor does the feed
    scenario = world(accounts=accounts(3, posts_per_day=posts), run__hours=48, **silent, **ALIKE)
    single, matrix = (result_of(scenario.with_values({"links.layout": name})) for name in ("single", "none"))
    assert single.summary["impressions"] == matrix.summary["impressions"] > 0
    assert single.summary["reach"] == matrix.summary["reach"]


@pytest.mark.system("M2")
def test_fans_of_the_one_account_are_shown_what_the_others_would_have_posted():
    rows = ({"id": "main", "role": "main", "fans": 1_500}, {"id": "b"}, {"id": "c"})
    worlds = [world(accounts=rows, run__hours=48, links__layout=name, **ALIKE) for name in ("single", "none")]
    shown = [
        total([result_of(s, seed) for seed in range(8)], "hourly", "impressions", pl.col("origin") == "fans")
        for s in worlds
    ]
    assert shown[0] > 2 * shown[1] > 0


@pytest.mark.system("M2")
def test_main_account_saturates():
    # Every doubling of its posts brings fewer new people, and never more than there are.
    reach = []
    for posts in (1.0, 2.0, 4.0, 8.0, 16.0):
        rows = ({"id": "main", "role": "main", "posts_per_day": posts},)
        reach.append(
            np.mean([s["reach"] for s in summaries(world(accounts=rows, **FREE | ALIKE), range(12))])
        )
    added = np.diff(reach) / np.array([1, 2, 4, 8])  # people a post a day
    assert reach == sorted(reach)
    assert (np.diff(added) < 0).all()
    assert reach[-1] <= 2_000


def two_accounts(second: dict[str, float], users: int = 10_000) -> Scenario:
    rows = (
        {"id": "main", "role": "main", "topics": {"food": 1.0}, "posts_per_day": 3.0},
        {"id": "b", "topics": second, "posts_per_day": 3.0},
    )
    halves = {"audience__topics": {"food": 0.5, "sport": 0.5}, "audience__users": users}
    return world(accounts=rows, links__layout="none", platform__targeting=20.0, **halves, **FREE, **ALIKE)


def jaccard(scenario: Scenario, seed: int) -> float:
    model = MatrixModel(scenario, rng=seed)
    model.finish()
    return float(overlap_of(model.run_state)["b"][0])


@pytest.mark.system("M3")
def test_accounts_on_one_topic_overlap_more_than_accounts_on_two():
    same, apart = (
        np.array([jaccard(two_accounts(topics), seed) for seed in range(12)])
        for topics in ({"food": 1.0}, {"sport": 1.0})
    )
    change = same - apart
    assert change.mean() > 4 * change.std(ddof=1) / math.sqrt(change.size)


@pytest.mark.system("M3")
def test_differentiation_raises_unique_reach():
    mean, error = paired(two_accounts({"food": 1.0}), two_accounts({"sport": 1.0}), "reach", range(30))
    assert mean > 2.5 * error


@pytest.mark.system("M3")
def test_overlap_is_jaccards():
    model = MatrixModel(busy(audience__users=20_000), rng=1)
    model.finish()
    frame, board = overlap_of(model.run_state), model.run_state.board
    people = [
        set(np.flatnonzero(np.unpackbits(bits.view(np.uint8), bitorder="little", count=20_000)))
        for bits in board.reached
    ]
    expected = [[len(a & b) / len(a | b) for b in people] for a in people]
    assert frame.drop("account").to_numpy() == pytest.approx(np.array(expected))
    assert frame["account"].to_list() == model.accounts.get("name")


PAIR = accounts(2, posts_per_day=4.0)


@pytest.mark.system("M4")
def test_visitors_go_on_over_the_following_list_as_often_as_it_is_opened():
    scenario = linked([("a00", "a01", "follow")], accounts=PAIR, links__following_list_probability=0.25)
    results = [result_of(scenario, seed) for seed in range(8)]
    visits = total(results, "accounts", "visits", pl.col("account") == "a00")
    flow = total(results, "flows", "visits")
    assert near(flow, 0.25 * visits)
    assert flow > 300
    came = total(results, "hourly", "visits", pl.col("origin") == "follow", pl.col("account") == "a01")
    assert came == flow
    assert (
        total(results, "hourly", "visits", pl.col("origin") == "follow") == flow
    )  # nobody goes against the arrow


@pytest.mark.system("M4")
def test_entries_of_the_following_list_share_its_visitors_by_place():
    # Three sisters with the same topics: a list twice as steep, a quarter of the visitors for the third.
    edges = [("a00", f"a0{k}", "follow") for k in (1, 2, 3)]
    scenario = linked(edges, accounts=accounts(4, posts_per_day=4.0), links__list_decay=0.5)
    flows = pl.concat([result_of(scenario, seed).flows for seed in range(8)])
    counts = flows.group_by("to").agg(pl.col("visits").sum()).sort("to")["visits"].to_numpy()
    assert stats.chisquare(counts, counts.sum() * np.array([4, 2, 1]) / 7).pvalue > 1e-3
    assert counts.sum() > 500


@pytest.mark.system("M4")
def test_more_links_divide_attention_before_they_add_any():
    few = linked([("a00", "a01", "follow")], accounts=accounts(6))
    many = linked([("a00", f"a0{k}", "follow") for k in range(1, 6)], accounts=accounts(6))
    out_of_main = [
        sum(total([result_of(s, seed)], "flows", "visits", pl.col("from") == "a00") for seed in range(10))
        for s in (few, many)
    ]
    assert near(out_of_main[1], out_of_main[0], errors=5)


@pytest.mark.system("M4")
def test_visitors_who_would_never_leave_are_refused():
    with pytest.raises(ScenarioError):
        world(links__layout="ring", links__following_list_probability=1.0, links__liked_list_probability=0.0)


@pytest.mark.system("M5")
def test_liked_list_leads_to_a_video():
    scenario = linked([("a00", "a01", "like")], accounts=PAIR)
    result = result_of(scenario)
    flow = result.flows.row(0, named=True)
    liked = result.hourly.filter(pl.col("origin") == "like")
    assert flow["impressions"] == liked["impressions"].sum() > 50
    assert set(liked["account"]) == {"a01"}
    assert 0 < flow["visits"] < flow["impressions"]  # some of those who watched it go on to the home page
    feed = (
        result.hourly.filter(pl.col("origin") != "like").group_by("account").agg(pl.col("impressions").sum())
    )
    shown = dict(result.videos.group_by("account").agg(pl.col("impressions").sum()).rows())
    assert shown == {a: n + flow["impressions"] * (a == "a01") for a, n in feed.rows()}


def rival_likes(rival_posts: float, seed: int, length: int = 20) -> pl.DataFrame:
    """Hours of a matrix whose main account likes one old video of `b`, and every post of `c`."""
    rows = (
        {"id": "main", "role": "main", "posts_per_day": 8.0},
        {"id": "b", "posts_per_day": 0.3},
        {"id": "c", "posts_per_day": rival_posts},
    )
    edges = [("main", "b", "like"), ("main", "c", "like")]
    scenario = linked(edges, accounts=rows, links__list_decay=0.5, links__liked_list_length=length)
    result = result_of(scenario, seed)
    return result.hourly.filter(pl.col("origin") == "like", pl.col("impressions") > 0).join(
        result.videos.group_by("account").agg(pl.col("published_hour").min()), on="account"
    )


@pytest.mark.system("M5")
def test_liked_video_fades_as_newer_likes_push_it_down():
    alone, pushed = (
        sum(
            rival_likes(posts, seed).filter(pl.col("account") == "b")["impressions"].sum()
            for seed in range(6)
        )
        for posts in (0.0, 12.0)
    )
    assert alone > 200
    assert pushed < 0.5 * alone


@pytest.mark.system("M5")
def test_video_that_falls_off_the_list_is_found_no_more():
    rows = (
        {"id": "main", "role": "main", "posts_per_day": 8.0},
        {"id": "b", "posts_per_day": 0.3},
        {"id": "c", "posts_per_day": 1.0},
    )
    edges = [("main", "b", "like"), ("main", "c", "like")]
    scenario = linked(edges, accounts=rows, links__liked_list_length=1)
    listed = set()
    for seed in range(4):
        result = result_of(scenario, seed)
        posted = {a: result.videos.filter(account=a)["published_hour"].to_list() for a in ("b", "c")}
        found = result.hourly.filter(pl.col("origin") == "like", pl.col("impressions") > 0)
        listed |= set(found["account"])
        for hour, account in found.select("hour", "account").rows():
            newest = max((h, a) for a, hours in posted.items() for h in hours if h <= hour)
            assert account == newest[1]
    assert listed == {"b", "c"}


@pytest.mark.system("M6")
def test_viewers_jump_over_an_at_without_visiting_the_home_page():
    scenario = linked([("a00", "a01", "mention")], accounts=PAIR, content__rates__visit=0.0)
    results = [result_of(scenario, seed) for seed in range(8)]
    assert total(results, "hourly", "visits", pl.col("origin") != "mention") == 0
    viewers = total(results, "hourly", "impressions", pl.col("account") == "a00")
    flow = total(results, "flows", "visits")
    assert flow > 300
    assert near(flow, scenario.links.mention_probability * viewers)
    assert flow == total(results, "hourly", "visits", pl.col("account") == "a01")


@pytest.mark.system("M6")
def test_visitors_of_a_home_page_do_not_jump_over_an_at():
    scenario = linked([("a00", "a01", "mention")], accounts=PAIR, links__mention_probability=0.0)
    result = result_of(scenario)
    assert result.accounts.filter(account="a00")["visits"].item() > 100
    assert result.flows["visits"].sum() == 0


@pytest.mark.system("M6")
def test_caption_names_at_most_so_many_sisters_and_they_share_the_viewers():
    edges = [("a00", f"a0{k}", "mention") for k in (1, 2, 3, 4)]
    flows = []
    for most in (1, 2, 4):
        scenario = linked(
            edges,
            accounts=accounts(5, posts_per_day=4.0),
            links__mentions_per_caption=most,
            content__rates__visit=0.0,
        )
        flows.append(sum(total([result_of(scenario, seed)], "flows", "visits") for seed in range(4)))
    assert near(flows[1], flows[0], errors=5)  # a name more does not make one viewer more jump
    assert near(flows[2], flows[0], errors=5)


@pytest.mark.system("M8")
def test_gain_of_a_matrix_is_nothing_when_its_links_are_cut():
    scenario = busy(audience__users=5_000, run__hours=36)
    cut = run(scenario.with_values({"links.layout": "none"}), 1, gain=True)
    shut = {f"links.{k}_probability": 0.0 for k in ("following_list", "liked_list", "mention")}
    closed = run(scenario.with_values({"links.layout": "mesh"} | shut), 1, gain=True)
    assert cut.summary["matrix_gain"] == 0
    assert closed.summary["matrix_gain"] == 0


@pytest.mark.system("M8")
def test_traffic_circulates_in_a_matrix():
    # With links this strong some of what circulates is new reach; the ordinary ones carry what they carry.
    scenario = busy(audience__users=10_000, run__hours=48, **FREE)
    gains = np.array(
        [
            run(scenario.with_values({"links.layout": "star"}), seed, gain=True).summary["matrix_gain"]
            for seed in range(16)
        ]
    )
    assert gains.mean() > 3 * gains.std(ddof=1) / math.sqrt(gains.size)


@cache
def copied_views(seed: int) -> tuple[int, ...]:
    videos = result_of(copies(), seed).videos
    return tuple(videos.filter(pl.col("post_number") == 0).sort("planned_by")["impressions"])


@pytest.mark.system("M10")
def test_same_content_hits_on_one_account_and_dies_on_another():
    views = np.array([copied_views(seed) for seed in range(30)], float)
    assert views.shape == (30, 12)
    within = np.log10(views).std(axis=1, ddof=1)
    assert np.median(views.max(axis=1) / views.min(axis=1)) > 10
    assert within.mean() > 0.25  # dex, identical content, one launch


@pytest.mark.system("M10")
def test_more_accounts_lower_the_risk_of_a_total_miss():
    views = np.array([copied_views(seed) for seed in range(30)])
    hit = views >= np.quantile(views, 0.85)
    chance = [1 - hit[:, :count].reshape(30, -1).any(axis=1).mean() for count in (1, 3, 12)]
    assert chance[0] > chance[1] > chance[2]
    # As independent luck would have it: a miss on all is a miss on each.
    alone = 1 - hit.mean()
    assert abs(chance[1] - alone**3) < 4 * math.sqrt(alone**3 * (1 - alone**3) / 30)
