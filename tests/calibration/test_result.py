import json
import tomllib

import numpy as np
import polars as pl
import pytest

from sim.calibration.check import PLACES, check, forecast_told
from sim.calibration.result import calibrate, noted, pseudonymous, weights
from sim.calibration.sample import sample_of
from sim.calibration.views import Effort
from sim.commands.calibration_page import check_report
from sim.language.words import Words
from sim.report.page import html
from sim.scenario.canonical import canonical
from sim.scenario.explain import explain
from sim.scenario.reference import assumed_rows, fitted_keys
from sim.scenario.schema import Scenario
from tests.calibration.made import blank, videos

SMALL = Effort((70,), (10,))
PLAIN = Scenario(name="plain")
BRAND = Scenario.from_dict(
    {
        "name": "brand",
        "accounts": [{"id": "account 000", "role": "main", "fans": 300}, {"id": "elsewhere"}],
        "audience": {"users": 100_000},
    }
)


@pytest.fixture(scope="module")
def data() -> pl.DataFrame:
    return videos(PLAIN, blank(40, 6))


@pytest.fixture(scope="module")
def found(data: pl.DataFrame):
    return calibrate(BRAND, data, seconds=1e6, effort=SMALL)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_fitted_scenario_is_read_again_and_says_at_each_key_what_it_rests_on(
    found, language: str
) -> None:
    text = found.to_toml(language)
    assert Scenario.loads(text) == found.fitted
    line = next(line for line in text.splitlines() if line.startswith("like = 0.0"))
    words = Words(language)("fitted to your data: {low} … {high}, before {before}", low=0, high=0, before=0)
    assert words.split(":")[0].split("：")[0] in line
    assert any(line.startswith("# - platform.trickle") for line in text.splitlines())


def test_only_what_is_identified_has_changed(found) -> None:
    before, after = found.scenario.model_dump(), found.fitted.model_dump()
    changed = {row.key for row in found.rows if row.identified and row.is_key}
    assert any(key.startswith("content.rates.") for key in changed)
    same = {key: after["content"]["rates"][key] for key in after["content"]["rates"]}
    for key, value in same.items():
        if f"content.rates.{key}" not in changed:
            assert value == before["content"]["rates"][key]


def test_a_fitted_key_is_known_as_such_until_it_gets_another_value(found) -> None:
    assert "content.rates.like" in fitted_keys(found.fitted.model_dump())
    assert canonical(found.fitted) == canonical(found.fitted.model_copy(update={"fitted": {}}))
    other = found.fitted.with_values({"content.rates.like": 0.5})
    assert "content.rates.like" not in fitted_keys(other.model_dump())
    counts = [len(fitted_keys(plan.model_dump())) for plan in (found.scenario, other, found.fitted)]
    assert counts == [0, len(found.fitted.fitted) - 1, len(found.fitted.fitted)]
    assert f"其中 {counts[2]} 个参数按你的数据拟合" in explain(found.fitted, "zh")
    assumed = [row.key for row, *_ in assumed_rows([found.scenario])]
    rest = [row.key for row, *_ in assumed_rows([found.fitted])]
    assert set(assumed) - set(rest) <= fitted_keys(found.fitted.model_dump())
    assert len(rest) < len(assumed)


def test_an_account_of_the_scenario_gets_the_weight_of_its_history(found, data: pl.DataFrame) -> None:
    rows = {row.key: row for row in found.rows}
    assert {key for key in rows if key.startswith("accounts")} == {"accounts.0.weight"}
    views = pl.when(pl.col("account") == "account 000").then(30.0).otherwise(1.0) * pl.col("plays")
    (lucky,) = weights(BRAND, sample_of(data.with_columns(views.alias("plays"))))
    assert lucky.value > 3 * rows["accounts.0.weight"].value


def test_the_same_data_and_seed_give_the_same_fit(found, data: pl.DataFrame) -> None:
    shuffled = data.sample(fraction=1.0, shuffle=True, seed=3)
    assert calibrate(BRAND, shuffled, seconds=1e6, effort=SMALL).fitted == found.fitted


