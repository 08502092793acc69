"""Search and nearby (P14): so many views as their shares say, when they say, and not judged."""

import math

import polars as pl
import pytest

from sim.rules.entrances import hourly_share
from tests.refresh import busy, result_of

pytestmark = pytest.mark.system("P14")


def views(origin: str, **values: object) -> pl.DataFrame:
    plan = busy(audience__users=20_000, links__layout="none", **{"run__hours": 60} | values)
    return result_of(plan).hourly.filter(pl.col("origin") == origin)


def test_half_of_what_is_owed_has_come_after_the_half_life_of_its_wait():
    left = (1 - hourly_share(10.0)) ** (10 * math.log(2))
    assert left == pytest.approx(0.5)
    assert hourly_share(0.0) == 1.0


@pytest.mark.parametrize("origin", ["search", "nearby"])
def test_an_entrance_brings_the_share_of_the_recommended_views_that_it_says(origin: str):
    on = {f"entrances__{origin}_share": 0.1, "entrances__search_wait_h": 0.0}
    came, recommended = (views(name, **on)["impressions"].sum() for name in (origin, "recommend"))
    posts = 60 / 24 * 6.5 + 4
    assert 0.1 * recommended - 0.1 * 100 - posts <= came <= 0.1 * recommended


def test_search_comes_later_than_nearby():
    on = {"entrances__search_share": 0.3, "entrances__nearby_share": 0.3, "entrances__search_wait_h": 24.0}

    def mean_hour(origin: str) -> float:
        found = views(origin, **on)
        return float((found["hour"] * found["impressions"]).sum()) / float(found["impressions"].sum())

    assert mean_hour("recommend") < mean_hour("nearby") + 1 < mean_hour("search")


def test_the_platform_does_not_judge_a_post_on_them():
    def judged(share: float) -> pl.DataFrame:
        plan = busy(
            audience__users=20_000, links__layout="none", entrances__nearby_share=share, run__hours=24
        )
        quiet = plan.with_values({"sharing.open_probability": 0.0, "content.completion_boost": 1.0})
        return result_of(quiet).promotions

    none, much = judged(0.0), judged(0.3)
    first = (
        ["video", "hour", "pool"] if "video" in none.columns else ["account", "post_number", "hour", "pool"]
    )
    assert (
        none.filter(pl.col("pool") == 1).select(first).rows()
        == much.filter(pl.col("pool") == 1).select(first).rows()
    )
