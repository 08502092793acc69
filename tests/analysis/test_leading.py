"""The probability of being best: what it says of few seeds, and that it never contradicts the verdict."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from sim.analysis.estimate import LOOKS, estimates, next_look, settled, spending
from sim.analysis.leading import UNSETTLED, held, leading

TABLES = hnp.arrays(
    np.float64,
    st.tuples(st.integers(1, 5), st.sampled_from([2, 3, 5, 8, 16, 24])),
    elements=st.sampled_from([0.0, 0.0, 0.0, 1.0, 1.0, 2.0, 7.0, 900.0]),
)
"""Values with many ties, few seeds, and now and then something huge."""


@given(TABLES, st.sampled_from([0.8, 0.95, 0.99]))
@example(np.array([[1.0] * 5, [0.0] * 5]), 0.95)
@example(np.array([[900.0, 900.0], [0.0, 1.0]]), 0.95)
def test_verdict_and_probabilities_never_contradict_each_other(table: np.ndarray, confidence: float) -> None:
    verdict, rows = settled(table, 1 - confidence), estimates(table, confidence)
    shares = [row.probability_best for row in rows]
    assert sum(shares) == pytest.approx(1.0)
    assert min(shares) >= 0.0
    if verdict.code == "alone":
        assert shares == [1.0]
    elif verdict.code == "winner":
        assert max(shares) == shares[verdict.best] >= min(confidence, UNSETTLED) - 1e-9
    else:
        assert max(shares) <= UNSETTLED + 1e-9
        assert len(verdict.tied) > 1
    if verdict.code == "identical":
        assert shares == pytest.approx([1 / len(table)] * len(table))


def test_a_look_that_goes_on_or_ends_without_a_winner_is_never_sure() -> None:
    table = np.random.default_rng(1).normal(size=(3, LOOKS[-1]))
    for seeds in LOOKS:
        decision = next_look(table[:, :seeds])
        shares = [row.probability_best for row in estimates(table[:, :seeds], 1 - decision.level)]
        assert (max(shares) > UNSETTLED) <= (decision.verdict.code == "winner")


def test_rare_differences_of_one_sign_make_nobody_sure() -> None:
    # Seven ones of sixteen all say the same, yet one unseen cascade would turn them round.
    luck = np.random.default_rng(2).normal(1_000.0, 300.0, 16)
    table = np.array([luck, luck + np.array([1.0] * 7 + [0.0] * 9)])
    assert estimates(table)[1].probability_best < 0.8


def test_copies_share_equally_and_order_does_not_matter() -> None:
    rows = np.random.default_rng(3).normal(size=(3, 9))
    table = np.array([rows[0], rows[1], rows[0], rows[2]])
    shares = leading(table, table - table[0])
    assert shares[0] == shares[2]
    assert leading(table[::-1], (table - table[0])[::-1]).tolist() == shares[::-1].tolist()


@given(st.lists(st.floats(0.001, 1.0), min_size=2, max_size=6), st.data())
def test_holding_keeps_a_distribution(parts: list[float], data: st.DataObject) -> None:
    shares = np.array(parts) / sum(parts)
    tied = np.array(data.draw(st.lists(st.booleans(), min_size=len(parts), max_size=len(parts))))
    tied[int(shares.argmax())] = True
    found = held(shares, tied)
    assert found.sum() == pytest.approx(1.0)
    assert (found >= 0.0).all()


@pytest.mark.parametrize("seeds", [8, 16, 64])
def test_said_probability_is_about_how_often_it_is_right(seeds: int) -> None:
    """Normal differences about a mean that is itself normal, so that a posterior can be right at all."""
    draws = np.random.default_rng(seeds)
    said, right = [], []
    for _ in range(1_500):
        truth = draws.normal(0.0, 4.0)
        gaps = truth + draws.normal(0.0, 4.0, seeds)
        luck = draws.normal(0.0, 10.0, seeds)
        shares = [row.probability_best for row in estimates(np.array([luck, luck + gaps]))]
        said.append(max(shares))
        right.append((shares[1] > shares[0]) == (truth > 0))
    told, hit = np.array(said), np.array(right)
    for low, high in ((0.5, 0.8), (0.8, 0.96), (0.99, 1.01)):
        band = (told >= low) & (told < high)
        assert band.sum() > 20
        assert hit[band].mean() >= told[band].mean() - 3 * np.sqrt(0.25 / band.sum())


def test_the_confidence_of_each_look_is_what_the_spending_function_leaves() -> None:
    """By hand: 0.05 · ln(1 + (e - 1) t) at t = 1/16, 1/8, 1/4, 1/2 and 1, less that of the look before."""
    assert (1 - spending(0.05)).round(4).tolist() == [0.9949, 0.9954, 0.9919, 0.9869, 0.9810]
