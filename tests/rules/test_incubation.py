"""Incubation (K5): who is active comes to post, once, over few accounts and a common one."""

import itertools

import polars as pl
import pytest

from sim.errors import ScenarioError
from sim.experiment.size import needed_bytes
from sim.language.words import Words
from sim.model import MatrixModel
from sim.pilot import reduced
from sim.rules.incubation import agrees, place_of, post_hours, turns_active
from sim.scenario.creators import tier_of
from sim.scenario.faults import said
from sim.scenario.incubation import OTHERS
from sim.world.accounts import build_accounts, persuasion
from sim.world.posts import plan_posts
from tests.invariants.worlds import same
from tests.refresh import busy, result_of
from tests.sweeps.test_split import split

pytestmark = pytest.mark.system("K5")
ON = {"share": 1.0, "threshold": 2, "most": 40, "accounts": 3, "posts": 2, "every_h": 4}
SMALL_TIERS = {
    "seeding.tiers.amateur.fans": 1, "seeding.tiers.junior.fans": 3, "seeding.tiers.junior.trust": 0.1,
}  # fmt: skip


def plan(**values):
    return busy(links__layout="none", **{f"incubation__{key}": value for key, value in (ON | values).items()})


def koc(result):
    return result.videos.filter(result.videos["account"].str.starts_with("koc-"))


def test_a_person_turns_active_once_and_a_larger_share_only_adds():
    steps = itertools.pairwise([0, 1, 1, 4, 9])
    assert [turns_active(*step, 2) for step in steps] == [False, False, True, False]
    draws = range(0, 1 << 32, 1 << 28)
    few, many = ({draw for draw in draws if agrees(draw, share << 28)} for share in (3, 9))
    assert few < many
    assert [place_of(n, 2) for n in range(5)] == [0, 1, 2, 2, 2]
    assert post_hours(10, 3, 5) == [15, 20, 25]


def test_the_first_have_an_account_each_and_all_others_share_one():
    result = result_of(plan())
    measured = result.measures.filter(measure="incubated")
    counted = dict(measured.group_by("account").agg(pl.col("value").sum()).rows())
    assert result.summary["incubated"] == sum(counted.values()) == 40
    assert counted == {"koc-1": 1, "koc-2": 1, "koc-3": 1, OTHERS: 37}
    posts = dict(koc(result).group_by("account").len().rows())
    assert result.summary["incubated_posts"] == sum(posts.values())
    assert posts["koc-1"] == 2
    assert posts[OTHERS] > 10
    assert koc(result)["published_hour"].min() >= 4  # nobody posts before the first has turned active


def test_its_accounts_and_posts_need_room_and_are_no_part_of_the_pilot():
    off, on = busy(links__layout="none"), plan()
    assert (
        needed_bytes(off, "columns")
        < needed_bytes(on, "columns")
        < needed_bytes(plan(most=10_000), "columns")
    )
    assert reduced(on) == reduced(off)


def test_few_or_nobody_who_is_active_brings_few_or_no_posts():
    none = result_of(plan(threshold=1000))
    assert none.summary["incubated"] == none.summary["incubated_posts"] == koc(none).height == 0
    assert (none.accounts.filter(none.accounts["account"].str.starts_with("koc-"))["cost_cny"] == 0).all()
    early, late = (koc(result_of(plan(threshold=least)))["published_hour"].min() for least in (1, 3))
    assert early < late


def test_before_anybody_is_raised_the_plan_is_the_same_and_later_posts_keep_their_numbers():
    off, on = busy(links__layout="none"), plan()
    before = plan_posts(on, build_accounts(on), 1)
    assert before.keys.tolist() == plan_posts(off, build_accounts(off), 1).keys.tolist()
    without, having = result_of(off), result_of(on)
    brand = having.videos.filter(~having.videos["account"].str.starts_with("koc-"))
    keys = ["account", "planned_by", "post_number", "published_hour"]
    assert sorted(brand.select(keys).rows()) == sorted(without.videos.select(keys).rows())
    assert having.summary["cost_cny"] == pytest.approx(
        without.summary["cost_cny"] + 50 * having.summary["incubated_posts"]
    )


def test_its_accounts_mention_the_main_account_and_are_none_of_the_brand():
    accounts = build_accounts(plan())
    names = [row.id for row in accounts.rows]
    assert names[-4:] == ["koc-1", "koc-2", "koc-3", OTHERS]
    assert not accounts.own[-4:].any()
    assert not accounts.seeded[-4:].any()
    assert {edge.source for edge in accounts.edges if edge.target == "main"} >= set(names[-4:])


def test_fans_won_bring_an_account_to_another_tier_whose_trust_and_awareness_it_carries():
    scenario = plan(fans=0, every_h=2, threshold=1).with_values(SMALL_TIERS)
    model = MatrixModel(scenario, rng=1)
    try:
        result = model.finish()
        run = model.run_state
        changed = result.measures.filter(measure="tier_changes")
        assert result.summary["tier_changes"] == changed["value"].sum() > 0
        assert set(changed["hour"]) <= {23, 47, 71}
        compared, fans, names = 0, run.responder.fans(), [row.id for row in run.accounts.rows]
        for name in set(changed["account"]):
            k = names.index(name)
            moves, gain = persuasion(scenario, tier_of(int(fans[k]), scenario.seeding.tiers), False)
            if changed.filter(account=name)["hour"].max() == 71:  # it would be known in the hour after
                continue
            compared += 1
            assert run.board.accounts["trust_gain"][k] == gain
            assert run.board.accounts["moves"][k].tolist() == moves
        assert compared
    finally:
        model.close()


def test_tiers_that_have_changed_are_the_same_in_both_engines_and_over_workers():
    scenario = plan(fans=0, every_h=2, threshold=1).with_values(SMALL_TIERS)
    columns = result_of(scenario)
    assert columns.summary["tier_changes"]
    same(columns, result_of(scenario, engine="agents"))
    same(columns, split(scenario, 2))


@pytest.mark.parametrize(
    ("values", "place"),
    [
        ({"incubation__fans": 10**11, "audience__platform_people": 10_000}, "incubation.fans"),
        ({"accounts__1__id": "koc-1"}, "accounts.1.id"),
    ],
)
def test_fans_beyond_the_audience_and_a_name_that_is_taken_are_refused(values, place):
    with pytest.raises(ScenarioError, match=place.replace(".", r"\.")):
        busy(incubation__share=0.1, **values)


def test_whose_a_taken_name_is_is_said_by_what_its_table_is_called():
    with pytest.raises(ScenarioError) as taken:
        busy(incubation__share=0.1, accounts__1__id="koc-1")
    assert "'koc-1' is the id of an account of [incubation]; allowed: " in str(taken.value)
    assert "'koc-1' 已是“KOC 孵化”账号的名称。" in said(taken.value, Words("zh"))
