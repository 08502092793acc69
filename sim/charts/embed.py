"""Figures inside an HTML file of one's own: plotly.js once, and each figure as data.

Takes figures; gives texts that may stand inside a script element. Nothing in them can end it.
"""

import json
from functools import cache

import plotly.graph_objects as go
from plotly.offline import get_plotlyjs

ENDINGS = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
"""Characters that could end a script element or a line of it, as JSON may write them too."""


@cache
def library() -> str:
    """The text of plotly.js, as it ships with plotly.

    Raises:
        ValueError: it holds what would end its script element.
    """
    text = str(get_plotlyjs()).replace("\r\n", "\n").replace("\r", "\n")
    if "</script" in text.lower() or "<!--" in text:
        raise ValueError("this plotly.js cannot stand inside a page")
    return text


def as_json(content: object) -> str:
    """Any JSON content, safe inside a script element."""
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for sign, written in ENDINGS.items():
        text = text.replace(sign, written)
    return text


def figure_data(figure: go.Figure) -> dict[str, object]:
    """A figure as plain data: what Plotly.newPlot takes."""
    return dict(json.loads(figure.to_json()))
