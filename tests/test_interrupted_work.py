"""A few interrupts of each kind of long work; a hundred of each under `pytest -m evidence`."""

import signal
import sys
from pathlib import Path

import pytest

from tests.interrupting import ENTRIES, SCRIPTS, interrupted, survived, wrong

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no process gets SIGINT from another there")
BEFORE_S = (4.0, 12.0, 36.0)
"""Moments that are tried for a comparison, which shows nothing from outside [s]."""


@pytest.mark.parametrize(
    ("name", "number", "all_hear"),
    [
        ("run", signal.SIGINT, True),
        ("run", signal.SIGTERM, False),
        ("sweep", signal.SIGINT, True),
        ("sweep", signal.SIGTERM, False),
        ("sweep", signal.SIGTERM, True),
        ("optimise", signal.SIGINT, True),
        ("sensitivity", signal.SIGTERM, False),
    ],
)
def test_what_is_finished_is_kept(name: str, number: signal.Signals, all_hear: bool, tmp_path: Path) -> None:
    entry = ENTRIES[name]
    ended = interrupted(entry, tmp_path, 0.3, number, all_hear=all_hear, kept=True)
    assert not wrong(entry, ended, number), (wrong(entry, ended, number), ended)
    assert ended.kept > 0
    assert not entry.said or ended.counted == ended.kept


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_comparison_answers_from_the_seeds_that_ended(number: signal.Signals, tmp_path: Path) -> None:
    entry = ENTRIES["compare"]
    for k, after in enumerate(BEFORE_S):
        ended = interrupted(entry, tmp_path / str(k), after, number)
        assert not wrong(entry, ended, number), (wrong(entry, ended, number), ended)
        if ended.counted:
            break
    assert ended.counted, ended


@pytest.mark.parametrize("name", SCRIPTS)
def test_python_lives_on_and_gives_what_it_would_have_given(name: str) -> None:
    told = survived(SCRIPTS[name], 4, 1)
    assert told["caught"] == 4
    assert told["wrong"] == 0
