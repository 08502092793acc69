"""Nothing in a ledger can be rewritten after the fact without being named."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sim.errors import DamagedError, UsageError
from sim.forecast.ledger import added, opened, sealed


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """Four lines."""
    file = tmp_path / "ledger.jsonl"
    for k in range(4):
        added(file, {"kind": "forecast", "name": f"第{k}\u2028line", "numbers": [0.1, 1e-17, k]})
    return file


def test_what_was_added_is_read_back_in_order_and_sealed_to_what_was_before(ledger: Path) -> None:
    entries = opened(ledger)
    assert [entry["numbers"][2] for entry in entries] == [0, 1, 2, 3]
    assert [entry["previous"] for entry in entries] == ["", *(entry["seal"] for entry in entries[:-1])]


def test_adding_changes_no_line_that_is_there(ledger: Path) -> None:
    before = ledger.read_bytes()
    added(ledger, {"kind": "score"})
    assert ledger.read_bytes().startswith(before)


def test_of_two_that_add_at_the_same_time_no_entry_is_lost(tmp_path: Path) -> None:
    file = tmp_path / "ledger.jsonl"
    added(file, {"kind": "forecast", "name": "first"})

    def ten(name: str) -> list[str]:
        return [added(file, {"kind": "score", "name": f"{name}{k}"})["name"] for k in range(10)]

    with ThreadPoolExecutor(2) as pool:
        names = [name for told in pool.map(ten, "ab") for name in told]
    assert sorted(entry["name"] for entry in opened(file)) == sorted(["first", *names])


@pytest.mark.parametrize("line", [0, 1, 3])
def test_a_changed_number_names_its_line(ledger: Path, line: int) -> None:
    lines = ledger.read_text("utf-8").split("\n")
    lines[line] = lines[line].replace("0.1", "0.2")
    ledger.write_text("\n".join(lines), "utf-8")
    with pytest.raises(DamagedError, match=f"line {line + 1} was changed"):
        opened(ledger)


def test_half_a_character_is_a_change_like_any_other(ledger: Path) -> None:
    ledger.write_text(ledger.read_text("utf-8").replace("第2", "\\ud800"), "utf-8")
    with pytest.raises(DamagedError, match="line 3 was changed"):
        opened(ledger)


def test_a_line_sealed_anew_breaks_the_chain_behind_it(ledger: Path) -> None:
    lines = ledger.read_text("utf-8").split("\n")
    entry = json.loads(lines[1])
    entry["numbers"] = [9]
    del entry["seal"]
    lines[1] = json.dumps(entry | {"seal": sealed(entry)})
    ledger.write_text("\n".join(lines), "utf-8")
    with pytest.raises(DamagedError, match="before line 3"):
        opened(ledger)


@pytest.mark.parametrize("order", [(0, 2, 3), (0, 2, 1, 3), (0, 1, 1, 2, 3)])
def test_lines_taken_out_moved_or_doubled_are_named(ledger: Path, order: tuple[int, ...]) -> None:
    lines = ledger.read_text("utf-8").split("\n")
    ledger.write_text("".join(lines[k] + "\n" for k in order), "utf-8")
    with pytest.raises(DamagedError, match="taken out, put in or moved"):
        opened(ledger)


def test_a_file_that_was_cut_off_is_named_and_not_added_to(ledger: Path) -> None:
    ledger.write_bytes(ledger.read_bytes()[:-40])
    before = ledger.read_bytes()
    with pytest.raises(DamagedError, match="line 4"):
        opened(ledger)
    with pytest.raises(DamagedError):
        added(ledger, {"kind": "score"})
    assert ledger.read_bytes() == before


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"{}\n", b'{"name": "a"}', b"[1]\n", b"\xff\xfe\x00", b"a,b\n1,2\n"]
)
def test_another_file_is_no_ledger_and_is_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "other"
    file.write_bytes(content)
    with pytest.raises(UsageError, match="other"):
        opened(file)
    with pytest.raises(UsageError):
        added(file, {"kind": "forecast"})
    assert file.read_bytes() == content


def test_a_missing_file_and_a_folder_are_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file"):
        opened(tmp_path / "none")
    with pytest.raises(UsageError, match="is a folder"):
        added(tmp_path, {"kind": "forecast"})
