"""Result against budget: each point at its best mix, what more adds, and where it flattens."""

import json

import numpy as np
import pytest

from sim.errors import UsageError
from sim.language.vocabulary import METRICS
from sim.sweeps import budget as work
from sim.sweeps import scorer
from sim.sweeps.budget import _flat, curve, told
from sim.sweeps.optimise import optimise
from sim.sweeps.scorer import Mix, Scorer
from tests.command_line import here
from tests.sweeps.planted import PLAN, paying

BUDGETS = (10_000.0, 20_000.0, 40_000.0, 80_000.0, 160_000.0)


@pytest.mark.system("K2")
def test_a_planted_plateau_is_found_and_what_more_adds_before_it(monkeypatch):
    paying(monkeypatch, lambda cost: 1_000 * np.minimum(cost, 40_000) / 10_000, own=0.1)
    found = curve(PLAN, BUDGETS, trials=6, seeds=3, fresh=8)
    assert [step.budget_cny for step in found.steps] == list(BUDGETS)
    for step in found.steps[:3]:
        assert step.per_yuan == pytest.approx(0.1, rel=0.05)
        assert step.per_yuan_low <= step.per_yuan <= step.per_yuan_high
    assert (found.flat_from_cny, found.unclear_from_cny) == (40_000, None)
    means = [step.mean for step in found.steps]
    assert means == pytest.approx([1_000, 2_000, 4_000, 4_000, 4_000], abs=2)


@pytest.mark.system("K2")
def test_what_keeps_rising_is_not_called_flat(monkeypatch):
    """However much comes without any creator: with 50,000 of it a straight line was called flat."""
    for organic in (0.0, 50_000.0):
        paying(monkeypatch, lambda cost, organic=organic: organic + cost / 10, own=0.1)
        found = curve(PLAN, BUDGETS, trials=6, seeds=3, fresh=8)
        assert found[2:] == (None, None, None)
        assert found.steps[0].per_yuan == pytest.approx(0.1, rel=0.05)
        assert told(found, "en") == ["It does not flatten within these budgets."]


def test_without_a_search_the_best_of_the_known_mixes_is_taken_and_told_budget_by_budget(monkeypatch):
    paying(monkeypatch, lambda cost: 1_000 * np.minimum(cost, 40_000) / 10_000, own=0.1)
    partly = []
    found = curve(PLAN, BUDGETS, trials=0, seeds=3, fresh=8, so_far=partly.append)
    assert [step.mean for step in found.steps] == pytest.approx([1_000, 2_000, 4_000, 4_000, 4_000], abs=20)
    assert [part.steps for part in partly] == [found.steps[:k] for k in range(1, len(BUDGETS))]


MIXES = [Mix("star", (0, 0, 0, 0, 0, 50 * 2**k)) for k in range(5)]


def curve_of(means, nobody, *, spread=0.01, mixes=MIXES):
    """The curve of mixes with such means, and luck of their own."""
    luck = spread * np.random.default_rng(3).normal(size=(6, 16))
    alone = None if nobody is None else nobody + luck[5]
    return work._curve(
        Scorer(PLAN, "profit"), "profit", BUDGETS, mixes, np.array(means, float)[:, None] + luck[:5], alone
    )


@pytest.mark.system("K2")
def test_what_luck_hides_cannot_be_told():
    found = curve_of([1_000.0] * 5, 900.0, spread=500)
    assert found[2:] == (None, None, 10_000)
    assert told(found, "en") == ["Beyond 10,000 CNY it cannot be told whether more money adds anything."]


@pytest.mark.system("K2")
def test_of_a_first_step_that_may_be_nothing_no_share_is_taken():
    found = curve_of([1_000.0, 1_000.5, 1_001.0, 1_001.5, 1_002.0], 900.0, spread=0.1)
    assert found.flat_from_cny == 10_000
    hidden = curve_of([1_000.0, 1_000.5, 1_001.0, 1_001.5, 1_002.0], None, spread=0.1)
    assert hidden.steps[0].added is None
    assert hidden.flat_from_cny is None


