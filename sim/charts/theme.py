"""The look of every figure: the palette of .streamlit/config.toml as a plotly template.

Takes a ground, light or dark; gives colours and a template. A test holds the palette equal to
the app's theme, so that a figure in the report looks like the one on the page.
"""

from functools import cache
from typing import Literal, NamedTuple

import plotly.graph_objects as go

Ground = Literal["light", "dark"]

FONT = (
    "'PingFang SC', 'HarmonyOS Sans SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Source Han Sans SC', "
    "'WenQuanYi Micro Hei', system-ui, sans-serif"
)
"""Chinese faces first: Latin ones would leave Chinese to whatever the browser finds."""

CATEGORIES = (
    "#38A0C4", "#8B5000", "#AF1673", "#AF8F08", "#7A45A8", "#DE7189", "#426840", "#8E964F", "#7975F2",
)  # fmt: skip
"""One colour an account or variant, the same on both grounds."""


HALO = ", ".join(["0 0 2px {ground}"] * 4 + ["0 0 4px {ground}"] * 3)
"""Shadow of a text that stands over lines, in the ground's colour."""


class Palette(NamedTuple):
    """The colours of one ground."""

    accent: str
    background: str
    panel: str
    text: str
    line: str
    muted: str
    """secondary text, and what cannot be told apart"""
    behind: str
    """what is worse than the best: the one of CATEGORIES that stands out from the accent on this ground"""


PALETTES: dict[Ground, Palette] = {
    "light": Palette("#2257B8", "#FFFFFF", "#F5F6F8", "#1B1F27", "#DADDE3", "#757B87", CATEGORIES[1]),
    "dark": Palette("#6FA0FF", "#111318", "#1B1E25", "#E8EAEE", "#343943", "#8A909B", CATEGORIES[3]),
}


def mixed(one: str, other: str, share: float) -> str:
    """A colour between two, `share` of the way from the second to the first."""
    parts = ((int(one[k : k + 2], 16), int(other[k : k + 2], 16)) for k in (1, 3, 5))
    return "#" + "".join(f"{round(share * a + (1 - share) * b):02X}" for a, b in parts)


@cache
def template(ground: Ground = "light") -> go.layout.Template:
    """The plotly template of a ground: no frame, hairline grid, the text of the page. Figures copy it."""
    palette = PALETTES[ground]
    axis = {
        "gridcolor": palette.line,
        "linecolor": palette.line,
        "zerolinecolor": palette.line,
        "tickfont": {"color": palette.muted, "size": 13},
        "title": {"font": {"color": palette.muted, "size": 13}},
        "automargin": True,
    }
    return go.layout.Template(
        layout={
            "font": {"family": FONT, "color": palette.text, "size": 14},
            "paper_bgcolor": palette.background,
            "plot_bgcolor": palette.background,
            "colorway": list(CATEGORIES),
            "hovermode": "closest",
            "xaxis": axis,
            "yaxis": axis,
            "legend": {"font": {"color": palette.text, "size": 13}},
            "hoverlabel": {
                "bgcolor": palette.panel,
                "bordercolor": palette.line,
                "font": {"family": FONT, "color": palette.text, "size": 13},
                "align": "left",
            },
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        }
    )
