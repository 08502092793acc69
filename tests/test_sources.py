"""The rules version changes with whatever makes results, and with nothing that only shows them."""

import ast

import pytest

from sim import sources
from sim.app.jobs import request
from sim.sources import CARRYING, PACKAGE, SHOWING, rules_version


@pytest.fixture
def version(tmp_path, monkeypatch):
    """What the version is after a file of a small package was written."""
    monkeypatch.setattr(sources, "PACKAGE", tmp_path)

    def after(place: str, text: str) -> str:
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_text(text, encoding="utf-8")
        return rules_version.__wrapped__()

    after("rules/pools.py", "1")
    return after


@pytest.mark.parametrize(
    "place",
    ["language/vocabulary.py", "results.py", "simulation.py", "mechanisms/links.py", "agents.py",
     "experiment/compare.py", "scenario/a/b.py", "sweeps/design.py", "a_module_of_tomorrow.py"],
)  # fmt: skip
def test_version_changes_with_what_makes_results(version, place):
    before = version("rules/pools.py", "1")
    one, other = version(place, "x = 1"), version(place, "x = 2")
    assert len({before, one, other}) == 3


@pytest.mark.parametrize(
    "place", ["app/look.py", "charts/hours.py", "report/page.py", "cli.py", "threads.py", "world/notes.txt"]
)
def test_version_stays_with_what_only_shows_or_carries(version, place):
    assert version(place, "x = 1") == version("rules/pools.py", "1")


def test_nothing_that_makes_results_hangs_on_what_only_shows_them():
    for file in PACKAGE.rglob("*.py"):
        place = file.relative_to(PACKAGE).parts[0].removesuffix(".py")
        if place in SHOWING | CARRYING:
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sim."):
                assert str(node.module).split(".")[1] not in SHOWING, file


def test_every_place_that_is_left_out_exists():
    there = {place.stem for place in PACKAGE.iterdir()}
    assert there >= SHOWING | CARRYING


def test_app_asks_anew_when_the_rules_change(monkeypatch):
    asked = request.Running("classroom", None, seed=1)
    before = asked.key()
    monkeypatch.setattr(request, "rules_version", lambda: "another")
    assert asked.key() != before
