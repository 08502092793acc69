"""Which accounts to stop or merge."""

import pytest

from sim.errors import ScenarioError, UsageError
from sim.experiment.replicate import run
from sim.experiment.review import WRITTEN, Change, advised, review, variants
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
        (LOSS, OPEN, "cannot_tell"),
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
