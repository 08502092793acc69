"""How often the verdict is wrong, and how often it finds what is there: simulated, 1,000 trials each.

With 1,000 trials a true rate of 5 % gives at most 7.3 % in 99.9 % of cases; the bound is 7.5 %.
"""

from collections.abc import Callable

import numpy as np
import pytest

from sim.analysis.estimate import LOOKS, Decision, Floats, next_look, settled

TRIALS = 1_000
NULL_BOUND = 0.075

Draw = Callable[[np.random.Generator, tuple[int, int]], Floats]
MARGINS: dict[str, Draw] = {
    "normal": lambda rng, shape: rng.normal(size=shape),
    "lognormal": lambda rng, shape: rng.lognormal(0.0, 1.0, shape),
    "t3": lambda rng, shape: rng.standard_t(3, shape),
}


def equal_variants(
    margin: str, *, paired: bool, variants: int, seeds: int, rng: np.random.Generator
) -> Floats:
    """Variants with one distribution; paired ones share half of their luck."""
    own = MARGINS[margin](rng, (variants, seeds))
    if not paired:
        return own
    shared = MARGINS[margin](rng, (1, seeds))
    return own * shared if margin == "lognormal" else own + shared


def sequential(table: Floats) -> Decision:
    for seeds in LOOKS:
        decision = next_look(table[:, :seeds])
        if decision.next_seeds is None:
            return decision
    raise AssertionError("the last look did not stop")


@pytest.mark.parametrize("variants", [2, 5])
@pytest.mark.parametrize("paired", [False, True])
@pytest.mark.parametrize("margin", list(MARGINS))
def test_equal_variants_seldom_have_a_winner_with_16_seeds(margin, paired, variants):
    rng = np.random.default_rng(1)
    made = [
        settled(equal_variants(margin, paired=paired, variants=variants, seeds=16, rng=rng))
        for _ in range(TRIALS)
    ]
    assert np.mean([verdict.code == "winner" for verdict in made]) <= NULL_BOUND
    assert np.mean([bool(verdict.worse) for verdict in made]) <= NULL_BOUND


@pytest.mark.parametrize(
    ("margin", "paired", "variants"),
    [(margin, k % 2 == 1, 2) for k, margin in enumerate(MARGINS)]  # each takes seconds: paired in turn
    + [("normal", False, 5)],
)
def test_equal_variants_seldom_have_a_winner_when_seeds_are_auto(margin, paired, variants):
    rng = np.random.default_rng(1)
    winners = sum(
        sequential(equal_variants(margin, paired=paired, variants=variants, seeds=LOOKS[-1], rng=rng)).code
        == "winner"
        for _ in range(TRIALS)
    )
    assert winners / TRIALS <= NULL_BOUND


def test_two_tied_best_above_the_rest_is_the_worst_case_and_holds():
    rng = np.random.default_rng(2)
    above = np.array([[0.0], [0.0], [-3.0], [-3.0], [-3.0]])
    winners = sum(settled(rng.normal(size=(5, 16)) + above).code == "winner" for _ in range(TRIALS))
    assert 0.035 <= winners / TRIALS <= NULL_BOUND  # near 5 %: the bound is reached, not merely kept


@pytest.mark.parametrize("chance", [0.05, 0.2, 0.5])
def test_equal_chances_of_a_hit_seldom_have_a_winner(chance):
    rng = np.random.default_rng(3)
    winners = sum(
        settled((rng.random((2, 16)) < chance).astype(np.float64)).code == "winner" for _ in range(TRIALS)
    )
    assert winners / TRIALS <= NULL_BOUND


def test_known_weakness_a_steady_variant_beats_an_equal_one_with_a_long_tail():
    """Equal means, log-normal of sd 1 ln against a constant: far above 5 %, as `settled` confesses."""
    rng = np.random.default_rng(4)
    winners = sum(
        settled(np.array([rng.lognormal(-0.5, 1.0, 16), 1.0 + 0.001 * rng.normal(size=16)])).code == "winner"
        for _ in range(TRIALS)
    )
    assert 0.10 <= winners / TRIALS <= 0.20


def lifted(rng: np.random.Generator, variants: int, seeds: int, shared: float = 0.0) -> Floats:
    """The first variant 20 % above the others, variation 0.15, a share of the variance shared."""
    luck = np.sqrt(1.0 - shared) * rng.normal(size=(variants, seeds)) + np.sqrt(shared) * rng.normal(
        size=seeds
    )
    means = np.where(np.arange(variants) == 0, 1.2, 1.0)
    return np.asarray(means[:, None] * (1.0 + 0.15 * luck))


@pytest.mark.parametrize(("variants", "shared"), [(2, 0.0), (5, 0.5)])
def test_a_fifth_more_is_found_with_16_seeds(variants, shared):
    rng = np.random.default_rng(5)
    made = [settled(lifted(rng, variants, 16, shared)) for _ in range(TRIALS)]
    assert np.mean([verdict.code == "winner" and verdict.best == 0 for verdict in made]) >= 0.8


def test_a_fifth_more_is_found_among_five_unpaired_when_seeds_are_auto():
    rng = np.random.default_rng(6)
    made = [sequential(lifted(rng, 5, LOOKS[-1])) for _ in range(TRIALS)]
    assert np.mean([decision.code == "winner" and decision.verdict.best == 0 for decision in made]) >= 0.99
    assert np.mean([decision.seeds for decision in made]) < 40
