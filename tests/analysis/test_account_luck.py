"""Luck of accounts: shrinkage by the textbook, intervals that hold, posts that tell."""

from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.analysis.account_luck import Lucks, Spreads, _System, account_lucks
from sim.rules.pools import FAN_REFERENCE

Floats = NDArray[np.float64]
PRIOR = Spreads(0.35, 0.5, 0.1, 0.07)


class World(NamedTuple):
    views: Floats
    account: NDArray[np.int64]
    day: Floats
    fans: Floats
    seen: Floats
    luck: Floats


def world(
    rng: np.random.Generator, posts: list[int], between: float, within: float = 0.5, heat: float = 0.0
) -> World:
    """Accounts with luck, fans, a content that can be seen and differs between accounts, and heat."""
    account = np.repeat(np.arange(len(posts)), posts)
    day = np.concatenate([np.arange(n, dtype=float) for n in posts])
    luck = rng.normal(0, between, len(posts))
    fans = 10 ** rng.normal(4, 0.7, len(posts))
    seen = rng.normal(rng.normal(0, 0.7, len(posts))[account], 1.0)
    warm = np.zeros(account.size)
    if heat:
        for a in range(len(posts)):
            (rows,) = np.nonzero(account == a)
            apart = np.abs(day[rows][:, None] - day[rows])
            root = np.linalg.cholesky(np.exp(-apart / 5.0) + 1e-9 * np.eye(rows.size))
            warm[rows] = heat * root @ rng.normal(size=rows.size)
    logs = (
        3.0 + luck[account] + 0.1 * np.log10(1 + fans / FAN_REFERENCE)[account] + 0.2 * seen + warm
        + rng.normal(0, np.sqrt(within**2 - heat**2), account.size)
    )  # fmt: skip
    return World(10**logs - 1, account, day, fans, seen[:, None], luck)


def told(case: World, prior: Spreads = PRIOR, confidence: float = 0.9) -> Lucks:
    return account_lucks(*case[:5], prior, confidence)


def test_given_the_spreads_luck_is_shrunk_as_the_textbook_says() -> None:
    rng = np.random.default_rng(1)
    size, n, between, within = 5, 8, 0.4, 0.6
    account = np.repeat(np.arange(size), n)
    y = rng.normal(3, 0.7, size * n)
    design = np.column_stack([np.ones(y.size), np.zeros(y.size), np.eye(size)[account]])
    system, worth = _System.of(design, y, account, np.zeros(y.size), Spreads(0.3, 0.5), 0)
    means, sds, _ = system.posterior(np.array([between]), np.array([within]))
    share = between**2 / (between**2 + within**2 / n)
    raw = y.reshape(size, n).mean(axis=1)
    assert means[0] == pytest.approx(share * (raw - raw.mean()))
    assert sds[0] == pytest.approx(np.sqrt((1 - 1 / size) * share * within**2 / n))
    assert worth == pytest.approx(n)


def test_posts_that_halve_an_interval_are_those_of_the_closed_form() -> None:
    size, n, between, within = 4, 10, 0.4, 0.6
    account = np.repeat(np.arange(size), n)
    y = np.random.default_rng(1).normal(3, 0.7, size * n)
    own = np.eye(size)
    design = np.column_stack([np.ones(y.size), np.zeros(y.size), own[account]])
    system, _ = _System.of(design, y, account, np.zeros(y.size), Spreads(0.3, 0.5), 0)
    new = np.column_stack([np.ones(size), np.zeros(size), own])
    counts, left = system.to_come(between, within, new, np.ones(size))
    now, per = n / within**2 + between**-2, within**-2
    assert left[:, 0] == pytest.approx(now / (now + counts * per))


def test_posts_that_tell_are_those_of_a_power_calculation() -> None:
    """With many posts to come: (z at 95 % + z at 90 %) times the sd that is then left is the luck."""
    rng = np.random.default_rng(12)
    account = np.repeat(np.arange(40), 12)
    luck = np.linspace(-0.35, 0.35, 40)
    y = 3 + luck[account] + rng.normal(0, 0.5, account.size)
    none = np.zeros((account.size, 0))
    found = account_lucks(
        10**y - 1, account, np.full(account.size, np.nan), np.full(40, 1e4), none, Spreads(0.25, 0.5)
    )
    doubted = [row for row in found.accounts if row.to_tell and row.to_tell > 30]
    assert doubted
    for row in doubted:
        variance = (1 - 1 / 40) / (found.between[0] ** -2 + (12 + row.to_tell) / found.within**2)
        assert (1.645 + 1.282) * np.sqrt(variance) == pytest.approx(abs(row.luck), rel=0.1)


def test_without_posts_that_differ_the_prior_speaks_and_says_so() -> None:
    rng = np.random.default_rng(2)
    few, many = world(rng, [5, 5, 5], 0.35), world(rng, [20] * 40, 0.7)
    assert not told(few).from_data
    found = told(many)
    assert found.from_data
    assert found.between[1] < 0.7 < found.between[2]
    assert found.within == pytest.approx(0.5, rel=0.1)
    assert found.slopes[0][0] == pytest.approx(0.2, abs=4 * found.slopes[0][1])


