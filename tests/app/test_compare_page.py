import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from sim.app import choice as scenario_choice
from sim.app.pages import compare
from sim.app.work import request, store
from sim.app.work.jobs import State
from sim.app.work.request import FIRST, Request
from sim.errors import RunError
from sim.scenario.shipped import shipped as shipped_scenarios
from tests.app.driving import FakeJobs, alive, button, choice, markup, opened, progress

CHINESE = re.compile("[\u4e00-\u9fff]")
LAYOUTS = tuple(variant.name for variant in FIRST.variants)
OWN = FIRST.plan().audience.users
WHOLE = replace(FIRST, users=OWN)
EIGHT = replace(WHOLE, seeds=8)
FIRST_LOOK = EIGHT.looks()[0]
SHIPPED = store._ready()[0][1]


@pytest.fixture(autouse=True)
def shipped(jobs: FakeJobs, monkeypatch: pytest.MonkeyPatch) -> dict[Request, Any]:
    """The shipped answer counts whatever the rules are; nothing else is computed."""
    known: dict[Request, Any] = {WHOLE: SHIPPED}
    monkeypatch.setattr(store, "found", known.get)
    return known


def text(app: AppTest) -> str:
    return " ".join(element.value for element in app.text)


def test_the_first_view_shows_a_finished_comparison() -> None:
    app = opened()
    answer = SHIPPED
    page = markup(app)
    assert answer["comparisons"]["follows"]["verdict"]["text_en"] in page
    assert "16 seeds · 200K people · 168 h · Beauty matrix" in page
    assert page.count("<tr>") == 1 + len(LAYOUTS)
    assert len(app.get("plotly_chart")) == 1
    assert not progress(app)


def test_chinese_has_no_english_left() -> None:
    app = opened(lang="zh")
    page = markup(app)
    assert SHIPPED["comparisons"]["follows"]["verdict"]["text_zh"] in page
    assert "16 次模拟 · 20 万人 · 168 小时 · 美妆矩阵" in page
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
    assert SHIPPED["comparisons"]["orders"]["verdict"]["text_en"] in markup(app)
    assert jobs.started == []


def test_the_address_holds_the_choices() -> None:
    app = opened()
    app = alive(choice(app, compare.SEED).set_value(32).run())
    wanted = {"scenario": "beauty_matrix", "layouts": "none.single.star.ring.mesh", "metric": "follows",
              "seeds": "32"}  # fmt: skip
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
        {"scenario": "my-0123456789abcdef", "users": "10000", "lang": "xx"},
        {"scenario": "my-../../../etc/pass"},
    ],
)
def test_an_address_with_rubbish_opens_the_first_view(address: dict[str, str]) -> None:
    app = opened(**address)
    assert choice(app, scenario_choice.SCENARIO).value == FIRST.scenario
    assert choice(app, compare.SEED).value == FIRST.seeds


def test_a_scenario_brings_an_audience_that_it_can_have() -> None:
    app = opened()
    app = alive(choice(app, scenario_choice.SCENARIO).set_value("classroom").run())
    assert choice(app, scenario_choice.USERS).value == 2_000


@pytest.mark.parametrize("name", list(shipped_scenarios()))
def test_every_scenario_is_first_shown_at_its_own_size(name: str, jobs: FakeJobs) -> None:
    own = request.plan_of(name).audience.users
    for page in ("compare", "mix", "flow", "pools", "report"):
        app = opened(page, scenario=name)
        assert app.session_state[scenario_choice.USERS] == own
        assert "users" not in app.query_params
    asked = [given for given in jobs.started if given.scenario == name]
    assert asked
    assert {given.plan().audience.users for given in asked} == {own}


def test_a_smaller_audience_is_called_a_preview_of_another_market(shipped: dict[Request, Any]) -> None:
    shipped[replace(WHOLE, users=50_000)] = SHIPPED
    app = opened(users="50000")
    assert "preview with 50K people, another market than the scenario's 200K people" in unescape(markup(app))
    assert app.query_params["users"] in ("50000", ["50000"])
    options = choice(app, scenario_choice.USERS).options
    assert "50K people · preview" in options
    assert "200K people" in options
    assert "preview" not in markup(opened())


@pytest.mark.parametrize("layouts", ["star", "none.single.star.ring.chain.tree.mesh"])
def test_too_few_or_too_many_layouts_are_a_message(layouts: str, jobs: FakeJobs) -> None:
    app = opened(layouts=layouts)
    assert "two to six" in app.info[0].value
    assert not jobs.started


