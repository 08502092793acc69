from pathlib import Path

import pytest
import tomlkit
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import ScenarioError
from sim.scenario.schema import Scenario
from sim.scenario.source import MAX_BYTES, Origin, key_lines, read

TEXT = """\
# every way to write a key
name = "x"
a.b."c d" = 1
[audience]
users = 3
topics = { beauty = 0.4, "fo od" = 0.6 }
[[accounts]]
id = "m"
[accounts.topics]
x = 1.0
[[accounts]]
id = 'y'
ingredients.novelty = 0.5
[links]
edges = [
    ["a", "b"],  # a comment
    ["c",
     "d"],
]
"""
NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
TABLES = st.recursive(
    st.integers() | NAMES | st.lists(st.integers(), max_size=3),
    lambda inner: (
        st.dictionaries(NAMES, inner, max_size=4) | st.lists(st.dictionaries(NAMES, inner), max_size=3)
    ),
    max_leaves=20,
)


def message(text: str) -> str:
    with pytest.raises(ScenarioError) as caught:
        Scenario.loads(text, "a.toml")
    return str(caught.value)


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ((), 1),
        (("name",), 2),
        (("a", "b", "c d"), 3),
        (("audience",), 4),
        (("audience", "users"), 5),
        (("audience", "topics", "fo od"), 6),
        (("audience", "missing"), 4),
        (("accounts", 0), 7),
        (("accounts", 0, "topics", "x"), 10),
        (("accounts", 1), 11),
        (("accounts", 1, "id"), 12),
        (("accounts", 1, "ingredients", "novelty"), 13),
        (("accounts", 1, "fans"), 11),
        (("links", "edges"), 15),
        (("links", "edges", 0, 1), 16),
        (("links", "edges", 1, 0), 17),
        (("links", "edges", 1, 1), 18),
        (("nowhere",), 1),
    ],
)
def test_every_key_has_its_line_or_that_of_what_encloses_it(path: tuple[str | int, ...], line: int) -> None:
    assert Origin("a.toml", TEXT).line(path) == line


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(NAMES, TABLES, max_size=5))
def test_whatever_the_toml_holds_has_a_line(data: dict[str, object]) -> None:
    text = tomlkit.dumps(data)
    lines = key_lines(text)
    assert {(key,) for key in data} <= set(lines)
    assert max(lines.values()) <= text.count("\n") + 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "[audience.topics]\n护肤 = 0.7 # 主\n",
            '(column 1); such names and texts stand in quotes: "护肤" = 0.7',
        ),
        ("audience.topics = {护肤=0.7, b=0.3}\n", 'stand in quotes: "护肤"=0.7'),
        ("audience.topics.a护-1 = 0.7\n", 'stand in quotes: "a护-1" = 0.7'),
        ("[护肤]\n", 'stand in quotes: "护肤"'),
        (
            'name = "x"\nname = 护肤\n',
            'Invalid value (column 8); such names and texts stand in quotes: "护肤"',
        ),
        ("name = “护肤”\n", '(column 8); write " in place of “'),
        ('name ＝ "x"\n', "(column 6); write = in place of ＝"),
        ('name = "护肤" "x"\n', "Expected newline or end of document after a statement (column 13)"),
    ],
)
def test_broken_toml_says_what_to_write_in_place_of_bare_chinese(text: str, said: str) -> None:
    assert message(text).endswith(said)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('name = "x"\nname = "y"\n', "a.toml:2: is not valid TOML: Cannot overwrite a value"),
        ('name = "x"\n[run]\n[run]\n', "a.toml:3: is not valid TOML: Cannot declare run twice (column 5)"),
        ('name = "x"\nhours = [1,\n', "a.toml:2: is not valid TOML: Invalid value"),
        ('name = "x"\nx = ' + "[" * 5000, "a.toml: is not a scenario: lists or tables are nested too deeply"),
        (".".join("a" * 5000) + " = 1", "a.toml: is not a scenario: lists or tables are nested too deeply"),
        ('name = "x"\nx = ' + "9" * 5000, "a.toml: is not a scenario: a number has too many digits"),
        ("", "a.toml: name: is required; allowed: text of 1 to 100 characters"),
        (
            'name = "x"\nrun.hours = 0x' + "f" * 5000,
            "a.toml:2: run.hours = …: is too large; allowed: a whole",
        ),
    ],
)
def test_broken_toml_is_located(text: str, said: str) -> None:
    assert message(text).startswith(said)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            'links.layout = "stra"',
            'links.layout = "stra": is not one of the words allowed here; allowed: none, ',
        ),
        ('links.layout = "STAR"', "did you mean star?"),
        ("links.layot = 1", "links.layot = 1: unknown key; allowed: layout, channels"),
        ("users = 5", "users = 5: unknown key; allowed: name, audience, "),
        ("users = 5", "did you mean audience.users?"),
        ("[[account]]", "did you mean accounts?"),
        (
            "run.hours = 1.5",
            "is a number with a fraction, which is the wrong kind of value; allowed: a whole",
        ),
        ("run.hours = 1979-05-27", "is a date or time, which is the wrong kind of value"),
        ("run = 3", "allowed: a table with the keys hours, start, seed"),
        (
            "brand.price_cny = nan",
            "brand.price_cny = nan: is not a finite number; allowed: a number from 0 to",
        ),
        (
            "audience.topics = {}",
            "has too few entries; allowed: a table of 1 to 16 names, each with a number",
        ),
        (
            'audience.topics = { "" = 1.0 }',
            'audience.topics."" = 1.0: the name is too short; allowed: text of 1 to 100 characters',
        ),
        ('run.start = "Monday 24:00"', 'has the wrong form; allowed: text such as "Monday 00:00"'),
        ('run.start = "monday"', "a.toml:2: run.start"),
        ('links.edges = [["a", "b"]]', "links.edges.0 = ["),
        ("accounts = [{}]", "accounts.0.id: is required"),
        ('accounts = [{ id = "m", role = "main", ingredients = { novlty = 1 } }]', "did you mean novelty?"),
    ],
)
def test_what_is_wrong_is_said_in_plain_words(text: str, said: str) -> None:
    assert said in message(f'name = "x"\n{text}\n')


