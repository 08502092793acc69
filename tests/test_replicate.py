"""Runs that share people and fans are the runs that one gets alone."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from sim.experiment import replicate as module
from sim.experiment.compare import compare
from sim.experiment.replicate import Job, Wanted, elsewhere, replicate, run
from sim.scenario.layouts import with_layout
from sim.scenario.schema import Scenario
from sim.world import ties
from tests.refresh import busy

SEEDS = (3, 8)


def variants() -> list[Scenario]:
    """Two layouts; more fans; another topic: what fans hang on and what they do not."""
    star = with_layout(busy(run__hours=6), "star")
    first = star.accounts[0].id
    return [
        star,
        with_layout(star, "ring"),
        star.with_values({f"accounts.{first}.fans": star.accounts[0].fans + 100}),
        star.with_values({f"accounts.{first}.topics": {"sport": 1.0}}),
    ]


@pytest.mark.parametrize("workers", [1, 2])
def test_shared_people_and_fans_change_no_digest(workers: int):
    worlds = variants()
    jobs = [Job(k, world, seed) for seed in SEEDS for k, world in enumerate(worlds)]
    shared = {
        (job.variant, job.seed): result for job, result in replicate(jobs, workers=workers, want="result")
    }
    assert len(shared) == len(jobs)
    for job in jobs:
        alone = run(job.scenario, job.seed, threads=1)
        assert shared[job.variant, job.seed].summary["digest"] == alone.summary["digest"]


def elsewhere_done(jobs: Sequence[Job], _: Wanted) -> Iterator[tuple[Job, Any]]:
    for job in jobs:
        yield job, run(job.scenario, job.seed).summary | {"warnings": []}


def test_a_comparison_says_how_many_runs_went_on_at_a_time(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "cores", lambda: 2)

    def ran(*, apart: bool, **how: int) -> int | None:
        monkeypatch.setattr(module, "APART_KINDS", set())
        monkeypatch.setattr(module, "leaves_python", lambda _: apart)
        found = compare(busy(run__hours=2), layouts=("none", "star"), seeds=2, **how)
        return found.provenance["workers"]

    assert [ran(apart=False), ran(apart=True), ran(apart=False, workers=2)] == [1, 2, 2]
    with elsewhere(elsewhere_done):
        assert ran(apart=False) is None


def test_fans_are_drawn_once_a_seed(monkeypatch: pytest.MonkeyPatch):
    drawn: list[tuple[int, int]] = []
    draw = ties.draw_fans
    monkeypatch.setattr(ties, "draw_fans", lambda *given: (drawn.append((given[4], given[5])), draw(*given)))
    star, ring, more, other = variants()
    with_fans = sum(account.fans > 0 for account in star.accounts)
    list(
        replicate([Job(k, world, seed) for seed in SEEDS for k, world in enumerate((star, ring))], workers=1)
    )
    assert len(drawn) == len(SEEDS) * with_fans
    drawn.clear()
    list(replicate([Job(k, world, 1) for k, world in enumerate((star, more, other))], workers=1))
    assert len(drawn) == with_fans + 2  # the first account, whose fans are more, and others
