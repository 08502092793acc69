"""The ODD description says what the code does: its sections 3 and 7 are written from it."""

import pytest

from sim import make_odd
from sim.mechanisms import MECHANISMS
from tests.blocks import PAGES

DRAWING = {"rules/__init__.py", "rules/addresses.py", "rules/draws.py"}
"""Rules of no submodel: how all of them draw."""
PAGE = PAGES["docs/explanation/odd.md"]


def test_the_page_is_what_the_code_says():
    assert make_odd.page(PAGE) == PAGE, "run python -m sim.make_odd"


def test_every_module_of_rules_is_a_submodel():
    rules = {f"rules/{file.name}" for file in (make_odd.PACKAGE / "rules").glob("*.py")}
    assert rules - DRAWING == {own.module for own in make_odd.submodels() if own.module.startswith("rules/")}


@pytest.mark.parametrize("kind", MECHANISMS)
def test_every_mechanism_has_a_hook_in_some_stage(kind):
    assert kind.__module__.rpartition(".")[2] in PAGE.partition("## 4.")[0]
