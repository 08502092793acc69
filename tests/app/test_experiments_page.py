import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sim.app.pages.experiments import page as experiments
from sim.app.pages.experiments import results, sweeping
from sim.app.ui import look
from sim.report.export import exported
from sim.sweeps import known
from sim.sweeps.known import Note
from tests.app.driving import CHINESE, FakeJobs, alive, button, choice, markup, opened, progress
from tests.app.sweeps import KEYS, find, keyed, said, small, stored

pytestmark = pytest.mark.usefixtures("launched")


def test_the_first_view_invites_to_an_example_that_starts_with_one_click(
    jobs: FakeJobs, launched: list[Any]
) -> None:
    app = opened("experiments")
    assert "96 runs of the classroom with 2,000 people; takes seconds." in said(app)
    app = alive(button(app, "Run the example").click().run())
    assert len(launched) == 1
    assert choice(app, experiments.SWEEP).value == launched[0][0].key
    assert app.query_params["sweep"] in (launched[0][0].key, [launched[0][0].key])
    assert "Stopped before its first run." in said(app)  # nothing was launched here


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_finished_sweep_shows_picture_verdict_and_table(jobs: FakeJobs, cache: Path, language: str) -> None:
    stored(cache, small())
    app = opened("experiments", lang=language)
    page = said(app)
    assert len(app.get("plotly_chart")) == 1
    if language == "zh":
        assert "已完成 24/24 次 · 全组合（网格） · 由命令行启动" in page
        assert "网状 + 学校 · 粉丝数 120" in page
    else:
        assert "24 of 24 runs done · Full grid · begun on the command line" in page
        assert "Mesh + school · Fans 120" in page
    assert not app.get("progress")
    assert len(app.dataframe[0].value) == 24


def test_chinese_has_no_english_left(jobs: FakeJobs, cache: Path) -> None:
    stored(cache, small())
    for view in ("results", "new"):
        app = opened("experiments", lang="zh", view=view)
        widgets = [
            *app.selectbox,
            *app.multiselect,
            *app.text_area,
            *(b for b in app.button if b.key != "language_switch"),
        ]
        texts = [app.title[0].value, *(h.value for h in app.header), *(w.label for w in widgets)]
        texts += [e.label for e in app.expander] + re.findall(r">([^<>]+)</p>", markup(app))
        texts += [
            option
            for box in app.selectbox
            for option in box.options
            if option not in ("ROI", "8", "16", "32", "64", "128", "256", "512", "1024")
        ]
        assert [text for text in texts if not CHINESE.search(text)] == []


def test_one_key_is_a_picture_with_intervals(jobs: FakeJobs, cache: Path) -> None:
    stored(cache, small())
    app = opened("experiments", across="links.layout", down="", metric="reach")
    assert re.search("is best|cannot be told apart", said(app))
    assert "Reach by Layout" in said(app)
    app = alive(choice(app, results.ACROSS).set_value("accounts.school.fans").run())
    assert "Reach by school · Fans" in said(app)
    assert app.query_params["across"] in ("accounts.school.fans", ["accounts.school.fans"])


@pytest.mark.parametrize("metric", ["follows", "orders", "gmv", "roi", "hit"])
def test_every_metric_has_its_picture(jobs: FakeJobs, cache: Path, metric: str) -> None:
    stored(cache, small())
    app = opened("experiments", metric=metric)
    assert choice(app, results.METRIC).value == metric
    assert len(app.get("plotly_chart")) == 1


@pytest.mark.parametrize(
    "address",
    [
        {"sweep": "../../etc/passwd", "view": "<b>", "metric": "fame", "across": "x", "down": "links.layout"},
        {
            "view": "new",
            "keys": "a~b~links.layout",
            "design": "guess",
            "points": "7",
            "seeds": "-1",
            "scenario": "?",
        },
        {"sweep": "0" * 16, "lang": "xx", "users": "1e9"},
    ],
)
def test_rubbish_in_the_address_is_passed_over(jobs: FakeJobs, cache: Path, address: dict[str, str]) -> None:
    stored(cache, small())
    app = opened("experiments", **address)
    assert not app.error
    if address.get("view") == "new":
        assert app.session_state[KEYS] == ["links.layout"]
        assert choice(app, "kept_experiments_design").value == "grid"
    else:
        assert len(app.get("plotly_chart")) == 1


