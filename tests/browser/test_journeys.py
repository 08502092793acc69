"""What people come for, walked through in a real browser: each journey from the first click to the answer."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.app.exporting import exports
from tests.browser.driving import DESKTOP, PHONE, opened, settled

pytestmark = pytest.mark.browser

SMALL = "scenario=classroom&seeds=4"
ANSWER = ".ms-verdict"
HUNDREDS_OF_LAUNCHES_MS = 240_000
ROW_PX, FANS_PX, TOPICS_PX = 35, 360, 480
"""Height of a row of the table of accounts; where two of its columns lie."""


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


def write(page: Any, label: str, text: str) -> None:
    """Types a text into a field, in place of what stands there."""
    page.get_by_role("textbox", name=re.compile(label)).fill(text)
    page.keyboard.press("Enter")
    page.wait_for_timeout(500)
    settled(page)


def paste(page: Any, row: int, x: int, text: str) -> None:
    """Pastes cells, as from a spreadsheet, into the table of accounts."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    box = page.locator('[data-testid="stDataFrame"] canvas').first.bounding_box()
    page.mouse.click(box["x"] + x, box["y"] + ROW_PX * (row + 1) + ROW_PX / 2)
    page.wait_for_timeout(300)
    page.keyboard.press("Control+v")
    page.wait_for_timeout(800)
    settled(page)


def test_a_strategist_compares_layouts_and_sends_the_link(tab: Any, pictures: Path) -> None:
    page = tab(f"?{SMALL}&layouts=none.star")
    before = page.locator(ANSWER).inner_text()
    assert "4 rounds" in page.locator(".ms-note").first.inner_text()
    page.get_by_role("button", name="Mesh").click()
    settled(page)
    assert page.locator(".ms-table").first.locator("tbody tr").count() == 3
    pick(page, "Metric", "New fans, net")
    assert page.locator(ANSWER).inner_text() != before
    page.screenshot(path=pictures / "compare.png")
    assert "mesh" in page.url
    assert "follows" in page.url
    again = tab(page.url.split("/", 3)[3])
    assert again.locator(ANSWER).inner_text() == page.locator(ANSWER).inner_text()
    assert again.locator(".ms-table").first.inner_text() == page.locator(".ms-table").first.inner_text()
    assert "4 seeds" not in again.locator("body").inner_text()
    again.get_by_text("Researcher", exact=True).click()
    again.wait_for_timeout(500)
    settled(again)
    assert "4 seeds" in again.locator(ANSWER).inner_text()
    assert "researcher=1" in again.url


@pytest.mark.parametrize(
    ("key", "name", "says", "language", "size"),
    [
        ("why", "Why", "runner-up", "en", DESKTOP),
        ("robust", "假设不准", "不是概率", "zh", PHONE),
    ],
)
def test_a_strategist_asks_why_and_what_wrong_assumptions_do(
    tab: Any, pictures: Path, key: str, name: str, says: str, language: Any, size: tuple[int, int]
) -> None:
    page = tab(
        "?scenario=classroom&structures=one.1%2B3.race:8&seeds=4&metric=follows", language=language, size=size
    )
    figures = page.locator(".js-plotly-plot").count()
    # It says how long it takes, or how many launches, or nothing where it is known.
    button = page.get_by_role("button", name=re.compile(f"^{name}"))
    button.wait_for(timeout=60_000)
    button.click()
    page.wait_for_timeout(500)
    settled(page, HUNDREDS_OF_LAUNCHES_MS)
    assert f"{key}=" in page.url
    assert page.locator(".js-plotly-plot").count() == figures + 1
    assert says in page.locator("body").inner_text()
    page.screenshot(path=pictures / f"further-{language}.png", full_page=True)
    again = tab(page.url.split("/", 3)[3], language=language, size=size)
    assert again.locator(".js-plotly-plot").count() == figures + 1


def test_a_strategist_asks_what_more_money_brings_stops_and_goes_on(tab: Any, pictures: Path) -> None:
    page = tab("mix?scenario=classroom&budget=2000&seeds=4")
    figures = page.locator(".js-plotly-plot").count()
    asking = page.get_by_role("button", name=re.compile(r"^What would more money bring\? · (about )?\d"))
    asking.wait_for(timeout=60_000)
    asking.click()
    page.get_by_role("button", name="Stop").click(timeout=60_000)
    page.get_by_role("button", name="Go on").click(timeout=60_000)
    page.wait_for_timeout(500)
    settled(page, HUNDREDS_OF_LAUNCHES_MS)
    assert "money=" in page.url
    assert page.locator(".js-plotly-plot").count() == figures + 1
    table = page.get_by_role("table", name="Orders against budget")
    assert table.locator("tbody tr").count() >= 2
    told = page.locator("body").inner_text()
    assert re.search("Orders against budget: (Beyond|It does not)", told)
    page.screenshot(path=pictures / "money.png", full_page=True)
    again = tab(page.url.split("/", 3)[3])
    assert again.get_by_role("table", name="Orders against budget").inner_text() == table.inner_text()


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


def test_an_edit_pasted_in_is_there_after_a_refresh_and_in_another_browser(tab: Any, pictures: Path) -> None:
    page = tab("scenario?scenario=classroom")
    paste(page, 1, FANS_PX, "41\n61\n31")
    assert "Fans: 40 → 41" in page.locator("body").inner_text()
    page.reload()
    settled(page)
    assert "Fans: 30 → 31" in page.locator("body").inner_text()
    paste(page, 1, FANS_PX, "42")
    assert re.search(r"my-[0-9a-f]{16}\.2", page.url)  # the same draft, its next version
    other = tab("scenario")  # the bare address, another browser
    pick(other, "Scenario", "Classroom (edited)")
    assert "Fans: 40 → 42" in other.locator("body").inner_text()
    other.screenshot(path=pictures / "drafts.png")


