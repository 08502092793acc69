"""The keys of paid traffic (A1): boosts of single posts.

Takes plain values; gives the frozen section paid, which is checked against the rest of its scenario.
"""

import math
from collections.abc import Collection, Iterator, Mapping
from typing import Any, ClassVar, Self

from pydantic import field_validator

from sim.language.numbers import spelt
from sim.language.words import N_, Language, Words
from sim.scenario.parameter import assumed, parameter
from sim.scenario.section import MOST_NAMED, Name, Section


class Boost(Section):
    """Impressions bought for one post (A1): not judged by the platform, without organic lift."""

    account: Name = parameter(..., "Account that pays.")
    post: str = parameter(
        "0", "Post that is shown: a number of the account's own posts, or planner#number, from 0.",
        pattern="^(.+#)?[0-9]{1,9}$", max_length=110, examples=["3", "main#3"],
    )  # fmt: skip
    start_hour: int = parameter(
        0, "Hour from which it is shown; not before the post is out.", unit="h", ge=0, le=8760
    )
    hours: int = assumed(
        6, "Hours over which the money is spread.", (2, 24),
        "assumed; a boost runs 6 h unless told otherwise (DOU+, trade pages), spread evenly", unit="h", ge=1,
        le=8760,
    )  # fmt: skip
    budget_cny: float = parameter(
        0.0, "Money for it; what cannot be spent is not charged.", unit="CNY", ge=0, le=1e9
    )
    cpm_cny: float = assumed(
        20.0, "Price of 1,000 paid impressions, inside and outside the audience.", (10, 80),
        "100 CNY buy about 5,000 plays of DOU+ (all trade pages agree); other paid traffic 10-80", unit="CNY",
        ge=0.01, le=1e5,
    )  # fmt: skip

    @field_validator("post", mode="before")
    @classmethod
    def _as_text(cls, given: object) -> object:
        """A number of the account's own posts may be written as one."""
        return str(given) if isinstance(given, int) and not isinstance(given, bool) else given

    @property
    def planner(self) -> str:
        """Account whose plan the post belongs to."""
        return self.post.rpartition("#")[0] or self.account

    @property
    def number(self) -> int:
        """Number of the post in that plan."""
        return int(self.post.rpartition("#")[2])


class Paid(Section):
    """Traffic that is bought (A1)."""

    LABEL: ClassVar[Mapping[Language, str]] = {"en": N_("Paid traffic")}
    boosts: tuple[Boost, ...] = parameter((), "Boosts of single posts.", max_length=2000)

    def noted(self, scenario: Any, language: Language) -> Iterator[str]:
        """Boosts that buy nothing."""
        words, boosts = Words(language), enumerate(self.boosts)
        idle = [f"paid.boosts.{k}" for k, boost in boosts if 1000 * boost.budget_cny < boost.cpm_cny]
        if idle:
            yield words(
                "budget_cny does not pay for one impression, so these boosts do nothing: {boosts}.",
                boosts=words.listed(idle, MOST_NAMED),
            )

    def of_own_accounts(self, names: Collection[str], hours: int) -> Self:
        """None of it: money bought it."""
        return type(self)()

    def check(self, scenario: Any) -> None:
        """Accounts and posts exist, and a boost begins before the run ends."""
        hours, posts = scenario.run.hours, _most_posts(scenario) if self.boosts else {}
        for k, boost in enumerate(self.boosts):
            key = f"paid.boosts.{k}"
            for name, account in (("account", boost.account), ("post", boost.planner)):
                if account not in posts:
                    words = ", ".join(a.id for a in scenario.accounts)
                    raise ValueError(f"{key}.{name}: {account!r} is not an account; allowed: {words}")
            if boost.number >= (most := posts[boost.planner]):
                words = f"from 0 to {most - 1}" if most else "none: it never posts"
                raise ValueError(
                    f"{key}.post: {boost.planner!r} publishes at most {most} posts in {hours} hours; "
                    f"allowed: {words}"
                )
            if boost.start_hour >= hours:
                raise ValueError(
                    f"{key}.start_hour: the run is over by then, run.hours = {hours}; "
                    f"allowed: a whole number from 0 to {hours - 1}"
                )

    def told(self, scenario: Any, language: Language) -> str:
        """How many boosts, for how much."""
        paid = [b for b in self.boosts if b.budget_cny]
        if not paid:
            return ""
        return Words(language)(
            "Boosts: {count} for {budget} CNY in all, which buys {impressions} paid impressions.",
            count=spelt(len(paid), language),
            budget=spelt(sum(b.budget_cny for b in paid), language),
            impressions=spelt(sum(1000 * b.budget_cny // b.cpm_cny for b in paid), language),
        )


def _most_posts(scenario: Any) -> dict[str, int]:
    """Posts of each account before the end, at most: one fewer where its name fixes a late first hour."""
    found = {
        a.id: max(0, math.ceil((scenario.run.hours - (a.first_post_h or 0.0)) * a.posts_per_day / 24))
        for a in scenario.accounts
    }
    return found | {row.id: 1 for row in scenario.seeding.booked}
