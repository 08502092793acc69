"""In words, what a scenario does.

Takes a scenario; gives a text in English or Chinese. Does not check or change anything.
"""

from collections import Counter
from collections.abc import Iterator

from sim.language.keys import DAY
from sim.language.names import TIER
from sim.language.numbers import percent, spelt
from sim.language.vocabulary import ORIGIN
from sim.language.words import N_, Language, Words
from sim.scenario.layouts import canonical_accounts, link_counts
from sim.scenario.matrix import TIERS
from sim.scenario.names import account_name, topic_name
from sim.scenario.notes import notes
from sim.scenario.plugged import origins_of
from sim.scenario.reference import assumed_rows, fitted_keys, is_given, parameters_of
from sim.scenario.schema import Scenario
from sim.scenario.section import Section
from sim.scenario.seeding import seeding_cost_cny, tier_counts
from sim.scenario.toml_text import toml_value

LAYOUTS = {
    "none": N_("Links: none; every account works alone."),
    "single": N_(
        "Links: none; every post of the matrix appears on the main account alone (an old name of "
        "structure one)."
    ),
    "star": N_("Links: star, main account ↔ each sub-account."),
    "ring": N_("Links: ring, each account → the next, and the last → the first."),
    "chain": N_("Links: chain, each account → the next."),
    "tree": N_("Links: tree, two below each account from the main account down, both directions."),
    "mesh": N_("Links: mesh, every account → every other, {density} of the pairs kept."),
    "custom": N_("Links: custom, as listed."),
}
STANDINGS = ("measured", "published", "assumed")
"""Of numbers that are not the user's to choose."""
ASSUMPTION = N_("{key} = {value} (plausible {range}; {source})")


def explain(scenario: Scenario, language: Language = "en") -> str:
    """What the scenario does, one sentence or two a line, with notes on what may surprise.

    Args:
        scenario: any valid scenario.
        language: en or zh.
    """
    words = Words(language)
    lines = [
        scenario.name,
        _audience(scenario, words),
        *_accounts(scenario, words),
        _links(scenario, words),
        _seeding(scenario, words),
        *_told(scenario, words),
        *_forces(scenario, words),
        *_sales(scenario, words),
        _run(scenario, words),
        _standing(scenario, words),
        *_at_work(scenario, words),
    ]
    if found := notes(scenario, language):
        lines += [words("Notes"), *(f"- {note}" for note in found)]
    return "\n".join(lines)


def assumptions(scenario: Scenario, language: Language = "en") -> str:
    """Every assumed number with the scenario's value, its plausible range and what is known, one a line."""
    words = Words(language)
    return "\n".join(
        words(ASSUMPTION, key=row.key, value=value, range=span, source=words(row.source))
        if span
        else words("{key} = {value} ({source})", key=row.key, value=value, source=words(row.source))
        for row, value, span in assumed_rows([scenario])
    )


def _audience(scenario: Scenario, words: Words) -> str:
    audience = scenario.audience
    topics = (
        f"{topic_name(topic, words.language)} {percent(share)}" for topic, share in audience.topics.items()
    )
    return words(
        "Audience: {users} people, one to one. Main interests: {topics}. A person is shown {daily} videos "
        "a day; the category can win {share} of those slots.",
        users=spelt(audience.users, words.language),
        topics=words.listed(topics),
        daily=spelt(audience.daily_impressions, words.language),
        share=percent(audience.category_share),
    )


def _accounts(scenario: Scenario, words: Words) -> Iterator[str]:
    main, *others = canonical_accounts(scenario)
    subs = [account for account in others if account.role == "sub"]
    posts = sum(account.posts_per_day for account in (main, *subs))
    yield words(
        "Accounts: main account {main} ({fans} fans) and {subs} sub-accounts ({sub_fans} fans in all), "
        "{posts} posts a day together, about {total} in the run.",
        main=account_name(main.id, words.language),
        fans=spelt(main.fans, words.language),
        subs=len(subs),
        sub_fans=spelt(sum(account.fans for account in subs), words.language),
        posts=spelt(posts, words.language),
        total=spelt(round(posts * scenario.run.hours / 24), words.language),
    )
    if listed := len(others) - len(subs):
        yield words("Listed creators: {count}.", count=listed)


