"""`matrixsim validate`: a page, rows for a program, and refusals before any work."""

import json
from pathlib import Path

import pytest

from sim.validity import worlds
from sim.validity.facts import facts
from tests.command_line import failed, ran

TINY = worlds.Size(seeds=2, accounts=12, users=20_000, days=18)


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worlds, "QUICK", TINY)
