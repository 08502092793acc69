import json
import re
from pathlib import Path
from typing import Any

import pytest

from sim.app.jobs import drafts
from sim.app.jobs.request import plan_of
from sim.app.pages.scenario import page as scenario
from sim.app.ui import choice as chosen
from sim.app.ui.fields import read
from sim.language.words import Words
from tests.app.driving import CHINESE, FakeJobs, alive, button, choice, markup, opened
from tests.app.scenarios import body, bring, edit, faults, key_of, plan, put, section, status

SECTIONS = list(scenario.SECTIONS)


@pytest.fixture(autouse=True)
def no_work(jobs: FakeJobs) -> FakeJobs:
    """This page computes nothing."""
    return jobs


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_section_is_drawn_in_both_languages(language: str, subtests: Any) -> None:
    app = opened("scenario", lang=language)
    for name in SECTIONS:
        with subtests.test(section=name):
            app = section(app, name)
            widgets = [*app.button, *app.selectbox, *app.number_input, *app.text_input, *app.checkbox]
            labels = [widget.label for widget in widgets if widget.key != "language_switch"]
            labels += [app.title[0].value, *(heading.value for heading in app.header)]
            labels += [widget.help for widget in widgets if widget.help]
            labels += re.findall('ms-note">(.*?)<', body(app))
            assert len(labels) > 5
            for text in labels:
                assert bool(CHINESE.search(text)) is (language == "zh"), text


@pytest.mark.parametrize("name", ["accounts", "creators", "parameters"])
def test_titles_and_explanations_of_columns_are_chinese(name: str) -> None:
    app = opened("scenario", lang="zh", section=name)
    columns = [given for given in json.loads(app.data_editor[0].proto.columns).values() if "label" in given]
    assert len(columns) > 7
    for given in columns:
        assert CHINESE.search(given["label"]), given
        assert CHINESE.search(given["help"]), given


def test_an_edit_becomes_a_draft_that_every_page_uses() -> None:
    app = opened("scenario", scenario="classroom")
    shown = app.data_editor[0].value
    assert list(shown["id"]) == ["school", "canteen", "team", "band", "alumni"]
    app = edit(app, "accounts", edited_rows={2: {"fans": 77}})
    name = app.session_state[chosen.SCENARIO]
    assert drafts.NAME.fullmatch(name)
    assert plan(app).accounts[2].fans == 77
    assert app.session_state[chosen.USERS] == 2_000
    assert app.query_params["scenario"] in (name, [name])
    assert choice(app, chosen.SCENARIO).value == name
    assert choice(app, chosen.SCENARIO).options[-1] == "Classroom (edited)"
    assert drafts.listed() == {name: "Classroom (edited)"}
    assert "every page now uses this draft" in status(app)
    assert "Accounts · row 3 (team) · Fans: 60 → 77." in body(app)
    elsewhere = opened("compare", scenario=name)
    assert choice(elsewhere, chosen.SCENARIO).value == name
    assert choice(elsewhere, chosen.SCENARIO).options[-1] == "Classroom (edited)"


def test_a_table_keeps_its_place_while_it_is_edited() -> None:
    app = opened("scenario", scenario="classroom")
    before = key_of(app, "accounts")
    app = edit(app, "accounts", edited_rows={2: {"fans": 77}})
    app = edit(app, "accounts", edited_rows={2: {"fans": 77}, 3: {"topics": "music 50%, food 50%"}})
    assert key_of(app, "accounts") == before
    assert plan(app).accounts[2].fans == 77
    assert plan(app).accounts[3].topics == {"music": 0.5, "food": 0.5}


def test_topics_of_audience_and_accounts_are_changed_one_after_the_other() -> None:
    app = put(opened("scenario", scenario="classroom", section="audience"), "audience.topics", "cars 1")
    assert "is not a topic of [audience]" in faults(app)
    assert "Kept, but not used yet" in status(app)
    assert list(plan(app).audience.topics) == ["food", "sport", "music"]
    app = section(opened("scenario", scenario=app.session_state[chosen.SCENARIO]), "accounts")  # a refresh
    assert "is not a topic of [audience]" in faults(app)
    app = edit(app, "accounts", edited_rows={k: {"topics": "cars"} for k in range(5)})
    assert not faults(app)
    assert "every page now uses this draft" in status(app)
    assert plan(app).audience.topics == {"cars": 1.0}
    assert plan(app).accounts[4].topics == {"cars": 1.0}


