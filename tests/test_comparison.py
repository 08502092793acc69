"""What comparison.json says of variants that hardly differ, and that every limit in it is possible."""

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from sim.analysis.estimate import estimates, settled
from sim.analysis.leading import UNSETTLED
from sim.experiment import launches
from sim.experiment.compare import Comparison, compare, compare_variants
from sim.experiment.replicate import Job
from sim.experiment.variants import Variant, limits_of
from sim.language.vocabulary import METRICS, possible
from sim.report.folder import check_comparison
from sim.scenario.schema import Scenario
from tests.refresh import busy

PEOPLE = 1_000
PLAN = Scenario.from_dict(
    {"name": "small", "audience": {"users": PEOPLE}, "accounts": [{"id": "a", "role": "main"}]}
)


def judged(metric: str, table: np.ndarray) -> Comparison:
    """A comparison with those values."""
    variants = tuple(Variant(f"plan {k}", f"方案 {k}", PLAN) for k in range(len(table)))
    rows = estimates(table, limits=limits_of(metric, variants))
    none = (0.0,) * len(table)
    return Comparison(
        metric, table.shape[1], 0.95, 0.95, rows, settled(table), variants, none, none, pl.DataFrame()
    )


def test_two_names_for_one_plan_differ_in_no_seed_and_are_warned_of() -> None:
    plan = busy(run__hours=4)
    found = compare([plan, plan.model_copy(update={"name": "the same"})], seeds=3).as_dict()
    best, other = sorted(found["variants"], key=lambda row: row["win"] is not None)
    assert (other["difference"], other["difference_low"], other["difference_high"]) == (0.0, None, None)
    assert other["tie"]["share"] == 1.0
    assert other["tie"]["low"] < 0.4
    assert best["probability_best"] == other["probability_best"] == 0.5
    [warning] = [row for row in found["warnings"] if row["code"] == "rare_differences"]
    assert (warning["code"], warning["variant"]) == ("rare_differences", other["name"])
    assert "too rare to tell at this number of seeds" in warning["text_en"]
    assert "目前的模拟轮数无法判断" in warning["text_zh"]
    assert "within" not in found["verdict"]["text_en"]


WHOLE = hnp.arrays(
    np.float64,
    st.tuples(st.integers(2, 4), st.sampled_from([2, 4, 8, 16])),
    elements=st.sampled_from([0.0, 0.0, 1.0, 3.0, 999.0, 1000.0]),
)


@pytest.mark.parametrize("metric", METRICS)
@given(table=WHOLE)
def test_whatever_comes_out_is_possible_and_agrees_with_itself(metric: str, table: np.ndarray) -> None:
    values = (table > 0).astype(float) if metric == "hit" else table
    found = judged(metric, values).as_dict()
    check_comparison(found, "made")
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    least, most = possible(metric, PEOPLE)
    rare = {warning["variant"] for warning in found["warnings"] if warning["code"] == "rare_differences"}
    for row in found["variants"]:
        assert row["low"] is None or least <= row["low"] <= row["mean"] <= row["high"] <= most
        assert (row["difference_low"] is None) == (row["difference_high"] is None) == (row["name"] in rare)
        assert row["difference_low"] is None or row["difference_low"] >= -most
    shares = [row["probability_best"] for row in found["variants"]]
    assert (found["verdict"]["code"] == "winner") or max(shares) <= UNSETTLED + 1e-9
    for language in ("zh", "en"):
        assert found["verdict"][f"text_{language}"].isprintable()


def test_after_an_interrupt_the_seeds_have_no_gap_so_every_column_is_its_own_draw(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Seed 36 had not ended when later ones had: then the map took the draws of other seeds."""
    whole = launches.replicate

    def stopped_with_a_gap(jobs: list[Job], **options: Any) -> Iterator[tuple[Job, Any]]:
        wanted = [job for job in jobs if job.seed <= 40 and (job.seed, job.variant) != (36, 1)]
        yield from whole(wanted, **options)
        raise KeyboardInterrupt

    monkeypatch.setattr(launches, "replicate", stopped_with_a_gap)
    plan = busy(run__hours=2)
    found = compare([plan], layouts=["none", "mesh"], seeds=64, robust=True, workers=1)
    assert found.stopped
    assert found.seeds == 35
    assert found.replications["seed"].unique().sort().to_list() == list(range(1, 36))
    assert found.box is not None


def test_a_gain_from_links_is_over_the_same_plan_without_them() -> None:
    plans = {
        f"{posts:g} {layout}": busy(run__hours=12, links__layout=layout).with_values(
            {"accounts.Z.fans": posts}
        )
        for posts in (0, 90)
        for layout in ("none", "mesh")
    }
    found = compare_variants(
        tuple(Variant(name, name, plan) for name, plan in plans.items()), seeds=2, workers=1
    )
    reach = [found.replications.filter(variant=name).sort("seed")["reach"].to_numpy() for name in plans]
    expected = [0.0, (reach[1] / reach[0] - 1).mean(), 0.0, (reach[3] / reach[2] - 1).mean()]
    assert found.matrix_gain == pytest.approx(expected)
