"""The live ranker whose numbers are public."""

import numpy as np
import pytest
from scipy import stats

from sim.platform.published import scored
from sim.rules.addresses import VIDEO
from sim.rules.draws import child, root_key
from sim.rules.published import (
    COLD_FANS,
    COLD_H,
    COLD_VIEWS,
    LIMIT_H,
    OUT_OF_NETWORK,
    WEIGHTS,
    gamma,
    is_cold,
    sampled_rate,
)
from sim.scenario.schema import Scenario
from tests.refresh import busy, result_of

pytestmark = pytest.mark.system("P10")


@pytest.mark.parametrize("shape", [1.0, 5.0, 60.0])
def test_a_gamma_is_near_its_quantiles(shape: float):
    for p in (0.1, 0.5, 0.9, 0.99):
        assert gamma(shape, stats.norm.ppf(p)) == pytest.approx(stats.gamma.ppf(p, shape), rel=0.05, abs=0.02)


def test_samples_of_a_rate_have_the_mean_and_spread_of_their_beta():
    usual, likes, seen, root = 0.03, 12.0, 300.0, root_key(1, VIDEO)
    drawn = [sampled_rate(np.uint64(child(root, v)), 3, likes, seen, usual) for v in range(20_000)]
    beta = stats.beta(1.0 + likes, 1.0 / usual - 1.0 + seen - likes)
    assert np.mean(drawn) == pytest.approx(beta.mean(), rel=0.02)
    assert np.std(drawn) == pytest.approx(beta.std(), rel=0.05)
    assert min(drawn) >= 0.0
    assert max(drawn) < 1.0


def test_samples_differ_by_hour_and_by_video():
    root = root_key(1, VIDEO)
    keys = [np.uint64(child(root, v)) for v in range(5)]
    drawn = {sampled_rate(key, age, 3.0, 100.0, 0.03) for key in keys for age in range(5)}
    assert len(drawn) == 25


def test_only_new_little_seen_posts_of_small_authors_are_cold():
    assert is_cold(COLD_FANS, COLD_VIEWS - 1, COLD_H - 1)
    assert not is_cold(COLD_FANS + 1, 0, 0)
    assert not is_cold(0, COLD_VIEWS, 0)
    assert not is_cold(0, 0, COLD_H)


def test_weights_are_the_published_ones_relative_to_usual_rates():
    scenario = Scenario(name="x")
    weights, _ = scored(scenario.platform, scenario.content)
    assert weights.sum() == pytest.approx(1.0)
    assert WEIGHTS == (0.05, 0.5, 5.0, 5.0, 4.0)
    assert OUT_OF_NETWORK == 0.75
    other = scenario.with_values({"platform.weights.like": 0.9})
    assert (scored(other.platform, other.content)[0] == weights).all()


def test_nothing_is_shown_past_the_age_limit():
    result = result_of(busy(platform__model="published", run__hours=LIMIT_H + 30))
    log = result.promotions.join(
        result.videos.select("account", "planned_by", "post_number", "published_hour"),
        on=["account", "planned_by", "post_number"],
    )
    age = log["hour"] + 1 - log["published_hour"]
    assert (log["reason"] == "past the age limit").any()
    assert int(age.max()) == LIMIT_H  # type: ignore[arg-type]
