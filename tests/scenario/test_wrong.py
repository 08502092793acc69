"""Whatever is wrong in a scenario file ends in status 2 and one clear message."""

import contextlib
import io
import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings

from sim.cli import main
from sim.errors import ScenarioError
from sim.language.words import Words
from sim.scenario.faults import said as told
from sim.scenario.reference import parameters
from sim.scenario.schema import Scenario
from tests.command_line import here
from tests.scenario.wrong import BROKEN_PAIRS, BROKEN_RULES, NOT_YET, NUMBERS, changed, keyed, wrong


def refuse(content: bytes) -> str:
    """Check a wrong file through the real entry, in an empty folder; what it says about the file."""
    out, err = io.StringIO(), io.StringIO()
    with tempfile.TemporaryDirectory() as folder:
        file, here = Path(folder, "wrong.toml"), Path(folder, "here")
        file.write_bytes(content)
        here.mkdir()
        with contextlib.chdir(here), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            with pytest.raises(SystemExit) as stop:
                main(["scenario", "check", str(file)])
            assert not list(here.iterdir())
    assert stop.value.code == 2
    assert not out.getvalue()
    lines = err.getvalue().splitlines()
    assert lines
    assert all(line.startswith(str(file)) for line in lines)
    assert all(word not in err.getvalue() for word in ("Traceback", "pydantic", "https://", "Input should"))
    return err.getvalue()


def test_the_scenario_that_is_broken_on_purpose_is_valid_before() -> None:
    assert Scenario.loads(changed({})).name == "valid"


@settings(max_examples=100, deadline=None)
@given(wrong())
def test_wrong_scenarios_are_refused_with_one_message(content: bytes) -> None:
    refuse(content)


@pytest.mark.evidence
@settings(max_examples=1000, deadline=None)
@given(wrong())
def test_a_thousand_wrong_scenarios_are_refused_with_one_message(content: bytes) -> None:
    refuse(content)


@pytest.mark.parametrize("key", BROKEN_RULES)
def test_each_broken_rule_is_refused_at_its_key(key: str) -> None:
    message = refuse(changed({key: BROKEN_RULES[key]}).encode())
    assert key.split(".", maxsplit=1)[0] in message


SELF_EVIDENT = ("sizes must rise", "needs 6 numbers")
"""Messages that say what is allowed themselves."""
FULL = Scenario.loads(
    changed(
        {
            "campaign.phases": [{"name": "x", "start_hour": 1}],
            "paid.boosts": [{"account": "main"}],
            "seeding.creators": [{"name": "x", "fans": 10, "price_cny": 1.0}],
            "seeding.ratio": [],
        }
    )
)
"""A scenario with an entry in every list."""


@pytest.mark.parametrize("value", [-1, 10**30, "enuf", [1, 1], {"a": 1}, ["a", "a"], True], ids=repr)
def test_every_refusal_names_the_key_and_what_is_allowed_in_both_languages(value: object) -> None:
    refused = 0
    for key in sorted({row.key for row in parameters()} - {"name"}):
        place = re.sub(r"(phases|boosts|creators)\.\*", r"\1.0", keyed(key))
        try:
            FULL.with_values({place: value})
        except ScenarioError as error:
            chinese, refused = told(error, Words("zh")), refused + 1
            vague = [
                problem
                for problem in error.problems
                if not (problem.key and (problem.value or problem.message == "is required"))
                or not (problem.allowed or problem.message.startswith(SELF_EVIDENT))
            ]
            english = re.search("[a-z]{3,} [a-z]{3,}", chinese)
            if vague or english:
                pytest.fail(f"{place}: {vague or chinese}")
    assert refused > 100


def test_weights_that_are_all_0_are_refused_by_a_key_that_can_be_looked_up() -> None:
    none = {"relation_weight": 0.0, "similarity_weight": 0.0, "synchrony_weight": 0.0}
    message = refuse(changed({"enforcement": {"hazard": 1.0, **none}}).encode())
    assert "enforcement.relation_weight = 0.0: is 0 as similarity_weight" in message
    assert "allowed: a number above 0 and at most 1,000" in message


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("links.channels", ["like", "like"], "'like' is listed twice; allowed: a list of any number"),
        ("incubation", {"share": 0.1, "fans": 10**9}, "allowed: a whole number from 0 to 1"),
        ("accounts.1.fans", 100_001, "allowed: a whole number from 0 to 100,000"),
        ("structure", {"kind": "race", "subs": 2, "keep": 3}, "allowed: a whole number from 1 to 2"),
        ("seeding.keep", ["waist-0001"], "did you mean waist-001?"),
        ("accounts.1.id", "main", "allowed: a name that no other has"),
    ],
)  # fmt: skip
def test_a_broken_rule_says_what_would_be_right(key: str, value: object, said: str) -> None:
    assert said in refuse(changed({key: value}).encode())


