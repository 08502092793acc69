"""docs/explanation/the-house.md: two walks, whose files hold what it says, and what a mechanism costs."""

import ast
import re
from pathlib import Path

import pytest

from tests.mechanisms.cost import OWN, costs, table
from tests.mechanisms.enrolled import ENROLLED

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "explanation" / "the-house.md").read_text(encoding="utf-8")
MOST = 8
"""Files that a newcomer opens from start to table."""


def walks() -> dict[str, list[tuple[str, list[str]]]]:
    """Title → the steps: a file, and the names that are read in it."""
    part = PAGE.split("\n## Two walks\n")[1].split("\n## ")[0]
    found: dict[str, list[tuple[str, list[str]]]] = {}
    walk = re.compile(r"^\*\*(.+?)\*\*(.*?)(?=^\*\*|^Two things)", re.MULTILINE | re.DOTALL)
    for title, body in walk.findall(part):
        steps = re.findall(r"^\d+\. `(sim/[\w/]+\.py)` \((.+?)\):", body, re.MULTILINE)
        assert len(steps) == len(re.findall(r"^\d+\. ", body, re.MULTILINE))
        found[title] = [(file, re.findall(r"`(\w+)`", names)) for file, names in steps]
    return found


WALKS = walks()


def names_in(file: str) -> set[str]:
    """Functions, classes and values that a module makes itself."""
    names = set()
    for node in ast.parse((ROOT / file).read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return names


def test_there_are_two_walks_from_start_to_table():
    assert list(WALKS) == ["A video's quota", "A person's record"]
    assert all(steps[-1][0] == "sim/hour/tables.py" for steps in WALKS.values())


@pytest.mark.parametrize("title", WALKS)
def test_a_walk_opens_few_files_and_finds_there_what_it_names(title):
    steps = WALKS[title]
    files = [file for file, _ in steps]
    assert len(files) == len(set(files)) <= MOST
    for file, names in steps:
        assert names, file
        assert set(names) <= names_in(file), file


@pytest.mark.parametrize("title", WALKS)
def test_each_step_is_imported_or_named_by_one_before(title):
    files = [Path(file) for file, _ in WALKS[title]]
    for place, file in enumerate(files[1:], 1):
        ways = [".".join(file.with_suffix("").parts), file.relative_to("sim").as_posix()]
        texts = {other: (ROOT / other).read_text(encoding="utf-8") for other in files[:place]}
        near = [text for other, text in texts.items() if other.parent == file.parent]
        assert any(way in text for way in ways for text in texts.values()) or file.name in "".join(near), file


def test_files_that_the_page_names_are_there():
    floors = "world|hour|engines|platform|rules|mechanisms|sweeps"
    told = PAGE.split("\n## What a mechanism costs\n")[0]
    named = set(re.findall(rf"`(?:sim/)?((?:{floors})/[\w/]+\.py)`", told))
    assert len(named) > MOST
    assert not {file for file in named if not (ROOT / "sim" / file).is_file()}


def test_every_mechanism_has_its_row_of_cost_and_kernels_know_three():
    late = {entry.name for entry in ENROLLED if not (entry.version_0 or entry.is_plugin)}
    assert {name for name in OWN if "platform" not in name} == late
    known = {cost.name for cost in costs() if any(file.startswith("engines/") for file in cost.happens)}
    assert known == {"author scatter", "proof before a follow", "repetition"}
    assert table() in PAGE, "python -m tests.mechanisms.cost prints the table of the page"
