"""What enforcement costs, and what carries the risk (X6), as tables of a report.

Takes a summary, or rows of comparison.json; gives blocks. Works nothing out.
"""

from collections.abc import Mapping
from math import isfinite
from typing import Any

from sim.language.numbers import RARE, Kind, amount, span
from sim.language.vocabulary import ORIGIN
from sim.language.words import N_, NC_
from sim.report.parts import Block, Cell, Column, Table, Text
from sim.report.text import LONGEST, Say, clean

SIGNALS = {
    "relation": N_("Links between sisters"),
    "similarity": N_("Same content"),
    "synchrony": N_("Posts in the same hour"),
}
LOSSES = ("reach", "new_fans", "gmv_cny", "profit_cny")
EXPECTED = N_(
    "Violations that were to be expected, by what gives the matrix away; what was found is luck beside it. "
    "Pairs of accounts that are tied by several kinds of link count once, in equal parts."
)


def of_run(summary: Mapping[str, Any], say: Say) -> list[Block]:
    """What carries the risk in a run, by signal, kind of link and post; nothing where enforcement is off."""
    if not _sound(summary):
        return []
    rows = [(say(SIGNALS[key]), summary["violations_expected"][key]) for key in SIGNALS]
    rows += [
        (say("Links: {kind}", kind=ORIGIN[kind].link(say.language)), own)
        for kind, own in summary["relations_expected"].items()
        if own and kind in ORIGIN
    ]
    rows += [
        (say("Post {name}", name=clean(post["post"], LONGEST)), post["expected"])
        for post in summary["riskiest_posts"]
    ]
    columns = (Column(say("What gives it away")), Column(say("Violations expected")))
    return [
        Text(say(EXPECTED), quiet=True),
        Table(say("Risk"), columns, [(Cell(name), Cell(f"{own:.3g}")) for name, own in rows]),
        Text(
            say(
                "Limited accounts' videos missed about {withheld} impressions; {posts} posts were shown "
                "to nobody.",
                withheld=amount(summary["impressions_withheld"], "count", say.language),
                posts=summary["posts_capped"],
            )
        ),
    ]


def of_comparison(comparison: Mapping[str, Any], names: Mapping[str, str], say: Say) -> list[Block]:
    """What each variant risks, and what it loses to enforcement; nothing where it is off."""
    risky = [v for v in comparison["variants"] if "risk" in v]
    if not risky:
        return []
    told = [key for key in LOSSES if any(v["risk"]["losses"].get(key) for v in risky)]
    columns = (
        Column(say(NC_("report", "Variant"))),
        *(Column(say(title)) for title in SIGNALS.values()),
        Column(say("Withheld"), say("Impressions that limited accounts' videos did not get.")),
        *(Column(say("Lost: {what}", what=say.label(key))) for key in told),
    )
    rows = [
        (
            Cell(names[v["name"]]),
            *(Cell(f"{v['risk']['violations'][key]:.3g}") for key in SIGNALS),
            Cell(amount(v["risk"]["withheld"], "count", say.language)),
            *(Cell(_lost(v["risk"]["losses"].get(key), key, say)) for key in told),
        )
        for v in sorted(risky, key=lambda v: -v["mean"])
    ]
    lost = say(
        "Lost is what a launch without enforcement has more under the same luck, with its interval. It is "
        "told where the comparison holds the same plan with enforcement.hazard = 0."
    )
    return [Text(say(EXPECTED), quiet=True), Table(say("Risk"), columns, rows), Text(lost, quiet=True)]


def unreadable(variant: Mapping[str, Any]) -> str:
    """What of a variant's risk is no number where one is read; '' where all is well."""
    if "risk" not in variant:
        return ""
    risk = variant["risk"] if isinstance(variant["risk"], dict) else {}
    parts, losses = risk.get("violations"), risk.get("losses")
    if not isinstance(parts, dict) or not isinstance(losses, dict):
        return "risk"
    sound = _number(risk.get("withheld")) and all(_number(parts.get(key)) for key in SIGNALS)
    for loss in losses.values():
        read = loss if isinstance(loss, dict) else {}
        limits = (read.get(end) for end in ("low", "high"))
        sound = sound and _number(read.get("mean"))
        sound = sound and all(limit is None or _number(limit) for limit in limits)
    return "" if sound else "risk"


def _lost(loss: Mapping[str, Any] | None, key: str, say: Say) -> str:
    if loss is None:
        return ""
    kind: Kind = "money" if key.endswith("_cny") else "people"
    mean = amount(loss["mean"], kind, say.language)
    if loss["low"] is None or loss["high"] is None:
        return f"{mean} ({say(RARE)})" if loss["mean"] else mean
    return f"{mean} ({span(loss['low'], loss['high'], kind, say.language, signed=True)})"


def _sound(summary: Mapping[str, Any]) -> bool:
    """Whether a summary holds all that is read here."""
    numbers = (summary.get("impressions_withheld"), summary.get("posts_capped"))
    tables = (summary.get(key) for key in ("violations_expected", "relations_expected"))
    posts = summary.get("riskiest_posts")
    return (
        all(map(_number, numbers))
        and all(isinstance(table, dict) and all(map(_number, table.values())) for table in tables)
        and isinstance(posts, list)
        and all(isinstance(post, dict) and isinstance(post.get("post"), str) for post in posts)
        and all(_number(post.get("expected")) for post in posts)
    )


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
