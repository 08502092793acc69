"""Who can be booked, at which price, in which order; and how many of them a plan books (K2, K7, K8).

Takes the section seeding; gives the creators of a tier from the best value for money to the worst, and their
number. A creator's price and pull are facts of the market, not luck of a launch: they hang on
`seeding.market.draw` and never on the run's seed. A list of one's own takes the place of what is drawn.
Does not make accounts of them (seeding.py), nor say what a creator's post does.

Model: price and pull of each creator drawn together by a fixed address, the best estimated pull per yuan
booked first, finite supply; fans inside from lift and size of the market; no-shows and pull beyond the
estimate (mean 1) are luck of the run.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from statistics import NormalDist
from typing import Annotated, Any, NamedTuple, Self

from pydantic import field_validator, model_validator

from sim.language.numbers import percent
from sim.language.words import NC_, Language, Words
from sim.rules.status import accepts
from sim.scenario.apportionment import creator_counts, creator_id
from sim.scenario.market import ANCHOR, ANCHOR_PRICE_CNY, Market, Named, Tier, default_tiers
from sim.scenario.matrix import MOST_CREATORS, TIERS, TierName
from sim.scenario.parameter import assumed, parameter
from sim.scenario.section import OWN_NAME, Count, Name, NoneTwice, Section, Share

MOST_INSIDE = 0.6
"""Largest share of a creator's fans that a market can hold (assumed)."""
LEAST_PULL, MOST_PULL = 0.05, 20.0
"""Limits of a drawn pull, those of an account's weight."""
FAN_POWER = 0.5
"""Power of the fans by which creators of a list are ordered (chosen: the default of `creator_fan_power`)."""


class Candidate(NamedTuple):
    """A creator who can be booked."""

    id: str
    tier: TierName
    fans: int
    price_cny: float
    """fee for one post"""
    weight: float
    """estimated pull: multiplies the first pool"""
    quality: float
    opening: float
    audience_fit: float | None
    keep: bool = False


@lru_cache(maxsize=512)
def drawn(tier: TierName, row: Tier, price_cny: float, market: Market) -> tuple[Candidate, ...]:
    """The creators of a tier from the best estimated pull per yuan to the worst; as many as the supply.

    Price and pull are drawn together, each creator by his number: log10 price / tier price = s·z and the pull
    as `Market.pull` says. Whoever would lie beyond the limits of prices asks the limit, with the pull of his
    z: of a thousand draws of a normal the far tail is bought first, and no market has it. Without spread all
    are alike.
    """
    supply: int = getattr(market.supply, tier)
    known = [(price_cny, 1.0)] * supply
    if market.spreads:
        slope, seen, _ = market.pull()
        most = market.price_limit_factor or math.inf
        known = []
        for number in range(supply):
            z, other = _normals(f"{market.draw}/{tier}/{number}")
            price = price_cny * min(most, max(1 / most, 10.0 ** (market.price_spread_dex * z)))
            pull = min(MOST_PULL, max(LEAST_PULL, 10.0 ** (slope * z + seen * other)))
            known.append((float(max(1, round(price))), round(pull, 6)))
        handling = market.handling_cny
        known.sort(key=lambda pair: (-pair[1] / max(1e-9, pair[0] + handling), pair))
    return tuple(
        Candidate(creator_id(tier, k + 1), tier, row.fans, price, pull, row.quality, 1.0, row.audience_fit)
        for k, (price, pull) in enumerate(known)
    )


@lru_cache(maxsize=512)
def listed(
    creators: tuple[Named, ...], tiers: tuple[TierName, ...], handling_cny: float
) -> Mapping[str, tuple[Candidate, ...]]:
    """The creators of a list by tier: those to keep first, then by value for money."""
    found: dict[str, list[Candidate]] = {tier: [] for tier in TIERS}
    for row, tier in zip(creators, tiers, strict=True):
        found[tier].append(
            Candidate(
                row.name, tier, row.fans, row.price_cny, row.weight, row.quality, row.opening,
                row.audience_fit, row.keep,
            )
        )  # fmt: skip

    def order(one: Candidate) -> tuple[bool, float, str]:
        worth = one.weight * one.quality * (1 + one.fans) ** FAN_POWER
        return not one.keep, -worth / max(1e-9, one.price_cny + handling_cny), one.id

    return {tier: tuple(sorted(rows, key=order)) for tier, rows in found.items()}


