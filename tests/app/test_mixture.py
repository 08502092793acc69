import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.app.ui.mixture import mix_of, mix_text

NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
SHARES = st.floats(0, 1)


@given(st.dictionaries(NAMES, SHARES, min_size=1, max_size=16))
def test_a_mix_that_is_written_reads_back(mix: dict[str, float]) -> None:
    assert mix_of(mix_text(mix), list(mix)) == mix


@pytest.mark.parametrize(
    ("text", "mix"),
    [
        ("skincare 0.5, makeup 0.5", {"skincare": 0.5, "makeup": 0.5}),
        ("skincare 50%、makeup：50 ％", {"skincare": 0.5, "makeup": 0.5}),
        ("护肤0.3；美妆70%", {"护肤": 0.3, "美妆": 0.7}),
        ("skin care=.25\nhair 7.5e-1,", {"skin care": 0.25, "hair": 0.75}),
        ("makeup", {"makeup": 1.0}),
        ("Q10", {"Q10": 1.0}),
        ("Q10 0.4, B5 0.6", {"Q10": 0.4, "B5": 0.6}),
        ('"a, b" 0.5, "c 1" 0.5', {"a, b": 0.5, "c 1": 0.5}),
        ("", {}),
    ],
)
def test_mixes_are_read_as_people_write_them(text: str, mix: dict[str, float]) -> None:
    assert mix_of(text, ["护肤", "美妆"]) == mix


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("skincare 0.5, makeup", "the share of 'makeup' is missing"),
        ("a 0.5, a 0.5", "'a' is listed twice"),
        ("a 0.5,, b 0.5", "a name is missing"),
        ('"a 0.5', "is no number"),
        ("x" * 5000, "is too long"),
        ("a 1," * 500, "has too many entries"),
    ],
)
def test_a_mix_that_cannot_be_read_is_refused_with_the_reason(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        mix_of(text)


@given(st.text(max_size=60))
def test_any_text_is_a_mix_or_is_refused(text: str) -> None:
    try:
        mix = mix_of(text, ["a", "护肤"])
    except ValueError:
        return
    assert all(name and isinstance(share, float) for name, share in mix.items())


@pytest.mark.parametrize("text", [" " * 100_000 + "a", '"' * 100_000, "a" + " " * 900 + "=", "1" * 900 + "x"])
def test_no_text_takes_long_to_read(text: str) -> None:
    start = time.perf_counter()
    with contextlib.suppress(ValueError):
        mix_of(f"b 0.5, {text}")
    assert time.perf_counter() - start < 10
