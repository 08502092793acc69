"""What holds for every page, in a real browser."""

import re
from typing import Any

import pytest

from tests.browser.driving import DESKTOP, PAGES, PHONE, opened

pytestmark = pytest.mark.browser

LATIN = re.compile(r"[A-Za-z][A-Za-z'-]{2,}")
UNTRANSLATED = {
    "matrixsim", "English", "KOL", "KOC", "ROI", "GMV", "TOML", "CSV", "TSV", "Excel", "Parquet", "HTML",
    "PNG", "PDF", "Logo", "SVG", "SQL", "CNY", "GPM", "Sobol", "Morris", "Saltelli", "DuckDB", "UTF", "Ctrl",
}  # fmt: skip
"""Words that a Chinese product writes in Latin letters."""


OVER_THE_PLOT = """() => [...document.querySelectorAll('.js-plotly-plot')].filter(figure => {
    const legend = figure.querySelector('g.legend')?.getBoundingClientRect();
    const {t, h} = figure._fullLayout._size, top = figure.getBoundingClientRect().top + t;
    return legend?.width && Math.min(legend.bottom, top + h) - Math.max(legend.top, top) > 1;
}).length"""
"""How many figures have their legend on their plot."""


def shown(page: Any) -> str:
    """Text that a reader sees, without tables of keys, code, and the names that somebody gave plans."""
    return str(
        page.evaluate(
            """() => {
                const skip = 'code, pre, style, script, [data-testid="stDataFrame"], [data-testid="stJson"], '
                    + '[data-testid="stIconMaterial"], '
                    + '[aria-label="已保存的方案"] tbody';  // names are anybody's
                const main = document.querySelector('[data-testid="stMainBlockContainer"]');
                const walk = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
                const texts = [];
                while (walk.nextNode()) {
                    const parent = walk.currentNode.parentElement;
                    const seen = parent && parent.checkVisibility()
                        && getComputedStyle(parent).fontSize !== '0px';  // look.css says it in other words
                    if (seen && !parent.closest(skip)) {
                        texts.push(walk.currentNode.data);
                    }
                }
                return texts.join(' ');
            }"""
        )
    )


@pytest.mark.parametrize(
    ("name", "language", "ground", "size"),
    [(name, *rest) for name in PAGES for rest in (("en", "light", DESKTOP), ("zh", "dark", PHONE))],
)
def test_a_page_is_accessible_fits_its_width_reports_no_error_and_speaks_one_language(
    address: str, browser: Any, axe: str, name: str, language: Any, ground: Any, size: tuple[int, int]
) -> None:
    page = opened(browser, f"{address}/{PAGES[name]}", language=language, ground=ground, size=size)
    try:
        assert page.faults == []
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= size[0], f"{wide} px wide"
        page.evaluate(axe)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        faults = [
            (fault["id"], node["html"][:160]) for fault in found["violations"] for node in fault["nodes"]
        ]
        assert faults == []
        if language == "zh":
            assert sorted(set(LATIN.findall(shown(page))) - UNTRANSLATED) == []
        if page.locator(".js-plotly-plot g.legend").count():
            page.set_viewport_size({"width": size[0] + 57, "height": size[1]})
            for _ in range(5):  # while figures are drawn anew
                assert page.evaluate(OVER_THE_PLOT) == 0
                page.wait_for_timeout(60)
    finally:
        page.context.close()


def test_the_first_page_is_found_by_its_name_too_and_keeps_its_choices(address: str, browser: Any) -> None:
    page = opened(browser, f"{address}/compare?lang=zh&metric=reach")
    try:
        assert page.locator("[role=dialog]").count() == 0, "page not found"
        assert page.locator("h1").inner_text() == "矩阵对比"
        assert "metric=reach" in page.url
    finally:
        page.context.close()
