import re

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.app.pages.scenario import uploads
from sim.app.pages.scenario.uploads import account_table, scenario_text
from sim.app.ui.editing import ACCOUNT
from sim.app.ui.faults import told
from sim.errors import ScenarioError
from sim.language.words import LANGUAGES, Words
from sim.report.export import exported
from sim.scenario.key_names import label
from sim.scenario.source import MAX_BYTES
from tests.scenario.wrong import wrong


def refused(raw: bytes | str) -> list[str]:
    with pytest.raises(ScenarioError) as error:
        account_table("a.csv", raw if isinstance(raw, bytes) else raw.encode())
    return [str(problem) for problem in error.value.problems]


def test_a_scenario_file_is_taken_as_it_was_written() -> None:
    text = '# mine\nname = "x"  # kept\n'
    assert scenario_text("a.toml", text.encode()) == text
    assert scenario_text("a.toml", text.encode("utf-8-sig")) == text


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"#" * (MAX_BYTES + 1), "a.toml: is larger than 2,000,000 bytes"),
        ('name = "x"\n# 中'.encode("gb18030"), "a.toml:2: is not UTF-8 text"),
        (b"name = \n", "a.toml:1: is not valid TOML"),
        (b'name = "x"\n[run]\nhours = 0', "a.toml:3: run.hours = 0: is too small"),
        (b"", "name: is required"),
    ],
)
def test_a_file_that_is_no_scenario_is_refused_with_the_line(raw: bytes, said: str) -> None:
    with pytest.raises(ScenarioError) as error:
        scenario_text("a.toml", raw)
    assert said in str(error.value)


@given(wrong())
@settings(deadline=None)  # the first example reads the schema
def test_no_wrong_file_ends_in_anything_but_a_message(raw: bytes) -> None:
    with pytest.raises(ScenarioError):
        scenario_text("a.toml", raw)


def test_a_table_is_read_by_keys_or_by_titles_of_either_language() -> None:
    row = {
        "id": "旗舰",
        "role": "main",
        "fans": 12_000,
        "verified": True,
        "topics": "a 0.5, b 0.5",
        "quality": 1.5,
    }
    keys = 'id,role,fans,verified,topics,quality\n旗舰,main,"12,000",yes,"a 0.5, b 0.5",1.5\n'
    zh = "账号;角色;粉丝数;蓝V 认证;内容方向;内容质量\n旗舰;主账号;12000;是;a 0.5, b 0.5;1.5\n"
    en = "Account\tRole\tFans\tVerified\tTopics\tQuality\n"
    en += "旗舰\tMain account\t12000.0\tTRUE\ta 0.5, b 0.5\t1.5\n"
    for raw in (keys.encode(), zh.encode("gb18030"), en.encode("utf-8-sig")):
        assert account_table("a.csv", raw) == [row]


def test_every_column_of_the_page_can_be_brought() -> None:
    for words in map(Words, LANGUAGES):
        titles = [label(words, f"accounts.*.{column}") for column in ACCOUNT]
        assert len(set(titles)) == len(ACCOUNT)
        header = ",".join(f'"{title}"' for title in titles)
        assert list(account_table("a.csv", f"{header}\na{',1' * (len(ACCOUNT) - 1)}".encode())[0]) == list(
            ACCOUNT
        )


def test_empty_cells_and_empty_lines_are_left_out() -> None:
    assert account_table("a.csv", b"id,fans,\r\na,,\r\n,,\r\nb,3,\r\n") == [
        {"id": "a"},
        {"id": "b", "fans": 3},
    ]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("id,fanns\na,1", "a.csv:1: fanns: the column is not known"),
        ("id,fans,Fans\na,1,2", "a.csv:1: Fans: the column is there twice"),
        ("fans\n1", "a.csv:1: id: is required"),
        ("id,fans\na,1\nb,many", "a.csv:3: accounts.1.fans = many: is not a number; allowed: a whole number"),
        ("id,verified\na,perhaps", "a.csv:2: accounts.0.verified = perhaps: is neither yes nor no"),
        ("id\na,1", "a.csv:2: has more cells than the header"),
        ("id,fans\n", "a.csv: has no rows"),
        ("", "id: is required"),
        ('id\n"a\nb', "line 2: a cell begins with a quotation mark"),
        (b"id\n\xff\xff", "is neither UTF-8, UTF-16 nor GBK text, nor Excel"),
        (b"PK\x03\x04", "is no Excel file that can be read"),
        (b"id\n" + b"a\n" * MAX_BYTES, "is larger than"),
    ],
)
def test_a_wrong_table_is_refused_with_line_and_column(raw: bytes | str, said: str) -> None:
    assert any(said in problem for problem in refused(raw))


def test_a_table_may_be_a_workbook() -> None:
    frame = pl.DataFrame({"Account": ["main"], "Role": ["Main account"], "粉丝数": [1200]})
    raw = exported(frame, "xlsx")
    assert account_table("a.xlsx", raw) == [{"id": "main", "role": "main", "fans": 1200}]


def test_what_is_wrong_with_a_file_is_told_in_chinese() -> None:
    for raw in ('id\n"a\nb', b"id\n\xff\xff", b"PK\x03\x04"):
        with pytest.raises(ScenarioError) as error:
            account_table("a.csv", raw if isinstance(raw, bytes) else raw.encode())
        [said] = told(Words("zh"), error.value.problems)
        assert re.search("[\u4e00-\u9fff]", said)


def test_every_wrong_cell_is_named() -> None:
    assert len(refused("id,fans,quality\na,x,y\nb,z,1")) == 3


@given(st.binary(max_size=200) | st.text(max_size=100).map(lambda text: f"id,fans,role\n{text}".encode()))
def test_any_bytes_are_rows_or_are_refused(raw: bytes) -> None:
    try:
        rows = account_table("a.csv", raw)
    except ScenarioError:
        return
    assert rows
    assert all(set(row) <= set(ACCOUNT) for row in rows)


def test_a_name_of_a_file_is_only_for_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("builtins.open", lambda *_: pytest.fail("opened"))
    assert uploads.scenario_text("../../etc/passwd", b'name = "x"')
    assert uploads.account_table("/etc/passwd.csv", b"id\na")