def _links(scenario: Scenario, words: Words) -> str:
    counted = link_counts(scenario)
    layout = words(LAYOUTS[scenario.links.layout], density=percent(scenario.links.density))
    if not counted.links:
        return layout
    counts = words(
        " {pairs} directed pairs of accounts, {edges} links ({channels}).",
        pairs=spelt(counted.pairs, words.language),
        edges=spelt(counted.links, words.language),
        channels=words.listed(ORIGIN[c].link(words.language) for c in counted.channels),
    )
    return layout + counts


def _seeding(scenario: Scenario, words: Words) -> str:
    counts = tier_counts(scenario).counts
    if not any(counts):
        return words("Seeding: no paid creators.")
    tiers = (
        f"{TIER[tier].said(words.language)} {count}"
        for tier, count in zip(TIERS, counts, strict=True)
        if count
    )
    budget, cost, limit = scenario.seeding.budget_cny, seeding_cost_cny(scenario), ""
    if budget is not None:
        limit = words(" of a budget of {budget} CNY", budget=spelt(budget, words.language))
        if left := max(0.0, round(budget - cost, 2)):
            limit += words(" ({left} CNY are left, which buys nobody more)", left=spelt(left, words.language))
    when = words("spread over {window} h", window=scenario.seeding.window_h)
    if scenario.campaign.phases:
        when = words("in the campaign's waves where one names them, else {when}", when=when)
    return words(
        "Seeding: {count} creators make one post each that @-mentions the main account, {when}: {tiers}. "
        "Fees and handling: {cost} CNY{budget}. Of each tier the best value is booked first; {missing} never "
        "post, and their fees come back.",
        count=spelt(sum(counts), words.language),
        when=when,
        tiers=words.listed(tiers),
        cost=spelt(cost, words.language),
        budget=limit,
        missing=percent(scenario.seeding.market.no_show_share),
    )


def _forces(scenario: Scenario, words: Words) -> Iterator[str]:
    """What bounds a choice of accounts and posts, of what is on: luck, crowding, copies, repetition."""
    from sim.rules.copies import copied  # compiled: numba is not for whoever only reads
    from sim.rules.crowding import crowded
    from sim.rules.scatter import shown_again

    terms, audience = scenario.platform, scenario.audience
    if terms.account_luck_sd:
        yield words(
            "Luck: a new account of the brand keeps what it draws, two in three within a factor of "
            "{factor} of the typical; mean 1.",
            factor=f"{10**terms.account_luck_sd:.2g}",
        )
    if terms.account_heat_sd:
        yield words(
            "Heat: views of a brand account rise and fall together, on two days in three within a factor "
            "of {factor}, and that fades within {days} days; mean 1.",
            factor=f"{10**terms.account_heat_sd:.2g}",
            days=f"{terms.account_heat_fade_d:g}",
        )
    if terms.same_day_elasticity:
        second, fourth = (percent(crowded(k, terms.same_day_elasticity)) for k in (2, 4))
        yield words(
            "Crowding: the second post of an account within 24 h starts at {second} of a lone one's first "
            "exposure, the fourth at {fourth}.",
            second=second,
            fourth=fourth,
        )
    if terms.author_decay < 1:
        second, third = (percent(shown_again(k, terms.author_decay, terms.author_floor)) for k in (1, 2))
        yield words(
            "Author scatter: within an hour a person is shown a second video of a brand account with "
            "{second} of the chance, a third with {third}.",
            second=second,
            third=third,
        )
    if terms.same_content_factor < 1:
        second, third = (percent(copied(k, terms.same_content_factor)) for k in (1, 2))
        yield words(
            "Copies: content that came out within {days} days starts at {second}, the next copy at {third}.",
            days=f"{terms.same_content_window_h / 24:.3g}",
            second=second,
            third=third,
        )
    if audience.fatigue_per_exposure:
        yield words(
            "Repetition: each further video of the brand on one day takes {loss} off people's response.",
            loss=percent(audience.fatigue_per_exposure),
        )
    if audience.put_off_share and audience.put_off_per_exposure > audience.fatigue_per_exposure:
        yield words(
            "Repetition puts {share} of people off: of theirs each takes {loss}.",
            share=percent(audience.put_off_share),
            loss=percent(audience.put_off_per_exposure),
        )


