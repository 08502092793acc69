from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from sim.app import frame
from sim.app.jobs import drafts
from sim.app.jobs.drafts import Version
from sim.app.jobs.request import plan_of
from sim.app.ui import choice as chosen
from sim.report.parts import Report, Section, Text
from tests.app import driving
from tests.app.driving import FakeJobs, alive, button, choice, markup, opened
from tests.app.scenarios import edit, faults, plan, put


@pytest.fixture(autouse=True)
def no_work(jobs: FakeJobs) -> FakeJobs:
    """This page computes nothing."""
    return jobs


def edited(*fans: int, name: str = "classroom") -> AppTest:
    """A scenario whose third account was given fans, one number after the other."""
    app = opened("scenario", scenario=name)
    for number in fans:
        app = edit(app, "accounts", edited_rows={2: {"fans": number}})
    return app


def test_edits_of_one_scenario_are_one_entry_of_the_list_also_after_a_refresh() -> None:
    app = edited(71, 72, 73)
    name = app.session_state[chosen.SCENARIO]
    app = edited(74, name=name)
    assert app.session_state[chosen.SCENARIO] == name.replace(".3", ".4")
    assert list(drafts.listed().values()) == ["Classroom (edited)"]
    app = alive(button(app, "Undo").click().run())
    assert plan(app).accounts[2].fans == 73


def test_a_draft_is_listed_at_the_bare_address_in_any_tab_until_it_is_deleted() -> None:
    app = put(opened("scenario", scenario="classroom", section="audience"), "name", "Ours")
    bare = opened("scenario")
    assert bare.session_state[chosen.SCENARIO] == "beauty_matrix"
    assert choice(bare, chosen.SCENARIO).options[-1] == "Ours"
    library = opened("plans", scenario=app.session_state[chosen.SCENARIO])
    library = alive(button(library, "Delete this plan").click().run())
    assert library.session_state[chosen.SCENARIO] == "classroom"
    assert drafts.listed() == {}
    assert "Ours" not in choice(alive(bare.run()), chosen.SCENARIO).options


def test_nobody_deletes_drafts_on_a_server_with_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MATRIXSIM_USER_HOURS", "1_000_000_000")
    app = put(opened("scenario", scenario="classroom", section="audience"), "name", "Ours")
    library = opened("plans", scenario=app.session_state[chosen.SCENARIO])
    assert button(library, "Delete this plan").disabled


def test_a_draft_that_was_deleted_elsewhere_is_told() -> None:
    app = edited(77)
    drafts.delete(app.session_state[chosen.SCENARIO])
    app = alive(app.run())
    assert "cannot be opened" in app.warning[0].value
    assert app.session_state[chosen.SCENARIO] == "beauty_matrix"
    assert not alive(app.run()).warning


def test_a_draft_of_other_rules_is_told_and_leaves_the_page_alive() -> None:
    name = drafts.keep(Version('name = "old"\nno_such_key = 1\n', "old"))
    app = opened("scenario", scenario=name)
    assert "no_such_key" in app.code[0].value
    assert app.session_state[chosen.SCENARIO] == "beauty_matrix"
    app = alive(choice(app, chosen.SCENARIO).set_value(name).run())
    assert "no_such_key" in app.code[0].value


@pytest.mark.parametrize(
    "typed", [{}, {"accounts": "none"}, {"accounts": [3]}, {"run": "soon"}, {"links": {"edges": [3]}}]
)
def test_a_draft_whose_fields_cannot_be_shown_is_opened_as_it_is_in_effect(typed: dict[str, Any]) -> None:
    whole = plan_of("classroom").model_dump(mode="json") | typed if typed else typed
    name = drafts.keep(Version(plan_of("classroom").to_toml(), "Brought", whole))
    app = opened("scenario", scenario=name)
    assert plan(app) == plan_of("classroom")
    assert not faults(app)


def test_two_drafts_of_one_name_are_told_apart() -> None:
    names = [drafts.keep(Version(f'name = "{title}"', title)) for title in ("x", "x", "Classroom")]
    shown = choice(opened("scenario"), chosen.SCENARIO).options[-3:]
    assert shown == ["x", "x · 2", "Classroom · 2"]
    assert list(drafts.listed()) == names


