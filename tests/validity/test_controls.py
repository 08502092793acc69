"""Controls: what nobody would take for real is rejected by the facts, and so are version 0's comments."""

import pytest

from sim.experiment.replicate import Job, replicate
from sim.scenario.schema import Scenario
from sim.validity.controls import INVENTED, MEANT, NAMES, SIMULATED, simulated
from sim.validity.facts import fact, facts
from sim.validity.page import rejecting
from sim.validity.study import invented_controls, measured
from sim.validity.verdicts import Finding, finding
from sim.validity.watch import Sample, watched
from sim.validity.worlds import VERSION_0, Size
from tests.refresh import V0_OFF

SMALL = Size(seeds=3, accounts=60, users=150_000, days=18)


def test_each_control_has_a_name_and_facts_that_ought_to_reject_it():
    assert set(NAMES) == set(MEANT) == {*INVENTED, *SIMULATED}
    assert {name for names in MEANT.values() for name in names} <= {row.id for row in facts()}


def test_the_rules_of_version_0_are_those_that_its_frozen_digest_rests_on():
    frozen = Scenario.load(str(V0_OFF))
    rules = {key: value for key, value in VERSION_0.items() if key != "platform.pools"}  # its world is small
    assert frozen.with_values(rules) == frozen


@pytest.mark.parametrize("name", INVENTED)
def test_invented_views_are_rejected(name: str):
    found = invented_controls(3)[name]
    assert {"sd", "ks_shifted", "hill_climbs"} <= {row.id for row in rejecting(name, found)}


def of(name: str, seeds: int, *names: str) -> dict[str, Finding | None]:
    plan = simulated(name, SMALL)
    jobs = [Job(0, plan, seed) for seed in range(1, seeds + 1)]
    samples: list[tuple[Sample]] = [(sample,) for _, sample in replicate(jobs, want=watched)]
    return {name: finding(fact(name), measured(fact(name), samples)) for name in names}


def test_a_ladder_without_noise_is_rejected_by_its_steps():
    found = of("ladder", 3, "steps", "ks_shifted")
    assert [row.id for row in rejecting("ladder", found)] == ["steps", "ks_shifted"]


def test_version_0_is_rejected_by_its_comments():
    # Its comment rate rises with reach; every real one falls.
    found = of("version_0", 8, "comment_elasticity")["comment_elasticity"]
    assert found is not None
    assert found.verdict == "missed"
    assert found.low > fact("comment_elasticity").high
