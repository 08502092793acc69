"""Unlucky, or bad? What of an account's views stays with the account, once what can be seen is taken out.

log10(1 + views) of a post = level + what its account's fans are worth + what can be seen of it (age, finish
rate) + luck of its account + luck of the post. Luck of an account is told as how far it lies from the mean of
all accounts given, its peers. All is normal; the two spreads are not fixed but weighed (their posterior on a
grid), so that few accounts give wide answers: their prior is the scenario's own spreads, which many accounts
outvote. Neighbouring posts of an account go together (its heat), so they tell less than as many apart.

Takes plain arrays; gives numbers. Knows no files, names or words.
"""

from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sim.rules.pools import FAN_REFERENCE
from sim.scenario.schema import Scenario

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

FEWEST_ACCOUNTS: Final = 2
"""An account alone has no peers."""
DOUBT: Final = 0.5
"""Spread of the natural log of either spread in its prior (chosen: 0.15-0.6 dex around 0.35, nine in ten)."""
SEEN_DEX: Final = 0.5
"""Prior sd of what one sd of anything seen of a post does to its views [dex] (chosen: weak)."""
GRID: Final = (33, 9)
"""Values of the spread between accounts, and of that within, that are weighed."""
BETWEEN: Final = (0.01, 3.0)
"""Ends of the former, before it is narrowed to where the weight lies [dex]."""
SLIGHT: Final = 1e-5
"""Weight against the largest below which a value is left out."""
WITHIN_DEX: Final = 0.52
"""Spread of the views of one account's posts, in the prior (measured: 0.46-0.58 dex in public sets, accounts
with eight posts and more)."""
BLOCK: Final = 500
"""Posts of an account in a row whose heat is told apart at once; across blocks it counts as none."""
MOST_POSTS: Final = 10_000
"""More posts of each account than this is no plan."""
SURE: Final = 0.9
"""Chance with which the posts to come are to set an account apart (chosen)."""


class Spreads(NamedTuple):
    """What is known of spreads before any post is seen, as the scenario has it."""

    between: float
    """sd over accounts of log10 views at like content [dex]: account_luck_sd"""
    within: float
    """sd over the posts of one account [dex]"""
    fan_power: float = 0.0
    """power with which views grow with 1 + fans / FAN_REFERENCE, which is not luck: own_fan_power"""
    fan_power_sd: float = 0.0
    """how unsure that is"""
    heat: float = 0.0
    """sd of the part of `within` that neighbouring posts share [dex]: account_heat_sd"""
    heat_fades_d: float = 5.0
    """days in which it fades to 1/e"""


def prior_of(scenario: Scenario) -> Spreads:
    """What a scenario says of spreads; where its luck of accounts is off, the default speaks."""
    fields = type(scenario.platform).model_fields
    terms = scenario.platform
    extra: Any = fields["own_fan_power"].json_schema_extra
    low, high = extra["range"]
    return Spreads(
        terms.account_luck_sd or float(fields["account_luck_sd"].default), WITHIN_DEX, terms.own_fan_power,
        (high - low) / np.sqrt(12.0), terms.account_heat_sd, terms.account_heat_fade_d,
    )  # fmt: skip


class AccountLuck(NamedTuple):
    """One account [dex of views, against the mean of all accounts]."""

    posts: int
    raw: float
    """mean log10(1 + views) against that of all accounts, nothing taken out"""
    luck: float
    """shrunken: what is to be expected of the account given everything"""
    low: float
    high: float
    below: float
    """chance that it really lies below its peers [0..1]; above is 1 less this"""
    to_halve: int | None
    """posts more of each account until the interval is half as wide; None above MOST_POSTS"""
    to_tell: int | None
    """posts more of each account that set it apart from its peers with a chance of SURE, if it lies as far
    from them as it is told to; 0 where it is set apart already, None above MOST_POSTS"""


class Lucks(NamedTuple):
    """All accounts."""

    accounts: tuple[AccountLuck, ...]
    between: tuple[float, float, float]
    """spread between accounts: middle, low and high [dex]"""
    within: float
    """spread over one account's posts [dex]"""
    from_data: bool
    """whether the accounts say more of the spread between them than the prior did (half its doubt or less)"""
    slopes: tuple[tuple[float, float], ...]
    """of what is seen: dex of views per its own unit, and its sd"""


