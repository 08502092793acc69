from pathlib import Path
from typing import Any

import pytest
import typer

from benchmarks import versions
from benchmarks.workloads import FORCES_OFF
from sim.scenario.schema import Scenario


class Steady:
    """A side that takes so long for a run of 1,000 impressions."""

    def __init__(self, seconds: float, digest: str = "same") -> None:
        self.seconds, self.digest, self.runs = seconds, digest, 0

    def run(self, asked: dict[str, Any]) -> dict[str, object]:
        self.runs += 1
        drift = 1 + 0.01 * (self.runs % 3)
        return {"seconds": self.seconds * drift, "impressions": 1_000, "digest": self.digest}


def test_sides_run_in_turn_and_a_slower_one_is_found() -> None:
    old, new = Steady(1e-4), Steady(2e-4)
    row = versions.paired((old, new), "dense 1e5", 1, 6, "seconds")  # type: ignore[arg-type]
    assert old.runs == new.runs == 8
    assert row.same
    assert (row.old, row.new) == pytest.approx((101.0, 202.0), rel=0.02)
    assert row.ratio == pytest.approx(2.0)
    assert versions.LARGEST < row.low <= row.ratio <= row.high


def test_equal_sides_are_not_called_slower() -> None:
    row = versions.paired((Steady(1e-4), Steady(1e-4, "other")), "dense 1e5", 1, 6, "seconds")  # type: ignore[arg-type]
    assert row.low <= versions.LARGEST
    assert not row.same


@pytest.mark.parametrize(("only", "said"), [("nonsense", "no workload"), ("dense 1e5", "no environment")])
def test_what_cannot_be_run_is_said(only: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(typer.BadParameter, match=said):
        versions.main(tmp_path, only=only, threads="1", rounds=2, busy=False)


@pytest.mark.parametrize("name", versions.WORKLOADS)
def test_workloads_are_told_whole(name: str) -> None:
    """The other side gets what was set, and the platform as it was before; it fills in the rest."""
    told: list[dict[str, Any]] = []

    class Told(Steady):
        def run(self, asked: dict[str, Any]) -> dict[str, object]:
            told.append(asked)
            return super().run(asked)

    versions.paired((Told(1.0), Told(1.0)), name, 1, 2, "seconds")  # type: ignore[arg-type]
    plan = versions.WORKLOADS[name].scenario()
    for asked in told:
        own = plan.platform.model_dump(mode="json", exclude_defaults=True)
        assert asked["scenario"]["platform"] == versions.PLATFORM | own
        assert Scenario.from_dict({**asked["scenario"], "platform": own}) == plan
    assert all(plan.with_values(asked["values"]) == plan.with_values(FORCES_OFF) for asked in told)


def test_forces_apart_leave_them_on_in_the_older_side_only() -> None:
    told: dict[str, dict[str, Any]] = {}

    class Told(Steady):
        def run(self, asked: dict[str, Any]) -> dict[str, object]:
            told[self.digest] = asked["values"]
            return super().run(asked)

    sides = Told(1.0, "old"), Told(1.0, "new")
    versions.paired(sides, "dense 1e5", 1, 2, "seconds", versions.Forces.apart)  # type: ignore[arg-type]
    assert told == {"old": {}, "new": FORCES_OFF}
