"""Controls: what nobody would take for real is rejected by the facts, and so are version 0's comments."""

import pytest

from sim.experiment.replicate import Job, replicate
from sim.validity.controls import INVENTED, NAMES, SIMULATED, simulated
from sim.validity.facts import fact
from sim.validity.page import rejecting
from sim.validity.study import invented_controls, measured
from sim.validity.verdicts import Finding, finding
from sim.validity.watch import Sample, watched
from sim.validity.worlds import Size

SMALL = Size(seeds=3, accounts=60, users=150_000, days=18)


def test_each_control_has_a_name():
    assert set(NAMES) == {*INVENTED, *SIMULATED}


@pytest.mark.parametrize("name", INVENTED)
def test_invented_views_are_rejected(name: str):
    found = invented_controls(3)[name]
    assert {"sd", "ks_shifted", "hill_climbs"} <= {row.id for row in rejecting(found)}


def of(name: str, *facts: str) -> dict[str, Finding | None]:
    plan = simulated(name, SMALL)
    jobs = [Job(0, plan, seed) for seed in range(1, SMALL.seeds + 1)]
    samples: list[tuple[Sample]] = [(sample,) for _, sample in replicate(jobs, want=watched)]
    return {name: finding(fact(name), measured(fact(name), samples)) for name in facts}


def test_a_ladder_without_noise_is_rejected_by_its_steps():
    assert [row.id for row in rejecting(of("ladder", "steps", "ks_shifted"))] == ["ks_shifted", "steps"]


def test_version_0_is_rejected_by_its_comments():
    # Its comment rate rises with reach; every real one falls.
    found = of("version_0", "comment_elasticity", "comment_rate_small")["comment_elasticity"]
    assert found is not None
    assert found.verdict == "missed"
    assert found.low > fact("comment_elasticity").high
