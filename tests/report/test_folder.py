import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sim.errors import MatrixsimError, ScenarioError, UsageError
from sim.experiment.robust import value_at
from sim.report.comparison import comparison_report
from sim.report.folder import COMPARISON_FILES, RUN_FILES, ComparisonFiles, RunFiles, opened, run_files
from sim.report.parts import Table, Text
from tests.report.reading import blocks, told

Spoil = Callable[[Path], object]


def copied(folder: Path, to: Path) -> Path:
    return Path(shutil.copytree(folder, to / "copy"))


def changed(name: str, **values: Any) -> Spoil:
    """A JSON file with some values set; those that are `...` removed."""

    def spoil(folder: Path) -> None:
        document = json.loads((folder / name).read_text("utf-8"))
        document = {k: v for k, v in (document | values).items() if v is not ...}
        (folder / name).write_text(json.dumps(document), "utf-8")

    return spoil


def table(name: str, *columns: pl.Expr) -> Spoil:
    def spoil(folder: Path) -> None:
        pl.read_parquet(folder / name).with_columns(*columns).write_parquet(folder / name)

    return spoil


def variant(**values: Any) -> Spoil:
    def spoil(folder: Path) -> None:
        document = json.loads((folder / "comparison.json").read_text("utf-8"))
        first = {k: v for k, v in (document["variants"][0] | values).items() if v is not ...}
        document["variants"][0] = first
        (folder / "comparison.json").write_text(json.dumps(document), "utf-8")

    return spoil


def made(**values: Any) -> Spoil:
    """How the first variant was made, with some values set."""

    def spoil(folder: Path) -> None:
        document = json.loads((folder / "provenance.json").read_text("utf-8"))
        document["variants"][0] |= values
        (folder / "provenance.json").write_text(json.dumps(document), "utf-8")

    return spoil


def written(name: str, content: bytes) -> Spoil:
    return lambda folder: (folder / name).write_bytes(content)


def test_a_folder_is_known_by_its_files(run_folder: Path, comparison_folder: Path) -> None:
    assert isinstance(opened(run_folder), RunFiles)
    assert isinstance(opened(comparison_folder), ComparisonFiles)


@pytest.mark.parametrize("name", RUN_FILES)
def test_a_missing_file_of_a_run_is_named(run_folder: Path, tmp_path: Path, name: str) -> None:
    folder = copied(run_folder, tmp_path)
    (folder / name).unlink()
    with pytest.raises(UsageError, match=f"missing {name}; matrixsim run --out") as caught:
        opened(folder)
    assert caught.value.status == 2


def test_a_comparison_without_its_replications_is_refused(comparison_folder: Path, tmp_path: Path) -> None:
    folder = copied(comparison_folder, tmp_path)
    (folder / COMPARISON_FILES[1]).unlink()
    with pytest.raises(UsageError, match=r"missing replications\.parquet; matrixsim compare --out"):
        opened(folder)


SPOILT_RUNS: dict[str, tuple[Spoil, str]] = {
    "torn JSON": (written("summary.json", b'{"reach": 1'), "summary.json: is no JSON"),
    "empty JSON": (written("provenance.json", b""), "provenance.json: is no JSON"),
    "a list": (written("summary.json", b"[1]"), "an object is needed"),
    "deep": (written("summary.json", b"[" * 200_000), "is no JSON|nested too deeply"),
    "no UTF-8": (written("summary.json", b"\xff\xfe"), "no UTF-8"),
    "no table": (written("hourly.parquet", b"PAR1 not really"), "hourly.parquet: cannot be read"),
    "empty table": (written("videos.parquet", b""), "videos.parquet: cannot be read"),
    "a word for a number": (changed("summary.json", reach="many"), "reach is 'many'"),
    "a truth value": (changed("summary.json", orders=True), "orders is True"),
    "no number": (changed("summary.json", gmv_cny=float("nan")), "gmv_cny is nan"),
    "a missing number": (changed("summary.json", visits=...), "visits is missing"),
    "no digest": (changed("summary.json", digest=...), "digest is missing"),
    "no hours": (changed("summary.json", hours=0), "hours is 0"),
    "half hours": (changed("summary.json", hours=1.5), "hours is 1.5"),
    "hours of another run": (changed("summary.json", hours=2), "outside the run of 2 h"),
    "texts in a column": (table("hourly.parquet", pl.col("visits").cast(pl.String)), "visits is String"),
    "numbers for names": (table("accounts.parquet", pl.lit(1).alias("account")), "account is Int"),
    "empty cells": (table("videos.parquet", pl.lit(None, pl.Int64).alias("pool")), "pool has empty cells"),
    "pool 0": (table("videos.parquet", pl.lit(0).alias("pool")), "numbered from 1"),
}


