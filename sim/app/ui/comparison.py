"""A finished comparison on whatever page: the verdict, the interval plot, the table."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

import streamlit as st

from sim.analysis.standings import often_tied, standings
from sim.app.jobs.questions import Later
from sim.app.jobs.request import Comparing
from sim.app.jobs.store import Answer, Judged
from sim.app.jobs.variants import Variation
from sim.app.ui import economics, further, look, risk
from sim.app.ui.names import KINDS, facts, in_units, metric_name, sentence_name, variant_names
from sim.charts.intervals import IntervalWords, Standing, interval_chart, interval_figure, standing_of
from sim.charts.theme import PALETTES
from sim.language.numbers import amount, span
from sim.language.vocabulary import METRIC
from sim.language.words import Words
from sim.report.text import level
from sim.scenario.explain import explain

SHOWN = 3
"""Warnings that stand beside the verdict; further ones are folded (chosen)."""
GRAVE = (
    "beyond_capacity", "loses_money", "few_orders", "saturated", "small_audience", "posts_beyond_data"
)  # fmt: skip
"""Warnings that come first."""


Beside = tuple[look.Column, Mapping[str, str]]
"""A column more of the table, and its texts by variant."""


class Phrases(NamedTuple):
    """What is said of the variants of one kind."""

    gap: str
    """title of the picture, by {metric}"""
    luck: str
    """that they share their luck, and what {level} % bars are"""
    column: str
    """title of the column of names"""
    interval: str
    probability: str
    title: str
    """of the table, by {metric}"""


def of_variants(variants: Sequence[Variation], words: Words) -> Phrases:
    """What is said of account structures and layouts."""
    shapes, layouts = any(v.structure for v in variants), any(v.name != v.structure for v in variants)
    alone = words("Accounts") if shapes else words("Layout")
    return Phrases(
        words("{metric}: gap to the best"),
        words("Same luck for all variants, compared seed by seed; bars are {level} % intervals."),
        words("Accounts and layout") if shapes and layouts else alone,
        words(
            "The mean lies in it unless luck was unusual. It holds the luck that all variants share: "
            "compare them by the gaps above, not by whether these overlap."
        ),
        words("How probable it is, after these seeds, that the true mean of this one is the highest."),
        words("Variants compared by {metric}"),
    )


def draw(
    answer: Answer,
    request: Comparing,
    metric: str,
    words: Words,
    *,
    whole: bool = False,
    others: Mapping[str, Later] | None = None,
) -> None:
    """Draws an answer by one of its metrics; a whole one, with all its seeds, can be asked further."""
    comparison = found(answer, metric, words)
    if comparison is None:
        return
    top = max(comparison["variants"], key=lambda v: v["mean"])["name"]
    look.headline(comparison["verdict"][f"text_{words.language}"], colours(comparison)[top])
    spoken = {variant.name: sentence_name(words, variant) for variant in request.variants}
    look.lines(economics.told(comparison, spoken, words))
    look.folded(warnings(comparison, words), SHOWN, words)
    look.note(facts(words, request, answer["hours"], seeds=comparison["seeds"]))
    more = further.ask(request, comparison, metric, words, others) if whole else further.Further()
    names = variant_names(words, request.variants)
    risk.draw(comparison, request.plan(), names, words)
    phrases = of_variants(request.variants, words)
    picture(comparison, names, metric, words, phrases, key=f"{request.key()[:8]}_{metric}")
    table(comparison, names, metric, words, phrases, _beside(answer, metric, words))
    economics.draw(comparison, names, colours(comparison), words)
    further.draw(more, metric, words)
    with st.expander(words("What this rests on")):
        look.lines(shared(request, words))


def found(answer: Answer, metric: str, words: Words) -> Mapping[str, Any] | None:
    """The comparison by a metric; None, and why, where that has no value."""
    comparison: Mapping[str, Any] | None = answer["comparisons"].get(metric)
    if comparison is None:
        label = metric_name(words, metric)
        st.info(words("{metric} has no value here: nothing was spent in this scenario.", metric=label))
    return comparison


def _beside(answer: Answer, metric: str, words: Words) -> list[Beside]:
    """Followers beside whatever else is compared: what a brand has for longer."""
    found = answer["comparisons"].get("follows")
    if found is None or metric == "follows":
        return []
    label = metric_name(words, "follows")
    column = look.Column(label, words("{metric}, averaged over the seeds.", metric=label), wide=True)
    means = {v["name"]: amount(v["mean"], KINDS["follows"], words.language) for v in found["variants"]}
    return [(column, means)]


def warnings(comparison: Judged, words: Words, of: Collection[str] | None = None) -> list[str]:
    """What has to be known beside the verdict, the gravest first; too rare to tell stands in the verdict.

    Of all variants, or of those named and of the comparison itself.
    """
    found = sorted(comparison["warnings"], key=lambda w: [*GRAVE, w["code"]].index(w["code"]))
    told = (w for w in found if of is None or w["variant"] is None or w["variant"] in of)
    return list(dict.fromkeys(w[f"text_{words.language}"] for w in told if w["code"] != "rare_differences"))


def colours(comparison: Judged) -> dict[str, str]:
    """The colour of each variant's standing, by name."""
    palette = PALETTES[look.ground()]
    by: dict[Standing, str] = {"best": palette.accent, "tied": palette.muted, "worse": palette.behind}
    return {name: by[standing] for name, standing in standing_of(comparison).items()}


