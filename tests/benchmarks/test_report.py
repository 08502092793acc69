import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import measuring, report
from benchmarks.plan import PARTS, TINY
from benchmarks.serving import warmed

CONTRACT = {
    "impressions_per_second", "ceiling_share", "thread_speedup", "flatness_1e7", "flatness_1e8",
    "campaign_over_dense", "sparse_seconds", "vs_mesa", "vs_numpy", "bytes_per_user", "import_seconds",
    "first_run_seconds", "second_run_seconds", "machine",
}  # fmt: skip


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    parts = [n for n in PARTS if n not in ("start", "memory")]  # these start processes
    cache = warmed(tmp_path_factory.mktemp("cache"))
    found = [measuring.part(name, TINY, cache, lambda line: None) for name in parts]
    return report.merged(found, measuring.machine(), "tiny")


def test_result_has_every_key_of_the_contract(result: dict[str, Any]) -> None:
    assert set(result) == CONTRACT | {"plan", "details"}
    assert json.loads(json.dumps(result)) == result


def test_throughput_is_by_users_and_threads(result: dict[str, Any]) -> None:
    assert set(result["impressions_per_second"]) == {"2000", "20000"}
    assert all(set(by_threads) == {"1", "2"} for by_threads in result["impressions_per_second"].values())
    assert all(
        rate > 0 for by_threads in result["impressions_per_second"].values() for rate in by_threads.values()
    )


def test_sparse_seconds_are_by_users(result: dict[str, Any]) -> None:
    assert set(result["sparse_seconds"]) == {"40000"}
    assert result["sparse_seconds"]["40000"] > 0


def test_the_campaign_stands_beside_the_dense_world(result: dict[str, Any]) -> None:
    rows = result["details"]["campaign"]["rows"]
    first, *_, beside = (row["ns"][0] for row in rows.values())
    assert result["campaign_over_dense"] == pytest.approx(first / beside, abs=0.01)
    table = next(t for t in report.tables(result) if t.title == "Campaign: ns an impression by stage")
    for side, row in rows.items():
        column = table.head.index(side)
        assert sum(float(line[column]) for line in table.rows) == pytest.approx(row["ns"][0], rel=0.01)


def test_sizes_that_did_not_run_are_null(result: dict[str, Any]) -> None:
    assert result["flatness_1e7"] is None
    assert result["flatness_1e8"] is None


def test_parts_that_did_not_run_leave_null() -> None:
    merged = report.merged([], {"packages": {}}, "tiny")
    assert set(merged) == CONTRACT | {"plan", "details"}
    assert merged["vs_mesa"] is None


def test_stages_cover_the_plan_and_what_lies_around_it(result: dict[str, Any]) -> None:
    from benchmarks.workloads import TABLES, WORLD
    from sim.hour.plan import PLAN

    assert set(result["details"]["dense"]["stages"]["1"]["2000"]) == {
        WORLD,
        TABLES,
        *(stage.name for stage in PLAN),
    }


def test_every_table_is_as_wide_as_its_head(result: dict[str, Any]) -> None:
    for table in report.tables(result):
        assert {len(row) for row in table.rows} <= {len(table.head)}, table.title


def test_figures_go_between_the_markers(result: dict[str, Any], tmp_path: Path) -> None:
    page = tmp_path / "speed.md"
    page.write_text(f"before\n{report.BEGIN}\nstale figures\n{report.END}\nafter\n", "utf-8")
    report.into_docs(result, page)
    text = page.read_text("utf-8")
    assert text.startswith("before\n")
    assert text.endswith("\nafter\n")
    assert "stale figures" not in text
    assert "thread_speedup" in text


def test_page_has_the_markers() -> None:
    page = Path(__file__).parents[2] / "docs" / "explanation" / "speed.md"
    text = page.read_text("utf-8")
    assert text.count(report.BEGIN) == text.count(report.END) == 1