def _normals(address: str) -> tuple[float, float]:
    """Two standard normals of an address, in plain Python: a plan is priced without loading machine code."""
    word = blake2b(f"market/{address}".encode(), digest_size=16).digest()
    first, second = (int.from_bytes(part, "little") for part in (word[:8], word[8:]))
    normal = NormalDist()
    return normal.inv_cdf((first + 0.5) / 2.0**64), normal.inv_cdf((second + 0.5) / 2.0**64)


def tier_of(fans: int, tiers: Mapping[TierName, Tier]) -> TierName:
    """The tier whose fans are nearest on a logarithmic scale.

    Example:
        >>> tier_of(45_000, default_tiers())
        'junior'
    """
    return min(TIERS, key=lambda tier: abs(math.log((1 + fans) / (1 + tiers[tier].fans))))


def tier_price(tiers: Mapping[TierName, Tier], tier: TierName, exponent: float) -> float:
    """Price of one post of a tier's median creator [CNY]: its own where it has one, else by its fans.

    price = anchor price · (fans / anchor fans) ^ exponent, in whole yuan.
    Example:
        >>> [tier_price(default_tiers(), tier, 0.5) for tier in TIERS]
        [84853.0, 46476.0, 26833.0, 12000.0, 3795.0, 849.0]
    """
    row, anchor = tiers[tier], tiers[ANCHOR]
    if row.price_cny is not None:
        return row.price_cny
    base = ANCHOR_PRICE_CNY if anchor.price_cny is None else anchor.price_cny
    return float(round(base * (row.fans / max(1, anchor.fans)) ** exponent))


def fit_of(own: float | None, lift: float, users: int, platform_people: int) -> float:
    """Share of a creator's fans inside the audience (K8): his own where it is known.

    min(0.6, lift · users / platform_people)
    Example:
        >>> fit_of(None, 12.0, 7_000_000, 700_000_000)
        0.12
    """
    return min(MOST_INSIDE, lift * users / platform_people) if own is None else own


