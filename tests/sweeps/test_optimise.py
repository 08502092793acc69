"""The optimiser keeps to its budget, beats what needs no search where it can, and says so honestly."""

import itertools
import json
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import DamagedError, UsageError
from sim.experiment.replicate import run
from sim.scenario.matrix import TIERS
from sim.scenario.schema import Scenario
from sim.sweeps import optimise as work
from sim.sweeps.money import SIMPLE, Budget
from sim.sweeps.optimise import optimise
from sim.sweeps.optimum import as_dict
from sim.sweeps.scorer import Mix, Scorer
from tests.command_line import here
from tests.sweeps.planted import HELD, PLAN, planted


@settings(deadline=None)
@given(st.lists(st.floats(0, 1), min_size=6, max_size=6), st.floats(1, 5e6))
def test_the_budget_is_never_passed_and_little_is_left(shares, budget):
    money = Budget(PLAN, budget)
    counts = money.buy(shares)
    spent = money.cost(counts)
    assert spent <= budget + 1e-6
    wanted = [k for k, share in enumerate(shares) if share > 0 and money.open[k]]
    if wanted and sum(counts) < 10_000:
        assert budget - spent < min(money.prices[k] for k in wanted)


def test_simple_mixes_keep_to_the_budget():
    money = Budget(PLAN, 100_000.0)
    for name, counts in money.simple().items():
        assert name in SIMPLE
        assert money.cost(counts) <= 100_000


def test_a_planted_best_mix_is_nearly_reached_and_simple_ones_are_beaten(monkeypatch):
    peak = np.array([0.0, 0.0, 30.0, 60.0, 2.0, 1.0])
    planted(monkeypatch, peak)
    money = Budget(PLAN, 300_000.0)
    found = optimise(PLAN, 300_000.0, layouts=("star", "ring"), trials=120, seeds=4, fresh=12)
    steps = [np.arange(0, 11) / 10] * 4
    best = max(
        float(peak @ np.sqrt(np.array(money.buy([0, 0, *row]), float))) * 1.1
        for row in itertools.product(*steps)
        if sum(row)
    )
    assert found.best.mix.layout == "ring"
    assert found.best.cost_cny <= 300_000
    assert found.best.mean > 0.9 * best
    assert all(row.difference_high < 0 for row in found.others if row.name in SIMPLE)
    assert found.regret < 0.02 * found.best.mean
    assert found.next_worth > 0


def test_the_winner_is_no_worse_than_simple_mixes_on_fresh_seeds(tmp_path):
    found = optimise(PLAN, 60_000.0, layouts=("star",), trials=12, seeds=3, fresh=6, out=tmp_path / "study")
    assert found.best.cost_cny <= 60_000
    kept = Scorer(PLAN, "reach")
    kept.keep(tmp_path / "study" / work.RUNS)
    choosing, figures = range(4, 10), range(10, 16)
    chosen, *rivals = kept.table([row.mix for row in (found.best, *found.others)], choosing).mean(axis=1)
    assert len(rivals) >= len({row.mix for row in found.others if row.name in SIMPLE}) > 1
    assert all(chosen >= rival for rival in rivals)
    assert found.best.mean == kept.table([found.best.mix], figures).mean()
    assert found.trials <= 12
    fronts = {(mean, tail, cost) for _, mean, tail, cost in found.front}
    assert max(mean for mean, _, _ in fronts) >= found.optimistic - 1e-9
    with pytest.raises(UsageError, match="something else"):
        optimise(PLAN, 70_000.0, layouts=("star",), trials=12, seeds=3, fresh=6, out=tmp_path / "study")


def test_a_study_that_goes_on_is_the_one_that_was_never_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(work, "PATIENCE", 15)  # so that it ends by itself
    asked = {"layouts": ("star", "none"), "seeds": 2, "fresh": 3, "workers": 1}
    whole = optimise(PLAN, 60_000.0, trials=60, **asked)
    assert 10 < whole.trials < 60
    folder = tmp_path / "study"

    def stop(done, total):
        if done >= 5:  # in the middle of a mix
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        optimise(PLAN, 60_000.0, trials=60, out=folder, progress=stop, **asked)
    optimise(PLAN, 60_000.0, trials=14, out=folder, **asked)
    for _ in range(3):  # goes on to its end, and is finished
        assert optimise(PLAN, 60_000.0, trials=60, out=folder, **asked) == whole
    ran = (folder / "runs.jsonl").read_text(encoding="utf-8")
    monkeypatch.setattr("sim.sweeps.scorer.replicate", lambda jobs, **_: list(jobs) and pytest.fail("ran"))
    assert optimise(PLAN, 60_000.0, trials=60, out=folder, **asked) == whole
    assert (folder / "runs.jsonl").read_text(encoding="utf-8") == ran


