"""The result of the benchmarks: its keys, its tables, its block in the docs.

Takes what the parts found; gives one dictionary with every key of the contract (null where
a part did not run) and tables that the terminal and the documentation share.
"""

from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from sim import storage

KEYS = (
    "impressions_per_second", "ceiling_share", "thread_speedup", "flatness_1e7", "flatness_1e8",
    "campaign_over_dense", "sparse_seconds", "vs_mesa", "vs_numpy", "bytes_per_user", "import_seconds",
    "first_run_seconds", "second_run_seconds", "machine",
)  # fmt: skip
"""Keys that others rely on; `plan` and `details` come on top."""
WISHES = {
    "ceiling_share": (">=", 0.6, "whole model on one thread over the barest loop, dense"),
    "thread_speedup": (">=", 1.8, "two threads over one, dense"),
    "flatness_1e7": (">=", 0.8, "dense throughput at 10⁷ people over that at 10⁵"),
    "flatness_1e8": (">=", 0.7, "the same at 10⁸"),
    "campaign_over_dense": (
        "<=",
        2.0,
        "an impression of the campaign over one of the dense world, one thread",
    ),
    "vs_mesa": (">=", 100.0, "our whole model over Mesa, feed, one thread"),
    "vs_numpy": (">=", 2.5, "our whole model over vectorised NumPy, feed, one thread"),
    "bytes_per_user": ("<=", 120.0, "peak memory over people, beauty scenario"),
    "import_seconds": ("<=", 0.3, "`import sim`, beyond the interpreter's own start"),
    "first_run_seconds": ("<=", 20.0, "classroom, compile included"),
    "second_run_seconds": ("<=", 2.0, "classroom again"),
}
BEGIN, END = "<!-- benchmarks: begin -->", "<!-- benchmarks: end -->"


class Table(NamedTuple):
    """A table as text."""

    title: str
    head: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


def merged(parts: list[dict[str, Any]], machine: dict[str, Any], plan: str) -> dict[str, Any]:
    """One result with every key, from what the parts found."""
    result: dict[str, Any] = dict.fromkeys(KEYS) | {"plan": plan, "details": {}}
    for part in parts:
        details = part.pop("details", {})
        result |= part
        result["details"] |= details
    return result | {"machine": machine}


def tables(result: dict[str, Any]) -> list[Table]:
    """Every table of a result; those of parts that did not run are left out."""
    details = result["details"]
    found = [_wishes(result)]
    if "dense" in details:
        found += [
            _dense(result, details["dense"]),
            *(
                _stages(f"Dense, {threads} thread(s): stages of a run", stages)
                for threads, stages in details["dense"]["stages"].items()
            ),
        ]
    if "growth" in details:
        found.append(_growth(details["growth"]))
    if "campaign" in details:
        found += _campaign(details["campaign"])
    if "sparse" in details:
        found += [
            _sparse(result, details["sparse"]),
            _stages("Sparse: stages of a run", details["sparse"]["stages"]),
        ]
    if "peers" in details:
        found += [
            _sides("Feed: impressions a second, one thread", details["peers"]),
            _responses(details["peers"]),
        ]
    if "cascade" in details:
        found.append(_sides("Sharing cascade: edges tried a second, one thread", details["cascade"]))
    if "sweep" in details:
        found.append(_sweep(details["sweep"]))
    if "app" in details:
        found.append(_app(details["app"]))
    if "peers" in details or "cascade" in details:
        found.append(_work({**details.get("peers", {}), **details.get("cascade", {})}, details.get("dense")))
    return found


def _wishes(result: dict[str, Any]) -> Table:
    rows = []
    for key, (sign, wish, meaning) in WISHES.items():
        value = result[key]
        if value is None:
            verdict = "not measured"
        else:
            verdict = "yes" if (value >= wish if sign == ">=" else value <= wish) else "no"
        rows.append((key, _number(value), f"{sign} {wish:g}", verdict, meaning))
    return Table(f"Result ({result['plan']})", ("key", "value", "wished", "met", "what it is"), rows)