@pytest.mark.parametrize("values", [*BROKEN_PAIRS, *NOT_YET])
def test_each_broken_combination_is_refused(values: dict[str, object]) -> None:
    refuse(changed(values).encode())


@pytest.mark.parametrize("values", NOT_YET)
def test_what_is_not_built_yet_is_said_and_is_not_an_unknown_key(values: dict[str, object]) -> None:
    message = refuse(changed(values).encode())
    assert "not yet supported" in message
    assert "unknown key" not in message


@pytest.mark.parametrize("key", NUMBERS)
@pytest.mark.parametrize("value", [-1, 10**30, float("nan"), "many"])
def test_every_number_has_limits(key: str, value: object) -> None:
    message = refuse(changed({keyed(key): value}).encode())
    assert keyed(key).rsplit(".", maxsplit=1)[-1] in message


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["scenario", "check", "wrong.toml"], "wrong.toml:2: run.hours = 0: is too small"),
        (["scenario", "explain", "missing.toml"], "missing.toml: no such file"),
        (["scenario", "explain", "classroom", "--set", "links.layot=star"], "did you mean layout?"),
    ],
)
def test_a_command_ends_with_status_2_and_one_line(tmp_path: Path, words: list[str], said: str) -> None:
    (tmp_path / "wrong.toml").write_text('name = "x"\nrun.hours = 0\n')
    done = here(*words, cwd=tmp_path)
    assert done.returncode == 2
    assert not done.stdout
    assert len(done.stderr.splitlines()) == 1
    assert said in done.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["wrong.toml"]


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "\t\n",
        "\u3000",
        "\u200b",
        "\0",
        "a\0b",
        "\x1b[31m",
        "a\nb",
        "a\x07",
        "a\x9b",
        "\u202ea",
        "\u202da",
        "a\u202c",
        "a\u2066b",
    ],
)
@pytest.mark.parametrize("key", ["name", "accounts.1.id", "accounts.1.material", "seeding.topic"])
def test_blank_names_and_control_characters_are_refused(key: str, name: str) -> None:
    message = refuse(changed({key: name}).encode())
    assert f"{key.replace('accounts.1.material', 'accounts.a.material')} = " in message
    assert "not blank, without control characters" in message


def test_blank_topics_are_refused() -> None:
    message = refuse(changed({"audience.topics": {" ": 1.0}}).encode())
    assert "not blank, without control characters" in message


@pytest.mark.parametrize("name", ["🙂", "👨\u200d👩", "·", "a b", " a", "שלום", "سلام", "é", "\u200da"])
def test_any_text_that_shows_something_is_a_name(name: str) -> None:
    assert Scenario.from_dict({"name": name}).name == name


@pytest.mark.parametrize("mark", ["\u061c", "\u200e", "\u200f"])
def test_a_mark_of_direction_that_a_copied_name_brings_is_left_out(mark: str) -> None:
    accounts = [{"id": f"茶{mark}", "role": "main"}, {"id": "b", "fans": 1}]
    plan = Scenario.from_dict({"name": f"{mark}A", "accounts": accounts, "links": {"layout": "custom",
        "edges": [[f"茶{mark}", "b", "follow"]]}})  # fmt: skip
    assert (plan.name, plan.accounts[0].id, plan.links.edges[0][0]) == ("A", "茶", "茶")


@pytest.mark.parametrize(
    ("key", "value", "allowed"),
    [
        ("platform.pass_share", 0.0, "above 0 and below 1"),
        ("platform.pass_share", 1.0, "above 0 and below 1"),
        ("platform.pools", 0, "from 1 to"),
        ("platform.pools", 10**12 + 1, "from 1 to"),
        ("platform.pace_h", 0, "from 1 to 10,000"),
        ("platform.pace_h", 10_001, "from 1 to 10,000"),
    ],
)
def test_schema_and_check_agree_on_the_limits_of_lists(key: str, value: float, allowed: str) -> None:
    message = refuse(changed({key: [value]}).encode())
    assert f"{key}.0 = " in message
    assert allowed in message
    [row] = [row for row in parameters() if row.key == key]
    assert allowed in row.allowed
