"""Sweep files: what is wrong is named with file, line, key and value; what is right becomes runs."""

import pytest

from sim.errors import Problem, ScenarioError
from sim.sweeps.plan import Design, checked, load_sweep, loads_sweep
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


@pytest.mark.parametrize(
    "vary",
    [
        {"links.layout": ["star", "mesh"]},
        {
            "links.density": {"low": 0.1, "high": 0.7},
            "audience.users": {"low": 3_000, "high": 9_000, "log": True},
        },
        {"platform.pools": [[300, 3_000], [400, 4_000]], "accounts.main.verified": [True, False]},
        {'accounts."main".fans': [1, 2]},
    ],
)
@pytest.mark.parametrize("kind", ["grid", "lhs"])
def test_a_written_sweep_is_the_sweep(tmp_path, vary, kind):
    base = load_sweep(written(tmp_path)).scenario
    if kind == "grid":
        vary = {k: v if isinstance(v, list) else v | {"levels": 3} for k, v in vary.items()}
    sweep = checked(base, vary, Design(kind=kind, points=5), 3)
    (tmp_path / "again.toml").write_text(sweep.to_toml("small.toml"), encoding="utf-8")
    again = load_sweep(tmp_path / "again.toml")
    assert again.identity() == sweep.identity()
    assert again.jobs() == sweep.jobs()


@pytest.mark.parametrize("kind", ["grid", "lhs", "sobol", "saltelli", "morris"])
def test_runs_are_counted_without_laying_out_the_points(tmp_path, kind):
    base = load_sweep(written(tmp_path)).scenario
    levels = {"levels": 3} if kind == "grid" else {}
    vary = {"links.density": {"low": 0.1, "high": 0.7} | levels, "links.layout": ["star", "mesh"]}
    sweep = checked(base, vary, Design(kind=kind, points=8), 2)
    assert sweep.runs == 2 * len(sweep.points)


def test_a_scenario_that_is_not_found_has_the_place_of_its_name():
    def find(name):
        raise ScenarioError([Problem("", None, "scenario", name, "is unknown here")])

    with pytest.raises(ScenarioError) as error:
        loads_sweep('seeds = 1\nscenario = "x"\nvary.a = [1]\n', "mine.toml", find)
    assert str(error.value).startswith("mine.toml:2: scenario = x: is unknown here")


def test_a_section_that_a_sweep_has_not_is_no_missing_plugin(tmp_path):
    with pytest.raises(ScenarioError) as caught:
        load_sweep(written(tmp_path, SWEEP.replace("[vary]", "[grid]")))
    told = str(caught.value)
    assert "grid: unknown key; allowed: scenario, seeds, design, vary" in told
    assert "plug-in" not in told
    assert "vary: is required; allowed: a table of any number of names" in told.splitlines()[0]
    assert "each with" not in told
