"""The keys of incubation (K5): which people come to post about the brand, over which accounts, how often.

Takes plain values; gives the frozen section incubation and the accounts that it may need. Does not know who
turns active.
"""

from collections.abc import Collection, Mapping
from typing import Any, ClassVar, Self

from sim.language.numbers import percent
from sim.language.words import N_, NC_, Language, Words
from sim.scenario.creators import tier_of
from sim.scenario.matrix import Account
from sim.scenario.parameter import assumed, assumed_hours, parameter
from sim.scenario.section import Count, Section, Share

OTHERS = "koc-others"
"""Account of all who have none of their own."""


class Incubation(Section):
    """Active people who come to post about the brand (K5)."""

    LABEL: ClassVar[Mapping[Language, str]] = {"en": N_("Incubation")}
    SWITCH = "share"
    share: Share = assumed(
        0.0, "Share of active people who agree to post about the brand.", (0.0, 0.05),
        "assumed; no measurement found; 0 raises nobody",
    )  # fmt: skip
    threshold: int = assumed(
        3, "Follows, shares and orders of one person from which he is active.", (2, 10), unit="acts", ge=1,
        le=1000,
        label=NC_("key", "Acts from which a person counts as active"),
    )  # fmt: skip
    most: int = parameter(20, "People who are raised at most.", unit="people", ge=1, le=100_000)
    accounts: int = parameter(
        5, "How many of them, the first ones, have an account each; all others share one.", unit="accounts",
        ge=0, le=500,
        label=NC_("key", "Raised people with an account of their own"),
    )  # fmt: skip
    posts: int = parameter(2, "Posts of each about the brand.", unit="posts", ge=1, le=100)
    every_h: int = assumed_hours(
        72, "Hours until the first post of each, and from one to the next.", (24, 336),
        label=NC_("key", "Time between the posts of a raised person, h"),
    )  # fmt: skip
    fans: Count = assumed(
        1_000, "Fans of each before, over the whole platform.", (100, 10_000),
        "assumed; the band of amateurs", unit="people",
        label=NC_("key", "Fans of a raised person before"),
    )  # fmt: skip
    cost_per_post_cny: float = assumed(
        50.0, "What one of their posts costs: product, shipping, guidance.", (0, 500), unit="CNY", ge=0,
        le=1e7,
        label=NC_("key", "Cost of a raised person's post, CNY"),
    )  # fmt: skip

    def accounts_added(self, scenario: Any) -> tuple[Account, ...]:
        """The accounts of those who may be raised: one each, then the common one; none while it is off."""
        if self.is_off():
            return ()
        own = min(self.accounts, self.most)
        names = [f"koc-{n + 1}" for n in range(own)] + [OTHERS] * (own < self.most)
        main = next(account for account in scenario.accounts if account.role == "main")
        tier = tier_of(self.fans, scenario.seeding.tiers)
        return tuple(
            Account(
                id=name, role="creator", tier=tier, fans=self.fans, topics=main.topics, posts_per_day=0.0,
                cost_per_post_cny=0.0,
            )
            for name in names
        )  # fmt: skip

    def posts_added(self, scenario: Any) -> int:
        """All that may be raised post as often as asked."""
        return 0 if self.is_off() else self.most * self.posts

    def of_own_accounts(self, names: Collection[str], hours: int) -> Self:
        """None of it: their accounts are not the brand's."""
        return type(self)()

    def check(self, scenario: Any) -> None:
        """Holds the accounts to the audience.

        Raises:
            ValueError: there are more fans than people.
        """
        raised, users = self.accounts_added(scenario), scenario.audience.users
        if not raised:
            return
        fit = scenario.fit(raised[0].tier)
        if (inside := round(self.fans * fit)) > users:
            raise ValueError(
                f"incubation.fans: {inside:,} fans inside the audience are more than "
                f"audience.users = {users:,}; allowed: a whole number from 0 to {int(users / fit):,}"
            )

    def told(self, scenario: Any, language: Language) -> str:
        """Who is raised, and what they do."""
        return Words(language)(
            "Incubation: of people with {threshold} follows, shares and orders {share} agree to post, "
            "{most:,} at most; {posts} posts each, every {hours} h, the first {accounts} over accounts of "
            "their own, all others over a common one.",
            threshold=self.threshold, share=percent(self.share), most=self.most, posts=self.posts,
            hours=self.every_h, accounts=min(self.accounts, self.most),
        )  # fmt: skip
