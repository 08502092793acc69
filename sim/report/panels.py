"""Every account of a run beside the others: its funnel and its days, as small pictures (E1).

Takes the files of a run; gives blocks of a report. Adds up what the tables count, and no more.
"""

import polars as pl

from sim.charts.carried import by_day, days_of
from sim.charts.panels import days_figure, funnels_figure, panels
from sim.charts.theme import PALETTES, Ground
from sim.language.words import NC_
from sim.report.folder import RunFiles
from sim.report.parts import Block, Figure, Fold, Text
from sim.report.tables import MOST_ACCOUNTS, STAGES, colours
from sim.report.text import LONGEST, Say


def account_panels(files: RunFiles, say: Say, ground: Ground) -> list[Block]:
    """The fold of them; nothing where one account did it all."""
    shown = _groups(files, say, ground)
    if len(shown) < 2:  # noqa: PLR2004  one needs no others beside it
        return []
    hourly, start = files.tables["hourly"], files.scenario.run.first_hour
    days = days_of(int(files.summary["hours"]), start)
    mine = [(name, hue, hourly.filter(pl.col("account").is_in(accounts))) for name, hue, accounts in shown]
    funnels = panels([(name, hue, [int(own[key].sum()) for key in STAGES]) for name, hue, own in mine])
    daily = panels([(name, hue, by_day(own, "impressions", days, start)) for name, hue, own in mine])
    stages = [say.label(key) for key in STAGES]
    title = say("Funnel by account")
    return [
        Fold(
            title,
            [
                Text(
                    say(
                        "All on one scale of powers of ten: each count, and its share of the account's "
                        "impressions. People who met several accounts count with each."
                    ),
                    quiet=True,
                ),
                Figure("funnels", title, funnels_figure(funnels, stages, say.language, ground)),
            ],
        ),
        Fold(
            say("Days by account"),
            [
                Text(say("Impressions of each day, on one scale."), quiet=True),
                Figure(
                    "days",
                    say("Days by account"),
                    days_figure(daily, say(NC_("report", "Day {day}"), day="{day}"), say.language, ground),
                ),
            ],
        ),
    ]


def _groups(files: RunFiles, say: Say, ground: Ground) -> list[tuple[str, str, list[str]]]:
    """Name, colour and accounts: the brand's one by one, of many the most shown; then all other ones."""
    accounts, own, palette = files.tables["accounts"], colours(files), PALETTES[ground]
    live = accounts.filter(pl.col("impressions") > 0)
    brand = live.filter(pl.col("role") != "creator")["account"].to_list()
    most = live.sort("impressions", descending=True, maintain_order=True)["account"].to_list()
    named = [name for name in most if name in brand][:MOST_ACCOUNTS]
    found = [
        (say.account(name, LONGEST), own.get(name, palette.muted), [name]) for name in brand if name in named
    ]
    rest = [name for name in brand if name not in named]
    paid = live.filter(role="creator")["account"].to_list()
    if rest:
        found.append((say("Other accounts ({count})", count=len(rest)), palette.muted, rest))
    if paid:
        found.append((say("Creators ({count})", count=len(paid)), palette.muted, paid))
    return found
