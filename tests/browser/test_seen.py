"""Faults that readers saw on the pages, each tried where it was seen."""

import re
from typing import Any

import pytest

from tests.browser.driving import DESKTOP, PHONE, opened, settled
from tests.browser.test_journeys import ROW_PX

pytestmark = pytest.mark.browser

LONG = "a name that is as long as a name of an account may be, and longer than any column of a table"
RATIO_PX, JUNIOR = 130, 4
"""Where the column of the ratio lies in the table of creators, and which row is that of junior ones."""


def after(page: Any, selector: str) -> str:
    """What a sheet shows in place of an element's own text."""
    found = "selector => getComputedStyle(document.querySelector(selector), '::after').content"
    return str(page.evaluate(found, selector))


def test_back_leads_to_the_page_before_at_one_press(address: str, browser: Any) -> None:
    page = opened(browser, f"{address}/?scenario=classroom&seeds=4&layouts=none.star")
    try:
        for name in ("Pools", "Scenario"):
            page.get_by_role("link", name=name).click()
            settled(page)
        for title in ("Pools", "Compare layouts"):
            page.go_back()
            page.get_by_role("heading", name=title, exact=True).wait_for(timeout=20_000)
            settled(page)
    finally:
        page.context.close()


def test_what_streamlit_says_itself_is_chinese_on_a_chinese_page(address: str, browser: Any) -> None:
    page = opened(browser, f"{address}/mix?scenario=classroom&seeds=4", language="zh")
    try:
        budget = page.get_by_role("spinbutton").first
        budget.fill("99999999999")
        page.wait_for_timeout(300)
        assert "回车" in after(page, '[data-testid="InputInstructions"] > span')
        budget.press("Enter")
        page.wait_for_timeout(800)
        assert "超出" in after(page, '[data-testid="stNumberInputContainer"] [role="alert"]')
        assert "正文" in after(page, '[data-testid="stSkipToContent"]')
    finally:
        page.context.close()
    page = opened(browser, f"{address}/experiments?view=new", language="zh")
    try:
        page.get_by_text("TOML").first.click()
        button = '[data-testid="stFileUploaderDropzone"] button p'
        page.locator(button).first.wait_for()
        assert "选择文件" in after(page, button)
    finally:
        page.context.close()


def test_an_edit_of_a_cell_is_kept_where_enter_follows_at_once(address: str, browser: Any) -> None:
    page = opened(browser, f"{address}/scenario?scenario=classroom&section=creators")
    try:
        box = page.locator('[data-testid="stDataFrame"] canvas').first.bounding_box()
        page.mouse.dblclick(box["x"] + RATIO_PX, box["y"] + ROW_PX * (JUNIOR + 1) + ROW_PX / 2)
        page.locator("input.gdg-input").wait_for()
        page.keyboard.press("Control+a")
        page.keyboard.type("7")
        page.keyboard.press("Enter")
        told = "() => /Ratio: none → (0, ){4}7, 0/.test(document.body.innerText)"
        page.wait_for_function(told, timeout=20_000)
    finally:
        page.context.close()


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_long_names_leave_the_figures_of_a_table_in_view(
    address: str, browser: Any, tmp_path: Any, size: tuple[int, int]
) -> None:
    file = tmp_path / "long.toml"
    accounts = f'[[accounts]]\nid = "{LONG}"\nrole = "main"\n[[accounts]]\nid = "{LONG[:90]}"\n'
    file.write_text(f'name = "Long"\n[audience]\nusers = 2000\n[links]\nlayout = "mesh"\n{accounts}', "utf-8")
    page = opened(browser, f"{address}/scenario?scenario=classroom")
    try:
        page.get_by_role("button", name="Files").click()
        page.locator('input[type="file"]').set_input_files(file)
        page.get_by_text("The file was taken over").wait_for(timeout=30_000)
        [draft] = re.findall(r"scenario=(my-[0-9a-f]{16}\.\d+)", page.url)
    finally:
        page.context.close()
    page = opened(browser, f"{address}/flow?scenario={draft}", size=size)
    try:
        page.get_by_role("table", name="Most valuable links").wait_for(timeout=60_000)
        hidden = "() => [...document.querySelectorAll('.ms-scroll')].map(e => e.scrollWidth - e.clientWidth)"
        assert max(page.evaluate(hidden)) <= 1
    finally:
        page.context.close()


def test_where_the_keyboard_is_does_not_look_like_what_is_chosen(address: str, browser: Any) -> None:
    page = opened(browser, f"{address}/?scenario=classroom&seeds=4&layouts=none.star")
    try:
        look = "e => getComputedStyle(e).outlineStyle + ' ' + getComputedStyle(e).boxShadow"
        other = page.get_by_role("button", name="Ring", exact=True)
        page.get_by_role("button", name="No links", exact=True).focus()
        for _ in range(3):
            page.keyboard.press("ArrowRight")
        focused = page.evaluate_handle("document.activeElement")
        assert focused.evaluate(look) == "dashed none"
        if focused.evaluate("e => e.innerText") != "Ring":
            assert "dashed" not in other.evaluate(look)
    finally:
        page.context.close()
