"""Sweep files: what is wrong is named with file, line, key and value; what is right becomes runs."""

import pytest

from sim.errors import ScenarioError
from sim.sweeps.plan import load_sweep
from tests.sweeps.small import SWEEP, written


def test_runs_are_points_times_seeds_and_paired(tmp_path):
    sweep = load_sweep(written(tmp_path))
    jobs = sweep.jobs()
    assert len(jobs) == len(sweep.points) * 2 == 12
    assert {job.seed for job in jobs} == {1, 2}
    assert len({job.job for job in jobs}) == 12


def test_points_that_coincide_share_their_runs(tmp_path):
    text = SWEEP.replace('["none", "star", "mesh"]', '["none", "none"]')
    assert len(load_sweep(written(tmp_path, text)).jobs()) == 4


def test_unquoted_keys_mean_the_same(tmp_path):
    plain = SWEEP.replace('"links.layout"', "links.layout").replace(
        '"platform.targeting"', "platform.targeting"
    )
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one, other = load_sweep(written(tmp_path / "a")), load_sweep(written(tmp_path / "b", plain))
    assert one.identity() == other.identity()


def test_key_of_a_run_does_not_hear_of_the_name(tmp_path):
    sweep = load_sweep(written(tmp_path))
    scenario = sweep.scenario
    assert sweep.key_of(scenario, 1) == sweep.key_of(
        scenario.with_values({"name": "other", "run.seed": 9}), 1
    )
    assert sweep.key_of(scenario, 1) != sweep.key_of(scenario, 2)
    assert sweep.key_of(scenario, 1) != sweep.key_of(scenario.with_values({"run.hours": 7}), 1)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("seeds = 2", "seeds = 0", ["sweep.toml:3", "seeds"]),
        ("seeds = 2", "sedes = 2", ["sweep.toml:3", "sedes", "seeds"]),
        ('"grid"', '"gird"', ["sweep.toml:5", "gird", "grid"]),
        ('"links.layout"', '"links.layuot"', ["sweep.toml:7", "layuot"]),
        ('"star"', '"stra"', ["sweep.toml:7", "stra", "star"]),
        (", levels = 2", "", ["sweep.toml:8", "levels"]),
        ("low = 0.5, high = 2.0", "low = 2.0, high = 0.5", ["sweep.toml:8", "low below high"]),
        ("low = 0.5", "lowest = 0.5", ["sweep.toml:8", "lowest"]),
        ("high = 2.0", "high = -2.0, low = -3.0", ["sweep.toml"]),
        ('["none", "star", "mesh"]', "[]", ["sweep.toml:7", "empty"]),
        ('["none", "star", "mesh"]', '"star"', ["sweep.toml:7", "neither a list nor a range"]),
        ('kind = "grid"', 'kind = "sobol"\npoints = 12', ["power of two"]),
        ('"small.toml"', '"smal.toml"', ["smal.toml"]),
    ],
)
def test_what_is_wrong_is_named(tmp_path, old, new, words):
    text = SWEEP.replace(old, new)
    assert text != SWEEP
    with pytest.raises(ScenarioError) as caught:
        load_sweep(written(tmp_path, text))
    for word in words:
        assert word in str(caught.value)
