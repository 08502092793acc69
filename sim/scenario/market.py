"""The keys of the market of creators: tiers, what the market holds, a price list of one's own (K1, K7, K8).

Takes plain values; gives frozen sections. Does not draw who can be booked (creators.py).
"""

import math
from functools import partial
from typing import Self

from pydantic import field_validator, model_validator

from sim.language.words import NC_
from sim.scenario.matrix import MOST_CREATORS, TierName
from sim.scenario.parameter import assumed, measured, parameter
from sim.scenario.section import Count, Name, Section, Share

PRESETS = {"market": 0.5, "list": 1.0}
"""Words for `price_exponent`: prices as in a marketplace, and as Chinese price lists band them."""
ANCHOR: TierName = "waist"
"""Tier whose price anchors the others: the middle one on a logarithmic scale of fans (chosen)."""
ANCHOR_PRICE_CNY = 12_000.0
"""Price of the anchor tier's post [CNY] (assumed, within Xingtu's public bands for its fans)."""


_lift = partial(assumed, source="assumed; niche creators higher", ge=0, le=1e6)
_supply = partial(assumed, unit="creators", off=MOST_CREATORS, ge=0, le=MOST_CREATORS)


class Lift(Section):
    """How much more frequent people of the audience are among a tier's fans than on the platform (K8)."""

    star: float = _lift(5.0, "Among the fans of stars.", (1.5, 15))
    famous: float = _lift(6.0, "Among the fans of famous KOLs.", (1.8, 18))
    head: float = _lift(8.0, "Among the fans of head creators.", (2.4, 24))
    waist: float = _lift(12.0, "Among the fans of waist creators.", (3.6, 36))
    junior: float = _lift(20.0, "Among the fans of junior creators.", (6, 60))
    amateur: float = _lift(30.0, "Among the fans of amateurs.", (9, 90))


class Supply(Section):
    """How many creators of each tier the category has (K7)."""

    star: int = _supply(5, "Stars who can be booked.", (2, 15))
    famous: int = _supply(10, "Famous KOLs who can be booked.", (3, 30))
    head: int = _supply(40, "Head creators who can be booked.", (12, 120))
    waist: int = _supply(150, "Waist creators who can be booked.", (45, 450))
    junior: int = _supply(600, "Junior creators who can be booked.", (180, 1800))
    amateur: int = _supply(2000, "Amateurs who can be booked.", (600, 6000))


class Market(Section):
    """Prices, pull and reliability of the creators who can be booked (K7)."""

    lift: Lift = parameter(
        Lift, "People of the audience among a tier's fans, as a multiple of their share.",
        label=NC_("key", "Density of the audience"),
    )  # fmt: skip
    supply: Supply = parameter(Supply, "Creators of the category by tier.")
    price_exponent: float = measured(
        PRESETS["market"],
        "Power with which prices grow with fans, from the price of the waist tier; market stands for 0.5, "
        "list for 1.0. A tier's own price wins.",
        "0.49 (0.39-0.58) over 1,149 creators of a marketplace (TikTok); Chinese bands nearer 1.0",
        span=(0.5, 1.0), ge=0, le=1.5,
        label=NC_("key", "Power with which prices grow with fans"),
    )  # fmt: skip
    price_spread_dex: float = measured(
        0.45, "Spread of prices inside a tier, sd of log10.",
        "0.55-0.60 inside a tier, where fans differ too; at equal fans at most 0.468 goes together with the "
        "correlation 0.44 and the robust spread of price per view 0.42 of the same 1,149 creators",
        span=(0.3, 0.6), unit="dex", off=0.0, ge=0, le=1.5,
    )  # fmt: skip
    price_limit_factor: float = assumed(
        5.0,
        "Prices inside a tier end at so many times the tier's own and at so small a part of it; 0: no end.",
        (3, 10),
        "so that the cheapest lie at the lower ends of public bands: Xingtu, tens of thousands above 1 M "
        "fans, a few thousand from 100,000 on, hundreds from 10,000 on; RED, 150 at 1,000", off=0.0, ge=0,
        le=1e6,
        label=NC_("key", "Limit of prices inside a tier, factor"),
    )  # fmt: skip
    pull_spread_dex: float = measured(
        0.31, "Spread of what creators of a tier draw, sd of log10 of views at equal fans.",
        "so that price per view spreads by 0.42 dex, as computed over 1,149 creators (TikTok)",
        span=(0.15, 0.5), unit="dex", off=0.0, ge=0, le=1.5,
    )  # fmt: skip
    pull_price_correlation: float = measured(
        0.44, "Correlation of price and pull at equal fans.", "computed over 1,149 creators (TikTok)",
        span=(0.2, 0.6), ge=-0.99, le=0.99,
        label=NC_("key", "Correlation of price and pull"),
    )  # fmt: skip
    estimate_noise_dex: float = assumed(
        0.3, "Error of the plays that a buyer expects, sd of log10: what is left of it is luck of a launch.",
        (0.1, 0.6), unit="dex", ge=0, le=3,
    )  # fmt: skip
    handling_cny: float = assumed(
        150.0, "Cost of each creator beside the fee: product, shipping, finding, briefing, checking.",
        (50, 500), "derived: 1-3 hours a head and 15-20 % agency; no figure in yuan found", unit="CNY",
        off=0.0, ge=0, le=1e7,
    )  # fmt: skip
    no_show_share: Share = assumed(
        0.05, "Share of booked creators who never post: the fee comes back, the handling is lost.",
        (0.0, 0.3), "assumed; of gifted creators 20 % (a platform) to more than half (Traackr) never post",
        off=0.0,
    )  # fmt: skip
    status_power: float = assumed(
        0.0,
        "Power with which a creator's chance to accept falls with his fans over those of the brand's largest "
        "account; who does not is not paid, the handling is lost.", (0.0, 0.5),
        "assumed; response falls steeply with the gap in status (Lanz et al. 2019); 0: everybody accepts",
        ge=0, le=3,
        label=NC_("key", "Power with which fewer accept across a gap in status"),
    )  # fmt: skip
    commercial_factor: float = measured(
        0.77, "Factor on the first pool of a paid post: people hear advertising.",
        "so that views in all, with what the platform makes of fewer likes, come to the measured x 0.76 "
        "(0.55-1.05; 113 paid posts of 33 accounts)", span=(0.60, 1.15), off=1.0, gt=0, le=5,
    )  # fmt: skip
    commercial_like_factor: float = measured(
        0.66, "Factor on the likes per view of a paid post.",
        "likes per view of paid against unpaid posts x 0.66 (0.54-0.80; 113 posts of 33 accounts)",
        span=(0.54, 0.80), off=1.0, gt=0, le=5,
    )  # fmt: skip
    draw: int = parameter(1, "Which market is drawn; the same for every seed of a run.", ge=0, le=2**31 - 1)

    @field_validator("price_exponent", mode="before")
    @classmethod
    def _preset(cls, given: object) -> object:
        return PRESETS.get(given, given) if isinstance(given, str) else given

    @model_validator(mode="after")
    def _is_limit(self) -> Self:
        if 0 < self.price_limit_factor < 1:
            raise ValueError("price_limit_factor: is neither 0 (no end) nor 1 or more")
        return self

    @property
    def spreads(self) -> bool:
        """Whether creators of a tier differ."""
        return bool(self.price_spread_dex or self.pull_spread_dex)

    def pull(self) -> tuple[float, float, float]:
        """How log10 pull comes about: slope on the normal of the price, what else is seen, luck [dex].

        pull = slope · z_price + seen · z, and luck · n beyond the estimate: of the pull at a given price, of
        sd τ = σ·√(1−ρ²), an estimate with error e shows the part k = τ²/(τ² + e²), and is read as such.
        """
        sd, rho, error = self.pull_spread_dex, self.pull_price_correlation, self.estimate_noise_dex
        rest = sd * math.sqrt(1 - rho * rho)
        known = rest * rest / (rest * rest + error * error) if rest else 0.0
        return sd * rho, rest * math.sqrt(known), rest * math.sqrt(1 - known)


