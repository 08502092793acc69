import re
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from sim.app.jobs import drafts, store
from sim.app.jobs.request import Comparing, Request, Timing
from sim.app.pages.mix import mixes
from sim.app.pages.mix import page as mix
from sim.app.ui import choice as scenario_choice
from sim.app.ui.names import tier_name
from sim.errors import RunError
from sim.language.words import Words
from sim.scenario.schema import Scenario
from sim.sweeps import grid
from tests.app import driving as d
from tests.app.mixing import (
    CLASS,
    FIRST,
    OFFER,
    budget,
    dashed,
    judged_as,
    mixes_of,
    page,
    shipped,
    table,
    typed,
    with_waist,
)

pytestmark = pytest.mark.usefixtures("known")


def figures(app: AppTest) -> list[str]:
    """Those of the mixes: the slider's curve stands apart."""
    return [figure.key for figure in app.get("plotly_chart") if not str(figure.key).startswith("curve_")]


@pytest.mark.usefixtures("won")
def test_the_first_view_is_there_at_once(jobs: d.FakeJobs) -> None:
    app = page()
    told = d.markup(app)
    assert "One is winner." in told
    hours, number = FIRST.plan().run.hours, len(FIRST.variants)
    assert f"2 rounds · 2M people · {hours} h · Beauty matrix · {number} mixes for 200K CNY" in told
    assert len(figures(app)) == 2
    assert not d.progress(app)
    assert jobs.started == []


@pytest.mark.usefixtures("won")
def test_a_winner_of_many_is_said_to_owe_something_to_luck(jobs: d.FakeJobs) -> None:
    app = page()
    assert f"Picked from {len(FIRST.variants)} mixes, so part of the lead is luck" in d.markup(app)
    assert not app.code
    command = "matrixsim optimise beauty_matrix --budget 200000 --objective orders"
    assert [block.value for block in page(researcher="1").code] == [command]


@pytest.mark.usefixtures("won")
def test_fresh_luck_is_a_button_that_asks_for_other_seeds(jobs: d.FakeJobs) -> None:
    app = page()
    [again] = [one for one in app.button if one.key == "mix_fresh"]
    assert re.fullmatch(r"Check on fresh luck · \d+ launches", again.label)
    app = d.alive(again.click().run())
    [asked] = [given for given in jobs.started if not isinstance(given, Timing)]
    assert isinstance(asked, Comparing)
    assert len(asked.variants) < len(FIRST.variants)
    plan = FIRST.plan()
    assert {v.of(plan).run.seed for v in asked.variants} == {plan.run.seed + 1000}
    assert "fresh" in d.address(app)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("identical", "No difference seen: all {n} mixes gave the same in each of 2 rounds."),
        ("cannot_tell_apart", "None of the {n} mixes stands out in 2 rounds."),
        ("equivalent", "Any of the {n} mixes will do: none is behind by so much that it matters (2 rounds)."),
    ],
)
def test_nobody_is_called_best_where_the_verdict_does_not(
    jobs: d.FakeJobs, known: dict[Request, store.Answer], code: str, said: str
) -> None:
    known[FIRST] = judged_as(code, [variant.name for variant in FIRST.variants])
    told = d.markup(page())
    assert said.format(n=len(FIRST.variants)) in told
    assert "is best" not in told
    assert "Picked from" not in told


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("cannot_tell_apart", "2 of {n} mixes share the lead and cannot be told apart in 2 rounds."),
        ("equivalent", "Any of 2 of the {n} mixes will do"),
    ],
)
def test_several_mixes_are_told_by_what_they_spend(
    jobs: d.FakeJobs, known: dict[Request, store.Answer], code: str, said: str
) -> None:
    known[FIRST] = judged_as(code, [mixes_of("cheapest"), mixes_of("fans")])
    told = d.markup(page())
    assert said.format(n=len(FIRST.variants)) in told
    first, second = (OFFER.named(role) for role in ("cheapest", "fans"))
    assert first is not None
    assert second is not None
    kol = sorted(grid.percents(mix.shares)[0] for mix in (first, second))
    assert f"They spend {kol[0]}–{kol[1]}% on KOLs" in told


