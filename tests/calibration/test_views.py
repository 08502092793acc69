from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.analysis.spreads import top
from sim.calibration import fits, ladder
from sim.calibration.matching import matched
from sim.calibration.sample import sample_of
from sim.calibration.summaries import design_of, names_of, summaries
from sim.calibration.views import Clock, Effort, fit_views
from sim.calibration.world import World
from sim.scenario.recommendation import Platform
from sim.scenario.schema import Scenario
from tests.calibration.made import blank, videos

PLAIN = Scenario(name="plain")
SMALL = Effort((90, 50), (15,))


def with_platform(**values: object) -> Scenario:
    return PLAIN.model_copy(update={"platform": PLAIN.platform.model_copy(update=values)})


def test_one_luck_gives_the_same_views_and_another_gives_others() -> None:
    world = World(blank(), PLAIN)
    assert (world.views(PLAIN, 3) == world.views(PLAIN, 3)).all()
    assert (world.views(PLAIN, 3) != world.views(PLAIN, 4)).any()


def test_views_grow_with_the_pools() -> None:
    world = World(blank(), PLAIN)
    tenfold = with_platform(pools=tuple(10 * n for n in PLAIN.platform.pools))
    grown = np.log10(world.views(tenfold, 3)).mean() - np.log10(world.views(PLAIN, 3)).mean()
    assert 0.8 < grown < 1.3


def test_views_grow_with_fans_by_the_power_of_whose_they_are() -> None:
    sample = blank(120, 3)
    design = design_of(sample)
    plain = with_platform(account_luck_sd=0.0, creator_fan_power=0.6, own_fan_power=0.1)
    slopes = [
        design.parts(np.log10(World(sample, plain, own=own).views(plain, 3))).slope for own in (False, True)
    ]
    assert 0.35 < slopes[0] < 0.9
    assert abs(slopes[1] - 0.1) < 0.2
    assert slopes[1] < slopes[0]


def test_luck_of_accounts_spreads_accounts_apart() -> None:
    sample = blank(150, 4)
    world, design = World(sample, PLAIN), design_of(sample)
    found = [design.parts(np.log10(world.views(with_platform(account_luck_sd=sd), 3))) for sd in (0.0, 0.8)]
    assert found[1].between > found[0].between + 0.2
    assert abs(found[1].within - found[0].within) < 0.15


def test_variance_components_are_those_that_were_put_in() -> None:
    sample, rng = blank(400, 5), np.random.default_rng(2)
    design = design_of(sample)
    logs = 3 + 0.5 * design.fans + 0.6 * rng.standard_normal(400)[sample.account]
    parts = design.parts(logs + 0.4 * rng.standard_normal(2000))
    assert parts.slope == pytest.approx(0.5, abs=0.12)
    assert parts.between == pytest.approx(0.6, abs=0.06)
    assert parts.within == pytest.approx(0.4, abs=0.03)


def test_top_shares_are_shares_of_all_views() -> None:
    assert [top(np.ones(100), share) for share in (0.01, 0.1)] == pytest.approx([0.01, 0.1])
    assert top(np.array([1e6] + [1.0] * 99), 0.01) > 0.999


@given(st.integers(0, 2**31), st.floats(-3, 3))
def test_but_for_the_mean_summaries_do_not_hang_on_the_unit(seed: int, shift: float) -> None:
    sample = blank()
    logs = np.random.default_rng(seed).normal(4, 0.8, sample.account.size)
    design = design_of(sample)
    one, other = summaries(logs, design), summaries(logs + shift, design)
    assert len(one) == len(names_of(design))
    assert other[0] - one[0] == pytest.approx(shift)
    assert other[1:] == pytest.approx(one[1:], abs=1e-6)


def test_the_posterior_of_a_line_is_the_known_one() -> None:
    """Mean of 25 draws about a key: normal, sd 0.02 in the unit box, and a second key that does nothing."""

    def simulate(point: np.ndarray, number: int) -> np.ndarray:
        noise = np.random.default_rng(number).normal(0, 0.1, 25)
        return np.array([(point[0] + noise).mean(), noise[0]])

    got = matched(simulate, np.array([0.4, 0.0]), 2, 1, (60, 60))
    assert got.draws[:, 0].mean() == pytest.approx(0.4, abs=0.02)
    assert got.draws[:, 0].std() == pytest.approx(0.02, rel=0.35)
    assert got.draws[:, 1].std() == pytest.approx(1 / np.sqrt(12), rel=0.15)
    assert got.distance < 2


