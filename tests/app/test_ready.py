"""The shipped answers are what the program computes. Remade by `python -m sim.app.make_ready`."""

import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.app.jobs import store
from sim.app.jobs.answer import judged
from sim.app.jobs.measuring import judged_by, measured
from sim.app.jobs.measuring import limits_of as measure_limits
from sim.app.jobs.request import FIRST
from sim.app.jobs.store import Answer
from sim.app.make_ready import compared
from sim.app.pages.learn.lessons import EXERCISES
from sim.app.pages.mix import mixes
from sim.experiment.compare import Comparison, compare_variants

NAMES = tuple(variant.name for variant in FIRST.variants)

LOOKED_AT = 2
"""Seeds that are computed anew here: a change of the rules shows in the first."""


@pytest.fixture(scope="module")
def shipped() -> Answer:
    answer = store.found(FIRST)
    assert answer is not None, "the scenario changed: python -m sim.app.make_ready"
    return answer


@pytest.fixture(scope="module")
def anew() -> Comparison:
    return compare_variants(compared(FIRST), seeds=LOOKED_AT)


def test_every_run_gives_what_was_shipped(shipped: Answer, anew: Comparison) -> None:
    for name, fields in judged(anew)["runs"].items():
        kept = shipped["runs"][name]
        assert {field: numbers[:LOOKED_AT] for field, numbers in kept.items()} == fields, name


def test_every_verdict_follows_from_the_shipped_runs(shipped: Answer, anew: Comparison) -> None:
    reach = np.array([shipped["runs"][name]["reach"] for name in NAMES])
    assert reach.shape == (len(NAMES), FIRST.seeds)
    whole = dataclasses.replace(anew, replications=store.runs_of(shipped, FIRST.plan().run.seed))
    for metric, comparison in judged(whole)["comparisons"].items():
        assert_same(shipped["comparisons"][metric], json.loads(json.dumps(comparison)), metric)


@pytest.mark.parametrize("key", EXERCISES)
def test_every_lesson_reveals_what_its_runs_give(key: str, tmp_path: Path) -> None:
    request = EXERCISES[key].request()
    answer = store.found(request)
    assert answer is not None, "a lesson changed: python -m sim.app.make_ready"
    fresh = measured(dataclasses.replace(request, seeds=LOOKED_AT), tmp_path, lambda *_: None)
    assert {name: views[:LOOKED_AT] for name, views in answer["views"].items()} == fresh["views"]
    users, names = request.plan().audience.users, [variant.name for variant in request.variants]
    for name, found in answer["measures"].items():
        values = np.array(found["values"])
        assert_same(values[:, :LOOKED_AT].tolist(), fresh["measures"][name]["values"], name)
        told = json.loads(json.dumps(judged_by(values, names, measure_limits(name, users))))
        assert_same(found, told, name)


def test_the_first_drag_of_the_budget_slider_finds_its_answer() -> None:
    request = mixes.first_slider()
    answer = store.found(request)
    assert answer is not None, "the scenario changed: python -m sim.app.make_ready"
    assert tuple(step["budget_cny"] for step in answer["steps"]) == request.budgets


def assert_same(one: Any, other: Any, place: str) -> None:
    """Equal, but for the last digits of floats and for numpy's choice of random numbers."""
    if isinstance(one, dict):
        assert list(one) == list(other), place
        for key in one:
            assert_same(one[key], other[key], f"{place}.{key}")
    elif isinstance(one, list):
        assert len(one) == len(other), place
        for k, pair in enumerate(zip(one, other, strict=True)):
            assert_same(*pair, f"{place}.{k}")
    elif place.endswith("probability_best"):
        assert one == pytest.approx(other, abs=0.03), place
    elif isinstance(one, float):
        assert one == pytest.approx(other, rel=1e-9, abs=1e-9), place
    else:
        assert one == other, place
