"""Measures: known answers on samples whose truth is known."""

import math

import numpy as np
import polars as pl
import pytest

from sim.validity import measures as m
from sim.validity.real import EXPOSED, SEARCHED, Histogram
from sim.validity.watch import Sample
from sim.validity.worlds import LOOK_AGAIN_H

N = 20_000
POOLS = (200, 3_000)


def drawn(real: Histogram, rng: np.random.Generator) -> np.ndarray:
    """Views as a histogram has them, even within bins."""
    return 10 ** np.interp(rng.random(N), real.below, real.edges)


def sample(**columns: object) -> Sample:
    """A finished run that is nothing but these columns."""
    videos = pl.DataFrame(columns).with_columns(published_hour=pl.lit(-1_000))
    return Sample(videos, np.zeros((0, 0, 0), np.int64), (), 0, 0, POOLS)


def read(fact: str, *samples: Sample) -> float:
    return m.MEASURES[fact](samples)


def test_equal_views_have_no_inequality_and_no_tail():
    views = np.full(100, 7.0)
    assert m.gini(views) == pytest.approx(0.0)
    assert m.top(views, 0.1) == pytest.approx(0.1)
    assert math.isnan(m.hill(views, 0.1))


def test_one_video_with_everything_is_all_inequality():
    views = np.array([1e9, *[1e-9] * 99])
    assert m.gini(views) == pytest.approx(0.99)
    assert m.top(views, 0.01) == pytest.approx(1.0)


def test_the_tail_index_of_a_power_law_is_its_exponent_at_every_height():
    views = (1 - np.random.default_rng(1).random(N)) ** (-1 / 1.3)
    assert m.hill(views, 0.05) == pytest.approx(1.3, rel=0.1)
    assert m.hill(views, 0.05) / m.hill(views, 0.20) == pytest.approx(1.0, abs=0.1)


def test_a_tail_that_steepens_is_told_from_a_power_law():
    views = 10 ** np.random.default_rng(1).normal(4, 1, N)
    assert m.hill(views, 0.05) / m.hill(views, 0.20) > 1.2


@pytest.mark.parametrize("real", [SEARCHED, EXPOSED], ids=["searched", "exposed"])
def test_a_sample_lies_close_to_where_it_comes_from(real: Histogram):
    views = drawn(real, np.random.default_rng(1))
    assert m.distance(views, real, scaled=False) < 0.02
    assert m.distance(7 * views, real, scaled=False) < 0.02  # the median is taken out


def test_two_real_samples_differ_as_published_once_scaled():
    found = m.distance(drawn(EXPOSED, np.random.default_rng(1)), SEARCHED, scaled=True)
    assert 0.03 < found < 0.12


def test_real_histograms_have_the_moments_that_were_published_of_them():
    assert SEARCHED.sd == pytest.approx(1.09, abs=0.02)
    assert EXPOSED.sd == pytest.approx(0.64, abs=0.02)


def test_an_elasticity_is_found_though_most_small_videos_have_no_comment():
    rng = np.random.default_rng(1)
    views = np.rint(10 ** rng.normal(3, 1, N)).astype(int) + 1
    comments = rng.poisson(0.002 * views**0.8)
    assert (comments == 0).mean() > 0.5
    assert read("comment_elasticity", sample(impressions=views, comments=comments)) == pytest.approx(
        0.8, abs=0.04
    )


def test_a_rate_that_falls_and_rises_again_is_seen_at_both_ends():
    views = np.repeat([200, 5_000, 200_000], 10)
    likes = np.repeat([8, 50, 4_000], 10)  # 4 %, 1 %, 2 %
    found = sample(impressions=views, likes=likes)
    assert read("like_rate_small", found) == pytest.approx(4.0)
    assert read("like_rate_large", found) == pytest.approx(2.0)


def test_what_is_not_there_is_not_measured():
    found = sample(impressions=np.full(10, 200), likes=np.full(10, 8), comments=np.zeros(10, int))
    for fact in ("like_rate_large", "comment_rate_small", "comment_elasticity", "likes_and_reach"):
        assert math.isnan(read(fact, found))


def test_spread_within_and_between_accounts_are_told_apart():
    rng = np.random.default_rng(1)
    account = np.repeat(np.arange(500), 20)
    apart = 0.6 * rng.normal(size=500)
    logs = 4 + apart[account] + 0.5 * rng.normal(size=account.size)
    found = sample(impressions=10**logs, account=account)
    assert read("within", found) == pytest.approx(0.5, abs=0.02)
    assert read("between", found) == pytest.approx(apart.std(ddof=1), abs=0.02)
    assert read("icc", found) == pytest.approx(apart.var() / (apart.var() + 0.25), abs=0.03)


def test_hits_duds_and_the_largest_post_are_read_against_the_accounts_own_median():
    views = np.tile([100, 100, 100, 100, 100, 100, 100, 100, 10, 700], 3)
    found = sample(impressions=views, account=np.repeat([0, 1, 2], 10))
    assert read("hits", found) == pytest.approx(0.1)
    assert read("duds", found) == pytest.approx(0.1)
    assert read("largest", found) == pytest.approx(7.0)


def test_content_explains_what_it_made():
    rng = np.random.default_rng(1)
    rates = rng.normal(size=(2, N))
    noise = rng.normal(size=N)
    views = 10 ** (6 + 0.3 * rates.sum(axis=0) + 0.6 * noise)
    found = sample(impressions=views, rate_like=rates[0], rate_share=rates[1])
    assert read("content", found) == pytest.approx(0.18 / 0.54, abs=0.02)


def test_growth_is_that_of_the_most_seen_of_the_age():
    hours = 1_000
    looked = hours - LOOK_AGAIN_H
    born = np.repeat([looked - 24, looked - 5 * 24], 50)
    first = np.concatenate([np.arange(1, 51), np.arange(1, 51)]) * 100
    factor = np.where(first > 4_500, np.repeat([1.8, 1.3], 50), 1.0)
    videos = pl.DataFrame(
        {"published_hour": born, "first_look": first, "impressions": np.rint(first * factor).astype(int)}
    )
    found = Sample(videos, np.zeros((0, 0, 0), np.int64), (), 0, hours, POOLS)
    assert read("growth_new", found) == pytest.approx(1.8, rel=0.01)
    assert read("growth_week", found) == pytest.approx(1.3, rel=0.01)
    assert math.isnan(read("growth_fortnight", found))


def test_hours_of_the_day_are_told_whenever_the_run_began():
    by_hour = np.ones((48, 1, 8), np.int64)
    by_hour[[15, 16, 39, 40]] = 10  # 22 and 23 h of a run that began at 7 h
    found = Sample(pl.DataFrame(), by_hour, ("recommend",), 7, 48, POOLS)
    assert read("peak", found) == pytest.approx(20 / 42)
    assert read("trough", found) == pytest.approx(2 / 42)
    assert read("recommended", found) == 1.0


def test_an_elasticity_of_a_pair_is_that_of_its_accounts():
    less, more = (sample(impressions=views, account=["a", "b"]) for views in ([100, 1_000], [200, 2_000]))
    assert read("followers", less, more) == pytest.approx(math.log(2) / math.log(8))
