"""A finished comparison on whatever page: the verdict, the interval plot, the table."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import streamlit as st

from sim.app.jobs.request import Comparing
from sim.app.jobs.store import Answer, Judged
from sim.app.ui import economics, further, goals, look, risk
from sim.app.ui.names import KINDS, facts, in_units, metric_name, sentence_name, variant_names
from sim.charts.intervals import interval_chart, interval_figure
from sim.language import plain
from sim.language.numbers import amount
from sim.language.words import N_, Words, begun
from sim.report.comparison import colours
from sim.report.comparison import table as all_numbers
from sim.report.parts import Cell, Column, Table
from sim.report.text import Say, level
from sim.scenario.explain import explain

SHOWN = 3
"""Warnings that stand beside the verdict; further ones are folded (chosen)."""
GRAVE = (
    "beyond_capacity", "loses_money", "few_orders", "saturated", "small_audience", "posts_beyond_data"
)  # fmt: skip
"""Warnings that come first."""


PHONE = (N_("Mean"), N_("First share"))
"""Columns of the table that a phone shows beside the names."""
Beside = tuple[Column, Mapping[str, str]]
"""A column more of the table, and its texts by variant."""


def draw(
    answer: Answer,
    request: Comparing,
    metric: str,
    words: Words,
    *,
    whole: bool = False,
    early: bool = False,
    following: Callable[[Judged], None] | None = None,
    about: str = "",
) -> None:
    """Draws an answer by one of its metrics: verdict, picture, why, money, risk, when it turns over.

    A whole one, with all its seeds, can be asked further, and `following` draws what to do next; of an early
    look nothing is said but who is ahead. It rests on a scenario, or on what `about` says.
    """
    comparison = found(answer, metric, words)
    if comparison is None:
        return
    spoken = {variant.name: sentence_name(words, variant) for variant in request.variants}
    if early:
        look.note(so_far(comparison, spoken, words))
    else:
        top = max(comparison["variants"], key=lambda v: v["mean"])["name"]
        verdict = plain.told(comparison["verdict"][f"text_{words.language}"], words)
        look.headline(verdict, colours(comparison, look.ground())[top])
    look.note(about or facts(words, request, answer["hours"], seeds=comparison["seeds"]))
    names = variant_names(words, request.variants)
    picture(comparison, names, metric, words, key=f"{request.key()[:8]}_{metric}")
    table(comparison, names, words, _beside(answer, metric, words))
    asks = whole and not early and further.differs(comparison)
    if asks:
        _further((further.WHY,), request, comparison, metric, words)
    economics.draw(comparison, names, words, [] if early else economics.told(comparison, spoken, words))
    st.header(words("Risk and what to watch"), anchor=False)
    if not early:
        look.folded(warnings(comparison, words), SHOWN, words)
    plan = request.plan()
    risk.draw(comparison, [variant.of(plan) for variant in request.variants], names, words)
    if whole:
        goals.draw(answer, request, words)
    if asks:
        st.header(words("When does it turn over?"), anchor=False)
        _further((further.ROBUST, further.PLATFORMS), request, comparison, metric, words)
    if following is not None and whole and not early:
        following(comparison)
    with st.expander(words("What this rests on")):
        look.lines(shared(request, words))


def _further(of: tuple[str, ...], request: Comparing, comparison: Judged, metric: str, words: Words) -> None:
    further.draw(further.ask(request, comparison, metric, words, of=of), metric, words)


def so_far(comparison: Judged, names: look.Names, words: Words) -> str:
    """What is said of a look that others follow at once: two seeds settle nothing, whatever they show."""
    top = max(comparison["variants"], key=lambda v: v["mean"])["name"]
    said = N_("{best} is ahead after {seeds} rounds; the answer follows with more of them.")
    return begun(words(said, best=names[top], seeds=comparison["seeds"]))


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
    column = Column(label, words("{metric}, averaged over the rounds.", metric=label))
    means = {v["name"]: amount(v["mean"], KINDS["follows"], words.language) for v in found["variants"]}
    return [(column, means)]


def warnings(comparison: Judged, words: Words, of: Collection[str] | None = None) -> list[str]:
    """What has to be known beside the verdict, the gravest first; too rare to tell stands in the verdict.

    Of all variants, or of those named and of the comparison itself.
    """
    found = sorted(comparison["warnings"], key=lambda w: [*GRAVE, w["code"]].index(w["code"]))
    told = (w for w in found if of is None or w["variant"] is None or w["variant"] in of)
    texts = (w[f"text_{words.language}"] for w in told if w["code"] != "rare_differences")
    return list(dict.fromkeys(plain.told(text, words) for text in texts))


def shared(request: Comparing, words: Words) -> list[str]:
    """What the scenario does, in words, without what differs from variant to variant."""
    plan = request.plan()
    texts = (explain(variant.of(plan), words.language) for variant in request.variants)
    told = [plain.told(text, words).splitlines() for text in texts]
    return [line for line in told[0] if all(line in other for other in told)]


def picture(comparison: Judged, names: look.Names, metric: str, words: Words, key: str) -> None:
    """Draws the interval plot of a comparison, or of a part of its variants with the best among them."""
    st.header(words("{metric}: gap to the best", metric=metric_name(words, metric)), anchor=False)
    said = N_("Same luck for all variants, compared seed by seed; bars are {level} % intervals.")
    look.note(in_units(words, words(said, level=level(comparison)), metric))
    look.chart(intervals(comparison, names, metric, words), f"intervals_{key}")


def intervals(comparison: Judged, names: look.Names, metric: str, words: Words) -> Any:
    """The figure of the intervals of the gaps to the best."""
    chart = interval_chart(comparison, names, KINDS[metric], words.language)
    return interval_figure(chart, words, look.ground())


def table(comparison: Judged, names: look.Names, words: Words, more: Sequence[Beside] = ()) -> None:
    """Draws the report's table; more columns stand after the names, with their texts by variant."""
    say = Say(words.language, words.instead)
    found = all_numbers(comparison, names, say, look.ground())
    columns = [found.columns[0], *(column for column, _ in more), *found.columns[1:]]
    order = sorted(comparison["variants"], key=lambda v: -v["mean"])
    beside = [[Cell(texts[variant["name"]]) for _, texts in more] for variant in order]
    rows = [[row[0], *cells, *row[1:]] for row, cells in zip(found.rows, beside, strict=True)]
    wide = [k for k, column in enumerate(columns) if k and column.title not in map(say, PHONE)]
    look.reported(Table(found.title, columns, rows), wide=wide)
