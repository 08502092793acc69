import contextlib
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.app.ui import editing
from sim.app.ui.editing import Edited, checked, document
from sim.app.ui.fields import labels
from sim.errors import ScenarioError
from sim.language.keys import INGREDIENT
from sim.language.words import Words
from sim.scenario.differences import differences
from sim.scenario.layouts import edges
from sim.scenario.matrix import LAYOUTS, TIERS
from sim.scenario.reference import by_key
from sim.scenario.schema import Scenario
from tests.scenario.valid import scenarios

NAMES: editing.Names = {"id": {}, "topics": {}, "ingredients": labels(Words("zh"), INGREDIENT)}


def matrix(**values: Any) -> Scenario:
    given = {
        "name": "m",
        "audience": {"users": 10_000, "topics": {"skincare": 0.6, "makeup": 0.4}},
        "accounts": [{"id": "main", "role": "main", "fans": 100}, {"id": "a"}, {"id": "b", "fans": 7}],
    }
    return Scenario.from_dict(given | values)


def whole(rows: list[editing.Row]) -> list[Edited]:
    return [Edited(k, row) for k, row in enumerate(rows)]


def changed_accounts(plan: Scenario, **changes: Any) -> Scenario:
    given = document(plan)
    rows = editing.account_rows(given["accounts"], NAMES)
    ids = [account.id for account in plan.accounts]
    return checked(editing.with_accounts(given, editing.edited(rows, changes), ids, NAMES, "new"))


def with_setting(plan: Scenario, key: str, text: str | None) -> Scenario:
    return checked(editing.with_setting(document(plan), key, text))


def refused(plan: Scenario, **changes: Any) -> dict[str, str]:
    with pytest.raises(ScenarioError) as error:
        changed_accounts(plan, **changes)
    return {problem.key: f"{problem.message}; {problem.nearest}" for problem in error.value.problems}


def test_edits_deletions_and_additions_are_made_in_the_rows_shown() -> None:
    rows = [{"id": "a", "n": 1}, {"id": "b", "n": 2}, {"id": "c", "n": 3}]
    changes = {"edited_rows": {2: {"n": 9}, "0": {"n": 5}}, "deleted_rows": [1], "added_rows": [{"id": "d"}]}
    assert editing.edited(rows, changes) == [
        (0, {"id": "a", "n": 5}),
        (2, {"id": "c", "n": 9}),
        (None, {"id": "d"}),
    ]
    assert rows[0]["n"] == 1


@settings(max_examples=60, deadline=None)
@given(scenarios())
def test_tables_that_nobody_touched_change_nothing(plan: Scenario) -> None:
    assert changed_accounts(plan) == plan
    given = document(plan)
    assert checked(given) == plan
    assert checked(editing.with_edges(given, whole(editing.edge_rows(given)))) == plan
    ratio = plan.seeding.ratio if any(plan.seeding.ratio) else ()
    assert checked(editing.with_tiers(given, editing.tier_rows(given))) == plan.with_values(
        {"seeding.ratio": ratio}
    )


@settings(max_examples=20, deadline=None)
@given(scenarios())
def test_every_key_that_is_written_as_it_is_shown_changes_nothing(plan: Scenario) -> None:
    for setting in editing.settings(document(plan)):
        if setting.value != editing.VARIES:
            assert with_setting(plan, setting.parameter.key, setting.value) == plan


def test_all_columns_of_an_account_are_taken() -> None:
    cells = {
        "id": " 旗舰 ", "role": "creator", "tier": "junior", "fans": 3000.0,
        "topics": "skincare 70%, makeup 0.3", "posts_per_day": 2, "first_post_h": 3, "quality": 1.5,
        "weight": 2, "verified": True, "material": "film", "length_s": 15, "opening": 1.2,
        "ingredients": "猎奇 0.5, plain_words 0.2", "cost_per_post_cny": 10, "audience_fit": 0.2,
    }  # fmt: skip
    account = changed_accounts(matrix(), edited_rows={1: cells}).accounts[1]
    assert account.model_dump() == cells | {
        "id": "旗舰",
        "fans": 3000,
        "topics": {"skincare": 0.7, "makeup": 0.3},
        "ingredients": {"novelty": 0.5, "plain_words": 0.2},
    }
    assert set(cells) == set(editing.ACCOUNT)


