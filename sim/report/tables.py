"""The tables of a run's report: totals, funnel, accounts, origins, links, pools, videos.

Takes the files of a run; gives parts of a report. Adds up and divides what the tables count, and
no more; intervals are those of the funnel's chart.
"""

from collections.abc import Sequence

import polars as pl

from sim.analysis.platforms import NO_POOLS
from sim.charts.funnel import Rung, funnel_chart, funnel_figure
from sim.charts.theme import CATEGORIES, Ground
from sim.language.names import RATE, REASON, ROLE, TIER
from sim.language.numbers import MINUS, Kind, amount, span
from sim.language.vocabulary import COUNTS, MEASURES
from sim.language.vocabulary import ORIGINS as ORDER
from sim.language.words import NC_
from sim.report.folder import RunFiles
from sim.report.parts import Block, Cell, Column, Figure, Table, Text
from sim.report.text import Say, clean
from sim.scenario.matrix import TIERS
from sim.scenario.structures import all_accounts

KEYS: dict[str, Kind] = {
    "reach": "people", "impressions": "count", "visits": "count", "follows": "count", "orders": "count",
    "cost_cny": "money", "gmv_cny": "money", "profit_cny": "money", "roi": "ratio", "hit_videos": "count",
    "matrix_gain": "share",
    "outside_impressions": "count",
}  # fmt: skip
"""Key numbers, the most asked for first; the last two only where there are any."""
STAGES = ("impressions", "completions", "visits", "follows", "orders")
"""The funnel (E1)."""
MOST_ACCOUNTS = 12
"""Brand accounts listed one by one (chosen)."""
TOP_VIDEOS, TOP_LINKS = 10, 10
CONFIDENCE = 0.95
"""Of the intervals of the shares promoted (chosen)."""
DAY_H = 24


def key_numbers(files: RunFiles, say: Say, most: int = len(KEYS)) -> Table:
    """The totals with their meaning, the most asked for first."""
    rows = []
    for key, kind in KEYS.items():
        value = files.summary.get(key)
        if value is None or (key == "outside_impressions" and not value):
            continue
        text = say.rate(value, 1) if kind == "share" else amount(value, kind, say.language)
        rows.append((Cell(say.label(key)), Cell(_unit(text, kind), _exact(value)), Cell(say.definition(key))))
    return _quantities(say("Key numbers"), rows[:most], say)


def _quantities(title: str, rows: Sequence[tuple[Cell, ...]], say: Say) -> Table:
    """A table of quantities: their values, and what they mean."""
    columns = (
        Column(say("Quantity")),
        Column(say(NC_("report", "Value"))),
        Column(say("Meaning"), words=True),
    )
    return Table(title, columns, rows)


def colours(files: RunFiles) -> dict[str, str]:
    """The colour of each listed account, as on every page of the app."""
    listed = all_accounts(files.scenario)
    return {account.id: CATEGORIES[k % len(CATEGORIES)] for k, account in enumerate(listed)}


def funnel(files: RunFiles, say: Say) -> list[Block]:
    """The funnel of the whole run (E1): counts and rates."""
    rows, before = [], None
    for key in STAGES:
        count = files.summary[key]
        rows.append(
            (
                Cell(say.label(key), say.definition(key)),
                _count(count, say),
                Cell(say.rate(count, files.summary["impressions"])),
                Cell("" if before is None else say.rate(count, before)),
            )
        )
        before = count
    columns = (
        Column(say("Stage")),
        Column(say("Count")),
        Column(say("Of impressions")),
        Column(say("Of the stage before")),
    )
    return [
        Text(
            say(
                "Each stage as a count, as a rate of all impressions, and as a rate of the stage before. "
                "Not strictly nested: people also follow straight from a video, without a home-page "
                "visit."
            ),
            quiet=True,
        ),
        Table(say("Funnel"), columns, rows),
    ]