def _dense(result: dict[str, Any], details: dict[str, Any]) -> Table:
    rows = []
    for users, rates in result["impressions_per_second"].items():
        limit = details["ceiling"].get(users)
        share = f"{rates['1'] / limit:.1%}" if limit and "1" in rates else ""
        spread = [r / 1e6 for r in details["rounds"].get(users, {}).get("1", [])]
        rows.append(
            (
                _people(users),
                _count(details["impressions"].get(users)),
                _rate(rates.get("1")),
                f"{min(spread):.2f} - {max(spread):.2f} M" if len(spread) > 1 else "",
                _rate(rates.get("2")),
                f"{rates['2'] / rates['1']:.2f} x" if {"1", "2"} <= set(rates) else "",
                _rate(limit),
                share,
            )
        )
    rows += [
        (_people(name.split(" ")[0]), "", f"skipped: {why}", "", "", "", "", "")
        for name, why in details["skipped"].items()
    ]
    head = (
        "people",
        "impressions",
        "a second, 1 thread",
        "its rounds",
        "2 threads",
        "2 over 1",
        "ceiling",
        "share of it",
    )
    return Table(f"Dense: {details['accounts']} accounts, {details['hours']} hours, whole model", head, rows)


def _sparse(result: dict[str, Any], details: dict[str, Any]) -> Table:
    rows = [
        (
            _people(users),
            str(details["hours"][users]),
            _count(details["impressions"][users]),
            f"{seconds:.2f}",
            f"{details['peak_bytes'][users] / 2**30:.1f} GiB" if users in details["peak_bytes"] else "",
        )
        for users, seconds in result["sparse_seconds"].items()
    ]
    rows += [(_people(users), "", "", f"skipped: {why}", "") for users, why in details["skipped"].items()]
    head = ("people", "hours", "impressions", "seconds", "peak memory")
    return Table(f"Sparse: beauty scenario on {details['threads']} threads", head, rows)


def _growth(details: dict[str, Any]) -> Table:
    rows = [
        (
            *(f"{row[name]:,}" for name in ("hours", "accounts", "posts")),
            _count(row["impressions"]),
            f"{row['seconds']:.3f}",
            f"{row['seconds'] / row['impressions'] * 1e9:.0f}",
            f"{1 - row['stages']['users respond'] / sum(row['stages'].values()):.0%}",
        )
        for row in details["rows"]
    ]
    head = (
        "hours",
        "accounts",
        "posts a day",
        "impressions",
        "seconds",
        "ns an impression",
        "beside *users respond*",
    )
    return Table(
        f"Dense, {details['users']:,} people, one thread: as hours, accounts and posts grow", head, rows
    )


def _campaign(details: dict[str, Any]) -> list[Table]:
    rows = [
        (
            side,
            _count(row["impressions"]),
            f"{median(row['ns']):.0f}",
            f"{min(row['ns']):.0f} - {max(row['ns']):.0f}",
        )
        for side, row in details["rows"].items()
    ]
    ns = {
        side: {name: seconds / details["rows"][side]["impressions"] * 1e9 for name, seconds in stages.items()}
        for side, stages in details["stages"].items()
    }
    names = list(dict.fromkeys(name for stages in ns.values() for name in stages))
    title = f"Campaign, {details['users']:,} people, beside the dense world"
    return [
        Table(title, ("world", "impressions", "ns an impression", "rounds"), rows),
        Table(
            "Campaign: ns an impression by stage",
            ("stage", *ns),
            [(name, *(f"{stages[name]:.2f}" for stages in ns.values())) for name in names],
        ),
    ]


def _stages(title: str, stages: dict[str, dict[str, float]]) -> Table:
    names = list(dict.fromkeys(name for seconds in stages.values() for name in seconds))
    totals = {users: sum(seconds.values()) for users, seconds in stages.items()}
    rows = [
        (name, *(_part(stages[users].get(name, 0.0), totals[users]) for users in stages)) for name in names
    ]
    return Table(title, ("stage", *(_people(users) for users in stages)), rows)


def _sides(title: str, rows: dict[str, Any]) -> Table:
    lines = []
    for peer, row in rows.items():
        if "skipped" in row:
            lines.append((peer, "", "", "", "", row["skipped"]))
            continue
        ratio = row["no_ratio_because"] or f"{row['ratio']:g} x"
        lines.append(
            (
                f"{peer} {row['version']}",
                _people(str(row["users"])),
                str(row["rounds"]),
                _rate(row["per_second"]["theirs"]),
                _rate(row["per_second"]["ours"]),
                ratio,
            )
        )
    return Table(title, ("peer", "people", "rounds", "theirs", "ours", "ours over theirs"), lines)


