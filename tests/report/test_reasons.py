"""Why and where, in a comparison's report."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from sim.analysis.reasons import over_box, turns_over
from sim.errors import UsageError
from sim.report.folder import opened
from sim.report.parts import Figure, Text
from tests.report.reading import told


@pytest.fixture
def folder(comparison_folder: Path, tmp_path: Path) -> Path:
    """A comparison's folder of the test's own."""
    return Path(shutil.copytree(comparison_folder, tmp_path / "own"))


def written(folder: Path, **more: Any) -> Path:
    """The folder with more in its document."""
    file = folder / "comparison.json"
    file.write_text(json.dumps(json.loads(file.read_text("utf-8")) | more), "utf-8")
    return folder


def names(folder: Path) -> list[str]:
    rows = json.loads((folder / "comparison.json").read_text("utf-8"))["variants"]
    return [row["name"] for row in sorted(rows, key=lambda row: -row["mean"])]


def reasons() -> list[dict[str, Any]]:
    return [
        {"group": "followers", "baseline": "runner_up", "share": 70.0, "low": 50.0, "high": 90.0},
        {"group": "luck", "baseline": "runner_up", "share": -20.0, "low": -45.0, "high": 5.0},
        {"group": "rest", "baseline": "written", "share": 3.0, "low": None, "high": None},
    ]


def robust(best: str, other: str) -> dict[str, Any]:
    axis = {"low": 0.0, "high": 1.0, "here": 0.4, "effect": 0.3}
    return {
        "draws": 64,
        "axes": [{"key": "platform.own_fan_power", **axis}, {"key": "content.rates.like", **axis}],
        "best": [[best] * 6 + [None] * 6] * 12,
        "shares": {best: 0.5, other: 0.0},
        "cannot_tell": 0.5,
    }


@pytest.mark.parametrize(("language", "said"), [("en", "runner-up"), ("zh", "第二名")])
def test_reasons_stand_in_words_before_their_figure(folder: Path, language: str, said: str) -> None:
    report = told(written(folder, why=reasons()), language)
    [section] = [s for s in report.sections if any(b.kind == "figure" and b.name == "lead" for b in s.blocks)]  # type: ignore[union-attr]
    first, *_, last = section.blocks
    assert isinstance(first, Text)
    assert said in first.text
    assert isinstance(last, Figure)


@pytest.mark.parametrize(("language", "said"), [("en", "not probabilities"), ("zh", "不是概率")])
def test_the_map_says_that_it_is_no_probability(folder: Path, language: str, said: str) -> None:
    best, other, *_ = names(folder)
    report = told(written(folder, robust=robust(best, other)), language)
    [section] = [
        s
        for s in report.sections
        if any(b.kind == "figure" and b.name == "assumptions" for b in s.blocks)  # type: ignore[union-attr]
    ]
    texts = " ".join(block.text for block in section.blocks if isinstance(block, Text))
    assert "50%" in texts
    assert said in texts


def test_without_them_the_report_is_what_it_was(folder: Path) -> None:
    assert {figure.name for figure in told(folder, "en").figures()} == {"gap", "bridge", "launches"}


@pytest.mark.parametrize(
    ("part", "broken"),
    [
        ("why", {"followers": 1}),
        ("why", [{"group": "weather", "baseline": "runner_up", "share": 1.0}]),
        ("why", [{"group": "luck", "baseline": "runner_up", "share": "much"}]),
        ("robust", []),
        ("robust", {"draws": 64}),
        ("robust", robust("nobody", "else")),
    ],
)
def test_a_broken_part_is_named(folder: Path, part: str, broken: Any) -> None:
    with pytest.raises(UsageError, match=f"{part} is not as compare writes it"):
        opened(written(folder, **{part: broken}))


@pytest.mark.parametrize(
    ("today", "cannot_tell", "en", "zh"),
    [
        (["one"], 0.1, "At today's values of all of them: one is best.", "所有假设取当前值时：one 最佳。"),
        ([], 0.1, "At today's values of all of them: cannot tell.", "所有假设取当前值时：无法判断。"),
        (["one", "1+3"], 0.8, "any of one, 1+3 will do", "one、1+3 任选其一即可"),
    ],
)
def test_what_is_best_today_and_over_the_range_are_told_side_by_side(
    today: list[str], cannot_tell: float, en: str, zh: str
) -> None:
    found = robust("one", "1+3") | {
        "today": today, "cannot_tell": cannot_tell, "shares": {"one": 0.15, "1+3": 0.85 - cannot_tell},
    }  # fmt: skip
    names = {name: name for name in found["shares"]}
    for language, said, differ in (("en", en, "The two differ"), ("zh", zh, "两者不一致")):
        told = "\n".join(over_box(found, names, language))
        assert said in told
        assert differ in told
    over = "no single plan stands out" if cannot_tell == 0.8 else "1+3 is best"
    assert f"over the range of the assumptions {over}" in "\n".join(over_box(found, names, "en"))
    same = over_box(
        found | {"today": ["1+3"], "cannot_tell": 0.0, "shares": {"one": 0.2, "1+3": 0.8}}, names, "en"
    )
    assert "The two agree: over the range of the assumptions too 1+3 is best" in "\n".join(same)


@pytest.mark.parametrize(
    ("cells", "english", "chinese"),
    [
        ([["a"] * 4] * 4, "does not turn over with first or second alone: A stays best", "结论都不会反转"),
        (
            [["a"] * 4, ["a"] * 4, ["a"] * 4, ["b"] * 4],
            "first rises above 0.75 (now 0.4): then B is",
            "结论反转",
        ),
        ([["b", "a", "a", "a"]] * 4, "second falls below 0.25 (now 0.4): then B is best", "换成“B”最佳"),
        ([[None, "a", "a", "a"]] * 4, "no longer sure when second falls below 0.25 (now 0.4).", "不再确定"),
        ([[None, "a", None, "b"]] * 4, "second rises above 0.75 (now 0.4): then B is best", "换成“B”最佳"),
        ([[None] * 4] * 4, "No single one is best, whatever first or second", "没有哪个方案明显最佳"),
    ],
)
def test_when_an_answer_turns_over_is_one_sentence(
    cells: list[list[str | None]], english: str, chinese: str
) -> None:
    axes = [{"key": key, "low": 0.0, "high": 1.0, "here": 0.4} for key in ("first", "second")]
    called = {"a": "A", "b": "B"}
    assert english in turns_over({"axes": axes, "best": cells}, called, "en")
    assert chinese in turns_over({"axes": axes, "best": cells}, called, "zh")
