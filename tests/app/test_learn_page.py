import json
import re
import shutil
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from sim.app import frame
from sim.app.jobs import drafts, store
from sim.app.pages.learn import classroom, diary
from sim.app.pages.learn import page as learn
from sim.app.pages.learn.classroom import HOUR, PLAYING, WHO, WHOSE, members, moment, picked, told_of_hour
from sim.app.pages.learn.lessons import EXERCISES, FREE, SAME, class_request
from sim.app.ui import watch
from sim.charts.crowd import ACCOUNT, PERSON, STATES
from sim.errors import RunError
from sim.language.words import Words
from tests.app.driving import CHINESE, EagerJobs, FakeJobs, alive, button, choice, markup, opened, settled


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Answers that the tests of this module share, as the people in a classroom do."""
    return tmp_path_factory.mktemp("answers")


@pytest.fixture
def room(answers: Path, monkeypatch: pytest.MonkeyPatch) -> EagerJobs:
    monkeypatch.setattr(drafts, "base", lambda: answers)
    fake = EagerJobs()
    for module in (watch, frame):
        monkeypatch.setattr(module, "jobs", lambda: fake)
    return fake


def shown(**address: str) -> AppTest:
    return settled(opened("learn", **address))


def lesson_of(app: AppTest) -> Any:
    return next(group for group in app.get("button_group") if group.key == learn.LESSON)


def predicted(app: AppTest, key: str) -> AppTest:
    alive(app.radio[0].set_value(key).run())
    return settled(alive(button(app, "See what happens", "看结果").click().run()))


def dots(app: AppTest) -> dict[str, Any]:
    """The figure of the class."""
    return dict(json.loads(app.get("plotly_chart")[-1].proto.spec))


def counts(app: AppTest) -> list[int]:
    named = [trace["name"] for trace in dots(app)["data"] if "name" in trace]
    return [int(name.rsplit(" ", 1)[1].replace(",", "")) for name in named]


def hour(app: AppTest) -> Any:
    return next(slider for slider in app.slider if slider.key == HOUR)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_first_view_shows_everybody(room: EagerJobs, language: str) -> None:
    app = shown(lang=language)
    assert sum(counts(app)) == 2_000
    assert len(counts(app)) == len(STATES)
    assert not app.radio
    assert bool(CHINESE.search(app.title[0].value)) is (language == "zh")
    labels = [
        w.label
        for w in (*app.slider, *app.selectbox, *app.number_input, *app.button)
        if w.key != "language_switch"
    ]
    assert all(bool(CHINESE.search(label)) is (language == "zh") for label in labels), labels


def test_hour_by_hour_more_people_are_reached_and_nobody_moves(room: EagerJobs) -> None:
    app = shown()
    left = []
    for at in (0, 30, 96):
        alive(hour(app).set_value(at).run())
        left.append(counts(app)[0])
    assert left[0] == 2_000
    assert left == sorted(left, reverse=True)
    assert left[-1] < left[1] < left[0]


def test_the_next_hour_is_one_hour_on_and_the_last_one_stays(room: EagerJobs) -> None:
    app = shown()
    alive(hour(app).set_value(95).run())
    for _ in range(2):
        alive(button(app, "Next hour").click().run())
        assert hour(app).value == 96


def test_at_hour_0_nothing_has_happened(room: EagerJobs) -> None:
    app = shown()
    alive(hour(app).set_value(0).run())
    page = markup(app)
    assert "nothing has been posted yet" in page
    assert "This account has posted nothing yet." in page
    assert "Nothing has happened to this person yet." in page


def test_playing_begins_again_at_the_end(room: EagerJobs) -> None:
    app = shown()
    alive(hour(app).set_value(96).run())
    alive(button(app, "Play").click().run())
    assert app.session_state[PLAYING]
    assert hour(app).value == 0
    alive(button(app, "Pause").click().run())
    assert not app.session_state[PLAYING]


def test_a_person_chosen_by_number_shows_that_persons_record(room: EagerJobs) -> None:
    app = shown()
    alive(hour(app).set_value(96).run())
    events = store.table(class_request(FREE, 1), "events")
    number = int(events.group_by("user").len().filter(len=3).sort("user")["user"][0])
    alive(app.number_input[0].set_value(number).run())
    rows = re.findall(
        r'<tr><th scope="row">', markup(app).split('aria-label="What happened')[1].split("</table>")[0]
    )
    assert len(rows) == 3
    ring = next(t for t in dots(app)["data"] if t.get("marker", {}).get("size") == 17)
    assert len(ring["x"]) == 1


def test_an_account_chosen_by_name_shows_its_fans_and_videos(room: EagerJobs) -> None:
    app = shown()
    alive(hour(app).set_value(96).run())
    alive(choice(app, WHOSE).set_value("band").run())
    page = markup(app)
    videos = store.table(class_request(FREE, 1), "videos").filter(account="band").sort("published_hour")
    fans = store.table(class_request(FREE, 1), "fans").filter(account="band").sort("hour")["fans"]
    assert (fans[0], fans.len()) == (30, 97)
    assert f"Fans: {fans[96]:,} (30 at the start)" in page
    body = page.split('aria-label="Videos of this account"')[1].split("</table>")[0]
    assert body.count("<tr>") == 1 + videos.height
    for video in videos.to_dicts():
        assert f"<td>{video['impressions']:,}</td>" in body


@pytest.mark.parametrize("kind", [PERSON, ACCOUNT])
def test_a_click_chooses_what_was_clicked(
    room: EagerJobs, kind: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    state: dict[str, Any] = {"x": {"selection": {"points": [{"customdata": [kind, 3, 0]}]}}}
    monkeypatch.setattr(classroom.st, "session_state", state)
    classroom._clicked("x", ["a", "b", "c", "d"])
    assert state.get(WHO if kind == PERSON else WHOSE) == (3 if kind == PERSON else "d")


@pytest.mark.parametrize(
    ("event", "found"),
    [
        (None, None),
        ({}, None),
        ({"selection": {"points": []}}, None),
        ({"selection": {"points": [{"x": 1}]}}, None),
        ({"selection": {"points": [{"customdata": [7, 1]}]}}, None),
        ({"selection": {"points": [{"customdata": [PERSON, 12, 0]}]}}, (PERSON, 12)),
        ({"selection": {"points": [{"customdata": {"0": ACCOUNT, "1": 2, "2": 0}}]}}, (ACCOUNT, 2)),
    ],
)
def test_a_click_is_read_whatever_the_browser_sends(event: Any, found: Any) -> None:
    assert picked(event) == found


@pytest.mark.parametrize("key", EXERCISES)
def test_a_lesson_asks_before_it_tells(room: EagerJobs, key: str) -> None:
    app = shown(lesson=key)
    assert app.radio[0].value is None
    assert button(app, "See what happens").disabled
    assert not app.get("plotly_chart")
    assert room.started == []
    assert list(app.radio[0].options) == [Words("en")(c.text) for c in EXERCISES[key].choices]


def test_a_prediction_is_compared_with_the_runs(room: EagerJobs) -> None:
    app = predicted(shown(lesson="content"), SAME)
    assert app.radio[0].disabled
    answer = store.found(EXERCISES["content"].request())
    assert answer is not None
    best = max(answer["measures"]["reach"]["variants"], key=lambda row: row["mean"])
    page = markup(app)
    verdict = re.search(r'class="ms-verdict"[^>]*>([^<]+)<', page)
    assert verdict is not None
    assert verdict[1].startswith(("It comes out differently. Reach:", "Your prediction holds. Reach:"))
    assert f"{best['mean']:,.0f}" in verdict[1]
    assert "16 rounds" in verdict[1]
    assert len(app.get("plotly_chart")) == len(EXERCISES["content"].measures) + 1


def test_the_prediction_outlasts_a_change_of_lesson_seed_and_language(room: EagerJobs) -> None:
    app = predicted(shown(lesson="content"), SAME)
    alive(choice(app, learn.SEED).set_value(2).run())
    app = settled(alive(button(app, "中文").click().run()))
    assert app.radio[0].value == SAME
    assert app.radio[0].disabled
    assert "猜" in markup(app)
    alive(lesson_of(app).set_value(FREE).run())
    app = settled(alive(lesson_of(app).set_value("content").run()))
    assert app.radio[0].value == SAME


def test_one_may_predict_again(room: EagerJobs) -> None:
    app = predicted(shown(lesson="content"), SAME)
    alive(button(app, "Predict again").click().run())
    assert app.radio[0].value is None
    assert not app.get("plotly_chart")


def test_each_variant_has_a_class_of_its_own(room: EagerJobs) -> None:
    app = predicted(shown(lesson="content"), SAME)
    variants = next(g for g in app.get("button_group") if g.key == learn.VARIANT.format("content"))
    before = dots(app)["data"]
    alive(variants.set_value(EXERCISES["content"].variants[0].name).run())
    assert dots(settled(app))["data"] != before


def test_copies_are_drawn_as_strips_in_chinese_too(room: EagerJobs) -> None:
    app = predicted(shown(lesson="luck", lang="zh"), "much")
    spec = json.loads(app.get("plotly_chart")[0].proto.spec)
    assert spec["layout"]["xaxis"]["type"] == "log"
    page = re.sub(
        r"<[^>]+>|<style>.*?</style>", " ", re.sub(r"<style>.*?</style>", "", markup(app), flags=re.DOTALL)
    )
    words = set(re.findall(r"[A-Za-z]{3,}", unescape(page.split("结论")[0])))
    told = "".join(page.split("模拟了两遍")[0].split("运气编号")[0])
    assert "副本" in told
    assert words <= {"matrixsim", "Classroom", "Jaccard", "GPM"}


def test_accounts_and_topics_of_the_class_have_names_in_both_languages() -> None:
    english, chinese = Words("en"), Words("zh")
    for name, en, zh in (("school", "School", "学校"), ("copy 01", "Copy 01", "副本 01")):
        assert (diary.account_name(english, name), diary.account_name(chinese, name)) == (en, zh)
    assert (diary.topic_name(english, "food"), diary.topic_name(chinese, "food")) == ("Food", "美食")
    for words in (english, chinese):  # as the lesson calls them
        assert [diary.account_name(words, name) for name in ("head-001", "junior-020")] == ["KOL 1", "KOC 20"]


def test_the_address_holds_lesson_and_seed(room: EagerJobs) -> None:
    app = shown(lesson="links", seed="7")
    assert lesson_of(app).value == "links"
    assert choice(app, learn.SEED).value == 7
    alive(lesson_of(app).set_value("luck").run())
    held = {name: text if isinstance(text, str) else text[0] for name, text in app.query_params.items()}
    assert (held["lesson"], held["seed"]) == ("luck", "7")


@pytest.mark.parametrize(
    "address", [{"lesson": "<b>", "seed": "-1"}, {"lesson": "", "seed": "1e9"}, {"seed": "０"}]
)
def test_an_address_with_rubbish_opens_the_class(room: EagerJobs, address: dict[str, str]) -> None:
    app = shown(**address)
    assert lesson_of(app).value == FREE
    assert choice(app, learn.SEED).value == 1


def test_a_room_shares_one_computation(room: EagerJobs) -> None:
    shown()
    begun = len(room.started)
    shown(lang="zh")
    assert len(room.started) == begun


def test_work_under_way_is_shown_and_the_rest_waits(jobs: FakeJobs) -> None:
    app = opened("learn")
    assert [request.kind for request in jobs.started] == ["lesson"]
    assert app.get("progress")
    assert not app.slider


def test_a_failure_is_a_message(jobs: FakeJobs, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(request: Any, watcher: str) -> None:
        raise RunError("no room for a class")

    monkeypatch.setattr(jobs, "start", broken)
    app = opened("learn")
    assert app.error
    assert app.code[0].value == "no room for a class"


def test_a_class_that_is_no_longer_kept_is_made_anew(
    room: EagerJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables, begun = classroom._tables, len(room.started)

    def gone(*given: Any) -> Any:
        monkeypatch.setattr(classroom, "_tables", tables)
        shutil.rmtree(store.folder())
        raise FileNotFoundError("states.parquet")

    monkeypatch.setattr(classroom, "_tables", gone)
    app = shown()
    assert not app.error
    assert len(room.started) > begun
    assert sum(counts(app)) == 2_000


def test_tables_that_are_gone_are_a_message(room: EagerJobs, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*given: Any) -> Any:
        raise FileNotFoundError("states.parquet")

    shown()
    monkeypatch.setattr(classroom, "_tables", gone)
    app = shown()
    assert app.code[0].value == "states.parquet"


def states(**columns: list[int]) -> pl.DataFrame:
    """A class of two at hours 0 and 1."""
    names = ("reached", "visits", "follows", "orders", "impressions", "reached_by", "stage")
    return pl.DataFrame({name: pl.Series(columns.get(name, [0, 0, 0, 0]), dtype=pl.UInt64) for name in names})


@pytest.mark.parametrize(
    ("columns", "wanted"),
    [
        ({}, [0, 0]),
        ({"reached": [0, 0, 1, 0]}, [1, 0]),
        ({"reached": [0, 0, 1, 0], "visits": [0, 0, 1, 0]}, [2, 0]),
        ({"follows": [2, 0, 2, 4]}, [0, 3]),
        ({"reached": [0, 0, 1, 1], "orders": [0, 0, 0, 2], "follows": [0, 0, 0, 1]}, [1, 4]),
    ],
)
def test_the_latest_stage_of_a_person_gives_the_colour(
    columns: dict[str, list[int]], wanted: list[int]
) -> None:
    assert moment(states(**columns), 1, 2).states.tolist() == wanted


def test_bits_stand_for_accounts() -> None:
    assert members(0b1011) == [0, 1, 3]
    assert members(1 << 63) == [63]
    assert members(0) == []


def test_an_hour_is_told_by_its_events(room: EagerJobs) -> None:
    shown()
    events = store.table(class_request(FREE, 1), "events")
    busy = int(events.group_by("hour").len().sort("len")["hour"][-1])
    own = events.filter(hour=busy)
    told = told_of_hour(busy, own, Words("en"))
    assert f"{own.filter(what='saw').height} impressions" in told
    assert told.startswith(f"Day {(busy - 1) // 24 + 1}, {(busy - 1) % 24}:00 to")


def test_hours_run_on_by_themselves_while_playing(
    room: EagerJobs, monkeypatch: pytest.MonkeyPatch, subtests: Callable[..., Any]
) -> None:
    shown()
    request = class_request(FREE, 1)
    answer = store.found(request)
    for running, fresh, start, after in (
        (True, False, 3, 4),
        (True, True, 3, 3),
        (False, False, 3, 3),
        (True, False, 95, 96),
    ):
        with subtests.test(running=running, fresh=fresh, start=start):
            state = {HOUR: start, PLAYING: running, classroom.FRESH: fresh, WHO: 0, WHOSE: "school"}
            monkeypatch.setattr(classroom.st, "session_state", state)
            for name in ("_controls", "_picture", "_records"):
                monkeypatch.setattr(classroom, name, lambda *given, **named: None)
            monkeypatch.setattr(classroom.st, "rerun", lambda: None)
            assert answer is not None
            classroom._steps(request, answer, Words("en"), running)
            assert state[HOUR] == after
            assert state[PLAYING] is (running and after < 96)
