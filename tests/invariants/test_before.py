"""What begins on day 5 leaves days 1 to 4 as they are without it, to the last digit."""

import random

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from sim.scenario.schema import Scenario
from tests.refresh import ACCOUNTS, WORLDS, busy, result_of

DAY_5 = 4 * 24
LATE = {"id": "late", "fans": 700, "posts_per_day": 2.0, "first_post_h": DAY_5, "topics": {"sport": 1.0}}
CREATOR = {**LATE, "role": "creator", "tier": "junior"}
EDGES = (("main", "Z", "follow"), ("Z", "a sub", "like"), ("一号", "main", "mention"))


def linked(*further: tuple[str, str, str], hours: int = 144, accounts: object = ACCOUNTS) -> Scenario:
    edges = (*EDGES, *further)
    return busy(links__layout="custom", links__edges=edges, run__hours=hours, accounts=accounts)


WITHOUT = linked()
BEGINS = {
    "an account that mentions": linked(("late", "main", "mention"), accounts=(*ACCOUNTS, LATE)),
    "a creator": linked(accounts=(*ACCOUNTS, CREATOR)),
    "the rest of the run": linked(hours=DAY_5),
}


@pytest.mark.parametrize("engine", ["columns", "agents"])
@pytest.mark.parametrize("what", BEGINS)
def test_what_begins_on_day_5_leaves_the_days_before_as_they_are(what: str, engine: str) -> None:
    without, having = (result_of(scenario, engine=engine) for scenario in (WITHOUT, BEGINS[what]))
    for table in ("hourly", "promotions"):
        one, other = (result.tables[table] for result in (without, having))
        before = pl.col("hour") < DAY_5
        assert one.filter(before).height > 20
        assert_frame_equal(one.filter(before), other.filter(before), check_exact=True, check_row_order=False)
        assert not one.equals(other)  # it does begin


def test_the_global_generators_are_nobodys_luck() -> None:
    digests = set()
    for seed in (1, 2, 3):
        random.seed(seed)
        np.random.seed(seed)  # noqa: NPY002  that is the point
        digests |= {result_of(WORLDS["busy mesh"], engine=engine).digest for engine in ("columns", "agents")}
        random.random()  # noqa: S311
    assert len(digests) == 1