def test_what_is_left_of_the_budget_has_its_reason(jobs: d.FakeJobs) -> None:
    app = typed(page(), **dict.fromkeys(mixes.TIERS, 0) | {"amateur": 1})
    assert "CNY stay unspent: " in d.markup(app)
    app = typed(page(lang="zh"), **dict.fromkeys(mixes.TIERS, 0) | {"amateur": 1})
    assert re.search("预算 200,000 元中有 .* 元未花出", d.markup(app))


@pytest.mark.parametrize(
    ("language", "said"), [("en", "post after the end of the run"), ("zh", "模拟结束之后")]
)
def test_creators_who_post_too_late_are_told(jobs: d.FakeJobs, language: str, said: str) -> None:
    plan = Scenario.load("classroom", ["run.hours=12", "seeding.window_h=168"])
    name = drafts.keep(drafts.Version(plan.to_toml()))
    assert said in d.markup(page(scenario=name, budget="20000", lang=language))


@pytest.mark.usefixtures("won")
def test_chinese_has_no_english_left(jobs: d.FakeJobs) -> None:
    app = page(lang="zh")
    told = d.markup(app)
    assert "结论。" in told
    hours, number = FIRST.plan().run.hours, len(FIRST.variants)
    assert f"2 轮模拟 · 200 万人 · {hours} 小时 · 美妆矩阵 · 预算 20 万元 · {number} 种配比" in told
    widgets = [*app.selectbox, *app.number_input, *(b for b in app.button if b.key != "language_switch")]
    shown = [app.title[0].value, *(h.value for h in app.header), *(w.label for w in widgets)]
    shown += [e.label for e in app.expander]
    shown += [option for box in app.selectbox for option in box.options if option != "ROI"]
    shown += re.findall(r"<(?:th|abbr)[^>]*>([^<]+)<", told)
    shown += re.findall(r'<p class="ms-(?:lead|note|verdict)"[^>]*>([^<]+)<', told)
    shown += list(table(app).value["tier"])
    assert [text for text in shown if not d.CHINESE.search(text)] == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_metric_can_be_drawn(jobs: d.FakeJobs, language: str) -> None:
    app = page(lang=language)
    for metric in shipped()["comparisons"]:
        app = d.alive(d.choice(app, mix.METRIC).set_value(metric).run())
        assert len(figures(app)) == 2, metric
    assert jobs.started == []


