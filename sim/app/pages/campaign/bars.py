"""Events of a calendar as bars of its picture, each kind its own way. Does not draw them."""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from sim.app.ui.names import money
from sim.charts.calendar import Bar
from sim.language.words import Words
from sim.scenario.campaign import CREATORS, Phase
from sim.scenario.matrix import TIERS
from sim.scenario.names import topic_name
from sim.scenario.schema import Scenario

MOST_BOOSTS = 12
"""Boosts that have a bar each (chosen); of more the picture has a row that counts them by hour."""


class Called(NamedTuple):
    """What things are called: words, and names of accounts and tiers."""

    words: Words
    names: Mapping[str, str]

    def who(self, accounts: tuple[str, ...]) -> str:
        """Some of them in a sentence."""
        return self.words.listed(self.names.get(name, name) for name in accounts)

    def paid(self, cny: float) -> str:
        """An amount; empty where nothing is paid."""
        words = self.words
        return words("{n} CNY", n=f"{cny:,.0f}") if cny else ""


def single(wave: Mapping[str, Any], own: Collection[str]) -> bool:
    """Whether a wave is one post of one of the own accounts: how a file says when that is out."""
    accounts = wave.get("accounts")
    alone = isinstance(accounts, list | tuple) and len(accounts) == 1 and accounts[0] in own
    return alone and wave.get("hours") == 1 and not wave.get("budget_cny")


def several(plan: Scenario) -> list[Phase]:
    """The waves of a plan that are more than a single post."""
    own = {account.id for account in plan.accounts if account.role != "creator"}
    return [phase for phase in plan.campaign.phases if not single(phase.model_dump(), own)]


def posting_freely(plan: Scenario) -> list[str]:
    """Tiers that are booked and post in no wave: when they do, the window of the seeding says."""
    counts = zip(TIERS, plan.seeding.counts or (), strict=False)
    return [tier for tier, n in counts if n and not plan.campaign.waves_for(tier, CREATORS)]


def waves(plan: Scenario, called: Called) -> list[Bar]:
    """Waves, in the order of their beginning."""
    words, bars = called.words, []
    for phase in sorted(several(plan), key=lambda phase: phase.start_hour):
        paid, who = called.paid(phase.budget_cny), called.who(phase.accounts)
        topic = topic_name(phase.topic, words.language) if phase.topic else ""
        told = phase.name, who or words("nobody posts, only promotion"), topic, paid
        end = phase.start_hour + phase.hours
        bars.append(_bar((phase.name, paid), phase.start_hour, end, told, posts=bool(phase.accounts)))
    return bars


def boosts(plan: Scenario, called: Called) -> list[Bar]:
    """Boosts of single posts, where they are few."""
    given = sorted(plan.paid.boosts, key=lambda boost: boost.start_hour)
    if len(given) > MOST_BOOSTS:
        return []
    words, bars = called.words, []
    for boost in given:
        post = f"{called.who((boost.planner,))} #{boost.number}"
        name = words("Boost of {post}", post=post), called.paid(boost.budget_cny)
        end = boost.start_hour + boost.hours
        bars.append(_bar(name, boost.start_hour, end, (*name, called.who((boost.account,))), posts=False))
    return bars


def creators(plan: Scenario, called: Called) -> list[Bar]:
    """The hours over which creators post who are in no wave."""
    tiers = posting_freely(plan)
    if not tiers:
        return []
    words = called.words
    booked = sum(n for tier, n in zip(TIERS, plan.seeding.counts or (), strict=False) if tier in tiers)
    told = words("Creators' posts"), words("{n} creators", n=money(words, booked))
    return [_bar(told, 0, plan.seeding.window_h, (*told, called.who(tuple(tiers))), posts=True)]


def none(plan: Scenario, called: Called) -> list[Bar]:
    """Of what is drawn hour by hour, no bars."""
    return []


def _bar(name: tuple[str, ...], start: int, end: int, told: tuple[str, ...], *, posts: bool) -> Bar:
    joined, hover = (" · ".join(filter(None, parts)) for parts in (name, told))
    return Bar(joined, start, end, posts, hover)
