"""Repetition: most people tire of a brand, and some are put off; the first exposure is the same to all."""

import math

import numpy as np
import pytest

from sim.experiment.replicate import Job, replicate
from sim.mechanisms import Repetition, locally
from sim.model import MatrixModel
from sim.rules.draws import ONE_16
from sim.rules.repetition import FATIGUE_LEVELS, KINDS, LAYERS, TABLE, left, place_in_table, row_of_table
from sim.scenario.schema import Scenario
from sim.world.board import FATIGUE, layered, numbers_of
from tests.refresh import SEED, busy, result_of, world

SHARE, LOSS, USUAL = (
    getattr(Scenario(name="plain").audience, key)
    for key in ("put_off_share", "put_off_per_exposure", "fatigue_per_exposure")
)


def table(scenario):
    """What is left of responses, by layer, kind and exposures."""
    layers = [own for own in [Repetition.layers(scenario)] if own is not None]
    numbers = layered(numbers_of(scenario, 1), layers)
    return numbers[FATIGUE : FATIGUE + math.prod(TABLE)].reshape(TABLE) / ONE_16


def test_every_layer_kind_and_exposure_has_its_place():
    places = [
        place_in_table(row_of_table(layer, put_off), exposures)
        for layer in range(LAYERS)
        for put_off in range(KINDS)
        for exposures in range(FATIGUE_LEVELS)
    ]
    assert places == list(range(math.prod(TABLE)))


def test_others_tire_as_before_and_those_who_are_put_off_by_their_own_loss_alone():
    tired = table(world())
    exposures = np.arange(FATIGUE_LEVELS)
    assert tired[:, :, 0] == pytest.approx(1)
    assert tired[:, 0] == pytest.approx(np.tile((1 - USUAL) ** exposures, (LAYERS, 1)), abs=2e-5)
    assert tired[:, 1] == pytest.approx(np.tile((1 - LOSS) ** exposures, (LAYERS, 1)), abs=2e-5)


@pytest.mark.parametrize("usual", [0.0, 0.7, 1.0])
def test_nobody_tires_less_than_others(usual):
    tired = table(world(audience__fatigue_per_exposure=usual))
    assert (tired[:, 1] <= tired[:, 0] + 1e-9).all()
    assert (tired[:, 1, 1] == pytest.approx(1 - max(usual, LOSS), abs=2e-5)) if usual < LOSS else True


def test_off_fills_nothing():
    off = world(audience__put_off_share=0.0)
    assert locally(off, MatrixModel(off, rng=1).run_state.accounts).layers == ()


def test_capping_gains_about_what_was_measured():
    # Those who are put off are spared from the third exposure on; what they were shown goes to fresh people.
    gains = []
    for exposures in (4, 5):
        by_kind = [sum(left(n, loss) for n in range(exposures)) for loss in (USUAL, LOSS)]
        plain = (1 - SHARE) * by_kind[0] + SHARE * by_kind[1]
        capped = (1 - SHARE) * by_kind[0] + SHARE * (left(0, LOSS) + left(1, LOSS)) + SHARE * (exposures - 2)
        gains.append(capped / plain - 1)
    assert gains[0] < 0.15 < gains[1]


@pytest.mark.parametrize("engine", ["columns", "agents"])
def test_people_are_of_one_kind_or_the_other_by_a_draw_of_their_own(engine):
    def put_off(**values):
        model = MatrixModel(world(audience__users=4_000, **values), rng=1, engine=engine)
        columns = ("put_off", "completion_class", "engagement_class", "age_band")
        found = [np.array(list(model.users.get(name))) for name in columns]
        model.close()
        return found

    own, *others = put_off()
    assert abs(own.mean() - SHARE) < 4 * (SHARE * (1 - SHARE) / 4_000) ** 0.5
    for other in others:
        assert abs(np.corrcoef(own, other)[0, 1]) < 0.07
    more = put_off(audience__put_off_share=0.5)[0]
    assert (own <= more).all()  # whoever is put off stays so where there are more of them
    assert put_off(audience__put_off_share=0.0)[0].sum() == 0
    assert put_off(audience__put_off_share=1.0)[0].all()


def test_people_who_are_lent_are_told_apart_by_the_scenario_that_borrows_them():
    scenarios = [world(audience__put_off_share=share) for share in (0.0, 0.6, 0.24, 0.6)]
    alone = [result_of(scenario).digest for scenario in scenarios]
    jobs = [Job(number, scenario, SEED) for number, scenario in enumerate(scenarios)]
    shared = {job.variant: result.digest for job, result in replicate(jobs, workers=1, want="result")}
    assert [shared[job.variant] for job in jobs] == alone


def completion_rate(put_off):
    """Completions per impression where everybody is of one kind, and is shown the brand often a day."""
    often = busy(
        audience__users=300, audience__category_share=1.0, run__hours=24, links__layout="none",
        accounts=({"id": "main", "role": "main", "posts_per_day": 12.0, "fans": 100},),
        platform__pools=(200, 250),
    )  # fmt: skip
    model = MatrixModel(often, rng=1)
    for person in model.users:
        person.put_off = put_off
    model.finish()
    summary = model.result().summary
    model.close()
    return summary["completions"] / summary["impressions"]


def test_where_everybody_is_put_off_repetition_costs_more():
    assert completion_rate(1) < 0.8 * completion_rate(0)
