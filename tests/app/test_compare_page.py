import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from sim.app import store
from sim.app.jobs import State
from sim.app.pages import compare
from sim.app.request import FIRST, Request
from sim.errors import RunError

ROOT = Path(__file__).parents[2]
SHIPPED = store.READY / f"{FIRST.scenario}.json"
CHINESE = re.compile("[\u4e00-\u9fff]")


class FakeJobs:
    """Computations that are told how far they are."""

    def __init__(self) -> None:
        self.states: dict[str, State] = {}
        self.started: list[Request] = []
        self.left: list[str] = []

    def start(self, request: Request, watcher: str) -> None:
        self.started.append(request)
        self.states[request.key()] = State("compiling", total=request.runs)

    def state(self, request: Request, watcher: str) -> State | None:
        return self.states.get(request.key())

    def leave(self, key: str, watcher: str) -> None:
        self.left.append(key)
        self.states.pop(key, None)


@pytest.fixture(autouse=True)
def jobs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeJobs:
    """No process is started and nothing is kept; the shipped answer counts whatever the rules are."""
    fake = FakeJobs()
    monkeypatch.setattr(compare, "jobs", lambda: fake)
    monkeypatch.setattr(store, "folder", lambda: tmp_path)
    answer = store._ready()[0]
    known = {FIRST: answer}
    monkeypatch.setattr(store, "found", known.get)
    return fake


def opened(**address: str) -> AppTest:
    app = AppTest.from_file(ROOT / "app.py", default_timeout=30)
    for name, text in address.items():
        app.query_params[name] = text
    return alive(app.run())


def alive(app: AppTest) -> AppTest:
    assert not app.exception, app.exception
    return app


