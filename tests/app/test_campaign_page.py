"""The campaign's calendar: drawn, and edited."""

import json
from html import unescape
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from sim import run
from sim.app.jobs import drafts, store
from sim.app.jobs.drafts import Version
from sim.app.jobs.request import Comparing, Running, plan_of
from sim.app.ui.choice import SCENARIO
from sim.scenario.schema import Scenario
from tests.app.driving import CHINESE, EagerJobs, FakeJobs, alive, button, markup, opened, settled
from tests.app.scenarios import edit, faults, plan

WAVES = [
    {"name": "first", "start_hour": 6, "hours": 12, "accounts": ["school"], "topic": "food"},
    {"name": "second", "start_hour": 24, "hours": 24, "accounts": ["accounts"], "topic": "food"},
    {"name": "push", "start_hour": 50, "hours": 10, "accounts": [], "topic": "food", "budget_cny": 500.0},
]
HOT = {"topics.heat": True, "topics.threshold": 100, "campaign.phases": WAVES}


def kept(values: dict[str, Any]) -> str:
    """A draft of the classroom with other keys; its name."""
    made = plan_of("classroom").with_values(values)
    return drafts.keep(Version(made.to_toml(), made.name))


def picture(app: AppTest) -> dict[str, Any]:
    [chart] = app.get("plotly_chart")
    return dict(json.loads(chart.proto.spec))


def texts(app: AppTest) -> list[str]:
    return [note["text"] for note in picture(app)["layout"]["annotations"]]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_waves_posts_and_heat_are_drawn_in_both_languages(eager: EagerJobs, language: str) -> None:
    app = opened("campaign", scenario=kept(HOT), seed="1", lang=language)
    page = unescape(markup(app))
    assert ("food is hot from" if language == "en" else "话题从").casefold() in page.casefold()
    names = {"en": ["Posts of own accounts", "hot from 100"], "zh": ["自有账号发布", "热门门槛 100"]}[
        language
    ]
    assert texts(app)[:2] == ["first", "second"]
    assert texts(app)[2] == ("push · 500 CNY" if language == "en" else "push · 500 元")
    assert texts(app)[3:] == names
    bars = [trace for trace in picture(app)["data"] if trace.get("orientation") == "h"]
    assert [(bar["base"][0], bar["x"][0]) for bar in bars] == [(6, 12), (24, 24), (50, 10)]
    told = [app.title[0].value, *(heading.value for heading in app.header)]
    told += [found.label for found in app.button if found.key != "language_switch"]
    assert all(bool(CHINESE.search(text)) is (language == "zh") for text in told), told
    columns = json.loads(app.data_editor[0].proto.columns)
    labels = [column["label"] for column in columns.values() if "label" in column]
    assert all(bool(CHINESE.search(label)) is (language == "zh") for label in labels), labels


def test_heat_is_what_the_run_had_when_it_called_a_topic_hot(eager: EagerJobs) -> None:
    """The warning of a run tells the highest heat; the table of hours has the same."""
    name = kept(HOT | {"topics.threshold": 1_000_000})
    request = Running(name, None, 1)
    eager.start(request, "me")
    heat = store.table(request, "heat")
    assert heat.columns == ["hour", "topic", "heat"]
    plan = request.plan()
    assert heat.height == plan.run.hours * len(plan.audience.topics)
    [told] = [row for row in run(plan, seed=1).summary["warnings"] if row["code"] == "never_hot"]
    assert f"{heat['heat'].max():,}" in told["text_en"]


def test_where_topics_cannot_be_hot_one_line_says_so(eager: EagerJobs) -> None:
    app = opened("campaign", scenario=kept({"campaign.phases": WAVES}), seed="1")
    page = unescape(markup(app))
    assert "No topic can become hot here" in page
    assert "3 waves," in page
    assert "yaxis2" not in {trace.get("yaxis") for trace in picture(app)["data"]}


def test_the_waves_stand_there_while_the_run_is_computed(jobs: FakeJobs) -> None:
    app = opened("campaign", scenario=kept(HOT), seed="1")
    assert texts(app) == ["first", "second", "push · 500 CNY"]
    assert [request.kind for request in jobs.started] == ["run"]


def test_an_edit_becomes_a_draft_that_every_page_uses(jobs: FakeJobs) -> None:
    app = opened("campaign", scenario=kept(HOT))
    shown = app.data_editor[0].value
    assert list(shown["kind"]) == ["wave"] * 3 + ["posts"] * 5
    assert list(shown["day"])[:3] == [1, 2, 3]
    assert list(shown["time"])[:3] == [6, 0, 2]
    app = edit(app, "events", edited_rows={0: {"day": 2, "accounts": ["band", "team"]}})
    first = plan(app).campaign.phases[0]
    assert (first.start_hour, first.accounts) == (30, ("band", "team"))
    app = edit(app, "events", edited_rows={0: {"day": 2}}, deleted_rows=[2], added_rows=[{"hours": 3}])
    assert [wave.name for wave in plan(app).campaign.phases] == ["first", "second", "Wave 1"]
    assert list(app.data_editor[0].value["name"])[:3] == ["first", "second", "Wave 1"]
    app = alive(button(app, "Undo").click().run())
    assert [wave.name for wave in plan(app).campaign.phases] == ["first", "second", "push"]