def shared(request: Comparing, words: Words) -> list[str]:
    """What the scenario does, in words, without what differs from variant to variant."""
    plan = request.plan()
    told = [explain(variant.of(plan), words.language).splitlines() for variant in request.variants]
    return [line for line in told[0] if all(line in other for other in told)]


def picture(
    comparison: Judged, names: look.Names, metric: str, words: Words, phrases: Phrases, key: str
) -> None:
    """Draws the interval plot of a comparison, or of a part of its variants with the best among them."""
    st.subheader(phrases.gap.format(metric=metric_name(words, metric)), anchor=False)
    look.note(in_units(words, phrases.luck.format(level=level(comparison)), metric))
    look.chart(intervals(comparison, names, metric, words), f"intervals_{key}")


def intervals(comparison: Judged, names: look.Names, metric: str, words: Words) -> Any:
    """The figure of the intervals of the gaps to the best."""
    several = comparison["verdict"]["code"] == "equivalent"
    texts = IntervalWords.of(words, several=several)
    chart = interval_chart(comparison, names, KINDS[metric], words.language)
    return interval_figure(chart, texts, look.ground())


def table(
    comparison: Judged,
    names: look.Names,
    metric: str,
    words: Words,
    phrases: Phrases,
    more: Sequence[Beside] = (),
) -> None:
    """Draws the table; more columns stand after the names, with their texts by variant."""
    kind, language, label = KINDS[metric], words.language, metric_name(words, metric)
    tied, colour = often_tied(comparison), colours(comparison)
    meaning = words(
        "Share of seeds in which it did better than, exactly as well as, and worse than the "
        "best, with exact intervals."
    )
    standing = look.Column(words("Win / tie / lose"), meaning, wide=True)
    first = words("Share of seeds in which it came first: what a single launch faces.")
    hits = words("Share of seeds with at least one hit video.")
    columns = (
        look.Column(phrases.column),
        *(column for column, _ in more),
        look.Column(words("Mean"), words("{metric}, averaged over the seeds.", metric=label)),
        look.Column(words("{level} % interval", level=level(comparison)), phrases.interval, wide=True),
        *([standing] if tied else []),
        look.Column(words("Probability best"), phrases.probability),
        look.Column(words("First share"), first, wide=bool(more)),
        look.Column(METRIC["hit"].label(words.language), hits, wide=bool(more)),
    )
    order = sorted(comparison["variants"], key=lambda v: -v["mean"])
    rows: list[list[look.Cell | str]] = []
    for variant in order:
        name, interval = variant["name"], span(variant["low"], variant["high"], kind, language)
        beside = (texts[name] for _, texts in more)
        mean = look.Cell(amount(variant["mean"], kind, language), interval), interval
        ties = [standings(variant, language) or "–"] if tied else []
        shares = (variant[key] for key in ("probability_best", "first_share", "hit_probability"))
        odds = (amount(share, "share", language) for share in shares)
        rows.append([names.get(name, name), *beside, *mean, *ties, *odds])
    look.table(columns, rows, phrases.title.format(metric=label), [colour[v["name"]] for v in order])