def test_an_emptied_cell_is_the_default() -> None:
    plan = changed_accounts(matrix(), edited_rows={2: {"fans": None, "topics": " ", "quality": float("nan")}})
    assert plan.accounts[2].fans == 0
    assert plan.accounts[2].topics is None
    assert plan.accounts[2].quality == 1.0


def test_a_new_row_without_a_name_gets_a_free_one() -> None:
    plan = matrix(accounts=[{"id": "main", "role": "main"}, {"id": "new 1"}])
    ids = [account.id for account in changed_accounts(plan, added_rows=[{}, {"id": "x"}, {}]).accounts]
    assert ids == ["main", "new 1", "new 2", "x", "new 3"]


@pytest.mark.parametrize(
    ("cells", "key", "said"),
    [
        ({"fans": -5}, "accounts.1.fans", "is too small; "),
        ({"fans": 20_000}, "accounts.1.fans", "20,000 fans inside the audience are more than"),
        ({"fans": 1.5}, "accounts.1.fans", "a number with a fraction"),
        ({"id": None}, "accounts.1.id", "is required"),
        ({"id": "b"}, "accounts.2.id", "'b' is used twice"),
        ({"topics": "skincre 1.0"}, "accounts.1.topics.skincre", "not a topic of [audience]; skincare"),
        ({"topics": "skincare 0.5"}, "accounts.1.topics", "must sum to 1"),
        ({"topics": "skincare 0.5, makeup"}, "accounts.1.topics", "the share of 'makeup' is missing"),
        ({"ingredients": "猎 0.5"}, "accounts.1.ingredients.猎", "unknown key"),
        ({"role": "main"}, "accounts", "exactly one account needs role = 'main', found 2"),
        ({"role": "creator"}, "accounts.1.tier", "a creator needs a tier"),
    ],
)
def test_a_wrong_cell_is_refused_at_its_row_and_column(cells: dict[str, Any], key: str, said: str) -> None:
    problems = refused(matrix(), edited_rows={1: cells})
    near = {name.replace('"', ""): text for name, text in problems.items()}
    assert said in near[key]


def test_links_follow_a_renamed_account_and_go_with_a_deleted_one() -> None:
    links = {
        "layout": "custom",
        "edges": [["main", "a", "like"], ["a", "b", "follow"], ["main", "b", "mention"]],
    }
    plan = changed_accounts(matrix(links=links), edited_rows={1: {"id": "A!"}}, deleted_rows=[2])
    assert plan.links.edges == (("main", "A!", "like"),)


def test_accounts_can_swap_names_and_keep_their_links() -> None:
    links = {"layout": "custom", "edges": [["main", "a", "like"]]}
    plan = changed_accounts(matrix(links=links), edited_rows={1: {"id": "b"}, 2: {"id": "a"}})
    assert plan.links.edges == (("main", "b", "like"),)


def test_a_link_that_lacks_a_cell_does_not_count_yet() -> None:
    plan = matrix(links={"layout": "custom", "edges": [["main", "a", "like"]]})
    rows = editing.edited(
        editing.edge_rows(document(plan)),
        {"added_rows": [{"from": "a"}, {"from": "a", "to": "b", "channel": "like"}]},
    )
    assert [editing.is_open(row) for _, row in rows] == [False, True, False]
    changed = editing.with_edges(document(plan), rows)
    assert len(changed["links"]["edges"]) == 3
    assert checked(changed).links.edges == (("main", "a", "like"), ("a", "b", "like"))


@pytest.mark.parametrize("layout", LAYOUTS[:-1])
def test_a_layout_becomes_the_list_of_its_links_and_back(layout: str) -> None:
    plan = matrix(links={"layout": layout})
    given = editing.with_layout(document(plan), plan, "custom")
    own = checked(given)
    assert sorted(edges(own)) == sorted(edges(plan))
    assert checked(editing.with_layout(given, own, layout)) == plan