def markup(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html"))


def choice(app: AppTest, key: str) -> Any:
    return next(box for box in app.selectbox if box.key == key)


def button(app: AppTest, *labels: str) -> Any:
    return next(found for found in app.button if found.label in labels)


def test_the_first_view_shows_a_finished_comparison() -> None:
    app = opened()
    answer = store._ready()[0]
    page = markup(app)
    assert answer["comparisons"]["reach"]["verdict"]["text_en"] in page
    assert "16 seeds · 100K people · 168 h · Beauty matrix" in page
    assert page.count("<tr>") == 1 + len(FIRST.layouts)
    assert len(app.get("plotly_chart")) == 1
    assert button(app, "Run").disabled


def test_chinese_has_no_english_left() -> None:
    app = opened(lang="zh")
    page = markup(app)
    assert store._ready()[0]["comparisons"]["reach"]["verdict"]["text_zh"] in page
    assert "16 次模拟 · 10 万人 · 168 小时 · 美妆矩阵" in page
    widgets = [*app.selectbox, *(b for b in app.button if b.key != "language_switch")]
    shown = [app.title[0].value, *(h.value for h in app.subheader), *(w.label for w in widgets)]
    shown += [option for box in app.selectbox for option in box.options if option != "ROI"]
    shown += re.findall(r"<(?:th|abbr)[^>]*>([^<]+)<", page)
    assert [text for text in shown if not CHINESE.search(text)] == []


@pytest.mark.parametrize(("before", "after", "label"), [("zh", "en", "English"), ("en", "zh", "中文")])
def test_the_switch_changes_the_language_and_keeps_the_choices(before: str, after: str, label: str) -> None:
    app = opened(lang=before, metric="orders", layouts="star.ring")
    app = alive(button(app, label).click().run())
    assert bool(CHINESE.search(app.title[0].value)) is (after == "zh")
    assert choice(app, compare.METRIC).value == "orders"
    assert app.query_params["lang"] in (after, [after])
    assert app.session_state[compare.LAYOUT] == ["star", "ring"]


def test_another_metric_needs_no_computation(jobs: FakeJobs) -> None:
    app = opened()
    app = alive(choice(app, compare.METRIC).set_value("orders").run())
    assert store._ready()[0]["comparisons"]["orders"]["verdict"]["text_en"] in markup(app)
    assert jobs.started == []


def test_the_address_holds_the_choices() -> None:
    app = opened()
    app = alive(choice(app, compare.SEED).set_value(32).run())
    wanted = {"scenario": "beauty_matrix", "layouts": "none.single.star.ring.mesh", "metric": "reach",
              "users": "100000", "seeds": "32"}  # fmt: skip
    assert {
        name: texts if isinstance(texts, str) else texts[0] for name, texts in app.query_params.items()
    } == wanted
    again = opened(**wanted)
    assert choice(again, compare.SEED).value == 32


@pytest.mark.parametrize(
    "address",
    [
        {
            "scenario": "../../etc/passwd",
            "layouts": "none.<b>",
            "metric": "fame",
            "users": "-1",
            "seeds": "many",
        },
        {"scenario": "", "users": "10000", "lang": "xx"},
    ],
)
def test_an_address_with_rubbish_opens_the_first_view(address: dict[str, str]) -> None:
    app = opened(**address)
    assert choice(app, compare.SCENARIO).value == FIRST.scenario
    assert choice(app, compare.USERS).value == FIRST.users
    assert choice(app, compare.SEED).value == FIRST.seeds


def test_a_scenario_brings_an_audience_that_it_can_have() -> None:
    app = opened()
    app = alive(choice(app, compare.SCENARIO).set_value("classroom").run())
    assert choice(app, compare.USERS).value == 2_000
    app = alive(choice(app, compare.SCENARIO).set_value("three_lines").run())
    assert choice(app, compare.USERS).value >= 200_000


@pytest.mark.parametrize("layouts", ["star", "none.single.star.ring.chain.tree.mesh"])
def test_too_few_or_too_many_layouts_are_a_message(layouts: str, jobs: FakeJobs) -> None:
    app = opened(layouts=layouts)
    assert "two to six" in app.info[0].value
    assert button(app, "Run").disabled
    assert not jobs.started


def test_run_starts_a_computation_and_shows_how_far_it_is(jobs: FakeJobs) -> None:
    app = opened(seeds="8")
    assert "5 layouts × 8 seeds = 40 launches, 100K people each" in app.info[0].value
    app = alive(button(app, "Run").click().run())
    wanted = Request("beauty_matrix", 100_000, FIRST.layouts, 8)
    assert jobs.started == [wanted]
    assert button(app, "Run").disabled
    assert "half a minute" in progress(app)
    jobs.states[wanted.key()] = State("running", 10, 40, 12.4)
    assert "10 of 40 launches simulated, about 12 s left" in progress(alive(app.run()))
    jobs.states[wanted.key()] = State("running", 10, 40, 200.0)
    assert "about 3 min left" in progress(alive(app.run()))
    jobs.states[wanted.key()] = State("waiting", total=40)
    assert "Waiting" in progress(alive(app.run()))


def test_a_refresh_finds_the_computation_again(jobs: FakeJobs) -> None:
    jobs.start(Request("beauty_matrix", 100_000, FIRST.layouts, 8), "another tab")
    assert "half a minute" in progress(opened(seeds="8"))


def test_stop_stops(jobs: FakeJobs) -> None:
    app = opened(seeds="8")
    app = alive(button(app, "Run").click().run())
    app = alive(button(app, "Stop").click().run())
    assert len(jobs.left) == 1
    assert "Not computed yet" in app.info[0].value


def test_a_changed_control_stops_what_it_no_longer_asks_for(jobs: FakeJobs) -> None:
    app = opened(seeds="8")
    app = alive(button(app, "Run").click().run())
    alive(choice(app, compare.SEED).set_value(32).run())
    assert jobs.left == [jobs.started[0].key()]


def test_the_answer_before_stays_while_the_next_one_is_computed(jobs: FakeJobs) -> None:
    app = opened()
    app = alive(choice(app, compare.SEED).set_value(8).run())
    assert "Previous answer" in [h.value for h in app.subheader]
    assert "16 seeds" in markup(app)


def test_a_failure_is_a_message_and_the_page_lives_on(jobs: FakeJobs) -> None:
    jobs.states[Request("beauty_matrix", 100_000, FIRST.layouts, 8).key()] = State(
        "failed", message="no *memory*"
    )
    app = opened(seeds="8")
    assert app.error[0].value == "This comparison could not be computed."
    assert app.code[0].value == "no *memory*"
    assert not button(app, "Run").disabled
    app = alive(choice(app, compare.SEED).set_value(16).run())
    assert not app.error


@pytest.mark.parametrize("failure", [RunError("nothing fits"), OSError(28, "No space left on device")])
def test_what_goes_wrong_in_the_page_is_a_message_too(
    failure: Exception, jobs: FakeJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(request: Request, watcher: str) -> None:
        raise failure

    monkeypatch.setattr(jobs, "start", broken)
    app = opened(seeds="8", lang="zh")
    app = alive(button(app, "开始模拟").click().run())
    assert app.error[0].value == "这次对比没有算成。"
    assert str(failure) in app.code[0].value


def test_a_metric_without_value_is_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = dict(store._ready()[0])
    answer["comparisons"] = {k: v for k, v in answer["comparisons"].items() if k != "roi"}
    monkeypatch.setattr(store, "found", lambda request: answer)
    assert "nothing was spent" in opened(metric="roi").info[0].value


def progress(app: AppTest) -> str:
    return " ".join(element.proto.text for element in app.get("progress"))


def test_every_metric_can_be_drawn_in_both_languages(subtests: Callable[..., Any]) -> None:
    for language in ("zh", "en"):
        app = opened(lang=language)
        for metric in store._ready()[0]["comparisons"]:
            with subtests.test(language=language, metric=metric):
                app = alive(choice(app, compare.METRIC).set_value(metric).run())
                assert store._ready()[0]["comparisons"][metric]["verdict"][f"text_{language}"] in markup(app)
