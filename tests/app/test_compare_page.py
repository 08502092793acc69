import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from sim.app.jobs import request, store
from sim.app.jobs.answer import judged
from sim.app.jobs.jobs import State
from sim.app.jobs.request import FIRST, Comparing, Request, Timing, plan_of
from sim.app.ui import choice as scenario_choice
from sim.app.ui import comparing, comparison
from sim.errors import RunError
from sim.experiment.compare import compare_variants
from sim.experiment.variants import Variant
from sim.language.plain import PLAIN
from sim.language.words import Words
from sim.scenario.shipped import shipped as shipped_scenarios
from tests.app.driving import CHINESE, FakeJobs, alive, button, choice, failed, markup, opened, progress

STRUCTURES = tuple(variant.name for variant in FIRST.variants)
OWN = FIRST.plan().audience.users
WHOLE = replace(FIRST, users=OWN)
EIGHT = replace(WHOLE, seeds=8)
FIRST_LOOK = EIGHT.looks()[0]
SEEDS = 4


@pytest.fixture(scope="module")
def answer() -> dict[str, Any]:
    """The first view's variants in a class: quick, and of all that a document holds."""
    plan = plan_of("classroom")
    variants = tuple(Variant(v.name, v.label_zh, v.of(plan), structure=v.structure) for v in FIRST.variants)
    found = judged(compare_variants(variants, seeds=SEEDS))
    return {"hours": plan.run.hours, **found}


@pytest.fixture(autouse=True)
def shipped(jobs: FakeJobs, monkeypatch: pytest.MonkeyPatch, answer: dict[str, Any]) -> dict[Request, Any]:
    """The first view has an answer, and a run of it was timed; nothing else is computed."""
    known: dict[Request, Any] = {WHOLE: answer, Timing(FIRST.scenario, OWN): {"seconds": 0.5, "workers": 2}}
    monkeypatch.setattr(store, "found", known.get)
    return known


def asked(jobs: FakeJobs) -> list[Request]:
    """What was started, but for runs that are timed."""
    return [request for request in jobs.started if not isinstance(request, Timing)]


def text(app: AppTest) -> str:
    return " ".join(element.value for element in app.text)


def test_the_first_view_shows_a_finished_comparison(answer: dict[str, Any]) -> None:
    app = opened(researcher="1")
    page = unescape(markup(app))
    assert answer["comparisons"]["profit"]["verdict"]["text_en"] in page
    assert f"{SEEDS} rounds · 2M people · {answer['hours']} h · Beauty matrix" in page
    assert page.count("<tr>") == 3 * (1 + len(STRUCTURES))  # the comparison, money, what would make it pay
    assert len(app.get("plotly_chart")) == 2  # the intervals, and several goals in a fold
    assert not progress(app)


def test_followers_stand_beside_what_is_compared() -> None:
    heads = [
        page.split("</thead>")[0].split("<thead>")[1]
        for page in map(markup, (opened(), opened(metric="follows")))
    ]
    assert [head.count(">New fans, net<") for head in heads] == [1, 0]


def test_grave_warnings_stand_beside_the_verdict_and_the_rest_is_folded(answer: dict[str, Any]) -> None:
    app = opened()
    warned = comparison.warnings(answer["comparisons"]["profit"], Words("en", PLAIN))
    assert len(warned) > comparison.SHOWN
    assert all(text in unescape(markup(app)) for text in warned)
    folded = next(fold for fold in app.expander if fold.label.startswith("More to know"))
    inside = unescape("".join(element.proto.body for element in folded.get("html")))
    assert [text for text in warned if text in inside] == warned[comparison.SHOWN :]


def test_chinese_has_no_english_left(answer: dict[str, Any]) -> None:
    app = opened(lang="zh", researcher="1")
    page = unescape(markup(app))
    assert answer["comparisons"]["profit"]["verdict"]["text_zh"] in page
    assert f"{SEEDS} 轮模拟 · 200 万人 · {answer['hours']} 小时 · 美妆矩阵" in page
    widgets = [*app.selectbox, *(b for b in app.button if b.key != "language_switch")]
    shown = [app.title[0].value, *(h.value for h in app.header), *(w.label for w in widgets)]
    shown += [option for box in app.selectbox for option in box.options if option != "ROI"]
    shown += re.findall(r"<(?:th|abbr)[^>]*>([^<]+)<", page)
    assert [text for text in shown if not CHINESE.search(text)] == []