def test_a_layout_with_too_many_links_begins_an_empty_list() -> None:
    accounts = [{"id": f"a{k}", "role": "sub" if k else "main"} for k in range(50)]
    plan = matrix(accounts=accounts, links={"layout": "mesh"})
    assert checked(editing.with_layout(document(plan), plan, "custom")).links.edges == ()


def test_a_tier_is_changed_and_a_ratio_of_nobody_is_none() -> None:
    given = document(matrix())
    rows = editing.tier_rows(given)
    rows[4] |= {"ratio": 3.0, "price_cny": None, "trust": 2}
    plan = checked(editing.with_tiers(given, rows))
    assert plan.seeding.counts == (0, 0, 0, 0, 3, 0)
    assert plan.seeding.tiers["junior"].trust == 2
    assert plan.seeding.tiers["junior"].price_cny is None  # it follows from the fans
    none = [row | {"ratio": 0} for row in rows]
    assert checked(editing.with_tiers(document(plan), none)).seeding.ratio == ()


def test_every_key_of_the_reference_is_listed_with_its_value() -> None:
    plan = matrix(brand={"price_cny": 50.0})
    shown = {setting.parameter.key: setting for setting in editing.settings(document(plan))}
    assert list(shown) == [key for key in by_key() if key != "fitted"]  # the standing of others
    assert shown["brand.price_cny"].value == "50.0"
    assert shown["brand.price_cny"].changed
    assert not shown["brand.margin_share"].changed
    assert shown["audience.topics"].value == "{ skincare = 0.6, makeup = 0.4 }"
    assert shown["accounts.*.fans"].value == editing.VARIES
    assert shown["accounts.*.quality"].value == "1.0"
    assert shown["seeding.budget_cny"].value == ""


def test_a_key_is_set_for_all_accounts_or_tiers_and_an_empty_value_is_the_default() -> None:
    plan = with_setting(matrix(), "accounts.*.posts_per_day", "2")
    assert [account.posts_per_day for account in plan.accounts] == [2, 2, 2]
    plan = with_setting(plan, "seeding.tiers.*.trust", "0.5")
    assert {tier.trust for tier in plan.seeding.tiers.values()} == {0.5}
    assert len(plan.seeding.tiers) == len(TIERS)
    assert with_setting(plan, "accounts.*.posts_per_day", " ").accounts == matrix().accounts
    assert with_setting(plan, "seeding.budget_cny", None).seeding.budget_cny is None


@pytest.mark.parametrize(
    ("key", "text", "said"),
    [
        ("run.hours", "0", "run.hours = 0: is too small; allowed: a whole number from 1 to 8,760"),
        ("run.hours", "many", 'run.hours = "many": is text'),
        ("links.layout", "strar", "did you mean star"),
        ("accounts.*.id", "x", "'x' is used twice"),
        ("platform.pools", "[300, 100]", "rise from one pool to the next"),
    ],
)
def test_a_key_that_cannot_have_a_value_is_named(key: str, text: str, said: str) -> None:
    with pytest.raises(ScenarioError, match=re.escape(said)):
        with_setting(matrix(), key, text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3", 3),
        (" [1, 2.5] ", [1, 2.5]),
        ("star", "star"),
        ('"a"', "a"),
        ("1\nb = 2", "1\nb = 2"),
        ("'", "'"),
    ],
)
def test_a_value_is_toml_or_else_text(text: str, value: object) -> None:
    assert editing.value_of(text) == value


@settings(max_examples=40, deadline=None)
@given(scenarios())
def test_a_scenario_does_not_differ_from_itself(plan: Scenario) -> None:
    assert differences(plan, plan) == []


def test_differences_are_told_by_account_and_key() -> None:
    before = matrix()
    after = before.with_values(
        {"accounts.b.fans": 9, "run.hours": 24, "accounts.a.topics": {"skincare": 1.0}}
    )
    found = {change.place: change[1:] for change in differences(before, after)}
    assert found == {
        ("accounts", 1, "topics"): (None, {"skincare": 1.0}),
        ("accounts", 2, "fans"): (7, 9),
        ("run", "hours"): (168, 24),
    }


