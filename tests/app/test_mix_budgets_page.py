import json
from pathlib import Path

import pytest

from sim.app.jobs import computing, questions, store
from sim.app.jobs.questions import Budgeting
from sim.app.jobs.request import Request
from sim.app.jobs.worker import Dropped
from sim.app.pages.mix import mixes
from sim.app.ui.names import lasting
from sim.language.words import Words
from sim.sweeps import grid
from tests.app.driving import FakeJobs, address, alive, markup, progress
from tests.app.mixing import (
    FIRST,
    page,
)

pytestmark = pytest.mark.usefixtures("known")


STEPS = [
    {"budget_cny": budget, "mix": {"layout": "star", "creators": dict.fromkeys(mixes.TIERS, k)}, "names": [],
     "cost_cny": budget, "mean": 100.0 * k, "low": 90.0 * k, "high": 110.0 * k, "added": k - 1 or None,
     "added_low": -1.0, "added_high": 3.0, "per_yuan": None if k == 1 else 0.002, "per_yuan_low": -0.001,
     "per_yuan_high": None}
    for k, budget in enumerate((50_000, 100_000, 200_000), 1)
]  # fmt: skip
CURVE = {
    "steps": STEPS,
    "flat_from_cny": 100_000,
    "unclear_from_cny": None,
    "text_en": "Flat.",
    "text_zh": "平。",
}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_more_money_brings_is_asked_by_one_button_that_says_its_cost(
    jobs: FakeJobs, known: dict[Request, store.Answer], language: str
) -> None:
    app = page(lang=language)
    asking = next(found for found in app.button if found.key == "ask_money")
    request = Budgeting(FIRST.scenario, FIRST.users, "orders", (50_000, 100_000, 200_000, 400_000, 800_000))
    half_a_second = lasting(request.runs * 0.5 / 2, Words(language))
    assert half_a_second in asking.label
    app = alive(asking.click().run())
    assert jobs.started == [request]
    assert progress(app)
    assert "money" in app.query_params
    assert address(app)["budget"] == str(mixes.START_CNY)
    known[request] = CURVE
    jobs.states.clear()
    app = alive(app.run())
    told = markup(app)
    assert {"en": "Orders against budget: Flat.", "zh": "随预算的变化：平。"}[language] in told
    assert {"en": "+2<small>too rare to tell", "zh": "+2<small>出现差异的次数太少"}[language] in told
    figure = json.loads(app.get("plotly_chart")[-1].proto.spec)
    assert figure["data"][0]["x"] == [50_000, 100_000, 200_000]
    assert {"en": "flat from here", "zh": "从此趋于平缓"}[language] in str(figure["layout"]["annotations"])


def test_budgets_of_a_curve_buy_somebody_and_can_be_typed() -> None:
    plan = FIRST.plan()
    assert grid.budgets(plan, 200_000, mixes.MOST_CNY) == (50_000, 100_000, 200_000, 400_000, 800_000)
    assert grid.budgets(plan, mixes.MOST_CNY, mixes.MOST_CNY)[-1] == mixes.MOST_CNY
    dearest = max(costs[0] for costs in plan.seeding.costs_cny if costs)
    cheapest = min(costs[0] for costs in plan.seeding.costs_cny if costs)
    assert min(grid.budgets(plan, round(dearest), mixes.MOST_CNY)) >= cheapest
    assert grid.budgets(plan, 0, mixes.MOST_CNY) == ()


def test_a_stopped_search_of_budgets_goes_on_and_an_answered_one_leaves_nothing(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, n in (("SEARCH", 2), ("FRESH", 2)):
        monkeypatch.setattr(questions, name, n)
    request = Budgeting("classroom", None, "orders", (5_000, 10_000), trials=2)
    kept, seen = store.begun_at(request), list[int]()

    def stop(done: int, total: int) -> None:
        if done >= total / 2:
            raise Dropped

    with pytest.raises(Dropped):
        computing.budgeting(request, cache, stop)
    runs = (kept / "5000.00" / "runs.jsonl").read_text()
    (kept / "5000.00" / "runs.jsonl").write_text(runs + '["star", [0, 0, 0,')
    assert len(runs.splitlines()) > 2 * 2  # later looks are kept too
    partly = store.partly(request)
    assert partly is not None
    assert [step["budget_cny"] for step in partly["steps"]] == [5_000]
    answer = computing.budgeting(request, cache, lambda done, total: seen.append(done))
    assert [step["budget_cny"] for step in answer["steps"]] == [5_000, 10_000]
    assert seen[0] == 2 * 2  # the search of the first budget was done
    assert seen == sorted(seen)
    again = computing.budgeting(request, cache, lambda done, total: None)
    assert again == answer
    assert partly["steps"] == json.loads(json.dumps(answer["steps"][:1]))
    assert answer["text_en"]
    assert answer["text_zh"]
    assert not kept.exists()
