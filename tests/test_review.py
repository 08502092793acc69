"""Which accounts to stop or merge."""

import pytest

from sim.errors import ScenarioError, UsageError
from sim.experiment.replicate import run
from sim.experiment.review import WRITTEN, Change, advised, review, variants
from sim.pilot import scaled
from tests.command_line import here
from tests.refresh import busy

pytestmark = pytest.mark.system("M15")
GAIN, LOSS, NIL, OPEN = (Change(*limits, 0.0) for limits in ((5, 3, 7), (-5, -7, -3), (0, -1, 1), (0, -9, 9)))


def test_a_merged_account_publishes_nothing_and_its_posts_are_on_the_main_one():
    result = run(busy(structure__merged=("Z",)), 1)
    whole = run(busy(), 1)
    assert set(result.videos.filter(planned_by="Z")["account"]) == {"main"}
    assert result.videos.height == whole.videos.height
    assert "Z" not in set(result.videos["account"])


def test_every_sub_is_stopped_and_merged_beside_the_plan_as_written():
    plans = variants(busy())
    assert [plan.name for plan in plans][:3] == [WRITTEN, "stop 一号", "merge 一号"]
    assert len(plans) == 1 + 2 * 3


def test_people_order_as_readily_where_an_account_stops_as_in_the_plan_as_written():
    plan = busy(brand__gpm_cny=40.0)
    steps = {
        (played.brand.order_probability, played.brand.repeat_probability)
        for played, _ in (scaled(row.scenario) for row in variants(plan))
    }
    assert len(steps) == 1
    assert steps != {(plan.brand.order_probability, plan.brand.repeat_probability)}


def test_a_stopped_account_costs_nothing():
    found = review(busy(), accounts=["Z"], metric="follows", seeds=2, workers=1)
    (row,) = found.rows
    assert (row.account, row.stop.cost_cny < row.merge.cost_cny < 0) == ("Z", True)
    assert found.as_dict()["accounts"][0]["advice"] == row.advice


@pytest.mark.parametrize(
    ("stop", "merge", "advice"),
    [
        (GAIN, LOSS, "stop"),
        (LOSS, GAIN, "merge"),
        (LOSS, LOSS, "keep"),
        (NIL, NIL, "either"),
        (LOSS, OPEN, "not_stop"),
        (OPEN, LOSS, "not_merge"),
        (OPEN, OPEN, "cannot_tell"),
    ],
)
def test_what_is_advised(stop, merge, advice):
    assert advised(stop, merge, margin=2.0) == advice


def test_what_cannot_be_reviewed_is_refused():
    with pytest.raises(UsageError, match="no sub-account that publishes; allowed: 一号, a sub, Z"):
        variants(busy(), ["main"])
    with pytest.raises(UsageError, match=r"structure\.kind = written"):
        variants(busy(structure__kind="one"))
    with pytest.raises(ScenarioError, match=r"structure.merged.*no sub-account; allowed"):
        busy(structure__merged=("nobody",))


def test_with_a_stopped_account_go_its_boosts_and_those_of_its_posts():
    boosts = [
        {"account": "main", "budget_cny": 3.0},
        {"account": "一号", "budget_cny": 5.0},
        {"account": "main", "post": "一号#1", "budget_cny": 7.0},
        {"account": "一号", "post": "main#0", "budget_cny": 9.0},
    ]
    plans = {plan.name: plan.scenario for plan in variants(busy(paid__boosts=boosts), ["一号", "Z"])}
    left = {name: [boost.budget_cny for boost in plan.paid.boosts] for name, plan in plans.items()}
    assert left.pop("stop 一号") == [3.0]
    assert set(map(tuple, left.values())) == {(3.0, 5.0, 7.0, 9.0)}
    for name in (WRITTEN, "merge 一号"):
        assert run(plans[name], 1).tables["money"].filter(kind="boosts")["cny"].sum() == pytest.approx(24)


def test_in_chinese_accounts_have_the_names_that_a_comparison_calls_them_by(tmp_path):
    done = here("accounts", "beauty_matrix", "--review", "--only", "body and bath", "--users", "60000",
                     "--hours", "6", "--seeds", "2", "--lang", "zh")  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "\n身体沐浴 " in done.stdout
    assert "body and bath" not in done.stdout


def test_in_chinese_ways_have_their_names():
    done = here("accounts", "classroom", "--ways", "1+,split,same", "--counts", "0,2", "--users", "4000",
                     "--hours", "6", "--seeds", "2", "--lang", "zh")  # fmt: skip
    assert done.returncode == 0, done.stderr
    for way in ("平均分发", "按主题分号", "一稿多号"):
        assert f"{way}：主账号之外的账号数" in done.stdout


def test_an_account_asked_for_twice_is_looked_at_once():
    found = review(busy(run__hours=4), accounts=["Z", "Z"], metric="reach", seeds=2, workers=1)
    assert [row.account for row in found.rows] == ["Z"]


def test_without_links_no_plan_has_a_gain_from_them():
    found = review(busy(run__hours=12, links__layout="none"), metric="reach", seeds=2, workers=1)
    assert set(found.comparison.matrix_gain) == {0.0}


@pytest.mark.parametrize("given", [("--ways", "1+"), ("--counts", "0,1"), ("--ways", "1+,split,race")])
def test_what_a_review_does_not_look_at_is_refused(given):
    done = here("accounts", "classroom", "--review", *given)
    assert done.returncode == 2
    assert f"--review looks at the accounts as written; leave {given[0]} out" in done.stderr
