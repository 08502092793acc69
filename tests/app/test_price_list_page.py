"""A price list of one's own on Seeding mix: read as the command reads it, whom a mix books by name."""

from html import unescape

import pytest
from streamlit.testing.v1 import AppTest

from sim.app.jobs import drafts, store
from sim.app.jobs.answer import judged
from sim.app.jobs.request import Comparing, plan_of
from sim.app.pages.mix import mixes
from sim.app.ui import choice as chosen
from sim.experiment.compare import compare_variants
from sim.experiment.variants import Variant
from sim.reading.price_list import read
from sim.sweeps import grid
from tests.app.driving import FakeJobs, alive, markup, opened

LIST = """达人昵称,粉丝数,21-60s视频报价,粉丝契合度
小茶,300,500,
<b>阿果</b>,400,-,
老面,260,面议,
大锅,350,800,
阿月,18000,900,1%
阿星,20000,1000,1%
"""
GIVEN = {"scenario": "classroom", "budget": "2500", "seeds": "4"}


def brought(app: AppTest, content: bytes, name: str = "prices.csv") -> AppTest:
    return alive(app.file_uploader[0].set_value((name, content, "text/csv")).run())


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_list_becomes_a_draft_whose_mixes_book_by_name_and_mark_estimates(
    jobs: FakeJobs, language: str
) -> None:
    app = brought(opened("mix", lang=language, **GIVEN), LIST.encode("gb18030"))
    name = app.session_state[chosen.SCENARIO]
    plan = plan_of(name)
    found = read("prices.csv", plan_of("classroom"), LIST.encode("gb18030"))
    assert plan.seeding == found.booked_from(plan_of("classroom")).seeding
    told = unescape(markup(app))
    assert all(line in told for line in found.told("zh" if language == "zh" else "en"))
    shown = app.get("dataframe")[0].value
    rows = {key: plan.seeding.candidates[key] for key in mixes.TIERS}
    assert [price == "–" for price in shown["price"]] == [not rows[key] for key in mixes.TIERS]
    junior = mixes.TIERS.index("junior")  # 900 and 1,000 CNY, not the tier table's
    assert (shown["price"][junior], shown["fans"][junior]) == {"en": ("950", "19K"), "zh": ("950", "19,000")}[
        language
    ]
    offer = mixes.offer(name, plan.audience.users, float(app.session_state["kept_mix_budget"]))
    request = Comparing(name, plan.audience.users, tuple(mix.variant for mix in offer.mixes), 8)
    variants = tuple(
        Variant(v.name, v.label_zh, v.of(plan.with_values({"run.hours": 6}))) for v in request.variants
    )
    answer = {"hours": 6, **judged(compare_variants(variants, seeds=2))}
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(store, "found", lambda asked: answer if type(asked) is Comparing else None)
        jobs.states.clear()
        app = alive(app.run())
    titles = [fold.label for fold in app.expander]
    assert any({"en": "books (", "zh": "选用的达人"}[language] in title for title in titles)
    page = markup(app)
    assert "&lt;b&gt;阿果&lt;/b&gt;*" in page
    assert "小茶*" in page  # plays are not in the list
    assert {"en": "* estimated from the tier table", "zh": "* 为估计值"}[language] in page
    drafts.delete(name)
    assert drafts.noted(name) == {}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a,b\n1,2\n", "prices.csv: no row has headers that are known"),
        (b"name,price\nx,1\n", "has no column of fans"),
        (b"name,fans\nx,many\n", "holds no creator that can be used"),
    ],
)
def test_a_list_that_cannot_be_used_is_refused_in_the_words_of_the_command(
    jobs: FakeJobs, content: bytes, said: str
) -> None:
    app = brought(opened("mix", **GIVEN), content)
    assert said in unescape(markup(app))
    assert app.session_state[chosen.SCENARIO] == "classroom"
    assert said not in unescape(markup(alive(app.run())))


def test_a_budget_for_the_whole_list_is_said_to_leave_no_choice(jobs: FakeJobs) -> None:
    amateurs = "\n".join(LIST.splitlines()[:4])
    app = brought(opened("mix", scenario="classroom", budget="50000"), amateurs.encode())
    assert app.session_state["kept_mix_budget"] == 50_000
    assert any("books everybody on the list" in told.value for told in app.info)


def test_more_than_a_list_holds_is_not_simulated(jobs: FakeJobs) -> None:
    app = brought(opened("mix", **GIVEN), LIST.encode())
    plan = plan_of(app.session_state[chosen.SCENARIO])
    assert grid.lacking(plan, (0, 0, 0, 0, 0, 3)) == ()
    assert grid.lacking(plan, (0, 0, 0, 1, 0, 4)) == ("waist", "amateur")