def test_a_used_up_audience_is_said(jobs: d.FakeJobs, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = shipped()
    reach = answer["comparisons"]["reach"]
    rows = [{**row, "mean": 0.95 * FIRST.plan().audience.users} for row in reach["variants"]]
    full = {**answer, "comparisons": {**answer["comparisons"], "reach": {**reach, "variants": rows}}}
    monkeypatch.setattr(store, "found", {FIRST: full}.get)
    assert "of the audience is reached at best" in d.markup(page(metric="reach"))
    assert "of the audience is reached at best" not in d.markup(page(metric="follows"))


def test_the_address_holds_the_choices(jobs: d.FakeJobs) -> None:
    app = typed(page(), waist=1)
    app = d.alive(d.choice(app, mix.SEED).set_value(16).run())
    app = d.alive(budget(app).set_value(250_000).run())
    wanted = {"scenario": "beauty_matrix", "metric": "orders", "budget": "250000",
              "seeds": "16", "mix": dashed(with_waist(1))}  # fmt: skip
    assert d.address(app) == wanted
    again = page(**wanted)
    assert d.address(again) == wanted
    assert tuple(table(again).value["count"]) == with_waist(1)


@pytest.mark.parametrize(
    "rubbish",
    [
        {"metric": "fame", "budget": "-5", "seeds": "many", "mix": "1-2-3"},
        {"metric": "", "budget": "999999999999", "seeds": "3", "mix": "<b>-0-0-0-0-0"},
        {"budget": "1e5", "mix": "99999-99999-0-0-0-0"},
        {"budget": "٣", "mix": "0-0-0-0-0-0-0"},
    ],
)
def test_an_address_with_rubbish_opens_the_first_view(jobs: d.FakeJobs, rubbish: dict[str, str]) -> None:
    assert d.address(page(**rubbish)) == d.address(page())


def test_another_scenario_brings_its_own_budget_and_mix(jobs: d.FakeJobs) -> None:
    text = 'name = "mine"\n[seeding]\nratio = [0, 0, 0, 2, 5, 9]\nbudget_cny = 40_000\n'
    name = drafts.keep(drafts.Version(text))
    app = page(scenario=name, users="100000")
    assert budget(app).value == 40_000
    assert tuple(table(app).value["count"]) == mixes.plan_of(name, 100_000).seeding.counts
    app = d.alive(d.choice(app, scenario_choice.SCENARIO).set_value("classroom").run())
    assert budget(app).value == mixes.START_CNY


def test_a_budget_that_buys_nobody_is_a_message(jobs: d.FakeJobs) -> None:
    app = page(budget="100")
    assert re.search(r"the cheapest creator costs \d+ CNY", app.info[0].value)
    assert jobs.started == []


def test_tiers_that_are_not_to_be_had_are_named(jobs: d.FakeJobs, eager: d.EagerJobs) -> None:
    offer = mixes.offer("classroom", 2_000, 20_000)
    assert offer.dear
    named = ", ".join(tier_name(Words("en"), tier) for tier in offer.dear)
    assert f"Too dear for this budget: {named}." in d.markup(d.settled(page(**CLASS)))


def test_the_answer_before_stays_while_the_next_one_is_computed(jobs: d.FakeJobs) -> None:
    app = d.alive(budget(page()).set_value(150_000).run())
    assert "Previous answer" in [h.value for h in app.header]
    assert f"{len(OFFER.mixes)} mixes for 200K CNY" in d.markup(app)
    assert "half a minute" in d.progress(app)
    assert [request.seeds for request in jobs.started] == [2]


def test_a_failure_is_a_message_and_the_page_lives_on(jobs: d.FakeJobs) -> None:
    app = page(seeds="4")
    jobs.states[jobs.started[0].key()] = d.failed("no *memory*")
    app = page(seeds="4", lang="zh")
    assert app.error[0].value == Words("zh")("This could not be computed.")
    assert app.code[0].value == "no *memory*"
    app = d.alive(d.choice(app, mix.SEED).set_value(8).run())
    assert not app.error


def test_what_goes_wrong_in_the_page_is_a_message_too(
    jobs: d.FakeJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(request: Any, watcher: str) -> None:
        raise RunError("nothing fits")

    monkeypatch.setattr(jobs, "start", broken)
    assert "nothing fits" in page(seeds="4").code[0].value


def test_a_metric_without_value_is_a_message(jobs: d.FakeJobs, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = dict(shipped())
    answer["comparisons"] = {k: v for k, v in answer["comparisons"].items() if k != "roi"}
    monkeypatch.setattr(store, "found", {FIRST: answer}.get)
    assert "nothing was spent" in page(metric="roi").info[0].value


def test_a_scenarios_name_is_text_not_markup(eager: d.EagerJobs) -> None:
    text = 'name = "<b>wild</b>"\n[audience]\nusers = 3_000\n[run]\nhours = 24\n'
    app = d.settled(page(scenario=drafts.keep(drafts.Version(text)), users="3000", budget="3000", seeds="4"))
    assert "&lt;b&gt;wild&lt;/b&gt;" in d.markup(app)
    assert "<b>wild</b>" not in d.markup(app)
