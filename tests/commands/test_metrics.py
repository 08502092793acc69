"""Every metric in every command and function that takes one, and on both engines: one list, no exception."""

import json
import math
from typing import get_args

import numpy as np
import pytest

from sim.analysis.response import Varied, response
from sim.errors import RunError, UsageError
from sim.experiment.compare import compare
from sim.experiment.replicate import run
from sim.language.vocabulary import METRIC, METRIC_KINDS, METRICS, MetricName
from sim.report.comparison import comparison_report
from sim.report.folder import ComparisonFiles, opened
from sim.results import metric_value
from sim.scenario.schema import Scenario
from sim.sweeps.optimise import optimise
from sim.sweeps.optimum import as_dict
from sim.sweeps.plan import loads_sweep
from sim.sweeps.query import query
from sim.sweeps.run import sweep as run_sweep
from sim.sweeps.sensitivity import Runner, axes_of, flips, sensitivity
from tests.command_line import here

SMALL = """
name = "small"
[audience]
users = 2_000
[[accounts]]
id = "main"
role = "main"
fans = 300
posts_per_day = 12
[[accounts]]
id = "one"
fans = 100
posts_per_day = 12
[brand]
order_probability = 0.03
[seeding]
window_h = 12
[run]
hours = 12
"""
EVERY = pytest.mark.parametrize("metric", METRICS)


@pytest.fixture(scope="module")
def plan():
    return Scenario.loads(SMALL)


def numbers(content):
    """Every number in a document."""
    if isinstance(content, dict):
        return [x for part in content.values() for x in numbers(part)]
    if isinstance(content, list | tuple):
        return [x for part in content for x in numbers(part)]
    return [content] if isinstance(content, float) else []


def test_there_is_one_list_of_metrics():
    assert tuple(METRICS) == get_args(MetricName) == tuple(METRIC_KINDS)
    assert METRICS.keys() == METRIC.keys()


@pytest.fixture(scope="module")
def summaries(plan):
    return {engine: run(plan, engine=engine).summary for engine in ("columns", "agents")}


@EVERY
def test_both_engines_give_the_same_value(summaries, metric):
    one, other = (metric_value(metric, summary) for summary in summaries.values())
    assert one == other
    assert math.isfinite(one)


def test_profit_is_the_margin_less_the_cost_and_a_hit_is_any_hit_video(plan):
    found = run(plan.with_values({"brand.margin_share": 0.3})).summary
    assert metric_value("profit", found) == pytest.approx(
        0.3 * found["gmv_cny"] - found["cost_cny"], abs=0.01
    )
    assert [metric_value("hit", {"hit_videos": n}) for n in (0, 1, 5)] == [0, 1, 1]


@EVERY
def test_compare_and_its_report_take_it(plan, tmp_path, metric):
    found = compare(plan, layouts=("none", "mesh"), metric=metric, seeds=2, workers=1)
    assert found.as_dict()["metric"] == metric
    assert all(map(math.isfinite, numbers(found.as_dict())))
    found.write(tmp_path / "c")
    files = opened(tmp_path / "c")
    assert isinstance(files, ComparisonFiles)
    for language in ("zh", "en"):
        assert METRIC[metric].said(language) in comparison_report(files, language).title


@EVERY
def test_optimise_takes_it(plan, metric):
    found = optimise(plan, 400.0, metric=metric, trials=2, seeds=2, fresh=2, workers=1)
    assert found.metric == metric
    assert all(map(math.isfinite, numbers(as_dict(found))))


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """Runs that every metric's indices are read off."""
    return tmp_path_factory.mktemp("sensitivity") / "runs"


@EVERY
@pytest.mark.parametrize("method", ["morris", "sobol"])
def test_sensitivity_takes_it(plan, kept, metric, method):
    axes = axes_of(plan, ("brand.order_probability",))
    runner = Runner(plan, metric, 2, kept.with_name(f"runs-{method}"), 1)
    found = sensitivity(runner, axes, method, 2, ["star"])
    assert found.metric == metric
    assert all(map(math.isfinite, numbers(found._asdict())))
    runner = Runner(plan, metric, 2, kept.with_name("runs-flips"), 1)
    assert flips(runner, axes, ("none", "star")).best in ("none", "star")