@pytest.mark.system("K2")
def test_more_that_adds_nothing_is_told_as_such_where_every_budget_loses():
    """The same mix from 20,000 on adds 0, whatever its sign: it had been 'cannot be told'."""
    mixes = [*MIXES[:2], *[MIXES[1]] * 3]
    found = curve_of([-2_000.0, -2_500.0, -2_500.0, -2_500.0, -2_500.0], 0.0, mixes=mixes)
    assert [step.added for step in found.steps[2:]] == [0.0, 0.0, 0.0]
    assert found[2:] == (10_000, 10_000, None)
    assert told(found, "en") == ["Beyond 10,000 CNY more money adds nothing."]
    assert told(found, "zh") == ["超过 10,000 元后，追加预算不再有增量。"]


@pytest.mark.system("K2")
def test_a_curve_that_flattens_before_it_ends_says_both():
    found = curve_of([1_000.0, 1_010.0, 1_030.0, 1_000.0, 900.0], 0.0)
    assert found[2:] == (10_000, 40_000, None)
    assert told(found, "en") == [
        "Beyond 10,000 CNY a further yuan adds less than a tenth of what the first ones do.",
        "Beyond 40,000 CNY more money adds nothing.",
    ]


def test_no_mix_is_run_twice_under_a_seed_and_a_shared_scorer_changes_no_answer(monkeypatch):
    ran = []

    def made(jobs, **_):
        for job in jobs:
            counts = job.scenario.seeding.counts
            ran.append((counts, job.seed))
            luck = np.random.default_rng([job.seed, *counts]).normal()
            yield (
                job,
                {METRICS["reach"]: float(np.sqrt(np.array(counts) @ np.arange(7, 1, -1)) + 0.01 * luck)},
            )

    monkeypatch.setattr(scorer, "replicate", made)
    options = {"trials": 5, "seeds": 3, "fresh": 4}
    done = []
    found = curve(PLAN, BUDGETS[:3], **options, progress=lambda *told: done.append(told))
    assert len(ran) == len(set(ran))
    assert done == sorted(done)
    assert len(ran) <= done[-1][1]
    alone = [optimise(PLAN, budget, **options).best for budget in BUDGETS[:3]]
    assert [step.mix for step in found.steps] == [best.mix for best in alone]
    assert [step.mean for step in found.steps] == [best.mean for best in alone]
    ran.clear()
    curve(PLAN, BUDGETS[:3], **options | {"trials": 0}, progress=lambda *told: done.append(told))
    assert len(ran) == len(set(ran)) == done[-1][0] <= done[-1][1]


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
    done = here(*words, "--json")
    assert done.returncode == 0, done.stderr
    content = json.loads(done.stdout)
    assert [step["budget_cny"] for step in content["steps"]] == [2_000, 5_000]
    assert all(step["cost_cny"] <= step["budget_cny"] for step in content["steps"])
    assert json.loads((tmp_path / "o" / "budget.json").read_text()) == content
    for language, said in (("en", "per 1,000 CNY more"), ("zh", "每多花 1,000 元")):
        again = here(*words, "--lang", language)
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
    done = here("budget", "beauty_matrix", "--budgets", budgets)
    assert done.returncode == 2
    assert said in done.stderr


def test_a_step_that_cannot_be_told_is_neither_flat_nor_rising():
    step = work.BudgetStep(1.0, None, (), 1.0, 10.0, None, None, None, None, None, None, None, None)
    later = step._replace(budget_cny=2.0, added=1.0, per_yuan=1.0)
    assert _flat([step, later]) == (None, None, 1.0)
    assert _flat([step]) == (None, None, None)


@pytest.mark.system("K2")
def test_the_row_of_a_budget_is_the_answer_of_optimise_at_it(monkeypatch):
    """By profit the one spent 49,496 for -59,247, the other 299,961 for -236,411."""
    paying(monkeypatch, lambda cost: -40_000 - 0.7 * cost, own=0.1)
    options = {"metric": "profit", "trials": 4, "seeds": 2, "fresh": 4}
    budgets = (50_000.0, 150_000.0, 300_000.0)
    found = curve(PLAN, budgets, **options)
    for step in found.steps:
        best = optimise(PLAN, step.budget_cny, **options).best
        assert (step.mix, step.mean) == (best.mix, best.mean)
        assert (step.cost_cny, step.added) == (0.0, 0.0)
    assert told(found, "en") == [
        "To book nobody is best at each of these budgets: no mix is worth its money."
    ]
