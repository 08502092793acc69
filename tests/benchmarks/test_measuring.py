from types import ModuleType

import numpy as np
import pytest

from benchmarks import ceiling, processes
from benchmarks.beside import incomparable
from benchmarks.peers import cascade, feed, ours, with_mesa, with_numba, with_numpy
from benchmarks.workloads import dense, measure


def test_ceiling_counts_responses_at_the_rates_of_its_table() -> None:
    words = np.random.default_rng(1).integers(0, 2**63, (40_000, 4), dtype=np.uint64)
    rates = (0.5, 0.3, 0.2, 0.1, 0.05)
    counts = ceiling.bare(words, ceiling.table(rates), 200_000, np.uint64(1))
    assert [n / 200_000 for n in counts] == pytest.approx(rates, rel=0.05)


def test_ceiling_reads_the_records_of_the_model_in_place() -> None:
    from sim.world.fields import words_of
    from sim.world.population import populate

    people = populate(dense(1_000), 1)
    words = words_of(people.users)
    assert words.shape == (1_000, 4)
    assert np.shares_memory(words, people.users)


def test_dense_impressions_grow_with_users() -> None:
    small, large = (measure(dense(users, 3), 1).impressions / users for users in (4_000, 40_000))
    assert small == pytest.approx(large, rel=0.3)


def test_sides_of_the_feed_respond_alike() -> None:
    users, hours = 10_000, 5
    mine = ours.run(users, hours, 1)
    theirs = with_numpy.run(users, hours, 1)
    assert theirs.impressions == users * hours * feed.SHOWN
    assert mine.impressions == pytest.approx(theirs.impressions, rel=0.05)
    assert incomparable(mine.rates, theirs.rates, mine.impressions) == ""


@pytest.mark.parametrize("other", [with_mesa, with_numba])
def test_others_do_the_work_that_numpy_does(other: ModuleType) -> None:
    theirs, numpy = other.run(2_000, 2, 1), with_numpy.run(2_000, 2, 1)
    assert theirs.impressions == numpy.impressions
    assert theirs.rates["completion"] == pytest.approx(numpy.rates["completion"], rel=0.1)


def test_gross_differences_forbid_a_ratio() -> None:
    assert "like" in incomparable({"like": 0.02}, {"like": 0.04}, 100_000)
    assert incomparable({"like": 0.02}, {"like": 0.021}, 100_000) == ""
    assert incomparable({"share": 0.0001}, {"share": 0.0004}, 10_000) == ""  # too rare to tell


def test_cascade_spreads_like_cynetdiff() -> None:
    pytest.importorskip("cynetdiff")
    given = cascade.graph(3_000)
    theirs = cascade.with_cynetdiff(given)
    mine = np.mean([cascade.ours(given, seed).reached for seed in range(8)])
    assert mine == pytest.approx(np.mean([theirs(given, seed).reached for seed in range(8)]), rel=0.03)


def test_memory_is_told_by_the_kernel() -> None:
    now = processes.memory_line("VmRSS")
    assert now > 1 << 20
    # The kernel counts pages by thread and adds them up late: the two lines may be some pages apart.
    assert processes.memory_line("VmHWM") > now - (1 << 20)


def test_run_that_cannot_fit_is_skipped_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "LIMIT_BYTES", 1 << 20)
    assert "GiB" in processes.alone("dense", 1_000_000, 24, 1)["skipped"]