def test_money_that_the_best_does_without_is_neither_short_nor_spent(monkeypatch):
    few = PLAN.with_values({"seeding.ratio": [0, 0, 0, 0, 2, 5]})

    def table(self, mixes, seeds):
        return np.array([[1.0 + (mix.counts == few.seeding.counts)] * len(seeds) for mix in mixes])

    monkeypatch.setattr(Scorer, "table", table)
    found = optimise(few, 1e9, trials=6, seeds=2, fresh=3, layouts=("star",))
    assert found.best.mix.counts == few.seeding.counts
    assert "no mix that was tried and spends more did better" in found.warnings[-1].text_en
    assert 0 < Budget(PLAN, 1e9).cost(found.next_mix.counts) - found.best.cost_cny <= 10_000


def test_figures_come_from_seeds_that_nothing_was_chosen_on(monkeypatch):
    seen = []

    def table(self, mixes, seeds):
        seen.append(set(seeds))
        return np.ones((len(mixes), len(seeds))) + np.arange(len(seeds))

    monkeypatch.setattr(Scorer, "table", table)
    optimise(PLAN, 60_000.0, trials=3, seeds=3, fresh=5)
    search, choice, figures = seen[0], *[s for s in seen if len(s) == 5][:2]
    assert not search & choice
    assert not search & figures
    assert not choice & figures


def test_a_budget_that_buys_nobody_is_refused():
    with pytest.raises(UsageError, match="buys no creator"):
        optimise(PLAN, 1.0)


def test_next_money_goes_where_it_adds_most(monkeypatch):
    planted(monkeypatch, np.array([0, 0, 0, 0, 0, 5.0]))
    found = optimise(PLAN, 50_000.0, trials=20, seeds=3, fresh=8)
    added = np.array(found.next_mix.counts) - np.array(found.best.mix.counts)
    assert TIERS[int(added.argmax())] == "amateur"
    assert Mix(found.next_mix.layout, found.next_mix.counts) != found.best.mix
    assert Budget(PLAN, 1).cost(found.next_mix.counts) <= found.budget_cny + work.NEXT_CNY


def test_budgets_a_little_apart_are_both_spent_and_the_rest_is_named(monkeypatch):
    """Trial: 300,000 and 345,000 CNY with the same bounds."""
    planted(monkeypatch, np.array([0.0, 0.0, 30.0, 60.0, 2.0, 1.0]))
    for budget in (300_000.0, 345_000.0, 345_050.0):
        found = optimise(PLAN, budget, trials=60, seeds=3, fresh=6)
        held = [
            price for price, n in zip(Budget(PLAN, budget).prices, found.best.mix.counts, strict=True) if n
        ]
        assert found.unspent_cny == pytest.approx(budget - found.best.cost_cny)
        assert 0 <= found.unspent_cny < min(held)
        told = [row for row in found.warnings if row.code == "budget_unspent"]
        assert len(told) == (found.unspent_cny > 0)


def test_a_budget_past_the_ceiling_of_creators_says_so(monkeypatch):
    planted(monkeypatch, np.array([0, 0, 0, 0, 0, 5.0]))
    found = optimise(PLAN, 13_752_263.736, trials=40, seeds=3, fresh=6)
    assert sum(found.best.mix.counts) <= 10_000
    [row] = [row for row in found.warnings if row.code == "budget_unspent"]
    assert f"{found.unspent_cny:,.2f} of 13,752,263.74 CNY stay unspent" in row.text_en
    assert "a run holds 10,000 creators at most" in row.text_en
    assert as_dict(found)["warnings"][-1]["code"] == "budget_unspent"


def test_tiers_with_different_returns_do_not_end_in_the_equal_split(monkeypatch):
    planted(monkeypatch, np.array([0.0, 0.0, 0.0, 300.0, 1.0, 0.1]))
    found = optimise(PLAN, 300_000.0, trials=60, seeds=3, fresh=6)
    assert found.best.mix.counts != Budget(PLAN, 300_000.0).simple()["equal split"]


def test_a_mix_known_by_several_names_goes_by_the_telling_one(monkeypatch):
    planted(monkeypatch, np.array([0, 0, 0, 0, 0, 5.0]))
    found = optimise(PLAN, 200.0, trials=3, seeds=2, fresh=3)  # one amateur, whatever the way
    assert found.best.name == "equal split"
    assert "cheapest only" in found.best.also
    assert "random" in found.best.also
    assert len({row.mix for row in (found.best, *found.others)}) == 1 + len(found.others)


LATE = PLAN.with_values({"run.hours": 12, "seeding.window_h": 168})