@pytest.mark.parametrize("case", SPOILT_RUNS)
def test_a_broken_run_is_refused_in_one_message(run_folder: Path, tmp_path: Path, case: str) -> None:
    folder = copied(run_folder, tmp_path)
    spoil, said = SPOILT_RUNS[case]
    spoil(folder)
    with pytest.raises(UsageError, match=said) as caught:
        opened(folder)
    assert "\n" not in str(caught.value)


def test_a_broken_scenario_is_refused_with_its_line(run_folder: Path, tmp_path: Path) -> None:
    folder = copied(run_folder, tmp_path)
    (folder / "scenario.toml").write_text('name = "x"\n[run]\nhours = 0\n', "utf-8")
    with pytest.raises(ScenarioError, match=r"scenario\.toml:3: run\.hours"):
        opened(folder)


SPOILT_COMPARISONS: dict[str, tuple[Spoil, str]] = {
    "an unknown metric": (changed("comparison.json", metric="fame"), "metric is 'fame'"),
    "no seeds": (changed("comparison.json", seeds=...), "seeds is missing"),
    "no verdict": (changed("comparison.json", verdict="star"), "verdict needs"),
    "half a verdict": (changed("comparison.json", verdict={"code": "winner"}), "verdict needs"),
    "no interval": (changed("comparison.json", interval=...), "interval needs"),
    "no variants": (changed("comparison.json", variants=[]), "variants is missing or empty"),
    "a word for a variant": (changed("comparison.json", variants=["star"]), "needs a name"),
    "a missing estimate": (variant(low=...), "low is missing"),
    "an estimate that is none": (variant(mean=None), "mean is None"),
    "shares in a word": (variant(tie="often"), "tie needs share, low and high"),
    "half a share": (variant(tie={"share": 0.5}), "tie: low is missing"),
    "a warning in a word": (changed("comparison.json", warnings=["rare"]), "every warning needs"),
    "two of a name": (variant(name="star"), "the same name"),
    "variants of another": (made(name="mesh"), "provenance.json: variants are not those of comparison.json"),
    "variants in a word": (changed("provenance.json", variants="star"), "variants is no list of objects"),
    "a scenario elsewhere": (
        made(scenario="../scenario.toml"),
        r"scenario is '\.\./scenario\.toml'; allowed",
    ),
    "a missing scenario": (made(scenario="scenario-7.toml"), r"scenario-7\.toml: cannot be read"),
    "an unknown layout": (made(layout="moon"), "provenance.json: variant 'none': .*moon.*; allowed"),
    "a ratio in a word": (made(ratio="1:1"), "provenance.json: variant 'none': seeding '1:1' is unknown"),
    "a ratio in a number": (made(ratio=1), "provenance.json: variant 'none': ratio is 1, which is no list"),
    "an unknown hour": (made(timing="25:00"), "provenance.json: variant 'none': timing '25:00' is unknown"),
    "a short ratio": (made(ratio=[1, 2]), "provenance.json: variant 'none': .*needs 6 numbers"),
    "no seeds in the table": (table("replications.parquet", pl.lit("x").alias("seed")), "seed is String"),
}


@pytest.mark.parametrize("case", SPOILT_COMPARISONS)
def test_a_broken_comparison_is_refused(comparison_folder: Path, tmp_path: Path, case: str) -> None:
    folder = copied(comparison_folder, tmp_path)
    spoil, said = SPOILT_COMPARISONS[case]
    spoil(folder)
    with pytest.raises(UsageError, match=said):
        opened(folder)


