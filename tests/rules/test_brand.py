"""How people move towards buying: one step an impression, lifted by trust."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.rules import brand
from sim.rules.brand import (
    AWARE,
    CUSTOMER,
    INTERESTED,
    REPEAT,
    UNAWARE,
    Persuasion,
    next_stage,
    stage_threshold,
)
from sim.rules.draws import ONE_16, ONE_32

pytestmark = pytest.mark.system("K3")

DRAWS = st.integers(0, ONE_32 - 1).map(np.uint64)
STAGES = st.integers(UNAWARE, REPEAT)
LIFTS = st.integers(ONE_16, 21 * ONE_16)
LIMITS = st.integers(0, ONE_32).map(np.uint64)
SOURCES = st.builds(Persuasion, LIMITS, LIMITS, LIMITS, LIMITS)


def source(aware=0, interest=0, order=0, repeat=0):
    return Persuasion(*(np.uint64(n) for n in (aware, interest, order, repeat)))


def moved(draw, stage, lift, persuasion):
    return int(next_stage(draw, stage, np.uint64(stage_threshold(stage, np.uint64(lift), persuasion))))


@settings(deadline=None)
@given(DRAWS, STAGES, LIFTS, SOURCES)
def test_next_stage_moves_one_step_at_most_and_never_back(draw, stage, lift, persuasion):
    assert moved(draw, stage, lift, persuasion) - stage in (0, 1)


@settings(deadline=None)
@given(DRAWS, STAGES, LIFTS, LIFTS, SOURCES)
def test_trust_never_holds_anybody_back(draw, stage, one, other, persuasion):
    low, high = sorted((one, other))
    assert moved(draw, stage, low, persuasion) <= moved(draw, stage, high, persuasion)


@settings(deadline=None)
@given(DRAWS, LIFTS, LIFTS, SOURCES)
def test_trust_does_not_make_anybody_aware(draw, one, other, persuasion):
    assert moved(draw, UNAWARE, one, persuasion) == moved(draw, UNAWARE, other, persuasion)


@pytest.mark.parametrize(
    ("stage", "key"),
    [
        (UNAWARE, "aware"),
        (AWARE, "interest"),
        (INTERESTED, "order"),
        (CUSTOMER, "repeat"),
        (REPEAT, "repeat"),
    ],
)
def test_each_stage_has_a_threshold_of_its_own(stage, key):
    certain, impossible = (
        source(**{key: ONE_32}),
        source(**dict.fromkeys({"aware", "interest", "order", "repeat"} - {key}, ONE_32)),
    )
    draw = np.uint64(ONE_32 - 1)
    assert moved(draw, stage, ONE_16, certain) == stage + 1
    assert moved(np.uint64(0), stage, ONE_16, impossible) == stage


def test_order_of_a_repeat_customer_is_told_apart_from_none():
    assert moved(np.uint64(0), REPEAT, ONE_16, source(repeat=1)) == REPEAT + 1
    assert moved(np.uint64(1), REPEAT, ONE_16, source(repeat=1)) == REPEAT


@pytest.mark.parametrize(
    ("last", "today", "days"), [(5, 5, 0), (5, 6, 1), (5, 68, 63), (5, 69, 63), (0, 900, 63)]
)
def test_days_untouched_are_counted_up_to_what_trust_remembers(last, today, days):
    assert brand.days_untouched(last, today) == days


def test_days_since_the_last_touch_do_not_overflow_the_column():
    assert brand.days_untouched(np.uint16(65535), 65535) == 0
    assert brand.days_untouched(np.uint16(65000), 65010) == 10


@settings(deadline=None)
@given(st.integers(0, 255), st.integers(0, ONE_16), st.integers(0, ONE_16))
def test_trust_fades_and_never_grows_by_itself(trust, one, other):
    low, high = sorted((one, other))
    assert 0 <= brand.faded_trust(trust, np.uint64(low)) <= brand.faded_trust(trust, np.uint64(high)) <= trust


@settings(deadline=None)
@given(st.integers(0, 255))
def test_trust_of_today_has_not_faded(trust):
    assert brand.faded_trust(trust, np.uint64(ONE_16)) == trust


@settings(deadline=None)
@given(st.integers(0, 255), st.integers(0, 255))
def test_trust_levels_rise_from_0_to_7(one, other):
    low, high = sorted((one, other))
    assert 0 <= brand.trust_level(low) <= brand.trust_level(high) <= brand.TRUST_LEVELS - 1
    assert (brand.trust_level(0), brand.trust_level(255)) == (0, brand.TRUST_LEVELS - 1)


@pytest.mark.parametrize(
    ("trust", "gain", "raised"),
    [(0, 0, 0), (0, 12, 12), (100, 12, 112), (250, 5, 255), (250, 6, 255), (255, 255, 255)],
)
def test_completion_raises_trust_up_to_its_limit(trust, gain, raised):
    assert brand.raised_trust(trust, np.uint64(gain)) == raised
