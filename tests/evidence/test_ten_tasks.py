"""Ten tasks that a strategist or a teacher comes with, each driven in a real browser in both languages."""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from benchmarks.serving import Server, serving, warmed
from sim import storage
from sim.app.jobs import drafts, rooms
from sim.app.jobs.request import plan_of
from sim.app.pages.learn.lessons import EXERCISES
from sim.experiment.replicate import cores
from sim.language.words import LANGUAGES, Language
from tests.app.exporting import exports
from tests.browser.conftest import browser, pictures  # noqa: F401  fixtures
from tests.browser.driving import DESKTOP, PHONE, opened, settled
from tests.evidence.page import table

pytestmark = pytest.mark.evidence

ANSWER, PATIENCE_MS = ".ms-verdict", 300_000
FIRST_ANSWER_S, STOPPED_S, PUPILS = 60.0, 2.0, 30
PRICES = "达人昵称,粉丝数,21-60s视频报价\n小茶,300,500\n阿果,400,650\n老面,260,450\n阿月,18000,900\n阿星,20000,1000\n"
"""A price list, as a broker sends it."""
CELLS = {"day": 170, "row": 35}
"""Of the calendar: where its column of days lies, and how high a row is [px]."""
SMALL = "scenario=classroom&seeds=8"


class Desk(NamedTuple):
    """Where a task is done: the browser, the server, the reader's language, and where pictures go."""

    browser: Any
    server: Server
    language: Language
    pictures: Path

    def said(self, english: str, chinese: str) -> Any:
        """What a label says in this language, whatever follows it."""
        return re.compile("^" + re.escape(chinese if self.language == "zh" else english))

    @contextmanager
    def at(self, path: str, **wishes: Any) -> Iterator[Any]:
        """A page, in a browser of its own; what its console reports is a failure."""
        page = opened(self.browser, f"{self.server.address}/{path}", language=self.language, **wishes)
        page.set_default_timeout(PATIENCE_MS)
        try:
            yield page
            assert page.faults == []
        finally:
            page.context.close()

    def press(self, page: Any, english: str, chinese: str) -> None:
        """A button."""
        page.get_by_role("button", name=self.said(english, chinese)).first.click()
        page.wait_for_timeout(500)
        settled(page, PATIENCE_MS)

    def goto(self, page: Any, english: str, chinese: str) -> None:
        """A link of the page, such as to another page."""
        page.get_by_role("link", name=chinese if self.language == "zh" else english, exact=True).click()
        page.wait_for_timeout(500)
        settled(page, PATIENCE_MS)

    def kept(self, page: Any, name: str) -> None:
        """Pictures of the whole page on a desktop and on a phone."""
        for size, called in ((PHONE, "phone"), (DESKTOP, "desktop")):
            page.set_viewport_size({"width": size[0], "height": size[1]})
            page.wait_for_timeout(700)
            wide = page.evaluate("document.documentElement.scrollWidth")
            high = page.evaluate("document.querySelector('[data-testid=stMainBlockContainer]').scrollHeight")
            page.set_viewport_size({"width": size[0], "height": int(high) + 40})
            page.wait_for_timeout(700)
            page.screenshot(path=self.pictures / f"task-{name}-{self.language}-{called}.png")
            assert wide <= size[0], f"{name}: {wide} px wide"
        page.set_viewport_size({"width": DESKTOP[0], "height": DESKTOP[1]})


def from_own_data_to_the_boss(desk: Desk) -> None:
    """Exports in, accounts taken over, compared, reported, one page as a long picture."""
    with desk.at("mydata?scenario=classroom") as page:
        files = [{"name": n, "mimeType": "text/csv", "buffer": c} for n, c in exports().items()]
        page.locator('input[type="file"]').set_input_files(files)
        page.get_by_text(desk.said("What was understood", "识别结果")).first.wait_for()
        settled(page)
        desk.kept(page, "1-own-data")
        desk.press(page, "Use these accounts", "采用这些账号")
        desk.goto(page, "Compare layouts", "矩阵对比")
        page.locator(ANSWER).first.wait_for()
        desk.goto(page, "Report", "复盘")
        desk.press(page, "Make the long picture", "生成长图")
        page.get_by_role("button", name=desk.said("Download: Long picture", "下载长图")).wait_for()
        settled(page, PATIENCE_MS)
        desk.kept(page, "1-boss")


def two_plans_compared(desk: Desk) -> None:
    """Two plans of the library stand side by side, with what differs."""
    with desk.at("plans?scenario=classroom&plans=classroom,food&seeds=4&metric=orders") as page:
        page.locator(ANSWER).first.wait_for()
        settled(page, PATIENCE_MS)
        assert page.locator(".ms-table").count() >= 2
        desk.kept(page, "2-plans")


