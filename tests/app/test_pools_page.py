import re
from functools import partial
from typing import Any

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from sim.analysis.platforms import NO_POOLS
from sim.app.jobs import drafts, store
from sim.app.jobs.jobs import State
from sim.app.jobs.request import Repeating, Running, plan_of
from sim.app.pages.pools import luck
from sim.app.pages.pools import page as pools
from sim.app.pages.pools.record import rate_text
from sim.app.ui import choice as scenario_choice
from sim.app.ui.names import moment
from sim.language.names import DECISION, REASON
from sim.language.words import Language, Words
from tests.app import driving as d
from tests.app.classroom import CLASS, RUN, drawn

page = partial(drawn, "pools")


def videos() -> pl.DataFrame:
    return store.table(RUN, "videos").sort("impressions", descending=True)


def test_the_page_says_how_many_were_promoted_and_follows_the_most_seen_video(eager: d.EagerJobs) -> None:
    app = page()
    assert eager.started == [RUN]  # identical videos only on request
    told, table = d.markup(app), videos()
    judged = table.filter(~((pl.col("pool") == 1) & (pl.col("stop_reason") == "running")))
    promoted = table.filter(pl.col("pool") > 1).height
    assert f"{promoted} of {judged.height} videos got past the first pool" in told
    top = table.row(0, named=True)
    assert f"{top['account']} no. {top['post_number'] + 1}: {top['impressions']:,} impressions" in told
    assert len(app.get("plotly_chart")) == 3
    assert "Seed 1 · 2,000 people · 96 h · Classroom" in told


def test_the_record_shows_every_decision_with_its_five_rates_score_and_reason(eager: d.EagerJobs) -> None:
    app = page()
    top = videos().row(0, named=True)
    same = (pl.col("planned_by") == top["planned_by"]) & (pl.col("post_number") == top["post_number"])
    decisions = store.table(RUN, "promotions").filter(same)
    told = d.markup(app)
    for row in decisions.iter_rows(named=True):
        assert f"<td>{row['score']:.2f}</td>" in told
        assert f"<td>{row['threshold']:.2f}</td>" in told
        assert re.search(rf"<td[^>]*>{REASON[row['reason']].label_en}</td>", told)
        for name in ("completions", "likes", "comments", "shares", "follows"):
            assert f"<td>{rate_text(row[name] / row['impressions'], 'en')} · " in told
    head = re.search(r"<thead>.*?</thead>", told)
    assert head is not None
    assert head[0].count("Pool ") == decisions.height


def test_another_video_is_chosen_with_the_keyboard_and_kept_in_the_address(eager: d.EagerJobs) -> None:
    app = page()
    box = d.choice(app, pools.VIDEO)
    assert len(box.options) == videos().height
    last = videos().row(-1, named=True)
    app = d.alive(box.set_value(f"{last['planned_by']}.{last['post_number']}").run())
    assert f"{last['planned_by']} no. {last['post_number'] + 1}: " in d.markup(app)
    kept = d.address(app)
    assert kept["video"] == f"{last['planned_by']}.{last['post_number']}"
    again = page(video=kept["video"])
    assert d.choice(again, pools.VIDEO).value == kept["video"]
    assert len(eager.started) == 1


def test_a_row_of_the_table_or_a_point_of_the_plot_chooses_its_video(monkeypatch: pytest.MonkeyPatch) -> None:
    state: dict[str, Any] = {
        "table": {"selection": {"rows": [1]}},
        "plot": {"selection": {"points": [{"customdata": ["b.0", "b"]}]}},
        "nothing": {"selection": {"rows": [], "points": [{}]}},
        pools.VIDEO: "c.0",
    }
    monkeypatch.setattr(pools.st, "session_state", state)
    pools._take_row("nothing", ["a.0", "b.0"])
    pools._take_point("nothing")
    assert state[pools.VIDEO] == "c.0"  # let go of, it stays chosen
    pools._take_point("plot")
    assert state[pools.VIDEO] == "b.0"
    pools._take_row("table", ["x.0", "y.0"])
    assert state[pools.VIDEO] == "y.0"


def test_the_table_has_every_video_and_marks_the_chosen_one(eager: d.EagerJobs) -> None:
    app = page()
    shown = app.dataframe[0].value
    assert list(shown["impressions"]) == videos()["impressions"].to_list()
    key = f"pools_table_{RUN.key()[:8]}_0"
    assert app.session_state[key]["selection"]["rows"] == [0]
    app = d.alive(d.choice(app, pools.VIDEO).set_value("band.0").run())
    row = app.session_state[key]["selection"]["rows"][0]
    assert shown["video"].iloc[row] == "band no. 1"