def test_a_choice_without_an_answer_is_computed_at_once_from_few_seeds_first(jobs: FakeJobs) -> None:
    app = opened(seeds="8")
    assert jobs.started == [FIRST_LOOK]
    assert "half a minute" in progress(app)
    key = FIRST_LOOK.key()
    jobs.states[key] = State("running", 5, 10, 12.4)
    assert "5 of 10 launches simulated, about 12 s left" in progress(alive(app.run()))
    jobs.states[key] = State("running", 5, 10, 200.0)
    assert "about 3 min left" in progress(alive(app.run()))
    jobs.states[key] = State("waiting", total=10)
    assert "Waiting" in progress(alive(app.run()))


def test_a_first_look_is_shown_with_its_seeds_while_more_are_computed(
    jobs: FakeJobs, shipped: dict[Request, Any]
) -> None:
    answer = dict(SHIPPED)
    shipped[FIRST_LOOK] = answer
    app = opened(seeds="8")
    assert jobs.started == [EIGHT]
    assert answer["comparisons"]["follows"]["verdict"]["text_en"] in markup(app)
    assert progress(app)


def test_a_refresh_finds_the_computation_again(jobs: FakeJobs) -> None:
    jobs.start(FIRST_LOOK, "another tab")
    assert "half a minute" in progress(opened(seeds="8"))
    assert len(jobs.started) == 1


def test_stop_stops_until_it_is_told_to_go_on(jobs: FakeJobs) -> None:
    app = opened(seeds="8")
    app = alive(button(app, "Stop").click().run())
    assert set(jobs.left) == {FIRST_LOOK.key()}
    assert "Stopped" in text(app)
    assert len(jobs.started) == 1
    alive(button(app, "Go on").click().run())
    assert len(jobs.started) == 2


def test_work_found_after_a_refresh_can_be_stopped(jobs: FakeJobs) -> None:
    jobs.start(FIRST_LOOK, "before the refresh")
    app = alive(button(opened(seeds="8"), "Stop").click().run())
    assert "Stopped" in text(app)
    assert jobs.left


def test_a_changed_control_stops_what_it_no_longer_asks_for(jobs: FakeJobs) -> None:
    app = opened(seeds="8")
    alive(choice(app, scenario_choice.USERS).set_value(50_000).run())
    assert jobs.left == [FIRST_LOOK.key()]
    assert jobs.started[-1].users == 50_000


def test_more_seeds_go_on_with_the_same_first_look(jobs: FakeJobs) -> None:
    app = opened(seeds="8")
    alive(choice(app, compare.SEED).set_value(32).run())
    assert jobs.started == [FIRST_LOOK]
    assert not jobs.left


def test_the_answer_before_stays_while_the_next_one_is_computed() -> None:
    app = opened()
    app = alive(choice(app, compare.SEED).set_value(8).run())
    assert "Previous answer" in [h.value for h in app.subheader]
    assert "16 seeds" in markup(app)


def test_a_failure_is_a_message_and_the_page_lives_on(jobs: FakeJobs) -> None:
    jobs.states[FIRST_LOOK.key()] = State("failed", message="no *memory*")
    app = opened(seeds="8")
    assert app.error[0].value == "This could not be computed."
    assert app.code[0].value == "no *memory*"
    alive(button(app, "Try again").click().run())
    assert jobs.started == [FIRST_LOOK]
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
    assert app.error[0].value == "这次没有算成。"
    assert str(failure) in app.code[0].value


def test_a_metric_without_value_is_a_message(shipped: dict[Request, Any]) -> None:
    answer = dict(SHIPPED)
    answer["comparisons"] = {k: v for k, v in answer["comparisons"].items() if k != "roi"}
    shipped[WHOLE] = answer
    assert "nothing was spent" in opened(metric="roi").info[0].value


def test_every_metric_can_be_drawn_in_both_languages(subtests: Callable[..., Any]) -> None:
    for language in ("zh", "en"):
        app = opened(lang=language)
        for metric in SHIPPED["comparisons"]:
            with subtests.test(language=language, metric=metric):
                app = alive(choice(app, compare.METRIC).set_value(metric).run())
                assert SHIPPED["comparisons"][metric]["verdict"][f"text_{language}"] in markup(app)