def the_budget_changed(desk: Desk) -> None:
    """The slider is dragged, and its budget is compared."""
    with desk.at(f"mix?{SMALL}&budget=2000") as page:
        slider = page.get_by_role("slider").first
        slider.focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(1_000)
        settled(page, PATIENCE_MS)
        desk.press(page, "Compare the mixes for", "用")
        page.locator(ANSWER).first.wait_for()
        settled(page, PATIENCE_MS)
        assert "budget=2000&" not in f"{page.url}&"
        desk.kept(page, "3-budget")


def a_calendar_moved(desk: Desk) -> None:
    """Three waves are filled in, one is moved to another day, and that is compared with before."""
    with desk.at("campaign?scenario=creator_launch&users=200000") as page:
        desk.press(page, "Fill in three waves", "套用三波挑战赛")
        desk.press(page, "Replace the waves by these", "用这三波替换")
        before, cells = page.url, page.locator('[data-testid="stDataFrame"] canvas').first
        cells.scroll_into_view_if_needed()
        box = cells.bounding_box()
        x, y = box["x"] + CELLS["day"], box["y"] + 1.5 * CELLS["row"]
        page.mouse.dblclick(x, y)
        page.wait_for_timeout(500)
        page.keyboard.press("Control+a")
        page.keyboard.type("9")
        page.keyboard.press("Enter")
        page.wait_for_timeout(1_000)
        settled(page, PATIENCE_MS)
        desk.kept(page, "4-calendar")
        assert page.url != before


def a_creator_list_chosen_from(desk: Desk) -> None:
    """A broker's list becomes the market, and whom to book stands there by name."""
    with desk.at(f"mix?{SMALL}&budget=2500") as page:
        page.get_by_text(desk.said("Price list of creators", "达人报价单")).first.click()
        page.locator('input[type="file"]').first.set_input_files(
            {"name": "prices.csv", "mimeType": "text/csv", "buffer": PRICES.encode("gb18030")}
        )
        page.get_by_text("阿月").first.wait_for(state="attached")
        settled(page, PATIENCE_MS)
        desk.kept(page, "5-creators")


def risk_read(desk: Desk) -> None:
    """What being found out costs each plan, of a plan that reckons with it."""
    given = plan_of("classroom").with_values({"name": "Found out", "enforcement.hazard": 1.0})
    draft = drafts.keep(drafts.Version(given.to_toml(), given.name))
    with desk.at(f"?scenario={draft}&seeds=8&layouts=none.star.mesh") as page:
        page.locator(ANSWER).first.wait_for()
        settled(page, PATIENCE_MS)
        assert page.get_by_role("table").count() >= 3
        desk.kept(page, "6-risk")


def a_class_of_thirty(desk: Desk) -> None:
    """A teacher begins a class, thirty pupils answer, one of them in a browser; the runs are shown to all."""
    with desk.at("learn?lesson=structures") as page:
        page.get_by_text(desk.said("Answer together with a class", "全班一起答题")).first.click()
        desk.press(page, "Begin a class", "开始上课")
        code = re.search(r"class=([^&]+)", page.url)
        assert code is not None
        choices = [choice.key for choice in EXERCISES["structures"].choices]
        for k in range(PUPILS - 1):
            rooms.say(code[1], "structures", "before", f"{k:012x}", choices[k % len(choices)])
        with desk.at(f"learn?class={code[1]}", size=PHONE) as pupil:
            pupil.locator('[data-testid="stRadio"] label').nth(1).click()
            desk.press(pupil, "Send my answer", "提交")
            desk.press(page, "Show the runs to the class", "向全班公布结果")
            page.get_by_text(re.compile(rf"\({PUPILS}\)")).first.wait_for()
            pupil.locator(".js-plotly-plot").first.wait_for()
            desk.kept(pupil, "7-pupil")
        desk.kept(page, "7-class")


def stopped_and_found_again(desk: Desk) -> float:
    """Work under way is there after a refresh, stops at a press, and stays stopped; seconds to the stop."""
    path = "?scenario=beauty_matrix&users=200000&layouts=none.star.mesh.ring.tree.chain&seeds=64"
    stop, on = desk.said("Stop", "停止"), desk.said("Go on", "继续")
    with desk.at(path, wait=False) as page:
        page.get_by_role("button", name=stop).wait_for()
        page.reload()
        page.get_by_role("button", name=stop).wait_for()
        began = time.monotonic()
        page.get_by_role("button", name=stop).click()
        page.get_by_role("button", name=on).wait_for()
        took = time.monotonic() - began
        desk.kept(page, "8-stopped")
    return took


