"""What enforcement costs, and what carries the risk (X6), as tables of a report.

Takes a summary, or rows of comparison.json; gives blocks for the report and the app. Works nothing out.
"""

from collections.abc import Iterator, Mapping, Sequence
from math import isfinite
from statistics import fmean
from typing import Any

from sim.language.numbers import RARE, Kind, amount, common, span
from sim.language.vocabulary import MEASURES, ORIGIN
from sim.language.warnings import WARNING
from sim.language.words import N_, NC_
from sim.report.parts import Block, Cell, Column, Table, Text
from sim.report.text import LONGEST, Say, clean

SIGNALS = {
    "relation": (N_("Links between sisters"), N_("Follow, like, @ and comments between sister accounts.")),
    "similarity": (N_("Same content"), N_("Posts that repeat a sister account's content.")),
    "synchrony": (N_("Posts in the same hour"), N_("Posts in the same hour as sister accounts.")),
}
"""What gives a matrix away: title and meaning."""
LOSSES = ("reach", "new_fans", "gmv_cny", "profit_cny")
POINTS = 100
"""Health of an account that was never found out."""
LOST = N_(
    "Lost is what a launch without enforcement has more under the same luck, with its interval. It is "
    "told where the comparison holds the same plan with enforcement.hazard = 0."
)
EXPECTED = N_(
    "Violations that were to be expected, by what gives the matrix away; what was found is luck beside it. "
    "Pairs of accounts that are tied by several kinds of link count once, in equal parts."
)


def of_run(summary: Mapping[str, Any], say: Say) -> list[Block]:
    """What carries the risk in a run, by signal, kind of link and post; nothing where enforcement is off."""
    if not _sound(summary):
        return []
    expected = summary["violations_expected"]
    told = [key for key in SIGNALS if expected[key]] or SIGNALS
    rows = [(say(SIGNALS[key][0]), expected[key]) for key in told]
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
        Text(found_out([summary], say)),
    ]


def found_out(summaries: Sequence[Mapping[str, Any]], say: Say) -> str:
    """What enforcement found and what it took, a launch on average; '' where it is off."""
    if not all(map(_sound, summaries)):
        return ""
    from sim.analysis.risk import risk_of  # scipy, which a page that is only drawn does without

    risk = risk_of(summaries, {}, confidence=0.95)
    return say(
        "Enforcement: {found} ({expected} to be expected), health at the end {health} of {whole} (lowest "
        "{lowest}); limited accounts' videos missed about {withheld} impressions, {posts} shown to nobody.",
        found=say.count("violation", fmean(row["violations"] for row in summaries)),
        expected=f"{sum(risk.violations.values()):.3g}", health=f"{risk.health:.0f}", whole=POINTS,
        lowest=f"{risk.lowest_health:.0f}", withheld=amount(risk.withheld, "count", say.language),
        posts=say.count("post", risk.unshown),
    )  # fmt: skip


def of_comparison(comparison: Mapping[str, Any], names: Mapping[str, str], say: Say) -> list[Block]:
    """What each variant risks, and what it loses to enforcement; nothing where it is off."""
    if (table := risked(comparison, names, say)) is None:
        return []
    return [Text(say(EXPECTED), quiet=True), table, Text(say(LOST), quiet=True)]


def risked(comparison: Mapping[str, Any], names: Mapping[str, str], say: Say) -> Table | None:
    """What each variant risks, the highest mean first; None where nothing is found out."""
    risky = [v for v in comparison["variants"] if "risk" in v]
    if not risky:
        return None
    told = [key for key in LOSSES if any(v["risk"]["losses"].get(key) for v in risky)]
    violations, capped = MEASURES["violations"], WARNING["posts_capped"]
    columns = (
        Column(say(NC_("report", "Variant"))),
        Column(violations.label(say.language), say("To be expected in one launch, over all its accounts.")),
        *(Column(say(title), say(meaning)) for title, meaning in SIGNALS.values()),
        Column(say("Withheld"), say("Impressions that limited accounts' videos did not get.")),
        Column(
            say("Health at the end"),
            say("Of {whole} points: mean of the accounts, and the one in the worst.", whole=POINTS),
        ),
        Column(capped.label(say.language), say("Beyond what an account in bad health may post.")),
        *(Column(say("Lost: {what}", what=say.label(key))) for key in told),
    )
    rows = [
        (Cell(names[v["name"]]), *_risk(v["risk"], told, say))
        for v in sorted(risky, key=lambda v: -v["mean"])
    ]
    return Table(say("Risk of being found out as a matrix"), columns, rows)


def _risk(risk: Mapping[str, Any], told: Sequence[str], say: Say) -> Iterator[Cell]:
    parts = risk["violations"]
    most = max(SIGNALS, key=parts.__getitem__)
    yield Cell(f"{sum(parts.values()):.3g}", small=say(SIGNALS[most][0]) if parts[most] else "")
    yield from (Cell(f"{parts[key]:.3g}") for key in SIGNALS)
    yield Cell(amount(risk["withheld"], "count", say.language))
    lowest = say(
        "{mean} (lowest {lowest})", mean=f"{risk['health']:.0f}", lowest=f"{risk['lowest_health']:.0f}"
    )
    yield Cell(lowest)
    yield Cell(f"{risk['unshown']:.1f}")
    yield from (Cell(_lost(risk["losses"].get(key), key, say)) for key in told)


def unreadable(variant: Mapping[str, Any]) -> str:
    """What of a variant's risk is no number where one is read; '' where all is well."""
    if "risk" not in variant:
        return ""
    risk = variant["risk"] if isinstance(variant["risk"], dict) else {}
    parts, losses = risk.get("violations"), risk.get("losses")
    if not isinstance(parts, dict) or not isinstance(losses, dict):
        return "risk"
    numbers = ("withheld", "unshown", "health", "lowest_health")
    sound = all(_number(risk.get(key)) for key in numbers) and all(_number(parts.get(key)) for key in SIGNALS)
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
    like = common((loss[key] for key in ("mean", "low", "high")), say.language)
    mean = amount(loss["mean"], kind, say.language, like)
    if loss["low"] is None or loss["high"] is None:
        return f"{mean} ({say(RARE)})" if loss["mean"] else mean
    return f"{mean} ({span(loss['low'], loss['high'], kind, say.language, signed=True, like=like)})"


def _sound(summary: Mapping[str, Any]) -> bool:
    """Whether a summary holds all that is read here."""
    numbers = (summary.get(key) for key in ("violations", "impressions_withheld", "posts_capped"))
    tables = (summary.get(key) for key in ("violations_expected", "relations_expected", "health"))
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
