"""Why the best is ahead: at which level groups of forces are switched off, and what is run for it."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from sim import pilot
from sim.experiment import why as module
from sim.experiment.replicate import Job
from sim.experiment.why import runs_of, why, without
from sim.rules.pools import FAN_REFERENCE
from sim.scenario.schema import Scenario

PLAN = Scenario.from_dict(
    {
        "name": "why",
        "accounts": [
            {"id": "main", "role": "main", "fans": 9_000, "posts_per_day": 1.0},
            {"id": "sub", "fans": 0, "posts_per_day": 3.0},
        ],
        "audience": {"users": 20_000},
        "platform": {"own_fan_power": 0.5, "pools": [1_000, 5_000]},
        "run": {"hours": 96},
    }
)
"""Three posts in four are planned by an account without fans."""


def first_pool(plan: Scenario, group: module.Group) -> int:
    return without(plan, frozenset({group}), plan).platform.pools[0]


def test_the_level_without_followers_is_that_of_the_accounts_which_publish() -> None:
    alone = PLAN.with_values({"structure.kind": "one"})
    of_main = 1_000 * (1 + 9_000 / FAN_REFERENCE) ** 0.5
    assert first_pool(alone, "followers") == pytest.approx(of_main, abs=1)
    assert first_pool(PLAN, "followers") == pytest.approx((of_main + 3 * 1_000) / 4, abs=1)


def test_the_level_without_crowding_is_that_of_the_pages_on_which_posts_crowd() -> None:
    rare = tuple(a.model_copy(update={"posts_per_day": 1.0}) for a in PLAN.accounts)
    apart = PLAN.with_values({"accounts": rare})
    assert first_pool(apart, "crowding") == 1_000  # one post a day and page
    assert first_pool(apart.with_values({"structure.kind": "one"}), "crowding") < 950


def test_the_scale_of_orders_is_the_plans_own_whatever_is_switched_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pilots, played = list[Scenario](), list[Job]()
    met = pilot.opportunities

    def counted(scenario: Scenario, threads: int = 1) -> pilot.Opportunities:
        pilots.append(scenario)
        return met(scenario, threads)

    def nothing(jobs: Sequence[Job], **_: Any) -> Iterator[tuple[Job, dict[str, Any]]]:
        played.extend(jobs)
        return ((job, {"reach": 0.0, "cost_cny": 0.0}) for job in jobs)

    monkeypatch.setattr(pilot, "opportunities", counted)
    monkeypatch.setattr(module, "replicate", nothing)
    other = PLAN.with_values({"structure.kind": "one"})
    why(PLAN, [("runner_up", other)], PLAN, "reach", seeds=2)
    assert len(pilots) == 1
    assert len(played) == runs_of(1, 2)
    scale = pilot.scaled(PLAN)[0].brand
    assert scale.order_probability != PLAN.brand.order_probability
    assert {job.scenario.brand for job in played} == {scale}
    assert scale.gpm_cny == 0.0  # so that no run meets it anew