def the_first_minute(desk: Desk) -> float:
    """From the first page to an answer on numbers of one's own; seconds."""
    began = time.monotonic()
    with desk.at("", wait=False) as page:
        page.get_by_role("link", name=desk.said("Your own numbers in a minute", "一分钟")).click()
        page.get_by_text("食品" if desk.language == "zh" else "Food", exact=True).click()
        settled(page)
        fans = page.get_by_role("spinbutton", name=desk.said("Fans of the main account", "主号粉丝数"))
        fans.fill("12000" if desk.language == "en" else "13000")  # what was asked before would be known
        fans.press("Enter")
        settled(page)
        page.get_by_role("button", name=desk.said("Show the answer", "看结果")).click()
        page.get_by_role(
            "heading", name="矩阵对比" if desk.language == "zh" else "Compare layouts"
        ).wait_for()
        page.locator(ANSWER).wait_for()
        took = time.monotonic() - began
        settled(page, PATIENCE_MS)
        desk.kept(page, "9-first-minute")
    return took


def a_plan_put_down(desk: Desk) -> None:
    """A plan is given a name and a note."""
    with desk.at("plans?scenario=classroom") as page:
        desk.press(page, "Duplicate", "复制一份")
        page.get_by_role("button", name=desk.said("Name and note", "名称与备注")).click()
        page.get_by_role("textbox", name=desk.said("Name", "名称")).fill(f"Monday {desk.language}")
        page.keyboard.press("Enter")
        page.wait_for_timeout(500)
        settled(page)
        desk.press(page, "Keep as a version", "存为新版本")
        desk.kept(page, "10-put-down")


def found_the_next_day(desk: Desk) -> None:
    """Another browser, of a server started again, finds the plan by its name and compares with it."""
    with desk.at("plans") as page:
        box = page.get_by_role("combobox").first
        box.focus()
        page.keyboard.type(f"Monday {desk.language}")
        page.wait_for_timeout(300)
        page.keyboard.press("Enter")
        settled(page)
        assert "my-" in page.url
        desk.kept(page, "10-next-day")


TASKS: Mapping[str, Callable[[Desk], float | None]] = {
    "from own data to the page for the boss": from_own_data_to_the_boss,
    "two plans compared": two_plans_compared,
    "the budget changed": the_budget_changed,
    "a calendar moved": a_calendar_moved,
    "creators chosen from a price list": a_creator_list_chosen_from,
    "risk read": risk_read,
    f"a class of {PUPILS} on one lesson": a_class_of_thirty,
    "stopped, and found again after a refresh": stopped_and_found_again,
    "a stranger's first minute": the_first_minute,
    "a plan put down": a_plan_put_down,
}
NEXT_DAY = "found again by another browser, the server started anew"


def test_ten_tasks_are_done_in_both_languages(
    section: Callable[[str, str], None],
    browser: Any,  # noqa: F811  a fixture
    pictures: Path,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cache, took = warmed(tmp_path / "server"), dict[tuple[str, str], float]()
    for variable in (storage.CACHE, storage.DATA):
        monkeypatch.setenv(variable, str(cache))

    def timed(name: str, task: Callable[[Desk], float | None], desk: Desk) -> None:
        began = time.monotonic()
        own = task(desk)
        took[name, desk.language] = time.monotonic() - began if own is None else own

    with serving(cache) as server:
        for language in LANGUAGES:
            for name, task in TASKS.items():
                timed(name, task, Desk(browser, server, language, pictures))
    with serving(cache) as server:
        for language in LANGUAGES:
            timed(NEXT_DAY, found_the_next_day, Desk(browser, server, language, pictures))
    names = (*TASKS, NEXT_DAY)
    rows = [[name, *(f"{took[name, language]:.1f}" for language in LANGUAGES)] for name in names]
    section(
        "Ten tasks of a strategist and a teacher",
        f"""Each is done in a real browser from the first click to its answer, in both languages, on {cores()} cores that browser and server
share; pictures are taken on a desktop and a phone, and no page is wider than the phone or reports an error. Of the class, one pupil has a browser and {PUPILS - 1} send
what their pages would. Seconds, with the pictures; of stopping and of the first minute, to the stop and to the first answer on one's own numbers:

{table(("task", *LANGUAGES), rows)}""",
    )
    for language in LANGUAGES:
        assert took["stopped, and found again after a refresh", language] < STOPPED_S
        assert took["a stranger's first minute", language] < FIRST_ANSWER_S
