"""Whether a comparison holds under the other platform models: asked for by a button, told in one row."""

import json
from html import unescape
from typing import Any

import pytest

from sim.app.jobs import store
from sim.app.jobs.questions import Surveying
from sim.app.jobs.request import Comparing, Request
from sim.app.jobs.variants import built, laid_out
from sim.app.ui import further
from sim.experiment.compare import compare
from tests.app.driving import EagerJobs, FakeJobs, markup, opened
from tests.app.test_further_page import GIVEN, TIMED, WHOLE, answer, ask, questions

SURVEY = Surveying("classroom", 2_000, built(("one", "1+3")), 8)
SAID = {"text_en": "It is so.", "text_zh": "如此。"}
ELSEWHERE = {
    "percentile": {"code": "winner", "winner": "one", **SAID},
    "score": {"code": "cannot_tell_apart", "winner": None, **SAID},
    "published": {"code": "winner", "winner": "1+3", **SAID},
}


@pytest.fixture
def known(jobs: FakeJobs, monkeypatch: pytest.MonkeyPatch) -> dict[Request, Any]:
    found: dict[Request, Any] = {WHOLE: answer(), TIMED: {"seconds": 0.25, "workers": 2}}
    monkeypatch.setattr(store, "found", found.get)
    return found


def test_the_button_says_how_long_it_takes_and_asks_for_the_other_models(
    known: dict[Request, Any], jobs: FakeJobs
) -> None:
    """Three other models × two variants × 8 seeds of a quarter second, two at a time."""
    app = opened(**GIVEN)
    assert questions(app, "platforms") == ["Does it hold if the platform works differently? · 6 s to 12 s"]
    ask(app, "platforms")
    assert jobs.started == [SURVEY]
    assert SURVEY.models == ("percentile", "score", "published")
    assert SURVEY.runs == 48


@pytest.mark.parametrize(
    ("language", "row"),
    [
        ("en", ["Tiered pools", "One account", "Rank in the category", "One account", "Continuous score",
                "Cannot tell", "Published ranker", "1+3"]),
        ("zh", ["分级流量池", "全部发在主号", "品类排名", "全部发在主号", "连续评分", "无法判断",
                "公开参数模型", "1+3 矩阵"]),
    ],
)  # fmt: skip
def test_four_verdicts_stand_in_one_row(known: dict[Request, Any], language: str, row: list[str]) -> None:
    known[SURVEY] = {"platforms": {"follows": ELSEWHERE}}
    page = unescape(markup(opened(lang=language, **GIVEN)))
    whole = next(html for html in page.split("\n") if 'role="list"' in html)
    cells = [
        part.split("<")[0] for part in whole.replace("</p>", "<").split(">") if part.split("<")[0].strip()
    ]
    assert cells == row
    assert ("does not hold" if language == "en" else "并非") in page


def test_a_report_says_whether_it_holds(known: dict[Request, Any]) -> None:
    comparison = answer()["comparisons"]["follows"]
    known[SURVEY] = {"platforms": {"follows": ELSEWHERE}}
    platforms = further.answered(WHOLE, comparison, "follows")["platforms"]
    assert {model: row["winner"] for model, row in platforms.items()} == {
        "pools": "one", "percentile": "one", "score": None, "published": "1+3",
    }  # fmt: skip


def test_the_verdicts_are_those_of_the_command(eager: EagerJobs) -> None:
    given = Comparing("classroom", None, laid_out(("none", "star")), 2)
    survey = Surveying(given.scenario, given.users, given.variants, given.seeds)
    eager.start(survey, "me")
    kept = store.found(survey)
    assert kept is not None
    found = compare(given.plan(), layouts=("none", "star"), metric="follows", seeds=2, platform="all")
    own = given.plan().platform.model
    expected = {model: row for model, row in found.platforms.items() if model != own}
    assert kept["platforms"]["follows"] == json.loads(json.dumps(expected))
