"""Any of these will do: an answer, where nobody is behind by what matters."""

import numpy as np

from sim.analysis.estimate import estimates, next_look, settled
from sim.analysis.paired import intervals
from sim.analysis.wording import sentence


def table(means: list[float], spread: float, seeds: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.array(means)[:, None] + spread * rng.normal(size=(len(means), seeds))


def test_three_that_are_close_are_as_good():
    values = table([100, 100, 100], 1.0, 16, 1)
    found = settled(values, indifference=5.0)
    assert found.code == "equivalent"
    assert sorted(found.tied) == [0, 1, 2]
    assert 0 < found.within < 5.0


def test_without_an_indifference_they_cannot_be_told_apart():
    assert settled(table([100, 100, 100], 1.0, 16, 1)).code == "cannot_tell_apart"


def test_one_that_may_be_far_behind_leaves_it_open():
    assert settled(table([100, 100, 100], 20.0, 16, 2), indifference=5.0).code == "cannot_tell_apart"


def test_a_winner_by_little_stays_one_and_its_neighbour_is_named():
    found = settled(table([100, 98], 0.5, 16, 3), indifference=5.0)
    assert (found.code, found.near) == ("winner", (1,))


def test_auto_stops_when_nothing_that_matters_is_left():
    assert next_look(table([100, 100], 1.0, 16, 4), indifference=5.0).code == "continue"
    found = next_look(table([100, 100], 1.0, 32, 4), indifference=5.0)
    assert (found.code, found.next_seeds) == ("equivalent", None)


def test_few_seeds_have_not_shown_what_is_rare():
    assert settled(table([100, 100], 1.0, 15, 4), indifference=5.0).code == "cannot_tell_apart"


def test_it_is_seldom_said_of_one_that_is_behind_by_more():
    """The worst case: one of three is behind by exactly what matters."""
    found = [settled(table([100, 100, 95], 4.0, 16, seed), indifference=5.0) for seed in range(600)]
    wrong = sum(2 in (each.best, *each.near) for each in found)
    assert 0 < wrong <= 600 * 0.05


def test_it_is_said_in_both_languages():
    values = table([100, 100, 100], 1.0, 16, 1)
    verdict, rows = settled(values, indifference=5.0), estimates(values)
    english = sentence(verdict, rows, ["a", "b", "c"], "reach", "en", indifference=0.05)
    assert english.startswith("Any of these will do: ")
    assert "less than the 5 % below which it makes no difference" in english
    chinese = sentence(verdict, rows, ["甲", "乙", "丙"], "reach", "zh", indifference=0.05)
    assert "任选其一即可" in chinese
    assert "（5%；" in chinese


def test_what_is_said_of_the_tied_is_said_of_the_best_and_holds_for_all_of_them_at_once():
    values = table([100.0] * 9, 4.0, 16, 1)
    verdict, rows = settled(values), estimates(values)
    best = "abcdefghi"[verdict.best]
    assert f" None is behind {best} by more than " in sentence(verdict, rows, "abcdefghi", "reach", "en")
    assert f"落后 {best} 的幅度均不超过" in sentence(verdict, rows, "abcdefghi", "reach", "zh")
    # Wider than each by itself, as wide as 36 pairs ask for.
    shared = intervals(values, 1 - 0.05 / 36)
    assert verdict.within == max(-shared.difference_low)
    assert verdict.within > max(-(row.difference_low or 0.0) for row in rows)


def test_a_bound_of_more_than_all_there_is_is_not_said():
    """'None is behind by more than 143 %' says nothing; profit may be below 0, where it does."""
    values = table([100.0] * 3, 4.0, 16, 1)
    rows = estimates(values)
    verdict = settled(values)._replace(within=143.0)
    for metric, said in (("reach", False), ("hit", False), ("profit", True)):
        assert ("None is behind" in sentence(verdict, rows, "abc", metric, "en")) is said
        assert ("的幅度均不超过" in sentence(verdict, rows, "abc", metric, "zh")) is said


def test_nothing_is_said_of_how_far_behind_where_an_interval_was_refused():
    values = np.full((2, 16), 100.0)
    values[1, 0] = 99.0
    verdict = settled(values)
    assert verdict.within == np.inf
    assert "behind" not in sentence(verdict, estimates(values), ["a", "b"], "reach", "en")
