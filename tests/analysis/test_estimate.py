"""Paired statistics: numbers that a hand can check, laws, and what they refuse."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats

from sim.analysis import estimate
from sim.analysis.estimate import LOOKS, Estimate, estimates, next_look, settled, spending
from sim.analysis.paired import Floats, intervals

# Whole numbers far from each other's rounding, so that scaling and shuffling cannot make or break a tie.
TABLES = hnp.arrays(
    np.float64,
    st.tuples(st.integers(2, 5), st.integers(2, 12)),
    elements=st.integers(-1000, 1000).map(float),
)


def noise(shape: tuple[int, ...], seed: int = 0) -> Floats:
    return np.random.default_rng(seed).normal(size=shape)


# --- intervals ---


def test_interval_of_a_mean_is_students():
    # mean 4, sd 2, three seeds: 4 ± 4.3027 · 2/√3
    found = intervals(np.array([[2.0, 4.0, 6.0]]))
    assert (found.mean[0], found.low[0], found.high[0]) == pytest.approx((4.0, -0.96828, 8.96828), abs=1e-5)


def test_difference_is_paired_and_measured_from_the_best():
    # Within a seed the second is behind by 1, 2, 3: mean -2, sd 1, however much the seeds differ.
    found = intervals(np.array([[100.0, 200.0, 900.0], [99.0, 198.0, 897.0]]))
    assert found.best == 0
    assert found.difference.tolist() == [0.0, -2.0]
    half = 4.30265 / np.sqrt(3.0)
    assert (found.difference_low[1], found.difference_high[1]) == pytest.approx(
        (-2 - half, -2 + half), abs=1e-4
    )


def test_difference_interval_agrees_with_scipys_paired_test():
    table = noise((2, 16)) + np.array([[0.6], [0.0]])
    theirs = stats.ttest_rel(table[1], table[0]).confidence_interval(0.9)
    ours = intervals(table, 0.9)
    assert (ours.difference_low[1], ours.difference_high[1]) == pytest.approx((theirs.low, theirs.high))


def test_best_has_difference_zero_without_width():
    found = intervals(noise((3, 8)))
    at = found.best
    assert (found.difference[at], found.difference_low[at], found.difference_high[at]) == (0.0, 0.0, 0.0)


def test_tie_for_best_goes_to_the_lower_index():
    assert intervals(np.array([[0.0, 1.0], [2.0, 3.0], [3.0, 2.0]])).best == 1


def test_copies_differ_by_nothing_that_was_seen_and_have_no_interval():
    row = noise((16,))
    found = intervals(np.array([row, row]))
    assert found.difference[1] == 0.0
    assert np.isnan([found.difference_low[1], found.difference_high[1]]).all()


def test_a_reference_may_be_chosen():
    table = noise((3, 12))
    found = intervals(table, to=2)
    assert found.difference == pytest.approx((table - table[2]).mean(axis=1))
    assert found.difference_high[2] == 0.0


def test_rounding_of_the_inputs_is_no_difference():
    row = np.full(16, 0.3)
    assert settled(np.array([row, np.full(16, 0.1) + 0.2])).code == "identical"


def test_wider_confidence_makes_wider_intervals():
    table = noise((3, 10))
    narrow, wide = intervals(table, 0.8), intervals(table, 0.99)
    others = np.arange(3) != narrow.best
    assert (wide.high - wide.low > narrow.high - narrow.low).all()
    assert (wide.difference_high - narrow.difference_high > 0)[others].all()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (np.ones((2, 1)), "at least 2 seeds"),
        (np.ones(4), "shape"),
        (np.ones((0, 4)), "shape"),
        (np.array([[1.0, 2.0], [1.0, np.nan]]), "variant 1 has nan at seed number 1"),
    ],
)
def test_a_table_that_cannot_be_judged_is_refused(values, words):
    for judge in (intervals, settled, next_look, estimate.first_share):
        with pytest.raises(ValueError, match=words):
            judge(values)


@pytest.mark.parametrize("confidence", [0.0, 1.0, 95.0])
def test_confidence_is_a_share(confidence):
    with pytest.raises(ValueError, match="between 0 and 1"):
        intervals(np.ones((2, 4)), confidence)


# --- shares and tails ---


def chances(table: Floats) -> Floats:
    return estimate.probability_best(table, intervals(table))


def test_first_share_counts_seeds_and_splits_ties():
    table = np.array([[3.0, 1.0, 1.0, 0.0], [1.0, 3.0, 1.0, 5.0], [0.0, 0.0, 1.0, 5.0]])
    assert estimate.first_share(table) == pytest.approx(
        [(1 + 1 / 3) / 4, (1 + 1 / 3 + 1 / 2) / 4, (1 / 3 + 1 / 2) / 4]
    )


def test_probability_best_of_two_is_students():
    gaps = np.array([1.0, -2.0, 3.0, -1.0, 2.0, -1.0, 1.0, 1.0])
    table = np.array([100.0 + gaps, np.full(8, 100.0)])
    known = stats.t.cdf(gaps.mean() / (gaps.std(ddof=1) / np.sqrt(8)), 7)
    assert 0.5 < known < 0.95
    assert chances(table)[0] == pytest.approx(known, abs=0.03)


def test_probability_best_of_one_always_ahead_by_the_same_does_not_pass_what_a_refused_interval_says():
    row = noise((9,))
    assert intervals(np.array([row, row + 0.01])).best == 1
    assert 0.5 < chances(np.array([row, row + 0.01]))[1] <= 0.95


def test_probability_best_splits_ties_between_copies():
    row = noise((9,))
    assert chances(np.array([row, row, row - 1.0])).tolist() == [0.5, 0.5, 0.0]


def test_probability_best_is_the_same_each_time():
    table = noise((4, 16))
    assert chances(table).tolist() == chances(table.copy()).tolist()


def test_lower_tail_is_the_median_unbiased_tenth():
    # Type 8: position 0.1 · (8 + 1/3) + 1/3 = 1.1667, a sixth of the way from the first to the second.
    assert estimate.lower_tail(np.arange(8.0)[None])[0] == pytest.approx(1 / 6)


def test_estimates_gather_every_number_of_a_variant():
    table = noise((3, 12))
    rows = estimates(table, 0.9)
    found = intervals(table, 0.9)
    assert [row.variant for row in rows] == [0, 1, 2]
    for name in ("mean", "low", "high", "difference", "difference_low", "difference_high"):
        assert [getattr(row, name) for row in rows] == getattr(found, name).tolist()
    assert [row.standings is None for row in rows] == [k == found.best for k in range(3)]
    assert sum(row.probability_best for row in rows) == pytest.approx(1.0)
    assert sum(row.first_share for row in rows) == pytest.approx(1.0)
    assert [row.lower_tail for row in rows] == estimate.lower_tail(table).tolist()


# --- verdict ---


def test_winner_needs_every_difference_to_be_significant():
    row = noise((16,))
    close, far = row - 0.01 * (1 + noise((16,), 1) * 20), row - 5.0 - 0.1 * noise((16,), 2)
    assert settled(np.array([far, row])).code == "winner"
    among = settled(np.array([far, row, close]))
    assert among.code == "cannot_tell_apart"
    assert set(among.tied) == {1, 2}
    assert among.worse == (0,)


def test_verdict_agrees_with_the_intervals():
    for seed in range(50):
        table = noise((4, 12), seed) + np.arange(4.0)[:, None] * 0.4
        verdict, found = settled(table, 0.1), intervals(table, 0.9)
        assert not np.isnan(found.difference_high).any()
        assert set(verdict.tied) == set(np.flatnonzero(found.difference_high >= 0.0))
        assert (verdict.code == "winner") == (len(verdict.tied) == 1)
        assert verdict.tied[0] == verdict.best == found.best
        assert sorted(verdict.tied + verdict.worse + verdict.probably_worse) == [0, 1, 2, 3]
        assert verdict.runner_up == np.argsort(-found.mean)[1]


def test_copies_are_never_a_winner():
    row = noise((64,))
    assert settled(np.array([row, row])).code == "identical"
    assert settled(np.array([row, row, row - 1.0 - 0.1 * noise((64,), 1)])).code == "cannot_tell_apart"


def test_one_variant_is_alone():
    assert settled(noise((1, 8)))[:3] == ("alone", 0, 0)


@pytest.mark.parametrize("seeds", [2, 6, 64])
def test_a_constant_difference_has_no_interval_and_no_winner_however_many_seeds(seeds):
    # Seeds that all gave the same have not shown what the next one gives.
    table = np.array([np.ones(seeds), np.zeros(seeds)])
    assert settled(table).code == "cannot_tell_apart"
    assert intervals(table).difference[1] == -1.0
    assert np.isnan(intervals(table).difference_low[1])


def test_worse_is_judged_more_strictly_the_more_variants_there_are():
    # Behind by 0.6 with sd 1.03: t = 2.3, against limits of 2.1 for a pair and 3.5 for six.
    row = noise((16,))
    behind = row - 0.6 + np.tile([1.0, -1.0], 8)
    pair = settled(np.array([row, behind]))
    crowd = settled(np.array([row, behind, *(row + 0.001 * noise((16,), seed) for seed in range(5, 9))]))
    assert pair.worse == (1,)
    assert crowd.probably_worse == (1,)


# --- looks ---


def test_spending_adds_up_to_alpha():
    parts = spending(0.05)
    assert parts.sum() == pytest.approx(0.05)
    assert parts / 0.05 == pytest.approx([0.102, 0.092, 0.163, 0.263, 0.380], abs=0.001)


def test_first_look_continues_and_names_the_next():
    decision = next_look(np.array([[1.0, 2.0] * 4, [2.0, 1.0] * 4]))
    assert (decision.code, decision.seeds, decision.next_seeds) == ("continue", 8, 16)


def test_last_look_stops_without_a_winner():
    decision = next_look(noise((2, 128)))
    assert (decision.code, decision.next_seeds) == ("cannot_tell_apart", None)


def test_large_effect_stops_at_the_first_look():
    decision = next_look(noise((2, 8)) + np.array([[0.0], [20.0]]))
    assert (decision.code, decision.next_seeds, decision.verdict.best) == ("winner", None, 1)
    assert decision.level == pytest.approx(spending(0.05)[0])


def test_looks_may_be_chosen():
    assert next_look(noise((3, 5)), looks=(5, 7)).next_seeds == 7
    assert next_look(noise((3, 7)), looks=(5, 7)).next_seeds is None


def test_seeds_between_looks_are_refused():
    with pytest.raises(ValueError, match="9 seeds is none of the looks"):
        next_look(noise((2, 9)))


@pytest.mark.parametrize("looks", [(), (1, 2), (8, 8), (16, 8)])
def test_looks_increase(looks):
    with pytest.raises(ValueError, match="must increase"):
        spending(0.05, looks)


def test_identical_variants_stop_at_sixteen_seeds_and_not_before():
    row = noise((128,))
    assert next_look(np.array([row[:8]] * 3)).next_seeds == 16
    assert next_look(np.array([row[:16]] * 3)).code == "identical"


def test_copies_at_the_top_stop_once_the_rest_is_behind():
    row = noise((16,))
    table = np.array([row, row, row - 9.0 - noise((16,), 1)])
    decision = next_look(table)
    assert (decision.code, decision.next_seeds, decision.verdict.tied) == ("cannot_tell_apart", None, (0, 1))


def test_one_variant_stops_at_once():
    assert next_look(noise((1, 8))).code == "alone"


# --- laws ---


def numbers(row: Estimate) -> list[float]:
    """A row's numbers, those in the metric's unit first; nan where an interval was refused."""
    sizes = [row.mean, row.low, row.high, row.difference, row.difference_low, row.difference_high]
    known = [np.nan if size is None else size for size in sizes]
    return [*known, row.lower_tail, row.probability_best, row.first_share]


@given(TABLES, st.randoms(use_true_random=False))
def test_shuffling_variants_shuffles_results(table, random):
    order = list(range(len(table)))
    random.shuffle(order)
    # The best is taken by index on a tie of means, which shuffling may turn: compare where there is none.
    if (np.sort(table.mean(axis=1))[-2:] == table.mean(axis=1).max()).all():
        return
    rows, shuffled = estimates(table), estimates(table[order])
    for new, old in enumerate(order):
        assert numbers(shuffled[new]) == pytest.approx(numbers(rows[old]), nan_ok=True)
    assert {order[at] for at in settled(table[order]).tied} == set(settled(table).tied)


@given(TABLES, st.integers(-20, 20))
def test_scaling_the_metric_scales_numbers_and_keeps_the_verdict(table, power):
    factor = 2.0**power
    rows, scaled = estimates(table), estimates(table * factor)
    for before, after in zip(rows, scaled, strict=True):
        sizes, chances = numbers(before), [before.probability_best, before.first_share]
        assert numbers(after)[:7] == pytest.approx([factor * size for size in sizes[:7]], nan_ok=True)
        assert [after.probability_best, after.first_share] == chances
        assert after.standings == before.standings
    within = settled(table).within
    assert settled(table * factor) == settled(table)._replace(within=factor * within)


@given(TABLES, st.randoms(use_true_random=False))
def test_order_of_seeds_changes_no_interval(table, random):
    order = list(range(table.shape[1]))
    random.shuffle(order)
    for ours, theirs in zip(intervals(table), intervals(table[:, order]), strict=True):
        assert ours == pytest.approx(theirs, abs=1e-9, nan_ok=True)


@given(TABLES, st.integers(-500, 500))
def test_luck_shared_by_all_variants_leaves_differences_alone(table, shift):
    shared = np.arange(table.shape[1]) * float(shift)
    before, after = intervals(table), intervals(table + shared)
    assert after.difference == pytest.approx(before.difference)
    # What was not seen is priced at how far launches lie apart, which shared luck does change.
    tried = (table != table[before.best]).all(axis=1)
    assert after.difference_low[tried] == pytest.approx(before.difference_low[tried], nan_ok=True)
    if tried.sum() == len(table) - 1:
        assert settled(table + shared).code == settled(table).code


@given(TABLES)
def test_shares_sum_to_one_and_nobody_beats_the_best(table):
    rows = estimates(table)
    assert sum(row.probability_best for row in rows) == pytest.approx(1.0)
    assert sum(row.first_share for row in rows) == pytest.approx(1.0)
    for row in rows:
        if row.difference_low is not None and row.difference_high is not None:
            assert row.difference_low <= row.difference <= row.difference_high
    assert all(row.difference <= 1e-9 for row in rows)


@given(
    st.floats(0.001, 0.5), st.lists(st.integers(2, 10_000), min_size=1, max_size=8, unique=True).map(sorted)
)
def test_spending_is_positive_and_whole_for_any_looks(alpha, looks):
    parts = spending(alpha, looks)
    assert (parts > 0).all()
    assert parts.sum() == pytest.approx(alpha)


def test_default_looks_double():
    assert all(after == 2 * before for before, after in pairwise(LOOKS))


def test_seeds_that_would_do_are_said_where_the_bound_on_the_gap_says_nothing():
    table = 100.0 + 50.0 * noise((2, 16))
    loose = settled(table, indifference=1.0)
    assert loose.code == "cannot_tell_apart"
    assert loose.within > 10.0
    found = intervals(table)
    gap = abs(float(found.difference[loose.runner_up]))
    half = float(found.difference_high[loose.runner_up] - found.difference_low[loose.runner_up]) / 2
    assert loose.needed == np.ceil(16 * (half / max(gap, 1.0 - gap)) ** 2) > 16
    assert settled(table, indifference=20.0).needed == 0  # the bound is of use
    assert settled(table).needed == 0  # nothing was asked
    more = settled(100.0 + 50.0 * noise((2, 4 * loose.needed), seed=2), indifference=20.0)
    assert more.needed == 0
