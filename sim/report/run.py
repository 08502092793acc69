"""What a run's report says: what was simulated, what came of it, and how to get it again.

Takes the files of a run; gives a report. Adds up and divides what the tables count, and no more:
one run has no intervals, and says so.
"""

from collections.abc import Sequence

import polars as pl

from sim.analysis.plan_warnings import plan_warnings
from sim.analysis.race import race_told
from sim.analysis.result_warnings import launched, of_results
from sim.analysis.warned import each_once, from_rows
from sim.charts.hours import hours_chart, hours_figure
from sim.charts.theme import CATEGORIES, PALETTES, Ground
from sim.language.keys import DAY
from sim.language.numbers import amount
from sim.language.words import NC_
from sim.report import risk, tables
from sim.report.basis import SIMULATED, again_facts, assumed, footer, since, spoken_layout, told
from sim.report.folder import RunFiles
from sim.report.panels import account_panels
from sim.report.parts import (
    Block,
    Callout,
    Cell,
    Code,
    Column,
    Figure,
    Fold,
    Report,
    Section,
    Table,
    Terms,
    Text,
)
from sim.report.text import LONGEST, Say, clean

MOST_BANDS = len(CATEGORIES)
"""Accounts with a band of their own in the figure: as many as there are colours."""
DAY_H = 24


def run_report(files: RunFiles, language: str, ground: Ground = "light") -> Report:
    """The report of a run.

    Args:
        files: of a folder that `run --out` wrote.
        language: zh or en.
        ground: that the figures stand on; a file is light.
    """
    say = Say("zh" if language == "zh" else "en")
    run, summary = files.scenario.run, files.summary
    name = clean(files.title or files.scenario.name)
    day, time = run.start.split()
    facts = say(
        "{users} people · {hours} h from {day} {time} · layout: {layout} · seed {seed}",
        users=say.number(summary["users"]),
        hours=int(summary["hours"]),
        day=DAY[day].label(say.language),
        time=time,
        layout=spoken_layout(files.scenario.links.layout, say),
        seed=summary["seed"],
    )
    sections = [
        Section("", [*headline(files, say), Text(say(SIMULATED), quiet=True)]),
        Section(say("Key numbers"), [tables.key_numbers(files, say)]),
        Section(say(NC_("report", "Hour by hour")), by_hour(files, say, ground)),
        Section(say("Funnel"), tables.funnel(files, say)),
        Section(say("By account"), [*tables.by_account(files, say), *account_panels(files, say, ground)]),
        Section(say("By origin"), tables.by_origin(files, say)),
        *(
            [Section(say("Also counted"), [tables.measures(files, say)])]
            if "measures" in files.tables
            else []
        ),
        Section(say("Traffic between accounts"), tables.links(files, say)),
        *([Section(say("Enforcement"), risky)] if (risky := risk.of_run(files.summary, say)) else []),
        Section(say("Pools"), tables.ladder(files, say, ground)),
        Section(say("Top videos"), tables.videos(files, say)),
        Section(
            say(NC_("report", "What this rests on")),
            [
                *told([files.scenario], say),
                *since(files.later, say),
                assumed([files.scenario], say, files.later),
            ],
        ),
        Section(say("Get it again"), _again(files, say)),
    ]
    sections.insert(-2, Section(say("What the columns mean"), [_terms(sections)]))
    return Report(
        say.language,
        say("Report of a run: {name}", name=name),
        facts,
        sections,
        footer(files.provenance, say),
    )


def headline(files: RunFiles, say: Say) -> list[Block]:
    """What came of it in one sentence, what was done in a few, and how little one run says."""
    summary, accounts = files.summary, files.tables["accounts"]
    published = files.tables["videos"]
    gist = say(
        "It reached {reach} people, {share} of the audience, won {follows} and brought {orders}.",
        reach=say.number(summary["reach"]),
        share=say.rate(summary["reach"], summary["users"]),
        follows=say.count("follow", summary.get("new_fans", summary["follows"])),
        orders=say.count("order", summary["orders"]),
    )
    lines = [
        say(
            "{accounts} published {videos} in {days} for an audience of {users} people.",
            accounts=say.count("account", accounts.filter(pl.col("posts") > 0).height),
            videos=say.count("video", published.height),
            days=_days(summary["hours"], say),
            users=say.number(summary["users"]),
        ),
        say(
            "They were shown {impressions} times, which led to {visits}; {unfollows} followers left again.",
            impressions=say.number(summary["impressions"]),
            visits=say.count("visit", summary["visits"]),
            unfollows=say.number(summary["unfollows"]),
        ),
    ]
    if published.height and summary.get("hit_mark") is not None:
        top = published.sort("impressions", descending=True, maintain_order=True).row(0, named=True)
        account = say.account(top["account"], LONGEST)
        facts = {
            "mark": say.number(summary["hit_mark"]),
            "video": say("post {number} of {account}", number=top["post_number"] + 1, account=account),
            "impressions": say.number(top["impressions"]),
        }
        hits = int(summary["hit_videos"])
        lines.append(
            say(
                "{videos} passed {mark} impressions and count as hits; the most shown one, {video}, "
                "had {impressions}.",
                videos=say.count("video", hits),
                **facts,
            )
            if hits
            else say(
                "No video passed {mark} impressions, the mark of a hit; the most shown one, {video}, "
                "had {impressions}.",
                **facts,
            )
        )
    gmv = say.number(summary["gmv_cny"], "money")
    if summary["roi"] is None:
        lines.append(say("Nothing was spent, so ROI has no value; GMV {gmv} CNY.", gmv=gmv))
    else:
        roi = amount(summary["roi"], "ratio", say.language)
        lines.append(
            say(
                "Cost {cost} CNY, GMV {gmv} CNY, ROI {roi}.",
                cost=say.number(summary["cost_cny"], "money"),
                gmv=gmv,
                roi=roi,
            )
        )
    gap = "" if say.language == "zh" else " "
    accent = PALETTES["light"].accent
    rows = [
        *plan_warnings(files.scenario),
        *from_rows(files.summary.get("warnings", ())),
        *(of_results([launched(files.scenario, [summary])]) if "new_fans" in summary else ()),
    ]
    texts = [race_told(summary, say.language), *each_once(rows, say.language)]
    warned = [Text(clean(text, 2000)) for text in texts if text]
    return [
        Callout(gist, accent),
        Text(gap.join(lines)),
        *warned,
        Callout(
            say(
                "One run is one draw of luck. With another seed the same plan gives other numbers, and other "
                "videos become hits. Read here how the traffic moved; whether one layout or mix is better "
                "than another takes a comparison over many seeds (matrixsim compare)."
            )
        ),
    ]


