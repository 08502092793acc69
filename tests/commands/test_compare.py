import json
import re
from html import unescape
from pathlib import Path

import polars as pl
import pytest

from sim.results import input_hash
from sim.scenario.schema import Scenario
from tests.command_line import here

SMALL = ("--users", "3000", "--hours", "6", "--seeds", "2", "--threads", "1")


def variants(folder: Path) -> list[dict[str, object]]:
    made: list[dict[str, object]] = json.loads((folder / "provenance.json").read_text("utf-8"))["variants"]
    return made


@pytest.fixture(scope="module")
def layouts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what a comparison of two layouts wrote, in `found`."""
    folder = tmp_path_factory.mktemp("layouts")
    words = (
        "compare",
        "classroom",
        "--layouts",
        "none,star",
        "--metric",
        "follows",
        *SMALL,
        "--out",
        "found",
    )
    done = here(*words, cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder


def test_a_comparison_leaves_what_is_needed_to_get_it_again(layouts: Path) -> None:
    found = layouts / "found"
    assert sorted(file.name for file in found.iterdir()) == [
        "comparison.json",
        "provenance.json",
        "replications.parquet",
        "scenario.toml",
    ]
    start = Scenario.load(found / "scenario.toml")
    assert (start.audience.users, start.run.hours) == (3000, 6)
    provenance = json.loads((found / "provenance.json").read_text("utf-8"))
    assert set(provenance) >= {"matrixsim", "rules_version", "python", "packages", "platform", "seconds"}
    assert [(row["name"], row["scenario"], row["layout"]) for row in variants(found)] == [
        ("none", "scenario.toml", "none"),
        ("star", "scenario.toml", "star"),
    ]
    star = start.with_values({"links.layout": "star", "links.edges": ()})
    assert provenance["variants"][1]["input_hash"] == input_hash(star)


def test_the_command_in_the_report_gives_the_same_numbers(layouts: Path) -> None:
    found = layouts / "found"
    assert here("report", str(found), "-o", "brief.html", cwd=layouts).returncode == 0
    page = unescape((layouts / "brief.html").read_text("utf-8"))
    command = re.search(r"matrixsim (compare scenario\.toml [^<]*)<", page)
    assert command is not None
    assert "Rules version" in page
    assert "does not hold the scenario" not in page
    done = here(*command[1].split(), "--threads", "1", "--out", str(layouts / "again"), cwd=found)
    assert done.returncode == 0, done.stderr
    for name in ("comparison.json", "scenario.toml"):
        assert (layouts / "again" / name).read_bytes() == (found / name).read_bytes()
    timed = ("seconds", "impressions_per_second")
    first, second = (
        pl.read_parquet(layouts / folder / "replications.parquet").drop(timed)
        for folder in ("found", "again")
    )
    assert first.equals(second)


def test_several_scenarios_and_mixes_are_kept_each_in_its_file(tmp_path: Path) -> None:
    for name in ("one", "two"):
        text = f'name = "{name}"\n[[accounts]]\nid = "{name}"\nrole = "main"\nfans = 100\n'
        (tmp_path / f"{name}.toml").write_text(text, "utf-8")
    words = ("--seeding", "0:0:0:0:0:1", "--seeding", "nobody", "--timing", "20:00", "--robust")
    done = here("compare", "one.toml", "two.toml", *words, *SMALL, "--out", "found", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    found = tmp_path / "found"
    assert not (found / "scenario.toml").exists()
    assert [Scenario.load(found / f"scenario-{k}.toml").name for k in (1, 2)] == ["one", "two"]
    assert [(row["scenario"], row["ratio"], row["timing"]) for row in variants(found)] == [
        (f"scenario-{k}.toml", mix, "20:00") for k in (1, 2) for mix in ([0, 0, 0, 0, 0, 1], "nobody")
    ]
    assert here("report", "found", cwd=tmp_path).returncode == 0
    page = unescape((found / "report.html").read_text("utf-8"))
    assert (
        "matrixsim compare scenario-1.toml scenario-2.toml --seeding 0:0:0:0:0:1 --seeding nobody "
        "--timing 20:00 --metric reach --seeds 2 --confidence 0.95 --robust"
    ) in page
    assert "A scenario, complete (scenario-2.toml)" in page


def test_a_comparison_that_is_refused_leaves_no_folder(tmp_path: Path) -> None:
    done = here("compare", "classroom", *SMALL, "--out", "found", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "found").exists()


def test_the_table_has_the_words_of_the_report(layouts: Path) -> None:
    done = here(
        "compare", "scenario.toml", "--layouts", "none,star", *SMALL, "--lang", "zh", cwd=layouts / "found"
    )
    assert done.stdout.split("\n")[0].split()[-5:-1] == [
        "与最佳之差",
        "平均效果最好的把握",
        "单次投放胜率",
        "爆款概率",
    ]


@pytest.mark.parametrize(("language", "head"), [("en", "mean profit (CNY)"), ("zh", "平均利润（元）")])
def test_the_table_names_metric_and_unit_and_has_no_empty_column(language, head):
    words = ["compare", "classroom", "--users", "3000", "--hours", "6", "--seeds", "2", "--metric", "profit"]
    built = here(*words, "--structures", "one,1+2", "--lang", language).stdout
    laid = here(*words, "--layouts", "none,star", "--lang", language).stdout
    gain = {"en": "Matrix gain", "zh": "矩阵增益"}[language]
    assert head in built.splitlines()[0]
    assert gain not in built.splitlines()[0]
    assert gain in laid.splitlines()[0]


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (("compare", "classroom", "--format", "json"), "--json"),
        (("run", "classroom", "--format=json"), "--json"),
        (("compare", "classroom", "--layout", "star"), "--layouts"),
    ],
)
def test_an_option_by_another_tools_name_is_answered_with_ours(words, meant):
    done = here(*words)
    assert done.returncode == 2
    assert f"(Possible options: {meant})" in done.stderr


@pytest.mark.parametrize(
    ("language", "table", "loss"),
    [
        ("en", "Risk of being found out as a matrix:", "Lost: Reach"),
        ("zh", "被判定为违规矩阵的风险：", "损失：触达人数"),
    ],
)
def test_what_being_found_out_risks_is_printed_where_it_is_looked_at(
    tmp_path: Path, language: str, table: str, loss: str
) -> None:
    plan = Scenario.load("classroom")
    for name, hazard in (("plan", 5.0), ("free", 0.0)):
        text = plan.with_values({"name": name, "enforcement.hazard": hazard}).to_toml()
        (tmp_path / f"{name}.toml").write_text(text, "utf-8")
    said = ("--lang", language, *SMALL)
    done = here("compare", "plan.toml", "free.toml", *said, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert table in done.stdout.splitlines()
    assert loss in done.stdout
    alone = here("compare", "free.toml", "--layouts", "none,star", *said, cwd=tmp_path)
    assert table not in alone.stdout.splitlines()
