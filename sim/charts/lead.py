"""What a lead is made of: one bar a group of forces, with its interval, a panel for each baseline.

Takes `why` of comparison.json and words; gives chart data, and from it a figure. Grey means 'may be nothing'.
Does not compute statistics.
"""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Literal, NamedTuple

import plotly.graph_objects as go

from sim.charts.axes import LEGEND, Ruler, differences, laid_out, of_names, of_numbers, whiskers
from sim.charts.theme import PALETTES, Ground
from sim.language.numbers import Kind, joined, scale
from sim.language.words import Language, Words

ROW_PX = 34
ROOM_PX = 84
Side = Literal["for", "against", "open"]
"""Whether a part surely helps the best, surely holds it back, or may be nothing."""


class Part(NamedTuple):
    """One part of a lead."""

    at: float
    """its row, counted downwards"""
    name: str
    side: Side
    share: float
    low: float
    high: float
    label: str
    interval: str


class LeadChart(NamedTuple):
    """What the figure shows."""

    parts: tuple[Part, ...]
    titles: tuple[tuple[float, str], ...]
    """row and text of each panel's title, escaped"""
    axis: Ruler


def lead_chart(
    rows: Sequence[Mapping[str, Any]],
    names: Mapping[str, str],
    titles: Mapping[str, str],
    kind: Kind,
    language: Language,
) -> LeadChart:
    """The data of the figure.

    Args:
        rows: group, baseline, share, low, high; parts that are exactly 0 are left out.
        names: what to call each group.
        titles: of the panels, by baseline.
        kind: what the metric counts.
        language: of the numbers.
    """
    ends = [row[key] for row in rows for key in ("share", "low", "high") if row[key] is not None]
    axis = differences(ends, 1.0, kind, language)
    kind = "points" if kind == "share" else kind
    fitting = scale(max(abs(row["share"]) for row in rows), kind, language)
    parts: list[Part] = []
    heads: list[tuple[float, str]] = []
    at = 0.0
    for baseline in dict.fromkeys(row["baseline"] for row in rows):
        heads.append((at, escape(titles[baseline], quote=False)))
        own = [row for row in rows if row["baseline"] == baseline and row["share"]]
        for row in sorted(own, key=lambda row: -abs(row["share"])):
            at += 1.0
            known = row["low"] is not None and row["high"] is not None
            span = (row["low"], row["high"]) if known else (row["share"], row["share"])
            sure = known and (row["low"] > 0.0 or row["high"] < 0.0)
            parts.append(
                Part(
                    at,
                    escape(names[row["group"]], quote=False),
                    "open" if not sure else "for" if row["share"] > 0.0 else "against",
                    row["share"],
                    *span,
                    fitting.text(row["share"], signed=True),
                    joined(fitting, span[0], span[1], language, signed=True) if known else "–",
                )
            )
        at += 1.4
    return LeadChart(tuple(parts), tuple(heads), axis)


def lead_figure(chart: LeadChart, words: Words, ground: Ground = "light") -> go.Figure:
    """The figure: the largest part of each panel on top."""
    palette = PALETTES[ground]
    colours: dict[Side, str] = {"for": palette.accent, "against": palette.behind, "open": palette.muted}
    labels: dict[Side, str] = {
        "for": words("Helps"), "against": words("Hinders"), "open": words("May be nothing"),
    }  # fmt: skip
    figure = go.Figure()
    for side, label in labels.items():
        parts = [part for part in chart.parts if part.side == side]
        if not parts:
            continue
        figure.add_bar(
            x=[part.share for part in parts],
            y=[-part.at for part in parts],
            orientation="h",
            width=0.56,
            marker={"color": colours[side]},
            error_x=whiskers(
                ((part.share, part.low, part.high) for part in parts),
                color=palette.text,
                thickness=1.5,
                width=4,
            ),
            customdata=[[part.name, part.label, part.interval] for part in parts],
            hovertemplate=f"<b>%{{customdata[0]}}</b><br>%{{customdata[1]}}"
            f"<br>{words('Interval:')} %{{customdata[2]}}<extra></extra>",
            name=label,
        )
    last = max([at for at, _ in chart.titles] + [part.at for part in chart.parts])
    return laid_out(
        figure,
        ground,
        round(ROW_PX * (last + 1.0)) + ROOM_PX,
        margin={"r": 24},
        barmode="overlay",
        showlegend=True,
        legend=LEGEND,
        annotations=[
            {
                "x": 0, "xref": "paper", "xanchor": "left", "y": -at, "text": text, "showarrow": False,
                "font": {"size": 13, "color": palette.muted},
            }
            for at, text in chart.titles
        ],
        xaxis=of_numbers(chart.axis, palette, zero=True),
        yaxis=of_names(
            [f"{part.name}  <b>{part.label}</b>" for part in chart.parts], palette, (-last - 0.6, 0.6),
            places=[-part.at for part in chart.parts], size=13,
        ),
    )  # fmt: skip