def test_without_time_the_rates_are_fitted_and_the_ladder_is_said_not_to_be(data: pl.DataFrame) -> None:
    short = calibrate(BRAND, data, seconds=0.0)
    assert not short.complete
    assert any(row.identified for row in short.rows if row.key.startswith("content.rates"))
    assert short.fitted.platform == BRAND.platform


def test_an_interrupt_keeps_what_is_done(data: pl.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def stopped(*_: object) -> None:
        calls.append(1)
        raise KeyboardInterrupt

    monkeypatch.setattr("sim.calibration.views._simulated", stopped)
    short = calibrate(BRAND, data, seconds=1e6, effort=SMALL)
    assert short.interrupted
    assert len(calls) == 1
    assert any(row.identified for row in short.rows)


def test_pseudonyms_leave_no_name_and_no_title(data: pl.DataFrame) -> None:
    hidden = pseudonymous(data)
    assert hidden["account"].n_unique() == data["account"].n_unique()
    text = hidden.write_csv()
    assert "secret" not in text
    assert "account 000" not in text


def test_names_of_the_data_are_in_no_document(data: pl.DataFrame) -> None:
    named = data.with_columns(account=pl.lit("private ") + pl.col("account"))
    got = calibrate(PLAIN, named, seconds=0.0)
    assert "private" not in got.to_toml() + json.dumps(got.as_dict())


def test_notes_find_their_keys() -> None:
    text = (
        'name = "x"\n\n[run]\nhours = 1\n\n[[accounts]]\nid = "a"\n\n[[accounts]]\nid = "b"\nweight = 2.0\n'
    )
    marked = noted(text, {"run.hours": "h", "accounts.1.weight": "w", "hours": "no"})
    assert tomllib.loads(marked) == tomllib.loads(text)
    assert [line for line in marked.splitlines() if "#" in line] == ["hours = 1  # h", "weight = 2.0  # w"]


@pytest.fixture(scope="module")
def checked(data: pl.DataFrame):
    """Of the very scenario that made the data."""
    truth = calibrate(PLAIN, data, seconds=0.0)
    return check(truth._replace(fitted=PLAIN), 1e6, effort=SMALL)


def test_a_scenario_that_made_the_data_passes_its_check(checked) -> None:
    inside = [
        low <= real <= high
        for real, low, high in zip(
            checked.quantiles.real, checked.quantiles.low, checked.quantiles.high, strict=True
        )
    ]
    assert np.mean(inside) > 0.7
    forecast = checked.forecast
    assert forecast is not None
    assert forecast.videos == 40
    assert forecast.behind < 0.15
    assert 0.75 <= forecast.scores[0].coverage[-1] <= 1.0


def test_a_baseline_that_wins_is_said_to_win(checked) -> None:
    forecast = checked.forecast
    worse = forecast.scores[0]._replace(crps=2 * forecast.scores[1].crps)
    lost = checked._replace(forecast=forecast._replace(scores=(worse, *forecast.scores[1:])))
    assert "a baseline is better by" in forecast_told(lost, Words("en"))


def test_views_are_held_against_those_of_the_very_videos_that_were_simulated(
    data: pl.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.calibration.sample.MOST_VIDEOS", 60)
    thin = calibrate(PLAIN, data, seconds=0.0)
    assert thin.views.sample.views.size < thin.sample.views.size
    got = check(thin, 0.0, effort=SMALL)
    assert got.quantiles.real == (10 ** np.quantile(thin.views.sample.log_views, PLACES)).tolist()
    assert {band.name for band in got.rates} == set(thin.views.sample.counts) == set(thin.sample.counts)


def test_without_dates_there_is_no_hold_out_and_it_is_said(found) -> None:
    undated = found._replace(sample=found.sample._replace(day=np.full(found.sample.views.size, np.nan)))
    got = check(undated, 0.0, effort=SMALL)
    assert got.forecast is None
    assert "no date" in forecast_told(got, Words("en"))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_stands_alone_and_names_nobody(found, checked, language: str) -> None:
    text = html(check_report(found, checked, language))
    assert "account 001" not in text
    assert "http-equiv" in text
    assert "platform.pools" in text
