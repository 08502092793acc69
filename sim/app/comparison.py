"""A finished comparison on the page: the verdict, the interval plot, the table.

Takes an answer and a metric; draws. Whatever page compares variants shows them with this. Does
not compute and does not know how the answer was asked for.
"""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from sim.app import look
from sim.app.answer import Answer
from sim.app.names import KINDS, layout_name, metric_name, metric_unit, people, scenario_name
from sim.app.request import Request
from sim.app.words import Words
from sim.charts.intervals import IntervalWords, Standing, interval_chart, interval_figure, standing_of
from sim.charts.numbers import amount, span
from sim.charts.theme import PALETTES
from sim.scenario.explain import explain
from sim.scenario.layouts import with_layout


def draw(answer: Answer, request: Request, metric: str, words: Words) -> None:
    """Draws an answer.

    Args:
        answer: document of a finished comparison.
        request: what it answers.
        metric: which of its metrics to show.
        words: of the reader.
    """
    comparison = answer["comparisons"].get(metric)
    label = metric_name(words, metric)
    if comparison is None:
        st.info(words("{metric} has no value here: nothing was spent in this scenario.", metric=label))
        return
    palette = PALETTES[look.ground()]
    colours: dict[Standing, str] = {"best": palette.accent, "tied": palette.muted, "worse": palette.behind}
    standings = standing_of(comparison)
    top = max(comparison["variants"], key=lambda v: v["mean"])["name"]
    look.headline(comparison["verdict"][f"text_{words.language}"], colours[standings[top]])
    look.note(
        words(
            "{seeds} seeds · {users} · {hours} h · {scenario}",
            seeds=comparison["seeds"],
            users=people(words, request.users),
            hours=answer["hours"],
            scenario=scenario_name(words, request.scenario),
        )
    )
    names = {layout: layout_name(words, layout) for layout in request.layouts}
    _picture(comparison, names, metric, words, key=f"{request.key()[:8]}_{metric}")
    _table(comparison, names, {name: colours[s] for name, s in standings.items()}, metric, words)
    with st.expander(words("What this rests on")):
        look.lines(_shared(request, words))


def _shared(request: Request, words: Words) -> list[str]:
    """What the scenario does, in words, without what differs from layout to layout."""
    plan = request.plan()
    told = [explain(with_layout(plan, layout), words.language).splitlines() for layout in request.layouts]
    return [line for line in told[0] if all(line in other for other in told)]


def _picture(
    comparison: Mapping[str, Any], names: Mapping[str, str], metric: str, words: Words, key: str
) -> None:
    unit = metric_unit(words, metric)
    st.subheader(words("{metric}: gap to the best", metric=metric_name(words, metric)), anchor=False)
    caption = words(
        "Same luck for all layouts, compared seed by seed; bars are {level} % intervals.",
        level=_level(comparison),
    )
    look.note(caption + words(" Unit: {unit}.", unit=unit) if unit else caption)
    texts = IntervalWords(
        best=words("Best"),
        tied=words("Cannot be told apart from the best"),
        worse=words("Behind the best"),
        reference=words("highest mean"),
        difference=words("Gap to the best:"),
        interval=words("Interval:"),
    )
    chart = interval_chart(comparison, names, KINDS[metric], words.language)
    figure = interval_figure(chart, texts, look.ground())
    st.plotly_chart(figure, key=f"intervals_{key}", config={"displayModeBar": False, "scrollZoom": False})


def _table(
    comparison: Mapping[str, Any],
    names: Mapping[str, str],
    colours: Mapping[str, str],
    metric: str,
    words: Words,
) -> None:
    kind, language, label = KINDS[metric], words.language, metric_name(words, metric)
    columns = (
        look.Column(words("Layout"), ""),
        look.Column(words("Mean"), words("{metric}, averaged over the seeds.", metric=label)),
        look.Column(
            words("{level} % interval", level=_level(comparison)),
            words(
                "The mean lies in it unless luck was unusual. It holds the luck that all layouts share: "
                "compare layouts by the gaps above, not by whether these overlap."
            ),
            wide=True,
        ),
        look.Column(
            words("Probability best"),
            words("How often this layout has the highest mean when the seeds are drawn again."),
        ),
        look.Column(
            words("First share"), words("Share of seeds in which it came first: what a single launch faces.")
        ),
        look.Column(words("Chance of a hit"), words("Share of seeds with at least one hit video.")),
    )
    rows, dots = [], []
    for variant in sorted(comparison["variants"], key=lambda v: -v["mean"]):
        low, high = variant["low"], variant["high"]
        if kind == "share":
            low, high = max(low, 0.0), min(high, 1.0)
        interval = span(low, high, kind, language)
        shares = (variant[key] for key in ("probability_best", "first_share", "hit_probability"))
        rows.append(
            (
                look.Cell(names.get(variant["name"], variant["name"])),
                look.Cell(amount(variant["mean"], kind, language), interval),
                look.Cell(interval),
                *(look.Cell(amount(share, "share", language)) for share in shares),
            )
        )
        dots.append(colours[variant["name"]])
    look.table(columns, rows, dots, words("Layouts compared by {metric}", metric=label))


def _level(comparison: Mapping[str, Any]) -> str:
    return f"{100 * comparison['interval']['confidence']:.4g}"
