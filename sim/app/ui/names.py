"""What the app calls things: layouts, metrics, shipped scenarios, variants, people, times."""

from collections.abc import Sequence

from sim.analysis import named
from sim.analysis.named import timing_name
from sim.app.jobs.request import Request, plan_of
from sim.app.jobs.variants import BETWEEN, STRUCTURES, Variation
from sim.charts.theme import CATEGORIES, PALETTES
from sim.language.names import LAYOUT, MIX, TIER, TIMING
from sim.language.numbers import common, short
from sim.language.vocabulary import METRIC, METRIC_KINDS
from sim.language.words import N_, Words, begun
from sim.scenario.matrix import TIERS

MINUTES_FROM, HOURS_FROM = 90, 5400
"""From which on a time is told in minutes, in hours [s]."""


SCENARIOS = {
    "beauty_matrix": N_("Beauty matrix"), "challenge": N_("Challenge"),
    "challenge_spread": N_("Challenge, spread out"), "classroom": N_("Classroom"),
    "creator_launch": N_("Launch with creators"), "food": N_("Food brand"),
    "local_services": N_("Local services"), "same_content": N_("Same content"),
    "seeding_pyramid": N_("Seeding pyramid"), "three_lines": N_("Three product lines"),
}  # fmt: skip
KINDS = METRIC_KINDS
NAMED = {*(mix.label_en for mix in MIX.values()), *(timing_name(f"{h}:00", "en") for h in range(24)),
         *(timing.label_en for timing in TIMING.values())}  # fmt: skip
"""Parts of variants' English names: mixes of creators and posting times."""
HUES = tuple(hue for hue in CATEGORIES if hue not in {palette.behind for palette in PALETTES.values()})
"""Colours of variants: not the ones that say 'behind'."""


def layout_name(words: Words, layout: str) -> str:
    """A layout's name, in a table or legend."""
    return LAYOUT[layout].label(words.language) if layout in LAYOUT else layout


def scenario_name(words: Words, name: str) -> str:
    """A scenario's name: a shipped one's in the reader's language, a draft's as its maker wrote it."""
    return words(SCENARIOS[name]) if name in SCENARIOS else plan_of(name).name


def structure_name(words: Words, structure: str) -> str:
    """An account structure's name, in a table or legend."""
    name = named.structure_name(structure, words.language, in_sentence=True)
    return name if name == structure else begun(name)


def variant_name(words: Words, variant: Variation) -> str:
    """What a variant of a comparison is called."""
    if variant.name in LAYOUT:
        return layout_name(words, variant.name)
    if words.language == "zh":
        return variant.label_zh
    return BETWEEN.join(_part_name(words, part) for part in variant.name.split(BETWEEN))


def _part_name(words: Words, part: str) -> str:
    """A part of a variant's English name as a cell opens with it; what is not ours stays."""
    if part in LAYOUT:
        return layout_name(words, part)
    return begun(part) if part in NAMED else structure_name(words, part)


def variant_names(words: Words, variants: Sequence[Variation]) -> dict[str, str]:
    """What variants of a comparison are called, by name."""
    return {variant.name: variant_name(words, variant) for variant in variants}


def sentence_name(words: Words, variant: Variation) -> str:
    """What a variant is called within a sentence: as verdicts call it."""
    return named.variant_name(
        variant.name, variant.label_zh, words.language, structured=bool(variant.structure)
    )


def variant_hues(variants: Sequence[Variation]) -> dict[str, str]:
    """Colours of variants by name: layouts and structures keep their own everywhere, others go by place."""
    names = [variant.name for variant in variants]
    order = next((list(known) for known in (LAYOUT, STRUCTURES) if set(names) <= set(known)), names)
    return {name: HUES[order.index(name) % len(HUES)] for name in names}


def metric_name(words: Words, metric: str) -> str:
    """A metric's name."""
    return METRIC[metric].label(words.language)


def metric_unit(words: Words, metric: str) -> str:
    """What a metric is counted in; empty for a ratio."""
    return METRIC[metric].counted_in(words.language)


def in_units(words: Words, said: str, metric: str) -> str:
    """A caption with what the metric is counted in, where it is no ratio."""
    unit = metric_unit(words, metric)
    return said + words(" Unit: {unit}.", unit=unit) if unit else said


def facts(words: Words, request: Request, hours: int, **given: int) -> str:
    """What a picture rests on: the seed or the number of seeds, people, hours, scenario."""
    said = N_("{seeds} rounds · {users} · {hours} h · {scenario}")
    if "seed" in given:
        said = N_("Seed {seed} · {users} · {hours} h · {scenario}")
    called = scenario_name(words, request.scenario)
    return words(said, users=market(words, request), hours=hours, scenario=called, **given)


def moment(words: Words, passed: int) -> str:
    """An hour, counted from the beginning of the run's first day in Beijing time."""
    return words("day {day}, {hour}:00", day=passed // 24 + 1, hour=f"{passed % 24:02}")


def market(words: Words, request: Request) -> str:
    """How many people a request is about; whether they are another market than the scenario's."""
    users, own = request.plan().audience.users, plan_of(request.scenario).audience.users
    if not request.elsewhere:
        return people(words, users)
    said = N_("preview with {users}, another market than the scenario's {own}")
    if users > own:
        said = N_("{users}, another market than the scenario's {own}")
    return words(said, users=people(words, users), own=people(words, own))


def money(words: Words, cny: float, like: float | None = None) -> str:
    """An amount of CNY without its unit: 200K, 20 万; with the sign of those beside it."""
    return short(round(cny), words.language, like)


def column(words: Words, amounts: Sequence[float]) -> list[str]:
    """Amounts of CNY, or counts, one below the other: all with one sign."""
    like = common(amounts, words.language)
    return [money(words, cny, like) for cny in amounts]


def tier_name(words: Words, tier: str) -> str:
    """A tier's name."""
    return TIER[tier].said(words.language)


def creators(words: Words, counts: Sequence[int]) -> str:
    """Creators in words, tiers without any left out."""
    named = (f"{tier_name(words, tier)} {n:,}" for tier, n in zip(TIERS, counts, strict=True) if n)
    return words.listed(named)


def people(words: Words, number: int) -> str:
    """So many people: 100K people, 10 万人."""
    n = short(number, words.language)
    text = words("{n} people", n=n)
    return text if words.language == "en" or n[-1].isdigit() else text.replace(f"{n} ", n)


def lasting(seconds: float, words: Words) -> str:
    """A length of time in words."""
    if seconds < MINUTES_FROM:
        return words("{n} s", n=max(1, round(seconds)))
    if seconds < HOURS_FROM:
        return words("{n} min", n=round(seconds / 60))
    return words("{n} h", n=f"{seconds / 3600:.1f}")
