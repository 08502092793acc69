"""How many accounts: what each step to more brings, where it stops, how often a race picks right."""

import json
from pathlib import Path

import numpy as np
import pytest

from sim.analysis.controls import FEWEST_CONTROLLED
from sim.errors import UsageError
from sim.experiment import accounts, launches
from sim.experiment.accounts import checked_counts, curves, structures_of
from sim.experiment.compare import compare
from sim.experiment.variants import variants_of
from tests.command_line import here
from tests.refresh import ACCOUNTS, busy

pytestmark = pytest.mark.system("M15")
PLAN = busy(run__hours=48)


def test_accounts_that_only_cost_stop_paying_at_once_and_free_ones_are_not_called_so() -> None:
    dear = PLAN.with_values({"structure.cost_per_account_cny": 50_000.0, "brand.price_cny": 1.0})
    [curve] = curves(dear, ways=["1+"], counts=(0, 2, 4), seeds=3, workers=1).curves
    assert (curve.code, curve.at) == ("stops", 0)
    assert [step.accounts for step in curve.steps] == [0, 2, 4]
    month = 50_000 * 48 / 720
    costs = [step.cost_cny for step in curve.steps]
    assert costs[1] - costs[0] == pytest.approx(2 * month, rel=0.02)
    assert curve.steps[1].more == pytest.approx(curve.steps[1].mean - curve.steps[0].mean)


def test_steps_are_differences_of_the_means_beside_them_where_luck_is_taken_out() -> None:
    nobody = [{**a, "fans": 0, "verified": False} for a in ACCOUNTS]  # only new accounts draw luck
    new = busy(accounts=nobody, platform__account_luck_sd=0.6, run__hours=24)
    found = curves(new, ways=["1+"], counts=(0, 2), metric="reach", seeds=FEWEST_CONTROLLED, workers=1)
    [curve] = found.curves
    raw = [found.comparison.replications.filter(variant=name)["reach"].mean() for name in ("one", "1+2")]
    assert curve.steps[1].mean != pytest.approx(raw[1], rel=1e-6)
    assert curve.steps[1].more == pytest.approx(curve.steps[1].mean - curve.steps[0].mean)


def test_where_every_step_pays_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def rising(metric: str, row: dict[str, float]) -> float:
        return -row["cost_cny"] * (1 + row["seed"] / 50)  # a constant difference has no interval

    monkeypatch.setattr(launches, "metric_value", rising)
    # The same material in more forms costs less, and accounts cost nothing here.
    cheap = PLAN.with_values({"structure.cost_per_account_cny": 0.0, "links.layout": "none"})
    found = curves(cheap, ways=["same"], counts=(0, 2), seeds=3, workers=1)
    [curve] = found.curves
    assert (curve.code, curve.at) == ("still_pays", 1)
    assert "up to 2" in found.text(curve, "en")
    assert "加到 2 个仍然划算" in found.text(curve, "zh")


def test_the_runs_are_those_of_compare() -> None:
    found = curves(PLAN, ways=["1+", "race"], counts=(0, 3), metric="follows", seeds=3, workers=1)
    same = compare(PLAN, structures=["one", "1+3", "race:3"], metric="follows", seeds=3, workers=1)
    assert found.comparison.replications.drop("seconds", "impressions_per_second").equals(
        same.replications.drop("seconds", "impressions_per_second")
    )
    document = found.as_dict()
    assert [way["way"] for way in document["ways"]] == ["1+", "race"]
    assert [step["variant"] for step in document["ways"][1]["steps"]] == ["one", "race:3"]
    for way in document["ways"]:
        assert way["text_en"]
        assert way["text_zh"]
    assert json.loads(json.dumps(document)) == document


@pytest.mark.system("M16")
def test_the_chance_of_picking_right_is_that_of_the_races_whose_luck_is_known() -> None:
    runs = [{"race_right": right} for right in (1, 0, None, 1)]
    share, low, high = accounts._right(runs, 0.95)
    assert share == pytest.approx(2 / 3)
    assert low is not None
    assert high is not None
    assert 0 < low < 2 / 3 < high < 1
    nobody = (None, None, None)
    assert accounts._right([{"race_right": None}] * 2, 0.95) == nobody
    assert accounts._right([{"reach": 1}], 0.95) == nobody


def test_a_race_that_keeps_everybody_is_left_out() -> None:
    assert structures_of(PLAN, "race", (0, 1, 2, 4)) == {0: "one", 4: "race:4"}
    assert structures_of(PLAN, "1+", (0, 1, 2)) == {0: "one", 1: "1+1", 2: "1+2"}
    with pytest.raises(UsageError, match="from 3 on"):
        structures_of(PLAN, "race", (1, 2))
    with pytest.raises(UsageError, match="allowed: 1\\+, split, same, race"):
        structures_of(PLAN, "1+3", (1, 2))
    for counts in ((), (3,), (3, 3), (-1, 3), (1, 2_000)):
        with pytest.raises(UsageError, match="at least two different whole numbers"):
            checked_counts(counts)


def test_structures_and_layouts_multiply_and_one_account_stands_once() -> None:
    found = variants_of([PLAN], ["star", "mesh"], structures=["one", "1+3", "split:8"])
    assert [v.name for v in found] == [
        "one", "1+3 · star", "1+3 · mesh", "split:8 · star", "split:8 · mesh",
    ]  # fmt: skip
    assert [v.label_zh for v in found][:2] == ["全部发在主号", "1+3 矩阵 · 星形"]
    assert found[0].called("en") == "one account"
    assert [v.scenario.structure.kind for v in found] == ["one", *["one_plus"] * 2, *["split"] * 2]


def test_one_account_has_no_gain_over_itself() -> None:
    found = compare(PLAN, structures=["one", "1+2"], layouts=["none", "star"], seeds=2, workers=1)
    assert found.matrix_gain[0] is None
    assert np.isfinite(found.matrix_gain[2] or np.nan)


def test_the_command_says_where_accounts_stop_paying(tmp_path: Path) -> None:
    small = ("--users", "3000", "--hours", "24", "--seeds", "2", "--workers", "1")
    words = ("accounts", "classroom", "--ways", "1+", "--counts", "0,2", *small)
    done = here(*words, "--out", "found", "--lang", "zh", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "主账号之外" in done.stdout
    written = json.loads((tmp_path / "found" / "accounts.json").read_text("utf-8"))
    assert written["ways"][0]["steps"][0]["accounts"] == 0
    assert {row["code"] for row in written["warnings"]} >= {"short_for_structure", "fans_left_aside"}
    for wrong, said in ((("--counts", "1,x"), "'x' is no whole number"), (("--ways", "ring"), "allowed: 1+")):
        done = here(*words, *wrong, cwd=tmp_path)
        assert done.returncode == 2
        assert said in done.stderr
