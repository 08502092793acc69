from pathlib import Path

import pytest

from sim.experiment.compare import compare
from sim.experiment.replicate import run
from sim.results import Result
from sim.scenario.schema import Scenario
from tests.refresh import busy

SCRIPT = "</script><script>alert(1)</script>"
IMAGE = '"><img src=x onerror=alert(2)>'
FORMULA = "=HYPERLINK(1)"
"""Ids of accounts that a page, a figure or a spreadsheet must not take for anything but text."""


def hostile() -> Scenario:
    """A world of much traffic whose accounts and name are written by an enemy; with a few creators."""
    accounts = (
        {"id": SCRIPT, "role": "main", "fans": 300, "topics": {"food": 0.5, "sport": 0.5}},
        {"id": IMAGE, "fans": 120, "topics": {"music": 1.0}, "posts_per_day": 2.0},
        {"id": FORMULA, "fans": 50, "topics": {"food": 1.0}, "posts_per_day": 2.0},
        {"id": "%{x} {braces} <b>bold</b>", "posts_per_day": 1.0},
    )
    return busy(
        name=f"plan {SCRIPT}", accounts=accounts, seeding__ratio=[0, 0, 0, 0, 2, 3], seeding__window_h=24
    )


@pytest.fixture(scope="session")
def result() -> Result:
    return run(hostile(), 3)


@pytest.fixture(scope="session")
def run_folder(result: Result, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `matrixsim run --out` writes; read only."""
    folder = tmp_path_factory.mktemp("run")
    result.write(folder)
    return folder


@pytest.fixture(scope="session")
def comparison_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `matrixsim compare --out` writes; read only."""
    folder = tmp_path_factory.mktemp("comparison")
    plan = busy(run__hours=36)
    found = compare([plan], layouts=("none", "star", "ring"), metric="follows", seeds=3, workers=2)
    found.write(folder)
    return folder