def by_account(files: RunFiles, say: Say) -> list[Block]:
    """Every brand account, and the creators by tier."""
    accounts, own = files.tables["accounts"], colours(files)
    brand = accounts.filter(pl.col("role") != "creator")
    paid = accounts.filter(pl.col("role") == "creator")
    kept = sorted(range(brand.height), key=lambda k: -int(brand["impressions"][k]))[:MOST_ACCOUNTS]
    listed = brand[sorted(kept)]
    rows = [
        _account_row(
            row, Cell(say.account(row["account"]), dot=own.get(row["account"], "")), row["role"], say
        )
        for row in listed.iter_rows(named=True)
    ]
    sums = [pl.col(name).sum() for name in (*COUNTS, "posts", "cost_cny")]
    rest = brand.filter(~pl.col("account").is_in(listed["account"].to_list()))
    if rest.height:
        total = rest.select(sums).row(0, named=True)
        rows.append(_account_row(total, Cell(say("Other accounts ({count})", count=rest.height)), "", say))
    for tier in (*TIERS, ""):
        some = paid.filter(pl.col("tier") == tier)
        if some.height:
            total = some.select(sums).row(0, named=True)
            kind = TIER[tier].label(say.language) if tier in TIER else ""
            name = (
                say("{tier} creators ({count})", tier=kind, count=some.height)
                if kind
                else say("Creators ({count})", count=some.height)
            )
            rows.append(_account_row(total, Cell(name), "creator", say))
    columns = (
        Column(say("Account")),
        Column(say("Role"), words=True),
        Column(say("Posts"), say("Videos published on it.")),
        Column(say.label("reach"), say("Different people to whom it was shown.")),
        Column(say.label("impressions"), say.definition("impressions")),
        Column(say.label("visits"), say.definition("visits")),
        Column(say.label("follows"), say.definition("follows")),
        Column(say.label("orders"), say.definition("orders")),
        Column(RATE["follow"].label(say.language), say("Follows per impression.")),
        Column(say.label("cost_cny"), say.definition("cost_cny")),
    )
    note = (
        say(
            "Creators are summed by tier. People reached by several accounts count once for each, so reach "
            "does not add up, and is left out for tiers."
        )
        if paid.height
        else say("People reached by several accounts count once for each, so reach does not add up.")
    )
    return [Text(note, quiet=True), Table(say("By account"), columns, rows)]


def _account_row(row: dict[str, object], name: Cell, role: str, say: Say) -> tuple[Cell, ...]:
    numbers = {key: float(str(value)) for key, value in row.items() if isinstance(value, int | float)}
    return (
        name,
        Cell(say.known(ROLE, role) if role else ""),
        _count(numbers["posts"], say),
        _count(numbers["reach"], say) if "reach" in numbers else Cell("–"),
        *(_count(numbers[key], say) for key in ("impressions", "visits", "follows", "orders")),
        Cell(say.rate(numbers["follows"], numbers["impressions"])),
        money_cell(numbers["cost_cny"], say),
    )


def by_origin(files: RunFiles, say: Say) -> list[Block]:
    """Where impressions and visits came from."""
    found = files.tables["hourly"].group_by("origin").agg(pl.col(name).sum() for name in COUNTS)
    rank = {origin: k for k, origin in enumerate(ORDER)}
    whole = files.summary["impressions"]
    paid = files.tables["flows"].filter(pl.col("from").is_in(_creators(files)), channel="mention").height > 0
    rows = [
        (
            Cell(
                say("@ mention, of creators too")
                if paid and row["origin"] == "mention"
                else say.origin(row["origin"])
            ),
            _count(row["impressions"], say),
            Cell(say.rate(row["impressions"], whole), share=row["impressions"] / whole if whole else 0.0),
            *(_count(row[key], say) for key in ("visits", "follows", "orders")),
            Cell(say.rate(row["completions"], row["impressions"])),
        )
        for row in sorted(
            found.to_dicts(), key=lambda row: (rank.get(row["origin"], len(rank)), row["origin"])
        )
    ]
    columns = (
        Column(say("Origin")),
        Column(say.label("impressions"), say.definition("impressions")),
        Column(say("Share of impressions"), say("Part of all impressions.")),
        *(Column(say.label(key), say.definition(key)) for key in ("visits", "follows", "orders")),
        Column(RATE["completion"].label(say.language), say("Completions per impression.")),
    )
    return [
        Text(say("Where an impression or a visit came from, by its last hop."), quiet=True),
        Table(say("By origin"), columns, rows),
    ]