def test_what_is_wrong_outlives_sections_pages_and_refreshes(subtests: Any) -> None:
    typed = {
        "audience": [
            ("run.hours", 0),
            ("run.seed", "many"),
            ("audience.topics", "food 0.4, x"),
            ("name", ""),
        ],
        "creators": [("seeding.scale", -1.0)],
    }
    for part, fields_ in typed.items():
        for key, value in fields_:
            with subtests.test(key=key):
                app = put(opened("scenario", scenario="classroom", section=part, researcher="1"), key, value)
                said = faults(app)
                assert said
                app = opened(
                    "scenario", scenario=app.session_state[chosen.SCENARIO], section=part, researcher="1"
                )
                assert faults(app) == said
                widgets = [*app.number_input, *app.text_input]
                shown = next(widget for widget in widgets if widget.key == key_of(app, key)).value
                assert shown == value
                assert faults(section(app, "links"))


def test_a_half_filled_link_outlives_a_refresh() -> None:
    app = put(opened("scenario", scenario="classroom", section="links"), "links.layout", "custom")
    app = edit(app, "edges", added_rows=[{"from": "team"}])
    app = opened("scenario", scenario=app.session_state[chosen.SCENARIO], section="links")
    assert "Rows 25 lack a cell" in body(app)
    assert not faults(app)


def test_a_preview_chosen_elsewhere_is_not_what_is_edited_or_taken_away() -> None:
    app = opened("scenario", scenario="beauty_matrix", users="50000")
    app = edit(app, "accounts", edited_rows={2: {"fans": 77}})
    assert plan_of(app.session_state[chosen.SCENARIO]).audience.users == 2_000_000
    assert app.session_state[chosen.USERS] == 50_000


def test_a_wrong_cell_is_told_beside_the_table_and_the_pages_go_on_as_before() -> None:
    app = opened("scenario", scenario="classroom")
    app = edit(app, "accounts", edited_rows={2: {"fans": -5}, 1: {"topics": "fod 1"}})
    assert plan(app).accounts == plan_of("classroom").accounts
    assert "Accounts · row 3 (team) · Fans = -5: is too small. Allowed: a whole number from 0" in faults(app)
    app = edit(app, "accounts", edited_rows={2: {"fans": 5}, 1: {"topics": "fod 1"}})
    assert "Did you mean food?" in faults(app)
    assert "Kept, but not used yet" in status(app)
    app = edit(app, "accounts", edited_rows={2: {"fans": 5}, 1: {"topics": "food 1"}})
    assert not faults(app)
    assert plan(app).accounts[1].topics == {"food": 1.0}


def test_a_wrong_cell_is_told_in_chinese() -> None:
    app = edit(
        opened("scenario", scenario="classroom", lang="zh"), "accounts", edited_rows={2: {"fans": 5000}}
    )
    assert (
        "账号 · 第 3 行（校队） · 粉丝数 = 5000：人群内的粉丝有 5,000 人，超过了人群总数 2,000。"
        in faults(app)
    )


def test_accounts_and_topics_stand_by_their_chinese_names_and_keep_their_ids() -> None:
    assert next(iter(opened("scenario", scenario="classroom").data_editor[0].value["id"])) == "school"
    app = opened("scenario", scenario="classroom", lang="zh")
    shown = app.data_editor[0].value
    assert list(shown["id"]) == ["学校", "食堂", "校队", "乐队", "校友会"]
    assert list(shown["topics"])[1] == "美食 1.0"
    app = edit(app, "accounts", edited_rows={2: {"id": "<b>own"}, 1: {"topics": "美食 0.5, 运动50%"}})
    assert list(app.data_editor[0].value["id"])[1:4] == ["食堂", "<b>own", "乐队"]
    accounts = plan(app).accounts
    assert [account.id for account in accounts][:3] == ["school", "canteen", "<b>own"]
    assert accounts[1].topics == {"food": 0.5, "sport": 0.5}
    assert "内容方向：美食 1.0 → 美食 0.5, 运动 0.5" in markup(app)
    app = opened("scenario", scenario="classroom", lang="zh", section="audience")
    [field] = [box for box in app.text_input if "兴趣分布" in box.label]
    assert "美食" in field.value
    assert "food" not in field.value


