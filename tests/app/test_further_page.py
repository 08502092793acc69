"""What a finished comparison is asked further, beneath its verdict."""

import json
from html import unescape
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from sim.app.jobs import store
from sim.app.jobs.jobs import State
from sim.app.jobs.questions import ACCOUNT_SEEDS, ACCOUNTS, WAYS, Counting, Doubting, Explaining, Reviewing
from sim.app.jobs.request import Comparing, Request, Timing
from sim.app.jobs.variants import built
from sim.app.ui.further import MARK
from sim.experiment.accounts import curves
from tests.app.driving import EagerJobs, FakeJobs, alive, markup, opened, progress

GIVEN = {"scenario": "classroom", "structures": "one.1+3", "seeds": "8", "metric": "follows"}
WHOLE = Comparing("classroom", 2_000, built(("one", "1+3")), 8)
TIMED = Timing("classroom", 2_000)


def variant(name: str, mean: float, low: float, high: float) -> dict[str, Any]:
    return {
        "name": name, "mean": mean, "low": mean - 1, "high": mean + 1,
        "difference": low and (low + high) / 2, "difference_low": low, "difference_high": high,
        "probability_best": 0.5, "first_share": 0.5, "hit_probability": 0.0, "lower_tail": mean,
    }  # fmt: skip


def answer(code: str = "winner", **others: Any) -> dict[str, Any]:
    found = {
        "seeds": 8,
        "metric": "follows",
        "confidence": 0.95,
        "interval": {"kind": "student", "confidence": 0.95},
        "verdict": {"code": code, "text_en": "One account is best.", "text_zh": "单号最好。"},
        "variants": [variant("one", 30.0, 0, 0), variant("1+3", 20.0, -14.0, -6.0)],
        "warnings": [],
        **others,
    }
    return {"hours": 96, "comparisons": {"follows": found}, "runs": {}, "told": []}


REASONS = {
    "hours": 96,
    "seeds": 8,
    "why": [
        {"group": "followers", "baseline": "runner_up", "share": 7.0, "low": 5.0, "high": 9.0},
        {"group": "luck", "baseline": "runner_up", "share": 2.0, "low": -1.0, "high": 5.0},
    ],
}
MAP = {
    "draws": 64,
    "axes": [
        {"key": "platform.account_luck_sd", "low": 0.15, "high": 0.6, "here": 0.35, "effect": 0.4},
        {
            "key": "structure.cost_per_account_cny",
            "low": 500.0,
            "high": 10_000.0,
            "here": 2000.0,
            "effect": 0.1,
        },
    ],
    "best": [["one"] * 9 + [None] * 3] * 12,
    "shares": {"one": 0.75, "1+3": 0.0},
    "cannot_tell": 0.25,
}


@pytest.fixture
def known(jobs: FakeJobs, monkeypatch: pytest.MonkeyPatch) -> dict[Request, Any]:
    found: dict[Request, Any] = {WHOLE: answer(), TIMED: {"seconds": 0.25, "workers": 2}}
    monkeypatch.setattr(store, "found", found.get)
    return found


def questions(app: AppTest, *names: str) -> list[str]:
    """Labels of the buttons; those about the comparison itself, where none are named."""
    keys = [f"ask_{name}" for name in names or ("why", "robust")]
    return [found.label for found in app.button if found.key in keys]


def ask(app: AppTest, name: str) -> AppTest:
    return alive(next(found for found in app.button if found.key == f"ask_{name}").click().run())


def test_each_button_says_beforehand_how_long_it_takes(known: dict[Request, Any], jobs: FakeJobs) -> None:
    """Three plans, the one as written among them, × 16 subsets × 8 seeds; 64 draws of two variants;
    16 structures at most × 16 seeds; the plan as written and without each of 4 accounts in two ways, × 16."""
    assert questions(opened(**GIVEN), "why", "robust", "accounts", "review") == [
        "Why? · 48 s to 2 min", "How sure if the assumptions are wrong? · 16 s to 32 s",
        "How many accounts? · 32 s to 64 s", "Which accounts to stop or merge? · 18 s to 36 s",
    ]  # fmt: skip
    assert jobs.started == []


