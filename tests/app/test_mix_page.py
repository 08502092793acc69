import json
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from sim.app.jobs import computing, drafts, questions, store
from sim.app.jobs.answer import judged
from sim.app.jobs.jobs import State
from sim.app.jobs.questions import Budgeting
from sim.app.jobs.request import Adding, Comparing, Request, Timing
from sim.app.jobs.worker import Dropped
from sim.app.pages.mix import mixes
from sim.app.pages.mix import page as mix
from sim.app.pages.mix.making import tier_name
from sim.app.ui import choice as scenario_choice
from sim.app.ui.names import lasting
from sim.errors import RunError
from sim.experiment.compare import compare_variants
from sim.experiment.variants import Variant
from sim.language.numbers import short
from sim.language.words import Words
from sim.scenario.schema import Scenario
from tests.app.driving import EagerJobs, FakeJobs, alive, button, choice, markup, opened, progress, settled

CHINESE = re.compile("[\u4e00-\u9fff]")
FIRST = replace(mixes.first(), users=mixes.first().plan().audience.users)
CLASS = {"scenario": "classroom", "budget": "20000", "seeds": "4"}
OFFER = mixes.offer(FIRST.scenario, FIRST.users, mixes.START_CNY)
PUBLISHED = next(mix.counts for mix in OFFER.mixes if "published" in mix.roles)
"""What the table shows at first: the published structure within the first budget."""


def with_waist(count: int, budget_cny: int = mixes.START_CNY) -> tuple[int, ...]:
    """The published structure with so many of the waist tier."""
    offer = mixes.offer(FIRST.scenario, FIRST.users, budget_cny)
    start = next(mix.counts for mix in offer.mixes if "published" in mix.roles)
    return (*start[:3], count, *start[4:])


def dashed(counts: Sequence[int]) -> str:
    """Creators as an address has them."""
    return "-".join(map(str, counts))


def page(**address: str) -> AppTest:
    return opened("mix", **address)


@cache
def shipped() -> store.Answer:
    """An answer to what the page shows at first: its mixes for two days, so that it is there at once."""
    plan = FIRST.plan().with_values({"audience.users": 500_000, "run.hours": 48})
    variants = tuple(Variant(v.name, v.label_zh, v.of(plan)) for v in FIRST.variants)
    return {"hours": FIRST.plan().run.hours, **judged(compare_variants(variants, seeds=2))}


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> dict[Request, store.Answer]:
    """The first view has an answer and a run of it was timed; whatever else is kept is found too."""
    real = store.found
    found = {FIRST: shipped(), Timing(FIRST.scenario, FIRST.users): {"seconds": 0.5, "workers": 2}}
    monkeypatch.setattr(store, "found", lambda request: found.get(request) or real(request))
    return found


def table(app: AppTest) -> Any:
    return app.get("dataframe")[0]


def typed(app: AppTest, **counts: int) -> AppTest:
    """The table with numbers typed into it, by tier."""
    rows = {mixes.TIERS.index(tier): {"count": n} for tier, n in counts.items()}
    app.session_state[table(app).key] = {"edited_rows": rows, "added_rows": [], "deleted_rows": []}
    return alive(app.run())


def address(app: AppTest) -> dict[str, str]:
    return {name: texts if isinstance(texts, str) else texts[0] for name, texts in app.query_params.items()}


def budget(app: AppTest) -> Any:
    return next(box for box in app.number_input if box.key == mix.BUDGET)


def warnings(app: AppTest) -> str:
    return " ".join(element.value for element in app.warning)


def test_the_first_view_is_there_at_once(jobs: FakeJobs, known: dict[Request, store.Answer]) -> None:
    known[FIRST] = judged_as("winner", [mixes_of("cheapest")])
    app = page()
    told = markup(app)
    assert "One is winner." in told
    hours, number = FIRST.plan().run.hours, len(FIRST.variants)
    assert f"2 seeds · 2M people · {hours} h · Beauty matrix · {number} mixes for 200K CNY" in told
    assert len(app.get("plotly_chart")) == 2
    assert not progress(app)
    assert jobs.started == []


