"""A stranger's first minute, timed step by step in a real browser."""

import time
from pathlib import Path
from typing import Any

import pytest

from tests.browser.driving import opened, settled

pytestmark = pytest.mark.browser

MOST_S = 60.0
SAMPLE_S = 10.0
PATIENCE_MS = 120_000
"""How long a step is waited for: what is too long is said with all steps."""


def test_a_stranger_has_an_answer_on_numbers_of_ones_own_within_a_minute(
    address: str, browser: Any, pictures: Path
) -> None:
    began, steps = time.monotonic(), dict[str, float]()
    page = opened(browser, address, wait=False)
    page.set_default_timeout(PATIENCE_MS)

    def done(step: str) -> None:
        steps[step] = time.monotonic() - began

    try:
        page.locator(".ms-verdict").wait_for()
        done("a ready answer")
        page.get_by_role("link", name="Your own numbers in a minute →").click()
        page.get_by_text("Food", exact=True).click()
        settled(page)
        for label, text in (("Accounts, the main one too", "4"), ("Fans of the main account", "12000")):
            page.get_by_role("spinbutton", name=label).fill(text)
            page.keyboard.press("Enter")
        settled(page)
        done("questions answered")
        page.get_by_role("button", name="Show the answer").click()
        page.get_by_role("heading", name="Compare layouts").wait_for()
        done("asked")
        page.get_by_text("Food brand (mine)").first.wait_for()
        page.locator(".ms-verdict").wait_for()
        done("an answer of one's own")
        settled(page)
        page.screenshot(path=pictures / "first-minute.png", full_page=True)
    finally:
        page.context.close()
    assert steps["an answer of one's own"] < MOST_S, steps


def test_a_sample_is_one_click_from_the_start(address: str, browser: Any) -> None:
    page = opened(browser, f"{address}/quickstart", language="zh")
    try:
        began = time.monotonic()
        page.get_by_role("button", name="打开示例方案").click()
        page.locator(".ms-verdict").wait_for()
        assert time.monotonic() - began < SAMPLE_S
    finally:
        page.context.close()
