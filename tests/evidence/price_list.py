"""A price list of named creators with the spread that was measured, for studies and for trying things out.

    python -m tests.evidence.price_list creators.csv
    matrixsim optimise seeding_pyramid --budget 200000 --creators creators.csv

Fans are spread widely (chosen). Price and pull at equal fans, their correlation and the error of expected
plays are those of `seeding.market`; how rates differ between creators is measured below.
"""

import argparse
import csv
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from sim.scenario.audience import Spread
from sim.scenario.creators import FAN_POWER
from sim.scenario.market import ANCHOR, ANCHOR_PRICE_CNY, Market, default_tiers

CREATORS = 200
FANS, FANS_DEX = 50_000.0, 0.9
"""Middle and spread of the fans (chosen): from a thousand to some ten million."""
CPM_CNY = 40.0
"""Price of 1,000 expected plays of a median creator with the anchor's fans (public bands 20 to 80); only how
creators of a list differ counts, not this level."""
COMPLETION, INTERACTION = 0.2, 0.04
"""Middle rates of a list (chosen; they do not count either)."""
INTERACTION_DEX, INTERACTION_PULL = 0.19, -0.1
"""Spread between creators of likes, comments and shares per view, and its correlation with views at equal
fans: 0.15 and -0.06 over 253 creators (TikTok 2020), 0.22 and -0.20 over 262 (TikTok, search sample)."""
HEADERS = ("昵称", "粉丝数", "21-60s视频报价", "预期播放量", "完播率", "互动率")


class Row(NamedTuple):
    """A creator, in the order of HEADERS."""

    name: str
    fans: int
    price_cny: float
    plays: int
    completion: float
    interaction: float


def drawn(draw: int = 1, exponent: float | None = None, creators: int = CREATORS) -> tuple[Row, ...]:
    """Creators; the same people at other prices under another power of prices over fans."""
    market, rng = Market(), np.random.default_rng(draw)
    z, other, error, size, interaction, completion = rng.normal(size=(6, creators))
    anchor = default_tiers()[ANCHOR].fans
    fans = np.clip(FANS * 10 ** (FANS_DEX * size), 1_000, 10_000_000).round()
    over = fans / anchor
    price = ANCHOR_PRICE_CNY * over ** (market.price_exponent if exponent is None else exponent)
    price *= 10 ** (market.price_spread_dex * z)
    rho = market.pull_price_correlation
    seen = rho * z + np.sqrt(1 - rho**2) * other
    pull = market.pull_spread_dex * seen + market.estimate_noise_dex * error
    plays = ANCHOR_PRICE_CNY / CPM_CNY * 1_000 * over**FAN_POWER * 10**pull
    apart = INTERACTION_PULL * seen + np.sqrt(1 - INTERACTION_PULL**2) * interaction
    whole = Spread().completion * np.sqrt(1 - Spread().within_account) * completion
    return tuple(
        Row(f"creator {k + 1:03}", int(fans[k]), float(max(1, round(price[k]))), round(plays[k]),
            round(min(1.0, COMPLETION * 10 ** whole[k]), 4), round(INTERACTION * 10 ** (INTERACTION_DEX * apart[k]), 4))
        for k in range(creators)
    )  # fmt: skip


def write(path: Path, rows: Sequence[Row]) -> Path:
    """The list as a CSV with the headers of 星图."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([HEADERS, *rows])
    return path


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        "python -m tests.evidence.price_list", description=__doc__.split("\n")[0]
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("--draw", type=int, default=1, help="which list; default 1")
    chosen = parser.parse_args()
    write(chosen.file, drawn(chosen.draw))