def test_what_is_wrong_stands_below_the_table_and_is_kept(jobs: FakeJobs) -> None:
    app = opened("campaign", scenario=kept(HOT))
    app = edit(app, "events", edited_rows={1: {"day": 99}})
    assert "the run is over by then" in faults(app)
    assert plan(app).campaign.phases[1].start_hour == 24
    version = drafts.read(app.session_state[SCENARIO])
    assert version is not None
    assert version.typed is not None
    assert version.typed["campaign"]["phases"][1]["start_hour"] == 98 * 24


def test_a_boost_is_moved_by_the_table_drawn_and_compared_with_the_plan_before(jobs: FakeJobs) -> None:
    boosts = [{"account": "school", "post": "0", "start_hour": 6, "budget_cny": 300.0}]
    app = opened("campaign", scenario=kept(HOT | {"paid.boosts": boosts}), lang="zh")
    assert texts(app)[3] == "加热学校 #0 · 300 元"
    app = edit(app, "events", edited_rows={3: {"day": 3, "time": 20, "topic": "food"}})
    [boost] = plan(app).paid.boosts
    assert (boost.start_hour, boost.budget_cny) == (68, 300)
    assert "“单条加热”没有“参与话题”这一项" in faults(app)
    [bar] = [t for t in picture(app)["data"] if t.get("orientation") == "h" and t["base"] == [68]]
    assert bar["x"] == [6]
    app = edit(app, "events", edited_rows={4: {"day": 2, "time": 9}})
    assert [account.first_post_h for account in plan(app).accounts][:2] == [33, None]
    assert not faults(app)
    [ask] = [found for found in app.button if found.key == "campaign_compare"]
    alive(ask.click().run())
    [asked] = [given for given in jobs.started if isinstance(given, Comparing)]
    before, after = (variant.of(asked.plan()) for variant in asked.variants)
    assert [b.start_hour for b in before.paid.boosts] == [6]
    assert after.paid.boosts == plan(app).paid.boosts
    assert after.accounts == plan(app).accounts


def test_three_waves_are_filled_in(jobs: FakeJobs) -> None:
    app = opened("campaign", scenario="beauty_matrix", lang="zh")
    assert "合计 378,140 元：付费助推 40,000 元，达人 338,140 元（头部达人 4、" in markup(app)
    fields = {box.label: box for box in app.number_input}
    fields["付费助推（元）"].set_value(10_000)
    app = alive(fields["达人（元）"].set_value(60_000).run())
    assert "合计 69,922 元：付费助推 10,000 元，达人 59,922 元" in markup(app)
    app = alive(button(app, "用这三波替换").click().run())
    made: Scenario = plan(app)
    assert [wave.name for wave in made.campaign.phases] == ["开题", "全员跟拍", "付费助推"]
    assert made.topics.heat
    assert (made.campaign.phases[2].budget_cny, made.seeding.budget_cny) == (10_000, 60_000)
    assert list(app.data_editor[0].value["name"])[:3] == ["开题", "全员跟拍", "付费助推"]
    assert not faults(app)


def test_an_account_is_laid_out_post_by_post_and_the_run_stays_the_same(eager: EagerJobs) -> None:
    app = settled(opened("campaign", scenario="classroom", seed="1", lang="zh"))
    app = settled(alive(button(app, "每条一行").click().run()))
    shown = app.data_editor[0].value
    assert list(shown["kind"]) == ["post"] * 4 + ["posts"] * 4
    laid, plain = (Running(name, None, 1) for name in (app.session_state[SCENARIO], "classroom"))
    [one, other] = (run(request.plan(), seed=1).digest for request in (laid, plain))
    assert one == other
    assert "未设波次" in markup(app)
    app = edit(app, "events", edited_rows={0: {"day": 1, "time": 9}})
    first = plan(app).campaign.phases[0]
    assert (first.start_hour, first.hours, first.accounts) == (9, 1, (plan(app).accounts[0].id,))


@pytest.mark.parametrize(("language", "label"), [("en", "Topic page"), ("zh", "话题页")])
def test_traffic_flow_shows_the_page_of_a_hot_topic_as_an_origin(
    eager: EagerJobs, language: str, label: str
) -> None:
    name = kept(HOT | {"run.hours": 72, "topics.page_share": 1.0, "links.channels": ["follow", "repost"]})
    app = settled(opened("flow", scenario=name, seed="1", lang=language))
    figures = [json.loads(chart.proto.spec) for chart in app.get("plotly_chart")]
    [sankey] = [trace for figure in figures for trace in figure["data"] if trace["type"] == "sankey"]
    assert label in json.dumps(sankey, ensure_ascii=False)
    channels = unescape(markup(app)) + "".join(option for box in app.selectbox for option in box.options)
    assert ("Repost" if language == "en" else "转发") in channels


def test_what_three_waves_cost_and_bring_stands_beside_the_plan_before(jobs: FakeJobs) -> None:
    app = alive(button(opened("campaign", scenario="classroom"), "Replace the waves by these").click().run())
    assert "40K CNY promotion" in markup(app)
    assert "; before the edits 0 CNY promotion, 0 CNY creators." in markup(app)
    [ask] = [found for found in app.button if found.key == "campaign_compare"]
    assert ask.label == "What do the edits bring? · 16 launches"
    alive(ask.click().run())
    [asked] = [given for given in jobs.started if isinstance(given, Comparing)]
    before, after = (variant.of(asked.plan()) for variant in asked.variants)
    assert (asked.scenario, before.campaign.phases) == ("classroom", ())
    assert after.campaign.phases == plan(app).campaign.phases
    assert after.seeding.counts == plan(app).seeding.counts
    assert "campaign_compare" not in [found.key for found in opened("campaign", scenario="classroom").button]
