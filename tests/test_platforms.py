"""Platform models as people meet them: scenario files, comparisons, closed forms, reports."""

import json
import re
from pathlib import Path
from typing import get_args

import pytest

from sim.analysis.platforms import AGREEMENT, NO_POOLS, agreement
from sim.cli import main
from sim.errors import UsageError
from sim.experiment.compare import compare
from sim.experiment.forecast import ladder_of, worth
from sim.language.names import MODEL
from sim.language.words import Words
from sim.report.comparison import comparison_report
from sim.report.folder import check_comparison, opened, run_files
from sim.report.page import html
from sim.report.run import run_report
from sim.scenario.explain import explain
from sim.scenario.notes import notes
from sim.scenario.recommendation import PLATFORM_MODELS, Platform
from sim.sweeps.sensitivity import axes_of
from tests.refresh import result_of, world

CHINESE = re.compile("[\u4e00-\u9fff]")
SCORE = world(platform__model="score")


def run(*words: str) -> int | str | None:
    with pytest.raises(SystemExit) as stop:
        main(list(words))
    return stop.value.code


@pytest.fixture(scope="module")
def across(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a comparison of two layouts under all models."""
    folder = tmp_path_factory.mktemp("across") / "found"
    short = world(audience__users=1_000, run__hours=24)
    compare(short, layouts=("none", "mesh"), seeds=2, workers=1, platform="all").write(folder)
    return folder


@pytest.mark.system("P10")
def test_all_models_are_compared_and_the_answer_is_that_of_the_scenarios_own(across: Path):
    found = json.loads((across / "comparison.json").read_text("utf-8"))
    check_comparison(found, "made")
    assert tuple(found["platforms"]) == PLATFORM_MODELS
    own = found["platforms"]["pools"]
    assert own["text_en"] == found["verdict"]["text_en"]
    assert own["winner"] == (found["variants"][0]["name"] if own["code"] == "winner" else None)


def test_a_comparison_under_one_model_is_that_of_scenarios_with_it():
    short = world(audience__users=1_000, run__hours=24)
    asked = compare(short, layouts=("none", "mesh"), seeds=2, workers=1, platform="score")
    written = compare(
        short.with_values({"platform.model": "score"}), layouts=("none", "mesh"), seeds=2, workers=1
    )
    assert asked.platforms == {}
    assert "platforms" not in asked.as_dict()
    columns = ["variant", "seed", "reach", "impressions", "follows"]
    assert asked.replications.select(columns).equals(written.replications.select(columns))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_report_of_a_comparison_says_whether_the_answer_holds_under_every_model(
    across: Path, language: str
):
    page = html(comparison_report(opened(across), language))
    found = json.loads((across / "comparison.json").read_text("utf-8"))["platforms"]
    assert agreement(found, language).split("(")[0] in page
    for model in MODEL.values():
        assert model.label(language) in page


def test_verdicts_by_model_agree_or_do_not():
    def said(**winners: str | None) -> str:
        return agreement({model: {"winner": winner} for model, winner in winners.items()}, "en")

    texts = AGREEMENT
    names = "tiered pools, continuous score"
    assert said(pools="star", score="star") == texts["same"].format(models=names)
    assert said(pools="star", score="mesh") == texts["other"]
    assert said(pools="star", score="mesh", published=None) == texts["other"]
    assert said(pools="star", score=None) == texts["open"].format(undecided="continuous score")
    assert said(pools=None, score=None) == texts["none"].format(models=names)
    assert set(MODEL) == set(get_args(Platform.model_fields["model"].annotation))


@pytest.mark.parametrize(
    ("model", "said"),
    [
        ("percentil", "unknown; allowed: pools, percentile, score, published, all; did you mean percentile?"),
        ("pool", "unknown; allowed: pools, percentile, score, published, all; did you mean pools?"),
    ],
)
def test_a_model_that_is_not_there_is_refused(model: str, said: str, capsys: pytest.CaptureFixture[str]):
    assert run("compare", "classroom", "--layouts", "none,star", "--platform", model) == 2
    assert f"--platform {model}: {said}" in capsys.readouterr().err


def test_closed_forms_are_refused_where_there_is_no_ladder(capsys: pytest.CaptureFixture[str]):
    for form in (ladder_of, worth):
        with pytest.raises(UsageError, match=r"platform.model = score: .*allowed here: pools"):
            form(SCORE)
    assert run("theory", "classroom", "--set", "platform.model=score") == 2
    assert "Traceback" not in capsys.readouterr().err


def test_what_a_score_scenario_does_is_told_without_pools():
    for language in ("en", "zh"):
        told = explain(SCORE, language)
        assert told != explain(world(), language)
    assert "ladder" not in explain(SCORE, "en")
    assert "without pools" in explain(SCORE, "en")
    assert "不设流量池" in explain(SCORE, "zh")
    tall = {"audience.users": 2_000, "platform.pools": (200, 3_000, 13_500)}
    assert any("pool 2" in note for note in notes(world().with_values(tall)))
    assert not any("pool" in note for note in notes(SCORE.with_values(tall)))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_report_of_a_run_says_that_there_are_no_pools(language: str, tmp_path: Path):
    result_of(SCORE).write(tmp_path / "run")
    page = html(run_report(run_files(tmp_path / "run"), language))
    assert Words(language)(NO_POOLS) in page
    assert ("Share promoted" if language == "en" else "晋级率") not in page


def test_keys_of_the_score_leave_the_ladder_as_it_is():
    keys = {"score_outranked_share": 0.5, "score_reach_power": 3.0, "score_pace_h": 10.0}
    moved = world(**{f"platform__{key}": value for key, value in keys.items()})
    assert result_of(moved).digest == result_of(world()).digest
    under = {f"platform__{key}": value for key, value in keys.items()}
    assert result_of(world(platform__model="score", **under)).digest != result_of(SCORE).digest


@pytest.mark.parametrize("model", PLATFORM_MODELS)
def test_keys_of_another_model_are_no_axis_of_sensitivity(model: str):
    plan = world(platform__model=model)
    keys = {axis.key for axis in axes_of(plan)}
    assert ("platform.score_reach_power" in keys) == (model in ("score", "published"))
    assert ("platform.percentile_reach_power" in keys) == (model == "percentile")
    assert ("platform.margin_gain" in keys) == (model == "pools")
    assert "platform.targeting" in keys
    changed = {"platform.margin_gain": 1.9, "platform.trickle": 0.31, "platform.revival_probability": 0.01}
    same = result_of(plan.with_values(changed)).digest == result_of(plan).digest
    assert same == (model != "pools")