def test_a_save_over_a_newer_version_is_refused_and_kept_as_a_copy() -> None:
    one = edited(71)
    name = one.session_state[chosen.SCENARIO]
    two = opened("scenario", scenario=name)
    one = edit(one, "accounts", edited_rows={2: {"fans": 72}})
    theirs = one.session_state[chosen.SCENARIO]
    two = edit(two, "accounts", edited_rows={3: {"fans": 33}})
    assert "changed elsewhere" in two.warning[0].value
    assert [account.fans for account in plan(two).accounts][2:4] == [71, 33]
    assert list(drafts.listed().values()) == ["Classroom (edited)", "Classroom (edited) (copy)"]
    assert plan(alive(one.run())).accounts[3].fans != 33
    mine = alive(button(two, "Keep mine as a copy").click().run())
    assert not mine.warning
    assert plan(mine).accounts[3].fans == 33
    assert opened("scenario", scenario=mine.session_state[chosen.SCENARIO]).session_state[chosen.SCENARIO]

    three = edit(opened("scenario", scenario=name), "accounts", edited_rows={3: {"fans": 34}})
    three = alive(button(three, "Load theirs").click().run())
    assert three.session_state[chosen.SCENARIO] == theirs
    assert [account.fans for account in plan(three).accounts][2] == 72
    assert not three.warning


def test_theirs_is_loaded_and_a_copy_that_was_edited_on_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MATRIXSIM_USER_HOURS", "1_000_000_000")  # where nobody deletes
    one = edited(71)
    two = opened("scenario", scenario=one.session_state[chosen.SCENARIO])
    one = edit(one, "accounts", edited_rows={2: {"fans": 72}})
    for fans in (33, 34):
        two = edit(two, "accounts", edited_rows={3: {"fans": fans}})
    ours = two.session_state[chosen.SCENARIO]
    assert drafts.number_of(ours) == 2
    two = alive(button(two, "Load theirs").click().run())
    assert two.session_state[chosen.SCENARIO] == one.session_state[chosen.SCENARIO]
    assert plan_of(ours).accounts[3].fans == 34
    assert ours in drafts.listed()


def test_a_newer_version_is_told_and_loaded() -> None:
    one = edited(71)
    two = opened("scenario", scenario=one.session_state[chosen.SCENARIO])
    one = edit(one, "accounts", edited_rows={2: {"fans": 72}})
    two = alive(two.run())
    assert "newer version of this draft: 2" in two.info[0].value
    assert "Classroom (edited) · version 1" in choice(two, chosen.SCENARIO).options
    two = alive(button(two, "Load it").click().run())
    assert two.session_state[chosen.SCENARIO] == one.session_state[chosen.SCENARIO]
    assert not two.info


def test_an_earlier_version_comes_back_as_the_newest() -> None:
    app = edited(71, 72, 73)
    name = app.session_state[chosen.SCENARIO]
    library = opened("plans", scenario=name)
    box = next(box for box in library.selectbox if box.label == "Version")
    assert [text.split(" ")[0] for text in box.options] == ["3", "2", "1"]
    library = alive(box.set_value(name.replace(".3", ".1")).run())
    assert plan(library).accounts[2].fans == 71
    assert library.session_state[chosen.SCENARIO] == name.replace(".3", ".4")
    app = opened("scenario", scenario=name.replace(".3", ".4"))
    app = alive(button(app, "Undo").click().run())
    assert plan(app).accounts[2].fans == 73


def test_undo_goes_back_step_by_step_and_discarding_goes_back_to_the_beginning() -> None:
    app = opened("scenario", scenario="classroom")
    assert button(app, "Undo").disabled
    assert button(app, "Discard edits").disabled
    for fans in (71, 72, 73):
        app = edit(app, "accounts", edited_rows={2: {"fans": fans}})
    app = alive(button(app, "Undo").click().run())
    assert plan(app).accounts[2].fans == 72
    app = alive(button(app, "Undo").click().run())
    assert plan(app).accounts[2].fans == 71
    latest = app.session_state[chosen.SCENARIO]
    app = alive(button(app, "Discard edits").click().run())
    assert app.session_state[chosen.SCENARIO] == "classroom"
    assert app.session_state[chosen.USERS] == 2_000
    assert latest in drafts.listed()
    assert button(app, "Undo").disabled


