"""What an entry of tests/mechanisms/enrolled.py says of a mechanism, and how what it raises is read.

A plug-in that is installed brings its own, as the class attribute `contract`: what an entry says, without
name and rows.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from sim.mechanisms import plugged
from sim.plugins import MECHANISM, names
from sim.results import Result

USUAL = ("follow", "like", "mention")
"""Channels of a scenario that names none."""


@dataclass(frozen=True)
class Enrolled:
    """A mechanism, by the keys that belong to it alone."""

    name: str
    rows: str
    """of the system list"""
    keys: tuple[str, ...]
    """of the scenario; while it is off, none of them changes anything"""
    off: Mapping[str, Any]
    on: Mapping[str, Any]
    more: Mapping[str, Any]
    """laid over `on`: a stronger setting, which raises …"""
    raises: Callable[[Result], float]
    origins: tuple[str, ...] = ()
    """under which what it brings is counted, and nothing else is"""
    later: Mapping[str, Any] = field(default_factory=dict)
    """laid over `on`: nothing happens before …"""
    starts_at: int = 0
    """… this hour, and something does after it; 0 for what has no start"""
    idle: Mapping[str, Any] = field(default_factory=dict)
    """as good as off, though its tables are there; `off` where it is left out"""
    costs: tuple[str, ...] = ()
    """kinds of money that it spends"""
    version_0: bool = False
    """Whether it was there from the beginning: then it is on by default, and at work in v0-off.toml."""
    by_default: bool = False
    """Whether it is on where it is left out, though it came after version 0."""
    is_plugin: bool = False
    """Whether it is a plug-in, which is off where its table is left out and brings words of its own."""


def over(channel: str, keys: Sequence[str], on: Mapping[str, Any] = {}, **rest: Any) -> Enrolled:
    """A channel over which accounts link if [links] names it, with keys of its own."""
    standard = {"name": channel, "rows": "M7", "raises": counted("impressions", channel)}
    return Enrolled(
        keys=("links.channels", *(f"links.{channel}_{key}" for key in keys)),
        off={"links.channels": USUAL},
        on={"links.channels": (*USUAL, channel), **on},
        origins=(channel,),
        **{**standard, **rest},
    )


def counted(count: str, *origins: str) -> Callable[[Result], float]:
    """Reads how often something is counted under some origins."""

    def read(result: Result) -> float:
        return float(result.hourly.filter(pl.col("origin").is_in(origins))[count].sum())

    return read


def spread(result: Result) -> float:
    """How far the means of the accounts' posts lie apart: sd of log10."""
    views = result.accounts["impressions"] / result.accounts["posts"]
    return float((views + 1).log10().std())


def fewer(result: Result) -> float:
    """How few impressions the feed brings, in powers of ten."""
    return -math.log10(counted("impressions", "recommend")(result))


def moved(result: Result) -> float:
    """How far the account whose weight moved most went, in powers of e."""
    return max(abs(math.log(weight)) for weight in result.summary["account_weights"].values())


def of_plugins() -> tuple[Enrolled, ...]:
    """The plug-ins of this environment that say what they owe."""
    kinds = {name: plugged(name) for name in names(MECHANISM)}
    told = {name: getattr(kind, "contract", None) for name, kind in kinds.items()}
    return tuple(
        Enrolled(name=name, rows=kinds[name].rows, is_plugin=True, **contract)
        for name, contract in told.items()
        if contract is not None
    )
