"""A real browser before the app, for tests and pictures."""

import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from sim.language.words import Language

PAGES = {
    "compare": "", "quickstart": "quickstart", "plans": "plans", "mix": "mix",
    "campaign": "campaign", "flow": "flow", "pools": "pools",
    "scenario": "scenario", "mydata": "mydata", "experiments": "experiments", "learn": "learn",
    "report": "report",
}  # fmt: skip
"""Pages and their paths; the first one is the server's own."""
DESKTOP, PHONE = (1280, 900), (390, 844)
SETTLED_MS = 60_000
BUSY = (
    '[data-testid="stProgress"], [data-testid="stSkeleton"], [data-testid="stStatusWidget"], '
    '[data-testid="stApp"][data-test-script-state="running"]'
)
"""What a page shows while it is drawn or waits for an answer."""


def chromium() -> str:
    """The browser's program.

    Raises:
        FileNotFoundError: there is none.
    """
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    raise FileNotFoundError("no chromium: apt-get install chromium")


@contextmanager
def browsing() -> Iterator[Any]:
    """A browser (playwright's Browser)."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox", "--disable-gpu", "--font-render-hinting=none"]
        )
        try:
            yield browser
        finally:
            browser.close()


def opened(
    browser: Any,
    address: str,
    *,
    language: Language = "en",
    ground: Literal["light", "dark"] = "light",
    size: tuple[int, int] = DESKTOP,
    wait: bool = True,
) -> Any:
    """A page in a context of its own, settled; what its console reports as an error is in `page.faults`."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        locale="zh-CN" if language == "zh" else "en-US",
        color_scheme=ground,
        has_touch=size == PHONE,
    )
    page = context.new_page()
    page.faults = []
    page.on("console", lambda told: page.faults.append(told.text) if _is_fault(told) else None)
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.goto(address)
    if wait:
        settled(page)
    return page


def _is_fault(told: Any) -> bool:
    """Whether a line on the console is an error; streamlit looks for its server below a page's path first."""
    return told.type == "error" and not re.search(r"/\w+/_stcore/", told.location.get("url", ""))


def settled(page: Any, patience_ms: int = SETTLED_MS) -> None:
    """Waits until nothing is drawn or computed any more."""
    page.wait_for_selector("h1", timeout=patience_ms)
    quiet = 0
    deadline = time.monotonic() + patience_ms / 1000
    while quiet < 4:
        quiet = 0 if page.locator(BUSY).count() else quiet + 1
        if time.monotonic() > deadline:
            raise TimeoutError(f"still busy: {page.url}")
        page.wait_for_timeout(150)
