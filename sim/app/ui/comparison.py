"""A finished comparison on the page: the verdict, the interval plot, the table.

Takes an answer and a metric; draws. Whatever page compares variants shows them with this. Does
not compute and does not know how the answer was asked for.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

import streamlit as st

from sim.app.jobs.questions import Later
from sim.app.jobs.request import Comparing
from sim.app.jobs.store import Answer
from sim.app.jobs.variants import Variation
from sim.app.ui import economics, further, look
from sim.app.ui.names import (
    KINDS,
    market,
    metric_name,
    metric_unit,
    scenario_name,
    sentence_name,
    variant_name,
)
from sim.charts.intervals import IntervalWords, Standing, interval_chart, interval_figure, standing_of
from sim.charts.numbers import amount, often_tied, span, standings
from sim.charts.theme import PALETTES
from sim.language.words import Words
from sim.scenario.explain import explain

SHOWN = 3
"""Warnings that stand beside the verdict; further ones are folded (chosen)."""
GRAVE = ("loses_money", "few_orders", "saturated", "small_audience", "posts_beyond_data")
"""Warnings that come first."""


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
    column = (
        words("Accounts and layout")
        if shapes and layouts
        else (words("Accounts") if shapes else words("Layout"))
    )
    return Phrases(
        words("{metric}: gap to the best"),
        words("Same luck for all variants, compared seed by seed; bars are {level} % intervals."),
        column,
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
    """Draws an answer.

    Args:
        answer: document of a finished comparison.
        request: what it answers.
        metric: which of its metrics to show.
        words: of the reader.
        whole: all its seeds are there, so that it can be asked further.
        others: what else can be asked then.
    """
    comparison = answer["comparisons"].get(metric)
    label = metric_name(words, metric)
    if comparison is None:
        st.info(words("{metric} has no value here: nothing was spent in this scenario.", metric=label))
        return
    top = max(comparison["variants"], key=lambda v: v["mean"])["name"]
    look.headline(comparison["verdict"][f"text_{words.language}"], colours(comparison)[top])
    spoken = {variant.name: sentence_name(words, variant) for variant in request.variants}
    look.lines(economics.told(comparison, spoken, words))
    warn(warnings(comparison, words), words)
    look.note(
        words(
            "{seeds} seeds · {users} · {hours} h · {scenario}",
            seeds=comparison["seeds"],
            users=market(words, request),
            hours=answer["hours"],
            scenario=scenario_name(words, request.scenario),
        )
    )
    more = further.ask(request, comparison, metric, words, others) if whole else further.Further()
    names = {variant.name: variant_name(words, variant) for variant in request.variants}
    phrases = of_variants(request.variants, words)
    picture(comparison, names, metric, words, phrases, key=f"{request.key()[:8]}_{metric}")
    table(comparison, names, metric, words, phrases, _beside(answer, metric, words))
    economics.draw(comparison, names, colours(comparison), words)
    further.draw(more, metric, words)
    with st.expander(words("What this rests on")):
        look.lines(shared(request, words))


def _beside(answer: Answer, metric: str, words: Words) -> list[tuple[look.Column, dict[str, str]]]:
    """Followers beside whatever else is compared: what a brand has for longer."""
    found = answer["comparisons"].get("follows")
    if found is None or metric == "follows":
        return []
    label = metric_name(words, "follows")
    column = look.Column(label, words("{metric}, averaged over the seeds.", metric=label), wide=True)
    return [
        (column, {v["name"]: amount(v["mean"], KINDS["follows"], words.language) for v in found["variants"]})
    ]


def warnings(comparison: Mapping[str, Any], words: Words, of: Collection[str] | None = None) -> list[str]:
    """What has to be known beside the verdict, the gravest first; too rare to tell stands in the verdict.

    Args:
        comparison: content of comparison.json.
        words: of the reader.
        of: names of the variants whose own warnings count; all when left out.
    """
    found = [
        w
        for w in comparison["warnings"]
        if w["code"] != "rare_differences" and (of is None or w["variant"] is None or w["variant"] in of)
    ]
    found.sort(key=lambda w: GRAVE.index(w["code"]) if w["code"] in GRAVE else len(GRAVE))
    return list(dict.fromkeys(w[f"text_{words.language}"] for w in found))


def warn(texts: Sequence[str], words: Words) -> None:
    """Draws warnings: the first ones, and further ones in a fold."""
    look.lines(texts[:SHOWN])
    if rest := texts[SHOWN:]:
        with st.expander(words("More to know ({n})", n=len(rest))):
            look.lines(rest)


def colours(comparison: Mapping[str, Any]) -> dict[str, str]:
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
    comparison: Mapping[str, Any],
    names: Mapping[str, str],
    metric: str,
    words: Words,
    phrases: Phrases,
    key: str,
) -> None:
    """Draws the interval plot.

    Args:
        comparison: content of comparison.json, or a part of its variants with the best among them.
        names: what to call each variant.
        metric: of the comparison.
        words: of the reader.
        phrases: about the variants.
        key: of the figure on the page.
    """
    unit = metric_unit(words, metric)
    st.subheader(phrases.gap.format(metric=metric_name(words, metric)), anchor=False)
    caption = phrases.luck.format(level=level(comparison))
    look.note(caption + words(" Unit: {unit}.", unit=unit) if unit else caption)
    texts = IntervalWords(
        best=words("Any of these will do") if will_do(comparison) else words("Best"),
        tied=words("Cannot be told apart from the best"),
        worse=words("Behind the best"),
        reference=words("highest mean"),
        difference=words("Gap to the best:"),
        interval=words("Interval:"),
    )
    chart = interval_chart(comparison, names, KINDS[metric], words.language)
    figure = interval_figure(chart, texts, look.ground())
    st.plotly_chart(figure, key=f"intervals_{key}", config={"displayModeBar": False, "scrollZoom": False})


def table(
    comparison: Mapping[str, Any],
    names: Mapping[str, str],
    metric: str,
    words: Words,
    phrases: Phrases,
    more: Sequence[tuple[look.Column, Mapping[str, str]]] = (),
) -> None:
    """Draws the table.

    Args:
        comparison: content of comparison.json, or a part of its variants.
        names: what to call each variant.
        metric: of the comparison.
        words: of the reader.
        phrases: about the variants.
        more: columns that stand after the names, and their texts by variant.
    """
    kind, language, label = KINDS[metric], words.language, metric_name(words, metric)
    columns = (
        look.Column(phrases.column, ""),
        *(column for column, _ in more),
        look.Column(words("Mean"), words("{metric}, averaged over the seeds.", metric=label)),
        look.Column(
            words("{level} % interval", level=level(comparison)),
            phrases.interval,
            wide=True,
        ),
        *(
            [
                look.Column(
                    words("Win / tie / lose"),
                    words(
                        "Share of seeds in which it did better than, exactly as well as, and worse than the "
                        "best, with exact intervals."
                    ),
                    wide=True,
                )
            ]
            if often_tied(comparison)
            else []
        ),
        look.Column(words("Probability best"), phrases.probability),
        look.Column(
            words("First share"),
            words("Share of seeds in which it came first: what a single launch faces."),
            wide=bool(more),
        ),
        look.Column(
            words("Chance of a hit"), words("Share of seeds with at least one hit video."), wide=bool(more)
        ),
    )
    rows, dots, colour = [], [], colours(comparison)
    for variant in sorted(comparison["variants"], key=lambda v: -v["mean"]):
        interval = span(variant["low"], variant["high"], kind, language)
        shares = (variant[key] for key in ("probability_best", "first_share", "hit_probability"))
        rows.append(
            (
                look.Cell(names.get(variant["name"], variant["name"])),
                *(look.Cell(texts[variant["name"]]) for _, texts in more),
                look.Cell(amount(variant["mean"], kind, language), interval),
                look.Cell(interval),
                *([look.Cell(standings(variant, language) or "–")] if often_tied(comparison) else []),
                *(look.Cell(amount(share, "share", language)) for share in shares),
            )
        )
        dots.append(colour[variant["name"]])
    look.table(columns, rows, dots, phrases.title.format(metric=label))


def will_do(comparison: Mapping[str, Any]) -> bool:
    """Whether several are as good as the best, for all that matters."""
    return bool(comparison["verdict"]["code"] == "equivalent")


def level(comparison: Mapping[str, Any]) -> str:
    """The confidence of the intervals [%]."""
    return f"{100 * comparison['interval']['confidence']:.4g}"
