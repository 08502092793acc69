from typing import Any

import pytest

from sim.charts.box import NOBODY, box_chart, box_figure, nobody_hue
from sim.language.words import Words

SIDE = 12
NAMES = {"one": "单号", "race:8": "8 号 <赛马>"}
HUES = {"one": "#38A0C4", "race:8": "#AF1673"}
WORDS = Words("zh")
AXES = {"a.b": "一个名字很长很长的假设，长到一行放不下所以要分成两行来写"}


def robust(**others: Any) -> dict[str, Any]:
    """The first assumption decides: low one, high race; nobody at the highest ends of both."""
    best: list[list[str | None]] = [["one"] * SIDE for _ in range(4)] + [["race:8"] * SIDE for _ in range(8)]
    best[-1][-1] = None
    cells = SIDE * SIDE
    return {
        "draws": 64,
        "axes": [
            {"key": "a.b", "low": 1.0, "high": 3.0, "here": 1.5, "effect": 0.5},
            {"key": "c.d", "low": 0.0, "high": 10_000.0, "here": 2_000.0, "effect": 0.1},
        ],
        "best": best,
        "shares": {"one": 4 * SIDE / cells, "race:8": (8 * SIDE - 1) / cells},
        "cannot_tell": 1 / cells,
        **others,
    }


def test_the_first_assumption_runs_across_and_the_second_upwards() -> None:
    chart = box_chart(robust(), NAMES, HUES, AXES, "zh")
    first = chart.names.index("单号")
    assert all(row[:4] == (first,) * 4 for row in chart.cells)
    assert chart.cells[-1][-1] == NOBODY  # right above: the high end of both
    assert chart.cells[0][-1] != NOBODY
    assert [axis.here for axis in chart.axes] == [0.25, 0.2]


def test_a_variant_keeps_its_colour_whoever_else_is_best_anywhere() -> None:
    whole = box_chart(robust(), NAMES, HUES, AXES, "zh")
    assert dict(zip(whole.names, whole.hues, strict=True)) == {
        "单号": HUES["one"], "8 号 &lt;赛马&gt;": HUES["race:8"],
    }  # fmt: skip
    alone = robust(best=[["race:8"] * SIDE] * SIDE, shares={"one": 0.0, "race:8": 1.0}, cannot_tell=0.0)
    assert box_chart(alone, NAMES, HUES, AXES, "zh").hues == (HUES["race:8"],)


@pytest.mark.parametrize("ground", ["light", "dark"])
def test_every_cell_has_the_colour_of_its_best_and_nobody_is_grey(ground: Any) -> None:
    chart = box_chart(robust(), NAMES, HUES, AXES, "zh")
    figure = box_figure(chart, WORDS, ground)
    heat, here = figure.data
    colours = (nobody_hue(ground), *chart.hues)
    steps = len(colours)
    scale = [(round(at * steps, 6), hue) for at, hue in heat.colorscale]
    assert scale == [(k + end, hue) for k, hue in enumerate(colours) for end in (0, 1)]
    assert (heat.zmin, heat.zmax) == (-0.5, steps - 0.5)
    assert [list(row) for row in heat.z] == [[best + 1 for best in row] for row in chart.cells]
    assert (list(here.x), list(here.y)) == ([0.25], [0.2])
    assert figure.layout.annotations[0].text == "当前设定"


def test_long_names_of_assumptions_are_broken_and_ends_are_plain_numbers() -> None:
    figure = box_figure(box_chart(robust(), NAMES, HUES, AXES, "zh"), WORDS)
    assert "<br>" in figure.layout.xaxis.title.text
    assert figure.layout.yaxis.title.text == "c.d"
    assert list(figure.layout.yaxis.ticktext) == ["0", "5,000", "1 万"]


def test_a_value_outside_of_its_range_stands_at_the_edge() -> None:
    found = robust()
    found["axes"][0]["here"] = 9.0
    assert box_chart(found, NAMES, HUES, AXES, "zh").axes[0].here == 1.0