def test_whose_videos_cuts_the_funnel_without_another_run(eager: d.EagerJobs) -> None:
    app = page()
    assert "band" in d.choice(app, pools.WHOSE).options
    app = d.alive(d.choice(app, pools.WHOSE).set_value("account.band").run())
    bands = videos().filter(pl.col("account") == "band")
    assert len(d.choice(app, pools.VIDEO).options) == bands.height
    assert f" of {bands.height} videos got past" in d.markup(app)
    assert d.address(app)["whose"] == "account.band"
    app = d.alive(d.choice(app, pools.WHOSE).set_value("role.sub").run())
    assert len(d.choice(app, pools.VIDEO).options) == videos().filter(pl.col("account") != "school").height
    assert len(eager.started) == 1


def again(app: AppTest) -> Any:
    return next(toggle for toggle in app.toggle if toggle.key == pools.AGAIN)


def test_identical_videos_are_posted_again_only_on_request_and_told_with_an_interval(
    eager: d.EagerJobs,
) -> None:
    app = page()
    app = d.settled(d.alive(again(app).set_value(True).run()))
    request = Repeating("classroom", 2_000, pools.FIRST_SEED, luck.REPEATS)
    assert eager.started == [RUN, request]
    found = store.found(request)
    assert found is not None
    factor, low, high = found["luck"]["factor"]
    assert 1 < low < factor < high
    told = d.markup(app)
    assert f"between 1/{factor:.1f} and {factor:.1f} times the views of the first time in 8 of 10" in told
    assert f"{low:.1f} to {high:.1f}" in told
    assert f"{found['luck']['videos']} videos from the first half of the run, 20 times each" in told
    assert len(app.get("plotly_chart")) == 4
    assert d.address(app)["again"] == "1"
    app = d.alive(app.number_input[0].set_value(2).run())
    d.settled(app)
    assert eager.started[2:] == [Running("classroom", 2_000, 2)]  # luck alone is the same for every seed


def test_repeats_keep_the_content_and_change_the_luck(eager: d.EagerJobs) -> None:
    page(again="1")
    repeats = store.table(Repeating("classroom", 2_000, pools.FIRST_SEED, luck.REPEATS), "repeats")
    posts = videos().select("planned_by", "post_number")
    views = luck.views_of(repeats, posts)
    assert views.shape == (luck.REPEATS, posts.height)
    assert (views.std(axis=0) > 0).all()
    one = luck.views_of(repeats, posts.head(1))
    alone = repeats.join(posts.head(1), on=["planned_by", "post_number"], how="semi").sort("seed")
    assert one[:, 0].tolist() == alone["impressions"].to_list()
    plan = Repeating("classroom", 2_000, 1, 3).plan()
    assert plan.content.spread.within_account == 0
    assert plan.content.spread.completion == RUN.plan().content.spread.completion  # marks stay where they are


def test_chinese_has_no_english_left(eager: d.EagerJobs) -> None:
    app = page(lang="zh", again="1")
    told = d.markup(app)
    widgets = [*app.selectbox, *app.toggle, *app.number_input, *app.expander]
    shown = [app.title[0].value, *(h.value for h in app.header), *(w.label for w in widgets)]
    shown += re.findall(r"<(?:th|abbr|p|li)[^>]*>(?:<i[^>]*></i>)?([^<]{2,})<", told)
    assert [text for text in shown if not d.CHINESE.search(text)] == []
    assert "第 1 级流量池" in told
    assert "完播率" in told
    assert "同一条视频重发一次" in told


def test_accounts_have_chinese_names_while_choices_and_the_address_keep_their_ids(eager: d.EagerJobs) -> None:
    app = page(lang="zh", whose="account.school")
    box = d.choice(app, pools.WHOSE)
    assert box.value == d.address(app)["whose"] == "account.school"
    assert set(box.options) >= {"全部账号", "学校", "食堂", "校队", "乐队", "校友会"}
    assert re.fullmatch(r"school\.\d+", d.address(app)["video"])
    assert all(option.startswith("学校") for option in d.choice(app, pools.VIDEO).options)
    assert set(app.dataframe[0].value["account"]) == {"学校"}
    app = d.settled(d.alive(box.set_value(pools.ALL).run()))
    assert set(app.dataframe[0].value["account"]) == {"学校", "食堂", "校队", "乐队", "校友会"}
    drawn = " ".join([d.markup(app), *(chart.proto.spec for chart in app.get("plotly_chart"))])
    assert "校友会" in d.markup(app)
    assert [name for name in ("canteen no", "alumni no", ">band<", ">team<") if name in drawn] == []


