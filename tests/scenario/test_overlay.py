import contextlib
import copy

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.scenario.overlay import apply_settings, assigned, key_parts
from sim.scenario.schema import Scenario

DATA = {"run": {"hours": 24}, "accounts": [{"id": "main", "fans": 1}, {"id": "1", "fans": 2}]}


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("run.hours=48", {"run": {"hours": 48}}),
        ("run.start=Monday 00:00", {"run": {"hours": 24, "start": "Monday 00:00"}}),
        ("links.layout=star", {"links": {"layout": "star"}}),
        ('links.layout="star"', {"links": {"layout": "star"}}),
        ("links.channels=['like']", {"links": {"channels": ["like"]}}),
        ("name = a = b ", {"name": "a = b"}),
        ("name=", {"name": ""}),
        ("name=x\ny = 1", {"name": "x\ny = 1"}),
        ('audience.topics."a b"=0.5', {"audience": {"topics": {"a b": 0.5}}}),
    ],
)
def test_values_are_toml_and_else_text(setting: str, expected: dict[str, object]) -> None:
    assert apply_settings(DATA, [setting]) == {**DATA, **expected}


def test_an_account_goes_by_its_id_and_else_by_its_number() -> None:
    result = apply_settings(DATA, ["accounts.main.fans=5", "accounts.1.fans=6", "accounts.0.role=main"])
    expected = [{"id": "main", "fans": 5, "role": "main"}, {"id": "1", "fans": 6}]
    assert result["accounts"] == expected


def test_a_later_setting_wins_and_the_data_stays() -> None:
    before = copy.deepcopy(DATA)
    assert apply_settings(DATA, ["run.hours=1", "run.hours=2"])["run"] == {"hours": 2}
    assert before == DATA


def test_absent_branches_start_from_the_defaults() -> None:
    scenario = Scenario.loads('name = "x"', settings=["accounts.sub-2.fans=9", "seeding.tiers.head.trust=2"])
    assert [account.fans for account in scenario.accounts] == [3000, 0, 9, 0]
    assert scenario.seeding.tiers["head"].trust == 2.0


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("hours", "--set hours: a setting is written key=value, such as links.layout=star"),
        ("=5", "--set =5: a setting is written key=value"),
        ("accounts.man.fans=5", 'accounts: has no entry "man"; allowed: main, 1, 0 to 1; did you mean main?'),
        ("accounts.2.fans=5", 'accounts: has no entry "2"'),
        ("accounts.99999999999999999999.fans=5", "has no entry"),
        (".".join("a" * 5000) + "=5", "has more levels than any key"),
        ("run.hours.x=5", "run.hours.x: run.hours is a single value, it has no keys"),
    ],
)
def test_a_key_that_leads_nowhere_is_refused(setting: str, said: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        apply_settings(DATA, [setting])
    assert said in str(caught.value)


def test_a_wrong_value_names_its_setting_and_others_their_line() -> None:
    with pytest.raises(ScenarioError) as caught:
        Scenario.loads(
            'name = "x"\nrun.hours = 0\n', "a.toml", ["links.layout=stra", "accounts.main.fans=-1"]
        )
    assert [line.split(": ")[0] for line in str(caught.value).splitlines()] == [
        "--set accounts.main.fans=-1",
        "--set links.layout=stra",
        "a.toml:2",
    ]


def test_a_setting_is_not_blamed_for_its_neighbours() -> None:
    text = 'name = "x"\n[[accounts]]\nid = "a"\n[[accounts]]\nid = "b"\n'
    with pytest.raises(ScenarioError, match=r"^a.toml:2: accounts: exactly one account needs role = 'main'"):
        Scenario.loads(text, "a.toml", ["accounts.a.fans=5"])
    with pytest.raises(ScenarioError, match=r"^--set audience.topics.x=0.5: audience.topics = .*sum to 1"):
        Scenario.loads(text, "a.toml", ["audience.topics.x=0.5"])


def test_a_renamed_account_still_names_its_setting() -> None:
    with pytest.raises(ScenarioError, match=r"^--set accounts.main.fans=-1: accounts.other.fans = -1"):
        Scenario.loads('name = "x"', settings=["accounts.main.fans=-1", "accounts.main.id=other"])


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=30))
@example("#=1")
@example("[a]#=1")
def test_any_text_is_taken_or_refused_in_words(setting: str) -> None:
    with contextlib.suppress(ScenarioError):
        assert apply_settings(DATA, [setting])


@pytest.mark.parametrize("key", ["#", "[a]#", "[[a]]#", "[[a]]\nb", "a b"])
def test_a_comment_and_the_head_of_a_table_are_no_keys(key: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 TOML's own, and of several kinds
        key_parts(key)


def test_python_values_are_assigned_as_they_are() -> None:
    assert assigned(DATA, {"accounts.1": {"id": "new"}})["accounts"][1] == {"id": "new"}
