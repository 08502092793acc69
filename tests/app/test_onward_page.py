"""What follows from a comparison, at the foot of Compare layouts: the best as the plan, and changes to it."""

import re
from html import unescape
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from sim.app.jobs import store
from sim.app.jobs.questions import Counting, sliding
from sim.app.jobs.request import Adding, Comparing, Request, plan_of
from sim.app.pages.compare import onward
from sim.app.ui import choice, comparing
from tests.app.driving import FakeJobs, address, alive, markup, opened
from tests.app.test_further_page import CURVES, GIVEN, TIMED, WHOLE, answer, variant


@pytest.fixture
def known(jobs: FakeJobs, monkeypatch: pytest.MonkeyPatch) -> dict[Request, Any]:
    rows = [variant("1+3", 30.0, 0, 0), variant("one", 20.0, -14.0, -6.0)]
    found: dict[Request, Any] = {WHOLE: answer(variants=rows), TIMED: {"seconds": 0.25, "workers": 2}}
    monkeypatch.setattr(store, "found", found.get)
    return found


def click(app: AppTest, key: str) -> AppTest:
    return alive(next(found for found in app.button if found.key == key).click().run())


def suggested(app: AppTest) -> list[str]:
    """Keys of the changes that can be made the plan."""
    return [
        str(found.key).removeprefix("take_") for found in app.button if str(found.key).startswith("take_")
    ]


def test_the_best_becomes_the_plan_in_one_click_and_is_undone_in_another(known: dict[Request, Any]) -> None:
    app = click(opened(**GIVEN), "take_best")
    taken = app.session_state[choice.SCENARIO]
    plan = plan_of(taken)
    assert (plan.structure.kind, plan.structure.subs, plan.name) == ("one_plus", 3, "Classroom (edited)")
    assert app.session_state[comparing.STRUCTURE] == ["one", "1+3"]  # the plan is among what is compared
    assert "The plan is now: 1+3." in unescape(markup(app))
    app = click(app, "compare_undo")
    assert address(app)["scenario"] == "classroom"
    assert "The plan is now" not in markup(app)


def test_changes_are_tried_as_one_variant_more_and_told_with_their_interval(
    known: dict[Request, Any], jobs: FakeJobs
) -> None:
    app = opened(**GIVEN)
    assert suggested(app) == ["best", "more", "fewer", "layout", "hour", "mix"]
    app = click(app, "ask_try_more")
    [trial] = jobs.started
    assert isinstance(trial, Adding)
    assert [v.name for v in trial.variants] == ["one", "1+3", "1+4"]
    assert trial.variants[-1].of(trial.plan()).structure.subs == 4
    assert address(app)["try_more"] == trial.key()[:12]
    rows = [variant("1+4", 36.0, 0, 0), variant("1+3", 30.0, -9.0, -3.0), variant("one", 20.0, -20.0, -12.0)]
    known[trial] = answer(variants=rows)
    jobs.states.clear()
    told = unescape(markup(alive(app.run())))
    assert "One account more (1+4): New fans, net +6 (+3 to +9) against 1+3, more for sure." in told


def test_a_tried_number_of_accounts_and_a_known_budget_stand_beside_their_change(
    known: dict[Request, Any],
) -> None:
    slider = sliding("classroom", 2_000, "follows", 200_000)
    assert slider is not None
    creators = {"star": 0, "famous": 0, "head": 0, "waist": 0, "junior": 5, "amateur": 9}
    known[slider] = {"steps": [
        {"budget_cny": cny, "mix": {"creators": creators}, "mean": 7.0, "low": 5.0, "high": 9.0,
         "per_yuan": None}
        for cny in slider.budgets
    ]}  # fmt: skip
    known[Counting("classroom", 2_000, "follows")] = CURVES
    app = opened(**GIVEN)
    assert suggested(app) == ["best", "accounts", "layout", "hour", "mix", "budget"]
    told = unescape(markup(app))
    assert "Another number of accounts (1+4): Of all numbers of accounts that were tried" in told
    [bought] = re.findall(r"Best mix for 200K CNY \(.*? 5, .*? 9\): (.*?)\(", told)
    assert bought == "On the plan as written: New fans, net 7 "
    app = click(app, "take_budget")
    plan = plan_of(app.session_state[choice.SCENARIO])
    assert plan.seeding.counts == (0, 0, 0, 0, 5, 9)
    assert plan.structure.subs == 3


def test_one_account_keeps_the_links_for_when_there_are_more(known: dict[Request, Any]) -> None:
    known[WHOLE] = answer()
    app = click(opened(**GIVEN), "take_best")
    plan = plan_of(app.session_state[choice.SCENARIO])
    assert plan.structure.kind == "one"
    assert plan.links.layout == plan_of("classroom").links.layout


def test_what_cannot_be_kept_is_a_message_and_the_plan_stays(
    known: dict[Request, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    app = opened(**GIVEN)
    monkeypatch.setattr(onward.drafting, "take", full)
    app = click(app, "take_best")
    assert app.session_state[choice.SCENARIO] == "classroom"
    assert app.error


def test_hours_and_creators_are_choices_of_the_same_comparison(jobs: FakeJobs) -> None:
    given = {"timing": "20:00.xx", "creators": "koc.nobody", "seeds": "4"}
    app = opened(scenario="classroom", structures="one.1+3", **given)
    [request] = [found for found in jobs.started if isinstance(found, Comparing)]
    assert [v.name for v in request.variants] == [
        f"{shape} · {mix} · posts at 8 pm" for shape in ("one", "1+3") for mix in ("no creators", "KOC only")
    ]
    assert (address(app)["timing"], address(app)["creators"]) == ("20:00", "nobody.koc")
    plan = request.variants[-1].of(request.plan())
    assert {account.first_post_h for account in plan.accounts} == {20.0}
    assert plan.seeding.counts[4] > 0
