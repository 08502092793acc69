import json
import re
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sim.app.jobs import computing, drafts, store
from sim.app.jobs.request import Asking, Comparing, Running, Valuing
from sim.app.pages.flow import graph, removal, traffic
from sim.app.pages.flow import page as flow
from sim.app.pages.flow.traffic import ALL, Selected
from sim.app.ui import choice as scenario_choice
from sim.charts.graph_figure import Target
from sim.charts.places import Actor, places
from sim.errors import UsageError
from sim.scenario.matrix import CHANNELS
from sim.scenario.names import account_name
from tests.app import driving as d
from tests.app.classroom import CLASS, RUN, drawn

page = partial(drawn, "flow")
HOSTILE = '<img src=x>*>%3E "&'


def draft(accounts: list[dict[str, Any]], **values: Any) -> str:
    """A small scenario of one's own; its name."""
    rows = ", ".join(
        "{ " + ", ".join(f"{k} = {json.dumps(v)}" for k, v in a.items()) + " }" for a in accounts
    )
    more = "\n".join(f"{key} = {json.dumps(value)}" for key, value in values.items())
    text = f'name = "mine"\naccounts = [{rows}]\naudience.users = 10000\nrun.hours = 24\n{more}\n'
    return drafts.keep(drafts.Version(text))


FANS = 2
"""Figures that are folded away: who saw two accounts, which fans stay."""


def test_who_saw_two_accounts_and_who_stays_are_counted_as_the_run_counts(eager: d.EagerJobs) -> None:
    page()
    both, staying, accounts = (store.table(RUN, name) for name in ("overlap", "retention", "accounts"))
    itself = both.filter(pl.col("account") == pl.col("other")).select("account", "both")
    assert set(itself.iter_rows()) == set(accounts.select("account", "reach").iter_rows())
    last = staying.filter(day=staying["day"].max())["fans"].sum()
    assert last == int((accounts["follows"] - accounts["unfollows"]).sum())


def _replayed(request: Asking, folder: Path, tick: object) -> dict[str, Any]:
    """What a replay leaves of two people; a real one takes seconds (tests/test_replayed.py)."""
    why = {
        "match": 3,
        "exposures": 0,
        "finish": 1 << 31,
        "finish_drawn": 9,
        "follow": 1 << 20,
        "follow_drawn": 9,
    }
    saw = {
        "hour": 1,
        "what": "saw",
        "account": "school",
        "post_number": 0,
        "origin": "recommend",
        "ends": None,
    }
    events = [
        saw | {"user": 4, "bits": 1, "why": why | {"fan": 0, "follow_drawn": 1 << 30}},
        saw | {"user": 7, "bits": 17, "why": why | {"fan": 0}},
        saw | {"user": 7, "what": "followed", "origin": "", "bits": 0, "why": None, "ends": 30},
    ]
    pl.DataFrame(events).write_parquet(folder / "events.parquet")
    people = {"user": range(2_000), "interest": [[255, 0, 51]] * 2_000}
    pl.DataFrame(people).write_parquet(folder / "people.parquet")
    return {"first": 0, "last": 2_000, "topics": ["food", "music", "sport"]}


@pytest.mark.parametrize(
    ("language", "label", "nothing", "said"),
    [
        (
            "en",
            "Ask somebody",
            "One who did nothing",
            ["saw 1 video", "Food 100", "The video won it", "drawn"],
        ),
        ("zh", "找一个人问问", "看了没反应的人", ["刷到 1 条视频", "因这条视频关注的", "自行取关"]),
    ],
)
def test_a_person_who_followed_is_asked_and_then_one_who_did_nothing(
    eager: d.EagerJobs,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    label: str,
    nothing: str,
    said: list[str],
) -> None:
    monkeypatch.setitem(computing.COMPUTE, Asking, _replayed)
    app = page(lang=language)
    assert "person" not in d.address(app)
    app = d.settled(d.alive(d.button(app, label).click().run()))
    assert eager.started[-1] == Asking("classroom", 2_000, 1)
    assert d.address(app)["person"] == "7"
    assert all(text in d.told(app) for text in said)
    app = d.settled(d.alive(d.button(app, nothing).click().run()))
    assert d.address(app)["person"] == "4"
    assert not any(text in d.told(app) for text in said[2:3])


