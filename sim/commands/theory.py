"""`matrixsim theory`: what arithmetic alone says about a scenario, without running it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.commands.options import Asked, ScenarioFile, spread
from sim.commands.progress import saying_what_is_kept
from sim.commands.tables import grouped, print_json, print_table
from sim.errors import Phrase
from sim.experiment.forecast import ladder_of
from sim.language.entry import Entry
from sim.language.vocabulary import ORIGIN, PAGE_ORIGINS, QUANTITIES
from sim.language.words import N_, NC_, Words
from sim.language.words import Language as Tongue

if TYPE_CHECKING:
    from sim.analysis.ladder import Ladder
    from sim.scenario.schema import Scenario

ACCOUNTS = (
    N_("account"),
    NC_("table", "posts"),
    QUANTITIES["impressions"],
    N_("entries"),
    QUANTITIES["visits"],
    N_("visits per entry"),
)
LINKS = (N_("link"), N_("channel"), QUANTITIES["visits"], N_("main's visits"), QUANTITIES["follows"])
LADDER = (
    N_("pool"),
    QUANTITIES["impressions"],
    N_("pass mark"),
    N_("median: promoted"),
    N_("median: reached"),
    N_("any: reached"),
)
"""Heads of the tables: of a count its name."""
LEFT_OUT = {"paid": N_("boosts"), "topic": N_("topic heat"), "race": N_("the race")}
"""What the closed forms do not know, beside kinds of link."""
AT_MEAN = {
    "luck": N_("The luck of new accounts stands at its mean, 1."),
    "heat": N_("The heat of accounts stands at its mean, 1."),
    "scatter": N_("That the feed scatters posts of one account is left out."),
}
"""What varies in a run and does not here."""


@spread
def theory(
    scenario: ScenarioFile,
    asked: Asked,
    top: Annotated[int, typer.Option("--top", metavar="N", min=1, help="Most valuable links to name.")] = 10,
) -> None:
    """Work out expected visits, the most valuable links and the odds of promotion, without a run."""
    plan = asked.opened(scenario)
    with saying_what_is_kept(lambda: Phrase("the closed forms were not done, and nothing of them is kept")):
        found = closed_forms(plan, top)
    if asked.as_json:
        print_json(found)
    else:
        _print(found, asked.spoken)


def closed_forms(scenario: "Scenario", top: int | None = None) -> dict[str, Any]:
    """Expected visits, link values and promotion odds of a scenario.

    Args:
        scenario: any.
        top: most valuable links to keep; all if left out.
    Returns:
        What `matrixsim theory --json` prints: accounts, flow, links, ladder.
    Raises:
        UsageError: visitors would walk in circles for ever.
    Source: `analysis.flow_matrix` and `analysis.ladder`.
    """
    from sim.analysis.flow_matrix import link_flow, link_values, visits
    from sim.analysis.prospects import prospects
    from sim.errors import UsageError

    flow, ladder = link_flow(scenario), ladder_of(scenario)
    given = flow.attention
    expected = prospects(scenario, ladder, given.accounts, given.posts, given.people)
    entries = expected.visits + expected.impressions @ flow.mention.visits
    try:
        walk = visits(flow.P, entries)
    except ValueError as error:
        raise UsageError(
            "links.following_list_probability: nobody would ever leave pages that link back to each other;"
            " allowed: less than 1 with this layout"
        ) from error
    values = link_values(flow, expected.visits, expected.impressions)
    return {
        "name": scenario.name,
        "layout": scenario.links.layout,
        "hours": scenario.run.hours,
        "feed_share": _short(expected.feed_share),
        "entries": _short(entries.sum()),
        "visits": _short(walk.visits.sum()),
        "multiplier": _short(walk.multiplier),
        "spectral_radius": _short(walk.radius),
        "accounts": [
            {
                "account": row.id,
                "role": row.role,
                "posts": int(expected.posts[k]),
                "impressions": _short(expected.impressions[k]),
                "entries": _short(entries[k]),
                "visits": _short(walk.visits[k]),
                "visits_per_entry": _short(walk.per_entry[k]),
            }
            for k, row in enumerate(given.accounts.rows)
        ],
        "links": [
            {
                "from": value.source,
                "to": value.target,
                "channel": value.channel,
                "visits": _short(value.visits),
                "main_visits": _short(value.main_visits),
                "follows": _short(value.follows),
                "main_follows": _short(value.main_follows),
            }
            for value in values[:top]
        ],
        "left_out": _left_out(scenario),
        "at_mean": _at_mean(scenario),
        "ladder": _ladder_rows(scenario, ladder, expected.main_start),
    }


def _left_out(scenario: "Scenario") -> list[str]:
    """Channels and origins of the scenario that the closed form does not know."""
    from sim.scenario.layouts import link_counts

    found = [c for c in link_counts(scenario).channels if c not in PAGE_ORIGINS]
    found += ["paid"] if any(boost.budget_cny for boost in scenario.paid.boosts) else []
    found += ["race"] if scenario.structure.kind == "race" else []
    return found + (["topic"] if scenario.topics.heat else [])


def _at_mean(scenario: "Scenario") -> list[str]:
    """Forces of the scenario that are no part of the expectation: it has their mean factor, 1."""
    from sim.scenario.structures import all_accounts

    platform = scenario.platform
    new = any(account.fans == 0 for account in all_accounts(scenario) if account.role != "creator")
    forces = {
        "luck": new and platform.account_luck_sd > 0,
        "heat": platform.account_heat_sd > 0,
        "scatter": platform.author_decay < 1,
    }
    return [name for name, acts in forces.items() if acts]


def _ladder_rows(scenario: "Scenario", ladder: "Ladder", start: float) -> dict[str, Any]:
    """The main account's way up: its median video, and any video over the luck of its content.

    Args:
        scenario: any.
        ladder: its numbers.
        start: factor on the first exposure of the account's posts.
    """
    from sim.analysis.ladder import First, climb, first_pool, hit_probability, seen_rates
    from sim.analysis.viewers import luck, median_rates, viewers
    from sim.platform.hits import hit_mark
    from sim.rules.hits import AGE_H
    from sim.rules.pools import SCORED
    from sim.world.accounts import build_accounts

    accounts = build_accounts(scenario)
    people, main = viewers(scenario, accounts), accounts.rows[0]
    median = median_rates(scenario, main)
    whole, hours = first_pool(scenario, ladder, main), scenario.run.hours
    first = First(whole.size * start, whole.recommended * start)
    ways = [
        climb(ladder, first, seen_rates(scenario, people, accounts, 0, 0, rates)[:, :SCORED])
        for rates in (median[None], median * luck(scenario))
    ]
    age = hours if scenario.platform.hit_impressions else min(hours, AGE_H)
    hits = [hit_probability(ladder, way, hit_mark(scenario), age).mean() for way in ways]
    return {
        "account": main.id,
        "pools": [
            {
                "pool": k + 1,
                "impressions": int(size),
                "mark": _short(ladder.marks[k]),
                "median_passes": _short(ways[0].passes[0, k]),
                "median_reaches": _short(ways[0].reach[0, k]),
                "reaches": _short(ways[1].reach[:, k].mean()),
            }
            for k, size in enumerate(ladder.sizes)
        ],
        "median_pools": _short(ways[0].pools[0]),
        "median_hit_probability": _short(hits[0]),
        "pools_mean": _short(ways[1].pools.mean()),
        "hit_probability": _short(hits[1]),
    }


def _print(found: dict[str, Any], language: Tongue) -> None:
    from sim.scenario.names import account_names

    words = Words(language)
    names = account_names(tuple(row["account"] for row in found["accounts"]), language)
    keys = ("posts", "impressions", "entries", "visits")
    print_table(
        _heads(ACCOUNTS, words),
        [
            [
                names[row["account"]],
                *(grouped(_whole(row[key])) for key in keys),
                f"{row['visits_per_entry']:.3f}",
            ]
            for row in found["accounts"]
        ],
    )
    whole = {key: grouped(_whole(found[key])) for key in ("entries", "visits")}
    typer.echo(
        words(
            "{entries} visits from feed and captions become {visits} over the links: ×{multiplier:.3f} "
            "(spectral radius {radius:.3f}).",
            **whole,
            multiplier=found["multiplier"],
            radius=found["spectral_radius"],
        )
    )
    if found["feed_share"] > 1:
        typer.echo(
            words(
                "The feed has slots for {share:.0%} of what the videos ask for; impressions are scaled.",
                share=1 / found["feed_share"],
            )
        )
    typer.echo()
    if found["links"]:
        typer.echo(
            words(
                "What would be lost without a link (its attention goes to the rest of the list), top {top}:",
                top=len(found["links"]),
            )
        )
        print_table(
            _heads(LINKS, words),
            [
                [
                    f"{names[row['from']]} → {names[row['to']]}",
                    ORIGIN[row["channel"]].link(language),
                    *(grouped(row[key]) for key in ("visits", "main_visits", "follows")),
                ]
                for row in found["links"]
            ],
        )
    else:
        typer.echo(words("No links: every visit ends where it began."))
    if found["left_out"]:
        left_out = words.listed(
            words(LEFT_OUT[c]) if c in LEFT_OUT else ORIGIN[c].link(language) for c in found["left_out"]
        )
        typer.echo(
            words(
                "Left out here, where only lists and @ are counted: {channels}.",
                channels=left_out,
            )
        )
    typer.echo()
    ladder = found["ladder"]
    print_table(
        _heads(LADDER, words),
        [
            [
                str(row["pool"]),
                grouped(row["impressions"]),
                f"{row['mark']:.2f}",
                *(f"{row[key]:.2%}" for key in ("median_passes", "median_reaches", "reaches")),
            ]
            for row in ladder["pools"]
        ],
    )
    typer.echo(
        words(
            "Main account: its median video sees {median:.2f} pools on average and is a hit with "
            "{median_hit:.1%}; any of its videos, {any:.2f} pools and {any_hit:.1%}.",
            median=ladder["median_pools"],
            median_hit=ladder["median_hit_probability"],
            any=ladder["pools_mean"],
            any_hit=ladder["hit_probability"],
        )
    )
    typer.echo(
        words("Expected by the end of the run, from the scenario alone; runs spread widely around it.")
    )
    for force in found["at_mean"]:
        typer.echo(words(AT_MEAN[force]))


def _heads(heads: Sequence[str | Entry], words: Words) -> tuple[str, ...]:
    return tuple(head.said(words.language) if isinstance(head, Entry) else words(head) for head in heads)


SMALL = 10
"""Expected counts below this keep their decimals: 0.4 visits are not none (chosen)."""


def _short(number: float) -> float:
    """Six significant digits: more would claim what a closed form cannot know; no minus before 0."""
    return float(f"{number:.6g}") + 0.0


def _whole(number: float) -> float:
    """A count as people read it: whole, unless it is small."""
    return round(number) if number >= SMALL else number