def test_a_winner_of_many_is_said_to_owe_something_to_luck(
    jobs: FakeJobs, known: dict[Request, store.Answer]
) -> None:
    known[FIRST] = judged_as("winner", [mixes_of("cheapest")])
    app = page()
    assert f"Picked from {len(FIRST.variants)} mixes, so part of the lead is luck" in markup(app)
    assert app.code[-1].value == "matrixsim optimise beauty_matrix --budget 200000 --objective orders"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("identical", "No difference seen: all {n} mixes gave the same in each of 2 seeds."),
        ("cannot_tell_apart", "None of the {n} mixes stands out with 2 seeds."),
        ("equivalent", "Any of the {n} mixes will do: none is behind by so much that it matters (2 seeds)."),
    ],
)
def test_nobody_is_called_best_where_the_verdict_does_not(
    jobs: FakeJobs, known: dict[Request, store.Answer], code: str, said: str
) -> None:
    known[FIRST] = judged_as(code, [variant.name for variant in FIRST.variants])
    told = markup(page())
    assert said.format(n=len(FIRST.variants)) in told
    assert "is best" not in told
    assert "Picked from" not in told


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("cannot_tell_apart", "2 of {n} mixes share the lead and cannot be told apart with 2 seeds."),
        ("equivalent", "Any of 2 of the {n} mixes will do"),
    ],
)
def test_several_mixes_are_told_by_what_they_spend(
    jobs: FakeJobs, known: dict[Request, store.Answer], code: str, said: str
) -> None:
    known[FIRST] = judged_as(code, [mixes_of("cheapest"), mixes_of("fans")])
    told = markup(page())
    assert said.format(n=len(FIRST.variants)) in told
    first, second = (OFFER.named(role) for role in ("cheapest", "fans"))
    assert first is not None
    assert second is not None
    kol = sorted(mixes.percents(mix.shares)[0] for mix in (first, second))
    assert f"They spend {kol[0]}–{kol[1]}% on KOLs" in told


def mixes_of(role: str) -> str:
    """The variant in a role."""
    mix = OFFER.named(role)
    assert mix is not None
    return mix.variant.name


def judged_as(code: str, ahead: Sequence[str]) -> store.Answer:
    """The answer, if the verdict were another and these were not behind."""
    orders = shipped()["comparisons"]["orders"]
    rows = [dict(row) for row in orders["variants"]]
    for row in rows:
        row |= {"mean": 1.0 + (row["name"] in ahead), "difference_low": -2.0, "difference": -0.5}
        row["difference_high"] = 1.0 if row["name"] in ahead else -1.0
    verdict = {"code": code, "text_en": f"One is {code}.", "text_zh": "结论。"}
    changed = {**orders, "variants": rows, "verdict": verdict}
    return {**shipped(), "comparisons": {**shipped()["comparisons"], "orders": changed}}


def test_what_is_left_of_the_budget_has_its_reason(jobs: FakeJobs) -> None:
    app = typed(page(), **dict.fromkeys(mixes.TIERS, 0) | {"amateur": 1})
    assert "CNY stay unspent: " in markup(app)
    app = typed(page(lang="zh"), **dict.fromkeys(mixes.TIERS, 0) | {"amateur": 1})
    assert re.search("预算 200,000 元中有 .* 元未花出", markup(app))


@pytest.mark.parametrize(
    ("language", "said"), [("en", "post after the end of the run"), ("zh", "模拟结束之后")]
)
def test_creators_who_post_too_late_are_told(jobs: FakeJobs, language: str, said: str) -> None:
    plan = Scenario.load("classroom", ["run.hours=12", "seeding.window_h=168"])
    name = drafts.keep(drafts.Version(plan.to_toml()))
    assert said in markup(page(scenario=name, budget="20000", lang=language))


def test_chinese_has_no_english_left(jobs: FakeJobs, known: dict[Request, store.Answer]) -> None:
    known[FIRST] = judged_as("winner", [mixes_of("cheapest")])
    app = page(lang="zh")
    told = markup(app)
    assert "结论。" in told
    hours, number = FIRST.plan().run.hours, len(FIRST.variants)
    assert f"2 次模拟 · 200 万人 · {hours} 小时 · 美妆矩阵 · 预算 20 万元 · {number} 种配比" in told
    widgets = [*app.selectbox, *app.number_input, *(b for b in app.button if b.key != "language_switch")]
    shown = [app.title[0].value, *(h.value for h in app.subheader), *(w.label for w in widgets)]
    shown += [e.label for e in app.expander]
    shown += [option for box in app.selectbox for option in box.options if option != "ROI"]
    shown += re.findall(r"<(?:th|abbr)[^>]*>([^<]+)<", told)
    shown += re.findall(r'<p class="ms-(?:lead|note|verdict)"[^>]*>([^<]+)<', told)
    shown += list(table(app).value["tier"])
    assert [text for text in shown if not CHINESE.search(text)] == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_metric_can_be_drawn(jobs: FakeJobs, language: str) -> None:
    app = page(lang=language)
    for metric in shipped()["comparisons"]:
        app = alive(choice(app, mix.METRIC).set_value(metric).run())
        assert len(app.get("plotly_chart")) == 2, metric
    assert jobs.started == []


