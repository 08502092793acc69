"""What cannot fit in memory is refused before it starts, with both figures."""

import pytest

from sim.errors import RunError
from sim.experiment import size
from sim.scenario.schema import Scenario


@pytest.fixture
def large() -> Scenario:
    return Scenario.load("beauty_matrix").with_values({"audience.users": 10_000_000})


def test_run_is_refused_with_both_figures(large: Scenario, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(size, "free_bytes", lambda: 500 << 20)
    with pytest.raises(RunError, match=r"needs about 0\.\d GiB and 0\.5 GiB are free; lower audience\.users"):
        size.refuse_too_large(large, alone=True)


def test_comparison_counts_the_people_that_runs_lend_each_other(
    large: Scenario, monkeypatch: pytest.MonkeyPatch
):
    two = size.needed_bytes(large, "columns", 2)
    monkeypatch.setattr(size, "free_bytes", lambda: two)
    size.refuse_too_large(large, alone=True)
    with pytest.raises(RunError):
        size.refuse_too_large(large, alone=False, workers=2)
    people_and_fans = large.audience.users * (32 + len(large.accounts) / 8)
    assert size.needed_bytes(large, "columns", 2, kept=2) - two >= 2 * people_and_fans