def test_what_is_pasted_into_a_number_is_read_or_told_and_never_dropped() -> None:
    cells = {0: {"fans": "1,200"}, 1: {"fans": "0.01万"}, 2: {"posts_per_day": "每天两条"}}
    app = edit(opened("scenario", scenario="classroom", lang="zh"), "accounts", edited_rows=cells)
    assert "第 3 行（校队）" in faults(app)
    assert "每天两条" in faults(app)
    app = edit(app, "accounts", edited_rows={**cells, 2: {"posts_per_day": "2"}})
    assert [account.fans for account in plan(app).accounts][:2] == [1200, 100]
    assert plan(app).accounts[2].posts_per_day == 2


def test_lists_that_changed_are_told_by_their_names_not_as_the_file_writes_them() -> None:
    waves = [{"name": "开场", "start_hour": 0, "accounts": ["school"]}]
    assert read(Words("zh"), []) == "无"
    assert read(Words("zh"), waves) == "开场"
    assert read(Words("zh"), [["school", "band", "follow"]]) == "学校 乐队 互关"
    assert read(Words("en"), [350, 3000]) == "350, 3,000"


def test_a_new_row_gets_a_name_and_is_shown_with_its_values() -> None:
    app = opened("scenario", scenario="classroom", lang="zh")
    app = edit(app, "accounts", added_rows=[{}])
    assert plan(app).accounts[-1].id == "新账号 1"
    assert list(app.data_editor[0].value["id"])[-1] == "新账号 1"
    assert "新账号 1）：新增。" in body(app)


def test_a_deleted_row_is_gone_and_can_be_had_back() -> None:
    app = opened("scenario", scenario="classroom")
    app = edit(app, "accounts", deleted_rows=[1])
    assert "canteen: removed." in body(app)
    app = alive(button(app, "Undo").click().run())
    assert app.session_state[chosen.SCENARIO] == "classroom"
    assert list(app.data_editor[0].value["id"])[1] == "canteen"
    assert "taken back" in status(app)
    assert len(drafts.listed()) == 1


def test_the_audience_that_is_typed_is_the_one_in_hand() -> None:
    app = opened("scenario", scenario="beauty_matrix", section="audience")
    app = put(app, "audience.users", 60_000)
    assert app.session_state[chosen.USERS] == 60_000
    assert "users" not in app.query_params


@pytest.mark.parametrize(
    ("part", "value", "key", "expected"),
    [
        ("name", "mine", "name", "mine"),
        ("audience.topics", "food 50%, sport 25%, music 25%", "audience.topics",
         {"food": 0.5, "sport": 0.25, "music": 0.25}),
        ("brand.price_cny", 12.5, "brand.price_cny", 12.5),
        ("run.start", "Sunday 20:00", "run.start", "Sunday 20:00"),
        ("run.seed", "9007199254740993", "run.seed", 9_007_199_254_740_993),
        ("brand.gpm_cny", 30.0, "brand.gpm_cny", 30.0),
    ],
)  # fmt: skip
def test_a_field_changes_its_key(part: str, value: object, key: str, expected: object) -> None:
    app = put(opened("scenario", scenario="classroom", section="audience", researcher="1"), part, value)
    changed = plan(app).model_dump()
    for name in key.split("."):
        changed = changed[name]
    assert changed == expected
    assert drafts.NAME.fullmatch(app.session_state[chosen.SCENARIO])


