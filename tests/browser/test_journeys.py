"""What people come for, walked through in a real browser: each journey from the first click to the answer."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.browser.driving import PHONE, opened, settled

pytestmark = pytest.mark.browser

SMALL = "scenario=classroom&seeds=4"
ANSWER = ".ms-verdict"


@pytest.fixture
def tab(browser: Any, address: str) -> Any:
    """Opens pages; closes them, and fails on what their consoles report."""
    pages = []

    def open_at(path: str, **wishes: Any) -> Any:
        pages.append(opened(browser, f"{address}/{path}", **wishes))
        return pages[-1]

    yield open_at
    faults = [fault for page in pages for fault in page.faults]
    for page in pages:
        page.context.close()
    assert faults == []


def pick(page: Any, label: str, option: str) -> None:
    """Chooses an option of a selectbox with the keyboard alone."""
    box = page.get_by_role("combobox", name=re.compile(f"{label}"))
    box.focus()
    page.keyboard.type(option)
    page.wait_for_timeout(300)
    page.keyboard.press("Enter")
    settled(page)


def test_a_strategist_compares_layouts_and_sends_the_link(tab: Any, pictures: Path) -> None:
    page = tab(f"?{SMALL}&layouts=none.star")
    before = page.locator(ANSWER).inner_text()
    assert "4 seeds" in page.locator(".ms-note").first.inner_text()
    page.get_by_role("button", name="Mesh").click()
    settled(page)
    assert page.locator(".ms-table tbody tr").count() == 3
    pick(page, "Metric", "Follows")
    assert page.locator(ANSWER).inner_text() != before
    page.screenshot(path=pictures / "compare.png")
    assert "mesh" in page.url
    assert "follows" in page.url
    again = tab(page.url.split("/", 3)[3])
    assert again.locator(ANSWER).inner_text() == page.locator(ANSWER).inner_text()
    assert again.locator(".ms-table").first.inner_text() == page.locator(".ms-table").first.inner_text()


def test_a_refresh_finds_work_under_way_and_stop_stops_it(tab: Any) -> None:
    page = tab(
        "?scenario=beauty_matrix&users=200000&layouts=none.star.mesh.ring.tree.chain&seeds=64", wait=False
    )
    page.get_by_role("button", name="Stop").wait_for(timeout=60_000)
    page.reload()
    page.get_by_role("button", name="Stop").wait_for(timeout=60_000)
    page.get_by_role("button", name="Stop").click()
    page.get_by_role("button", name="Go on").wait_for(timeout=60_000)
    settled(page)


def test_an_edited_scenario_is_used_on_every_page(tab: Any, pictures: Path, tmp_path: Path) -> None:
    page = tab("scenario?scenario=classroom")
    page.get_by_role("button", name="Files").click()
    given = tmp_path / "mine.toml"
    given.write_text(
        'name = "Mine <b>bold</b>"\n[audience]\nusers = 5000\n[links]\nlayout = "ring"\n', encoding="utf-8"
    )
    page.locator('input[type="file"]').set_input_files(given)
    page.get_by_text("The file was taken over").wait_for(timeout=30_000)
    settled(page)
    page.get_by_role("link", name="Compare layouts").click()
    settled(page)
    assert page.get_by_role("combobox", name=re.compile("Scenario")).input_value() == "Mine <b>bold</b>"
    assert page.locator("b", has_text="bold").count() == 0
    assert "my-" in page.url
    page.screenshot(path=pictures / "draft.png")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"name = ", "is not valid TOML"),
        (b'name = "x"\nfans = 3', "fans"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"a = 1\n" * 500_000, "larger"),
    ],
)
def test_a_file_that_is_no_scenario_is_refused_with_the_reason(
    tab: Any, tmp_path: Path, content: bytes, said: str
) -> None:
    page = tab("scenario?scenario=classroom")
    page.get_by_role("button", name="Files").click()
    given = tmp_path / "broken.toml"
    given.write_bytes(content)
    page.locator('input[type="file"]').set_input_files(given)
    page.get_by_text("The file was not taken over").wait_for(timeout=30_000)
    assert said in page.locator("body").inner_text()


def test_a_strategist_asks_what_an_account_is_worth(tab: Any, pictures: Path) -> None:
    page = tab("flow?scenario=classroom")
    pick(page, "Account or link", "band")
    assert "selected=" in page.url
    page.get_by_role("button", name=re.compile("without it", re.IGNORECASE)).first.click()
    settled(page)
    page.locator(ANSWER).first.wait_for(timeout=60_000)
    page.screenshot(path=pictures / "flow.png", full_page=True)


def test_a_student_predicts_watches_and_looks_at_a_person(tab: Any, pictures: Path) -> None:
    page = tab("learn?lesson=links&seed=2", size=PHONE, language="zh")
    page.locator('[data-testid="stRadio"]').get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    settled(page)
    page.get_by_role("button", name="看结果").click()
    settled(page)
    page.locator(ANSWER).first.wait_for(timeout=60_000)
    page.get_by_role("button", name="下一小时").click()
    settled(page)
    page.screenshot(path=pictures / "learn.png", full_page=True)


def test_a_report_is_one_file_that_opens_offline(
    tab: Any, browser: Any, tmp_path: Path, pictures: Path
) -> None:
    page = tab("report?scenario=classroom", language="zh")
    with page.expect_download(timeout=60_000) as download:
        page.get_by_role("button", name=re.compile("HTML")).click()
    file = tmp_path / "report.html"
    download.value.save_as(file)
    context = browser.new_context(offline=True, locale="zh-CN")
    reader = context.new_page()
    wanted: list[str] = []
    reader.on("request", lambda asked: wanted.append(asked.url))
    reader.goto(file.as_uri())
    reader.wait_for_timeout(1_500)
    assert wanted == [file.as_uri()]
    assert reader.locator("svg").count() > 0
    assert "触达" in reader.locator("body").inner_text()
    reader.screenshot(path=pictures / "report.png", full_page=True)
    context.close()
