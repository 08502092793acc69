"""A market without surprises, for tests that count money: creators of a tier are alike, all of them post."""

from typing import Any

from sim.scenario.matrix import MOST_CREATORS, TIERS

ALIKE: dict[str, Any] = {
    "supply": dict.fromkeys(TIERS, MOST_CREATORS),
    "price_spread_dex": 0.0,
    "price_limit_factor": 0.0,
    "pull_spread_dex": 0.0,
    "handling_cny": 0.0,
    "no_show_share": 0.0,
    "commercial_factor": 1.0,
    "commercial_like_factor": 1.0,
}
"""`seeding.market` with every force off by name."""
PRICES = dict(zip(TIERS, (300_000.0, 120_000.0, 50_000.0, 12_000.0, 1_000.0, 200.0), strict=True))
FITS = dict(zip(TIERS, (0.005, 0.01, 0.02, 0.03, 0.05, 0.1), strict=True))
TABLE: dict[str, Any] = {t: {"price_cny": PRICES[t], "audience_fit": FITS[t]} for t in TIERS}
"""`seeding.tiers` with round prices and fits of its own."""
PLAIN: dict[str, Any] = {"market": ALIKE, "tiers": TABLE}
"""`seeding` with both."""