@pytest.mark.parametrize(
    ("language", "said"), [("en", "too rare to tell"), ("zh", "出现差异的次数太少，暂无法判断")]
)
def test_estimates_that_were_refused_are_said_in_words(
    comparison_folder: Path, tmp_path: Path, language: str, said: str
) -> None:
    folder = copied(comparison_folder, tmp_path)
    variant(low=None, high=None, difference_low=None, difference_high=None)(folder)
    found = opened(folder)
    assert isinstance(found, ComparisonFiles)
    tables = [
        block
        for section in comparison_report(found, language).sections
        for block in section.blocks
        if block.kind == "table"
    ]
    assert 2 in [sum(cell.text == said for cell in row) for row in tables[0].rows]


def test_other_folders_are_told_apart(run_folder: Path, tmp_path: Path) -> None:
    for name, said in (("nowhere", "no such folder"), (__file__, "is no folder")):
        with pytest.raises(UsageError, match=said):
            opened(tmp_path / name)
    with pytest.raises(UsageError, match=r"holds neither summary\.json .* nor comparison\.json"):
        opened(tmp_path)
    (tmp_path / "manifest.json").touch()
    with pytest.raises(UsageError, match="store of a sweep"):
        opened(tmp_path)
    for seed in range(7):
        shutil.copytree(run_folder, tmp_path / f"seed-{seed}")
    with pytest.raises(UsageError, match=r"several runs; name one of them: .*seed-0, .*and 2 more"):
        opened(tmp_path)


def test_a_comparison_is_no_run(comparison_folder: Path) -> None:
    with pytest.raises(UsageError, match="holds a comparison, not a run"):
        run_files(comparison_folder)


def test_a_scenario_beside_an_earlier_comparison_is_read(
    run_folder: Path, comparison_folder: Path, tmp_path: Path
) -> None:
    folder = copied(comparison_folder, tmp_path)
    (folder / "provenance.json").unlink()
    shutil.copy(run_folder / "scenario.toml", folder)
    found = opened(folder)
    assert isinstance(found, ComparisonFiles)
    assert found.title == found.scenarios[0].name
    assert [scenario.links.layout for scenario in found.scenarios] == ["none", "star", "ring"]
    texts = [
        block.text for block in comparison_report(found, "en").sections[-2].blocks if block.kind == "text"
    ]
    assert any(text.startswith("Audience:") for text in texts)
    assert not any(text.startswith("Links:") for text in texts)
    (folder / "scenario.toml").write_text("name = 3", "utf-8")
    with pytest.raises(MatrixsimError):
        opened(folder)


@pytest.mark.parametrize(("language", "said"), [("en", "earlier version"), ("zh", "较早的版本")])
def test_a_key_that_came_later_is_not_told_with_todays_default(
    run_folder: Path, tmp_path: Path, language: str, said: str
) -> None:
    folder = Path(shutil.copytree(run_folder, tmp_path / "old"))
    file, gone = folder / "scenario.toml", ("gpm_cny", "account_heat_sd", "cost_per_account_cny")
    text = file.read_text("utf-8")
    file.write_text(re.sub(rf"(?m)^({'|'.join(gone)}) = .*\n", "", text), "utf-8")
    keys = ("platform.account_heat_sd", "brand.gpm_cny", "structure.cost_per_account_cny")
    found = opened(folder)
    assert isinstance(found, RunFiles)
    assert set(found.later) == set(keys)
    assert [value_at(found.scenario, key) for key in keys] == [0.0, 0.0, 0.0]
    new, old = told(run_folder, language), told(folder, language)
    for report, there in ((new, True), (old, False)):
        rows = {row[0].under for b in blocks(report) if isinstance(b, Table) for row in b.rows}
        assert set(keys[1:]) & rows == (set(keys[1:]) if there else set())  # the first is measured
        texts = "\n".join(b.text for b in blocks(report) if isinstance(b, Text))
        assert (said in texts) is not there
    assert all(key in "\n".join(b.text for b in blocks(old) if isinstance(b, Text)) for key in keys)


def test_what_is_written_today_lacks_nothing(run_folder: Path, comparison_folder: Path) -> None:
    assert [opened(folder).later for folder in (run_folder, comparison_folder)] == [(), ()]
