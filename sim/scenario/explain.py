"""In words, what a scenario does; and what every key means.

Takes a scenario; gives a text in English or Chinese. Walks the schema for the reference of
parameters and for the JSON Schema that editors use. Does not check or change anything.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain
from typing import Any, NamedTuple, get_args

from sim.language.words import Language
from sim.scenario.canonical import neutral
from sim.scenario.layouts import canonical_accounts, edges, link_counts
from sim.scenario.matrix import TIERS
from sim.scenario.names import account_name, topic_name
from sim.scenario.phrases import LANGUAGES, Phrases, percent
from sim.scenario.plugged import known as plugged_sections
from sim.scenario.recommendation import PLATFORM_MODELS, Platform
from sim.scenario.schema import Scenario
from sim.scenario.section import Section
from sim.scenario.seeding import seeding_cost_cny, tier_counts
from sim.scenario.toml_text import toml_value
from sim.scenario.wording import Node, allowed, entry_of, node_at, resolved

MOST_NAMED = 5
"""Accounts that a note names (chosen)."""
MOST_LOOKED_THROUGH = 200
"""Accounts up to which a thinned mesh is made to see whom it leaves out (chosen)."""
UNSEEN = ("Cc", "Cf")
"""Kinds of character that are not seen."""


class Parameter(NamedTuple):
    """One key of the scenario file, as a row of the reference; '*' stands for any account or tier."""

    key: str
    default: object
    unit: str
    status: str
    source: str
    range: tuple[float, float] | None
    description: str
    allowed: str
    neutral: object
    """left out of hashes: the off value where the key names one, else the default"""


def explain(scenario: Scenario, language: Language = "en") -> str:
    """What the scenario does, one sentence or two a line, with notes on what may surprise.

    Args:
        scenario: any valid scenario.
        language: en or zh.
    """
    phrases = LANGUAGES[language]
    lines = [
        scenario.name,
        _audience(scenario, phrases, language),
        *_accounts(scenario, phrases, language),
        _links(scenario, phrases),
        _seeding(scenario, phrases),
        *_told(scenario, language, phrases),
        _ladder(scenario, phrases),
        *_forces(scenario, phrases),
        *_sales(scenario, phrases),
        _run(scenario, phrases),
        _standing(scenario, phrases),
    ]
    if found := notes(scenario, language):
        lines += [phrases.sentences["notes"], *(f"- {note}" for note in found)]
    return "\n".join(lines)


def notes(scenario: Scenario, language: Language = "en") -> list[str]:
    """What may surprise, one sentence each: what is valid, and perhaps not what was meant."""
    phrases = LANGUAGES[language]
    return [*alike(scenario, language), *_links_missing(scenario, phrases), *_notes(scenario, phrases)]


def alike(scenario: Scenario, language: Language = "en") -> list[str]:
    """Names that look alike and are not the same: ids of accounts, topics, materials."""
    phrases, found = LANGUAGES[language], []
    materials = dict.fromkeys(a.material for a in scenario.accounts if a.material is not None)
    for names in ([a.id for a in scenario.accounts], scenario.audience.topics, materials):
        seen: dict[str, str] = {}
        for name in names:
            folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
            shape = "".join(c for c in folded if not c.isspace() and unicodedata.category(c) not in UNSEEN)
            other = seen.setdefault(shape, name)
            if other != name:
                found.append(phrases.sentences["note_alike"].format(one=spelled(other), other=spelled(name)))
    return found


def spelled(name: str) -> str:
    """A name in quotation marks, with what cannot be seen in it written out."""
    shown = (c if c.isprintable() and not unicodedata.combining(c) else f"\\u{ord(c):04x}" for c in name)
    return f"'{''.join(shown)}'"


def assumptions(scenario: Scenario, language: Language = "en") -> str:
    """Every assumed number with the scenario's value, its plausible range and what is known, one a line."""
    say = LANGUAGES[language].sentences
    return "\n".join(
        say["assumption" if span else "assumption_open"].format(
            key=row.key, value=value, range=span, source=row.source
        )
        for row, value, span in assumed_rows([scenario])
    )


