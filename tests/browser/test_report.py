"""The report page gives files, and the report opens alone."""

from pathlib import Path
from typing import Any

import pytest

from sim.charts.picture import available
from tests.browser.driving import DESKTOP, PHONE, opened

pytestmark = pytest.mark.browser

SMALL = "report?scenario=classroom&users=2000"


def downloaded(page: Any, label: str, folder: Path) -> Path:
    with page.expect_download(timeout=90_000) as waiting:
        page.get_by_role("button", name=label, exact=True).click()
    file = folder / waiting.value.suggested_filename
    waiting.value.save_as(file)
    return file


@pytest.mark.system("E6")
@pytest.mark.parametrize(("language", "label"), [("en", "Report (HTML)"), ("zh", "下载复盘报告（HTML）")])
def test_one_click_gives_a_file_that_opens_alone(
    address: str, browser: Any, tmp_path: Path, language: Any, label: str
) -> None:
    page = opened(browser, f"{address}/{SMALL}", language=language)
    file = downloaded(page, label, tmp_path)
    page.context.close()
    for size in (DESKTOP, PHONE):
        alone = browser.new_context(viewport={"width": size[0], "height": size[1]}, offline=True)
        reader = alone.new_page()
        faults: list[str] = []
        asked: list[str] = []
        reader.on("console", lambda told, faults=faults: faults.append(told.text))
        reader.on("pageerror", lambda error, faults=faults: faults.append(str(error)))
        reader.on("request", lambda request, asked=asked: asked.append(request.url))
        reader.goto(file.as_uri())
        reader.wait_for_selector("#figure-ladder .main-svg")
        assert faults == []
        assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
        assert reader.evaluate("document.documentElement.scrollWidth") <= size[0]
        assert reader.locator("figure .plot-container").count() == 4
        alone.close()


def test_on_paper_what_is_folded_stands_open_and_figures_fit(
    address: str, browser: Any, tmp_path: Path
) -> None:
    page = opened(browser, f"{address}/{SMALL}")
    file = downloaded(page, "Report (HTML)", tmp_path)
    page.goto(file.as_uri())
    page.wait_for_selector("#figure-ladder .main-svg")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details:not([open])").count() == 0
    wide = page.evaluate("Math.max(...[...document.querySelectorAll('.main-svg')].map(s => s.clientWidth))")
    assert wide <= 680
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details[open]").count() == 0
    page.context.close()


def test_the_figure_and_a_table_can_be_taken_away(address: str, browser: Any, tmp_path: Path) -> None:
    page = opened(browser, f"{address}/{SMALL}")
    table = downloaded(page, "Download", tmp_path)
    assert table.name == "matrixsim-classroom-seed1-hourly.csv"
    assert table.read_text("utf-8-sig").startswith("hour,account,origin")
    if available():
        drawn = downloaded(page, "Figure (PNG)", tmp_path)
        assert drawn.read_bytes().startswith(b"\x89PNG")
    page.context.close()