def _sweep(row: dict[str, Any]) -> Table:
    head = (
        "runs",
        "sweep",
        "two bare processes",
        "efficiency",
        "overhead a run",
        "rows",
        "question over them",
    )
    seconds = row["seconds"]
    line = (
        f"{row['runs']:,}",
        f"{seconds['sweep']:.2f} s",
        f"{seconds['bare']:.2f} s",
        f"{row['efficiency']:.2f}",
        f"{row['overhead_ms_a_run']:.1f} ms",
        f"{row['rows']:,}",
        f"{row['query_seconds']:.2f} s",
    )
    return Table("Sweep on two processes, and its store", head, [line])


def _app(row: dict[str, Any]) -> Table:
    head = ("what", "people", "variants", "seeds", "times", "first answer", "slowest", "all seeds", "slowest")
    lines = [_waits("a control changed", {**row, "variants": row["layouts"]})]
    if "edited" in row:
        lines.append(_waits(f"an edited plan, nothing kept, {row['edited']['hours']} h", row["edited"]))
    return Table("Browser app: answers on Compare, for one user of a warm server", head, lines)


def _waits(what: str, row: dict[str, Any]) -> tuple[str, ...]:
    return (
        what,
        _people(str(row["users"])),
        str(row["variants"]),
        str(row["seeds"]),
        str(len(row["first_seconds"])),
        f"{median(row['first_seconds']):.2f} s",
        f"{max(row['first_seconds']):.2f} s",
        f"{median(row['full_seconds']):.2f} s",
        f"{max(row['full_seconds']):.2f} s",
    )


def _responses(rows: dict[str, Any]) -> Table:
    lines = [
        (
            f"{peer}: {side}",
            f"{row['impressions'][side]:,}",
            *(f"{rate:.3%}" for rate in row["rates"][side].values()),
        )
        for peer, row in rows.items()
        if "rates" in row
        for side in ("theirs", "ours")
    ]
    head = ("side", "impressions", "completion", "like", "comment", "share", "follow")
    return Table("Feed: how people responded, first round", head, lines)


def _work(rows: dict[str, Any], dense: dict[str, Any] | None) -> Table:
    lines = [
        (peer, row["work"]["theirs"], row["work"]["ours"]) for peer, row in rows.items() if "work" in row
    ]
    if dense:
        lines.append(("ceiling", dense["ceiling_work"], ""))
    return Table("Work per event", ("peer", "theirs", "ours"), lines)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.4g}"


def _rate(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value / 1e6:.2f} M" if value >= 1e5 else f"{value / 1e6:.4f} M"


def _count(value: int | None) -> str:
    if value is None:
        return ""
    return f"{value / 1e6:.1f} M" if value >= 1e6 else f"{value / 1e3:.1f} K"


def _people(users: str) -> str:
    return f"{int(users):,}"


def _part(seconds: float, total: float) -> str:
    return f"{seconds:.3f} s ({seconds / total:.0%})" if total else ""


def printed(result: dict[str, Any]) -> None:
    """Prints the tables."""
    from rich.console import Console
    from rich.table import Table as Drawn

    console = Console()
    for table in tables(result):
        drawn = Drawn(title=table.title, title_justify="left")
        for column in table.head:
            drawn.add_column(column)
        for row in table.rows:
            drawn.add_row(*row)
        console.print(drawn)
    console.print(machine_line(result["machine"]))


def machine_line(machine: dict[str, Any]) -> str:
    """The machine in one sentence."""
    packages = ", ".join(f"{name} {number}" for name, number in machine["packages"].items())
    return (
        f"{machine['processor']}, {machine['cores']} cores, {machine['free_gib']} GiB free, Python {machine['python']}, "
        f"{packages}; load {machine['load_before'][0]} before and {machine.get('load_after', ['?'])[0]} after."
    )


def markdown(result: dict[str, Any]) -> str:
    """The tables as they stand in the docs."""
    parts = [
        f"Written by `python -m benchmarks --docs` ({result['plan']} plan). {machine_line(result['machine'])}"
    ]
    for table in tables(result):
        lines = [f"**{table.title}**", ""]
        rows = (table.head, ("---",) * len(table.head), *table.rows)
        lines += ["| " + " | ".join(cell.replace("|", "/") for cell in row) + " |" for row in rows]
        parts.append("\n".join(lines))
    return "\n\n".join(parts)


def into_docs(result: dict[str, Any], page: Path) -> None:
    """Replaces the block between the markers of a page."""
    text = page.read_text("utf-8")
    before, rest = text.split(BEGIN, 1)
    _, after = rest.split(END, 1)
    storage.write_text(page, f"{before}{BEGIN}\n\n{markdown(result)}\n\n{END}{after}")
