"""Why the best is ahead, and where it is not, in a comparison's report: words first, then a figure.

Takes `why` and `robust` as comparison.json has them; gives blocks, none where they were not asked for. Works
nothing out.
"""

from collections.abc import Mapping
from math import isfinite
from typing import Any

from sim.analysis.reasons import GROUPS, WHY_SEEDS, over_box, reasons
from sim.analysis.worth_told import is_worth, worth_in
from sim.charts.box import box_chart, box_figure
from sim.charts.lead import lead_chart, lead_figure
from sim.charts.theme import CATEGORIES, Ground
from sim.language.numbers import amount
from sim.language.vocabulary import METRIC_KINDS
from sim.report.parts import Block, Figure, Section, Text
from sim.report.text import Say

DIMENSIONS = 2
"""Assumptions of a map."""


def why(comparison: Mapping[str, Any], names: Mapping[str, str], say: Say, ground: Ground) -> list[Section]:
    """The parts of the best's lead."""
    rows = comparison.get("why", ())
    if not any(row["share"] for row in rows):
        return []
    best, second = (row["name"] for row in sorted(comparison["variants"], key=lambda v: -v["mean"])[:2])
    metric, language = comparison["metric"], say.language
    lines = reasons(rows, (names[best], names[second]), metric, language, WHY_SEEDS)
    titles = {
        "runner_up": say("Ahead of {other}, the runner-up", other=names[second]),
        "written": say("Ahead of the plan as written"),
    }
    groups = {key: say(text) for key, text in GROUPS.items()}
    chart = lead_chart(rows, groups, titles, METRIC_KINDS[metric], language)
    figure = lead_figure(chart, say, ground)
    blocks: list[Block] = [*map(Text, lines), Figure("lead", say("Why"), figure)]
    return [Section(say("Why"), blocks)]


def in_doubt(
    comparison: Mapping[str, Any], names: Mapping[str, str], say: Say, ground: Ground
) -> list[Section]:
    """What is best where in the range of the assumptions."""
    found = comparison.get("robust")
    if found is None:
        return []
    hues = {name: CATEGORIES[k % len(CATEGORIES)] for k, name in enumerate(found["shares"])}
    chart = box_chart(found, names, hues, {}, say.language)
    legend = [
        f"{names[name]} {amount(share, 'share', say.language)}"
        for name, share in sorted(found["shares"].items(), key=lambda item: -item[1])
        if share
    ]
    figure = box_figure(chart, say, ground)
    figure.update_traces(showlegend=False)
    for name, hue, text in zip(chart.names, chart.hues, legend, strict=True):
        figure.add_scatter(
            x=[None], y=[None], mode="markers", marker={"size": 12, "color": hue, "symbol": "square"},
            name=text or name, showlegend=True,
        )  # fmt: skip
    return [
        Section(
            say("If the assumptions are wrong"),
            [*map(Text, over_box(found, names, say.language)),
             *map(Text, worth_in(comparison, say.language)),
             Text(say("Areas are shares of the assumptions' range, not probabilities: nobody "
                      "knows how likely each point of it is. Grey: nobody can tell."), quiet=True),
             Figure("assumptions", say("If the assumptions are wrong"), figure)],
        )
    ]  # fmt: skip


def malformed(document: Mapping[str, Any]) -> str:
    """Which of `why`, `robust`, `worth_knowing` of a comparison is not as it has to be; empty: none."""
    names = {variant["name"] for variant in document["variants"]}
    rows = document.get("why", [])
    if not isinstance(rows, list) or not all(map(_is_part, rows)):
        return "why"
    found = document.get("robust")
    if found is None or _is_map(found, names):
        return "" if is_worth(document.get("worth_knowing", [])) else "worth_knowing"
    return "robust"


def _is_part(row: object) -> bool:
    return (
        isinstance(row, dict)
        and row.get("group") in GROUPS
        and row.get("baseline") in ("runner_up", "written")
        and _is_number(row.get("share"))
        and all(row.get(key) is None or _is_number(row[key]) for key in ("low", "high"))
    )


def _is_map(found: object, names: set[str]) -> bool:
    if not isinstance(found, dict) or not all(_is_number(found.get(key)) for key in ("draws", "cannot_tell")):
        return False
    axes, rows, shares = (found.get(key) for key in ("axes", "best", "shares"))
    if not (isinstance(axes, list) and isinstance(rows, list) and isinstance(shares, dict)):
        return False
    return (
        len(axes) == DIMENSIONS
        and all(isinstance(axis, dict) and isinstance(axis.get("key"), str) for axis in axes)
        and all(_is_number(axis.get(key)) for axis in axes for key in ("low", "high", "here"))
        and bool(rows)
        and all(isinstance(row, list) and len(row) == len(rows) for row in rows)
        and {best for row in rows for best in row} <= {None, *shares}
        and set(shares) <= names
        and all(map(_is_number, shares.values()))
        and isinstance(today := found.get("today", []), list)
        and all(name in shares for name in today)
    )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
