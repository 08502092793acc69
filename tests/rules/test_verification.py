"""Verification (M12): people who buy only on proof, which other posts or a badge give."""

import itertools

import numpy as np
import pytest

from sim.analysis.flow_matrix import link_flow
from sim.pilot import Opportunities, expected_orders, scaled
from sim.rules.brand import TRUST_LEVELS
from sim.rules.verification import convinced
from sim.scenario.schema import Scenario
from sim.world.accounts import build_accounts
from tests.refresh import busy, result_of

pytestmark = pytest.mark.system("M12")
BADGES = [f"accounts.{k}.verified" for k in range(4)]


def test_more_trust_or_a_badge_never_convinces_fewer():
    for wary, trust, badge in itertools.product((0.0, 0.4, 1.0), (0.0, 0.125, 0.5), (0.0, 0.3, 1.0)):
        for verified in (False, True):
            shares = [convinced(n, verified, wary, trust, badge) for n in range(TRUST_LEVELS)]
            assert shares == sorted(shares)
            assert shares[-1] == 1.0
        assert convinced(0, True, wary, trust, badge) >= convinced(0, False, wary, trust, badge)
    assert [convinced(n, False, 1.0, 0.25, 0.3) for n in range(4)] == [0.0, 0.0, 1.0, 1.0]


def orders(**values: object) -> float:
    plan = busy(links__layout="none", **values)
    return float(np.mean([result_of(plan, seed).summary["orders"] for seed in (1, 2, 3)]))


def test_a_badge_convinces_those_who_look_for_one_and_nobody_else():
    without, carried = (dict.fromkeys(BADGES, badge) for badge in (False, True))
    asked = {"brand.proof_share": 0.9, "brand.badge_proof_share": 1.0, "links.verified_lift": 1.0}

    def sold(badges: dict[str, bool], **more: object) -> float:
        plan = busy(links__layout="none").with_values({**asked, **badges, **more})
        return float(np.mean([result_of(plan, seed).summary["orders"] for seed in (1, 2, 3)]))

    usual = orders(links__verified_lift=1.0)
    assert sold(without) < 0.6 * usual
    assert sold(carried) == usual
    assert sold(carried, **{"brand.badge_proof_share": 0.0}) == sold(without)


def test_a_home_page_is_followed_on_proof_only_where_that_is_asked():
    asked = {"brand.follow_proof_share": 1.0, "links.verified_lift": 1.0, "brand.trust_gain": 0.0}

    def follows(verified: bool, **more: float) -> int:
        plan = busy(content__rates__follow=0.0, brand__trust_gain=0.0, links__verified_lift=1.0)
        badges = dict.fromkeys(BADGES, verified)
        return int(result_of(plan.with_values({**badges, **more})).summary["follows"])

    usual = follows(False)
    assert usual > 50
    assert follows(False, **asked) == 0  # nothing ever gives proof
    assert follows(True, **asked, **{"brand.badge_proof_share": 1.0}) == usual
    assert 0 < follows(True, **asked, **{"brand.badge_proof_share": 0.3}) < usual
    assert 0 < follows(False, **asked | {"brand.trust_gain": 0.1}) < usual


def test_expected_follows_of_pages_are_those_of_visitors_without_proof():
    plan = busy().with_values(
        {"brand.follow_proof_share": 0.5, "brand.badge_proof_share": 0.2, BADGES[1]: True}
    )
    plain = link_flow(busy().with_values({BADGES[1]: True})).page_follows
    badges = [row.verified for row in build_accounts(plan).rows]
    shares = [0.6 if badge else 0.5 for badge in badges]
    assert set(badges) == {False, True}
    assert link_flow(plan).page_follows == pytest.approx(plain * shares)


def test_orders_expected_leave_out_whom_nothing_has_convinced():
    may = [0.4] * TRUST_LEVELS + [0.8] * TRUST_LEVELS
    turns = [0, 3, TRUST_LEVELS + 3]  # one person, the last time over a verified account
    found = Opportunities(1000, tuple(np.array([level]) for level in turns))
    total = 0.0
    for fell in itertools.product((0, 1), repeat=3):
        chance, ordered = 1.0, False
        for yes, level in zip(fell, turns, strict=True):
            lift = 1 + 2.0 * (level % TRUST_LEVELS) / 7
            p = 0.1 * lift if ordered else 0.2 * lift * may[level]
            chance *= p if yes else 1 - p
            ordered = ordered or bool(yes)
        total += chance * sum(fell)
    assert expected_orders(found, 0.2, 0.1, 2.0, may) == pytest.approx(total)


def test_the_brand_still_meets_its_sales_per_1000_plays():
    plan = Scenario(name="plan").with_values(
        {
            "audience.users": 40_000,
            "accounts": [
                {"id": "main", "role": "main", "fans": 2_000, "posts_per_day": 4.0, "verified": True},
                {"id": "a", "fans": 300, "posts_per_day": 2.0},
            ],
            "run.hours": 72,
            "brand.gpm_cny": 200.0,
            "brand.proof_share": 0.7,
            "links.layout": "none",
        }
    )
    _, by = scaled(plan)
    _, plain = scaled(plan.with_values({"brand.proof_share": 0.0}))
    assert by is not None
    assert plain is not None
    assert by.gpm_cny == pytest.approx(200.0, rel=1e-3)
    assert by.scale > 1.2 * plain.scale
    found = [result_of(plan, seed).summary for seed in range(1, 9)]
    sold, plays = (sum(s[key] for s in found) for key in ("gmv_cny", "impressions"))
    count = sum(s["orders"] for s in found)
    assert count > 100
    assert 1000 * sold / plays == pytest.approx(200.0, rel=4 / count**0.5 + 0.05)
