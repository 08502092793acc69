import pytest
from streamlit.testing.v1 import AppTest

from sim.app.jobs import drafts, packing
from sim.app.jobs.drafts import Version
from sim.app.jobs.request import Comparing, plan_of
from sim.app.pages.plans import beside, library
from sim.app.ui import choice as chosen
from sim.scenario.schema import Scenario
from tests.app.driving import EagerJobs, address, alive, button, choice, markup, opened, settled
from tests.app.scenarios import edit, plan, status


def classroom(**values: object) -> str:
    """A plan of one's own."""
    made = Scenario.load("classroom").with_values(
        {"name": "Ours", **{k.replace("__", "."): v for k, v in values.items()}}
    )
    return drafts.keep(Version(made.to_toml(), made.name))


def noted(app: AppTest, name: str, note: str) -> AppTest:
    next(box for box in app.text_input if box.label == "Name").set_value(name)
    next(box for box in app.text_area if box.label == "Note").set_value(note)
    return alive(button(app, "Keep as a version").click().run())


@pytest.mark.usefixtures("jobs")
def test_a_plan_is_named_noted_duplicated_and_found_again_by_its_link() -> None:
    app = noted(opened("plans", scenario="classroom"), "Autumn", "agreed on Monday")
    first = app.session_state[chosen.SCENARIO]
    assert plan(app).name == "Autumn"
    assert "Kept as version 1." in status(app)
    app = alive(button(app, "Duplicate").click().run())
    copy = app.session_state[chosen.SCENARIO]
    assert list(drafts.listed().values()) == ["Autumn", "Autumn (copy)"]
    assert copy.partition(".")[0] != first.partition(".")[0]
    listed = app.data_editor[0].value
    assert list(listed["name"]) == ["Autumn (copy)", "Autumn"]  # the newest on top
    assert list(listed["note"]) == ["–", "agreed on Monday"]  # its note is its own
    newest, exact = (code.value for code in app.code)
    edit(opened("scenario", scenario=first), "accounts", edited_rows={2: {"fans": 77}})
    assert newest.endswith(f"scenario?scenario={copy.partition('.')[0]}")
    assert exact.endswith(f"scenario?scenario={copy}")
    found = opened("plans", scenario=first.partition(".")[0])
    assert found.session_state[chosen.SCENARIO] == first.replace(".1", ".2")
    assert "agreed on Monday" in list(found.data_editor[0].value["note"])


@pytest.mark.usefixtures("jobs")
def test_plans_are_renamed_in_the_list_and_no_two_bear_one_name() -> None:
    other = classroom()
    app = opened("plans", scenario="classroom")
    app = alive(button(app, "Duplicate").click().run())
    app.session_state[chosen.SCENARIO] = "classroom"
    app = alive(button(alive(app.run()), "Duplicate").click().run())
    in_hand = app.session_state[chosen.SCENARIO]
    assert sorted(drafts.listed().values()) == ["Classroom (copy)", "Classroom (copy) 2", "Ours"]
    at = list(app.data_editor[0].value["name"]).index
    app = edit(app, "plans", edited_rows={at("Classroom (copy) 2"): {"name": "Ours"}})
    assert "The plan is now called “Ours 2”." in status(app)
    assert app.session_state[chosen.SCENARIO] == in_hand.replace(".1", ".2")  # stays in hand
    assert plan(app).name == "Ours 2"
    at = list(app.data_editor[0].value["name"]).index
    app = edit(app, "plans", edited_rows={at("Ours"): {"name": " Spring "}})
    assert sorted(drafts.listed().values()) == ["Classroom (copy)", "Ours 2", "Spring"]
    assert plan(app).name == "Ours 2"
    edit(opened("scenario", scenario="classroom"), "accounts", edited_rows={2: {"fans": 77}})
    edit(opened("scenario", scenario="classroom"), "accounts", edited_rows={2: {"fans": 78}})
    assert list(drafts.listed().values())[-2:] == ["Classroom (edited)", "Classroom (edited) 2"]
    assert plan_of(drafts.latest(other) or "").name == "Spring"


