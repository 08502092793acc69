"""A thousand mangled exports: what is read, what is asked, what stays unknown."""

from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given, settings

from tests.reading.mangling import Mangled, mangled
from tests.reading.test_mangled import QUIET, told

EXAMPLES = 1_000


@pytest.mark.evidence
def test_mangled_exports(section: Callable[[str, str], None]) -> None:
    came: Counter[str] = Counter()

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=QUIET, derandomize=True)
    @given(mangled())
    def each(case: Mangled) -> None:
        came.update(told(case))

    each()
    cells = came["right"] + came["missing"] + came["lost"] + came["unreadable"]
    assert came["read"] + came["asked"] >= EXAMPLES
    assert came["unreadable"] < cells / 100
    section(
        "Exports that were mangled on their way",
        f"""Is every number of an export read as it was written, or said to be unreadable? Made-up exports of videos (`tests/reading/mangling.py`) with
encodings, `sep=` lines, separators, marks, units, title lines, missing tokens, totals, rounded ids, dates in thirteen forms, moved columns, several
hosts, a second table below the first and headers once more, drawn by hypothesis. Of each the rows kept and skipped are compared with the rows
written, and every cell with what it says.

{came["read"] + came["asked"]:,} files: {came["read"]:,} were read, {came["asked"]:,} asked for the order of day and month, or their years. In {came["rows"]:,} rows no row was lost or
skipped wrongly. Of {cells:,} cells {came["right"]:,} gave the number or text written, {came["missing"]:,} were not known and said so, {came["lost"]:,} were ids that a spreadsheet had
rounded, all said; {came["unreadable"]:,} could be two numbers or had no sign that tells, stayed unknown and were said. Wrong: 0. A single wrong one fails the test.
Expected: none wrong, under 1 % unreadable.""",
    )
