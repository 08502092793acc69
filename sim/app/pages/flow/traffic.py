"""A run's traffic as the flow page shows it: who there is, what is linked, and what is selected.

Choices are texts, untrusted where they come from an address.
"""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import polars as pl

from sim.app.jobs import store
from sim.app.jobs.request import Running
from sim.charts.places import GROUP, LINE, Actor, Place, places
from sim.language.names import TIER
from sim.language.vocabulary import ORIGIN, QUANTITIES
from sim.language.words import Words, begun
from sim.scenario.layouts import Edge, edges
from sim.scenario.matrix import CHANNELS, Account
from sim.scenario.names import account_names, topic_name
from sim.scenario.schema import Scenario
from sim.scenario.structures import all_accounts

MOST_CHOICES = 200
"""Links that can be chosen from the list: those that carried most (chosen)."""
BETWEEN = ">"
"""Between the two accounts of a link; escaped inside a name."""
EVERYTHING = "*all"
"""The choice of everything; no name, as * is escaped in one, and no tier."""


class Selected(NamedTuple):
    """What is looked at."""

    kind: Literal["all", "account", "group", "link"]
    source: str = ""
    """the account, the group's key, or where the link begins"""
    target: str = ""
    """where the link ends"""

    def text(self) -> str:
        """The choice as a text, for the address."""
        if self.kind == "all":
            return EVERYTHING
        if self.kind == "link":
            return _escaped(self.source) + BETWEEN + _escaped(self.target)
        return self.source if self.kind == "group" else _escaped(self.source)


def _escaped(name: str) -> str:
    """A name without the signs that mean something in a choice."""
    return name.replace("%", "%25").replace(BETWEEN, "%3E").replace(GROUP, "%2A")


ALL = Selected("all")


class Traffic(NamedTuple):
    """What the page shows of a run."""

    request: Running
    plan: Scenario
    ids: tuple[str, ...]
    """of all accounts, in canonical order"""
    places: tuple[Place, ...]
    edges: tuple[Edge, ...]
    """the layout's links; creators' @ of the main account are not among them"""
    pairs: tuple[tuple[str, str], ...]
    """linked accounts, creators' @ included"""
    channels: tuple[str, ...]
    """shown"""
    links: pl.DataFrame
    """what each link carried, hour by hour, through the channels shown"""
    hourly: pl.DataFrame
    known: dict[str, Selected]
    """everything that can be selected, by its text"""

    def place(self, key: str) -> Place:
        """The place of an account or a group."""
        return next(place for place in self.places if place.key == key)

    def used(self, selected: Selected) -> list[str]:
        """The channels shown that what is selected has links through, or that carried something."""
        ends = (selected.source, selected.target)
        laid = {e.channel for e in self.edges if selected.kind == "all" or (e.source, e.target) == ends}
        used = laid | set(over(self, selected)[0]["channel"])
        return [channel for channel in self.channels if channel in used]

    def members(self, key: str) -> list[str]:
        """The accounts of a place."""
        return [self.ids[rank] for rank in self.place(key).members]


def loaded(request: Running, channels: Sequence[str]) -> Traffic:
    """The traffic of an answered request, over some channels.

    Raises:
        OSError: a table is not there.
    """
    plan = request.plan()
    accounts = store.table(request, "accounts").select("account", "role", "tier")
    own = {account.id: account for account in all_accounts(plan)}
    actors = [
        Actor(id_, role, tier or "", *_line(own[id_], plan) if id_ in own else ())
        for id_, role, tier in accounts.iter_rows()
    ]
    laid = edges(plan)
    main = actors[0].id
    pairs = dict.fromkeys((edge.source, edge.target) for edge in laid if edge.channel in channels)
    if "mention" in channels:
        pairs.update(dict.fromkeys((actor.id, main) for actor in actors if actor.role == "creator"))
    links = store.table(request, "links").filter(pl.col("channel").is_in(list(channels)))
    spots = places(actors)
    ids, hourly = tuple(actor.id for actor in actors), store.table(request, "hourly")
    shown, known = (tuple(pairs), tuple(channels), links), _known(spots, laid)
    return Traffic(request, plan, ids, spots, laid, *shown, hourly, known)


def _line(account: Account, plan: Scenario) -> tuple[str, int]:
    """What an account posts about most, and its fans."""
    topics = account.topics or plan.audience.topics
    return max(topics, key=lambda topic: topics[topic]), account.fans


def chosen(traffic: Traffic, text: str) -> Selected:
    """What a text stands for; everything where it stands for nothing here."""
    return traffic.known.get(text, ALL)


def choices(traffic: Traffic, now: Selected) -> dict[str, Selected]:
    """What can be chosen from the list: everything, accounts, then links by falling visits; and what is."""
    carried = traffic.links.group_by("from", "to").agg(pl.col("visits").sum())
    visits = {(source, target): count for source, target, count in carried.iter_rows()}
    links = [text for text, selected in traffic.known.items() if selected.kind == "link"]
    links.sort(key=lambda text: -visits.get(traffic.known[text][1:], 0))  # stable: then in canonical order
    others = [text for text, selected in traffic.known.items() if selected.kind != "link"]
    return {text: traffic.known[text] for text in [*others, *links[:MOST_CHOICES], now.text()]}


def _known(spots: Sequence[Place], laid: Sequence[Edge]) -> dict[str, Selected]:
    found = [ALL, *(Selected("group" if place.group else "account", place.key) for place in spots)]
    pairs = dict.fromkeys((edge.source, edge.target) for edge in laid)
    found.extend(Selected("link", *pair) for pair in pairs)
    return {selected.text(): selected for selected in found}


def account_name(traffic: Traffic, account: str, words: Words) -> str:
    """What an account is called."""
    return account_names(traffic.ids, words.language)[account]


def place_name(traffic: Traffic, place: Place, words: Words) -> str:
    """What an account or a group is called."""
    if not place.group:
        return account_name(traffic, place.key, words)
    tier, kind = place.key.removeprefix(GROUP), words("Creators")
    if place.key.startswith(LINE):
        kind = topic_name(place.key.removeprefix(LINE), words.language)
    elif tier:
        kind = TIER[tier].said(words.language)
    return f"{begun(kind)} ×\u00a0{len(place.members)}"  # no line ends before the number


def link_name(traffic: Traffic, source: str, target: str, words: Words) -> str:
    """What a link is called."""
    return " → ".join(account_name(traffic, account, words) for account in (source, target))


def name_of(traffic: Traffic, selected: Selected, words: Words) -> str:
    """What a choice is called."""
    if selected.kind == "all":
        return words("All links together")
    if selected.kind == "link":
        return link_name(traffic, selected.source, selected.target, words)
    return place_name(traffic, traffic.place(selected.source), words)


def channel_names(words: Words) -> dict[str, str]:
    """Channels of links, by key."""
    return {channel: ORIGIN[channel].label(words.language) for channel in CHANNELS}


def visits_name(words: Words) -> str:
    """What visits are called at the head of a column."""
    return QUANTITIES["visits"].said(words.language).capitalize()


def over(traffic: Traffic, selected: Selected) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What went over links towards what is selected, and away from it; one and the same for a link."""
    links = traffic.links
    if selected.kind == "all":
        return links, links
    if selected.kind == "link":
        kept = links.filter((pl.col("from") == selected.source) & (pl.col("to") == selected.target))
        return kept, kept
    ids = traffic.members(selected.source)
    return links.filter(pl.col("to").is_in(ids)), links.filter(pl.col("from").is_in(ids))