@pytest.mark.usefixtures("jobs")
def test_who_saves_over_a_newer_version_is_told_that_it_is_in_a_copy() -> None:
    name = classroom()
    one, two = opened("plans", scenario=name), opened("plans", scenario=name)
    assert "Kept as version 2." in status(noted(one, "Theirs", ""))
    two = noted(two, "Mine", "")
    assert "your edit is in a copy, and both are kept" in status(two)
    assert list(drafts.listed().values()) == ["Theirs", "Mine (copy)"]
    assert "Kept as version 2." in status(noted(two, "Mine", ""))


@pytest.mark.usefixtures("jobs")
def test_a_name_that_no_scenario_can_have_is_told_and_nothing_is_kept() -> None:
    app = noted(opened("plans", scenario="classroom"), "a\x00b", "")
    assert 'class="ms-faults"' in markup(app)
    assert drafts.listed() == {}


@pytest.mark.usefixtures("jobs")
def test_all_plans_are_brought_from_a_file_and_a_wrong_one_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    classroom()
    raw = packing.packed()
    drafts.delete(next(iter(drafts.listed())))
    app = opened("plans")
    app = alive(app.file_uploader[0].set_value(("plans.zip", raw, "application/zip")).run())
    assert list(drafts.listed().values()) == ["Ours"]
    assert "1 plan came in" in status(app)
    drafts.delete(next(iter(drafts.listed())))
    classroom()  # another one of that name
    app = alive(app.file_uploader[0].set_value(("again.zip", raw, "application/zip")).run())
    assert list(drafts.listed().values()) == ["Ours", "Ours 2"]
    assert "Where a name was taken, a number follows: Ours 2." in status(app)
    app = alive(app.file_uploader[0].set_value(("other.zip", b"PK", "application/zip")).run())
    assert "other.zip: is no file of plans" in markup(app)
    monkeypatch.setattr(library, "LISTED", 0)
    app = alive(app.run())
    app = alive(next(box for box in app.text_input if box.label == "Search").set_value("nothing").run())
    assert "No plan is called so." in markup(app)


def test_plans_stand_side_by_side_with_what_differs_and_a_comparison(eager: EagerJobs) -> None:
    ring = classroom(links__layout="ring", run__hours=48)
    mine = classroom(links__layout="none", run__hours=48)
    app = settled(opened("plans", plans=f"{ring},{mine}", seeds="4", metric="reach"))
    page = markup(app)
    assert 'aria-label="What differs"' in page
    assert "Links · Layout" in page
    assert "Ring" in page
    assert page.count("Ours · 2") > 2  # in the table of differences, of numbers and of money
    assert "4 rounds · the same luck for every plan" in page
    assert len(app.get("plotly_chart")) == 2
    assert address(app)["plans"] == f"{ring},{mine}"
    again = settled(opened("plans", plans=f"{ring},{mine}", seeds="4", metric="follows"))
    compared = [request.seeds for request in eager.started if isinstance(request, Comparing)]
    assert compared == [2, 4]  # a first look, then all; nothing anew for another metric
    assert "Choose two to six plans" in alive(again.multiselect[0].set_value([ring]).run()).info[0].value


@pytest.mark.usefixtures("jobs")
def test_versions_of_the_plan_in_hand_can_be_compared_and_what_is_gone_is_told() -> None:
    name = classroom()
    app = edit(opened("scenario", scenario=name), "accounts", edited_rows={2: {"fans": 71}})
    app = opened("plans", scenario=app.session_state[chosen.SCENARIO], plans=f"{name},my-0123456789abcdef.1")
    assert app.session_state[beside.CHOSEN] == [name]
    assert "my-0123456789abcdef.1" in app.code[0].value
    assert "Ours · version 1" in app.multiselect[0].options
    assert choice(app, chosen.SCENARIO).value.endswith(".2")
