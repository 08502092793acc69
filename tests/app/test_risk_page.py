"""What a comparison says about being found out as a matrix."""

import re
from dataclasses import replace
from html import unescape
from typing import Any

import pytest

from sim.app.jobs import drafts, store
from sim.app.jobs.answer import joined, judged
from sim.app.jobs.drafts import Version
from sim.app.jobs.request import Comparing, Request, plan_of
from sim.app.jobs.variants import built
from sim.experiment.compare import Comparison, compare_variants
from sim.experiment.variants import Variant
from tests.app.driving import FakeJobs, markup, opened

SHOWN = built(("one", "1+3", "same:4"), ("mesh",))
PLAN = plan_of("classroom").with_values({"enforcement.hazard": 40.0, "run.hours": 240})
VARIANTS = tuple(Variant(v.name, v.label_zh, v.of(PLAN), structure=v.structure) for v in SHOWN)


@pytest.fixture(scope="module")
def compared() -> Comparison:
    return compare_variants(VARIANTS, seeds=2)


def told(answer: dict[str, Any]) -> dict[str, Any]:
    """The risk of each variant, by name."""
    rows = answer["comparisons"]["reach"]["variants"]
    return {row["name"]: row["risk"] for row in rows if "risk" in row}


def test_risk_is_what_the_launches_told_by_what_gives_the_matrix_away(compared: Comparison) -> None:
    alone, linked, same = (risk for risk in compared.risks if risk)
    assert set(alone.violations.values()) == {0.0}
    assert alone.health == alone.lowest_health == 100.0
    assert linked.violations["relation"] > 0.0 == linked.violations["similarity"]
    assert same.violations["similarity"] > 0.0
    assert linked.lowest_health <= linked.health < 100.0
    rows = compared.replications.filter(variant=SHOWN[1].name)["violations_expected"].to_list()
    assert linked.violations["relation"] == pytest.approx(sum(row["relation"] for row in rows) / 2)


def test_a_variant_that_is_added_brings_its_own_risk(compared: Comparison) -> None:
    first = judged(compare_variants(VARIANTS[:2], seeds=2))
    added = compare_variants(VARIANTS[2:], seeds=2)
    assert told(joined(first, added, VARIANTS)) == told(judged(compared))


def test_a_plan_beside_which_nothing_is_found_out_tells_what_that_costs(compared: Comparison) -> None:
    free = VARIANTS[1]._replace(
        name="free", scenario=VARIANTS[1].scenario.with_values({"enforcement.hazard": 0.0})
    )
    answer = judged(compare_variants((VARIANTS[1], free), seeds=2))
    [(name, risk)] = told(answer).items()
    assert name == VARIANTS[1].name
    assert risk["losses"]["reach"]["mean"] > 0
    assert risk["health"] == told(judged(compared))[name]["health"]
    again = joined(answer, compare_variants(VARIANTS[2:], seeds=2), (VARIANTS[1], free, VARIANTS[2]))
    assert told(again)[name] == risk


def test_without_a_hazard_there_is_no_risk_to_keep() -> None:
    plan = plan_of("classroom").with_values({"run.hours": 24})
    assert not told(judged(compare_variants((Variant("none", "无", plan),), seeds=2)))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_risk_of_each_plan_stands_under_the_verdict(
    jobs: FakeJobs, monkeypatch: pytest.MonkeyPatch, compared: Comparison, language: str
) -> None:
    name = drafts.keep(Version(PLAN.to_toml(), PLAN.name))
    known: dict[Request, Any] = {
        Comparing(name, PLAN.audience.users, SHOWN, 8): {"hours": 240, **judged(compared)}
    }
    monkeypatch.setattr(store, "found", known.get)
    given = {"scenario": name, "structures": "one.1+3.same:4", "layouts": "mesh", "seeds": "8"}
    page = unescape(markup(opened(lang=language, **given)))
    [table] = re.findall(r'<table class="ms-table" aria-label="(?:Risk|被判)[^>]*>.*?</table>', page)
    cells = dict(re.findall(r'<th scope="row">(.*?)</th><td>([0-9.]+).*?</td>', table))
    for risk in told(judged(compared)).values():
        assert f"{sum(risk['violations'].values()):.3g}" in cells.values()
    assert len(cells) == len(SHOWN)


@pytest.mark.parametrize(("language", "said"), [("en", "Nothing is found out"), ("zh", "没有开启矩阵治理")])
def test_where_nothing_is_found_out_one_line_says_where_to_set_it(
    jobs: FakeJobs, monkeypatch: pytest.MonkeyPatch, compared: Comparison, language: str, said: str
) -> None:
    free = replace(compared, risks=(None,) * len(SHOWN))
    answer = {"hours": 240, **judged(free)}
    monkeypatch.setattr(store, "found", {Comparing("classroom", 2_000, SHOWN, 8): answer}.get)
    given = {"scenario": "classroom", "structures": "one.1+3.same:4", "layouts": "mesh", "seeds": "8"}
    page = unescape(markup(opened(lang=language, **given)))
    assert said in page
    assert ("look for Enforcement" if language == "en" else "搜索“矩阵治理”") in page
