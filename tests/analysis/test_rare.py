"""Means over values that are mostly 0: exact shares, refusals, and limits that hold."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from sim.analysis import rare
from sim.analysis.estimate import estimates, settled
from sim.analysis.paired import intervals
from sim.analysis.wording import sentence
from sim.language.words import Language

SEEDS = 16
LUCK = np.random.default_rng(0).normal(1_000.0, 300.0, SEEDS)
"""What launches of different luck give: far apart."""
COUNTS = hnp.arrays(
    np.float64,
    st.tuples(st.integers(2, 4), st.sampled_from([2, 5, 8, 16, 24])),
    elements=st.sampled_from([0.0, 0.0, 0.0, 1.0, 2.0, 50.0]),
)
"""Small counts, mostly 0: orders of a class."""
HITS = hnp.arrays(
    np.float64,
    st.tuples(st.integers(2, 4), st.sampled_from([2, 8, 16])),
    elements=st.sampled_from([0.0, 1.0]),
)


def against(gaps: list[float]) -> np.ndarray:
    """A variant whose differences to another one under the same luck are given, the rest 0."""
    luck = np.resize(LUCK, max(SEEDS, len(gaps)))
    return np.array([luck, luck + np.pad(gaps, (0, len(luck) - len(gaps)))])


def test_sixteen_zeros_still_allow_a_sixth_of_launches_to_differ() -> None:
    assert rare.at_most(0, 16) == pytest.approx(1 - 0.05 ** (1 / 16))
    assert rare.exact(0, 16).high == pytest.approx(1 - 0.025 ** (1 / 16))


def test_win_tie_and_lose_are_counted_with_exact_limits() -> None:
    found = rare.standings(np.array([0.0] * 12 + [1.0] * 3 + [-5.0]))
    assert [share.share for share in found] == [3 / 16, 12 / 16, 1 / 16]
    assert found.win == rare.exact(3, 16)


@pytest.mark.parametrize("differ", range(8))
def test_with_fewer_than_eight_that_differ_there_is_no_interval(differ: int) -> None:
    found = intervals(against([-1.0] * differ))
    assert np.isnan([found.difference_low[1], found.difference_high[1]]).all()
    assert settled(against([-1.0] * differ)).code != "winner"


def test_eight_that_differ_have_one_wider_than_students() -> None:
    gaps = [-1.0] * 8
    found = intervals(against(gaps))
    student = 2.1314 * np.std(gaps + [0.0] * 8, ddof=1) / 4
    assert found.difference_low[1] < -0.5 - student
    assert found.difference_high[1] > -0.5 + student


def test_a_difference_in_most_seeds_is_students_but_for_what_was_not_seen() -> None:
    gaps = np.array([-1.0, -2.0, -3.0, -2.0] * 4)
    whole = intervals(np.array([LUCK, LUCK + gaps]))
    gaps[0] = 0.0
    found = intervals(np.array([LUCK, LUCK + gaps]))
    beyond = rare.unlikeness(LUCK[None])[0] / SEEDS / (SEEDS + 1)
    reach = 2.13145 * gaps.std(ddof=1) / 4
    assert found.difference_low[1] == pytest.approx(gaps.mean() - reach - beyond, rel=0.02)
    assert whole.difference_high[1] < 0


def test_seeds_that_would_do_are_more_than_there_are_and_fall_with_what_was_seen() -> None:
    wanted = [rare.seeds_wanted(count, 16) for count in range(8)]
    assert wanted == sorted(wanted, reverse=True)
    assert wanted[0] == 144
    assert wanted[-1] > 16


@given(COUNTS)
def test_no_limit_leaves_what_is_possible_and_zeros_never_have_an_interval_without_width(
    table: np.ndarray,
) -> None:
    best = intervals(table).best
    for row in estimates(table, limits=(0.0, 50.0)):
        if row.low is not None and row.high is not None:
            assert 0.0 <= row.low <= row.mean <= row.high <= 50.0
            if not table[row.variant].all():
                assert row.low < row.high
        if row.variant == best:
            continue
        if row.difference_low is None or row.difference_high is None:
            most_alike = 1.0 - row.unusual / table.shape[1]
            assert most_alike > (rare.MOST if row.usual else rare.MANY_ZEROS)
        else:
            assert -50.0 <= row.difference_low <= row.difference <= row.difference_high <= 50.0
            if (table[row.variant] == table[best]).any():
                assert row.difference_low < row.difference_high


@given(HITS)
def test_a_chance_always_has_limits_of_some_width_within_0_and_1(table: np.ndarray) -> None:
    for row in estimates(table, limits=(0.0, 1.0)):
        assert row.low is not None
        assert row.high is not None
        assert 0.0 <= row.low < row.high <= 1.0
        assert row.low <= row.mean <= row.high


LANGUAGES: tuple[Language, ...] = ("en", "zh")
COSTS = st.sampled_from([-90.0, -1.0, -12_345.67, 40.0])
"""What every launch of a variant costs or gains, whatever its luck."""


@given(COUNTS, COSTS)
def test_a_fixed_cost_changes_no_rule_and_no_interval_is_without_width(
    table: np.ndarray, cost: float
) -> None:
    moved = table + np.array([[0.0], *[[cost]] * (len(table) - 1)])
    for found in (intervals(moved), intervals(moved, to=0)):
        for low, high in (
            (found.low, found.high),
            *[(np.delete(found.difference_low, found.best), np.delete(found.difference_high, found.best))],
        ):
            assert (np.isnan(low) | (low < high)).all()
            assert (np.isnan(low) == np.isnan(high)).all()
    plain, dearer = intervals(table, to=0), intervals(moved, to=0)
    for v in range(1, len(table)):
        if rare.usual(table[v] - table[0]) == 0.0 and (table[v] == table[0]).mean() > rare.MOST:
            expected = np.array([plain.difference_low[v], plain.difference_high[v]]) + cost
            shown = [dearer.difference_low[v], dearer.difference_high[v]]
            assert shown == pytest.approx(expected.tolist(), nan_ok=True, rel=1e-6, abs=1e-6)


def test_a_cost_of_links_in_every_launch_is_a_difference_whose_size_is_not_known() -> None:
    profit = np.array([LUCK[:8], LUCK[:8] - 90.0])  # beauty_matrix, none and star: 90 CNY for link actions
    best, star = estimates(profit)
    assert star.difference == pytest.approx(-90.0)
    assert star.difference_low is None
    assert star.standings
    assert star.standings.lose.share == 1.0
    assert best.probability_best < 1.0
    verdict = settled(profit)
    assert verdict.code == "cannot_tell_apart"
    said = [sentence(verdict, (best, star), ("none", "star"), "profit", words) for words in LANGUAGES]
    assert "by one and the same amount in each of 8" in said[0]
    assert "8 次模拟中次次相同" in said[1]


def test_a_hit_in_every_launch_is_told_from_none_in_any() -> None:
    hits = np.array([np.ones(SEEDS), np.zeros(SEEDS)])
    assert estimates(hits)[1].difference_low is None  # of any two numbers, one seed might have told another
    row = estimates(hits, limits=(0.0, 1.0))[1]
    assert row.difference_low == -1.0
    assert row.difference_high == pytest.approx(-0.52, abs=0.01)
    assert settled(hits, limits=(0.0, 1.0)).code == "winner"


@pytest.mark.parametrize("chances", [(0.9, 0.2), (0.5, 0.5), (0.97, 0.03)])
def test_the_difference_of_two_chances_lies_in_its_interval_as_often_as_said(
    chances: tuple[float, float],
) -> None:
    rng = np.random.default_rng(3)
    held = found = wins = 0
    for _ in range(400):
        table = (rng.random((2, SEEDS)) < np.array(chances)[:, None]).astype(float)
        low, high = rare.chances_apart(table[1] - table[0])
        found += not np.isnan(low)
        held += low <= chances[1] - chances[0] <= high
        wins += settled(table, limits=(0.0, 1.0)).code == "winner"
    assert held >= 0.95 * found
    assert found > 200
    assert wins <= 20 if chances[0] == chances[1] else wins > 100


def test_reach_is_at_most_everybody() -> None:
    people = np.array([[99_990.0, 99_999.0, 80_000.0], [100_000.0, 99_000.0, 99_800.0]])
    assert intervals(people).high.max() > 100_000
    assert intervals(people, limits=(0.0, 100_000.0)).high.max() == 100_000
