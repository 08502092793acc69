"""What a mechanism counts beside the columns stands in a long table, in every file, and in the digest; where
nobody counts there is no such table."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from sim import mechanisms
from sim.hour.ledger import Counts
from sim.hour.run import Mechanism, Run
from sim.language.vocabulary import MEASURES, QUANTITIES, Measure, measured
from sim.report.folder import run_files
from sim.report.page import html
from sim.report.run import run_report
from sim.results import LONG, Result
from sim.sweeps.query import query
from sim.world.board import SHARES
from tests.invariants.worlds import same
from tests.refresh import busy, result_of
from tests.sweeps.test_split import split

SCREENSHOTS = Measure(
    "screenshots",
    "count",
    "Screenshots",
    "截图量",
    "A video was kept as a picture.",
    "视频被截图保存的次数。",
)
WORLD = busy(run__hours=12)


class Screenshots(Mechanism):
    """Two for every share, by account and origin."""

    def __init__(self, run: Run) -> None:
        self._before = run.last_tally[:, :, SHARES]

    def settle(self, run: Run) -> None:
        """Counts them."""
        now = run.responder.tally().accounts[:, :, SHARES].copy()
        for k, origin in enumerate(("recommend", "fans")):
            run.counts.book(run.hour, "screenshots", 2 * (now - self._before)[:, k], origin)
        self._before = now


@pytest.fixture
def words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(MEASURES, "screenshots", SCREENSHOTS)


@pytest.fixture
def counting(words: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mechanisms, "MECHANISMS", (*mechanisms.MECHANISMS, Screenshots))


@pytest.mark.usefixtures("words")
def test_rows_are_added_up_by_hour_account_origin_and_measure() -> None:
    counts = Counts(3)
    counts.book(1, "screenshots", np.array([2, 0, 5]), "fans")
    counts.book(0, "screenshots", np.array([0, 0, 1]))
    counts.book(1, "screenshots", np.array([1, 0, 0]), "fans")
    assert counts.by_account("screenshots").tolist() == [3, 0, 6]
    assert counts.table(["main", "a", "b"]).rows() == [
        (0, "b", "", "screenshots", 1), (1, "b", "fans", "screenshots", 5),
        (1, "main", "fans", "screenshots", 3),
    ]  # fmt: skip


@pytest.mark.usefixtures("words")
@pytest.mark.parametrize(
    ("measure", "count", "origin", "said"),
    [("likes", 1, "", "likes: no measure"), ("screenshots", -1, "", "less than nothing"),
     ("screenshots", 1, "nowhere", "nowhere: no origin")],
)  # fmt: skip
def test_what_is_no_count_is_refused(measure: str, count: int, origin: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Counts(1).book(0, measure, np.array([count]), origin)


@pytest.mark.usefixtures("words")
def test_a_measure_is_declared_once_and_names_nothing_else() -> None:
    assert measured(SCREENSHOTS) == "screenshots"
    for other in (replace(SCREENSHOTS, unit="people"), replace(SCREENSHOTS, key="orders")):
        with pytest.raises(ValueError, match="the name of another quantity"):
            measured(other)


def test_measures_have_their_words_in_both_languages() -> None:
    for measure in (SCREENSHOTS, *MEASURES.values()):
        assert measure.unit
        assert measure.key not in QUANTITIES
        for told in (measure.label, measure.definition):
            assert told("en") != told("zh")
            assert all(map(told, ("en", "zh")))


def expected(result: Result) -> pl.DataFrame:
    some = result.hourly.filter(pl.col("origin").is_in(["recommend", "fans"]) & (pl.col("shares") > 0))
    counted = {"measure": pl.lit("screenshots"), "value": 2 * pl.col("shares")}
    return some.select("hour", "account", "origin", **counted).sort("hour", "account", "origin")


@pytest.mark.usefixtures("counting")
def test_what_is_counted_is_in_the_table_and_in_the_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    result = result_of(WORLD)
    assert result.measures.height > 5
    assert result.measures.schema == LONG
    assert result.measures.equals(expected(result))
    same(result, result_of(WORLD, engine="agents"))
    monkeypatch.setattr(mechanisms, "MECHANISMS", mechanisms.MECHANISMS[:-1])
    without = result_of(WORLD)
    assert without.digest != result.digest
    assert without.hourly.equals(result.hourly)


@pytest.mark.usefixtures("counting")
def test_what_is_counted_does_not_hang_on_where_the_people_are() -> None:
    large = busy(audience__users=40_000, platform__pools=(400, 3_000, 13_500), run__hours=12)
    alone, over = result_of(large), split(large, 2)
    assert alone.measures.height
    same(alone, over)


def test_where_nobody_counts_there_is_no_table() -> None:
    result = result_of(WORLD)
    assert "measures" not in result.tables
    assert result.measures.is_empty()
    assert result.measures.schema == LONG


def test_the_table_is_written_asked_and_told(
    counting: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = result_of(WORLD)
    result.write(tmp_path)
    assert pl.read_parquet(tmp_path / "measures.parquet").equals(result.measures)
    total = result.measures["value"].sum()
    assert query(tmp_path, "SELECT sum(value) AS n FROM measures")["n"].to_list() == [total]
    assert query(tmp_path, "SELECT count(*) AS n FROM hourly")["n"].to_list() == [result.hourly.height]
    for language, label in (("en", "Screenshots"), ("zh", "截图量")):
        page = html(run_report(run_files(tmp_path), language))
        assert label in page
        assert SCREENSHOTS.definition("zh" if language == "zh" else "en") in page
    monkeypatch.setattr(mechanisms, "MECHANISMS", mechanisms.MECHANISMS[:-1])
    result_of(WORLD).write(tmp_path)
    assert not (tmp_path / "measures.parquet").exists()
    assert "Screenshots" not in html(run_report(run_files(tmp_path), "en"))


class Sale(Mechanism):
    """From an hour on, one account's orders over a feed bring less."""

    def act(self, run: Run, published: object) -> None:
        """Sets the price."""
        if run.hour == 6:
            run.prices[0, :2] = 5_00


@pytest.mark.system("E1")
def test_prices_may_differ_by_account_origin_and_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    eager = busy(run__hours=48, brand__interest_probability=0.9, brand__order_probability=0.9)
    before = result_of(eager)
    monkeypatch.setattr(mechanisms, "MECHANISMS", (Sale, *mechanisms.MECHANISMS))
    result = result_of(eager)
    feed = pl.col("origin").is_in(["recommend", "fans"])
    cheap = result.hourly.filter(feed & (pl.col("account") == "main") & (pl.col("hour") >= 6))["orders"].sum()
    assert cheap
    assert result.hourly.equals(before.hourly)
    assert result.summary["gmv_cny"] == 99 * (result.summary["orders"] - cheap) + 5 * cheap
    assert result.money.filter(kind="orders")["cny"].sum() == result.summary["gmv_cny"]