def assumed_rows(scenarios: Sequence[Scenario]) -> Iterator[tuple[Parameter, str, str]]:
    """Every assumed number with value and plausible range as text; of several scenarios, those they share.

    A list as a whole has no range, ''. A key of entries (`accounts.*.…`) has the lowest and the highest value
    where entries differ, and the default where there are none.
    """
    dumps = [scenario.model_dump() for scenario in scenarios]
    for row in (row for row in parameters_of(scenarios) if row.status == "assumed"):
        found = [[*_values(dump, row.key.split("."))] or [row.default] for dump in dumps]
        value, *others = {" – ".join(dict.fromkeys(map(str, (min(own), max(own))))) for own in found}
        if not others:
            span = f"{row.range[0]:g} – {row.range[1]:g}" if row.range else ""
            yield row, f"{value} {row.unit}".strip(), span


def _values(node: Any, parts: Sequence[str]) -> Iterator[Any]:
    """The values at a key, one for each entry that `*` stands for."""
    if not parts:
        yield node
    elif parts[0] == "*":
        for entry in node.values() if isinstance(node, Mapping) else node:
            yield from _values(entry, parts[1:])
    else:
        yield from _values(node[parts[0]], parts[1:])


@cache
def parameters() -> tuple[Parameter, ...]:
    """Every key with default, unit, source, plausible range and limits, in the order of the schema."""
    schema = json_schema()
    return tuple(_rows(Scenario, "", schema, schema))


@cache
def plugged_parameters() -> tuple[Parameter, ...]:
    """The same of the plug-ins that are installed and can be used, in order of their names."""
    schema, plugged = json_schema(), plugged_sections(frozenset(Scenario.model_fields))
    rows = (_rows(kind, f"{name}.", node_at(schema, (name,)), schema) for name, kind in plugged.items())
    return tuple(chain.from_iterable(rows))


