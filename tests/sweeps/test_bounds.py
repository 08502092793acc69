"""Bounds of a search: the least and the most of each tier, and whom every mix keeps."""

import re

import numpy as np
import pytest

from sim.cli import main
from sim.errors import ScenarioError, UsageError
from sim.sweeps.bounds import bound, keeping
from sim.sweeps.money import NOBODY, Budget
from sim.sweeps.optimise import optimise
from sim.sweeps.scorer import Scorer
from tests.sweeps.planted import HELD, PLAN, planted


@pytest.mark.system("K2")
def test_every_mix_keeps_to_the_bounds(monkeypatch):
    planted(monkeypatch, np.array([0.0, 0.0, 0.0, 300.0, 1.0, 0.1]))
    least, most = (0, 0, 0, 0, 30, 0), (9, 9, 9, 5, 60, 9)
    found = optimise(PLAN, 300_000.0, trials=30, seeds=3, fresh=6, least=least, most=most)
    for row in (found.best, *found.others):
        assert all(a <= n <= b for a, n, b in zip(least, row.mix.counts, most, strict=True))
        assert row.cost_cny <= 300_000
    assert found.best.mix.counts[3] == 5
    rest = next(row for row in found.warnings if row.code == "budget_unspent")
    assert f"{found.unspent_cny:,.0f} of 300,000 CNY stay unspent" in rest.text_en


@pytest.mark.system("K2")
def test_bounds_at_the_present_plan_give_it_back_with_gain_0():
    counts = HELD.seeding.counts
    found = optimise(HELD, 50_000.0, trials=5, seeds=2, fresh=3, least=counts, most=counts)
    assert found.best.mix.counts == counts
    assert (found.gain, found.gain_low, found.gain_high) == (0.0, 0.0, 0.0)
    assert found.others == ()
    assert found.unspent_cny == 10_000
    assert "a bound allows no further creator" in found.warnings[-1].text_en


SHORT = (
    r"--min costs 320,000 of 300,000 CNY, 20,000 short \(--min waist=20 240,000, --min junior=80 80,000\); "
    "lower one of them, or raise --budget"
)


@pytest.mark.system("K2")
@pytest.mark.parametrize(
    ("least", "most", "budget", "said"),
    [
        ((0, 0, 0, 20, 80, 0), None, 300_000.0, SHORT),
        ((0, 0, 0, 5, 0, 0), (9, 9, 9, 4, 9, 9), 3e5, "--min waist=5 is above --max waist=4"),
        ((0, 0, 0, 0, 0, 10_001), None, 1e9, "there are 10000, 1 short; lower --min amateur"),
        ((1, 0, 0, 0, 0, 0), None, 1e9, "--min star=1: one of them has more fans inside"),
        ((0,) * 6, (0,) * 6, 1e5, "--max leaves nobody to book"),
        ((0,) * 6, (9, 9, 9, 9, 0, 0), 500.0, "buys no creator; the cheapest costs 12,000"),
    ],
)  # fmt: skip
def test_what_cannot_hold_is_refused_before_any_run_with_the_figure_that_is_short(
    monkeypatch, least, most, budget, said
):
    monkeypatch.setattr(Scorer, "table", None)
    with pytest.raises(UsageError, match=said):
        optimise(PLAN, budget, least=least, most=most)


@pytest.mark.system("K2")
def test_whom_to_keep_is_in_every_mix():
    plan, least = keeping(PLAN, ["junior-003", "main"], (0, 0, 0, 0, 1, 2))
    assert least == (0, 0, 0, 0, 1, 2)
    drawn, order = ([row.id for row in p.seeding.candidates["junior"]] for p in (PLAN, plan))
    assert order == ["junior-003", *(name for name in drawn if name != "junior-003")]  # alone, and himself
    before, now = (p.seeding.candidates["junior"] for p in (PLAN, plan))
    assert now[0] == before[2]._replace(keep=True)
    [booked] = plan.with_values({"seeding.ratio": [0, 0, 0, 0, 1, 0]}).seeding.booked
    assert booked.id == "junior-003"
    assert keeping(PLAN, ["main"], NOBODY) == (PLAN, NOBODY)
    with pytest.raises(ScenarioError, match="there is no creator 'nobody'"):
        plan.with_values({"seeding.keep": ("nobody",)})
    rows = [
        {"name": name, "fans": 20_000, "price_cny": price} for name, price in (("a", 1.0), ("b", 9_000.0))
    ]
    plan, least = keeping(PLAN.with_values({"seeding.creators": rows}), ["b"], NOBODY)
    assert least == (0, 0, 0, 0, 1, 0)
    assert [row.id for row in plan.seeding.candidates["junior"]] == ["b", "a"]
    with pytest.raises(UsageError, match="--keep c: no account or creator has that id"):
        keeping(plan, ["c"], NOBODY)


@pytest.mark.system("K2")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            "--keep junior-001 --max junior=0 --budget 9e5",
            "--keep junior-001 needs junior=1 and --max junior=0 ",
        ),
        (
            "--keep junior-003 --keep junior-001 --budget 9",
            r"^--keep costs .* short \(--keep junior-003 --keep junior-001 ",
        ),
        (
            "--keep junior-001 --min waist=2 --budget 9",
            r"^--min and --keep cost .*\(--min waist=2 .*, --keep junior-001 ",
        ),
        (
            "--keep star-001 --budget 9e9",
            "--keep star-001: one of them has more fans .*; leave --keep out, or",
        ),
        (
            "--keep junior-001 --min junior=2 --max junior=1 --budget 9",
            "--min junior=2 is above --max junior=1",
        ),
    ],
)
def test_a_bound_that_nobody_typed_is_not_named(tmp_path, capsys, words, said):
    (tmp_path / "plan.toml").write_text(PLAN.to_toml(), encoding="utf-8")
    with pytest.raises(SystemExit) as end:
        main(["optimise", str(tmp_path / "plan.toml"), *words.split()])
    assert end.value.code == 2
    assert re.search(said, told := capsys.readouterr().err), told
    assert ("--min" in told) == ("--min" in words)


@pytest.mark.system("K2")
@pytest.mark.parametrize("word", ["junior", "junior=", "junior=x", "nobody=3", "junior=-1", "junior=1.5"])
def test_a_bound_is_a_tier_and_a_whole_number(word):
    with pytest.raises(UsageError, match="is written TIER=N"):
        bound("--min", [word], NOBODY)
    assert bound("--max", ["junior=7"], (9,) * 6) == (9, 9, 9, 9, 7, 9)


def test_the_ceiling_of_creators_cuts_no_tier_below_its_least():
    """8,000 amateurs asked for had become 1,000 beside 9,000 juniors."""
    many = PLAN.with_values({"seeding.market.supply": {"amateur": 10_000, "junior": 9_000}})
    least = (0, 0, 0, 0, 0, 8_000)
    money = Budget(many, 5e7, least)
    for name, counts in money.simple().items():
        assert counts[-1] >= 8_000, name
        assert sum(counts) <= 10_000
    assert money.buy([0, 0, 0, 0, 1, 1]) == (0, 0, 0, 0, 2_000, 8_000)
