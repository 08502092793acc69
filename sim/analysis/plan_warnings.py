"""What a plan should be told about before anybody trusts its figures: money left, posts that come too late.

Takes a scenario; gives rows as `warnings` of comparison.json has them. A plan's cost is that of every
creator it books: one whose post falls after the end of the run is paid and shows nothing, which is
said here and nowhere hidden in a figure. Does not run anything.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Literal

from sim.analysis.named import structure_name
from sim.analysis.warned import Warned, each_once, warned
from sim.language.names import TIER
from sim.language.numbers import to_the_fen
from sim.language.words import N_, Words, begun
from sim.scenario.campaign import ACCOUNTS, CREATORS
from sim.scenario.creators import Candidate
from sim.scenario.layouts import canonical_accounts
from sim.scenario.matrix import MOST_CREATORS, TIERS, Account, TierName
from sim.scenario.names import account_names
from sim.scenario.notes import readable
from sim.scenario.schema import Scenario
from sim.scenario.seeding import seeding_cost_cny
from sim.scenario.structures import kind_of, left_out, posts_a_day, used, written_as

Rest = Literal[
    "", "ceiling", "indivisible", "other_tiers", "free", "supply", "bound", "not_asked", "not_better"
]
"""Why money is left: none is; a run holds no more creators; nobody costs so little; only tiers that the mix
does not hold do; its creators cost nothing; nobody is left to book; a bound of the search ends it; the mix
asks for no more though it could have them; the search found none of the dearer mixes better."""
_ROUNDING = 1e-9
LEAST_CNY = 0.01
"""Money below which nothing is left."""
NAMED = 5
"""Accounts named in a sentence (chosen)."""
MOST_POSTS_A_DAY = 4.0
"""Posts a day and account beyond which there is hardly any data: 63 measured posts stand on such days."""
SHORTEST_H = 672
"""Hours from which structures can be judged: new accounts take weeks, and accounts cost by the month."""


def plan_warnings(scenario: Scenario, variant: str | None = None) -> tuple[Warned, ...]:
    """Everything that a plan should be told about, without running it."""
    found = (
        budget_unspent(scenario, variant),
        *posts_after_end(scenario, variant),
        posts_beyond_data(scenario, variant),
        short_for_structure(scenario, variant),
        fans_left_aside(scenario, variant),
        same_content_risk(scenario, variant),
    )
    return tuple(row for row in found if row is not None)


def of_variants(plans: Mapping[str, Scenario]) -> tuple[Warned, ...]:
    """The same of several plans by name: once, about none in particular, where it holds for all of them."""
    return shared_by([row for name, plan in plans.items() for row in plan_warnings(plan, name)], len(plans))


def shared_by(given: Iterable[Warned], variants: int) -> tuple[Warned, ...]:
    """Warnings of so many variants: one that holds for all of them once, about none in particular."""
    rows = list(given)
    about = {text: [row for row in rows if row.text_en == text] for text in each_once(rows, "en")}
    found: list[Warned] = []
    for same in about.values():
        whose = dict.fromkeys(row.variant for row in same)  # a plan may say the same of two boosts
        found += [same[0]._replace(variant=name) for name in ([None] if len(whose) == variants else whose)]
    return tuple(found)


def booked_and_silent(scenario: Scenario) -> tuple[int, int]:
    """Creators of [seeding], and those among them whose post falls after the end of the run.

    Those of a campaign post in its waves, which begin before the end.
    """
    booked, window, hours = scenario.seeding.booked, scenario.seeding.window_h, scenario.run.hours
    waves = scenario.campaign.waves_for
    alone = tuple(row for row in booked if not waves(row.id, row.tier, CREATORS)) if window > hours else ()
    return len(booked), _silent(alone, window, hours)


def posts_after_end(scenario: Scenario, variant: str | None = None) -> list[Warned]:
    """The creators and the accounts that never post, because the run ends before."""
    hours, found = scenario.run.hours, []
    booked, silent = booked_and_silent(scenario)
    if silent:
        found.append(
            warned(
                "posts_after_end",
                variant,
                lambda words: words(
                    "{silent:,} of {booked:,} creators post after the end of the run: they are paid and "
                    "reach nobody (seeding.window_h = {window}, run.hours = {hours}).",
                    silent=silent, booked=booked, window=scenario.seeding.window_h, hours=hours,
                ),
            )
        )  # fmt: skip
    late = [account.id for account in canonical_accounts(scenario) if _never_posts(scenario, account)]
    if late:
        found.append(
            warned(
                "posts_after_end",
                variant,
                lambda words: words(
                    "The first post falls after the end of the run (run.hours = {hours}), so these never "
                    "post: {names}.",
                    hours=hours, names=_listed(late, words),
                ),
            )
        )  # fmt: skip
    return found


def posts_beyond_data(scenario: Scenario, variant: str | None = None) -> Warned | None:
    """The accounts that post more often than what the model rests on has seen."""
    posts = _on_days_of_posting(scenario)
    often = [name for name, rate in posts.items() if rate > MOST_POSTS_A_DAY + _ROUNDING]
    if not often:
        return None
    most = f"{max(posts.values()):.3g}"
    return warned(
        "posts_beyond_data",
        variant,
        lambda words: words(
            "More than {limit:g} posts a day (up to about {most}) on {names}: hardly any measured account "
            "posts so often, so the answer lies outside of the data.",
            limit=MOST_POSTS_A_DAY, most=most, names=_listed(often, words),
        ),
    )  # fmt: skip


def _on_days_of_posting(scenario: Scenario) -> dict[str, float]:
    """Posts a day by brand account; of one that takes part in waves, who posts at no other time, in these."""
    found, campaign = posts_a_day(scenario), scenario.campaign
    for name, rate in found.items():
        if waves := campaign.waves_for(name, ACCOUNTS):
            hours = sum(campaign.phases[k].hours for k in waves)
            found[name] = rate * scenario.run.hours / max(hours, 24)  # at most a day's worth on one day
    return found


def short_for_structure(scenario: Scenario, variant: str | None = None) -> Warned | None:
    """That the run is too short for what a structure does."""
    hours = scenario.run.hours
    if scenario.structure.kind == "written" or hours >= SHORTEST_H:
        return None
    return warned(
        "short_for_structure",
        variant,
        lambda words: words(
            "Structures are compared over 28 to 90 days: within run.hours = {hours} new accounts have no "
            "time to grow.",
            hours=hours,
        ),
    )


def fans_left_aside(scenario: Scenario, variant: str | None = None) -> Warned | None:
    """The fans of subs that a structure does not use."""
    out = [account for account in left_out(scenario) if account.fans]
    if scenario.structure.kind == "written" or not out:  # layout single is said in words of its own
        return None
    names, fans = [account.id for account in out], sum(account.fans for account in out)
    form = written_as(scenario.structure.kind, scenario.structure.subs)
    return warned(
        "fans_left_aside",
        variant,
        lambda words: words(
            "{structure}: {names} do not publish; their {fans:,} fans are left aside.",
            structure=begun(structure_name(form, words.language, in_sentence=True)),
            names=_listed(names, words), fans=fans,
        ),
    )  # fmt: skip


def same_content_risk(scenario: Scenario, variant: str | None = None) -> Warned | None:
    """Several accounts with the same material, which the platform may punish by more than is simulated."""
    shown = [account.material for account in used(scenario) if account.material is not None]
    if kind_of(scenario) != "same" and len(shown) == len(set(shown)):
        return None
    return warned(
        "same_content_risk",
        variant,
        lambda words: words(
            "Several accounts publish the same content. Since 28 April 2025 Douyin names such matrices a "
            "violation; beyond weaker distribution its penalties are not simulated yet: the result may be "
            "worse."
        ),
    )


def budget_unspent(scenario: Scenario, variant: str | None = None) -> Warned | None:
    """What [seeding] leaves of its budget, and why; None where there is no budget or nothing is left."""
    seeding = scenario.seeding
    if seeding.budget_cny is None or not seeding.counts:
        return None
    wanted = [tier for tier, n in zip(TIERS, seeding.ratio or seeding.counts, strict=True) if n]
    left = seeding.budget_cny - seeding_cost_cny(scenario)
    return unspent(scenario, seeding.counts, left, seeding.budget_cny, wanted, variant)


def why_left(
    scenario: Scenario,
    counts: Sequence[int],
    left_cny: float,
    wanted: Sequence[TierName] = (),
    most: Sequence[int] = (),
    searched: bool = False,
) -> tuple[Rest, TierName]:
    """Why a mix leaves money, and the tier that the reason is about.

    Args:
        scenario: whose market and audience.
        counts: creators by tier.
        left_cny: what is left [CNY].
        wanted: tiers among which the whole budget was shared out; if left out, those that the mix holds,
            which may leave money because nobody asked for more.
        most: creators by tier that the mix must not pass; the supply if left out.
        searched: the mix is the best of a search, which tried dearer ones too.
    """
    if left_cny < LEAST_CNY:
        return "", TIERS[-1]
    if sum(counts) >= MOST_CREATORS:
        return "ceiling", TIERS[-1]
    following, at_bound = _next_costs(scenario, counts, most)
    if searched and any(0 < cost <= left_cny for cost in following.values()):
        return "not_better", _cheapest(following)
    own = list(wanted or [tier for tier, n in zip(TIERS, counts, strict=True) if n])
    mine = {tier: following[tier] for tier in own if tier in following}
    bound = [tier for tier in own if tier in at_bound]
    if not mine and not own:
        mine = following
    if not mine:
        if any(cost <= left_cny for cost in following.values()):
            return "other_tiers", _cheapest(following)
        if following:
            return "indivisible", _cheapest(following)
        return ("bound" if bound else "supply"), (bound or own or list(TIERS))[0]
    cheapest = _cheapest(mine)
    if mine[cheapest] <= 0:
        return "free", cheapest
    if mine[cheapest] <= left_cny:
        return ("ceiling" if wanted else "not_asked"), cheapest
    if any(cost <= left_cny for cost in following.values()):
        return "other_tiers", cheapest
    return "indivisible", _cheapest(following)


def _cheapest(costs: Mapping[TierName, float]) -> TierName:
    return min(costs, key=lambda tier: costs[tier])


def _next_costs(
    scenario: Scenario, counts: Sequence[int], most: Sequence[int]
) -> tuple[dict[TierName, float], set[TierName]]:
    """What the next creator of each tier that fits into the audience costs; tiers that a bound ends."""
    found: dict[TierName, float] = {}
    ended: set[TierName] = set()
    for k, (tier, costs) in enumerate(zip(TIERS, scenario.seeding.costs_cny, strict=True)):
        if most and counts[k] >= most[k] and counts[k] < len(costs):
            ended.add(tier)
        elif scenario.holds(tier) and counts[k] < len(costs):
            found[tier] = costs[counts[k]]
    return found, ended


def unspent(
    scenario: Scenario,
    counts: Sequence[int],
    left_cny: float,
    budget_cny: float,
    wanted: Sequence[TierName] = (),
    variant: str | None = None,
    most: Sequence[int] = (),
    searched: bool = False,
) -> Warned | None:
    """The rest of a budget with its reason; None where nothing is left. Arguments as of `why_left`."""
    reason, tier = why_left(scenario, counts, left_cny, wanted, most, searched)
    if not reason:
        return None
    price = to_the_fen(_next_costs(scenario, counts, ())[0].get(tier, 0.0))
    return warned(
        "budget_unspent",
        variant,
        lambda words: words(
            REASONS[reason],
            left=to_the_fen(left_cny), budget=to_the_fen(budget_cny), tier=TIER[tier].said(words.language),
            price=price, most=f"{MOST_CREATORS:,}",
        ),
    )  # fmt: skip


REASONS: dict[Rest, str] = {
    "ceiling": N_("{left} of {budget} CNY stay unspent: a run holds {most} creators at most."),
    "indivisible": N_(
        "{left} of {budget} CNY stay unspent: no creator costs so little (the next {tier} asks {price} CNY)."
    ),
    "other_tiers": N_(
        "{left} of {budget} CNY stay unspent: they buy no further creator of this mix's tiers (the next "
        "{tier} asks {price} CNY)."
    ),
    "free": N_("{left} of {budget} CNY stay unspent: the creators of this mix cost nothing ({tier})."),
    "supply": N_(
        "{left} of {budget} CNY stay unspent: the market has no further creator of this mix's tiers "
        "({tier}; seeding.market.supply)."
    ),
    "not_asked": N_(
        "{left} of {budget} CNY stay unspent: this mix books no more creators; the next one ({tier}) would "
        "cost {price} CNY."
    ),
    "not_better": N_(
        "{left} of {budget} CNY stay unspent: no mix that was tried and spends more did better."
    ),
    "bound": N_(
        "{left} of {budget} CNY stay unspent: a bound allows no further creator ({tier}; loosen --max)."
    ),
}


def _never_posts(scenario: Scenario, account: Account) -> bool:
    """Whether a listed account means to post, but not before the end."""
    if not account.posts_per_day or scenario.campaign.waves_of(account):
        return False
    if account.first_post_h is None and 24 / account.posts_per_day <= scenario.run.hours:
        return False
    from sim.world.posts import post_hours  # loads numba, which most plans need not wait for

    return not post_hours(account, False, scenario.seeding.window_h, scenario.run.hours)


@lru_cache(maxsize=1024)
def _silent(booked: tuple[Candidate, ...], window_h: int, hours: int) -> int:
    """Creators whose post falls after the end."""
    from sim.world.posts import creator_hour

    return sum(creator_hour(row.id, window_h) >= hours for row in booked)


def _listed(names: Sequence[str], words: Words) -> str:
    called = account_names(tuple(names), words.language)
    shown = [called[name] for name in names[:NAMED]]
    said = words.listed(map(readable, shown))
    if (more := len(names) - NAMED) > 0:
        zh = words.language == "zh"
        said = words("{names} and {n:,} more", names=said, n=len(names) if zh else more)  # in Chinese, of all
    return said
