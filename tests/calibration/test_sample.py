import numpy as np
import polars as pl
import pytest

from sim.calibration import sample as module
from sim.calibration.sample import LEAST_COUNTED, LEAST_VIDEOS, only, sample_of, thinned
from sim.errors import UsageError
from tests.calibration.made import blank


def table(rows: int, **columns: object) -> pl.DataFrame:
    return pl.DataFrame({"account": ["a", "b"] * (rows // 2), "plays": [100.0] * rows} | columns)


def test_too_few_videos_are_refused_with_how_many_are_needed() -> None:
    with pytest.raises(UsageError, match=rf"10 videos with plays.*at least {LEAST_VIDEOS}"):
        sample_of(table(10))


@pytest.mark.parametrize(("column", "said"), [("account", "account"), ("plays", "neither")])
def test_a_missing_column_is_named(column: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        sample_of(table(40).drop(column))


def test_what_is_missing_is_no_zero() -> None:
    likes = [None] * 15 + [3] * 25
    found = sample_of(table(40, likes=likes))
    assert found.counts["like"].hits.tolist() == [3.0] * 25
    assert "comment" not in found.counts


def test_videos_without_views_are_left_out_and_counted() -> None:
    found = sample_of(table(40).with_columns(plays=pl.Series([None, 0.0] + [50.0] * 38)))
    assert (found.left_out, found.views.size) == (2, 38)


def test_impressions_are_the_base_where_nearly_all_have_them() -> None:
    shown = [200.0] * 36 + [None] * 4
    assert sample_of(table(40, impressions=shown)).base == "impressions"
    assert sample_of(table(40, impressions=shown[:20] + [None] * 20)).base == "plays"


def test_finished_views_are_counted_over_the_base() -> None:
    found = sample_of(table(40, impressions=[200.0] * 40, finish_rate=[0.5] * 40)).counts["completion"]
    assert (found.hits[0], found.base[0]) == (50.0, 200.0)


def test_negative_counts_are_no_counts_of_people() -> None:
    found = sample_of(table(40, follower_delta=[-5] * 10 + [2] * 30))
    assert found.counts["follow"].hits.min() == 2


def test_a_large_set_is_thinned_within_accounts_before_accounts_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_VIDEOS", 90)
    few, many = blank(4, 40), blank(60, 4)
    assert np.bincount(thinned(few, np.random.default_rng(1)).account).tolist() == [22] * 4
    assert len(thinned(many, np.random.default_rng(1)).names) == 22


def test_a_part_of_the_videos_keeps_their_counts_and_no_others() -> None:
    likes = [float(k) for k in range(80)]
    whole = sample_of(table(80, likes=likes, plays=[float(100 + k) for k in range(80)]))
    chosen = np.arange(80) % 3 > 0
    part = whole.of(chosen).counts["like"]
    assert part.hits.tolist() == whole.counts["like"].hits[chosen].tolist()
    assert part.base.tolist() == whole.of(chosen).views[part.video].tolist()
    other = only(whole, np.array([1]))
    assert set(other.counts["like"].account.tolist()) == {0}
    assert other.counts["like"].hits.size == 40
    assert whole.of(np.arange(80) < LEAST_COUNTED - 1).counts == {}
