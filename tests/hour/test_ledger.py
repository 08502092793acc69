"""Money is booked where it falls, and every sum of a run is a sum over the ledger."""

import numpy as np
import polars as pl
import pytest

from sim.hour.ledger import KINDS, Ledger
from sim.language.vocabulary import COSTS, SALES
from tests.market import ALIKE
from tests.refresh import busy, result_of


def test_sums_are_those_of_the_bookings():
    ledger = Ledger(3)
    ledger.book(0, "posts", np.array([500, 0, 20]))
    ledger.book(1, "link_actions", np.array([0, 7, 0]))
    ledger.book(1, "orders", np.array([12_900, 0, 0]))
    assert ledger.by_account(COSTS).tolist() == [500, 7, 20]
    assert ledger.total(COSTS) == 527
    assert ledger.total(SALES) == 12_900
    assert ledger.table(["main", "a", "b"]).rows() == [
        (0, "main", "posts", 5.0), (0, "b", "posts", 0.2), (1, "a", "link_actions", 0.07),
        (1, "main", "orders", 129.0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "fen", "said"), [("gifts", 1, "no kind of money"), ("posts", -1, "less than")]
)
def test_what_is_no_money_is_refused(kind, fen, said):
    with pytest.raises(ValueError, match=said):
        Ledger(1).book(0, kind, np.array([fen]))


@pytest.mark.system("E1")
def test_the_summary_and_the_accounts_are_sums_over_the_ledger():
    seeded = {"seeding__ratio": (0, 0, 0, 0, 2, 3), "seeding__market": ALIKE, "seeding__window_h": 24}
    result = result_of(busy(**seeded, run__hours=36))
    money, summary = result.money, result.summary
    paid = money.filter(pl.col("kind").is_in(COSTS))
    assert set(money["kind"]) <= set(KINDS)
    assert paid["cny"].sum() == pytest.approx(summary["cost_cny"])
    assert money.filter(pl.col("kind").is_in(SALES))["cny"].sum() == pytest.approx(summary["gmv_cny"])
    by_account = dict(paid.group_by("account").agg(pl.sum("cny")).rows())
    for account, cost in result.accounts.select("account", "cost_cny").iter_rows():
        assert by_account.get(account, 0.0) == pytest.approx(cost)
    fees = money.filter(kind="creators")
    assert fees["hour"].unique().to_list() == [0]
    seeding = busy().seeding
    assert fees["cny"].sum() == 2 * seeding.price_cny("junior") + 3 * seeding.price_cny("amateur")
