import numpy as np
import polars as pl
import pytest
from scipy import stats

from sim.analysis.plain_forecasts import plain_forecasts
from sim.analysis.scores import LEVELS, crps_normal
from sim.calibration.check import LEAST_HELD_OUT, check, moved, predicted
from sim.calibration.result import calibrate
from sim.calibration.sample import sample_of
from sim.calibration.scores import POINTS, Score, scored, split
from sim.calibration.views import Effort
from sim.scenario.schema import Scenario
from tests.calibration.made import blank, videos

PLAIN = Scenario(name="plain")


def test_intervals_of_the_true_distribution_cover_what_they_say() -> None:
    rng = np.random.default_rng(1)
    draws = np.tile(stats.norm.ppf((np.arange(POINTS) + 0.5) / POINTS), (4000, 1))
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
    before, whose = np.array([1.0, 1.2] * 3 + [5.0, 5.5]), ["a"] * 6 + ["b"] * 2
    for one in plain_forecasts(before, whose, np.array([1.1, 1.1]), ["a", "b"]).values():
        assert one.crps[0] < 0.1 < one.crps[1]  # of six of its own, and of all since it has two
        assert one.within[:, 0].tolist() == [True] * 3
    wide = plain_forecasts(before, whose, np.array([4.0]), ["b"])["log_normal"]
    assert wide.crps[0] == pytest.approx(crps_normal(before.mean(), before.std(ddof=1) * np.sqrt(9 / 8), 4.0))


def test_fans_of_an_account_are_those_that_were_known_before_what_is_held_out() -> None:
    table = videos(PLAIN, blank(12, 8)).with_columns(fans=100 + pl.int_range(pl.len()) % 8)
    found = sample_of(table)
    assert set(found.fans.tolist()) == {107.0}
    assert set(found.of(~split(found)).fans.tolist()) == {105.0}


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


def test_the_draws_of_a_forecast_know_nothing_of_the_videos_held_out(monkeypatch: pytest.MonkeyPatch) -> None:
    table = videos(PLAIN, blank(LEAST_HELD_OUT, 4))
    newest = pl.col("published_at") == table["published_at"].max()
    changed = table.with_columns(
        pl.when(newest).then(9.0 * pl.col("plays")).otherwise(pl.col("plays")).alias("plays"),
        pl.when(newest).then(8.0 * pl.col("likes") + 5).otherwise(pl.col("likes")).alias("likes"),
    )
    drawn: list[np.ndarray] = []

    def kept(name: str, draws: np.ndarray, came: np.ndarray) -> Score:
        drawn.append(draws)
        return scored(name, draws, came)

    monkeypatch.setattr("sim.calibration.scores.scored", kept)
    fits = [calibrate(PLAIN, one, seconds=0.0) for one in (table, changed)]
    assert fits[0].fitted != fits[1].fitted
    checks = [check(one, 1e6, effort=Effort((70,), ())) for one in fits]
    model, changed_model = drawn
    assert (model == changed_model).all()
    assert checks[0].forecast != checks[1].forecast