def by_hour(files: RunFiles, say: Say, ground: Ground) -> list[Block]:
    """Impressions over time by account, as the main picture."""
    hours = int(files.summary["hours"])
    counts = files.tables["hourly"].group_by("account", "hour").agg(pl.col("impressions").sum())
    totals = counts.group_by("account").agg(pl.col("impressions").sum())
    shown = {name: total for name, total in totals.iter_rows() if total}
    own, hue = tables.colours(files), PALETTES[ground]
    ranked = sorted((name for name in shown if name in own), key=lambda name: (-shown[name], name))
    named = [name for name in own if name in ranked[:MOST_BANDS]]
    bands = [(say.account(name, LONGEST // 2), own[name], _series(counts, [name], hours)) for name in named]
    creators = set(files.tables["accounts"].filter(role="creator")["account"]) - set(named)
    rest = [name for name in shown if name not in named and name not in creators]
    paid = [name for name in shown if name in creators]
    if rest:
        bands.append(
            (say("Other accounts ({count})", count=len(rest)), hue.muted, _series(counts, rest, hours))
        )
    if paid:
        bands.append((say("Creators ({count})", count=len(paid)), hue.line, _series(counts, paid, hours)))
    chart = hours_chart(bands, hours, say(NC_("report", "Day {day}"), day="{day}"), say.language)
    hover = say("{impressions} impressions", impressions="{impressions}")
    figure = hours_figure(chart, hover, say.language, ground)
    return [
        Text(
            say(
                "Impressions in every {step} h, by the account on which they were made.", step=chart.step_h
            ).replace("every 1 h", "every hour"),
            quiet=True,
        ),
        Figure("hours", say(NC_("report", "Hour by hour")), figure),
    ]


def _series(counts: pl.DataFrame, accounts: Sequence[str], hours: int) -> list[int]:
    """Impressions of some accounts together, by hour."""
    found = [0] * hours
    mine = counts.filter(pl.col("account").is_in(list(accounts)))
    for hour, number in mine.select("hour", "impressions").iter_rows():
        found[hour] += number
    return found


def _again(files: RunFiles, say: Say) -> list[Block]:
    summary, seed = files.summary, int(files.summary["seed"])
    facts = {
        say("Digest of the result"): summary["digest"],
        say("Seed"): str(seed),
        say("Engine"): str(summary.get("engine", "")),
        **again_facts(files.provenance, say),
    }
    rows = [(Cell(name), Cell(clean(text) or say("not recorded"))) for name, text in facts.items()]
    gain = "" if summary.get("matrix_gain") is None else " --gain"
    return [
        Text(
            say(
                "With scenario.toml of this run beside you (its text is below) and the same rules "
                "version, this gives the same digest:"
            )
        ),
        Code(f"matrixsim run scenario.toml --seed {seed}{gain}"),
        Table(say("Get it again"), (Column(""), Column("", words=True)), rows),
        Fold(say("The scenario, complete (scenario.toml)"), [Code(files.scenario_toml)], on_paper=False),
    ]


def _terms(sections: Sequence[Section]) -> Terms:
    """What the columns of all tables mean, each once."""
    blocks = [block for section in sections for block in section.blocks]
    columns = [column for block in blocks if isinstance(block, Table) for column in block.columns]
    found = {column.title: column.meaning for column in columns if column.meaning}
    return Terms(tuple(found.items()))


def _days(hours: float, say: Say) -> str:
    return say.count("day", round(hours / DAY_H, 1))
