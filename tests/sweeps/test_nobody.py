"""To book nobody is a mix among the others, and a best mix that loses money is called one."""

import json
import re

import numpy as np
import pytest

from sim.cli import main
from sim.errors import RunError
from sim.sweeps import optimise as work
from sim.sweeps.money import NOBODY, Budget
from sim.sweeps.optimise import optimise
from sim.sweeps.optimum import as_dict
from sim.sweeps.scorer import Scorer
from tests.sweeps.planted import HELD, PLAN, paying


@pytest.mark.system("K2")
def test_to_book_nobody_is_a_mix_among_the_others_and_wins_where_money_is_lost(monkeypatch):
    """It spent 299,961 for a profit of -232,801 where nobody had -40,300."""
    paying(monkeypatch, lambda cost: -40_000 - 0.7 * cost)
    found = optimise(PLAN, 300_000.0, metric="profit", layouts=("star", "none"), trials=4, seeds=2, fresh=4)
    assert (found.best.name, found.best.mix.counts, found.best.cost_cny) == ("no creators", NOBODY, 0.0)
    assert (found.over_nobody, found.over_nobody_low, found.over_nobody_high) == (0.0, 0.0, 0.0)
    assert found.unspent_cny == 300_000
    [rest] = found.warnings
    assert "300,000 of 300,000 CNY stay unspent: no mix that was tried and spends more" in rest.text_en
    added = Budget(PLAN, 1).cost(found.next_mix.counts)
    assert 0 < added <= work.NEXT_CNY  # not the whole budget, which is there and is left
    assert found.next_worth == pytest.approx(-0.7 * added, abs=1)
    assert as_dict(found)["over_nobody"] == 0.0


@pytest.mark.system("K2")
def test_the_gain_over_nobody_stands_beside_that_over_the_plan(monkeypatch):
    paying(monkeypatch, lambda cost: 394.0 + cost / 1_000)
    found = optimise(HELD, 50_000.0, trials=4, seeds=2, fresh=6)
    [nobody] = [row for row in found.others if row.name == "no creators"]
    assert (nobody.mix.counts, nobody.cost_cny) == (NOBODY, 0.0)
    assert found.over_nobody == pytest.approx(found.best.mean - nobody.mean) == pytest.approx(50, abs=1)
    assert found.over_nobody_low < found.over_nobody < found.over_nobody_high
    assert found.gain < found.over_nobody


@pytest.mark.system("K2")
def test_of_a_bound_only_what_it_asks_for_is_spent_where_more_loses(monkeypatch):
    paying(monkeypatch, lambda cost: -0.7 * cost)
    least = (0, 0, 0, 0, 2, 0)
    found = optimise(PLAN, 300_000.0, metric="profit", trials=4, seeds=2, fresh=4, least=least)
    assert (found.best.name, found.best.mix.counts) == ("none beyond the bounds", least)
    assert found.over_nobody is None


def test_where_nobody_has_no_value_he_is_no_mix(monkeypatch):
    paying(monkeypatch, np.sqrt)
    table = Scorer.table

    def valued(self, mixes, seeds):
        if not all(any(mix.counts) for mix in mixes):
            raise RunError("roi has no value: nothing was spent in this scenario")
        return table(self, mixes, seeds)

    monkeypatch.setattr(Scorer, "table", valued)
    found = optimise(PLAN, 20_000.0, metric="roi", trials=4, seeds=2, fresh=3)
    assert found.over_nobody is None
    assert all(any(row.mix.counts) for row in (found.best, *found.others))


@pytest.mark.system("K2")
def test_the_search_by_profit_leaves_money_where_more_of_it_is_lost(monkeypatch):
    paying(monkeypatch, lambda cost: np.minimum(cost, 60_000) * 2 - cost)
    found = optimise(PLAN, 300_000.0, metric="profit", trials=40, seeds=2, fresh=4)
    assert found.best.cost_cny == pytest.approx(60_000, rel=0.3)
    assert [row.code for row in found.warnings] == ["budget_unspent"]


def test_a_best_that_loses_money_is_called_one_and_what_would_make_it_pay_is_said(tmp_path, capsys):
    (tmp_path / "plan.toml").write_text(PLAN.to_toml(), encoding="utf-8")
    words = ["optimise", str(tmp_path / "plan.toml"), "--budget", "2000", "--trials", "2", "--seeds", "2",
             "--fresh", "2", "--objective", "follows", "--out", str(tmp_path / "o")]  # fmt: skip
    for language, said in (
        ("en", r"The best mix loses money on average: each yuan spent brings back \d\.\d\d\."),
        ("zh", r"最佳配比.*亏.*每投入 1 元只带回"),
    ):
        with pytest.raises(SystemExit) as end:
            main([*words, "--lang", language])
        assert end.value.code == 0
        told = capsys.readouterr().out
        assert re.search(said, told), told
        assert ("would pay with" if language == "en" else "要回本需要") in told
    content = json.loads((tmp_path / "o" / "optimum.json").read_text("utf-8"))
    assert content["money"]["profit_cny"] < 0
    assert content["money"]["cost_cny"] >= content["best"]["cost_cny"]
    assert content["money"]["break_even"]["gpm_cny"] > content["money"]["gpm_cny"]
