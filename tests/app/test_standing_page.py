"""How a video's account stands, on the page Pools."""

from html import unescape

import pytest

from sim import run
from sim.app.jobs import drafts, store
from sim.app.jobs.drafts import Version
from sim.app.jobs.request import Running, plan_of
from tests.app.driving import EagerJobs, markup, opened

WATCHED = {
    "enforcement.hazard": 60.0, "account_weight.gain": 0.5, "run.hours": 96, "structure.kind": "same",
    "structure.subs": 4,
}  # fmt: skip


def kept(values: dict[str, object]) -> str:
    plan = plan_of("classroom").with_values(values)
    return drafts.keep(Version(plan.to_toml(), plan.name))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_weight_repeated_content_violations_and_health_of_the_account_are_told(
    eager: EagerJobs, language: str
) -> None:
    name = kept(WATCHED)
    page = unescape(markup(opened("pools", scenario=name, seed="1", lang=language)))
    request = next(request for request in eager.started if isinstance(request, Running))
    answer, result = store.found(request), run(request.plan(), seed=1)
    assert answer is not None
    account = result.videos.sort("impressions", "planned_by", descending=[True, False])["account"][0]
    summary, violations = result.summary, result.tables["measures"].filter(account=account)["value"].sum()
    weight, health = summary["account_weights"][account], summary["health"][account]
    share = f"{answer['repeated'][account]:.0%}"
    said = {
        "en": (f"weight {weight:.2f} times what", f"{share} of its videos repeat another account's content",
               f"{violations} violations, health {health:.0f} of 100"),
        "zh": (f"权重为方案设定的 {weight:.2f} 倍", f"{share} 的作品与其他账号内容重复",
               f"违规 {violations} 次、健康分 {health:.0f}"),
    }[language]  # fmt: skip
    assert [text for text in said if text not in page] == []


def test_the_same_material_is_repeated_by_whoever_posts_it_later(eager: EagerJobs) -> None:
    name = kept(WATCHED)
    eager.start(request := Running(name, None, 1), "me")
    answer = store.found(request)
    assert answer is not None
    shares = answer["repeated"].values()
    assert max(shares) > 0.4
    eager.start(plain := Running("classroom", None, 1), "me")
    answer = store.found(plain)
    assert answer is not None
    assert set(answer["repeated"].values()) == {0.0}


def test_where_nobody_looks_at_accounts_nothing_is_said(eager: EagerJobs) -> None:
    page = unescape(markup(opened("pools", scenario="classroom", seed="1")))
    assert "at the end of the run" not in page