@pytest.mark.parametrize(
    ("part", "value", "said"),
    [
        ("run.hours", 0, "Length, h = 0: is too small. Allowed: a whole number from 1 to 8,760."),
        ("audience.users", 10, "People in the audience = 10: is too small."),
        ("audience.topics", "food 0.4", "the shares must sum to 1 (±0.01), they sum to 0.4."),
        ("audience.topics", "food 0.4, x", "the share of &#x27;x&#x27; is missing."),
        ("run.seed", "many", "Seed = &quot;many&quot;: is text, which is the wrong kind of value."),
        ("name", "", "Name = &quot;&quot;: is too short."),
    ],
)
def test_a_wrong_field_has_the_message_beside_it(part: str, value: object, said: str) -> None:
    app = put(opened("scenario", scenario="classroom", section="audience", researcher="1"), part, value)
    assert said in faults(app)
    assert plan(app).with_values({"name": "x"}) == plan_of("classroom").with_values({"name": "x"})


def test_another_layout_and_other_kinds_of_link_are_taken() -> None:
    app = put(opened("scenario", scenario="classroom", section="links"), "links.layout", "mesh")
    app = put(app, "links.density", 0.5)
    app = put(app, "links.channels", ["mention", "follow"])
    links = plan(app).links
    assert (links.layout, links.density, links.channels) == ("mesh", 0.5, ("follow", "mention"))


def test_own_links_begin_with_those_of_the_layout_and_are_edited_in_a_table() -> None:
    app = put(opened("scenario", scenario="classroom", section="links"), "links.layout", "custom")
    assert len(plan(app).links.edges) == 24
    added = [{"from": "band", "to": "team", "channel": "like"}, {"from": "team"}]
    app = edit(app, "edges", added_rows=added, deleted_rows=list(range(23)))
    assert plan(app).links.edges[1:] == (("band", "team", "like"),)
    assert "Rows 3 lack a cell" in body(app)
    app = edit(app, "edges", added_rows=[{"from": "team", "to": "team", "channel": "like"}])
    assert re.search("List of links · row 25 = .*: &#x27;team&#x27; cannot link to itself.", faults(app))
    app = put(app, "links.layout", "ring")
    assert plan(app).links.edges == ()


def test_own_links_follow_when_an_account_gets_another_name_twice() -> None:
    app = put(opened("scenario", scenario="classroom", section="links"), "links.layout", "custom")
    app = section(app, "accounts")
    app = edit(app, "accounts", edited_rows={0: {"id": "x"}})
    app = edit(app, "accounts", edited_rows={0: {"id": "y"}})
    assert {name for edge in plan(app).links.edges for name in edge[:2]} == {
        "y",
        "canteen",
        "team",
        "band",
        "alumni",
    }


def test_creators_are_edited_by_tier() -> None:
    app = opened("scenario", scenario="seeding_pyramid", section="creators")
    app = edit(app, "tiers", edited_rows={4: {"ratio": 20, "price_cny": 900}})
    app = put(app, "seeding.budget_cny", 1000.0)
    seeding = plan(app).seeding
    assert seeding.ratio == (1, 1, 3, 46, 20, 150)
    assert seeding.tiers["junior"].price_cny == 900
    assert seeding.budget_cny == 1000
    app = put(app, "seeding.budget_cny", None)
    assert plan(app).seeding.budget_cny is None
    app = edit(app, "tiers", edited_rows={4: {"ratio": 20_000}})
    assert "creators. Allowed: at most 10,000 in all." in faults(app)


@pytest.mark.parametrize(("language", "said"), [("en", "post after the end of the run"), ("zh", "费用照付")])
def test_posts_that_come_too_late_stand_beside_the_words(language: str, said: str) -> None:
    app = opened("scenario", scenario="seeding_pyramid", section="audience", lang=language)
    assert said not in markup(app)
    assert said in markup(put(app, "run.hours", 48))


def test_every_key_can_be_searched_and_set() -> None:
    app = opened("scenario", scenario="classroom", section="parameters")
    assert len(app.data_editor[0].value) > 90
    for text in ("Platform · Weight of the completion rate", "weights.completion assumed"):
        app = alive(app.text_input(key="scenario_search").set_value(text).run())
        assert list(app.data_editor[0].value["key"]) == ["platform.weights.completion"]
    app = edit(app, "parameters", edited_rows={0: {"value": "0.6"}})
    assert plan(app).platform.weights.completion == 0.6
    app = edit(app, "parameters", edited_rows={0: {"value": "6"}})
    assert "Platform · Weight of the completion rate = 6: is too large." in faults(app)
    app = edit(app, "parameters")
    assert plan(app).platform.weights.completion == 0.7
    search = app.text_input(key="scenario_search")
    assert "No key fits." in body(alive(search.set_value("no such <b>key").run()))


