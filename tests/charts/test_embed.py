import json

import plotly.graph_objects as go
from hypothesis import given
from hypothesis import strategies as st

from sim.charts.embed import as_json, figure_data, library


@given(st.dictionaries(st.text(), st.text() | st.integers()))
def test_json_comes_back_and_cannot_end_a_script(content: dict[str, object]) -> None:
    text = as_json(content)
    assert json.loads(text) == content
    assert not set(text) & set("<>&\u2028\u2029")


def test_the_library_is_one_script_without_an_end() -> None:
    assert "</script" not in library().lower()
    assert "Plotly" in library()


def test_a_figure_is_plain_data() -> None:
    data = figure_data(go.Figure(go.Bar(x=[1], y=["a"])))
    assert data["data"] == [{"x": [1], "y": ["a"], "type": "bar"}]
    assert "layout" in data