def test_until_a_run_is_timed_it_says_how_many_there_are(known: dict[Request, Any], jobs: FakeJobs) -> None:
    del known[TIMED]
    app = opened(**GIVEN)
    assert questions(app)[0] == "Why? · 384 launches"
    assert jobs.started == [TIMED]
    assert not progress(app)  # it goes on without a word
    known[TIMED] = {"seconds": 0.25, "workers": 2}
    jobs.states.clear()
    assert questions(alive(app.run()))[0] == "Why? · 48 s to 2 min"


def test_the_question_is_asked_once_and_its_work_is_watched_and_stopped(
    known: dict[Request, Any], jobs: FakeJobs
) -> None:
    app = ask(opened(**GIVEN), "why")
    [request] = jobs.started
    assert isinstance(request, Explaining)
    assert [variant.name for variant in request.variants] == ["one", "1+3"]
    assert request.metric == "follows"
    assert len(questions(app)) == 1
    jobs.states[request.key()] = State("running", 96, 384, 30.0)
    assert "96 of 384 launches simulated, about 30 s left" in progress(alive(app.run()))
    stop = next(found for found in app.button if found.label == "Stop")
    app = alive(stop.click().run())
    assert set(jobs.left) == {request.key()}
    assert "Stopped." in [element.value for element in app.text]


def test_a_refresh_and_a_copied_address_ask_the_same_again(known: dict[Request, Any], jobs: FakeJobs) -> None:
    app = ask(opened(**GIVEN), "robust")
    [request] = jobs.started
    assert isinstance(request, Doubting)
    address = {name: text if isinstance(text, str) else text[0] for name, text in app.query_params.items()}
    assert address["robust"] == request.key()[:MARK]
    jobs.started.clear()
    again = opened(**address)
    assert jobs.started in ([], [request])  # it was under way
    assert progress(again)


def test_another_comparison_is_not_asked_by_itself(known: dict[Request, Any], jobs: FakeJobs) -> None:
    ask(opened(**GIVEN), "robust")
    jobs.started.clear()
    known[Comparing("classroom", 2_000, built(("one", "1+8")), 8)] = answer(
        variants=[variant("one", 30.0, 0, 0), variant("1+8", 20.0, -14.0, -6.0)]
    )
    app = opened(**{**GIVEN, "structures": "one.1+8", "robust": "0123456789ab"})
    assert len(questions(app)) == 2
    assert jobs.started == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_answers_stand_in_words_beneath_the_verdict_and_as_figures_below(
    known: dict[Request, Any], language: str
) -> None:
    why = Explaining("classroom", 2_000, built(("one", "1+3")), 8, "follows")
    known[why] = REASONS
    known[Doubting("classroom", 2_000, built(("one", "1+3")), 64)] = answer(robust=MAP)
    app = opened(lang=language, **GIVEN)
    page = unescape(markup(app))
    said = {
        "en": ("Why one account is ahead of 1+3, the runner-up", "one account is best in 75% of the range"),
        "zh": ("全部发在主号为何领先第二名 1+3 矩阵", "全部发在主号在 75% 的区间内最佳"),
    }
    assert all(text in page for text in said[language])
    assert questions(app) == []
    figures = [json.loads(chart.proto.spec) for chart in app.get("plotly_chart")]
    assert [figure["data"][0]["type"] for figure in figures] == ["scatter", "bar", "heatmap"]
    assert ("不是概率" if language == "zh" else "not probabilities") in page


def test_without_a_lead_nothing_is_shared_out(known: dict[Request, Any]) -> None:
    nothing = [{**row, "share": 0.0, "low": 0.0, "high": 0.0} for row in REASONS["why"]]  # type: ignore[union-attr]
    known[Explaining("classroom", 2_000, built(("one", "1+3")), 8, "follows")] = {**REASONS, "why": nothing}
    app = opened(**GIVEN)
    assert "no lead to share out" in unescape(markup(app))
    assert len(app.get("plotly_chart")) == 1


@pytest.mark.parametrize("code", ["identical", "alone"])
def test_where_nothing_differs_nothing_is_asked(known: dict[Request, Any], code: str) -> None:
    known[WHOLE] = answer(code)
    assert questions(opened(**GIVEN)) == []


def test_an_interim_answer_is_not_asked_further(known: dict[Request, Any], jobs: FakeJobs) -> None:
    known[WHOLE.looks()[0]] = known.pop(WHOLE)
    assert questions(opened(**GIVEN)) == []