def test_the_page_shows_one_run_and_what_its_links_carried(eager: d.EagerJobs) -> None:
    app = page()
    assert eager.started == [RUN, Valuing("classroom", 2_000)]
    links, said = store.table(RUN, "links"), d.told(app)
    assert "Seed 1 · 2,000 people · 96 h · Classroom" in said
    for channel, name in (("follow", "Mutual follow"), ("mention", "@ mention")):
        carried = links.filter(pl.col("channel") == channel)
        counts = " ".join(rf"{carried[field].sum()}\s+" for field in ("visits", "impressions", "follows"))
        assert re.search(rf"{name}\s+{counts}", said)
    assert len(app.get("plotly_chart")) == 3 + FANS
    assert "in the whole run or in the 2 h that are played" in said


@pytest.mark.parametrize("language", ["en", "zh"])
def test_layout_none_has_nothing_on_links_and_still_shows_impressions(
    language: str, eager: d.EagerJobs
) -> None:
    app = page(layout="none", lang=language)
    none = {"en": "nothing moves between them", "zh": "账号之间没有联动"}
    assert none[language] in app.info[0].value
    assert [type(request) for request in eager.started] == [Running]  # nothing to value
    assert len(app.get("plotly_chart")) == 2 + FANS  # the accounts and where their traffic came from
    assert not [b for b in app.button if b.key == "flow_simulate"]


def test_another_layout_and_another_seed_are_another_run(eager: d.EagerJobs) -> None:
    app = page()
    app = d.settled(d.alive(d.choice(app, flow.LAYOUT).set_value("mesh").run()))
    app = d.settled(d.alive(app.number_input[0].set_value(3).run()))
    mesh = '{"links.edges": [], "links.layout": "mesh"}'
    runs = [request for request in eager.started if isinstance(request, Running)]
    assert [(run.seed, run.settings) for run in runs] == [(1, "{}"), (1, mesh), (3, mesh)]
    assert len([request for request in eager.started if isinstance(request, Valuing)]) == 2  # it has no seed
    assert (d.address(app)["layout"], d.address(app)["seed"]) == ("mesh", "3")


def test_channels_are_left_out_of_the_numbers_but_not_of_the_run(eager: d.EagerJobs) -> None:
    app = page(channels="mention")
    assert eager.started[0] == RUN
    assert "Mutual follow" not in d.told(app)
    assert d.address(app)["channels"] == "mention"


def test_chinese_has_no_english_left(eager: d.EagerJobs) -> None:
    app = page(lang="zh", selected="school>band")
    boxes = [option for box in app.selectbox for option in box.options]
    widgets = [w.label for w in [*app.selectbox, *app.button, *app.expander] if w.label != "English"]
    cells = re.findall(r"<(?:th|abbr|p|i)[^>]*>([^<]+)<", d.markup(app))
    shown = [app.title[0].value, *(h.value for h in app.header), *boxes, *widgets, *cells]
    assert [text for text in shown if not d.CHINESE.search(text)] == []


def test_accounts_have_chinese_names_while_choices_and_the_address_keep_their_ids(eager: d.EagerJobs) -> None:
    app = page(lang="zh", selected="school>band")
    box = d.choice(app, flow.CHOSEN)
    assert box.value == d.address(app)["selected"] == "school>band"
    assert {"学校", "食堂", "学校 → 乐队"} <= set(box.options)
    graph, _, sankey, shared, _ = (json.loads(chart.proto.spec) for chart in app.get("plotly_chart"))
    for figure in (graph, sankey, shared):
        text = json.dumps(figure, ensure_ascii=False)
        assert "食堂" in text
        assert "canteen" not in text
    app = d.settled(d.alive(box.set_value("team").run()))
    assert d.address(app)["selected"] == "team"
    app = d.settled(d.alive(d.choice(app, flow.CHOSEN).set_value(ALL.text()).run()))
    best = store.table(Valuing("classroom", 2_000), "link_values").row(0, named=True)
    assert " → ".join(account_name(best[end], "zh") for end in ("source", "target")) in d.told(app)


