"""docs/reference/files.md names every column and key that the files hold, and no column beside."""

import json
import re
from pathlib import Path

import polars as pl
import pytest

from sim import Scenario, compare, run
from sim.platform.protocol import REASONS
from sim.results import TABLES
from sim.sweeps.optimise import optimise
from sim.sweeps.optimum import as_dict
from sim.sweeps.plan import Design, checked
from sim.sweeps.run import sweep
from sim.sweeps.sensitivity import Flip
from tests.blocks import PAGES
from tests.command_line import here
from tests.refresh import world

HEADED = re.compile(r"^## ([^\n(]+?)(?: \([^\n]*)?\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
SECTIONS = dict(HEADED.findall(PAGES["docs/reference/files.md"]))
NAMES = re.compile(r"`([a-z_]+)`")
ROW = re.compile(r"^\| ([^|]*) \| (`(?:hourly|videos|accounts|flows|promotions)`[^|]*) \|", re.MULTILINE)


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return world(run__hours=6)


def content(file: Path) -> dict:
    return json.loads(file.read_text(encoding="utf-8"))


def test_a_run_writes_the_columns_and_keys_of_the_page(scenario: Scenario, tmp_path: Path) -> None:
    run(scenario).write(tmp_path)
    page = SECTIONS["A run"]
    for table in TABLES:
        rows = (columns for columns, tables in ROW.findall(page) if table in NAMES.findall(tables))
        named = [name for columns in rows for name in NAMES.findall(columns)]
        assert sorted(named) == sorted(pl.read_parquet(tmp_path / f"{table}.parquet").columns), table
    said = re.findall(r"`([a-z ]+)`", page.split("`decision`, `reason`")[1].split("\n")[0])
    assert set(REASONS) == set(said) - {"promotions", "promote", "stop", "revive", "hold"}
    summary = page.split("**`summary.json`**")[1].split("**Digest.**")[0]
    rows = re.findall(r"^\| ([^|]*) \|", summary, re.MULTILINE)
    assert set(content(tmp_path / "summary.json")) == {n for row in rows for n in NAMES.findall(row)}
    assert set(content(tmp_path / "provenance.json")) <= set(NAMES.findall(page))
    files = set(re.findall(r"^\| `(\w+\.\w+)` \|", page, re.MULTILINE))
    beside = {"overlap.parquet", "retention.parquet"}  # of the command alone: tests/test_beside.py
    assert {file.name for file in tmp_path.iterdir()} == files - beside
    assert beside < files


def test_a_comparison_writes_the_keys_of_the_page(scenario: Scenario, tmp_path: Path) -> None:
    found = compare([scenario], layouts=["none", "star"], seeds=2)
    found.write(tmp_path)
    named = set(NAMES.findall(SECTIONS["A comparison"]))
    written = content(tmp_path / "comparison.json")
    made = content(tmp_path / "provenance.json")
    parts = (written, written["interval"], written["lower_tail"], written["verdict"], *written["variants"])
    assert {key for part in parts for key in part} <= named
    assert set(made) | set(made["variants"][0]) <= named | set(NAMES.findall(SECTIONS["A run"]))
    columns = set(pl.read_parquet(tmp_path / "replications.parquet").columns)
    assert columns - {"variant"} == set(run(scenario).summary) - {"digest", "warnings"}


def test_a_sweep_writes_the_keys_of_the_page(scenario: Scenario, tmp_path: Path) -> None:
    plan = checked(scenario, {"links.layout": ["none", "star"]}, Design(kind="grid"), seeds=1)
    rows = sweep(plan, tmp_path, workers=1).read()
    named = set(NAMES.findall(SECTIONS["A sweep"]))
    assert set(content(tmp_path / "manifest.json")) <= named
    assert set(rows.columns) <= named | set(run(scenario).summary) | {"links.layout"}


def keys_of(table: str) -> set[str]:
    """The names in the first column of a table of the page."""
    rows = SECTIONS["A sensitivity and an optimisation"].split(f"| key of `{table}` |")[1].split("\n\n")[0]
    return {name for row in re.findall(r"^\| ([^|]*) \|", rows, re.MULTILINE) for name in NAMES.findall(row)}


def inside(parts: list[dict]) -> set[str]:
    return {key for part in parts for key in part}


@pytest.mark.parametrize(
    ("table", "asked"), [("sensitivity.json", ["--points", "2"]), ("flips.json", ["--flips"])]
)
def test_a_sensitivity_writes_the_keys_of_the_page(
    scenario: Scenario, tmp_path: Path, table: str, asked: list[str]
) -> None:
    (tmp_path / "plan.toml").write_text(scenario.to_toml(), encoding="utf-8")
    out, key = tmp_path / "out", "brand.order_probability"
    done = here(
        "sensitivity", str(tmp_path / "plan.toml"), "--keys", key, "--layouts", "none,star", "--seeds", "2",
        "--workers", "1", "--out", str(out), *asked,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    written = content(out / table)
    assert set(written) - {"warnings"} == keys_of(table)
    parts = written["warnings"] + written.get("rows", []) + [Flip("", 0, 0, 0, "")._asdict()]
    assert inside(parts) <= set(NAMES.findall(SECTIONS["A sensitivity and an optimisation"]))


def test_an_optimisation_writes_the_keys_of_the_page(scenario: Scenario) -> None:
    written = as_dict(optimise(scenario, 400.0, trials=2, seeds=2, fresh=2, workers=1))
    assert set(written) - {"warnings"} == keys_of("optimum.json") - {"list"}  # of a price list
    parts = [written["best"], written["best"]["mix"], *written["others"], *written["front"]]
    named = set(NAMES.findall(SECTIONS["A sensitivity and an optimisation"]))
    assert inside([*parts, written["next_mix"], *written["warnings"]]) <= named