@pytest.mark.parametrize("metric", ["reach", "roi"])
def test_creators_who_never_post_are_paid_in_every_figure(metric):
    """The case of 250 amateurs of whom 66 post: what is paid for and what the answer rests on agree."""
    found = optimise(LATE, 6_000.0, metric=metric, layouts=("star",), trials=4, seeds=2, fresh=3)
    for row in (found.best, *found.others):
        assert row.cost_cny == Budget(LATE, 1).cost(row.mix.counts)
        assert 0 <= row.posting <= sum(row.mix.counts)
        if metric == "roi":
            summary = run(Scorer(LATE, metric).plan(row.mix)).summary
            assert summary["cost_cny"] >= row.cost_cny
    assert [row.code for row in found.warnings].count("posts_after_end") == 1
    assert f"{sum(found.best.mix.counts) - found.best.posting} of " in found.warnings[0].text_en


def test_of_mixes_that_do_the_same_the_cheapest_is_best(monkeypatch):
    monkeypatch.setattr(Scorer, "table", lambda self, mixes, seeds: np.ones((len(mixes), len(seeds))))
    found = optimise(LATE, 60_000.0, trials=6, seeds=2, fresh=3)
    assert found.best.cost_cny == min(row.cost_cny for row in (found.best, *found.others))


@pytest.mark.system("K2")
def test_the_gain_is_over_the_plan_as_written_under_the_same_luck(monkeypatch):
    planted(monkeypatch, np.array([0.0, 0.0, 0.0, 60.0, 2.0, 1.0]))
    found = optimise(HELD, 50_000.0, trials=30, seeds=3, fresh=8)
    [written] = [row for row in (found.best, *found.others) if "as written" in (row.name, *row.also)]
    assert written.mix.counts == HELD.seeding.counts
    assert found.gain == pytest.approx(found.best.mean - written.mean)
    assert found.gain_low > 0
    assert optimise(HELD, 39_999.0, trials=3, seeds=2, fresh=3).gain is None  # the plan costs more


def test_layouts_replace_a_custom_list_of_links():
    two = PLAN.model_dump()["accounts"] + ({"id": "one"},)
    custom = Scenario.from_dict(PLAN.model_dump() | {"accounts": two}).with_values(
        {"links.layout": "custom", "links.edges": [["main", "one", "follow"]]}
    )
    scorer = Scorer(custom, "reach")
    for layout, edges in (("star", 0), ("mesh", 0), ("custom", 1)):
        plan = scorer.plan(Mix(layout, (0, 0, 0, 0, 0, 1)))
        assert plan.links.layout == layout
        assert len(plan.links.edges) == edges


def test_a_damaged_study_is_named(tmp_path, monkeypatch):
    planted(monkeypatch, np.array([0, 0, 0, 0, 0, 5.0]))
    optimise(PLAN, 1_000.0, trials=2, seeds=2, fresh=3, out=tmp_path / "o")
    (tmp_path / "o" / "study.json").write_text('{"op_code": "what"}\nno json\n{}\n', encoding="utf-8")
    with pytest.raises(DamagedError, match=r"study\.json"):
        optimise(PLAN, 1_000.0, trials=2, seeds=2, fresh=3, out=tmp_path / "o")


def test_the_command_says_who_never_posts_and_what_is_left(tmp_path):
    (tmp_path / "s.toml").write_text(LATE.to_toml(), encoding="utf-8")
    words = ["optimise", str(tmp_path / "s.toml"), "--budget", "1150", "--trials", "2", "--seeds", "2"]
    for language, said in (("en", "CNY stay unspent"), ("zh", "元未花出")):
        done = here(*words, "--fresh", "2", "--lang", language)
        assert done.returncode == 0, done.stderr
        assert said in done.stdout
        assert "seeding.window_h = 168" in done.stdout


def test_the_command_prints_json(tmp_path):
    words = [
        "optimise", "classroom", "--budget", "3000", "--trials", "3", "--seeds", "2", "--fresh", "3",
        "--hours", "12", "--json", "--out", str(tmp_path / "o"),
    ]  # fmt: skip
    done = here(*words)
    assert done.returncode == 0, done.stderr
    content = json.loads(done.stdout)
    assert content["best"]["cost_cny"] <= 3_000
    assert set(content["best"]["mix"]["creators"]) == set(TIERS)
    assert json.loads((tmp_path / "o" / "optimum.json").read_text()) == content


def test_a_warning_of_the_simulation_is_heard_and_one_of_the_search_is_not(monkeypatch):
    def table(self, mixes, seeds):
        warnings.warn("divide by zero", RuntimeWarning, stacklevel=1)
        return np.ones((len(mixes), len(seeds)))

    monkeypatch.setattr(Scorer, "table", table)
    money = Budget(PLAN, 60_000.0)
    with pytest.warns(RuntimeWarning, match="divide by zero") as heard:
        work._search(money, Scorer(PLAN, "reach"), ("star",), (), range(3), 2)
    assert {row.category for row in heard} == {RuntimeWarning}