def test_what_no_point_gives_is_far() -> None:
    def simulate(point: np.ndarray, number: int) -> np.ndarray:
        return np.array([point[0], point[1]]) + np.random.default_rng(number).normal(0, 0.01, 2)

    assert matched(simulate, np.array([0.5, 40.0]), 2, 1, (60, 60)).distance > 100


def test_without_time_nothing_is_drawn() -> None:
    got = matched(lambda _point, _number: None, np.array([0.0]), 2, 1, (60,))
    assert (got.model, got.simulations, got.finished) == (None, 0, False)


@given(st.lists(st.floats(0, 1), min_size=8, max_size=8))
def test_every_point_of_the_box_is_a_platform(point: list[float]) -> None:
    axes = ladder.varied(PLAIN, slope=True, several=True)
    platform = ladder.at(PLAIN.platform, axes, np.array(point))
    assert Platform.model_validate(platform.model_dump()) == platform


def test_a_scenario_stands_in_the_box_where_its_values_are() -> None:
    axes = ladder.varied(PLAIN, slope=True, several=True)
    here = np.array([ladder.place(PLAIN.platform, axis) for axis in axes])
    assert ((here > 0) & (here < 1)).all()
    again = ladder.at(PLAIN.platform, axes, here)
    assert again.pools == PLAIN.platform.pools
    assert again.pass_share == pytest.approx(PLAIN.platform.pass_share)


@dataclass
class Ticks:
    last: tuple[int, int] = (0, 0)
    all: list[int] = field(default_factory=list)

    def __call__(self, done: int, total: int) -> None:
        self.last = done, total
        self.all.append(done)


@pytest.fixture(scope="module")
def fitted():
    truth = with_platform(
        pools=tuple(20 * n for n in PLAIN.platform.pools), account_luck_sd=0.6, creator_fan_power=0.4
    )
    sample, ticks = sample_of(videos(truth, blank(60, 4))), Ticks()
    return fit_views(sample, PLAIN, 1, Clock(1e6), ticks, SMALL), ticks, sample


def test_a_known_ladder_is_found_again(fitted) -> None:
    found, ticks, _ = fitted
    rows = {row.key: row for row in found.rows}
    pools = rows["platform.pools"]
    assert pools.identified
    assert pools.low[0] < 4_000 < pools.high[0]
    assert rows["platform.creator_fan_power"].low < 0.4 < rows["platform.creator_fan_power"].high
    assert ticks.all == list(range(1, ticks.last[0] + 1))
    assert ticks.last[0] <= SMALL.most
    assert not found.unfit


def test_what_is_not_identified_stays_and_says_why(fitted) -> None:
    found, _, _ = fitted
    still = [row for row in found.rows if not row.identified]
    assert {"platform.own_fan_power", "platform.trickle"} <= {row.key for row in still}
    for row in still:
        assert row.why
        assert row.value is None or row.share > fits.MOST_SHARE
        if row.is_key:
            assert getattr(found.platform, row.key.removeprefix("platform.")) == row.before
    for row in found.rows:
        if row.identified and row.is_key:
            assert getattr(found.platform, row.key.removeprefix("platform.")) == row.value


def test_accounts_of_the_brand_tell_nothing_of_creators(fitted) -> None:
    _, _, sample = fitted
    named = Scenario.from_dict({"name": "x", "accounts": [{"id": sample.names[0], "role": "main"}]})
    found = fit_views(sample, named, 1, Clock(0), lambda _done, _total: None, SMALL)
    assert found.own
    assert [row.why for row in found.rows if row.key == "platform.pools"] == [fits.NO_TIME]
    assert all(axis.name != "creator_fan_power" for axis in found.axes)


class Numbered(Clock):
    """Time for so many simulations."""

    def __init__(self, number: int) -> None:
        super().__init__(1e6)
        self.left = number + 1

    @property
    def up(self) -> bool:
        self.left -= 1
        return self.left <= 0


def test_last_rounds_that_are_cut_short_are_counted_and_said_to_be(fitted) -> None:
    _, _, sample = fitted
    effort = Effort((90,), (15,))
    found = fit_views(sample, PLAIN, 1, Numbered(95), lambda _done, _total: None, effort)
    assert found.matched is not None
    assert (found.matched.simulations, found.matched.finished) == (95, False)