def test_a_used_up_audience_is_said(jobs: FakeJobs, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = shipped()
    reach = answer["comparisons"]["reach"]
    rows = [{**row, "mean": 0.95 * FIRST.plan().audience.users} for row in reach["variants"]]
    full = {**answer, "comparisons": {**answer["comparisons"], "reach": {**reach, "variants": rows}}}
    monkeypatch.setattr(store, "found", {FIRST: full}.get)
    assert "of the audience is reached at best" in markup(page(metric="reach"))
    assert "of the audience is reached at best" not in markup(page(metric="follows"))


def test_the_table_shows_six_tiers_with_number_price_and_fans(jobs: FakeJobs) -> None:
    shown = table(page()).value
    assert list(shown["tier"]) == ["star", "famous KOL", "head", "waist", "junior/KOC", "amateur"]
    assert tuple(shown["count"]) == PUBLISHED
    seeding = FIRST.plan().seeding
    assert list(shown["price"]) == [short(round(seeding.price_cny(tier)), "en") for tier in mixes.TIERS]
    assert list(shown["fans"]) == ["10M", "3M", "1M", "200K", "20K", "1,000"]


def test_a_mix_typed_in_is_simulated_alone_beside_the_map(jobs: FakeJobs) -> None:
    app = typed(page(), star=0, famous=0, head=0, waist=2, junior=3, amateur=50)
    counts = (0, 0, 0, 2, 3, 50)
    own = mixes.own(FIRST.plan(), counts)
    assert jobs.started == [Adding(FIRST.scenario, FIRST.users, (*FIRST.variants, own.variant), FIRST.seeds)]
    assert jobs.started[0].runs == FIRST.seeds
    assert len(app.get("plotly_chart")) == 2
    assert f"{len(OFFER.mixes)} mixes for 200K CNY" in markup(app)
    cost = mixes.cost(FIRST.plan(), counts)
    assert f"Costs {cost:,.0f} of 200,000 CNY; {200_000 - cost:,.0f} left." in markup(app)
    assert address(app)["mix"] == dashed(counts)


def test_a_mix_over_the_budget_is_said_and_not_simulated(jobs: FakeJobs) -> None:
    app = typed(page(), star=3)
    cost = mixes.cost(FIRST.plan(), (3, *PUBLISHED[1:]))
    assert f"Costs {cost:,.0f} CNY: {cost - 200_000:,.0f} over the budget of 200,000." in warnings(app)
    assert jobs.started == []
    assert "Your mix" not in markup(app)
    app = alive(budget(app).set_value(600_000).run())
    assert not app.warning
    assert f"Costs {cost:,.0f} of 600,000 CNY" in markup(app)


def test_an_empty_mix_is_said_and_not_simulated(jobs: FakeJobs) -> None:
    app = typed(page(), **dict.fromkeys(mixes.TIERS, 0))
    assert "No creators yet" in markup(app)
    assert jobs.started == []


def test_an_own_mix_that_is_on_the_map_already_is_not_simulated_again(
    jobs: FakeJobs, known: dict[Request, store.Answer]
) -> None:
    known[FIRST] = judged_as("winner", [mixes_of("cheapest")])
    cheapest = OFFER.named("cheapest")
    assert cheapest is not None
    app = typed(page(), **dict(zip(mixes.TIERS, cheapest.counts, strict=True)))
    assert jobs.started == []
    assert "Your mix has the highest mean." in markup(app)
    assert "Cheapest only (yours)" in markup(app)


def test_an_untouched_mix_follows_the_budget_and_a_typed_one_stays(jobs: FakeJobs) -> None:
    app = alive(budget(page()).set_value(400_000).run())
    more = mixes.offer(FIRST.scenario, FIRST.users, 400_000).named("published")
    assert more is not None
    assert tuple(table(app).value["count"]) == more.counts
    before = typed(page(), waist=3)
    after = alive(budget(before).set_value(400_000).run())
    assert address(after)["mix"] == dashed(with_waist(3))


def test_what_was_typed_outlives_the_language_switch(jobs: FakeJobs) -> None:
    app = typed(page(lang="en"), waist=1)
    app = alive(button(app, "中文").click().run())
    assert tuple(table(app).value["count"]) == with_waist(1)
    assert address(app)["mix"] == dashed(with_waist(1))
    app = typed(app, amateur=7)
    assert address(app)["mix"] == dashed((*with_waist(1)[:-1], 7))


def test_a_known_mix_fills_the_table(jobs: FakeJobs, known: dict[Request, store.Answer]) -> None:
    known[FIRST] = judged_as("winner", [mixes_of("cheapest")])
    cheapest = OFFER.named("cheapest")
    assert cheapest is not None
    app = typed(page(), waist=1)
    app = alive(choice(app, mix.TAKE).set_value("best").run())
    assert tuple(table(app).value["count"]) == cheapest.counts
    app = alive(choice(typed(app, amateur=1), mix.TAKE).set_value("best").run())
    assert tuple(table(app).value["count"]) == cheapest.counts


def test_the_address_holds_the_choices(jobs: FakeJobs) -> None:
    app = typed(page(), waist=1)
    app = alive(choice(app, mix.SEED).set_value(16).run())
    app = alive(budget(app).set_value(250_000).run())
    wanted = {"scenario": "beauty_matrix", "metric": "orders", "budget": "250000",
              "seeds": "16", "mix": dashed(with_waist(1))}  # fmt: skip
    assert address(app) == wanted
    again = page(**wanted)
    assert address(again) == wanted
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
def test_an_address_with_rubbish_opens_the_first_view(jobs: FakeJobs, rubbish: dict[str, str]) -> None:
    assert address(page(**rubbish)) == address(page())


def test_another_scenario_brings_its_own_budget_and_mix(jobs: FakeJobs) -> None:
    text = 'name = "mine"\n[seeding]\nratio = [0, 0, 0, 2, 5, 9]\nbudget_cny = 40_000\n'
    name = drafts.keep(drafts.Version(text))
    app = page(scenario=name, users="100000")
    assert budget(app).value == 40_000
    assert tuple(table(app).value["count"]) == mixes.plan_of(name, 100_000).seeding.counts
    app = alive(choice(app, scenario_choice.SCENARIO).set_value("classroom").run())
    assert budget(app).value == mixes.START_CNY


def test_a_budget_that_buys_nobody_is_a_message(jobs: FakeJobs) -> None:
    app = page(budget="100")
    assert re.search(r"the cheapest creator costs \d+ CNY", app.info[0].value)
    assert jobs.started == []


def test_tiers_that_are_not_to_be_had_are_named(jobs: FakeJobs, eager: EagerJobs) -> None:
    offer = mixes.offer("classroom", 2_000, 20_000)
    assert offer.dear
    named = ", ".join(tier_name(Words("en"), tier) for tier in offer.dear)
    assert f"Too dear for this budget: {named}." in markup(settled(page(**CLASS)))


def test_first_few_seeds_then_all_and_the_own_mix_with_each(eager: EagerJobs) -> None:
    app = settled(page(**CLASS, mix="0-0-0-0-1-40"))
    asked = [(type(request), request.seeds) for request in eager.started if isinstance(request, Comparing)]
    assert asked == [(Comparing, 2), (Comparing, 4), (Adding, 4)]
    told = markup(app)
    assert "4 seeds" in told
    assert f"{len(mixes.offer('classroom', 2_000, 20_000).mixes) + 1} mixes for 20K CNY" in told
    own = mixes.own(Scenario.load("classroom"), (0, 0, 0, 0, 1, 40))
    assert f"Your mix {mixes.ratio(mixes.percents(own.shares))}" in told


def test_the_answer_before_stays_while_the_next_one_is_computed(jobs: FakeJobs) -> None:
    app = alive(budget(page()).set_value(150_000).run())
    assert "Previous answer" in [h.value for h in app.subheader]
    assert f"{len(OFFER.mixes)} mixes for 200K CNY" in markup(app)
    assert "half a minute" in progress(app)
    assert [request.seeds for request in jobs.started] == [2]


def test_a_failure_is_a_message_and_the_page_lives_on(jobs: FakeJobs) -> None:
    app = page(seeds="4")
    jobs.states[jobs.started[0].key()] = State("failed", message="no *memory*")
    app = page(seeds="4", lang="zh")
    assert app.error[0].value == Words("zh")("This could not be computed.")
    assert app.code[0].value == "no *memory*"
    app = alive(choice(app, mix.SEED).set_value(8).run())
    assert not app.error


def test_what_goes_wrong_in_the_page_is_a_message_too(
    jobs: FakeJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(request: Any, watcher: str) -> None:
        raise RunError("nothing fits")

    monkeypatch.setattr(jobs, "start", broken)
    assert "nothing fits" in page(seeds="4").code[0].value


def test_a_metric_without_value_is_a_message(jobs: FakeJobs, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = dict(shipped())
    answer["comparisons"] = {k: v for k, v in answer["comparisons"].items() if k != "roi"}
    monkeypatch.setattr(store, "found", {FIRST: answer}.get)
    assert "nothing was spent" in page(metric="roi").info[0].value


def test_a_scenarios_name_is_text_not_markup(eager: EagerJobs) -> None:
    text = 'name = "<b>wild</b>"\n[audience]\nusers = 3_000\n[run]\nhours = 24\n'
    app = settled(page(scenario=drafts.keep(drafts.Version(text)), users="3000", budget="3000", seeds="4"))
    assert "&lt;b&gt;wild&lt;/b&gt;" in markup(app)
    assert "<b>wild</b>" not in markup(app)


STEPS = [
    {"budget_cny": budget, "mix": {"layout": "star", "creators": dict.fromkeys(mixes.TIERS, k)}, "names": [],
     "cost_cny": budget, "mean": 100.0 * k, "low": 90.0 * k, "high": 110.0 * k, "added": k - 1 or None,
     "added_low": -1.0, "added_high": 3.0, "per_yuan": None if k == 1 else 0.002, "per_yuan_low": -0.001,
     "per_yuan_high": None}
    for k, budget in enumerate((50_000, 100_000, 200_000), 1)
]  # fmt: skip
CURVE = {
    "steps": STEPS,
    "flat_from_cny": 100_000,
    "unclear_from_cny": None,
    "text_en": "Flat.",
    "text_zh": "平。",
}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_more_money_brings_is_asked_by_one_button_that_says_its_cost(
    jobs: FakeJobs, known: dict[Request, store.Answer], language: str
) -> None:
    app = page(lang=language)
    asking = next(found for found in app.button if found.key == "ask_money")
    request = Budgeting(FIRST.scenario, FIRST.users, "orders", (50_000, 100_000, 200_000, 400_000, 800_000))
    half_a_second = lasting(request.runs * 0.5 / 2, Words(language))
    assert half_a_second in asking.label
    app = alive(asking.click().run())
    assert jobs.started == [request]
    assert progress(app)
    assert "money" in app.query_params
    assert address(app)["budget"] == str(mixes.START_CNY)
    known[request] = CURVE
    jobs.states.clear()
    app = alive(app.run())
    told = markup(app)
    assert {"en": "Orders against budget: Flat.", "zh": "随预算的变化：平。"}[language] in told
    assert {"en": "+2<small>too rare to tell", "zh": "+2<small>出现差异的次数太少"}[language] in told
    figure = json.loads(app.get("plotly_chart")[-1].proto.spec)
    assert figure["data"][0]["x"] == [50_000, 100_000, 200_000]
    assert {"en": "flat from here", "zh": "从此趋于平缓"}[language] in str(figure["layout"]["annotations"])


def test_budgets_of_a_curve_buy_somebody_and_can_be_typed() -> None:
    plan = FIRST.plan()
    assert mixes.budgets(plan, 200_000) == (50_000, 100_000, 200_000, 400_000, 800_000)
    assert mixes.budgets(plan, mixes.MOST_CNY)[-1] == mixes.MOST_CNY
    dearest = max(costs[0] for costs in plan.seeding.costs_cny if costs)
    cheapest = min(costs[0] for costs in plan.seeding.costs_cny if costs)
    assert min(mixes.budgets(plan, round(dearest))) >= cheapest
    assert mixes.budgets(plan, 0) == ()


def test_a_stopped_search_of_budgets_goes_on_and_an_answered_one_leaves_nothing(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, n in (("TRIALS", 2), ("SEARCH", 2), ("FRESH", 2)):
        monkeypatch.setattr(questions, name, n)
    request = Budgeting("classroom", None, "orders", (5_000, 10_000))
    kept, seen = store.begun_at(request), list[int]()

    def stop(done: int, total: int) -> None:
        if done >= total / 2:
            raise Dropped

    with pytest.raises(Dropped):
        computing.budgeting(request, cache, stop)
    runs = (kept / "5000.00" / "runs.jsonl").read_text()
    (kept / "5000.00" / "runs.jsonl").write_text(runs + '["star", [0, 0, 0,')
    assert len(runs.splitlines()) > 2 * 2  # later looks are kept too
    answer = computing.budgeting(request, cache, lambda done, total: seen.append(done))
    assert [step["budget_cny"] for step in answer["steps"]] == [5_000, 10_000]
    assert seen[0] == 2 * 2  # the search of the first budget was done
    assert seen == sorted(seen)
    again = computing.budgeting(request, cache, lambda done, total: None)
    assert again == answer
    assert answer["text_en"]
    assert answer["text_zh"]
    assert not kept.exists()