def test_content_that_can_be_seen_and_fans_are_not_luck() -> None:
    """Two accounts of the same luck, one with better content and more fans."""
    rng = np.random.default_rng(3)
    account = np.repeat([0, 1], 200)
    fans = np.array([1e3, 1e6])
    seen = rng.normal(0, 1, 400) + account
    logs = 3 + 0.3 * seen + 0.1 * np.log10(1 + fans / FAN_REFERENCE)[account] + rng.normal(0, 0.5, 400)
    found = account_lucks(10**logs - 1, account, np.full(400, np.nan), fans, seen[:, None], PRIOR)
    assert found.accounts[1].raw > 0.2
    assert abs(found.accounts[1].luck) < 0.1
    assert found.accounts[1].low < 0 < found.accounts[1].high


def test_fans_count_as_the_pools_have_them() -> None:
    """Few fans hardly count: views as pools.first_pool has them, from 0 to 30,000 fans, hold no luck."""
    fans = np.array([0.0, 30.0, 300.0, 30_000.0])
    account = np.repeat(np.arange(4), 100)
    logs = 3 + 0.5 * np.log10(1 + fans / FAN_REFERENCE)[account] + np.tile([-0.3, 0.3], 200)
    prior = Spreads(0.35, 0.3, fan_power=0.5)
    found = account_lucks(10**logs - 1, account, np.full(400, np.nan), fans, np.zeros((400, 0)), prior)
    assert [row.luck for row in found.accounts] == pytest.approx([0.0] * 4, abs=1e-6)


def test_an_account_far_below_its_peers_is_told_and_needs_no_more_posts() -> None:
    case = world(np.random.default_rng(4), [30] * 6, 0.001)
    views = np.where(case.account == 2, (1 + case.views) / 8 - 1, case.views)
    found = told(case._replace(views=np.maximum(views, 0)))
    worst = found.accounts[2]
    assert worst.below > 0.99
    assert worst.to_tell == 0
    assert worst.high < 0
    others = [row for k, row in enumerate(found.accounts) if k != 2]
    assert all(row.to_tell is None or row.to_tell > 0 for row in others if row.low < 0 < row.high)


def test_luck_sums_to_nothing_and_is_smaller_than_what_was_seen() -> None:
    case = world(np.random.default_rng(5), [4, 9, 30, 2], 0.35)
    found = told(case._replace(fans=np.full(4, np.nan), seen=np.zeros((45, 0))))
    assert sum(row.luck for row in found.accounts) == pytest.approx(0, abs=1e-9)
    spread = np.std([row.luck for row in found.accounts]), np.std([row.raw for row in found.accounts])
    assert spread[0] < spread[1]


def test_posts_that_share_heat_tell_less() -> None:
    case = world(np.random.default_rng(6), [30] * 5, 0.35)
    cool, warm = told(case), told(case, PRIOR._replace(heat=0.3))
    widths = [row.high - row.low for found in (cool, warm) for row in found.accounts]
    assert min(widths[5:]) > max(widths[:5])
    months_apart = case._replace(day=case.day * 90)
    assert told(months_apart, PRIOR._replace(heat=0.3)).accounts[0].high == pytest.approx(
        cool.accounts[0].high, rel=1e-3
    )


def test_unknown_fans_days_and_content_are_borne() -> None:
    case = world(np.random.default_rng(7), [6, 6, 6], 0.35)
    seen = case.seen.copy()
    seen[::3] = np.nan
    seen[case.account == 1] = np.nan
    fans = np.array([1e4, np.nan, 1e5])
    found = told(case._replace(seen=seen, fans=fans, day=np.full(18, np.nan)))
    assert all(np.isfinite(row[1:6]).all() for row in found.accounts)


@pytest.mark.parametrize(
    ("posts", "between"), [([8] * 4, 0.35), ([3, 5, 10, 20, 40, 6], 0.35), ([10] * 6, 0.2)]
)
def test_intervals_hold_the_luck_they_promise(posts: list[int], between: float) -> None:
    """Luck drawn from the very prior (a spread about the scenario's): 60 worlds of a few accounts."""
    rng = np.random.default_rng(8)
    prior = Spreads(between, 0.5, 0.1, 0.07, heat=0.2)
    held, cases = 0, 0
    for _ in range(60):
        spread = between * np.exp(rng.normal(0, 0.5))
        case = world(rng, posts, spread, heat=0.2)
        found = told(case, prior)
        truth = case.luck - case.luck.mean()
        held += sum(row.low <= true <= row.high for row, true in zip(found.accounts, truth, strict=True))
        cases += len(posts)
    assert 0.86 <= held / cases <= 0.95


def test_an_account_without_peers_is_refused() -> None:
    one = np.zeros(3, dtype=np.int64)
    with pytest.raises(ValueError, match="needed are two"):
        account_lucks(np.ones(3), one, np.zeros(3), np.ones(1), np.zeros((3, 0)), PRIOR)
    with pytest.raises(ValueError, match="must be above 0"):
        account_lucks(
            np.ones(2), np.array([0, 1]), np.zeros(2), np.ones(2), np.zeros((2, 0)), Spreads(0.0, 0.5)
        )