class Seeding(Section):
    """Creators who make one post each that @-mentions the main account (K1, K2, K7)."""

    ratio: tuple[Count, ...] = parameter(
        (), "Creators by tier, from star to amateur; empty for none, or for all of `creators`.", max_length=6,
        label=NC_("key", "Ratio"),
    )  # fmt: skip
    scale: float = parameter(
        1.0, "Multiplies the ratio.", ge=0, le=10_000,
        label=NC_("key", "Scale of the ratio"),
    )  # fmt: skip
    budget_cny: float | None = parameter(
        None, "Money for creators, fees and handling; it wins over the scale.", unit="CNY", ge=0, le=1e12,
        label=NC_("key", "Budget for creators, CNY"),
    )  # fmt: skip
    window_h: int = parameter(
        168, "Hours over which the creators' posts are spread.", unit="h", ge=1, le=10_000,
        label=NC_("key", "Posts spread over, h"),
    )  # fmt: skip
    topic: Name | None = parameter(
        None, "Topic of the posts; left out, the main account's mix.",
        label=NC_("key", "Topic of the posts"),
    )  # fmt: skip
    tiers: dict[TierName, Tier] = assumed(
        default_tiers, "Table of tiers.",
        source="fans after Kasi and RED bands, prices within Xingtu's public bands, the rest assumed",
    )  # fmt: skip
    market: Market = parameter(Market, "Who can be booked: supply, prices, reliability.")
    brief_similarity: Share = assumed(
        0.0, "How alike the posts of creators with one brief are: at 1 the platform takes them for copies.",
        (0.0, 0.5), "assumed; one brief to a thousand amateurs is the same content, no measure is published",
    )  # fmt: skip
    creators: tuple[Named, ...] = parameter(
        (), "A price list of one's own, which takes the place of the drawn market.", max_length=MOST_CREATORS
    )

    keep: Annotated[tuple[Name, ...], NoneTwice()] = parameter(
        (), "Creators by id who are booked before the others of their tier.", max_length=MOST_CREATORS
    )

    @field_validator("tiers", mode="before")
    @classmethod
    def _complete_tiers(cls, given: object) -> object:
        """The table with every tier and key that is left out taken from the defaults."""
        if not isinstance(given, Mapping):
            return given
        rows = {tier: row.model_dump() for tier, row in default_tiers().items()}
        for tier, row in given.items():
            rows[tier] = {**rows.get(tier, {}), **row} if isinstance(row, Mapping) else row
        return rows

    @model_validator(mode="after")
    def _six_tiers(self) -> Self:
        if self.ratio and len(self.ratio) != len(TIERS):
            raise ValueError(f"ratio: needs {len(TIERS)} numbers ({', '.join(TIERS)}), got {len(self.ratio)}")
        names: set[str] = set()
        for k, row in enumerate(self.creators):
            if row.name in names:
                raise ValueError(f"creators.{k}.name: {row.name!r} is used twice; allowed: {OWN_NAME}")
            names.add(row.name)
        if self.keep:
            known = [row.id for rows in self.candidates.values() for row in rows]
            if strange := next((name for name in self.keep if name not in known), None):
                raise ValueError(f"keep: there is no creator {strange!r}; allowed: {', '.join(known)}")
        if (total := sum(self.counts)) > MOST_CREATORS:
            key = "scale" if self.budget_cny is None else "budget_cny"
            raise ValueError(f"{key}: asks for {total:,} creators; allowed: at most {MOST_CREATORS:,} in all")
        for tier, count in zip(TIERS, self.counts, strict=False):
            if count > (most := len(self.candidates[tier])):
                where = "listed in seeding.creators" if self.creators else f"seeding.market.supply.{tier}"
                raise ValueError(
                    f"ratio: asks for {count:,} {tier} creators and there are {most:,} ({where}); "
                    f"allowed: at most {most:,} in all"
                )
        return self

    def of_own_accounts(self, names: Collection[str], hours: int) -> Self:
        """Nobody is booked."""
        return type(self)()

    def idle_keys(self, scenario: Any) -> frozenset[str]:
        """All where nobody is paid to post; the ratio itself may be compared."""
        bought = any(self.ratio) or self.creators or any(a.role == "creator" for a in scenario.accounts)
        return frozenset() if bought else frozenset(type(self).model_fields)

    def told(self, scenario: Any, language: Language) -> str:
        """What is off unless it is set: one brief as one group, and who accepts."""
        said, words, power = [], Words(language), self.market.status_power
        if self.brief_similarity:
            said.append(
                words(
                    "Creators' posts are of one brief: each that is out before counts for {share} of a copy.",
                    share=percent(self.brief_similarity),
                )
            )
        if power:
            said.append(
                words(
                    "Of creators with ten times the fans of the brand's largest account {share} accept.",
                    share=percent(accepts(1, 10, power)),
                )
            )
        return " ".join(said) if language == "en" else "".join(said)

    @property
    def candidates(self) -> Mapping[str, tuple[Candidate, ...]]:
        """Who can be booked, by tier, in the order in which they are."""
        if self.creators:
            tiers = tuple(self.tier_of(row) for row in self.creators)
            found = listed(self.creators, tiers, self.market.handling_cny)
        else:
            found = {tier: drawn(tier, self.tiers[tier], self.price_cny(tier), self.market) for tier in TIERS}
        if not self.keep:
            return found
        kept = frozenset(self.keep)
        marked = {
            tier: [row._replace(keep=True) if row.id in kept else row for row in rows]
            for tier, rows in found.items()
        }
        return {tier: tuple(sorted(rows, key=lambda row: not row.keep)) for tier, rows in marked.items()}

    def tier_of(self, row: Named) -> TierName:
        """The tier of a creator of the list."""
        return row.tier or tier_of(row.fans, self.tiers)

    def price_cny(self, tier: TierName) -> float:
        """Fee of a tier's median creator [CNY]."""
        return tier_price(self.tiers, tier, self.market.price_exponent)

    @property
    def costs_cny(self) -> tuple[tuple[float, ...], ...]:
        """By tier, what each creator costs, fee and handling, in the order in which they are booked [CNY]."""
        found = self.candidates
        return tuple(_costs(found[tier], self.market.handling_cny) for tier in TIERS)

    @property
    def counts(self) -> tuple[int, ...]:
        """Creators of each tier after scale or budget, from star to amateur; empty where there are none."""
        ratio = self.ratio
        if not ratio:
            if not self.creators:
                return ()
            ratio = tuple(len(self.candidates[tier]) for tier in TIERS)
        if self.budget_cny is None:
            return creator_counts(ratio, (), self.scale, None)
        return creator_counts(ratio, self.costs_cny, self.scale, self.budget_cny, MOST_CREATORS)

    @property
    def booked(self) -> tuple[Candidate, ...]:
        """Whom the plan books, from star to amateur."""
        found = self.candidates
        return tuple(row for tier, n in zip(TIERS, self.counts, strict=False) for row in found[tier][:n])

    def cost_cny(self, counts: Sequence[int]) -> float:
        """What so many creators of each tier cost, fees and handling [CNY]."""
        return math.fsum(sum(own[:n]) for own, n in zip(self.costs_cny, counts, strict=False))


@lru_cache(maxsize=512)
def _costs(rows: tuple[Candidate, ...], handling_cny: float) -> tuple[float, ...]:
    return tuple(row.price_cny + handling_cny for row in rows)