def _sales(scenario: Scenario, words: Words) -> Iterator[str]:
    """What sales are set by, and what they are worth."""
    brand = scenario.brand
    facts = {"price": spelt(brand.price_cny, words.language), "margin": percent(brand.margin_share)}
    level = (
        words(
            " The brand's own accounts as written sell for CNY {gpm} per 1,000 plays (GPM).",
            gpm=spelt(brand.gpm_cny, words.language),
        )
        if brand.gpm_cny
        else ""
    )
    fan = (
        words(" A new fan is worth CNY {fan}.", fan=spelt(brand.fan_value_cny, words.language))
        if brand.fan_value_cny
        else ""
    )
    yield words("Sales: CNY {price} an order, of which {margin} is margin.", **facts) + level + fan


def _told(scenario: Scenario, words: Words) -> Iterator[str]:
    """What sections tell of themselves; of a plug-in that tells nothing, its keys."""
    plugged = scenario.plugged
    ours = (s for s in scenario.sections() if s not in plugged.values() and not s.is_off())
    yield from filter(None, (s.told(scenario, words.language) for s in ours))
    for name, section in plugged.items():
        keys = words.listed(f"{key} = {toml_value(value)}" for key, value in section.model_dump().items())
        told = section.told(scenario, words.language) or keys
        if origins := origins_of(name):
            names = words.listed(ORIGIN[key].label(words.language) for key in origins)
            told += words(" What it shows is counted under the origin {names}.", names=names)
        yield words("Plug-in {name}: {told}", name=section.label(words.language, name), told=told)


def _run(scenario: Scenario, words: Words) -> str:
    day, time = scenario.run.start.split()
    return words(
        "Length: {hours} h ({days} days) from {day} {time} Beijing time, seed {seed}.",
        hours=scenario.run.hours,
        days=f"{scenario.run.hours / 24:.3g}",
        day=DAY[day].label(words.language),
        time=time,
        seed=scenario.run.seed,
    )


def _standing(scenario: Scenario, words: Words) -> str:
    counts = Counter(row.status for row in parameters_of([scenario]))
    known = {status: counts[status] for status in STANDINGS}
    return words("Default numbers: {measured} measured, {published} published, {assumed} assumed.", **known)


def _at_work(scenario: Scenario, words: Words) -> Iterator[str]:
    """How that is known which is at work here: without what is off, and told apart what the scenario sets."""
    idle = {name: table.idle_keys(scenario) for name, table in scenario if isinstance(table, Section)}
    own = scenario.model_dump()
    rows = [
        row
        for row in parameters_of([scenario])
        if row.status in STANDINGS and row.key.split(".")[1] not in idle.get(row.key.split(".")[0], ())
    ]
    given = [row for row in rows if is_given(row, own)]
    known = Counter(row.status for row in rows if row not in given)
    yield words(
        "Of these {count} are at work here: {measured} measured, {published} published, {assumed} assumed, "
        "and {given} that the scenario sets itself.",
        count=len(rows), given=len(given), **{status: known[status] for status in STANDINGS},
    )  # fmt: skip
    if fitted := fitted_keys(own):
        yield words("{count} numbers are fitted to your data.", count=len(fitted))
    if 2 * known["assumed"] > len(rows):
        yield words(
            "So the answer rests mostly on assumed numbers: ask on which of them, and whether it holds over "
            "their ranges."
        )