def account_lucks(
    views: Floats,
    account: Whole,
    day: Floats,
    fans: Floats,
    seen: Floats,
    prior: Spreads,
    confidence: float = 0.9,
) -> Lucks:
    """The luck of every account.

    Args:
        views: of each post, shape (posts,).
        account: its account, 0..A - 1, each with one post at least, shape (posts,).
        day: when it came out [days from anywhere], nan where nobody knows, shape (posts,).
        fans: of each account, nan where nobody knows (it counts as the mean), shape (A,).
        seen: what is known of each post, nan where it is not (it counts as the mean of its account, or of
            all), shape (posts, k).
        prior: spreads.
        confidence: of the intervals, in (0, 1).
    Raises:
        ValueError: fewer than two accounts, one without posts, or spreads of 0.
    Source: one-way random effects with covariates, Searle, Casella & McCulloch 1992, ch. 7 and 9; spreads
        weighed on a grid rather than put in as estimated, Gelman et al., Bayesian Data Analysis, 5.4; posts
        to come as a power calculation, from the posterior on.
    """
    size, posts = fans.size, np.bincount(account, minlength=fans.size)
    if size < FEWEST_ACCOUNTS or (posts == 0).any():
        raise ValueError(f"accounts with {posts.tolist()} posts; needed are two, with posts each")
    if prior.between <= 0.0 or prior.within <= 0.0:
        raise ValueError(f"spreads are {prior.between} and {prior.within}, they must be above 0")
    log_views = np.log10(1.0 + views)
    columns, units = _standard(seen, account, size)
    off = _offsets(fans)
    own = np.eye(size)
    design = np.column_stack([np.ones(views.size), off[account], columns, own[account]])
    rest = log_views - prior.fan_power * off[account]
    system, told = _System.of(design, rest, account, day, prior, columns.shape[1])
    between, within, weights = system.weighed()
    means, spreads, slopes = system.posterior(between, within)
    low, high = (_quantile(weights, means, spreads, (1.0 + side * confidence) / 2.0) for side in (-1, 1))
    below = weights @ special.ndtr(-means / spreads)
    luck = weights @ means
    sd = np.sqrt(weights @ (spreads**2 + means**2) - luck**2)
    middle = float(np.exp(weights @ np.log(between))), float(np.exp(weights @ np.log(within)))
    doubt = float(np.sqrt(weights @ (np.log(between) - np.log(middle[0])) ** 2))
    new = np.column_stack([np.ones(size), off, np.zeros_like(columns[:size]), own])  # the next post of each
    counts, left = system.to_come(*middle, new, told / posts)
    halved = _first(counts, np.sqrt(left) <= 1 / 2)
    apart = _first(counts, _set_apart(luck, sd, left, confidence) >= SURE)
    sure = (below < (1.0 - confidence) / 2.0) | (below > (1.0 + confidence) / 2.0)
    raw = np.bincount(account, log_views) / posts
    rows = (
        AccountLuck(
            int(posts[a]), float(raw[a] - raw.mean()), float(luck[a]), float(low[a]), float(high[a]),
            float(below[a]), halved[a], 0 if sure[a] else apart[a],
        )
        for a in range(size)
    )  # fmt: skip
    order = np.argsort(between, kind="stable")
    ends = np.interp(
        [(1.0 - confidence) / 2.0, (1.0 + confidence) / 2.0], np.cumsum(weights[order]), between[order]
    )
    spread_of_slopes = np.sqrt(weights @ (slopes[1] ** 2 + slopes[0] ** 2) - (weights @ slopes[0]) ** 2)
    return Lucks(
        tuple(rows),
        (middle[0], float(ends[0]), float(ends[1])),
        middle[1],
        doubt <= DOUBT / 2.0,
        tuple(
            (float(slope / unit), float(error / unit))
            for slope, error, unit in zip(weights @ slopes[0], spread_of_slopes, units, strict=True)
        ),
    )


