import io
import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from sim.charts import paper
from sim.errors import RunError, UsageError
from sim.report import printing
from sim.report.boss import sheet
from sim.report.brand import ACCENT, MOST_BYTES, Brand, brand
from sim.report.folder import ComparisonFiles, RunFiles, opened
from sim.report.page import sheet_html
from sim.report.parts import Callout, Table, Terms, Text
from sim.scenario.reference import assumed_rows

PNG = b"\x89PNG\r\n\x1a\n" + bytes(8)
FRONT = {"en": ["Money", "Risks and warnings", "What to do next"], "zh": ["收支", "风险与提醒", "下一步"]}
CHINESE = re.compile("[\u4e00-\u9fff]")


def texts(found: Any, title: str) -> list[str]:
    section = next(s for s in found.front.sections if s.title == title)
    return [block.text for block in section.blocks if isinstance(block, Text)]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_has_verdict_picture_money_risk_and_what_next(
    comparison_folder: Path, language: str
) -> None:
    found = sheet(opened(comparison_folder), language)
    document = json.loads((comparison_folder / "comparison.json").read_text("utf-8"))
    first = found.front.sections[0].blocks[0]
    assert isinstance(first, Callout)
    assert first.text == document["verdict"][f"text_{language}"]
    assert [figure.name for figure in found.front.figures()] == ["gap"]
    assert [section.title for section in found.front.sections][2:] == FRONT[language]
    for title in FRONT[language][1:]:
        assert texts(found, title)
        assert all(bool(CHINESE.search(text)) == (language == "zh") for text in texts(found, title))


def test_its_numbers_are_those_of_the_document(comparison_folder: Path) -> None:
    document = json.loads((comparison_folder / "comparison.json").read_text("utf-8"))
    money = next(s for s in sheet(opened(comparison_folder), "en").front.sections if s.title == "Money")
    table = next(block for block in money.blocks if isinstance(block, Table))
    ranked = sorted(document["variants"], key=lambda v: -v["mean"])
    keys = ("mean", "lower_tail", "cost_cny", "gmv_cny", "profit_cny")
    exact = [[cell.exact for cell in row if cell.exact] for row in table.rows]
    assert [[float(text.replace(",", "")) for text in row] for row in exact] == [
        [pytest.approx(v[key], rel=1e-5) for key in keys] for v in ranked
    ]


def test_what_to_do_next_follows_from_what_was_found(comparison_folder: Path) -> None:
    files = opened(comparison_folder)
    assert isinstance(files, ComparisonFiles)
    variants = [v | {"profit_cny": 5.0, "cost_cny": 9.0} for v in files.comparison["variants"]]
    best = max(variants, key=lambda v: v["mean"])
    open_ = {"difference_low": -1.0, "difference_high": 1.0}
    said = {}
    for code, rows in (
        ("winner", variants),
        ("cannot_tell_apart", [v | open_ | {"cost_cny": 9.0 - (v is not best)} for v in variants]),
        ("equivalent", [v | open_ for v in variants]),
        ("winner ", [v | {"profit_cny": -5.0} for v in variants]),
    ):
        verdict = files.comparison["verdict"] | {"code": code.strip()}
        document = {**files.comparison, "verdict": verdict, "variants": rows}
        found = sheet(ComparisonFiles(document, files.replications, files.scenarios), "en")
        said[code] = texts(found, "What to do next")
    assert said["winner"][0].startswith("1. Go on with")
    assert "costs least (¥8" in said["cannot_tell_apart"][0]
    assert "they cost the same" in said["equivalent"][0]
    assert said["winner "][0].startswith("1. None of these pays")
    assert all("assumptions are wrong" in " ".join(steps) for steps in said.values())


def test_a_run_has_its_page_too_and_the_back_holds_every_assumption(run_folder: Path) -> None:
    files = opened(run_folder)
    assert isinstance(files, RunFiles)
    found = sheet(files, "zh")
    assert [figure.name for figure in found.front.figures()] == ["hours"]
    assert "matrixsim compare" not in " ".join(texts(found, "风险与提醒"))
    terms = next(b for s in found.back for b in s.blocks if isinstance(b, Terms)).terms
    assert len(terms) == len(list(assumed_rows([files.scenario])))