def test_a_wrong_key_waits_with_the_others_until_it_is_right() -> None:
    app = opened("scenario", scenario="classroom", section="parameters")
    rows = list(app.data_editor[0].value["key"])
    hours, price = rows.index("run.hours"), rows.index("brand.price_cny")
    app = edit(app, "parameters", edited_rows={hours: {"value": "many"}, price: {"value": "7"}})
    assert "Length, h = &quot;many&quot;" in faults(app)
    assert plan(app).run.hours == 96
    app = section(section(app, "audience"), "parameters")
    assert list(app.data_editor[0].value["value"])[hours] == '"many"'
    app = edit(app, "parameters", edited_rows={hours: {"value": "24"}})
    assert (plan(app).brand.price_cny, plan(app).run.hours) == (7, 24)


def test_only_what_differs_from_the_default_can_be_shown() -> None:
    app = opened("scenario", scenario="classroom", section="parameters")
    app = alive(app.checkbox[0].check().run())
    keys = list(app.data_editor[0].value["key"])
    assert "platform.pools" in keys
    assert "links.layout" not in keys


def test_the_language_can_be_changed_in_the_middle_of_editing() -> None:
    app = edit(opened("scenario", scenario="classroom"), "accounts", edited_rows={2: {"fans": 77}})
    app = alive(button(app, "中文").click().run())
    assert list(app.data_editor[0].value["fans"])[2] == "77"
    assert plan(app).accounts[2].fans == 77


def test_another_scenario_begins_with_clean_tables() -> None:
    app = edit(opened("scenario", scenario="classroom"), "accounts", edited_rows={2: {"fans": -77}})
    app = alive(choice(app, chosen.SCENARIO).set_value("same_content").run())
    assert not faults(app)
    assert app.session_state[chosen.SCENARIO] == "same_content"
    assert app.data_editor[0].value["id"][0] == "copy 01"


def test_the_address_holds_the_section() -> None:
    app = opened("scenario", section="creators")
    assert app.session_state[scenario.SECTION] == "creators"
    assert app.query_params["section"] in ("creators", ["creators"])


@pytest.mark.parametrize(
    "address", [{"section": "<b>", "scenario": "../../etc/passwd"}, {"scenario": "my-0", "users": "x"}]
)
def test_rubbish_in_the_address_opens_the_first_view(address: dict[str, str]) -> None:
    app = opened("scenario", **address)
    state = app.session_state
    assert (state[scenario.SECTION], state[chosen.SCENARIO]) == ("accounts", "beauty_matrix")


def test_a_seed_beyond_what_a_browser_can_count_is_shown() -> None:
    app = opened("scenario", section="audience", researcher="1")
    app = bring(app, "a.toml", b'name = "x"\n[run]\nseed = 9223372036854775807\n')
    assert next(f.value for f in app.text_input if f.label == "Seed") == "9223372036854775807"


def test_a_full_mesh_of_two_thousand_accounts_can_be_shown(cache: Path) -> None:
    accounts = "\n".join(f'[[accounts]]\nid = "a{k}"\nrole = "{"sub" if k else "main"}"' for k in range(2000))
    app = bring(opened("scenario"), "a.toml", f'name = "x"\n{accounts}\n[links]\nlayout = "mesh"\n'.encode())
    assert "11.99M links" in body(app)
    assert plan(edit(app, "accounts", edited_rows={1999: {"fans": 5}})).accounts[1999].fans == 5


def test_the_page_computes_nothing(no_work: FakeJobs) -> None:
    app = edit(opened("scenario", scenario="classroom"), "accounts", edited_rows={2: {"fans": 77}})
    for name in SECTIONS:
        app = section(app, name)
        assert no_work.started == []