class _System(NamedTuple):
    """What the posts say, in sums: coefficients are level, fan power, k of what is seen, A of luck."""

    products: Floats
    """(D, D) of the columns, heat taken out"""
    with_views: Floats
    """(D,)"""
    squares: float
    posts: int
    prior: Spreads
    seen: int
    left_over: float
    """squares that no account and nothing seen explains"""
    free: int

    @classmethod
    def of(
        cls, design: Floats, rest: Floats, account: Whole, day: Floats, prior: Spreads, seen: int
    ) -> "tuple[_System, Floats]":
        """The sums, and how many posts apart would tell as much, by account."""
        both, told = _without_heat(np.column_stack([design, rest]), account, day, prior)
        X, y = both[:, :-1], both[:, -1]
        products, with_views, squares = X.T @ X, X.T @ y, float(y @ y)
        fitted, _, rank, _ = np.linalg.lstsq(X, y, rcond=None)
        left = float(((y - X @ fitted) ** 2).sum())
        return cls(products, with_views, squares, y.size, prior, seen, left, max(0, y.size - int(rank))), told

    def accounts(self) -> int:
        return self.with_views.size - 2 - self.seen

    def precision(self, between: float, within: float) -> Floats:
        """(D, D) of all coefficients given the two spreads."""
        sure = 1.0 / max(self.prior.fan_power_sd, 1e-6) ** 2  # known, but for rounding, at 0
        own = [0.0, sure, *[SEEN_DEX**-2] * self.seen, *[between**-2] * self.accounts()]
        return self.products / within**2 + np.diag(own)

    def weighed(self) -> tuple[Floats, Floats, Floats]:
        """Pairs of spreads between and within accounts, and the weight of each pair (posterior)."""
        prior = self.prior
        telling = DOUBT**-2 + 2.0 * self.free  # var(log s) is about 1 / 2 df
        usual = np.log(prior.within)
        seen = np.log(self.left_over / self.free) / 2.0 if self.free and self.left_over > 0.0 else usual
        centre = (2.0 * self.free * seen + DOUBT**-2 * usual) / telling
        within = np.exp(centre + np.linspace(-3.0, 3.0, GRID[1]) / np.sqrt(telling))
        low, high = BETWEEN
        for last in (False, True):
            between = np.geomspace(low, high, GRID[0])
            b, w = (each.ravel() for each in np.meshgrid(between, within, indexing="ij"))
            density = np.array([self._density(*pair) for pair in zip(b, w, strict=True)])
            weights = np.exp(density - density.max())
            kept = weights > SLIGHT
            if last:
                return b[kept], w[kept], weights[kept] / weights[kept].sum()
            step = (high / low) ** (1.0 / (GRID[0] - 1))
            low, high = float(b[kept].min() / step), float(b[kept].max() * step)
        raise AssertionError("the last round returns")

    def _density(self, between: float, within: float) -> float:
        """Log of the posterior density of two log spreads, but for a constant."""
        root = np.linalg.cholesky(self.precision(between, within))
        half = np.linalg.solve(root, self.with_views / within**2)
        prior = sum(
            ((np.log(spread) - np.log(usual)) / DOUBT) ** 2
            for spread, usual in ((between, self.prior.between), (within, self.prior.within))
        )
        return float(
            -self.posts * np.log(within) - self.accounts() * np.log(between) - np.log(np.diag(root)).sum()
            - (self.squares / within**2 - half @ half + prior) / 2.0
        )  # fmt: skip

    def posterior(self, between: Floats, within: Floats) -> tuple[Floats, Floats, tuple[Floats, Floats]]:
        """Luck against the mean of all, its sd, each (pairs, A); what is seen of posts, and its sd."""
        size, means, spreads = self.accounts(), [], []
        slopes: list[tuple[Floats, Floats]] = []
        for b, w in zip(between, within, strict=True):
            covariance = np.linalg.inv(self.precision(b, w))
            found = covariance @ (self.with_views / w**2)
            own = found[-size:]
            means.append(own - own.mean())
            spreads.append(np.sqrt(_against_mean(covariance[-size:, -size:])))
            part = slice(2, 2 + self.seen)
            slopes.append((found[part], np.sqrt(np.diag(covariance)[part])))
        first, second = (np.array([pair[k] for pair in slopes]) for k in (0, 1))
        return np.array(means), np.array(spreads), (first, second)

    def to_come(self, between: float, within: float, new: Floats, telling: Floats) -> tuple[Whole, Floats]:
        """Numbers of posts more of each account, and the share of its variance that is then left (k, A)."""
        counts = np.unique(np.geomspace(1, MOST_POSTS, 160).round().astype(np.int64))
        now = self.precision(between, within)
        each = (new * telling[:, None]).T @ new / within**2
        size = self.accounts()
        first = _against_mean(np.linalg.inv(now)[-size:, -size:])
        left = [_against_mean(np.linalg.inv(now + k * each)[-size:, -size:]) / first for k in counts]
        return counts, np.array(left)


