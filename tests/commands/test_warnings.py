"""Plans whose posts come too late, or that leave money, are told so by every command."""

import json

import pytest

from sim.analysis.result_warnings import FAULTS
from tests.command_line import here
from tests.sweeps.small import own_cache

LATE = """
name = "late"
[audience]
users = 2_000
[[accounts]]
id = "main"
role = "main"
posts_per_day = 4
[[accounts]]
id = "one"
posts_per_day = 4
[seeding]
ratio = [0, 0, 0, 0, 0, 20]
budget_cny = 4_150
window_h = 168
[seeding.tiers.amateur]
price_cny = 200.0
[seeding.market]
price_spread_dex = 0.0
pull_spread_dex = 0.0
handling_cny = 0.0
[run]
hours = 6
"""
SWEEP = """
scenario = "late.toml"
seeds = 1
[design]
kind = "grid"
[vary]
"links.layout" = ["none", "star"]
"""
CASES = {
    "run": ["run", "late.toml"],
    "run --json": ["run", "late.toml", "--json"],
    "compare": ["compare", "late.toml", "--layouts", "none,star", "--seeds", "2"],
    "sensitivity": ["sensitivity", "late.toml", "--keys", "links.list_decay", "--points", "2",
                    "--seeds", "2"],
    "flips": ["sensitivity", "late.toml", "--keys", "links.list_decay", "--layouts", "none,star", "--flips",
              "--seeds", "2"],
    "sweep": ["sweep", "sweep.toml", "--workers", "1"],
    "check": ["scenario", "check", "late.toml"],
    "explain": ["scenario", "explain", "late.toml"],
}  # fmt: skip


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "late.toml").write_text(LATE, encoding="utf-8")
    (tmp_path / "sweep.toml").write_text(SWEEP, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("case", CASES)
def test_every_command_says_it(folder, case):
    done = here(*CASES[case], cwd=folder, MATRIXSIM_CACHE=str(own_cache(folder)))
    assert done.returncode == 0, done.stderr
    beside = case in ("run --json", "sweep")
    told = done.stderr if beside else done.stdout
    assert told.count("of 20 creators post after the end of the run") == 1
    assert told.count("150 of 4,150 CNY stay unspent") == 1


@pytest.mark.parametrize("case", ["compare", "sensitivity", "flips"])
def test_the_json_of_an_answer_holds_it_once(folder, case):
    done = here(*CASES[case], "--json", cwd=folder)
    # What is said of the answer itself.
    design = ("too_few_points", "same_answer", "rare_differences", *FAULTS)
    rows = [row for row in json.loads(done.stdout)["warnings"] if row["code"] not in design]
    assert [(row["code"], row["variant"]) for row in rows] == [
        ("budget_unspent", None),
        ("posts_after_end", None),
    ]
    assert all(row["text_zh"] and row["text_en"] for row in rows)


def test_a_key_named_twice_is_refused(folder):
    done = here("sensitivity", "late.toml", "--keys", "links.list_decay,links.list_decay", cwd=folder)
    assert done.returncode == 2
    assert done.stderr == "--keys: links.list_decay is listed twice\n"