@pytest.mark.parametrize(("before", "after", "label"), [("zh", "en", "English"), ("en", "zh", "中文")])
def test_the_switch_changes_the_language_and_keeps_the_choices(before: str, after: str, label: str) -> None:
    app = opened(lang=before, metric="orders", layouts="star.ring")
    app = alive(button(app, label).click().run())
    assert bool(CHINESE.search(app.title[0].value)) is (after == "zh")
    assert choice(app, comparing.METRIC).value == "orders"
    assert app.query_params["lang"] in (after, [after])
    assert app.session_state[comparing.LAYOUT] == ["star", "ring"]


def test_another_metric_needs_no_computation(jobs: FakeJobs, answer: dict[str, Any]) -> None:
    app = opened(researcher="1")
    app = alive(choice(app, comparing.METRIC).set_value("orders").run())
    assert answer["comparisons"]["orders"]["verdict"]["text_en"] in unescape(markup(app))
    assert asked(jobs) == []


def test_the_address_holds_the_choices() -> None:
    app = opened()
    app = alive(choice(app, comparing.SEED).set_value(32).run())
    wanted = {"scenario": "beauty_matrix", "structures": "one.1+3.1+8.split:8.race:8", "metric": "profit",
              "seeds": "32"}  # fmt: skip
    assert {
        name: texts if isinstance(texts, str) else texts[0] for name, texts in app.query_params.items()
    } == wanted
    again = opened(**wanted)
    assert choice(again, comparing.SEED).value == 32