def test_an_account_of_ones_own_keeps_its_name_beside_one_that_is_shown_with_it(eager: d.EagerJobs) -> None:
    rows = [{"id": "main", "role": "main", "fans": 100}, {"id": "主号", "fans": 50}, {"id": "<b>mine"}]
    app = d.settled(d.opened("flow", lang="zh", scenario=draft(rows), users="10000"))
    assert {"main", "主号", "<b>mine", "main → 主号"} <= set(d.choice(app, flow.CHOSEN).options)


@pytest.mark.parametrize(
    "rubbish",
    [
        {
            "layout": "<b>",
            "seed": "many",
            "selected": "nobody>",
            "channels": "x.y",
            "without": "?",
            "metric": "fame",
        },
        {"layout": "custom", "seed": "-1", "selected": "*", "channels": "", "without": "yes", "metric": ""},
    ],
)
def test_an_address_with_rubbish_opens_the_first_view(rubbish: dict[str, str], eager: d.EagerJobs) -> None:
    app = page(**rubbish)
    assert d.choice(app, flow.LAYOUT).value == "star"
    assert d.choice(app, flow.CHOSEN).value == ALL.text()
    assert app.session_state[scenario_choice.SEED] == 1
    assert app.session_state[flow.CHANNEL] == list(CHANNELS)
    assert app.session_state[removal.METRIC] == "follows"
    assert not [request for request in eager.started if isinstance(request, Comparing)]
    assert d.address(app) == {
        "scenario": "classroom", "researcher": "1", "layout": "star", "seed": "1", "selected": ALL.text(),
        "channels": ".".join(CHANNELS), "without": "no", "metric": "follows",
    }  # fmt: skip


def test_a_failure_is_a_message_and_the_page_lives_on(jobs: d.FakeJobs) -> None:
    jobs.states[RUN.key()] = d.failed("no *memory*")
    app = d.opened("flow", **CLASS)
    assert app.error[0].value == "This could not be computed."
    assert app.code[0].value == "no *memory*"
    d.alive(d.choice(app, flow.LAYOUT).set_value("mesh").run())
    assert "half a minute" in d.progress(app)


