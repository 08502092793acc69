import pytest
from streamlit.testing.v1 import AppTest

from sim.app.jobs import drafts
from sim.app.jobs.request import plan_of
from sim.app.pages.quickstart import page
from sim.app.pages.quickstart.plan import Told, plan, structures, usual
from sim.app.ui import choice as chosen
from sim.app.ui import comparing
from sim.errors import ScenarioError
from sim.scenario.structures import read
from tests.app.driving import FakeJobs, alive, button, markup, opened

TEMPLATES = [way for way in page.WAYS if way != page.OWN]
OF = TEMPLATES[0]


def number(app: AppTest, label: str, value: int) -> None:
    next(box for box in app.number_input if box.label == label).set_value(value)


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_plan_made_of_a_template_as_it_is_has_its_accounts_and_money(template: str) -> None:
    given, made = plan_of(template), plan(usual(template), "mine", "New account")
    assert [account.id for account in made.accounts] == [account.id for account in given.accounts]
    assert made.seeding.budget_cny == given.seeding.budget_cny
    assert made.seeding.ratio == given.seeding.ratio
    assert made.brand == given.brand


@pytest.mark.parametrize("accounts", [1, 2, 5, 30])
def test_a_plan_has_so_many_accounts_and_two_or_three_ways_to_compare(accounts: int) -> None:
    made = plan(Told(OF, accounts, 5_000, 700, 20_000), "mine", "New account")
    main, *others = made.accounts
    assert (main.role, main.fans) == ("main", 5_000)
    assert [account.fans for account in others] == [700] * (accounts - 1)
    assert made.seeding.budget_cny == 20_000
    names = structures(accounts)
    assert len(set(names)) == len(names) == 3
    assert all(made.with_values(read(name).values) for name in names)


def test_more_fans_than_people_are_refused() -> None:
    with pytest.raises(ScenarioError, match="fans"):
        plan(Told("local_services", 2, 900_000, 0, 0), "mine", "New account")


def test_three_answers_make_a_draft_that_is_compared_by_the_goal(jobs: FakeJobs) -> None:
    app = opened("quickstart")
    app = alive(app.radio[0].set_value("food").run())
    number(app, "Accounts, the main one too", 3)
    number(app, "Fans of the main account", 4_000)
    number(app, "For creators, in four weeks (CNY)", 8_000)
    next(box for box in app.selectbox if box.label == "Goal").set_value("orders")
    app = alive(button(app, "Show the answer").click().run())
    [name] = drafts.listed()
    assert app.session_state[chosen.SCENARIO] == name
    assert len(plan_of(name).accounts) == 3
    assert app.session_state[comparing.METRIC] == "orders"
    assert "Compare layouts" in [title.value for title in app.title]
    assert any(request.kind == "compare" and request.scenario == name for request in jobs.started)


def test_a_sample_is_one_click_and_own_data_lead_to_my_data(jobs: FakeJobs) -> None:
    app = alive(button(opened("quickstart", scenario="classroom"), "Open a sample plan").click().run())
    assert app.session_state[chosen.SCENARIO] == "beauty_matrix"
    assert "ms-verdict" in markup(app)
    assert not jobs.started or {request.kind for request in jobs.started} == {"timing"}
    app = alive(opened("quickstart").radio[0].set_value("own").run())
    app = alive(button(app, "To My data").click().run())
    assert "My data" in [title.value for title in app.title]


def test_numbers_that_no_market_holds_are_told_and_nothing_is_kept(jobs: FakeJobs) -> None:
    app = alive(opened("quickstart").radio[0].set_value("local_services").run())
    number(app, "Fans of the main account", 9_000_000)
    app = alive(button(app, "Show the answer").click().run())
    assert "9,000,000" in app.code[0].value or "9000000" in app.code[0].value
    assert drafts.listed() == {}
    assert not jobs.started
