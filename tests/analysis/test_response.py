import math
from itertools import product

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.analysis.response import BINS, MOST_LEVELS, Response, Varied, response

LAYOUTS = ("none", "star", "mesh")
AXES = (Varied("links.layout", LAYOUTS), Varied("fans"))
SEEDS = (1, 2, 3, 4)
LIFT = {"none": 0.0, "star": 0.5, "mesh": 40.0}


def grid(fans: tuple[int, ...] = (10, 100), seeds: tuple[int, ...] = SEEDS) -> pl.DataFrame:
    """A grid in which mesh wins by 40, star cannot be told from none, and each seed brings its own luck."""
    luck = np.random.default_rng(7)
    by_seed = {seed: luck.normal(0, 100) for seed in seeds}
    return pl.DataFrame(
        [
            {
                "point": point,
                "seed": seed,
                "status": "done",
                "links.layout": layout,
                "fans": f,
                "reach": 1000.0 + LIFT[layout] + f + by_seed[seed] + luck.normal(0, 2),
                "hit_videos": int(layout == "mesh" and seed > 2),
            }
            for point, (layout, f) in enumerate(product(LAYOUTS, fans))
            for seed in seeds
        ]
    )


def found(runs: pl.DataFrame, *keys: str, metric: str = "reach") -> Response:
    answer = response(runs, AXES, keys or ("links.layout",), metric)
    assert answer is not None
    return answer


def test_a_grid_is_compared_within_a_seed() -> None:
    answer = found(grid())
    assert [level.value for level in answer.levels[0]] == list(LAYOUTS)
    assert [cell.standing for cell in answer.cells] == ["worse", "worse", "best"]
    assert answer.unit == "seeds"
    # The luck that all levels share does not hide the difference, though the intervals overlap widely.
    assert answer.cells[0].high is not None
    assert answer.cells[2].low is not None
    assert answer.cells[0].high > answer.cells[2].low


def test_means_are_those_of_the_runs() -> None:
    runs = grid()
    means = dict(runs.group_by("links.layout").agg(pl.col("reach").mean()).iter_rows())
    for cell, layout in zip(found(runs).cells, LAYOUTS, strict=True):
        assert math.isclose(cell.mean, means[layout])
        assert cell.runs == 8


def test_two_keys_give_a_cell_for_each_pair() -> None:
    answer = found(grid(), "links.layout", "fans")
    assert [cell.place for cell in answer.cells] == [(a, b) for a in range(3) for b in range(2)]
    assert answer.cells[5].standing == "best"  # mesh with 100 fans
    assert answer.table is not None
    assert answer.table.shape == (6, 4)


def test_what_cannot_be_told_apart_is_not_called_best() -> None:
    answer = found(grid().filter(pl.col("links.layout") != "mesh"))
    assert {cell.standing for cell in answer.cells} <= {"tied", "worse"}
    assert "best" not in {cell.standing for cell in answer.cells}


def test_a_point_that_lacks_a_seed_is_left_out() -> None:
    runs = grid()
    lame = runs.filter((pl.col("point") != 0) | (pl.col("seed") != 3))
    answer = found(lame)
    assert answer.left_out == 3
    assert answer.table is None  # level none has seen other fans than the rest
    assert {cell.standing for cell in answer.cells} == {"unknown"}


def test_levels_under_way_are_compared_once_they_are_whole() -> None:
    answer = found(grid().head(8 + 3))  # none is whole, star has begun its first point
    assert [cell.place for cell in answer.cells] == [(0,)]
    assert answer.left_out == 3


def test_nothing_is_shown_before_a_point_is_whole() -> None:
    assert response(grid().clear(), AXES, ("fans",), "reach") is None
    assert response(grid().with_columns(status=pl.lit("failed")), AXES, ("fans",), "reach") is None
    assert response(grid().drop("reach"), AXES, ("fans",), "reach") is None


def test_many_numbers_are_gathered() -> None:
    luck = np.random.default_rng(1)
    x = luck.uniform(1, 1000, 64)
    runs = pl.DataFrame({"point": range(64), "seed": 1, "status": "done", "x": x, "reach": 2.0 * x})
    answer = response(runs, [Varied("x")], ["x"], "reach")
    assert answer is not None
    assert answer.unit == "points"
    assert len(answer.levels[0]) == BINS
    assert all(level.gathered for level in answer.levels[0])
    for cell in answer.cells:
        level = answer.levels[0][cell.place[0]]
        assert 2 * level.low <= cell.mean <= 2 * level.high
        assert cell.low is None or cell.low < cell.mean
    assert sum(cell.runs for cell in answer.cells) == 64
    logarithmic = response(runs, [Varied("x", log=True)], ["x"], "reach")
    assert logarithmic is not None
    ratios = [level.high / level.low for level in logarithmic.levels[0]]
    assert np.allclose(ratios, ratios[0])


def test_a_dozen_numbers_stay_themselves() -> None:
    runs = grid(fans=tuple(range(1, MOST_LEVELS + 1)))
    assert [level.value for level in found(runs, "fans").levels[0]] == list(range(1, MOST_LEVELS + 1))


def test_one_point_among_many_has_no_interval() -> None:
    runs = grid().filter((pl.col("links.layout") != "none") | (pl.col("fans") == 10))
    answer = found(runs)
    assert answer.unit == "points"
    assert answer.cells[0].low is None
    assert answer.cells[1].low is not None


def test_one_seed_gives_no_interval_over_seeds() -> None:
    answer = found(grid(seeds=(1,)), "links.layout", "fans")
    assert all(cell.low is None and cell.standing == "unknown" for cell in answer.cells)


def test_a_chance_of_a_hit_is_a_share() -> None:
    assert [cell.mean for cell in found(grid(), metric="hit").cells] == [0.0, 0.0, 0.5]


@given(st.permutations(range(24)), st.floats(-1e6, 1e6))
def test_order_of_rows_changes_nothing_and_a_shift_moves_the_means_alone(order: list[int], by: float) -> None:
    runs = grid()
    shifted = runs[order].with_columns(pl.col("reach") + by)
    for a, b in zip(found(runs).cells, found(shifted).cells, strict=True):
        assert a.standing == b.standing
        assert math.isclose(a.mean + by, b.mean, rel_tol=1e-9, abs_tol=1e-6)


@pytest.mark.parametrize(
    "keys", [("links.layout",), ("fans",), ("links.layout", "fans"), ("fans", "links.layout")]
)
def test_every_run_is_counted_once(keys: tuple[str, ...]) -> None:
    assert sum(cell.runs for cell in found(grid(), *keys).cells) == 24
