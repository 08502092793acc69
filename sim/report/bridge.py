"""From the profit of one variant to that of another, step by step, under the same luck.

Takes the files of a comparison; gives blocks of a report. Its intervals are those of the comparison (paired).
"""

from collections.abc import Mapping

import numpy as np

from sim.charts.bridge import bridge_chart, bridge_figure
from sim.charts.theme import Ground
from sim.report.folder import ComparisonFiles
from sim.report.parts import Block, Figure, Text
from sim.report.text import Say, level

NEEDED = ("gmv_cny", "cost_cny", "new_fans", "profit_cny")


def bridge(
    files: ComparisonFiles, ends: tuple[str, str], names: Mapping[str, str], say: Say, ground: Ground
) -> list[Block]:
    """The figure with a line on it; nothing where the money of the launches, or the scenario, is not known.

    Args:
        files: of the comparison.
        ends: names of the variants where one starts and where one arrives.
        names: what to call them.
        say: the language.
        ground: that the figure stands on.
    """
    runs, variants = files.replications, [v["name"] for v in files.comparison["variants"]]
    if not files.scenarios or not set(NEEDED) <= set(runs.columns):
        return []
    from sim.analysis.paired import (
        FEWEST_SEEDS,
        intervals,
    )  # scipy, which a page that is only drawn does without

    parts, profits = [], []
    for name in ends:
        own, brand = runs.filter(variant=name).sort("seed"), files.scenarios[variants.index(name)].brand
        sold, fans = (
            own["gmv_cny"].to_numpy() * brand.margin_share,
            own["new_fans"].to_numpy() * brand.fan_value_cny,
        )
        parts.append((sold, fans, -own["cost_cny"].to_numpy()))
        profits.append(own["profit_cny"].to_numpy())
    if len(profits[0]) != len(profits[1]) or len(profits[0]) < FEWEST_SEEDS:
        return []
    steps = []
    titles = (say("Margin of the sales"), say("Worth of the new fans"), say.label("cost_cny"))
    for title, before, after in zip(titles, *parts, strict=True):
        found = intervals(np.array([before, after], float), files.comparison["interval"]["confidence"], to=0)
        limits = [float(end[1]) for end in (found.difference_low, found.difference_high)]
        known = all(map(np.isfinite, limits))
        steps.append((title, float(found.difference[1]), *(limits if known else (None, None))))
    first, last = (
        (say("Profit: {name}", name=names[name]), float(profit.mean()))
        for name, profit in zip(ends, profits, strict=True)
    )
    figure = bridge_figure(
        bridge_chart((first, last), steps, "money", say.language), say("Interval:"), ground
    )
    title = say("From {one} to {other}, step by step", one=names[ends[0]], other=names[ends[1]])
    said = say(
        "Profit in CNY, means of the launches; thin lines are {level} % intervals of the difference, launch "
        "by launch under the same luck.",
        level=level(files.comparison),
    )
    return [
        Text(f"{title}. {said}" if say.language == "en" else f"{title}。{said}", quiet=True),
        Figure("bridge", title, figure),
    ]