def test_the_picture_stays_though_the_values_of_the_links_cannot_be_had(
    eager: d.EagerJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    page()
    start = eager.start

    def broken(request: Any, watcher: str) -> None:
        if isinstance(request, Valuing):
            raise UsageError("nobody would ever leave")
        start(request, watcher)

    monkeypatch.setattr(eager, "start", broken)
    app = page(layout="mesh")
    assert app.code[0].value == "nobody would ever leave"
    assert len(app.get("plotly_chart")) == 3 + FANS


def test_too_many_links_are_a_message(cache: Any, jobs: d.FakeJobs) -> None:
    name = draft(
        [{"id": "m", "role": "main"}, *({"id": f"s{k}"} for k in range(110))], **{"links.layout": "mesh"}
    )
    app = d.opened("flow", scenario=name)
    assert "too many for a picture" in app.info[0].value
    assert jobs.started == []


@pytest.mark.parametrize(
    ("lang", "name", "left_out"),
    [("en", "Repost by an account", "Left out here"), ("zh", "账号转发", "未计入账号转发")],
)
def test_reposts_have_their_row_and_are_left_out_of_the_arithmetic_in_words(
    lang: str, name: str, left_out: str, eager: d.EagerJobs
) -> None:
    rows = [{"id": "m", "role": "main"}, {"id": "s", "fans": 4_000}]
    all_of_them = {"links.repost_share": 1.0, "links.repost_fan_share": 1.0}
    mine = draft(rows, **{"links.channels": ["follow", "repost"], **all_of_them})
    app = d.settled(d.opened("flow", lang=lang, scenario=mine, users="10000"))
    links = store.table(next(r for r in eager.started if isinstance(r, Running)), "links")
    shown = links.filter(pl.col("channel") == "repost")["impressions"].sum()
    assert shown > 100
    assert re.search(rf"{name}\s", d.told(app))
    assert left_out in d.told(app)


def test_names_with_markup_are_shown_as_they_are_and_can_be_chosen(eager: d.EagerJobs) -> None:
    name = draft([{"id": "m", "role": "main"}, {"id": HOSTILE}])
    text = Selected("link", "m", HOSTILE).text()
    app = d.settled(d.opened("flow", scenario=name, selected=text))
    assert d.choice(app, flow.CHOSEN).value == text
    assert "<img src=x>" not in d.markup(app)
    for chart in app.get("plotly_chart"):
        assert "<img src=x>" not in re.sub(r"\\u003c", "<", chart.proto.spec)


def test_creators_are_grouped_and_their_mentions_cannot_be_cut_by_a_layout(eager: d.EagerJobs) -> None:
    name = draft(
        [{"id": "m", "role": "main", "fans": 500}, {"id": "s"}], **{"seeding.ratio": [0, 0, 0, 0, 4, 9]}
    )
    app = d.settled(d.opened("flow", scenario=name, selected="*amateur"))
    assert "Amateur ×\u00a09" in d.choice(app, flow.CHOSEN).options
    assert d.choice(app, flow.CHOSEN).value == "*amateur"
    assert "stand outside the layout" in d.told(app)
    assert not [b for b in app.button if b.key == "flow_simulate"]


def test_the_previous_picture_stays_while_the_next_run_is_under_way(
    eager: d.EagerJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = page()
    monkeypatch.setattr(eager, "start", lambda request, watcher: d.FakeJobs.start(eager, request, watcher))
    app = d.alive(app.number_input[0].set_value(7).run())
    assert "Previous answer" in [h.value for h in app.header]
    assert len(app.get("plotly_chart")) == 1


def test_another_scenario_starts_with_its_own_layout_and_no_choice(
    eager: d.EagerJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = page(layout="mesh", selected="band")
    monkeypatch.setattr(eager, "start", lambda request, watcher: d.FakeJobs.start(eager, request, watcher))
    app = d.alive(d.choice(app, scenario_choice.SCENARIO).set_value("same_content").run())
    assert d.choice(app, flow.LAYOUT).value == "none"
    assert app.session_state[flow.CHOSEN] == ALL.text()
    assert not app.header  # nor the picture of another scenario


def test_a_click_on_an_arrow_is_a_link_and_on_a_ramp_or_a_creators_mention_its_account(
    eager: d.EagerJobs,
) -> None:
    name = draft(
        [{"id": "m", "role": "main", "fans": 500}, *({"id": f"s{k:02}"} for k in range(15))],
        **{"seeding.ratio": [0, 0, 0, 0, 2, 1], "links.layout": "mesh", "links.channels": ["like"]},
    )
    request = Running(name, None, 1)
    eager.start(request, "")
    shown = traffic.loaded(request, CHANNELS)
    chart = graph._chart(shown)
    found = {graph._choice(chart, Target(None, k)).kind for k in range(len(chart.lines))}
    assert chart.bundled
    assert found == {"link", "account", "all"}
    for k, line in enumerate(chart.lines):
        chosen = graph._choice(chart, Target(None, k))
        assert traffic.chosen(shown, chosen.text()) == chosen
        if chosen.kind == "link":
            assert (chart.places[line.source].key, chart.places[line.target].key) == chosen[1:]
    assert graph._choice(chart, Target(0, None)) == Selected("account", "m")


def test_every_choice_has_a_text_of_its_own_that_leads_back_to_it() -> None:
    ids = ["m", "a>b", "a", "b", "*", "%3E", "*amateur", ALL.text()]
    spots = places([Actor(k, "main" if k == "m" else "sub", "") for k in ids])
    laid = [traffic.Edge(a, b, "like") for a in ids for b in ids if a != b]
    known = traffic._known(spots, laid)
    assert len(known) == 1 + len(ids) + len(laid)
    assert all(selected.text() == text for text, selected in known.items())