@pytest.mark.parametrize(
    "address",
    [
        {
            "scenario": "../../etc/passwd",
            "layouts": "none.<b>",
            "structures": "1+.<b>",
            "why": "<b>",
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
    assert choice(app, comparing.SEED).value == FIRST.seeds


def test_a_scenario_brings_an_audience_that_it_can_have() -> None:
    app = opened()
    app = alive(choice(app, scenario_choice.SCENARIO).set_value("classroom").run())
    assert choice(app, scenario_choice.USERS).value == 2_000


@pytest.mark.parametrize("name", list(shipped_scenarios()))
def test_every_scenario_is_first_shown_at_its_own_size(name: str, jobs: FakeJobs) -> None:
    own = request.plan_of(name).audience.users
    for page in ("compare", "mix", "campaign", "flow", "pools", "report"):
        app = opened(page, scenario=name)
        assert app.session_state[scenario_choice.USERS] == own
        assert "users" not in app.query_params
    asked = [given for given in jobs.started if given.scenario == name]
    assert asked
    assert {given.plan().audience.users for given in asked} == {own}


def test_a_smaller_audience_is_called_a_preview_of_another_market(
    shipped: dict[Request, Any], answer: dict[str, Any]
) -> None:
    shipped[replace(WHOLE, users=50_000)] = answer
    app = opened(users="50000")
    assert "preview with 50K people, another market than the scenario's 2M people" in unescape(markup(app))
    assert app.query_params["users"] in ("50000", ["50000"])
    options = choice(app, scenario_choice.USERS).options
    assert "50K people · preview" in options
    assert "2M people" in options
    assert "preview" not in markup(opened())


@pytest.mark.parametrize(
    "chosen",
    [
        {"layouts": "star"},
        {"layouts": "none.single.star.ring.chain.tree.mesh"},
        {"structures": "one"},
        {"structures": "1+3.1+8.race:8", "layouts": "none.star.mesh"},
    ],
)
def test_too_few_or_too_many_variants_are_a_message(chosen: dict[str, str], jobs: FakeJobs) -> None:
    app = opened(**chosen)
    assert "two to six" in app.info[0].value
    assert not asked(jobs)


def test_structures_and_layouts_are_tried_with_one_another(jobs: FakeJobs) -> None:
    opened(structures="one.1+3", layouts="star.mesh", seeds="4")
    [request] = jobs.started
    assert isinstance(request, Comparing)
    assert [variant.name for variant in request.variants] == ["one", "1+3 · star", "1+3 · mesh"]


def test_without_structures_layouts_are_compared_as_an_older_address_asks(jobs: FakeJobs) -> None:
    app = opened(layouts="none.single", seeds="4")
    [request] = jobs.started
    assert isinstance(request, Comparing)
    assert [variant.name for variant in request.variants] == ["none", "single"]
    assert "structures" not in app.query_params


def test_a_layout_that_says_who_posts_goes_with_no_structure(jobs: FakeJobs) -> None:
    opened(structures="one.1+3", layouts="single.mesh", seeds="4")
    [request] = jobs.started
    assert isinstance(request, Comparing)
    assert [variant.name for variant in request.variants] == ["one", "1+3 · mesh"]


@pytest.mark.parametrize("layout", ["single", "custom"])
def test_a_scenario_whose_links_name_accounts_is_linked_as_a_star_with_structures(
    layout: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = plan_of("classroom")
    names = [account.id for account in plan.accounts[:2]]
    edges = [[*names, "follow"]] if layout == "custom" else []
    linked = plan.with_values({"links.layout": layout, "links.edges": edges})
    variants = comparing.variants(["one", "1+3"], [], plan=linked)
    assert [variant.name for variant in variants] == ["one", "1+3 · star"]
    assert [variant.of(linked).links.layout for variant in variants] == ["none", "star"]


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
    jobs: FakeJobs, shipped: dict[Request, Any], answer: dict[str, Any]
) -> None:
    shipped[FIRST_LOOK] = answer
    app = opened(seeds="8")
    assert jobs.started == [EIGHT]
    found = answer["comparisons"]["profit"]
    assert f"is ahead after {SEEDS} rounds; the answer follows" in unescape(markup(app))
    assert found["verdict"]["text_en"] not in unescape(markup(app))  # of two seeds it would shout
    assert "<table" in markup(app)
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


def test_stop_is_seen_at_once_while_the_work_goes_on_for_others(
    jobs: FakeJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = opened(seeds="8")
    monkeypatch.setattr(jobs, "leave", lambda key, _: jobs.left.append(key))
    monkeypatch.setattr(jobs, "state", None)  # to look would be to watch
    app = alive(button(app, "Stop").click().run())
    assert "Stopped" in text(app)
    assert set(jobs.left) == {FIRST_LOOK.key()}


def test_what_was_stopped_stays_so_after_a_refresh(jobs: FakeJobs) -> None:
    app = alive(button(opened(seeds="8"), "Stop").click().run())
    again = opened(**{name: "".join(texts) for name, texts in app.query_params.items()})
    assert "Stopped" in text(again)
    assert len(jobs.started) == 1
    app = alive(button(again, "Go on").click().run())
    assert len(jobs.started) == 2
    assert "stopped" not in app.query_params


def test_a_variant_too_many_leaves_the_answer_on_screen(answer: dict[str, Any]) -> None:
    app = opened(researcher="1")
    chosen = ["written", "one", "1+3", "1+8", "split:8", "same:8", "race:8"]
    app = alive(app.get("button_group")[0].set_value(chosen).run())
    assert "two to six" in app.info[0].value
    assert answer["comparisons"]["profit"]["verdict"]["text_en"] in unescape(markup(app))


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
    alive(choice(app, comparing.SEED).set_value(32).run())
    assert jobs.started == [FIRST_LOOK]
    assert not jobs.left


def test_the_answer_before_stays_while_the_next_one_is_computed() -> None:
    app = opened()
    app = alive(choice(app, comparing.SEED).set_value(8).run())
    assert "Previous answer" in [h.value for h in app.header]
    assert f"{SEEDS} rounds" in markup(app)


def test_a_failure_is_a_message_and_the_page_lives_on(jobs: FakeJobs) -> None:
    jobs.states[FIRST_LOOK.key()] = failed("no *memory*")
    app = opened(seeds="8")
    assert app.error[0].value == "This could not be computed."
    assert app.code[0].value == "no *memory*"
    alive(button(app, "Try again").click().run())
    assert jobs.started == [FIRST_LOOK]
    app = alive(choice(app, comparing.SEED).set_value(16).run())
    assert not app.error


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        (RunError("{name}: the draft was deleted meanwhile", name="my-1"), "my-1：这份草稿已被删除"),
        (OSError(28, "No space left on device"), "磁盘空间不足"),
    ],
)
def test_what_goes_wrong_in_the_page_is_a_message_in_its_language(
    failure: Exception, said: str, jobs: FakeJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(request: Request, watcher: str) -> None:
        raise failure

    monkeypatch.setattr(jobs, "start", broken)
    app = opened(seeds="8", lang="zh")
    assert app.error[0].value == "这次没有算成。"
    assert app.code[0].value == said


def test_a_metric_without_value_is_a_message(shipped: dict[Request, Any], answer: dict[str, Any]) -> None:
    found = {k: v for k, v in answer["comparisons"].items() if k != "roi"}
    shipped[WHOLE] = {**answer, "comparisons": found}
    assert "nothing was spent" in opened(metric="roi").info[0].value


def test_every_metric_can_be_drawn_in_both_languages(
    subtests: Callable[..., Any], answer: dict[str, Any]
) -> None:
    for language in ("zh", "en"):
        app = opened(lang=language, researcher="1")
        for metric in answer["comparisons"]:
            with subtests.test(language=language, metric=metric):
                app = alive(choice(app, comparing.METRIC).set_value(metric).run())
                assert answer["comparisons"][metric]["verdict"][f"text_{language}"] in unescape(markup(app))