def test_wrong_entries_do_not_make_the_list_too_short() -> None:
    assert len(message('name = "x"\n[[accounts]]\nid = 3\n').splitlines()) == 1


@pytest.mark.parametrize(
    "text",
    [
        "[live]",
        'accounts = [{id="m", role="competitor"}]',
    ],
)
def test_what_is_not_built_yet_differs_from_a_mistake(text: str) -> None:
    said = message(f'name = "x"\n{text}\n')
    assert "a.toml:2: " in said
    assert "not yet supported: " in said
    assert "unknown" not in said


def test_a_mark_of_windows_editors_is_no_mistake(tmp_path: Path) -> None:
    file = tmp_path / "a.toml"
    file.write_bytes(b'\xef\xbb\xbfname = "x"\r\n[run]\r\nhours = 5\r\n')
    assert Scenario.load(file).run.hours == 5


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'name = "x"\n\xff', "a.toml:2: is not UTF-8 text"),
        ('name = "x"'.encode("utf-16"), "a.toml:1: is not UTF-8 text"),
        (b"#" * (MAX_BYTES + 1), "a.toml: is larger than 2,000,000 bytes"),
    ],
)
def test_a_file_that_cannot_be_a_scenario_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "a.toml"
    file.write_bytes(content)
    with pytest.raises(ScenarioError, match=said):
        Scenario.load(file)


@pytest.mark.parametrize("name", ["missing.toml", ".", "a\0b", "x" * 5000])
def test_a_path_that_cannot_be_read_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ScenarioError):
        read(tmp_path / name)
