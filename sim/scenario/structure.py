"""The keys of the account structure (M15, M16): which accounts publish the plan's posts, and their cost.

Takes plain values; gives the frozen section structure, which is checked against the rest of its scenario.
Which accounts those are stands in structures.py.
"""

from collections.abc import Collection, Mapping
from typing import Annotated, Any, ClassVar, Literal, Self

from sim.language.numbers import percent, spelt
from sim.language.vocabulary import QUANTITIES
from sim.language.words import N_, NC_, Language, Words
from sim.scenario.names import topic_name
from sim.scenario.parameter import assumed, parameter
from sim.scenario.section import Name, NoneTwice, Section, Share
from sim.scenario.structures import MOST_SUBS, Kind, left_out, posts_a_day, subs_of, topic_of, used

MONTH_H = 720
"""Hours of a month of thirty days."""


class Structure(Section):
    """Who publishes the posts of the plan (M15), and the race that moves them (M16)."""

    LABEL: ClassVar[Mapping[Language, str]] = {"en": N_("Account structure")}
    kind: Kind = parameter(
        "written",
        "Accounts that publish the plan's posts: as written, one, main and subs that share its topics, subs "
        "by topic, subs with the same material, or a race between subs.",
    )  # fmt: skip
    subs: int = parameter(
        8,
        "Accounts beside the main one: written ones first, those with most fans; the rest new, without fans.",
        unit="accounts", ge=0, le=MOST_SUBS,
        label=NC_("key", "Sub-accounts"),
    )  # fmt: skip
    merged: Annotated[tuple[Name, ...], NoneTwice()] = parameter(
        (), "Written subs that are given up, as written: the main account publishes their posts.",
        max_length=MOST_SUBS,
    )  # fmt: skip
    trial_posts: int = parameter(
        5, "Posts of each account in the race before it is decided.", unit="posts", ge=1, le=1000
    )
    trial_wait_h: int = parameter(
        24, "Hours from the last post of the trial to the decision.", unit="h", ge=0, le=2000,
        label=NC_("key", "From the trial to the decision, h"),
    )  # fmt: skip
    keep: int = parameter(
        2, "Accounts that win the race and get the posts of the others.", unit="accounts", ge=1, le=MOST_SUBS
    )
    judge: Literal["views", "completions", "likes", "comments", "shares", "follows", "visits", "orders"] = (
        parameter("views", "Count of the trial posts by which the race is decided.")
    )
    moved_share: Share = parameter(
        1.0, "Share of the losers' posts still to come that moves to the winners; with 1 losers are given up."
    )
    cost_per_account_cny: float = assumed(
        2000.0,
        "What an account that publishes costs a month (30 days) beside its posts: staff, phone, tools.",
        (500, 10_000),
        "assumed; one operator, about 6,000 CNY a month, runs three accounts; no measurement found",
        unit="CNY/month", off=0.0, ge=0, le=1e7,
        label=NC_("key", "Cost of an account a month, CNY"),
    )  # fmt: skip

    def of_own_accounts(self, names: Collection[str], hours: int) -> Self:
        """As written."""
        return type(self)()

    def check(self, scenario: Any) -> None:
        """One structure only; links that are listed join accounts that are used; the race can be decided."""
        if self.kind != "written" and scenario.links.layout == "single":
            raise ValueError(
                "structure.kind: layout 'single' is an old name of kind 'one' "
                f"and does not go with {self.kind!r}"
            )
        subs = [account.id for account in scenario.accounts if account.role == "sub"]
        if self.merged and self.kind != "written":
            raise ValueError(f"structure.merged: goes with kind = 'written' only, not with {self.kind!r}")
        if missing := [name for name in self.merged if name not in subs]:
            words = ", ".join(sorted(subs)) or "none: there is no sub"
            raise ValueError(f"structure.merged: {missing[0]!r} is no sub-account; allowed: {words}")
        if self.kind == "race" and self.keep > self.subs:
            key, low, high = ("keep", 1, self.subs) if self.subs else ("subs", self.keep, MOST_SUBS)
            raise ValueError(
                f"structure.{key}: a race of {self.subs} accounts cannot keep {self.keep}; "
                f"allowed: a whole number from {low:,} to {high:,}"
            )
        names = [account.id for account in used(scenario)] if scenario.links.edges else []
        for k, (*ends, _) in enumerate(scenario.links.edges):
            if missing := [name for name in ends if name not in names]:
                raise ValueError(
                    f"links.edges.{k}: the structure leaves {missing[0]!r} out; allowed: {', '.join(names)}"
                )

    def told(self, scenario: Any, language: Language) -> str:
        """Who publishes, with what, and what becomes of the fans of those who do not."""
        if self.kind == "written" and not self.merged:
            return ""
        words = Words(language)
        if self.merged:
            aside = spelt(sum(account.fans for account in left_out(scenario)), language)
            return words(
                "Structure: as written, but the main account publishes the posts of {names}, whose {fans} "
                "fans are left aside.",
                names=words.listed(self.merged),
                fans=aside,
            )
        subs, listed = subs_of(scenario), {account.id for account in scenario.accounts}
        new = [account for account in subs if account.id not in listed]
        out, posts = left_out(scenario), posts_a_day(scenario)
        mainly = (topic_of(scenario, sub) for sub in subs)
        text = words(
            _TOLD[self.kind],
            subs=len(subs), new=words(" ({count} of them new, without fans)", count=len(new)) if new else "",
            most=f"{max(posts.values()):.3g}",
            trial=self.trial_posts, wait=self.trial_wait_h, keep=self.keep,
            judge=_judge(self.judge, words), share=percent(self.moved_share),
            topics=words.listed(topic_name(topic, language) for topic in dict.fromkeys(mainly)),
        )  # fmt: skip
        if out:
            fans = spelt(sum(account.fans for account in out), language)
            text += words(
                " {count} written subs do not publish; their {fans} fans are left aside.",
                count=len(out),
                fans=fans,
            )
        return text


def _judge(judge: str, words: Words) -> str:
    """What a race is decided by."""
    return QUANTITIES[judge].said(words.language) if judge in QUANTITIES else words(NC_("count", "views"))


_TOLD = {
    "one": N_("Structure: one account; every post of the plan appears on the main account."),
    "one_plus": N_(
        "Structure: main account and {subs} subs{new} that share the other posts evenly, up to {most} "
        "posts a day and account."
    ),
    "split": N_(
        "Structure: main account and {subs} subs{new} by topic ({topics}); each post goes to the account "
        "that its topic fits best, up to {most} posts a day and account."
    ),
    "same": N_(
        "Structure: main account and {subs} subs{new} with the same material, up to {most} posts a day "
        "and account."
    ),
    "race": N_(
        "Structure: race of {subs} subs{new} beside the main account; {wait} h after {trial} posts of "
        "each, {share} of the losers' posts move to the best {keep} by {judge}."
    ),
}
