"""Mean responses of the audience agree with the rules that a run draws from."""

import numpy as np
import pytest

from sim.analysis import viewers as vw
from sim.rules import engagement as rule
from sim.rules.content import without_completion
from sim.rules.draws import fixed, subkey, threshold
from sim.scenario.schema import Scenario
from sim.world.accounts import build_accounts

PLAN = Scenario.from_dict(
    {
        "name": "two tastes",
        "accounts": [
            {"id": "main", "role": "main", "topics": {"food": 1.0}, "quality": 1.5},
            {"id": "sport", "topics": {"sport": 1.0}, "length_s": 90.0},
        ],
        "audience": {"topics": {"food": 0.3, "sport": 0.7}},
    }
)
PEOPLE = vw.viewers(PLAN, build_accounts(PLAN))


def test_luck_has_median_one_and_the_spread_of_an_account() -> None:
    plan = Scenario(name="luck")
    factors = np.log10(vw.luck(plan, 1024))
    spread = plan.content.spread
    assert np.median(factors, axis=0) == pytest.approx(0, abs=0.02)
    assert factors.std(axis=0)[0] == pytest.approx(spread.completion * spread.within_account**0.5, rel=0.03)
    related = np.corrcoef(factors.T)
    assert related[1, 4] == pytest.approx(spread.engagement_correlation, abs=0.03)
    assert abs(related[0, 1:]).max() < 0.03


def test_the_median_video_has_the_accounts_quality_and_length() -> None:
    main, sport = (vw.median_rates(PLAN, row) for row in build_accounts(PLAN).rows)
    rates = PLAN.content.rates
    assert main == pytest.approx([1.5 * getattr(rates, action) for action in rule.ACTIONS])
    assert sport[0] < rates.completion  # long videos are finished less often
    assert sport[-1] == pytest.approx(rates.visit)


def test_shares_of_viewers_sum_to_one_and_follow_the_aim() -> None:
    assert PEOPLE.shares.sum(axis=1) == pytest.approx(1)
    fits = [PEOPLE.shares[mix] @ PEOPLE.levels[mix] for mix in PEOPLE.kind]
    assert min(fits) > PEOPLE.levels.mean()  # each mix is shown to people whom it fits


@pytest.mark.parametrize(("completions", "engagements"), [(2, 12), (7, 15)])
def test_responses_are_those_of_the_rule(completions: int, engagements: int) -> None:
    level, boost, rates = 5, 3.2, np.array([0.2, 0.05, 0.01, 0.02, 0.03, 0.1])
    among = np.zeros((PEOPLE.completion.shape[1], PEOPLE.engagement.shape[1]))
    among[completions, engagements] = 1
    expected = vw.responses(PEOPLE, rates[None], boost, among, tired=0.9)[0, level]
    base = [threshold(rates[0]), *(threshold(without_completion(r, rates[0], boost)) for r in rates[1:])]
    finish, engage = PEOPLE.completion[level, completions], PEOPLE.engagement[level, engagements]
    draws = 20_000
    bits = np.array(
        [
            rule.response(
                rule.Draws(*map(np.uint64, rule.draws(subkey(np.uint64(1), k)))),
                rule.Appeal(*base),
                fixed(0.9 * finish),
                fixed(0.9 * engage),
                fixed(boost),
            )
            for k in range(draws)
        ]
    )
    found = (bits[:, None] >> np.arange(6) & 1).mean(axis=0)
    assert np.abs(found - expected).max() < 4 * 0.5 / np.sqrt(draws)


def test_all_classes_together_give_the_rate_of_a_neutral_person() -> None:
    rates = np.array([[0.1, 0.001, 0.001, 0.001, 0.001, 0.001]])  # small: nobody is sure to respond
    neutral = PEOPLE._replace(
        completion=PEOPLE.completion / PEOPLE.completion.mean(axis=1, keepdims=True),
        engagement=PEOPLE.engagement / PEOPLE.engagement.mean(axis=1, keepdims=True),
    )
    assert vw.responses(neutral, rates, 3.2)[0, 0] == pytest.approx(rates[0], rel=0.01)
