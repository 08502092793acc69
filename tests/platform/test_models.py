"""Every model keeps the contract; three faults, planted in each, do not."""

from collections.abc import Callable
from functools import cache
from typing import Any, get_args

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.platform.models import MODELS
from sim.platform.protocol import HELD, RUNNING, STOPPED
from sim.scenario.recommendation import Platform
from sim.world.offers import NO_OFFERS
from tests.platform.contract import (
    CHECKS,
    Outcome,
    keeps_slots,
    replays_its_log,
    shows_nobody_twice,
)


@cache
def outcome(model: str) -> Outcome:
    return Outcome(model)


def test_the_registry_and_the_scenario_name_the_same_models():
    assert set(MODELS) == set(get_args(Platform.model_fields["model"].annotation))


@pytest.mark.system("P10")
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("model", MODELS)
def test_a_model_keeps_the_contract(model: str, check: Callable[[Outcome], None]):
    check(outcome(model))


def forgets_slots(kind: Any) -> Any:
    """A feed without end."""

    class Faulty(kind):
        def __init__(self, *world: Any) -> None:
            super().__init__(*world)
            self.audience = self.audience.model_copy(update={"category_share": 1.0})

    return Faulty


def shows_twice(kind: Any) -> Any:
    """Says of every video at eight hours that it will not be offered again, and offers it an hour later."""

    class Faulty(kind):
        def judge(self, hour: int, judged: NDArray[np.int64], *given: Any) -> NDArray[np.int64]:
            done = super().judge(hour, judged, *given)
            self.paused = np.flatnonzero(hour - self.videos.rows["hour"] == 8)
            return np.union1d(done, self.paused)

        def allocate(self, hour: int, standing: Any) -> list[NDArray[Any]]:
            paused = getattr(self, "paused", np.zeros(0, np.int64))
            made = super().allocate(hour, standing)
            return [NO_OFFERS, *(part[~np.isin(part["video"], paused)] for part in made)]

    return Faulty


def decides_otherwise(kind: Any) -> Any:
    """Logs of every third decision what it did not do."""

    class Faulty(kind):
        def judge(self, hour: int, judged: NDArray[np.int64], *given: Any) -> NDArray[np.int64]:
            kept = len(self._log)
            done = super().judge(hour, judged, *given)
            for fresh in self._log[kept:]:
                fresh[::3, 5] = np.where(fresh[::3, 5] == STOPPED, HELD, STOPPED)
            return done

    return Faulty


FAULTS = (
    (forgets_slots, keeps_slots),
    (shows_twice, shows_nobody_twice),
    (decides_otherwise, replays_its_log),
)


@pytest.mark.parametrize(("fault", "check"), FAULTS, ids=[fault.__name__ for fault, _ in FAULTS])
@pytest.mark.parametrize("model", MODELS)
def test_a_planted_fault_fails_the_suite(model: str, fault: Any, check: Any, monkeypatch: Any):
    monkeypatch.setitem(MODELS, model, fault(MODELS[model]))
    with pytest.raises((AssertionError, ValueError)):  # the plan itself refuses what nobody awaited
        check(Outcome(model))


def test_a_decision_that_is_not_done_is_found_too(monkeypatch: Any):
    # The log says what follows from the counts, and the video goes on all the same.
    class Faulty(MODELS["pools"]):  # type: ignore[name-defined,misc]
        def judge(self, *given: Any) -> Any:
            kept = len(self._log)
            done = super().judge(*given)
            for fresh in self._log[kept:]:
                stopped = fresh[fresh[:, 5] == STOPPED, 0].astype(int)
                self.state["status"][stopped] = RUNNING
                self.state["allotted"][stopped] = 0
            return done

    monkeypatch.setitem(MODELS, "pools", Faulty)
    with pytest.raises(AssertionError):
        replays_its_log(Outcome("pools"))