def parameters_of(scenarios: Iterable[Scenario]) -> tuple[Parameter, ...]:
    """Every key that all of some scenarios have: ours, and those of the plug-ins that they name."""
    named = set.intersection(*(set(scenario.plugged) for scenario in scenarios))
    return parameters() + tuple(row for row in plugged_parameters() if row.key.partition(".")[0] in named)


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a scenario file, for editors and other programs."""
    schema = Scenario.model_json_schema()
    del schema["$defs"]["Tier"]["required"]  # what a row leaves out comes from the default table
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _audience(scenario: Scenario, phrases: Phrases, language: Language) -> str:
    audience = scenario.audience
    topics = (f"{topic_name(topic, language)} {percent(share)}" for topic, share in audience.topics.items())
    return phrases.sentences["audience"].format(
        users=phrases.number(audience.users),
        topics=phrases.listed(topics),
        daily=phrases.number(audience.daily_impressions),
        share=percent(audience.category_share),
    )


def _accounts(scenario: Scenario, phrases: Phrases, language: Language) -> Iterator[str]:
    main, *others = canonical_accounts(scenario)
    subs = [account for account in others if account.role == "sub"]
    posts = sum(account.posts_per_day for account in (main, *subs))
    yield phrases.sentences["accounts"].format(
        main=account_name(main.id, language),
        fans=phrases.number(main.fans),
        subs=len(subs),
        sub_fans=phrases.number(sum(account.fans for account in subs)),
        posts=phrases.number(posts),
        total=phrases.number(round(posts * scenario.run.hours / 24)),
    )
    if listed := len(others) - len(subs):
        yield phrases.sentences["listed_creators"].format(count=listed)


def _links(scenario: Scenario, phrases: Phrases) -> str:
    counted = link_counts(scenario)
    layout = phrases.sentences[scenario.links.layout].format(density=percent(scenario.links.density))
    if not counted.links:
        return layout
    counts = phrases.sentences["links"].format(
        pairs=phrases.number(counted.pairs),
        edges=phrases.number(counted.links),
        channels=phrases.listed(phrases.words[c] for c in counted.channels),
    )
    return layout + counts


def _seeding(scenario: Scenario, phrases: Phrases) -> str:
    counts = tier_counts(scenario).counts
    if not any(counts):
        return phrases.sentences["no_seeding"]
    tiers = (f"{phrases.words[tier]} {count}" for tier, count in zip(TIERS, counts, strict=True) if count)
    budget, cost, limit = scenario.seeding.budget_cny, seeding_cost_cny(scenario), ""
    if budget is not None:
        limit = phrases.sentences["budget"].format(budget=phrases.number(budget))
        if left := max(0.0, round(budget - cost, 2)):
            limit += phrases.sentences["unspent"].format(left=phrases.number(left))
    return phrases.sentences["seeding"].format(
        count=phrases.number(sum(counts)),
        window=scenario.seeding.window_h,
        tiers=phrases.listed(tiers),
        cost=phrases.number(cost),
        budget=limit,
        missing=percent(scenario.seeding.market.no_show_share),
    )


def _ladder(scenario: Scenario, phrases: Phrases) -> str:
    platform = scenario.platform
    weights = platform.weights.model_dump()
    total = sum(weights.values())
    words = {rate: phrases.words.get(f"{rate}_rate", phrases.words[rate]) for rate in weights}
    shares = (f"{words[rate]} {percent(weight / total)}" for rate, weight in weights.items())
    last = min(len(platform.pools), len(platform.pass_share)) - 1
    if platform.model not in PLATFORM_MODELS:
        return phrases.sentences["plugged_platform"].format(name=platform.model, hit=_hit(platform, phrases))
    if platform.model == "score":
        return phrases.sentences["score"].format(
            first=phrases.number(platform.pools[0]),
            weights=phrases.listed(shares),
            outranked=percent(platform.score_outranked_share),
            power=f"{platform.score_reach_power:g}",
            hit=_hit(platform, phrases),
        )
    return phrases.sentences["ladder"].format(
        pools=len(platform.pools),
        first=phrases.number(platform.pools[0]),
        last=phrases.number(platform.pools[-1]),
        weights=phrases.listed(shares),
        pass_first=percent(platform.pass_share[0]),
        pass_last=percent(platform.pass_share[last]),
        hit=_hit(platform, phrases),
    )


def _hit(platform: Platform, phrases: Phrases) -> str:
    mark = platform.hit_impressions
    if mark is None:
        return phrases.sentences["hit_of_category"]
    return phrases.sentences["hit_from"].format(hit=phrases.number(mark))


def _forces(scenario: Scenario, phrases: Phrases) -> Iterator[str]:
    """What bounds a choice of accounts and posts, of what is on: luck, crowding, copies, repetition."""
    from sim.rules.copies import copied  # compiled: numba is not for whoever only reads
    from sim.rules.crowding import crowded
    from sim.rules.scatter import shown_again

    terms, audience, say = scenario.platform, scenario.audience, phrases.sentences
    if terms.account_luck_sd:
        yield say["luck"].format(factor=f"{10**terms.account_luck_sd:.2g}")
    if terms.account_heat_sd:
        yield say["heat"].format(
            factor=f"{10**terms.account_heat_sd:.2g}", days=f"{terms.account_heat_fade_d:g}"
        )
    if terms.same_day_elasticity:
        second, fourth = (percent(crowded(k, terms.same_day_elasticity)) for k in (2, 4))
        yield say["crowding"].format(second=second, fourth=fourth)
    if terms.author_decay < 1:
        second, third = (percent(shown_again(k, terms.author_decay, terms.author_floor)) for k in (1, 2))
        yield say["scatter"].format(second=second, third=third)
    if terms.same_content_factor < 1:
        second, third = (percent(copied(k, terms.same_content_factor)) for k in (1, 2))
        yield say["copies"].format(days=f"{terms.same_content_window_h / 24:.3g}", second=second, third=third)
    if audience.fatigue_per_exposure:
        yield say["repetition"].format(loss=percent(audience.fatigue_per_exposure))
    if audience.put_off_share and audience.put_off_per_exposure > audience.fatigue_per_exposure:
        yield say["put_off"].format(
            share=percent(audience.put_off_share), loss=percent(audience.put_off_per_exposure)
        )


def _sales(scenario: Scenario, phrases: Phrases) -> Iterator[str]:
    """What sales are set by, and what they are worth."""
    brand, say = scenario.brand, phrases.sentences
    facts = {"price": phrases.number(brand.price_cny), "margin": percent(brand.margin_share)}
    level = say["gpm"].format(gpm=phrases.number(brand.gpm_cny)) if brand.gpm_cny else ""
    fan = say["fan_value"].format(fan=phrases.number(brand.fan_value_cny)) if brand.fan_value_cny else ""
    yield say["sales"].format(**facts) + level + fan


def _told(scenario: Scenario, language: Language, phrases: Phrases) -> Iterator[str]:
    """What sections tell of themselves; of a plug-in that tells nothing, its keys."""
    plugged = scenario.plugged
    yield from filter(
        None, (s.told(scenario, language) for s in scenario.sections() if s not in plugged.values())
    )
    for name, section in plugged.items():
        keys = phrases.listed(f"{key} = {toml_value(value)}" for key, value in section.model_dump().items())
        told = section.told(scenario, language) or keys
        yield phrases.sentences["plugin"].format(name=section.LABEL.get(language, name), told=told)


def _run(scenario: Scenario, phrases: Phrases) -> str:
    day, time = scenario.run.start.split()
    return phrases.sentences["run"].format(
        hours=scenario.run.hours,
        days=f"{scenario.run.hours / 24:.3g}",
        day=phrases.words.get(day, day),
        time=time,
        seed=scenario.run.seed,
    )


def _standing(scenario: Scenario, phrases: Phrases) -> str:
    counts = Counter(row.status for row in parameters_of([scenario]))
    return phrases.sentences["standing"].format_map(counts)


def _links_missing(scenario: Scenario, phrases: Phrases) -> Iterator[str]:
    """A layout that links nothing, or leaves some account out."""
    layout, say = scenario.links.layout, phrases.sentences
    brand = [account.id for account in canonical_accounts(scenario) if account.role != "creator"]
    if layout in ("none", "single") or len(brand) == 1:
        return
    if not link_counts(scenario).links:
        yield say["note_no_links"].format(layout=layout)
    elif layout == "custom" or (scenario.links.density < 1 and len(brand) <= MOST_LOOKED_THROUGH):
        linked = {name for edge in edges(scenario) for name in edge[:2]}
        alone = [name for name in brand if name not in linked]
        if alone:
            shown = phrases.listed(spelled(name) for name in alone[:MOST_NAMED])
            more = say["note_more"].format(count=len(alone) - MOST_NAMED) if alone[MOST_NAMED:] else ""
            yield say["note_unlinked"].format(accounts=shown + more)


def _notes(scenario: Scenario, phrases: Phrases) -> Iterator[str]:
    say, number, seeding = phrases.sentences, phrases.number, scenario.seeding
    users, pools = scenario.audience.users, scenario.platform.pools
    counted = pools if scenario.platform.model == "pools" else pools[:1]
    large = next((k for k, size in enumerate(counted) if size > users), None)
    if large is not None:
        yield say["note_pool"].format(pool=large + 1, size=number(pools[large]), users=number(users))
    counts = tier_counts(scenario).counts
    for tier, want, have in zip(TIERS, seeding.ratio or counts, counts, strict=True):
        if want and not have:
            yield say["note_tier"].format(tier=phrases.words[tier])
    if scenario.links.density < 1 and scenario.links.layout != "mesh":
        yield say["note_density"]
    if sum(account.role != "creator" for account in scenario.accounts) == 1:
        yield say["note_alone"]
    if idle := [k for k, b in enumerate(scenario.paid.boosts) if 1000 * b.budget_cny < b.cpm_cny]:
        shown = phrases.listed(f"paid.boosts.{k}" for k in idle[:MOST_NAMED])
        more = say["note_more"].format(count=len(idle) - MOST_NAMED) if idle[MOST_NAMED:] else ""
        yield say["note_boost"].format(boosts=shown + more)


def _rows(section: type[Section], prefix: str, node: Node, schema: Node) -> Iterator[Parameter]:
    for name, field in section.model_fields.items():
        child = resolved(node["properties"][name], schema)
        if below := _section_in(field.annotation):
            single = field.annotation is below
            entry = child if single else resolved(child.get("items") or entry_of(child), schema)
            yield from _rows(below, f"{prefix}{name}." + ("" if single else "*."), entry, schema)
            continue
        extra = field.json_schema_extra
        facts: dict[str, Any] = dict(extra) if isinstance(extra, dict) else {}
        span = facts.get("range")
        yield Parameter(
            key=f"{prefix}{name}",
            default=None if field.is_required() else field.get_default(call_default_factory=True),
            unit=facts["unit"],
            status=facts["status"],
            source=facts["source"],
            range=(span[0], span[1]) if span else None,
            description=field.description or "",
            allowed=allowed(child, schema),
            neutral=None if field.is_required() else neutral(field),
        )


def _section_in(annotation: object) -> type[Section] | None:
    """The section that a field holds, itself or as its entries."""
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return annotation
    return next((found for part in get_args(annotation) if (found := _section_in(part))), None)