def test_rubbish_in_the_address_opens_the_first_view(eager: d.EagerJobs) -> None:
    app = page(seed="-1", whose="role.<b>", video="../../etc/passwd", again="yes")
    assert app.number_input[0].value == 1
    assert d.choice(app, pools.WHOSE).value == pools.ALL
    assert d.choice(app, pools.VIDEO).value == d.choice(page(), pools.VIDEO).value
    assert again(app).value is False


@pytest.mark.parametrize("seed", ["999999999999999999999", "1.5", "", "²"])
def test_a_seed_that_is_none_is_the_scenarios_own(seed: str, jobs: d.FakeJobs) -> None:
    app = d.opened("pools", **CLASS, seed=seed)
    assert app.session_state[scenario_choice.SEED] == 1


def test_progress_is_shown_and_the_answer_before_stays(
    eager: d.EagerJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = page()
    request = Running("classroom", 2_000, 7)
    monkeypatch.setattr(eager, "start", lambda asked, watcher: d.FakeJobs.start(eager, asked, watcher))
    eager.states[request.key()] = State("running", 24, 96, 3.0)
    app = d.alive(app.number_input[0].set_value(7).run())
    assert "25 % simulated" in d.progress(app)
    assert "Previous answer" in [h.value for h in app.header]
    assert len(app.get("plotly_chart")) == 1


def test_a_failure_is_a_message(jobs: d.FakeJobs) -> None:
    jobs.states[RUN.key()] = d.failed("no *memory*")
    app = d.opened("pools", **CLASS, seed="1")
    assert app.error[0].value == "This could not be computed."
    assert app.code[0].value == "no *memory*"


def test_a_failure_of_the_repeats_leaves_the_run_on_the_page(eager: d.EagerJobs) -> None:
    request = Repeating("classroom", 2_000, pools.FIRST_SEED, luck.REPEATS)
    eager.states[request.key()] = d.failed("too large")
    app = page(again="1")
    assert app.code[0].value == "too large"
    assert len(app.get("plotly_chart")) == 3


HOSTILE = """
name = "<script>alert(1)</script>"
accounts = [
  { id = "<b onclick=x>", role = "main", fans = 20, posts_per_day = 2.0 },
  { id = "a.b.c", posts_per_day = 0.0 },
]
[audience]
users = 1_000
[platform]
pools = [30, 100, 300]
pass_share = [0.9]
revival_probability = 0.9
hit = 100
[run]
hours = 72
"""


def test_names_are_text_late_revival_has_words_and_nothing_published_is_said(eager: d.EagerJobs) -> None:
    name = drafts.keep(drafts.Version(HOSTILE))
    app = d.settled(d.opened("pools", scenario=name, users="1000"))
    told = d.markup(app)
    assert "<script>" not in told
    assert "<b onclick" not in told
    assert "&lt;b onclick=x&gt; no. " in told
    promotions = store.table(Running(name, 1_000, 1), "promotions")
    revived = promotions.filter(pl.col("decision") == "revive").row(0, named=True)
    shown = f"{revived['planned_by']}.{revived['post_number']}"
    app = d.alive(d.choice(app, pools.VIDEO).set_value(shown).run())
    assert "<td>tried again</td>" in d.markup(app)
    assert "<td>a late second chance</td>" in d.markup(app)
    app = d.alive(d.choice(app, pools.WHOSE).set_value("account.a.b.c").run())
    assert "publishes anything" in app.info[0].value


def test_hours_are_told_in_beijing_time_from_the_start_of_the_run() -> None:
    words = Words("en")
    assert moment(words, 0) == "day 1, 00:00"
    assert moment(words, 50) == "day 3, 02:00"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_model_without_pools_says_so_and_shows_each_videos_record(
    lang: Language, eager: d.EagerJobs
) -> None:
    plan = plan_of("classroom").with_values({"platform.model": "score"})
    name = drafts.keep(drafts.Version(plan.to_toml(), "flow"))
    app = d.settled(d.opened("pools", scenario=name, users="2000", lang=lang))
    assert [box.value for box in app.info] == [Words(lang)(NO_POOLS)]
    told, words = d.markup(app), Words(lang)
    for text in (words("Predicted value"), words("Competing level"), DECISION["hold"].label(lang)):
        assert text in told
    for text in ("Pass mark", "Down the ladder of pools"):
        assert words(text) not in told + " ".join(h.value for h in app.header)
    assert len(app.get("plotly_chart")) == 1  # views by rank
    assert "pool" not in app.dataframe[0].value.columns
