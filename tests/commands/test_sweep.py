"""A sweep says before it begins what will fail, keeps what is whole, and does not end well if runs failed."""

import json

import pytest

from sim.errors import ScenarioError
from sim.scenario.schema import Scenario
from sim.sweeps.plan import load_sweep
from sim.sweeps.store import Store
from tests.command_line import ROOT, here
from tests.sweeps.small import SCENARIO, SWEEP, own_cache, written

THIRD = """
scenario = "small.toml"
seeds = 1
[design]
kind = "grid"
[vary]
"audience.users" = [4_000, 8_000]
"accounts.main.fans" = [300, 2_000, 6_000]
"""
"""Every third run of the smaller audience fails on purpose: more fans than people."""


def test_infeasible_points_are_known_with_their_keys_and_an_example(tmp_path):
    found = load_sweep(written(tmp_path, THIRD)).infeasible()
    assert (found.points, found.looked_at) == (1, 6)
    assert set(found.keys) == {"audience.users", "accounts.main.fans"}
    assert found.example == (
        "audience.users = 4000, accounts.main.fans = 6000: accounts.main.fans = 6000: "
        "6,000 fans inside the audience are more than audience.users = 4,000; "
        "allowed: a whole number from 0 to 4,000"
    )


def test_a_sweep_with_failed_runs_says_so_before_and_after_and_ends_with_status_1(tmp_path):
    file = written(tmp_path, THIRD)
    words = ["sweep", str(file), "--workers", "1", "--json"]
    done = here(*words, MATRIXSIM_CACHE=str(own_cache(tmp_path)))
    assert done.returncode == 1
    before, after = done.stderr.split("runs failed", 1)[0], done.stderr
    assert "1 of 6 points cannot be run" in before
    assert "audience.users, accounts.main.fans" in before
    assert "1 because: accounts.main.fans = 6000: 6,000 fans inside the audience" in after
    assert "accounts.0" not in after
    assert "Traceback" not in after
    assert json.loads(done.stdout) == {"store": str(file.with_suffix("")), "runs": 6, "failed": 1}
    runs = Store(file.with_suffix("")).read()
    assert runs["status"].to_list().count("done") == 5
    assert runs.filter(runs["status"] == "done")["reach"].null_count() == 0


def test_the_example_of_the_docs_has_no_point_that_cannot_be_run(tmp_path):
    page = (ROOT / "docs/how-to/run-a-sweep.md").read_text(encoding="utf-8")
    block = page.split("Write a file beside the scenario:")[1].split("In a grid")[0]
    text = "\n".join(line.removeprefix("    ") for line in block.splitlines())
    (tmp_path / "my_brand.toml").write_text('name = "mine"\n', encoding="utf-8")
    (tmp_path / "my_sweep.toml").write_text(text, encoding="utf-8")
    found = load_sweep(tmp_path / "my_sweep.toml").infeasible()
    assert found.looked_at == 64
    assert found.points == 0, found.example


def test_a_sweep_over_layouts_replaces_a_custom_list_of_links(tmp_path):
    custom = SCENARIO + '[links]\nlayout = "custom"\nedges = [["main", "one", "follow"]]\n'
    plan = load_sweep(written(tmp_path, SWEEP.replace('"none"', '"custom"'), custom))
    assert plan.infeasible().points == 0
    edges = {point["links.layout"]: len(plan.scenario_at(point).links.edges) for point in plan.points}
    assert edges == {"custom": 1, "star": 0, "mesh": 0}


def test_accounts_go_by_their_ids_in_errors():
    plan = Scenario(name="mine")
    with pytest.raises(ScenarioError, match=r"^accounts\.main\.fans = 300000: ") as told:
        plan.with_values({"audience.users": 4_000, "accounts.0.fans": 300_000})
    assert told.value.problems[0].key == "accounts.0.fans"  # where it stands, for whoever shows it there
    with pytest.raises(ScenarioError, match=r"accounts\.main\.fans: 3,000 fans inside"):  # of the default
        Scenario.loads('name = "mine"', settings=["audience.users=2000"])
    with pytest.raises(ScenarioError, match=r"^accounts\.sub-2\.quality = -1\.0: is too small"):
        plan.with_values({"accounts.sub-2.quality": -1.0})
    with pytest.raises(ScenarioError, match=r"^accounts\.1\.id = "):  # two of one name go by number
        plan.with_values({"accounts.1.id": "main"})
