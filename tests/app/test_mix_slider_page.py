"""The budget slider: an answer at once, or a grid that fills in behind and says so."""

import json
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from sim import storage
from sim.app.jobs import store
from sim.app.jobs.request import Request
from sim.app.pages.mix import mixes
from sim.app.pages.mix.slider import BUDGET, SLIDE
from sim.language.vocabulary import METRIC
from tests.app.driving import FakeJobs, alive, button, markup
from tests.app.mixing import FIRST, page

GRID = replace(mixes.first_slider(), users=FIRST.users)
STEPS = [
    {"budget_cny": budget, "mix": {"creators": dict.fromkeys(mixes.TIERS, k)}, "cost_cny": budget,
     "mean": 100.0 * k, "low": 90.0 * k, "high": 110.0 * k, "per_yuan": 0.02, "per_yuan_low": 0.01,
     "per_yuan_high": 0.03}
    for k, budget in enumerate(GRID.budgets, 1)
]  # fmt: skip


@pytest.fixture(autouse=True)
def known(known: dict[Request, store.Answer]) -> dict[Request, store.Answer]:
    known[GRID] = {"steps": STEPS}
    return known


def dragged(app: AppTest, cny: int) -> AppTest:
    return alive(next(box for box in app.select_slider if box.key == SLIDE).set_value(cny).run())


def curves(app: AppTest) -> list[list[int]]:
    data = (json.loads(chart.proto.spec)["data"][0] for chart in app.get("plotly_chart"))
    return [trace["x"] for trace in data if trace.get("x") == list(GRID.budgets)[: len(trace.get("x", []))]]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_slider_answers_at_once_and_its_budget_can_be_looked_into(jobs: FakeJobs, language: str) -> None:
    app, orders = page(lang=language), METRIC["orders"].label("zh")
    assert {"en": "200K CNY: Orders 400 (360 to 440)", "zh": f"20 万元：{orders} 400"}[language] in markup(
        app
    )
    app = dragged(app, 600_000)
    told = {
        "en": ["600K CNY: Orders 700 (630 to 770), with the best of the mixes people know: star 7",
               "Between here and 800K CNY each 1,000 CNY more adds +20 (+10 to +30)."],
        "zh": [f"60 万元：{orders} 700（630 ～ 770）", "从这里加到 80 万元，每多投 1,000 元增加 +20"],
    }  # fmt: skip
    for text in told[language]:
        assert text in markup(app)
    assert curves(app) == [list(GRID.budgets)]
    assert jobs.started == []
    label = {"en": "Compare the mixes for 600K CNY", "zh": "用 60 万元对比各种配比"}[language]
    app = alive(button(app, label).click().run())
    assert app.session_state[BUDGET] == 600_000
    assert GRID not in jobs.started


def test_a_grid_that_is_not_there_fills_in_behind_and_is_told_as_partial(
    jobs: FakeJobs, known: dict[Request, store.Answer]
) -> None:
    del known[GRID]
    asked = replace(GRID, metric="reach")
    app = page(metric="reach")
    assert f"these 8 budgets are worked out, the smaller ones first ({asked.runs} launches" in markup(app)
    assert asked not in jobs.started
    app = dragged(app, 300_000)
    assert asked in jobs.started
    assert "Partial: 0 of 8 budgets are worked out, this one not yet" in markup(app)
    place = store.begun_at(asked)
    place.mkdir(parents=True)
    storage.write_json(place / store.PARTIAL, {"steps": STEPS[:2]})
    app = dragged(app, 100_000)
    assert "Partial: 2 of 8 budgets are worked out, the smaller ones first." in markup(app)
    assert "100K CNY: Reach 200" in markup(app)
    assert curves(app) == [list(GRID.budgets)[:2]]
    known[asked] = {"steps": STEPS}
    jobs.states.clear()
    app = alive(app.run())
    assert "Partial" not in markup(app)
