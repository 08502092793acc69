"""Result against budget: each point at its best mix, what more adds, and where it flattens."""

import json

import numpy as np
import pytest

from sim.errors import UsageError
from sim.sweeps import budget as work
from sim.sweeps.budget import _flat, curve
from sim.sweeps.scorer import Scorer
from tests.command_line import matrixsim
from tests.sweeps.test_optimise import PLAN


def planted(monkeypatch, worth):
    """A landscape whose value hangs on what a mix costs, with luck that mixes share."""

    def table(self, mixes, seeds):
        costs = np.array([self.scenario.seeding.cost_cny(mix.counts) for mix in mixes])
        luck = np.array([np.random.default_rng(seed).normal() for seed in seeds])
        own = np.array(
            [[np.random.default_rng([seed, *mix.counts]).normal() for seed in seeds] for mix in mixes]
        )
        return worth(costs)[:, None] + luck + 0.1 * own

    monkeypatch.setattr(Scorer, "table", table)


BUDGETS = (10_000.0, 20_000.0, 40_000.0, 80_000.0, 160_000.0)


@pytest.mark.system("K2")
def test_a_planted_plateau_is_found_and_what_more_adds_before_it(monkeypatch):
    planted(monkeypatch, lambda cost: 1_000 * np.minimum(cost, 40_000) / 10_000)
    found = curve(PLAN, BUDGETS, trials=6, seeds=3, fresh=8)
    assert [step.budget_cny for step in found.steps] == list(BUDGETS)
    assert found.steps[0].added is None
    for step in found.steps[1:3]:
        assert step.per_yuan == pytest.approx(0.1, rel=0.05)
        assert step.per_yuan_low <= step.per_yuan <= step.per_yuan_high
    assert found.flat_from_cny == 40_000
    means = [step.mean for step in found.steps]
    assert means == sorted(means) or max(np.diff(means)) > 0


@pytest.mark.system("K2")
def test_what_keeps_rising_is_not_called_flat(monkeypatch):
    planted(monkeypatch, lambda cost: cost / 10)
    found = curve(PLAN, BUDGETS, trials=6, seeds=3, fresh=8)
    assert (found.flat_from_cny, found.unclear_from_cny) == (None, None)


@pytest.mark.system("K2")
def test_what_luck_hides_cannot_be_told(monkeypatch):
    planted(monkeypatch, lambda cost: 100 + 0 * cost)
    found = curve(PLAN, BUDGETS, trials=4, seeds=3, fresh=8)
    assert found.flat_from_cny is not None or found.unclear_from_cny is not None


def test_nothing_runs_where_the_smallest_budget_buys_nobody(monkeypatch):
    monkeypatch.setattr(Scorer, "table", None)
    with pytest.raises(UsageError, match="--budget 50: buys no creator"):
        curve(PLAN, (50.0, 10_000.0))


def test_the_command_writes_its_answer_and_goes_on_where_it_stood(tmp_path):
    (tmp_path / "s.toml").write_text(PLAN.to_toml(), encoding="utf-8")
    words = [
        "budget", str(tmp_path / "s.toml"), "--budgets", "5000,2000", "--trials", "2", "--seeds", "2",
        "--fresh", "2", "--hours", "12", "--out", str(tmp_path / "o"),
    ]  # fmt: skip
    done = matrixsim(*words, "--json")
    assert done.returncode == 0, done.stderr
    content = json.loads(done.stdout)
    assert [step["budget_cny"] for step in content["steps"]] == [2_000, 5_000]
    assert all(step["cost_cny"] <= step["budget_cny"] for step in content["steps"])
    assert json.loads((tmp_path / "o" / "budget.json").read_text()) == content
    for language, said in (("en", "per 1,000 CNY more"), ("zh", "每多花 1,000 元")):
        again = matrixsim(*words, "--lang", language)
        assert again.returncode == 0, again.stderr
        assert said in again.stdout


@pytest.mark.parametrize(
    ("budgets", "said"),
    [
        ("5000", "needs two budgets"),
        ("5000,x", "'x' is no amount"),
        ("5000,0", "'0' is no amount"),
        ("5,5", "two"),
        ("100.001,100.004,5e3", "100.001 and 100.004 are both 100.00 CNY to the fen; leave one"),
    ],
)
def test_budgets_are_two_amounts_or_more(budgets, said):
    done = matrixsim("budget", "beauty_matrix", "--budgets", budgets)
    assert done.returncode == 2
    assert said in done.stderr


def test_a_step_that_cannot_be_told_is_neither_flat_nor_rising():
    step = work.Step(1.0, None, (), 1.0, 10.0, None, None, None, None, None, None, None, None)
    later = step._replace(budget_cny=2.0, added=1.0, per_yuan=1.0)
    assert _flat([step, later]) == (None, 1.0)
    assert _flat([step]) == (None, None)