def measures(files: RunFiles, say: Say) -> Table:
    """What mechanisms counted beside the columns, in all; a measure that is not known here keeps its key."""
    found = files.tables["measures"].group_by("measure", maintain_order=True).agg(pl.col("value").sum())
    rows = []
    for key, value in found.iter_rows():
        known = MEASURES.get(key)
        name, meaning = (known.label(say.language), known.definition(say.language)) if known else (key, "")
        rows.append((Cell(clean(name)), _count(value, say), Cell(clean(meaning))))
    return _quantities(say("Also counted"), rows, say)


def links(files: RunFiles, say: Say) -> list[Block]:
    """The links between the brand's accounts that carried most; what creators' @ brought, apart."""
    flows, bought = files.tables["flows"], _creators(files)
    paid = flows.filter(pl.col("from").is_in(bought))
    between = flows.filter(~pl.col("from").is_in(bought))
    told: list[Block] = []
    if paid.height:
        counts = {key: say.count(key[:-1], int(paid[key].sum())) for key in ("visits", "follows")}
        told = [
            Text(
                say(
                    "No links of the matrix: the @ of the creators ({creators}) brought the main account "
                    "{visits} and {follows}.",
                    creators=paid["from"].n_unique(),
                    **counts,
                )
            )
        ]
    carried = between.filter(pl.col("visits") > 0)
    if not carried.height:
        return [Text(say("No link between accounts carried a visit in this run.")), *told]
    top = carried.sort("visits", descending=True, maintain_order=True).head(TOP_LINKS)
    own = colours(files)
    rows = [
        (
            Cell(say.account(row["from"]), dot=own.get(row["from"], "")),
            Cell(say.account(row["to"]), dot=own.get(row["to"], "")),
            Cell(say.channel(row["channel"])),
            *(_count(row[key], say) for key in ("visits", "impressions", "follows")),
        )
        for row in top.iter_rows(named=True)
    ]
    columns = (
        Column(say("From")),
        Column(say("To"), words=True),
        Column(say(NC_("report", "Channel")), words=True),
        *(Column(say.label(key), say.definition(key)) for key in ("visits", "impressions", "follows")),
    )
    note = say(
        "The {count} links that carried most home-page visits, of {links}.",
        count=len(rows),
        links=say.count("link", between.height),
    )
    return [Text(note, quiet=True), Table(say("Traffic between accounts"), columns, rows), *told]


def _creators(files: RunFiles) -> list[str]:
    """Accounts of a run that are bought post by post."""
    return files.tables["accounts"].filter(role="creator")["account"].to_list()


