"""A video's scores: what each of the five rates added to them, pool by pool, against the pass mark.

Takes a video's decisions and the category's baseline; gives chart data that say which rate held it back
and what would have been enough, and from them a figure. Adds up nothing that the run did not count.
"""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, NamedTuple

import plotly.graph_objects as go

from sim.charts.axes import STACKED, laid_out, told_above, upright
from sim.charts.theme import PALETTES, Ground, mixed

RATES = ("completion", "like", "comment", "share", "follow")
"""The rates in the score, in the order of the baseline."""
COUNTED = ("completions", "likes", "comments", "shares", "follows")
TINTS = (1.0, 0.8, 0.62, 0.46, 0.32)
"""Strength of the accent colour by rate: colours of their own belong to accounts."""
ROW_PX = 66


class Baseline(NamedTuple):
    """What scores are measured against."""

    usual: Sequence[float]
    """mean rates of the category [per impression]"""
    weights: Sequence[float]
    """summing to 1"""
    cap: float
    """a rate counts for at most so many times the usual one"""


class Part(NamedTuple):
    """One rate in one decision."""

    rate: float
    """responses per impression of the pool"""
    ratio: float
    """over the category's usual rate"""
    points: float
    """what it added to the score"""


class Decision(NamedTuple):
    """One decision on a video."""

    pool: int
    """from 1"""
    hour: int
    impressions: int
    parts: tuple[Part, ...]
    """in the order of RATES; none where no score was taken"""
    score: float
    mark: float
    code: str
    """promote, stop or revive"""
    reason: str


class Enough(NamedTuple):
    """The one rate that would have been enough, all else equal."""

    rate: str
    was: float
    needed: float


def decisions_of(rows: Sequence[Mapping[str, Any]], baseline: Baseline) -> tuple[Decision, ...]:
    """A video's decisions, oldest first, with the parts of their scores.

    Args:
        rows: of the table of promotions, one video's.
        baseline: of the run.
    """
    return tuple(
        Decision(
            row["pool"],
            row["hour"],
            row["impressions"],
            _parts(row, baseline) if row["impressions"] and row["decision"] != "revive" else (),
            row["score"],
            row["threshold"],
            row["decision"],
            row["reason"],
        )
        for row in sorted(rows, key=lambda row: row["hour"])
    )


def _parts(row: Mapping[str, Any], baseline: Baseline) -> tuple[Part, ...]:
    found = []
    for name, usual, weight in zip(COUNTED, baseline.usual, baseline.weights, strict=True):
        rate = row[name] / row["impressions"]
        ratio = rate / usual if usual > 0 else 0.0
        found.append(Part(rate, ratio, weight * min(baseline.cap, ratio)))
    return tuple(found)


def held_back(decision: Decision, baseline: Baseline) -> str | None:
    """The rate that cost the score most: the largest shortfall on the pass mark by weight."""
    if not decision.parts or decision.score >= decision.mark:
        return None
    short = [
        w * decision.mark - part.points for w, part in zip(baseline.weights, decision.parts, strict=True)
    ]
    return RATES[short.index(max(short))]


def enough(decision: Decision, baseline: Baseline) -> Enough | None:
    """What would have been enough: the one rate that had to rise least against the usual one, and to what.

    Returns:
        None where the score was high enough, or where no rate alone could have done it.
    """
    missing = decision.mark - decision.score
    if not decision.parts or missing <= 0:
        return None
    found = []
    for rate, part, usual, weight in zip(
        RATES, decision.parts, baseline.usual, baseline.weights, strict=True
    ):
        if weight > 0 and usual > 0:
            ratio = (part.points + missing) / weight
            if ratio <= baseline.cap and ratio * usual <= 1:
                found.append((ratio - part.ratio, Enough(rate, part.rate, ratio * usual)))
    return min(found)[1] if found else None


class ScoreWords(NamedTuple):
    """The words on the figure, in the reader's language."""

    rows: Sequence[str]
    """what stands above each bar"""
    rates: Sequence[str]
    """names of the rates, in the order of RATES"""
    score: str
    mark: str
    hover: str
    """with {rate}, {ratio} and {points}"""


def score_figure(decisions: Sequence[Decision], words: ScoreWords, ground: Ground) -> go.Figure:
    """The scores as a plotly figure: a bar a decision, made of five parts, and its pass mark."""
    palette, figure = PALETTES[ground], go.Figure()
    rows = list(range(len(decisions)))
    for k, (name, tint) in enumerate(zip(words.rates, TINTS, strict=True)):
        parts = [decision.parts[k] if decision.parts else Part(0.0, 0.0, 0.0) for decision in decisions]
        figure.add_bar(
            x=[part.points for part in parts],
            y=rows,
            orientation="h",
            width=0.36,
            name=escape(name, quote=False),
            marker={
                "color": mixed(palette.accent, palette.background, tint),
                "line": {"color": palette.background, "width": 1},
            },
            customdata=[
                escape(
                    words.hover.format(
                        rate=f"{name} {100 * part.rate:.2f}%",
                        ratio=f"{part.ratio:.2f}",
                        points=f"{part.points:.2f}",
                    ),
                    quote=False,
                )
                for part in parts
            ],
            hovertemplate="%{customdata}<extra></extra>",
        )
    marked = [k for k in rows if decisions[k].mark > 0]
    figure.add_scatter(
        x=[decisions[k].mark for k in marked],
        y=marked,
        mode="markers",
        marker=upright("line-ns-open", 27, 3, palette.text),
        name=escape(words.mark, quote=False),
        hovertemplate=f"{words.mark} %{{x:.2f}}<extra></extra>",
        cliponaxis=False,
    )
    for k, text in zip(rows, words.rows, strict=True):
        told_above(figure, k - 0.26, escape(text, quote=False), palette.text, palette.background)
    high = max([0.1, *(max(decision.score, decision.mark) for decision in decisions)])
    return laid_out(
        figure, ground, ROW_PX * len(rows) + 110, barmode="stack", legend=STACKED,
        xaxis={"range": [0, 1.08 * high], "fixedrange": True, "showgrid": True, "gridcolor": palette.line,
               "nticks": 6, "title": {"text": words.score}},
        yaxis={"range": [len(rows) - 1 + 0.4, -0.85], "visible": False, "fixedrange": True},
    )  # fmt: skip
