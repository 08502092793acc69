"""The funnel: how many videos entered each pool, were promoted and stopped, and how sure each share is.

Takes the table of videos and the pools' sizes; gives chart data, and from it a figure. Bars are to
scale, so that 3 of 60 look like 3 of 60; their counts stand above them in words.
"""

from collections.abc import Sequence
from typing import NamedTuple

import plotly.graph_objects as go
import polars as pl

from sim.analysis.shares import wilson
from sim.charts.axes import STACKED, laid_out, told_above, whiskers
from sim.charts.theme import PALETTES, Ground
from sim.language.numbers import amount, short, span
from sim.language.words import Words

RUNNING = "running"
"""`stop_reason` of a video that no decision has ended."""
ROW_PX = 78
"""Height of one pool: two lines of text and a bar."""
LEFT, RIGHT = 0.58, 0.68
"""Where the bars end and where the shares begin, of the width (chosen)."""
BAR = 0.2
"""Half the height of a bar, of a row."""


class Rung(NamedTuple):
    """One pool: videos by what became of them there."""

    pool: int
    """from 1"""
    size: int
    """impressions that it grants an account without fans"""
    entered: int
    promoted: int
    stopped: int
    running: int
    """still in it when the run ended"""
    low: float
    high: float
    """interval of the share promoted; 0 to 1 where nothing was decided"""

    @property
    def judged(self) -> int:
        """Videos that were decided on."""
        return self.promoted + self.stopped

    @property
    def share(self) -> float | None:
        """Share promoted of those that were decided on."""
        return self.promoted / self.judged if self.judged else None


def funnel_chart(videos: pl.DataFrame, sizes: Sequence[int], confidence: float = 0.95) -> tuple[Rung, ...]:
    """The data of the funnel.

    Args:
        videos: with the columns pool (from 1, the last one entered) and stop_reason.
        sizes: impressions that each pool grants.
        confidence: of the intervals of the shares.
    Returns:
        One rung a pool, down to the first one that no video entered.
    """
    pools = videos["pool"].to_list()
    going = videos.filter(pl.col("stop_reason") == RUNNING)["pool"].to_list()
    rungs = []
    for pool, size in enumerate(sizes, start=1):
        entered = sum(reached >= pool for reached in pools)
        promoted, running = sum(reached > pool for reached in pools), going.count(pool)
        stopped = entered - promoted - running
        low, high = wilson(promoted, promoted + stopped, confidence)
        rungs.append(Rung(pool, size, entered, promoted, stopped, running, low, high))
        if not entered:
            break
    return tuple(rungs)


def funnel_figure(rungs: Sequence[Rung], words: Words, ground: Ground) -> go.Figure:
    """The funnel as a plotly figure: bars of videos on the left, shares promoted on the right."""
    palette, figure = PALETTES[ground], go.Figure()
    rows = list(range(len(rungs)))
    hover = [_told(rung, words).replace("\n", "<br>") for rung in rungs]
    looks = (
        (words("promoted"), [rung.promoted for rung in rungs], palette.accent, ""),
        (words("stopped"), [rung.stopped for rung in rungs], palette.muted, ""),
        (words("still in it"), [rung.running for rung in rungs], palette.accent, "/"),
    )
    for name, counts, colour, pattern in looks:
        figure.add_bar(
            x=counts,
            y=rows,
            orientation="h",
            width=2 * BAR,
            name=name,
            marker={
                "color": colour,
                "line": {"color": colour, "width": [1 if count else 0 for count in counts]},
                "pattern": {
                    "shape": pattern,
                    "fgcolor": colour,
                    "bgcolor": palette.background,
                    "solidity": 0.35,
                },
            },
            customdata=hover,
            hovertemplate="%{customdata}<extra></extra>",
        )
    judged = [k for k, rung in enumerate(rungs) if rung.judged]
    figure.add_scatter(
        x=[rungs[k].share for k in judged],
        y=judged,
        xaxis="x2",
        mode="markers+text",
        marker={"size": 10, "color": palette.text},
        error_x=whiskers(
            ((rungs[k].share or 0.0, rungs[k].low, rungs[k].high) for k in judged),
            thickness=2, width=5, color=palette.text,
        ),
        text=[amount(rungs[k].share or 0.0, "share", words.language) for k in judged],
        textposition=[_beside(rungs[k].share or 0.0) for k in judged],
        textfont={"color": palette.text, "size": 13},
        customdata=[hover[k] for k in judged],
        hovertemplate="%{customdata}<extra></extra>",
        showlegend=False,
        cliponaxis=False,
    )  # fmt: skip
    for k, rung in enumerate(rungs):
        title, numbers = _told(rung, words).split("\n")[:2]
        told_above(figure, k - BAR, f"<b>{title}</b><br>{numbers}", palette.text, palette.background)
    most = max(1, *(rung.entered for rung in rungs))
    axis = {"showgrid": True, "gridcolor": palette.line, "zeroline": True, "fixedrange": True, "tickangle": 0}
    return laid_out(
        figure, ground, ROW_PX * len(rungs) + 96, barmode="stack", legend=STACKED, margin={"r": 12},
        xaxis={**axis, "domain": [0, LEFT], "range": [0, most * 1.02], "nticks": 5, "tickformat": ",d",
               "title": {"text": words("Videos")}},
        xaxis2={**axis, "domain": [RIGHT, 0.97], "range": [0, 1], "tickvals": [0, 0.5, 1],
                "ticktext": ["0%", "50%", "100%"], "title": {"text": words("Share promoted")}},
        yaxis={"range": [len(rungs) - 1 + 0.35, -0.85], "visible": False, "fixedrange": True},
    )  # fmt: skip


def _told(rung: Rung, words: Words) -> str:
    """What a pool did, in three lines: name and size, counts, the share promoted."""
    size = words("about {n} impressions without fans", n=short(rung.size, words.language))
    counts = words(
        "{entered} entered: {promoted} promoted, {stopped} stopped",
        entered=rung.entered, promoted=rung.promoted, stopped=rung.stopped,
    )  # fmt: skip
    if rung.running:
        counts += words(", {running} still in it", running=rung.running)
    lines = [f"{words('Pool {n}', n=rung.pool)} · {size}", counts]
    if rung.share is not None:
        share = amount(rung.share, "share", words.language)
        between = span(rung.low, rung.high, "share", words.language)
        rests = words("{count} of {of} judged", count=rung.promoted, of=rung.judged)
        lines.append(f"{words('Share promoted')}: {share} ({between}; {rests})")
    return "\n".join(lines)


def _beside(share: float) -> str:
    """Where the text of a share stands, so that it stays inside the panel."""
    near = 0.2
    side = "right" if share < near else "left" if share > 1 - near else "center"
    return f"bottom {side}"  # above stand the counts, which on a phone reach this far
