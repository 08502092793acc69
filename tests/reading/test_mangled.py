"""However an export is mangled: no traceback, no row dropped and no number wrong without a word."""

from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, note, settings

from sim.errors import UsageError
from sim.language.words import LANGUAGES, Words
from sim.reading.read import read
from tests.reading.mangling import LOST, Mangled, equal, mangled

QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


def told(mangled: Mangled) -> None:
    """Reads a mangled export and compares it, cell by cell, with what was written."""
    try:
        found = read(mangled.name, contents={mangled.name: mangled.content}, **mangled.options)
    except UsageError:
        if not mangled.asks:
            raise
        event("asked")
        return
    phrases = [line for t in found.files for line in (*t.notes, *(why for _, why in t.skipped))]
    assert all(line.said(Words(language)) for line in phrases for language in LANGUAGES)
    kept = {n for table in found.files for n in table.kept}
    skipped = {n for table in found.files for n, _ in table.skipped}
    assert not kept & skipped
    assert skipped == mangled.others
    assert kept == {*mangled.truth, *mangled.days}
    days = {row["row"]: (row["date"], row["value"]) for row in found.days.iter_rows(named=True)}
    assert days == mangled.days
    unread = {(one.row, column.name) for table in found.files for one in table.unread
              for column in table.columns if column.header == one.header}  # fmt: skip
    rows = {row["row"]: row for row in found.videos.iter_rows(named=True)}
    for n, truth in mangled.truth.items():
        for name, value in truth.items():
            compared(n, name, value, rows[n][name], mangled, said=(n, name) in unread)
    event("read")


def compared(n: int, name: str, value: Any, got: Any, mangled: Mangled, *, said: bool) -> None:
    note(f"row {n} {name}: {mangled.written[n, name]!r} says {value!r}, read {got!r}")
    if value is None:
        assert got is None or (name == "account" and got in {"own", "host c"})
        assert not said
    elif value is LOST:
        assert got is None
        assert said
    elif got is None:
        assert said
        event(f"unreadable {name}")
    else:
        assert equal(got, value)


@settings(max_examples=60, deadline=None, suppress_health_check=QUIET, derandomize=True)
@given(mangled())
def test_a_mangled_export_is_read_right_or_said(case):
    told(case)


@pytest.mark.evidence
@settings(max_examples=1_000, deadline=None, suppress_health_check=QUIET, derandomize=True)
@given(mangled())
def test_a_thousand_mangled_exports_are_read_right_or_said(case):
    told(case)