def ladder(files: RunFiles, say: Say, ground: Ground) -> list[Block]:
    """How the videos went down the ladder of pools, or that there is none."""
    if files.scenario.platform.model != "pools":
        return [Text(say(NO_POOLS))]
    videos, sizes = files.tables["videos"], files.scenario.platform.pools
    chart = funnel_chart(videos, sizes, CONFIDENCE)
    figure = funnel_figure(chart, say, ground)
    columns = (
        Column(say(NC_("report", "Pool"))),
        Column(say("Size"), say("Impressions that the pool grants an account without fans.")),
        Column(say("Entered"), say("Videos that reached this pool or a later one.")),
        Column(say("Promoted"), say("Of these, promoted to the next pool.")),
        Column(say("Stopped"), say("Of these, ended in this pool.")),
        Column(say("Still in it"), say("Of these, still in this pool when the run ended.")),
        Column(say("Share promoted"), say("Promoted, of those that were judged, with its 95 % interval.")),
    )
    blocks: list[Block] = [
        Text(
            say(
                "Every video starts in pool 1 and climbs while its rates hold. Bars count videos; dots "
                "are the share promoted of those that were judged, with its {level} % interval: wide "
                "where few were.",
                level=f"{100 * CONFIDENCE:g}",
            ),
            quiet=True,
        ),
        Figure("ladder", say("Pools"), figure),
        Table(say("Pools"), columns, [_rung(rung, say) for rung in chart if rung.entered]),
    ]
    return blocks


def _rung(rung: Rung, say: Say) -> tuple[Cell, ...]:
    share = "–"
    if rung.share is not None:
        interval = span(rung.low, rung.high, "share", say.language)
        share = f"{amount(rung.share, 'share', say.language)} ({interval})"
    counts = (rung.entered, rung.promoted, rung.stopped, rung.running)
    return (
        Cell(say("Pool {number}", number=rung.pool)),
        _count(rung.size, say),
        *(Cell(f"{count:,}") for count in counts),
        Cell(share),
    )


def videos(files: RunFiles, say: Say) -> list[Block]:
    """The videos that were shown most."""
    laddered = files.scenario.platform.model == "pools"
    top = files.tables["videos"].sort("impressions", descending=True, maintain_order=True).head(TOP_VIDEOS)
    own = colours(files)
    start = files.scenario.run.first_hour
    rows = []
    for row in top.iter_rows(named=True):
        hour = start + int(row["published_hour"])
        rows.append(
            (
                Cell(say.account(row["account"]), dot=own.get(row["account"], "")),
                Cell(f"{row['post_number'] + 1}"),
                Cell(f"{say(NC_('report', 'Day {day}'), day=hour // DAY_H + 1)} {hour % DAY_H:02}:00"),
                _count(row["impressions"], say),
                Cell(say.rate(row["completions"], row["impressions"])),
                *(_count(row[key], say) for key in ("likes", "follows", "orders")),
                *([Cell(f"{row['pool']}")] if laddered else []),
                Cell(say.known(REASON, row["stop_reason"])),
            )
        )
    columns = (
        Column(say("Account")),
        Column(say("Post"), say("Which post of the account, from 1.")),
        Column(say("Published"), say("Day of the run, and Beijing time.")),
        Column(say.label("impressions"), say.definition("impressions")),
        Column(RATE["completion"].label(say.language), say("Completions per impression.")),
        Column(say.label("likes")),
        *(Column(say.label(key), say.definition(key)) for key in ("follows", "orders")),
        *([Column(say(NC_("report", "Pool")), say("The last pool it reached."))] if laddered else []),
        Column(say("Ended by"), say("Why it went no further."), words=True),
    )
    note = say(
        "The {count} most shown of {videos}.",
        count=len(rows),
        videos=say.count("video", files.tables["videos"].height),
    )
    return [Text(note, quiet=True), Table(say("Top videos"), columns, rows)]


def _count(value: float, say: Say) -> Cell:
    return Cell(amount(value, "count", say.language), _exact(value))


def money_cell(cny: float, say: Say, like: float | None = None) -> Cell:
    """An amount of money; with the sign of those beside it, where there are any."""
    return Cell(_unit(amount(cny, "money", say.language, like), "money"), _exact(cny))


def _exact(value: float) -> str:
    """A number in full."""
    return f"{value:,.0f}" if value == int(value) else f"{value:,.6g}"


def _unit(text: str, kind: Kind) -> str:
    sign = MINUS if text.startswith(MINUS) else ""
    return f"{sign}¥{text.removeprefix(MINUS)}" if kind == "money" else text
