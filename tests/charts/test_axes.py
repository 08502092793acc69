"""Axes and error bars that figures share."""

import pytest

from sim.charts.axes import differences, ruler, whiskers


def test_a_zero_is_bare_and_signs_are_asked_for() -> None:
    assert ruler(-30.0, 30.0, "count", "en").labels == ("−20", "0", "20")
    assert ruler(-30.0, 30.0, "count", "en", signed=True).labels == ("−20", "0", "+20")


def test_things_that_come_one_by_one_have_whole_marks() -> None:
    assert ruler(0.0, 1.02, "count", "en", whole=True).marks == (0.0, 1.0)
    assert 0.5 in ruler(0.0, 1.02, "count", "en").marks


@pytest.mark.parametrize("ends", [[], [0.0], [-5.0, -2.0], [3.0]])
def test_0_lies_inside_an_axis_of_differences(ends: list[float]) -> None:
    found = differences(ends, 1.0, "share", "zh")
    assert found.low < min(0.0, *ends, 0.0)
    assert found.high > max(0.0, *ends, 0.0)
    assert "0" in found.labels
    assert not any("%" in label for label in found.labels)


def test_where_there_is_no_limit_there_is_no_bar() -> None:
    found = whiskers([(2.0, 1.5, 4.0), (2.0, None, None)], width=0)
    assert (found["array"], found["arrayminus"], found["width"]) == ([2.0, 0.0], [0.5, 0.0], 0)