@pytest.fixture(scope="module")
def store(plan, tmp_path_factory):
    text = (
        'scenario = "s"\nseeds = 2\n[design]\nkind = "grid"\n[vary]\n"links.layout" = ["none", "star"]\n'
        '"platform.hit" = [1, 1_000_000]\n'
    )
    return run_sweep(
        loads_sweep(text, "s.toml", lambda _: plan), tmp_path_factory.mktemp("s") / "s", workers=1
    )


@EVERY
def test_the_picture_of_a_sweep_and_questions_take_it(store, metric):
    runs = store.read()
    axes = [Varied("links.layout", ("none", "star")), Varied("platform.hit")]
    found = response(runs, axes, ["platform.hit"], METRICS[metric])
    values = [metric_value(metric, row) for row in runs.iter_rows(named=True)]
    assert np.mean([cell.mean for cell in found.cells]) == pytest.approx(np.mean(values))
    column = "(hit_videos > 0)::INT" if metric == "hit" else METRICS[metric]
    answer = query(store.address, f"SELECT avg({column}) AS mean FROM runs")  # noqa: S608  our own names
    assert answer["mean"][0] == pytest.approx(np.mean(values))


def test_a_chance_of_a_hit_is_counted_in_every_command(plan, kept):
    certain, never = (plan.with_values({"platform.hit": n}) for n in (1, 1_000_000))
    for scenario, chance in ((certain, 1.0), (never, 0.0)):
        compared = compare(scenario, layouts=("none", "star"), metric="hit", seeds=2, workers=1)
        assert [row.mean for row in compared.rows] == [chance, chance]
        assert (
            optimise(scenario, 400.0, metric="hit", trials=1, seeds=2, fresh=2, workers=1).best.mean == chance
        )
        runner = Runner(scenario, "hit", 2, kept.with_name(f"hit-{chance:.0f}"), 1)
        assert (
            sensitivity(runner, axes_of(scenario, ("links.list_decay",)), "morris", 2, ["star"]).mean
            == chance
        )


def test_an_unknown_metric_is_refused_before_anything_runs(plan, tmp_path):
    for ask in (
        lambda: compare(plan, layouts=("none", "star"), metric="hits"),
        lambda: optimise(plan, 400.0, metric="hits"),
        lambda: Runner(plan, "hits", 2, tmp_path / "runs"),
    ):
        with pytest.raises(UsageError, match="allowed: reach, follows, orders, gmv, profit, roi, hit"):
            ask()


def test_roi_of_nothing_spent_has_no_value_anywhere(plan, tmp_path):
    free = plan.with_values({f"accounts.{name}.cost_per_post_cny": 0.0 for name in ("main", "one")})
    free = free.with_values({"links.layout": "none", "structure.cost_per_account_cny": 0.0})
    axes = axes_of(free, ("brand.order_probability",))
    with pytest.raises(RunError, match="nothing was spent"):
        sensitivity(Runner(free, "roi", 2, tmp_path / "runs", 1), axes, "morris", 2, ["none"])
    with pytest.raises(RunError, match="nothing was spent"):
        compare(free, layouts=("none", "single"), metric="roi", seeds=2, workers=1)


@pytest.mark.parametrize("metric", ["hit", "profit"])
def test_the_commands_take_what_they_once_could_not(tmp_path, metric):
    (tmp_path / "small.toml").write_text(SMALL, encoding="utf-8")
    file = str(tmp_path / "small.toml")
    for words in (
        ["compare", file, "--layouts", "none,star", "--metric", metric, "--seeds", "2"],
        ["optimise", file, "--budget", "400", "--objective", metric, "--trials", "2", "--seeds", "2",
         "--fresh", "2"],
        ["sensitivity", file, "--metric", metric, "--keys", "links.list_decay", "--points", "2",
         "--seeds", "2"],
    ):  # fmt: skip
        done = here(*words, "--json")
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["metric"] == metric
