import json
from pathlib import Path

import polars as pl
import pytest

from sim.analysis.named import layout_name
from sim.analysis.standings import often_tied
from sim.report.comparison import comparison_report
from sim.report.folder import ComparisonFiles, opened
from sim.report.parts import Callout, Text
from tests.report.reading import blocks, column, table, told


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_comparison_opens_with_its_verdict(comparison_folder: Path, language: str) -> None:
    document = json.loads((comparison_folder / "comparison.json").read_text("utf-8"))
    first = told(comparison_folder, language).sections[0].blocks[0]
    assert isinstance(first, Callout)
    assert first.text == document["verdict"][f"text_{language}"]


def test_a_comparison_lists_its_variants_by_falling_mean(comparison_folder: Path) -> None:
    document = json.loads((comparison_folder / "comparison.json").read_text("utf-8"))
    found = table(told(comparison_folder, "en"), "All numbers")
    wanted = sorted(document["variants"], key=lambda v: -v["mean"])
    names = [layout_name(v["name"], "en", in_sentence=True).capitalize() for v in wanted]
    assert column(found, "Variant") == names
    assert len(found.columns) == 9 + often_tied(document)
    assert all(c.meaning for c in found.columns[1:])


def test_a_comparison_shows_the_gap_and_every_single_launch(comparison_folder: Path) -> None:
    report = told(comparison_folder, "zh")
    figures = {figure.name: figure.figure for figure in report.figures()}
    assert list(figures) in (
        ["gap", "launches"],
        ["gap", "bridge", "launches"],
    )
    dots = figures["launches"]
    follows = pl.read_parquet(comparison_folder / "replications.parquet")["new_fans"]
    drawn = [x for trace in dots.data[::2] for x in trace.x]
    assert sorted(drawn) == sorted(follows.to_list())


def test_a_chance_has_no_figure_of_single_launches(comparison_folder: Path) -> None:
    files = opened(comparison_folder)
    assert isinstance(files, ComparisonFiles)
    by_hit = ComparisonFiles({**files.comparison, "metric": "hit"}, files.replications)
    assert [figure.name for figure in comparison_report(by_hit, "en").figures()] == ["gap"]


def test_replications_of_other_variants_are_not_drawn(comparison_folder: Path) -> None:
    files = opened(comparison_folder)
    assert isinstance(files, ComparisonFiles)
    others = ComparisonFiles(files.comparison, files.replications.with_columns(variant=pl.lit("x")))
    assert [figure.name for figure in comparison_report(others, "en").figures()] == ["gap"]


def test_a_comparison_stopped_early_and_one_of_few_seeds_say_so(comparison_folder: Path) -> None:
    files = opened(comparison_folder)
    assert isinstance(files, ComparisonFiles)
    stopped = ComparisonFiles({**files.comparison, "stopped": True}, files.replications)
    texts = [b.text for b in blocks(comparison_report(stopped, "en")) if isinstance(b, Text)]
    assert any("stopped early" in text for text in texts)
    assert any("so few seeds" in text for text in texts)
    assert not any(
        "stopped early" in b.text for b in blocks(told(comparison_folder, "en")) if isinstance(b, Text)
    )