def test_several_that_will_do_are_said_so(known: dict[Request, Any]) -> None:
    known[WHOLE] = answer("equivalent", variants=[variant("one", 30, 0, 0), variant("1+3", 29.9, -0.4, 0.2)])
    app = opened(**GIVEN)
    figure = json.loads(app.get("plotly_chart")[0].proto.spec)
    assert [trace["name"] for trace in figure["data"]] == ["Any of these will do"]
    assert len(questions(app)) == 2


INTERVAL = {"low": 1.0, "high": 3.0}
CURVES = {
    "seeds": 16,
    "ways": [
        {"way": way, "text_en": f"{way}: one more pays.", "text_zh": f"{way}：再开一个划算。", "steps": [
            {"accounts": n, "variant": f"1+{n}" if n else "one", "mean": 2.0 + n, **INTERVAL,
             "cost_cny": 1000.0 * n, "more": n or None, "more_low": 0.5, "more_high": 1.5,
             "right": 0.5 if way == "race" and n else None}
            for n in (0, 4)
        ]}
        for way in WAYS
    ],
}  # fmt: skip
CHANGE = {"mean": -2.0, "low": -3.0, "high": None, "cost_cny": -500.0}
REVIEW = {
    "seeds": 16,
    "accounts": [
        {"account": name, "advice": advice, "advice_en": advice, "advice_zh": "建议",
         "stop": CHANGE, "merge": CHANGE}
        for name, advice in (
            ("<b>tea", "stop"), ("milk", "keep"), ("jam", "keep"), ("body and bath", "not_stop")
        )
    ],
}  # fmt: skip


@pytest.mark.parametrize("language", ["zh", "en"])
def test_how_many_accounts_and_which_to_stop_stand_in_words_then_figure_and_table(
    known: dict[Request, Any], jobs: FakeJobs, language: str
) -> None:
    app = ask(ask(opened(lang=language, **GIVEN), "accounts"), "review")
    counting, reviewing = jobs.started
    assert isinstance(counting, Counting)
    assert isinstance(reviewing, Reviewing)
    assert set(reviewing.accounts) == {
        account.id for account in reviewing.plan().accounts if account.role == "sub"
    }
    assert {"accounts", "review"} <= set(app.query_params)
    known |= {counting: CURVES, reviewing: REVIEW}
    jobs.states.clear()
    app = alive(app.run())
    page = unescape(markup(app))
    said = {
        "en": (
            "race: one more pays.",
            "Better stopped: <b>tea.",
            "Better kept: milk, jam.",
            "Picked right",
            "Better not stopped; whether to merge cannot be told with 16 rounds: body and bath.",
        ),
        "zh": (
            "race：再开一个划算。",
            "建议停更：<b>tea。",
            "建议保留：milk、jam。",
            "赛马选对的概率",
            "建议不要停更，16 轮模拟尚无法判断是否并入主账号：身体沐浴。",
        ),
    }
    assert all(text in page for text in said[language])
    assert "<b>tea" not in markup(app)
    figures = [json.loads(chart.proto.spec) for chart in app.get("plotly_chart")]
    assert [len(figure["data"]) for figure in figures] == [2, len(WAYS)]
    assert questions(app, "accounts", "review") == []


def test_accounts_are_asked_about_with_links_that_go_with_any_number(
    known: dict[Request, Any], jobs: FakeJobs
) -> None:
    """The accounts' own list of links names accounts that other numbers do not have."""
    assert Counting("classroom", 2_000, "follows").plan().links.layout == "star"
    ask(opened(**GIVEN), "accounts")
    assert jobs.started == [Counting("classroom", 2_000, "follows")]


def test_what_is_asked_further_is_what_the_command_computes(eager: EagerJobs) -> None:
    """The classroom for a day: every number of the page's own document is the analysis's."""
    counting = Counting("classroom", 2_000, "follows", '{"run.hours": 12}')
    eager.start(counting, "me")
    kept = store.found(counting)
    assert kept is not None
    found = curves(
        counting.plan(), ways=WAYS, counts=ACCOUNTS, metric="follows", seeds=ACCOUNT_SEEDS
    ).as_dict()
    assert kept["ways"] == json.loads(json.dumps(found["ways"]))
    assert len(found["variants"]) * ACCOUNT_SEEDS <= counting.runs
