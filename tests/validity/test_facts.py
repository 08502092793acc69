"""The list of facts: whole, in both languages, each with a measure."""

import math
import re

import pytest

from sim.validity.facts import Fact, fact, facts, worlds
from sim.validity.measures import MEASURES
from sim.validity.worlds import SAMPLED_AS, WORLDS

EVERY = pytest.mark.parametrize("row", facts(), ids=lambda row: row.id)
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def test_each_fact_has_one_measure_and_each_measure_a_fact():
    assert [row.id for row in facts()] == list(dict.fromkeys(row.id for row in facts()))
    assert {row.id for row in facts()} == set(MEASURES)


def test_there_are_more_than_eighteen_and_most_were_set_by_nothing():
    assert sum(not row.is_set for row in facts()) > 18


@EVERY
def test_a_fact_has_bounds_that_its_own_published_figure_can_meet(row: Fact):
    assert row.low < row.high
    assert math.isfinite(row.low) or math.isfinite(row.high)
    assert row.written(0.5, "en")


@EVERY
def test_a_fact_is_told_in_both_languages(row: Fact):
    assert row.world in worlds()
    for told in (row.what, row.published, row.source, worlds()[row.world]):
        assert told["en"]
        assert not CHINESE.search(told["en"])
    assert CHINESE.search(row.what["zh"])
    assert row.what["zh"] != row.what["en"]


def test_worlds_in_words_are_the_worlds_that_are_simulated():
    assert set(worlds()) == {*WORLDS, *SAMPLED_AS}
    assert set(SAMPLED_AS.values()) <= set(WORLDS)


def test_what_is_no_fact_is_refused():
    with pytest.raises(KeyError):
        fact("beauty")
