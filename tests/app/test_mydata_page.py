"""My data: exports brought, what was understood, accounts taken over, a scenario fitted and used."""

import os
from functools import partial
from html import unescape

import pytest
from streamlit.testing.v1 import AppTest

from sim.app.jobs import exports, own_data, store
from sim.app.jobs.limit import LIMIT, refuse_beyond_limit
from sim.app.jobs.questions import Calibrating, Foretelling, Reading, Replaying
from sim.app.jobs.request import plan_of
from sim.app.jobs.worker import Dropped
from sim.app.pages.mydata import page as mydata
from sim.app.ui import choice as chosen
from sim.calibration import check, result
from sim.calibration.views import Effort
from sim.errors import RunError
from sim.language import plain
from sim.language.words import Words
from tests.app.driving import EagerJobs, FakeJobs, address, alive, button, markup, opened, progress, settled
from tests.app.exporting import EACH, NAMES
from tests.app.exporting import exports as made

HEAD = "作品名称,发布时间,播放量\n"


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fits of few simulations."""
    monkeypatch.setattr(result, "calibrate", partial(result.calibrate, effort=Effort((30,), (5,))))
    monkeypatch.setattr(check, "held_out", partial(check.held_out, effort=Effort((80,), (5,))))


def brought(app: AppTest, files: dict[str, bytes]) -> AppTest:
    given = [(name, content, "text/csv") for name, content in files.items()]
    return settled(alive(app.file_uploader[0].set_value(given).run()))


def page(app: AppTest) -> str:
    return unescape(markup(app))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_was_understood_of_each_file_stands_there_and_is_there_again_by_its_address(
    eager: EagerJobs, language: str
) -> None:
    app = brought(opened("mydata", scenario="classroom", lang=language), made() | {"x.csv": b"a,b\n1,2\n"})
    said = page(app)
    for name in NAMES:
        assert name in said
    assert {"en": "Kuaishou", "zh": "快手"}[language] in said
    assert f"<td>{EACH}</td>" in said
    assert {"en": "x.csv: no row has headers", "zh": "x.csv：没有一行表头"}[language] in said
    assert {"en": "播放量 → plays", "zh": "播放量 → 播放量"}[language] in said
    for kept in (said, *(place.read_text("utf-8") for place in store.folder().glob("*/answer.json"))):
        assert "作品 3.6" not in kept  # titles are nobody's business
    again = settled(opened("mydata", **address(app)))
    assert page(again) == said


def test_rows_without_an_account_are_asked_for_and_one_name_joins_two_files(eager: EagerJobs) -> None:
    app = brought(opened("mydata", scenario="classroom"), made())
    assert len(app.text_input) == len(NAMES)
    for k in (0, 1):
        app = settled(alive(app.text_input[k].set_value("旗舰 & <b>").run()))
    [request] = [r for r in eager.started if isinstance(r, Reading)][-1:]
    found = store.found(request)
    assert found is not None
    assert [(row["account"], row["videos"]) for row in found["accounts"]] == [
        ("旗舰 & <b>", 2 * EACH), ("老板日常", EACH),
    ]  # fmt: skip
    assert "旗舰 & <b>" not in markup(app)


def test_dates_that_could_be_two_are_asked_for_not_guessed(eager: EagerJobs) -> None:
    rows = HEAD + "a,03/04/2026,12\nb,05/06/2026,13\n"
    app = brought(opened("mydata", scenario="classroom"), {"d.csv": rows.encode()})
    assert "d.csv" not in page(app)
    box = next(box for box in app.selectbox if box.key == "mydata_dates")
    assert "03/04/2026" in box.label
    app = settled(alive(box.select("mdy").run()))
    assert "2026-03-04 … 2026-05-06" in page(app)


def test_a_year_is_asked_for_and_a_wrong_answer_does_not_draw_for_ever(eager: EagerJobs) -> None:
    rows = HEAD + "a,3月4日,12\nb,3月5日,13\n"
    app = brought(opened("mydata", scenario="classroom"), {"d.csv": rows.encode()})
    app = settled(alive(next(n for n in app.number_input if n.key == "mydata_year").set_value(2026).run()))
    assert "2026-03-04 … 2026-03-05" in page(app)


def test_accounts_are_taken_over_fitted_and_used_by_every_page(eager: EagerJobs) -> None:
    app = brought(opened("mydata", scenario="classroom"), made())
    app = settled(alive(button(app, "Use these accounts").click().run()))
    plan = plan_of(app.session_state[chosen.SCENARIO])
    assert sorted(account.id for account in plan.accounts) == sorted(n.partition(".")[0] for n in NAMES)
    assert [account.role for account in plan.accounts] == ["main", "sub", "sub"]
    assert {account.posts_per_day for account in plan.accounts} == {1.0}
    assert not any(isinstance(request, Calibrating) for request in eager.started)
    app = settled(alive(button(app, "Fit to my data").click().run()))
    fits = [request for request in eager.started if isinstance(request, Calibrating)]
    [request, replaying, foretelling] = fits
    answer = store.found(request)
    assert answer is not None
    assert isinstance(replaying, Replaying)
    beside = store.found(replaying)
    assert beside is not None
    plays, follows = beside["rows"]
    seen = own_data.fitted_to(request)
    assert (plays["seen"], follows["seen"]) == (seen["plays"].sum(), seen["follower_delta"].sum())
    assert plays["low"] <= plays["mean"] <= plays["high"]
    assert (beside["days"], beside["videos"]) == (EACH, 3 * EACH)
    assert isinstance(foretelling, Foretelling)
    assert (held := store.found(foretelling)) is not None
    assert plain.told(held["told"]["en"][0], Words("en", plain.PLAIN)) in page(app)
    assert len(answer["rows"]) == page(app).count('<abbr title="content.') + page(app).count(
        '<abbr title="platform.'
    ) + page(app).count('<abbr title="accounts.')
    fitted = {row["key"]: row["value"] for row in answer["rows"] if row["identified"]}
    assert fitted
    app = settled(alive(button(app, "Use the fitted scenario").click().run()))
    plan = plan_of(app.session_state[chosen.SCENARIO])
    key = next(key for key in fitted if key.startswith("content.rates."))
    assert getattr(plan.content.rates, key.rpartition(".")[2]) == fitted[key]
    assert button(app, "Use the fitted scenario").disabled
    assert len([request for request in eager.started if isinstance(request, Calibrating)]) == len(fits)
    # Luck is held against what stood there before the fit, which knows these videos: no file is read again.
    assert len([request for request in eager.started if isinstance(request, Reading)]) == 2
    again = settled(opened("mydata", **address(app)))
    assert button(again, "Use the fitted scenario").disabled


def test_accounts_that_the_audience_cannot_hold_are_refused_and_nothing_changes(eager: EagerJobs) -> None:
    rows = "author,author_followers,publish_date,title,views\n" + "".join(
        f"{name},{fans},2026-03-{day:02},t{day},{100 * day}\n"
        for name, fans in (("a", 900_000), ("b", 5))
        for day in range(1, 20)
    )
    app = brought(opened("mydata", scenario="classroom"), {"f.csv": rows.encode()})
    app = settled(alive(button(app, "Use these accounts").click().run()))
    assert "900,000 fans inside the audience are more than audience.users = 2,000" in page(app)
    assert app.session_state[chosen.SCENARIO] == "classroom"


def test_a_fit_shows_how_far_it_is_and_can_be_stopped(
    jobs: FakeJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = exports.keep(exports.with_files(exports.Brought(), made()))
    reading = Reading("classroom", None, name)
    read = own_data.reading(reading, store.folder(), None)
    found = store.found
    monkeypatch.setattr(store, "found", lambda asked: read if asked == reading else found(asked))
    app = opened("mydata", scenario="classroom", data=name)
    app = alive(button(app, "Fit to my data").click().run())
    assert progress(app)
    [request] = [request for request in jobs.started if isinstance(request, Calibrating)]
    refreshed = opened("mydata", **address(app))
    assert progress(refreshed)
    app = alive(button(app, "Stop").click().run())
    assert request.key() in jobs.left
    assert button(app, "Go on")


def test_work_that_nobody_wants_ends(cache: object) -> None:
    name = exports.keep(exports.with_files(exports.Brought(), made()))

    def dropped(done: int, total: int) -> None:
        raise Dropped

    with pytest.raises(Dropped):
        own_data.calibrating(Calibrating("classroom", None, name), store.folder(), dropped)


def test_forgotten_files_are_gone_with_what_was_answered_and_other_sets_of_them(eager: EagerJobs) -> None:
    app = brought(opened("mydata", scenario="classroom"), made())
    before = app.session_state[mydata.DATA]
    app = settled(alive(app.text_input[0].set_value("x").run()))
    app = alive(button(app, "Forget these files").click().run())
    assert exports.found(before) is None
    assert not list(store.folder().glob("*/answer.json"))
    assert list((store.folder().parent / "exports").iterdir()) == []
    gone = opened("mydata", scenario="classroom", data=before)
    assert any("bring them again" in told.value for told in gone.warning)


def test_what_nobody_looks_at_is_deleted_in_time_and_newer_sets_of_the_same_files_stay(
    eager: EagerJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = brought(opened("mydata", scenario="classroom"), made()).session_state[mydata.DATA]
    folder = store.folder().parent / "exports"
    for place in folder.iterdir():
        os.utime(place, (0, 0))
    (one, *_) = brought_before = exports.found(old).files  # type: ignore[union-attr]
    for place in folder.iterdir():
        os.utime(place, (0, 0))
    os.utime(folder / one.held)
    exports.keep(exports.Brought((one,)))
    assert exports.found(old) is None
    assert [(folder / file.held).exists() for file in brought_before] == [True, False, False]
    assert not list(store.folder().glob("*/answer.json"))


def test_reading_is_never_too_large_and_a_fit_is_limited_like_a_run(
    cache: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(LIMIT, "1")
    refuse_beyond_limit(Reading("classroom", None, "0" * 32))
    with pytest.raises(RunError, match="this server allows 1"):
        refuse_beyond_limit(Calibrating("classroom", None, "0" * 32))


def test_a_file_twice_counts_once_and_another_of_its_name_is_told_apart(cache: object) -> None:
    one = exports.with_files(exports.Brought(), {"a.csv": b"1"})
    two = exports.with_files(exports.with_files(one, {"b.csv": b"1"}), {"a.csv": b"2"})
    assert [file.name for file in two.files] == ["a.csv", "2 · a.csv"]


@pytest.mark.parametrize("name", ["../../etc/passwd", "0" * 32, "", "x" * 5000])
def test_an_address_that_names_no_files_opens_none(cache: object, name: str) -> None:
    assert exports.found(name) is None


def test_fans_come_from_the_days_where_videos_do_not_say_them(cache: object) -> None:
    days = "日期,总粉丝量\n2026-03-01,932\n2026-03-02,925\n"
    files = {"v.csv": (HEAD + "a,2026-03-01,12\n").encode(), "d.csv": days.encode()}
    given = exports.with_files(exports.Brought(), files)
    both = tuple(exports.replace(file, account="我") for file in given.files)
    found, refused = own_data.understood(exports.replace(given, files=both))
    assert found is not None
    assert refused == []
    assert own_data.videos_of(found)["fans"].to_list() == [925]
    assert Words("zh")(mydata.TITLE) == "我的数据"
