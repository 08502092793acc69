"""Only the brand's own and bought authors reach people for it: what others show is shown, and no more."""

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

import sim.hour.run as hour
from sim.model import MatrixModel
from sim.results import Result
from sim.scenario.schema import Scenario
from sim.world.accounts import Accounts, build_accounts
from tests.invariants.worlds import rows, same
from tests.refresh import busy, result_of
from tests.sweeps.test_split import split

OTHER = "一号"
WORLD = busy(links__layout="mesh", run__hours=48, platform__hit=100)
TOUCHED = ("reached", "exposures", "trust", "stage", "orders", "day")


def rivalled(scenario: Scenario) -> Accounts:
    """The accounts, of which one is not the brand's."""
    accounts = build_accounts(scenario)
    return accounts._replace(focal=np.array([row.id != OTHER for row in accounts.rows]))


@pytest.fixture
def rival(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hour, "build_accounts", rivalled)


def by_bits(model: MatrixModel) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Whom the brand's accounts reached, and whom only the other did."""
    bits = model.run_state.board.reached
    seen = np.unpackbits(bits.view(np.uint8), axis=1, bitorder="little")[:, : len(model.users)].astype(bool)
    own = model.run_state.accounts.focal
    return seen[own].any(axis=0), seen[~own].any(axis=0) & ~seen[own].any(axis=0)


@pytest.mark.usefixtures("rival")
def test_people_whom_only_another_reaches_are_not_reached_and_do_not_move() -> None:
    model = MatrixModel(WORLD, rng=1)
    result, people = model.finish(), model.users
    ours, only = by_bits(model)
    assert 50 < only.sum() < 0.5 * len(people)
    for name in TOUCHED:
        assert not people.array(name)[only].any()
        assert people.array(name)[ours].any()
    assert result.summary["reach"] == ours.sum() == people.array("reached").sum()
    model.close()


@pytest.mark.usefixtures("rival")
def test_another_sells_nothing_of_the_brand_and_has_no_hits() -> None:
    result = result_of(WORLD)
    other = result.accounts.row(by_predicate=pl.col("account") == OTHER, named=True)
    assert other["impressions"] > 500
    assert other["reach"] > 200  # its own
    assert other["orders"] == 0
    assert result.money.filter(account=OTHER, kind="orders").is_empty()
    assert result.summary["orders"] > 0
    past = result.videos.filter(pl.col("impressions") >= 100)
    ours = past.filter(pl.col("account") != OTHER).height
    assert result.summary["hit_videos"] == ours < past.height


def test_beside_another_the_brand_fares_as_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    apart = {"links__layout": "none", "audience__category_share": 1.0}
    names = {row.id for row in WORLD.accounts} - {OTHER}
    world = busy(**apart, run__hours=96)
    silent = world.with_values({f'accounts."{OTHER}".posts_per_day': 0.0})
    alone, tired = result_of(silent), result_of(world)
    monkeypatch.setattr(hour, "build_accounts", rivalled)
    beside = result_of(world)

    def counts(result: Result) -> pl.DataFrame:
        return rows(result, "accounts", names)

    assert counts(beside).equals(counts(alone))
    assert not counts(tired).equals(counts(alone))
    assert beside.summary["reach"] == alone.summary["reach"] < tired.summary["reach"]


@pytest.mark.usefixtures("rival")
def test_engines_threads_and_portions_agree_on_it() -> None:
    large = busy(audience__users=40_000, platform__pools=(400, 3_000, 13_500), run__hours=12)
    columns = result_of(large)
    assert columns.accounts.filter(account=OTHER)["impressions"].item() > 0
    same(columns, result_of(large, threads=3))
    same(columns, split(large, 2))
    small = WORLD.with_values({"run.hours": 24})
    same(result_of(small), result_of(small, engine="agents"))
