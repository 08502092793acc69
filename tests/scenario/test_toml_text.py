import tomllib
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.toml_text import toml_text, toml_value

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
LEAVES = TEXTS | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3)
)


@given(st.dictionaries(TEXTS, VALUES, max_size=5))
def test_what_is_written_is_what_is_read(values: dict[str, Any]) -> None:
    assert tomllib.loads(toml_text(values)) == values


@given(VALUES)
def test_a_value_takes_one_line_and_reads_back(value: object) -> None:
    text = toml_value(value)
    assert tomllib.loads(f"value = {text}") == {"value": value}
    assert "\n" not in text


def test_numbers_of_numpy_are_numbers() -> None:
    assert toml_value(np.float64(0.5)) == "0.5"


def test_what_is_not_set_is_not_written() -> None:
    written = toml_text({"a": None, "b": {"c": None, "d": 1}, "e": [{"f": None, "g": {"h": None}}]})
    assert tomllib.loads(written) == {"b": {"d": 1}, "e": [{"g": {}}]}