def test_the_address_opens_the_sweep_that_was_on_screen(jobs: FakeJobs, cache: Path) -> None:
    older = stored(cache, small(), name="older", begun=1.0)
    stored(cache, small(seeds=2), name="newer", begun=2.0)
    assert choice(opened("experiments"), experiments.SWEEP).value != older.key
    app = opened("experiments", sweep=older.key)
    assert choice(app, experiments.SWEEP).value == older.key
    assert "24 of 24" in said(app)


def test_a_sweep_under_way_is_watched_and_can_be_stopped(
    jobs: FakeJobs, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    note, asked = stored(cache, small(), ended=9), list[Note]()
    monkeypatch.setattr(known, "standing", lambda *_: "running")
    monkeypatch.setattr(sweeping, "stop", asked.append)
    app = opened("experiments")
    assert "9 of 24 runs" in progress(app)
    assert "Goes on when you leave this page or the server ends." in said(app)
    assert len(app.get("plotly_chart")) == 1  # of the runs so far
    assert "So far: " in said(app)
    alive(keyed(app, "experiments_stop").click().run())
    assert asked == [note]


def test_a_sweep_that_is_stopping_or_starting_says_so(
    jobs: FakeJobs, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored(cache, small(), ended=0)
    monkeypatch.setattr(known, "standing", lambda *_: "running")
    assert "Starting" in progress(opened("experiments"))
    monkeypatch.setattr(known, "standing", lambda *_: "stopping")
    app = opened("experiments")
    assert "Stopping" in progress(app)
    assert keyed(app, "experiments_stop").disabled


def test_a_stopped_sweep_goes_on_at_a_click(jobs: FakeJobs, cache: Path, launched: list[Any]) -> None:
    note = stored(cache, small(), ended=9)
    app = opened("experiments")
    assert "Stopped: 9 of 24 runs done." in said(app)
    alive(keyed(app, "experiments_go_on").click().run())
    assert launched == [(note,)]


def test_a_sweep_that_broke_off_says_why(jobs: FakeJobs, cache: Path) -> None:
    note = stored(cache, small(), ended=9)
    known.write(cache, replace(note, failure="the disk is <b>full</b>"))
    app = opened("experiments")
    assert app.error[0].value == "It broke off by itself."
    assert app.code[0].value == "the disk is <b>full</b>"


def test_what_cannot_go_on_is_a_message(jobs: FakeJobs, cache: Path) -> None:
    note = stored(cache, small(), ended=9)
    Path(note.file).unlink()
    app = alive(keyed(opened("experiments", lang="zh"), "experiments_go_on").click().run())
    assert "实验文件已不在" in said(app)


def test_failed_runs_are_listed_with_their_error_and_run_once_more(
    jobs: FakeJobs, cache: Path, launched: list[Any]
) -> None:
    note = stored(cache, small(), errors={3: "too many fans", 7: "bad luck"})
    app = opened("experiments")
    assert "Failed runs" in [e.label for e in app.expander]
    assert app.dataframe[0].value["error"].tolist() == ["too many fans", "bad luck"]
    alive(keyed(app, "experiments_retry").click().run())
    assert launched == [(note, "--retry-failed")]


def test_a_sweep_of_failed_runs_alone_is_still_a_page(jobs: FakeJobs, cache: Path) -> None:
    stored(cache, small(), errors=dict.fromkeys(range(24), "bad luck"))
    app = opened("experiments")
    assert "The picture begins with the first point" in said(app)
    assert "Failed runs" in [e.label for e in app.expander]


def test_a_question_in_sql_is_answered_and_a_wrong_one_is_a_message(jobs: FakeJobs, cache: Path) -> None:
    stored(cache, small())
    app = alive(keyed(opened("experiments"), "experiments_ask").click().run())
    assert app.dataframe[-1].value.columns.tolist() == ["links.layout", "reach", "runs"]
    app = alive(app.text_area[0].set_value("FROM read_csv('/etc/passwd')").run())
    app = alive(keyed(app, "experiments_ask").click().run())
    assert "query: " in markup(app)
    assert "root:" not in said(app)


def test_the_files_hold_all_runs(jobs: FakeJobs, cache: Path) -> None:
    note = stored(cache, small())
    text = exported(sweeping.runs(note), "csv").decode("utf-8-sig")
    assert len(text.splitlines()) == 25
    assert text.startswith("links.layout,")
    assert exported(sweeping.runs(note), "parquet")[:4] == b"PAR1"


def test_a_sweep_is_removed_from_the_list(jobs: FakeJobs, cache: Path) -> None:
    note = stored(cache, small())
    app = alive(keyed(opened("experiments"), "experiments_remove").click().run())
    assert "Nothing here yet" in said(app)
    assert Path(note.folder).is_dir()


def test_names_are_text_not_markup(jobs: FakeJobs, cache: Path) -> None:
    stored(cache, small(), scenario="<script>x</script> **b**", keys=("<i>k</i>",))
    app = opened("experiments")
    assert "<script>x</script> **b** · <i>k</i>" in choice(app, experiments.SWEEP).options[0]
    assert "<script>" not in markup(app)
    assert look.plain("**a** [b](c) $d$ :red[e]") == r"\*\*a\*\* \[b\](c) \$d\$ \:red\[e\]"


def test_the_folder_may_vanish_while_it_is_shown(jobs: FakeJobs, cache: Path) -> None:
    import shutil

    note = stored(cache, small())
    app = opened("experiments")
    shutil.rmtree(note.folder)
    assert "Nothing here yet" in said(alive(app.run()))


@pytest.mark.parametrize("broken", ["part", "manifest", "keys"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_damaged_file_is_named_and_there_are_ways_on(
    jobs: FakeJobs, cache: Path, launched: list[Any], broken: str, language: str
) -> None:
    note, other = stored(cache, small()), stored(cache, small(seeds=2), name="other", begun=1.7e9)
    part = next(Path(note.folder, "parts").glob("*.parquet"))
    file = part if broken == "part" else Path(note.folder, "manifest.json")
    file.write_bytes(b'{"runs": 1}' if broken == "keys" else b"PAR1 garbage")
    app = opened("experiments", lang=language)
    assert file.name in app.code[0].value
    assert len(app.error) == 1
    assert bool(CHINESE.search(app.error[0].value)) is (language == "zh")
    app = alive(choice(app, experiments.SWEEP).set_value(other.key).run())
    assert not app.error
    app = alive(choice(app, experiments.SWEEP).set_value(note.key).run())
    app = alive(keyed(app, "experiments_redo").click().run())
    assert launched == [(note, "--redo-damaged")]
    app = alive(keyed(app, "experiments_off").click().run())
    assert choice(app, experiments.SWEEP).value == other.key
    assert not app.error
    assert file.exists()
    assert Path(note.file).exists()


def test_files_of_a_sweep_of_the_page_stay_when_it_is_taken_off_the_list(cache: Path) -> None:
    key = sweeping.begin(small(), "classroom")
    note = find(key)
    assert note is not None
    sweeping.remove(note, files=False)
    assert find(key) is None
    assert Path(note.file).exists()


def test_a_part_that_breaks_after_it_was_counted_is_told_too(jobs: FakeJobs, cache: Path) -> None:
    note = stored(cache, small())
    app = opened("experiments")
    assert not app.error
    next(Path(note.folder, "parts").glob("*.parquet")).write_bytes(b"")
    sweeping._runs.cache_clear()
    assert "damaged" in alive(app.run()).error[0].value


def test_runs_in_a_spreadsheet_are_no_formulas(cache: Path) -> None:
    note = stored(cache, small(), errors={0: "=1+1"})
    content = exported(sweeping.runs(note), "csv")
    assert b"'=1+1" in content
    assert content.startswith(b"\xef\xbb\xbf")