def test_names_stay_text_and_the_page_may_run_nothing_else(run_folder: Path) -> None:
    page = sheet_html(sheet(opened(run_folder), "en"), brand(PNG, "#b3261e"), "pdf")
    assert "<script>alert" not in page
    assert "default-src 'none'; script-src 'sha256-" in unescape(page)
    assert "--accent: #B3261E" in page
    assert '<img src="data:image/png;base64,' in page


def test_a_logo_is_known_by_its_content() -> None:
    kinds = {
        "png": PNG, "jpeg": b"\xff\xd8\xff\xe0", "webp": b"RIFF0000WEBP",
        "svg+xml": b"\xef\xbb\xbf<?xml version='1.0'?> <!-- x --> <svg viewBox='0 0 1 1'/>",
    }  # fmt: skip
    for kind, content in kinds.items():
        assert brand(content).logo.startswith(f"data:image/{kind};base64,")
    assert brand() == Brand(ACCENT, "")
    for content in (b"GIF89a", b"RIFF0000WAVE", b"<html><svg>", b"x" * (MOST_BYTES + 1)):
        with pytest.raises(UsageError, match="mine"):
            brand(content, file="mine")
    for colour in ("red", "#12345", "#12345G", "#123456; x"):
        with pytest.raises(UsageError, match="no colour"):
            brand(colour=colour)


def test_excel_holds_numbers_as_numbers_and_formulas_as_text(
    run_folder: Path, comparison_folder: Path
) -> None:
    own = brand(colour="#0A7F5A")
    book = CalamineWorkbook.from_object(io.BytesIO(printing.written(opened(run_folder), "xlsx", "zh", own)))
    assert book.sheet_names == ["结论", "假设", "账号", "视频"]
    heads, *accounts = book.get_sheet_by_name("账号").to_python()
    assert "=HYPERLINK(1)" in [row[heads.index("账号")] for row in accounts]
    assert {"主账号", "达人"} <= {row[heads.index("角色")] for row in accounts}
    summary = json.loads((run_folder / "summary.json").read_text("utf-8"))
    assert sum(float(str(row[heads.index("订单数")])) for row in accounts) == summary["orders"]
    shown = {row[0]: row[1] for row in book.get_sheet_by_name("结论").to_python()}
    assert shown["触达人数"] == summary["reach"]
    assert shown["投入成本"] == pytest.approx(summary["cost_cny"], rel=1e-5)
    content = printing.written(opened(comparison_folder), "xlsx", "en", own)
    english = CalamineWorkbook.from_object(io.BytesIO(content))
    plans, launches = (english.get_sheet_by_name(name).to_python() for name in ("Plans", "Single launches"))
    assert plans[0][:2] == ["Plan", "New fans, net (followers)"]
    assert {row[0] for row in plans[1:]} == {row[0] for row in launches[1:]}
    videos = book.get_sheet_by_name("视频").to_python()
    for head in (*heads, *videos[0], *plans[0], *launches[0]):
        assert not re.fullmatch("[a-z]+(_[a-z]+)*", str(head))
    front = english.get_sheet_by_name("Summary").to_python()
    document = json.loads((comparison_folder / "comparison.json").read_text("utf-8"))
    numbers = {cell for row in front for cell in row if isinstance(cell, float)}
    assert {float(f"{v['mean']:.6g}") for v in document["variants"]} <= numbers


def test_without_a_browser_one_message_says_what_is_missing(
    comparison_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paper, "available", lambda: False)
    with pytest.raises(RunError, match=r"install Chromium or Chrome.*HTML and Excel do without"):
        printing.written(opened(comparison_folder), "pdf", "en", brand())


@pytest.mark.browser
def test_a_browser_prints_two_sides_of_paper(comparison_folder: Path) -> None:
    if not paper.available():
        pytest.skip("no kaleido, or no Chromium")
    content = printing.written(opened(comparison_folder), "pdf", "zh", brand(PNG))
    assert content.startswith(b"%PDF-")
    assert re.findall(rb"/Count (\d+)", content) == [b"2"]