class Tier(Section):
    """What one tier of creators is like (K1)."""

    fans: Count = parameter(
        ..., "Fans over the whole platform.", unit="users",
        label=NC_("key", "Fans"),
    )  # fmt: skip
    audience_fit: Share | None = parameter(
        None, "Share of the fans inside the audience; left out, it follows from the market.",
        label=NC_("key", "Fans inside the audience, share"),
    )  # fmt: skip
    price_cny: float | None = parameter(
        None, "Price of one post; left out, it follows from the fans by seeding.market.price_exponent.",
        unit="CNY", ge=0, le=1e9,
        label=NC_("key", "Price of a post, CNY"),
    )  # fmt: skip
    trust: float = parameter(
        ..., "Trust that the source carries (1: a sub-account).", ge=0, le=10,
        label=NC_("key", "Trust"),
    )  # fmt: skip
    awareness: float = parameter(
        ..., "How well it makes people aware (1: a sub-account).", ge=0, le=10,
        label=NC_("key", "Awareness"),
    )  # fmt: skip
    quality: float = parameter(
        1.0, "Multiplies the category's median rates.", gt=0, le=20,
        label=NC_("key", "Quality"),
    )  # fmt: skip


def default_tiers() -> dict[TierName, Tier]:
    """The table of tiers; quality is 1 for all: tone is counted in trust and the commercial factor."""
    rows: dict[TierName, tuple[int, float, float]] = {  # fans, trust, awareness
        "star": (10_000_000, 0.6, 1.6),
        "famous": (3_000_000, 0.8, 1.4),
        "head": (1_000_000, 0.9, 1.3),
        "waist": (200_000, 1.0, 1.1),
        "junior": (20_000, 1.4, 1.0),
        "amateur": (1_000, 1.6, 0.8),
    }
    return {
        tier: Tier(
            fans=fans, trust=trust, awareness=aware, price_cny=ANCHOR_PRICE_CNY if tier == ANCHOR else None
        )
        for tier, (fans, trust, aware) in rows.items()
    }


class Named(Section):
    """A creator of the user's own price list (K7)."""

    name: Name = parameter(..., "Name of the creator.")
    fans: Count = parameter(..., "Fans over the whole platform.", unit="users")
    price_cny: float = parameter(..., "Fee for one post.", unit="CNY", ge=0, le=1e9)
    tier: TierName | None = parameter(
        None, "Tier, which sets trust and awareness; left out, the one whose fans are nearest."
    )
    audience_fit: Share | None = parameter(
        None, "Share of the fans inside the audience; left out, it follows from the market."
    )
    weight: float = parameter(
        1.0, "Pull: multiplies the first pool of a creator with so many fans.", gt=0, le=20
    )
    quality: float = parameter(1.0, "Multiplies the category's median rates.", gt=0, le=20)
    opening: float = parameter(1.0, "Strength of the opening seconds: multiplies completion.", gt=0, le=5)
    keep: bool = parameter(False, "Booked before the others of the tier, whatever the value for money.")
