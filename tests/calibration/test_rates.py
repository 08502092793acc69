from functools import cache
from math import log

import numpy as np
import pytest
from scipy import stats

from sim.calibration import fits
from sim.calibration.hierarchy import Prior, posterior
from sim.calibration.rates import DEX, prior_of, rate_fits
from sim.calibration.sample import Counts, Sample
from sim.scenario.audience import Content
from tests.calibration.made import assert_all_tried, blank, counts

PRIOR = Prior((log(0.0135), log(0.6), log(0.6)), (1.2, 0.6, 0.6))
TIMES = 20


@cache
def ranks(times: int, accounts: int = 8, each: int = 5) -> np.ndarray:
    """(times, 3) share of the posterior below what was drawn from the prior."""
    found = []
    for k in range(times):
        truth = np.random.default_rng(1000 + k).normal(PRIOR.means, PRIOR.sds)
        made = counts(truth[0], np.exp(truth[1]), np.exp(truth[2]), k, accounts, each)
        draws = posterior(made, PRIOR, np.random.default_rng(k), 150)
        found.append((draws < [truth[0], *np.exp(truth[1:])]).mean(axis=0))
    return np.array(found)


def test_ranks_of_the_truth_are_uniform() -> None:
    """Simulation-based calibration (Talts et al. 2018), small; the whole of it is a study of the evidence."""
    found = ranks(TIMES)
    for column in found.T:
        assert stats.kstest(column, "uniform").pvalue > 0.005
    assert abs(found.mean() - 0.5) < 0.09


def test_a_posterior_that_is_too_narrow_would_fail_that() -> None:
    narrow = 0.5 + 3 * (ranks(TIMES) - 0.5)
    assert any(stats.kstest(column, "uniform").pvalue < 0.005 for column in narrow.T)


def test_a_large_set_tells_level_and_both_spreads() -> None:
    draws = posterior(counts(-4.0, 0.5, 0.7, 3, 300, 5), PRIOR, np.random.default_rng(1))
    for column, truth in zip(draws.T, (-4.0, 0.5, 0.7), strict=True):
        assert abs(column.mean() - truth) < 4 * column.std()
        assert column.std() < 0.1


def test_sampling_noise_is_no_spread() -> None:
    made = counts(-5.0, 1e-6, 1e-6, 4, 200, 4)
    seen = np.log((made.hits + 0.5) / made.base)
    draws = posterior(made, PRIOR, np.random.default_rng(1))
    assert seen.std() > 0.25
    assert draws[:, 1].mean() < 0.15


def test_one_account_leaves_open_how_far_accounts_differ() -> None:
    draws = posterior(counts(-4.0, 0.5, 0.7, 3, 1, 60), PRIOR, np.random.default_rng(1))
    assert np.log(draws[:, 2]).std() > 0.4
    assert np.log(draws[:, 1]).std() < 0.2


def test_counts_of_zero_are_no_trouble() -> None:
    account = np.zeros(30, np.int64)
    made = Counts(np.zeros(30), np.full(30, 100.0), account, np.arange(30))
    draws = posterior(made, PRIOR, np.random.default_rng(1))
    assert np.isfinite(draws).all()
    assert np.exp(draws[:, 0]).mean() < 0.0135


def sample_with(**columns: Counts) -> Sample:
    return blank(200, 4)._replace(counts=columns)


def test_keys_come_with_value_interval_and_columns() -> None:
    content = Content()
    spread = 0.4 * DEX
    made = counts(log(0.03), spread * 0.6, spread * 0.8, 5, 200, 4)
    rows = {row.key: row for row in rate_fits(sample_with(like=made), content, np.random.default_rng(1))}
    assert_all_tried(list(rows))
    rate, dex = rows["content.rates.like"], rows["content.spread.like"]
    assert rate.identified
    assert rate.low < 0.03 < rate.high
    assert rate.columns == ("likes", "plays")
    assert dex.low < 0.4 < dex.high
    share = rows["content.spread.within_account"]
    assert share.low < 0.36 < share.high
    assert rows["content.rates.comment"].why == fits.NO_COLUMN
    assert not rows["content.rates.comment"].identified


def test_rates_of_one_common_cause_correlate() -> None:
    rng = np.random.default_rng(1)
    size, base = 400, np.full(400, 20_000.0)
    account = np.repeat(np.arange(100), 4)
    common, found = rng.standard_normal(size), {}
    for name, median in (("like", 0.02), ("comment", 0.004), ("share", 0.003)):
        logs = log(median) + 0.8 * (np.sqrt(0.6) * common + np.sqrt(0.4) * rng.standard_normal(size))
        hits = rng.binomial(20_000, np.minimum(0.9, np.exp(logs))).astype(float)
        found[name] = Counts(hits, base, account, np.arange(size))
    rows = {row.key: row for row in rate_fits(sample_with(**found), Content(), rng)}
    row = rows["content.spread.engagement_correlation"]
    assert row.low < 0.6 < row.high
    assert row.high - row.low < 0.3


def test_what_is_held_beforehand_stands_about_the_scenario() -> None:
    prior = prior_of(Content(), "like")
    assert np.exp(prior.means[0]) == pytest.approx(0.0135)
    assert np.hypot(*np.exp(prior.means[1:])) / DEX == pytest.approx(0.37)


def test_a_scenario_whose_rate_and_spread_are_0_is_fitted() -> None:
    """Both are legal: the action is off, or all videos are alike."""
    zero = Content.model_validate({"rates": {"like": 0.0}, "spread": {"like": 0.0}})
    sample = sample_with(like=counts(log(0.03), 0.5, 0.7, 5, 100, 4))
    fitted = [rate_fits(sample, one, np.random.default_rng(1)) for one in (zero, Content())]
    off, usual = ({row.key: row for row in rows} for rows in fitted)
    for key in ("content.rates.like", "content.spread.like"):
        assert (off[key].before, off[key].identified) == (0.0, True)
        assert off[key].value == pytest.approx(usual[key].value, rel=0.15)


def alike(accounts: int, spread: float) -> dict[str, Counts]:
    """Two rates of 120 videos that move as one, by `spread` in the log."""
    account = np.arange(120) % accounts
    logs = spread * np.random.default_rng(1).standard_normal(120)
    base = np.full(120, 20_000.0)
    return {
        name: Counts(np.round(base * median * np.exp(logs)), base, account, np.arange(120))
        for name, median in (("like", 0.02), ("comment", 0.004))
    }


@pytest.mark.parametrize(
    ("accounts", "spread", "why"),
    [(1, 0.8, fits.FEW_ACCOUNTS), (7, 0.8, fits.FEW_ACCOUNTS), (8, 0.8, ""), (30, 0.0, fits.WEAK)],
)
def test_how_rates_go_together_takes_several_accounts_and_rates_that_vary(
    accounts: int, spread: float, why: str
) -> None:
    found = rate_fits(sample_with(**alike(accounts, spread)), Content(), np.random.default_rng(1))
    (row,) = [row for row in found if row.key == "content.spread.engagement_correlation"]
    assert row.why == why
    assert row.identified == (not why)