def test_accounts_that_came_and_went_are_one_difference_each() -> None:
    before = matrix()
    after = changed_accounts(before, deleted_rows=[1], added_rows=[{"id": "c"}])
    assert differences(before, after) == [
        (("accounts", "a"), "a", None),
        (("accounts", 2), None, "c"),
    ]


def test_topics_of_audience_and_accounts_change_one_after_the_other() -> None:
    plan = matrix(accounts=[{"id": "main", "role": "main", "topics": {"skincare": 1.0}}, {"id": "a"}])
    given = editing.with_topics(document(plan), "cars 0.5, boats 0.5")
    with pytest.raises(ScenarioError, match="not a topic of"):
        checked(given)
    rows = editing.account_rows(given["accounts"], NAMES)
    rows[0]["topics"] = "cars"
    given = editing.with_accounts(given, whole(rows), ["main", "a"], NAMES, "new")
    assert checked(given).accounts[0].topics == {"cars": 1.0}


def test_what_cannot_be_read_stays_as_it_was_typed_until_it_can() -> None:
    plan = matrix()
    given = editing.with_topics(document(plan), "food 0.4, x")
    assert given["audience"]["topics"] == "food 0.4, x"
    rows = editing.account_rows(given["accounts"], NAMES)
    rows[1] |= {"topics": "护肤0.5、食物0.5", "id": None}
    ids = [account.id for account in plan.accounts]
    given = editing.with_accounts(given, whole(rows), ids, NAMES, "new")
    assert editing.account_rows(given["accounts"], NAMES)[1]["topics"] == "护肤0.5、食物0.5"
    with pytest.raises(ScenarioError) as error:
        checked(given)
    assert {p.key for p in error.value.problems} >= {"audience.topics", "accounts.1.topics", "accounts.1.id"}
    rows[1]["id"] = "a"
    given = editing.with_accounts(given, whole(rows), ids, NAMES, "new")
    assert checked(editing.with_topics(given, "护肤 0.4, 食物 0.6")).accounts[1].topics == {
        "护肤": 0.5,
        "食物": 0.5,
    }


def test_a_topic_that_gets_another_name_gets_it_in_accounts_and_creators() -> None:
    accounts = [{"id": "main", "role": "main", "topics": {"skincare": 0.2, "makeup": 0.8}}, {"id": "a"}]
    plan = matrix(accounts=accounts, seeding={"topic": "skincare"})
    after = checked(editing.with_topics(document(plan), "skin care 0.6, makeup 0.4"))
    assert after.accounts[0].topics == {"skin care": 0.2, "makeup": 0.8}
    assert after.accounts[1].topics is None
    assert after.seeding.topic == "skin care"
    swapped = editing.with_topics(document(matrix(accounts=accounts)), "makeup 0.6, skincare 0.4")
    assert checked(swapped).accounts[0].topics == {"skincare": 0.2, "makeup": 0.8}


def test_links_of_an_account_stay_while_its_name_is_empty() -> None:
    plan = matrix(links={"layout": "custom", "edges": [["main", "a", "like"]]})
    rows = editing.account_rows(document(plan)["accounts"], NAMES)
    rows[1]["id"] = None
    given = editing.with_accounts(document(plan), whole(rows), ["main", "a", "b"], NAMES, "new")
    assert given["links"]["edges"] == [["main", "a", "like"]]


def test_the_starter_can_be_had_in_other_words() -> None:
    plan = editing.starter({"beauty": "美妆", "food": "美食", "main": "主账号", "My matrix": "我的矩阵"})
    assert plan.name == "我的矩阵"
    assert plan.audience.topics == {"美妆": 0.6, "美食": 0.4}
    assert plan.accounts[0].id == "主账号"
    assert plan.accounts[0].role == "main"
    assert editing.starter({}).accounts[1].topics == {"beauty": 1.0}
    assert Scenario.loads(plan.to_toml()) == plan


@given(st.text(max_size=40))
def test_no_value_that_is_typed_ends_in_anything_but_a_message(text: str) -> None:
    for key in ("run.hours", "audience.topics", "platform.pools", "name", "run.start"):
        with contextlib.suppress(ScenarioError):
            with_setting(matrix(), key, text)