def _offsets(fans: Floats) -> Floats:
    """log10(1 + fans / FAN_REFERENCE) of each account against their mean; 0 where nobody knows."""
    logs = np.log10(1.0 + fans / FAN_REFERENCE)
    known = ~np.isnan(logs)
    return np.where(known, logs - (logs[known].mean() if known.any() else 0.0), 0.0)


def _standard(seen: Floats, account: Whole, accounts: int) -> tuple[Floats, Floats]:
    """What is seen of posts, gaps filled, with mean 0 and sd 1, and the unit of each; a flat one is 0."""
    columns, units = np.zeros(seen.shape), np.ones(seen.shape[1])
    for k in range(seen.shape[1]):
        known = ~np.isnan(seen[:, k])
        if not known.any() or np.ptp(seen[known, k]) == 0.0:
            continue
        mean = seen[known, k].mean()
        counts = np.bincount(account[known], minlength=accounts)
        sums = np.bincount(account[known], seen[known, k], accounts)
        usual = np.where(counts > 0, sums / np.maximum(counts, 1), mean)
        column = np.where(known, seen[:, k], usual[account]) - mean
        units[k] = column.std()
        columns[:, k] = column / units[k]
    return columns, units


def _without_heat(columns: Floats, account: Whole, day: Floats, prior: Spreads) -> tuple[Floats, Floats]:
    """Rows made independent of one another, and how many posts apart each account's are worth.

    Two posts of an account d days apart share heat: their correlation is r · exp(-d / fade).
    """
    share = min(0.9, (prior.heat / prior.within) ** 2)
    white, worth = columns.copy(), np.zeros(int(account.max()) + 1)
    for a in range(worth.size):
        (rows,) = np.nonzero(account == a)
        rows = rows[np.argsort(day[rows], kind="stable")]
        for block in (rows[k : k + BLOCK] for k in range(0, rows.size, BLOCK)):
            apart = np.abs(day[block][:, None] - day[block])
            together = np.where(np.isnan(apart), 0.0, np.exp(-np.nan_to_num(apart) / prior.heat_fades_d))
            correlation = share * together
            np.fill_diagonal(correlation, 1.0)
            root = np.linalg.cholesky(correlation)
            white[block] = np.linalg.solve(root, columns[block])
            worth[a] += float((np.linalg.solve(root, np.ones(block.size)) ** 2).sum())
    return white, worth


def _against_mean(covariance: NDArray[np.floating]) -> Floats:
    """Variance of each value less the mean of all, shape (A,)."""
    own = np.diag(covariance) - 2.0 * covariance.mean(axis=1) + covariance.mean()
    return np.asarray(own, dtype=np.float64)


def _quantile(weights: Floats, means: Floats, spreads: Floats, at: float) -> Floats:
    """Quantile of a mixture of normals, by halving, shape (A,)."""
    reach = 10.0 * spreads
    low, high = (means - reach).min(axis=0), (means + reach).max(axis=0)
    for _ in range(60):
        middle = (low + high) / 2.0
        under = weights @ special.ndtr((middle - means) / spreads) < at
        low, high = np.where(under, middle, low), np.where(under, high, middle)
    return np.asarray((low + high) / 2.0, dtype=np.float64)


def _set_apart(luck: Floats, sd: Floats, left: Floats, confidence: float) -> Floats:
    """Chance that the interval leaves out 0 once that share of the variance is left, shape (k, A).

    If luck is what it is told to be, m: the mean then told is normal about m, with variance v (1 - v / v0).
    """
    then = sd * np.sqrt(left)
    narrow = special.ndtri((1.0 + confidence) / 2.0) * then
    moves = then * np.sqrt(np.maximum(1.0 - left, 1e-12))
    return np.asarray(special.ndtr((np.abs(luck) - narrow) / moves), dtype=np.float64)


def _first(counts: Whole, enough: NDArray[np.bool_]) -> list[int | None]:
    """The first count at which it is so for each account, or None."""
    return [int(counts[column.argmax()]) if column.any() else None for column in enough.T]