def test_a_draft_that_cannot_be_kept_is_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> str:
        raise OSError(28, "No space left on device")

    app = opened("scenario", scenario="classroom")
    monkeypatch.setattr(drafts, "keep", broken)
    app = edit(app, "accounts", edited_rows={2: {"fans": 77}})
    assert "no space left" in app.code[0].value
    assert app.session_state[chosen.SCENARIO] == "classroom"
    app = alive(button(app, "New scenario").click().run())
    assert "no space left" in faults(app)


def test_a_draft_that_cannot_be_deleted_is_a_message_and_stays_in_hand(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(_: str) -> None:
        raise PermissionError(13, "Permission denied")

    app = edited(77)
    name = app.session_state[chosen.SCENARIO]
    monkeypatch.setattr(drafts, "delete", broken)
    app = alive(button(opened("plans", scenario=name), "Delete this plan").click().run())
    assert "permission denied" in faults(app)
    assert app.session_state[chosen.SCENARIO] == name


def test_versions_are_bounded_and_the_beginning_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "MOST_VERSIONS", 2)
    app = edited(71, 72, 73, 74, 75)
    name = app.session_state[chosen.SCENARIO]
    assert [drafts.number_of(version) for version in drafts.versions(name)] == [5, 4, 1]
    assert "Changed against Classroom" in [heading.value for heading in app.header]
    app = alive(button(app, "Undo").click().run())
    assert button(app, "Undo").disabled


def test_the_scenario_outlives_widgets_that_streamlit_drops_on_the_way_to_another_page() -> None:
    name = drafts.keep(Version('name = "mine"'))
    app = AppTest.from_function(driving._script, default_timeout=60, args=("scenario",))
    held = {chosen.SCENARIO: name, chosen.USERS: 1_000_000}
    app.session_state[frame.HELD] = held  # all that is left after a fragment ran last
    app.session_state[frame.SHOWN] = "compare"
    assert alive(app.run()).session_state[chosen.SCENARIO] == name


def refused(name: str, version: int) -> str:
    """A draft of the classroom whose later edits are not valid."""
    for _ in range(version):
        app = edited(70 + version, name=name)
        name = app.session_state[chosen.SCENARIO]
    app = edited(-5, name=name)
    return str(app.session_state[chosen.SCENARIO])


@pytest.mark.parametrize("page", ["compare", "mix", "campaign", "flow", "pools", "report"])
def test_pages_say_that_newer_edits_are_not_in_effect(page: str) -> None:
    name = refused("classroom", 1)
    assert name.endswith(".2")
    said = markup(opened(page, scenario=name))
    assert "This rests on version 1 of the draft: newer edits are not in effect" in said
    assert "-5" in said
    assert "当前结果基于草稿的第 1 版" in markup(opened(page, scenario=name, lang="zh"))
    assert "This rests on" not in markup(opened(page, scenario=name.replace(".2", ".1")))


def test_a_report_rests_on_what_came_before_edits_that_are_not_in_effect() -> None:
    name = refused("classroom", 0)
    opened("compare", scenario=name)
    first = Section("One", [Text("x")])
    whole = Report("en", "t", "f", [first], "")
    rests = ["This rests on the scenario as it was before"]
    assert [b.text for b in whole.after(rests).sections[0].blocks] == [*rests, "x"]
    assert "before the draft&#x27;s first edit" in markup(opened("report", scenario=name))


def test_what_is_not_understood_in_the_address_is_told_once() -> None:
    app = opened("compare", scenario="nonsense", layouts="foo.star", metric="zzz", seeds="abc", users="7")
    said = " ".join(code.value for code in app.code)
    for part in ("nonsense", "layouts=foo", "metric=zzz", "seeds=abc", "users=7"):
        assert part in said
    assert not alive(app.run()).code
    assert not opened("compare", scenario="classroom", layouts="none.star", seeds="8").code
