import numpy as np
import pytest
from scipy import stats

from sim.analysis.scores import LEVELS
from sim.calibration.check import moved, predicted
from sim.calibration.sample import sample_of
from sim.calibration.scores import MIDDLES, normal_baseline, quantile_baseline, scored, split
from sim.scenario.schema import Scenario
from tests.calibration.made import blank, videos

PLAIN = Scenario(name="plain")


def test_intervals_of_the_true_distribution_cover_what_they_say() -> None:
    rng = np.random.default_rng(1)
    draws = np.tile(stats.norm.ppf(MIDDLES), (4000, 1))
    assert scored("x", draws, rng.standard_normal(4000)).coverage == pytest.approx(LEVELS, abs=0.03)


def test_the_newest_quarter_is_held_out_account_by_account() -> None:
    found = sample_of(videos(PLAIN, blank(12, 8)))
    newest = split(found)
    assert np.bincount(found.account[newest]).tolist() == [2] * 12
    for k in range(12):
        own = found.account == k
        assert found.day[own & newest].min() > found.day[own & ~newest].max()
    assert not split(sample_of(videos(PLAIN, blank(12, 3)))).any()


def test_baselines_take_an_accounts_own_videos_where_it_has_enough() -> None:
    before, account = np.array([1.0] * 6 + [5.0, 5.5]), np.array([0] * 6 + [1, 1])
    of = np.array([0, 1])
    own, few = quantile_baseline(before, account, of)
    assert set(own.tolist()) == {1.0}
    assert few.min() == 1.0
    own, few = normal_baseline(before, account, of)
    assert own.mean() == pytest.approx(1.0)
    assert few.mean() == pytest.approx(before.mean())


def test_accounts_that_stand_still_are_said_to_stand_still_and_moving_ones_to_move() -> None:
    sample, rng = blank(80, 12), np.random.default_rng(1)
    place = np.tile(np.arange(12.0), 80)
    sample = sample._replace(day=place)
    still = 4 + 0.4 * rng.standard_normal(960)
    step = np.repeat(-0.3 + 0.5 * rng.standard_normal(80), 12) * (place >= 9)
    assert moved(sample._replace(views=10**still)) == pytest.approx((0.0, 0.0), abs=0.2)
    assert moved(sample._replace(views=10 ** (still + step))) == pytest.approx((-0.3, 0.5), abs=0.2)


def test_an_account_is_forecast_from_its_own_videos_the_more_it_has() -> None:
    sample = sample_of(videos(PLAIN, blank(30, 6)))
    lucky = sample._replace(views=np.where(sample.account == 0, sample.views * 50, sample.views))
    of = np.array([0, 1])
    before, after = (np.median(predicted(s, of, PLAIN, 1), axis=1) for s in (sample, lucky))
    assert 0.8 < after[0] - before[0] < np.log10(50)
    assert after[1] == pytest.approx(before[1], abs=1e-9)
