"""However an export is mangled: no traceback, no row dropped and no number wrong without a word."""

from collections import Counter
from typing import Any

from hypothesis import HealthCheck, given, note, settings

from sim.errors import UsageError
from sim.language.words import LANGUAGES, Words
from sim.reading.read import read
from tests.reading.mangling import LOST, Mangled, equal, mangled

QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


def told(mangled: Mangled) -> Counter[str]:
    """What came of a mangled export and its cells, compared with what was written."""
    try:
        found = read(mangled.name, contents={mangled.name: mangled.content}, **mangled.options)
    except UsageError:
        if not mangled.asks:
            raise
        return Counter(asked=1)
    phrases = [line for t in found.files for line in (*t.notes, *(why for _, why in t.skipped))]
    assert all(line.said(Words(language)) for line in phrases for language in LANGUAGES)
    kept = {n for table in found.files for n in table.kept}
    skipped = {n for table in found.files for n, _ in table.skipped}
    assert not kept & skipped
    assert skipped == mangled.others
    assert kept == {*mangled.truth, *mangled.days}
    days = {row["row"]: (row["date"], row["value"]) for row in found.frames["days"].iter_rows(named=True)}
    assert days == mangled.days
    unread = {(one.row, column.name) for table in found.files for one in table.unread
              for column in table.columns if column.header == one.header}  # fmt: skip
    rows = {row["row"]: row for row in found.videos.iter_rows(named=True)}
    came = Counter(read=1, rows=len(kept) + len(skipped))
    for n, truth in mangled.truth.items():
        for name, value in truth.items():
            came[compared(n, name, value, rows[n][name], mangled, said=(n, name) in unread)] += 1
    return came


def compared(n: int, name: str, value: Any, got: Any, mangled: Mangled, *, said: bool) -> str:
    note(f"row {n} {name}: {mangled.written[n, name]!r} says {value!r}, read {got!r}")
    if value is None:
        assert got is None or (name == "account" and got in {"own", "host c"})
        assert not said
        return "missing"
    if value is LOST or got is None:
        assert got is None
        assert said
        return "lost" if value is LOST else "unreadable"
    assert equal(got, value)
    return "right"


@settings(max_examples=60, deadline=None, suppress_health_check=QUIET, derandomize=True)
@given(mangled())
def test_a_mangled_export_is_read_right_or_said(case):
    told(case)