def test_two_tabs_on_one_draft_are_told_and_both_edits_stay(tab: Any, pictures: Path) -> None:
    one = tab("scenario?scenario=classroom&section=audience&researcher=1")
    write(one, "^Name", "Ours")
    two = tab(one.url.split("/", 3)[3])
    write(one, "Seed", "7")
    write(two, "Seed", "8")
    assert "changed elsewhere" in two.locator("body").inner_text()
    two.screenshot(path=pictures / "conflict.png")
    assert two.get_by_role("combobox", name=re.compile("Scenario")).input_value() == "Ours (copy)"
    two.get_by_role("button", name="Load theirs").click()
    settled(two)
    assert two.get_by_role("textbox", name=re.compile("Seed")).input_value() == "7"
    assert two.get_by_role("combobox", name=re.compile("Scenario")).input_value() == "Ours"
    two.get_by_role("link", name="Plans").click()
    settled(two)
    two.get_by_role("button", name="Versions").click()
    two.get_by_role("button", name="Delete this plan").click()
    settled(two)
    write(one, "Seed", "9")
    assert "cannot be opened" in one.locator("body").inner_text()


def test_topics_of_audience_and_accounts_are_changed_one_after_the_other(tab: Any, pictures: Path) -> None:
    page = tab("scenario?scenario=classroom&section=audience", language="zh")
    write(page, "兴趣分布", "汽车 0.5, 露营 0.5")
    assert "暂未生效" in page.locator("body").inner_text()
    page.reload()
    settled(page)
    assert page.get_by_role("textbox", name=re.compile("兴趣分布")).input_value() == "汽车 0.5, 露营 0.5"
    page.screenshot(path=pictures / "topics.png")
    page.get_by_role("radio", name="账号").click()
    settled(page)
    paste(page, 0, TOPICS_PX + 130, "\n".join(["汽车"] * 5))
    assert "暂未生效" not in page.locator("body").inner_text()
    assert page.locator(".ms-faults").count() == 0
    page.screenshot(path=pictures / "topics-mended.png")


def test_reset_pressed_twice_stays_reset_and_shows_what_is_set(tab: Any) -> None:
    page = tab("scenario?scenario=classroom&section=audience")
    for hours in ("48", "24"):
        field = page.get_by_role("spinbutton", name=re.compile("Length"))
        field.fill(hours)
        field.press("Enter")
        page.wait_for_timeout(500)
        settled(page)
    for _ in range(2):
        if page.get_by_role("button", name="Discard edits").is_enabled():
            page.get_by_role("button", name="Discard edits").click()
        settled(page)
        assert page.get_by_role("spinbutton", name=re.compile("Length")).input_value() == "96"
        assert page.url.split("scenario=")[1].startswith("classroom")
    assert "96 h" in page.locator("body").inner_text()


def test_a_comparisons_report_opens_from_its_address_in_another_browser(tab: Any, pictures: Path) -> None:
    page = tab(f"?{SMALL}&layouts=none.star.mesh&metric=orders")
    page.get_by_role("link", name="Report").click()
    settled(page)
    pick(page, "What to report", "Comparison")
    said = page.locator(ANSWER).inner_text()
    assert page.locator(".ms-table tbody tr").count() == 3
    other = tab(page.url.split("/", 3)[3])
    assert other.locator(ANSWER).inner_text() == said
    assert other.get_by_role("button", name=re.compile("HTML")).is_visible()
    other.screenshot(path=pictures / "comparison-report.png")


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


def test_a_strategist_compares_with_numbers_of_own_exports(tab: Any, pictures: Path, tmp_path: Path) -> None:
    files = [tmp_path / name for name in exports()]
    for file in files:
        file.write_bytes(exports()[file.name])
    page = tab("mydata?scenario=classroom", language="zh")
    page.locator('input[type="file"]').set_input_files(files)
    page.get_by_text("识别结果").first.wait_for(timeout=60_000)
    settled(page)
    told = page.locator("body").inner_text()
    assert all(file.name in told for file in files)
    page.screenshot(path=pictures / "mydata.png", full_page=True)
    page.get_by_role("button", name="采用这些账号").click()
    settled(page)
    page.get_by_role("button", name="按我的数据校准").click()
    page.get_by_role("button", name="停止").wait_for(timeout=60_000)
    page.reload()
    page.get_by_role("button", name="采用校准后的方案").wait_for(timeout=HUNDREDS_OF_LAUNCHES_MS)
    settled(page)
    page.get_by_text("和我的真实数据对得上吗？").wait_for(timeout=60_000)
    page.screenshot(path=pictures / "mydata-fitted.png", full_page=True)
    page.get_by_role("button", name="采用校准后的方案").click()
    page.get_by_text("矩阵对比”现在用的是你的数据").wait_for(timeout=60_000)
    page.get_by_role("link", name="矩阵对比").click()
    settled(page)
    page.locator(ANSWER).first.wait_for(timeout=60_000)
    assert "my-" in page.url
    page.screenshot(path=pictures / "mydata-compared.png", full_page=True)
    page.get_by_role("link", name="复盘").click()
    settled(page)
    assert "report=comparison" in page.url  # what was looked at last


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
