import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import streamlit as st

from sim.app.jobs import drafts, pages, store
from sim.app.jobs.questions import Printing
from sim.app.jobs.request import FIRST, Running
from sim.app.pages.report import figures, files
from sim.app.pages.report import page as report
from sim.app.ui import choice as choice_of
from sim.charts import picture
from sim.errors import UsageError
from sim.language.words import Words
from tests.app.driving import CHINESE, EagerJobs, FakeJobs, alive, button, choice, markup, opened, settled


class Buttons:
    """What the page offers to download, in the order of the last drawing."""

    def __init__(self) -> None:
        self.offered: dict[str, dict[str, Any]] = {}

    def __call__(self, label: str, data: Callable[[], bytes], **others: Any) -> bool:
        self.offered[others["key"]] = {"label": label, "data": data, **others}
        return False

    def file(self, key: str) -> bytes:
        return bytes(self.offered[key]["data"]())


@pytest.fixture
def buttons(monkeypatch: pytest.MonkeyPatch) -> Buttons:
    made = Buttons()
    monkeypatch.setattr(st, "download_button", made)
    return made


BOOSTED = """
name = "Boosted"
accounts = [{ id = "main", role = "main", fans = 100 }]
[audience]
users = 2_000
[run]
hours = 48
[[paid.boosts]]
account = "main"
budget_cny = 500
"""


CLASS = {"scenario": "classroom", "users": "2000", "researcher": "1"}


def drawn(language: str = "en", **address: str) -> Any:
    return settled(opened("report", lang=language, **CLASS, **address))


@pytest.mark.parametrize(
    ("language", "said"), [("en", "are not charged: nobody in the"), ("zh", "未花出，不计费用：人群中")]
)
def test_what_the_run_warns_of_is_told_on_the_page_as_in_the_file(
    eager: EagerJobs, buttons: Buttons, language: str, said: str
) -> None:
    name = drafts.keep(drafts.Version(BOOSTED))
    app = settled(opened("report", lang=language, scenario=name, users="2000"))
    assert said in markup(app)
    assert said in buttons.file("report_html").decode()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_run_is_told_and_one_click_gives_the_file(
    eager: EagerJobs, buttons: Buttons, language: str
) -> None:
    app = drawn(language)
    page = markup(app)
    summary = store.found(Running("classroom", 2000, 1))
    assert summary is not None
    assert len(app.get("plotly_chart")) == 3  # two are folded away
    assert page.count("<abbr") == 4
    assert bool(CHINESE.search(app.title[0].value)) is (language == "zh")
    file = buttons.file("report_html").decode()
    assert buttons.offered["report_html"]["file_name"] == f"matrixsim-classroom-seed1-{language}.html"
    assert summary["summary"]["digest"] in file
    assert f'<html lang="{"zh-CN" if language == "zh" else "en"}">' in file


def test_the_chinese_file_names_accounts_in_chinese(eager: EagerJobs, buttons: Buttons) -> None:
    drawn("zh")
    file = buttons.file("report_html").decode()
    told = re.sub(r"<pre.*?</pre>", "", file, flags=re.DOTALL)  # the scenario file keeps its ids
    assert "主账号「学校」" in told
    assert "食堂" in told
    assert "canteen" not in told
    assert "canteen" in file


def test_chinese_has_no_english_left(eager: EagerJobs, buttons: Buttons) -> None:
    app = drawn("zh")
    assert (
        "保存为图片"
        in json.loads(app.get("plotly_chart")[0].proto.config)["locales"]["zh"]["dictionary"].values()
    )
    labels = [box.label for box in (*app.selectbox, *app.number_input)]
    labels += [option for box in app.selectbox[:2] for option in box.options]
    labels += [h.value for h in app.header] + [b["label"] for b in buttons.offered.values()]
    labels += re.findall(r"<abbr[^>]*>([^<]+)<", markup(app))
    assert [text for text in labels if text != "ROI" and not CHINESE.search(text)] == []


@pytest.mark.parametrize("name", files.RUN_TABLES)
def test_every_table_can_be_taken_away(eager: EagerJobs, buttons: Buttons, name: str) -> None:
    app = drawn()
    app = alive(choice(app, report.TABLE).set_value(name).run())
    alive(choice(app, report.FORM).set_value("parquet").run())
    offered = buttons.offered["report_table"]
    assert offered["file_name"] == f"matrixsim-classroom-seed1-{name}.parquet"
    taken = pl.read_parquet(io.BytesIO(buttons.file("report_table")))
    assert taken.equals(store.table(Running("classroom", 2000, 1), name))
    assert f"{taken.height:,} rows" in markup(app)


def test_what_is_counted_beside_the_columns_can_be_taken_away_where_there_is_any(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "kept_at", lambda _: tmp_path)
    request = Running("classroom", 2000, 1)
    assert "measures" not in files.run_tables(request)
    (tmp_path / "measures.parquet").touch()
    assert set(files.run_tables(request)) == {*files.RUN_TABLES, "measures"}
    assert files.TABLE_NAMES.keys() >= {*files.RUN_TABLES, "measures"}


@pytest.mark.parametrize(("form", "start"), [("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK")])
def test_a_table_comes_in_the_format_chosen(
    eager: EagerJobs, buttons: Buttons, form: str, start: bytes
) -> None:
    app = drawn()
    alive(choice(app, report.FORM).set_value(form).run())
    assert buttons.file("report_table").startswith(start)
    assert buttons.offered["report_table"]["file_name"].endswith(form)


def test_a_table_too_long_for_excel_is_not_offered_as_excel(
    eager: EagerJobs, buttons: Buttons, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "fits", lambda frame, form: form != "xlsx")
    app = drawn()
    assert not buttons.offered["report_table"]["disabled"]
    app = alive(choice(app, report.FORM).set_value("xlsx").run())
    assert buttons.offered["report_table"]["disabled"]
    assert "take CSV or Parquet" in markup(app)


def test_another_seed_is_another_run_and_stands_in_the_address(eager: EagerJobs, buttons: Buttons) -> None:
    app = drawn(seed="7")
    assert app.number_input[0].value == 7
    assert eager.started == [Running("classroom", 2000, 7)]
    assert app.query_params["seed"] in ("7", ["7"])
    settled(alive(app.number_input[0].set_value(8).run()))
    assert eager.started[-1] == Running("classroom", 2000, 8)


@pytest.mark.parametrize("rubbish", ["", "everything", "<script>", "comparison; DROP"])
def test_rubbish_in_the_address_shows_a_run(eager: EagerJobs, buttons: Buttons, rubbish: str) -> None:
    app = drawn(report=rubbish, seed=rubbish)
    assert choice(app, choice_of.REPORTED).value == "run"
    assert "report_html" in buttons.offered


def test_while_it_is_computed_nothing_is_offered(jobs: FakeJobs, buttons: Buttons) -> None:
    app = opened("report", scenario="classroom", users="2000")
    assert app.get("progress")
    assert buttons.offered == {}


def test_without_enough_layouts_the_page_says_where_to_choose_them(jobs: FakeJobs, buttons: Buttons) -> None:
    app = opened("report", report="comparison", layouts="star")
    assert "Compare layouts" in markup(app)
    assert buttons.offered == {}
    assert jobs.started == []


def test_a_comparison_opens_from_its_address_in_another_browser(eager: EagerJobs, buttons: Buttons) -> None:
    given = {"scenario": "classroom", "layouts": "none.star", "metric": "orders", "seeds": "4"}
    app = settled(opened("report", report="comparison", **given))
    file = buttons.file("report_html").decode()
    assert "matrixsim compare classroom --layouts none,star --seeds 4 --metric orders" in file
    there = {name: text if isinstance(text, str) else text[0] for name, text in app.query_params.items()}
    assert there == {"report": "comparison", **given}
    eager.started.clear()
    again = opened("report", **there)
    assert markup(again) == markup(app)
    assert eager.started == []


def test_a_comparison_under_way_is_told_as_interim_and_can_be_taken(
    jobs: FakeJobs, buttons: Buttons, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = store.found(FIRST)
    wanted = replace(FIRST, users=FIRST.plan().audience.users, seeds=64)
    first = wanted.looks()[0]
    monkeypatch.setattr(store, "found", {first: answer}.get)
    app = opened("report", report="comparison", seeds="64")
    assert "2 of 64 rounds" in app.info[0].value
    assert "--seeds 2 " in buttons.file("report_html").decode()
    app = alive(button(app, "Stop").click().run())
    assert button(app, "Go on")
    assert "--seeds 2 " in buttons.file("report_html").decode()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_comparison_of_the_tab_is_told_by_its_metric(
    jobs: FakeJobs, buttons: Buttons, language: str
) -> None:
    answer = store.found(FIRST)
    assert answer is not None
    app = opened("report", lang=language, report="comparison", metric="orders", researcher="1")
    verdict = answer["comparisons"]["orders"]["verdict"][f"text_{language}"]
    assert verdict in markup(app)
    assert jobs.started == []
    file = buttons.file("report_html").decode()
    assert verdict in file
    assert "matrixsim compare beauty_matrix --structures one,1+3,1+8,split:8,race:8" in file
    assert 'id="figure-launches"' in file
    table = pl.read_csv(buttons.file("report_table"))
    assert table.height == FIRST.runs
    assert table["orders"].sum() == sum(sum(runs["orders"]) for runs in answer["runs"].values())


def test_a_metric_without_a_value_gives_way_to_another(
    jobs: FakeJobs, buttons: Buttons, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = store.found(FIRST)
    assert answer is not None
    rest = {**answer, "comparisons": {k: v for k, v in answer["comparisons"].items() if k != "roi"}}
    monkeypatch.setattr(store, "found", lambda request: rest if type(request) is type(FIRST) else None)
    opened("report", report="comparison", metric="roi")
    assert buttons.offered["report_html"]["file_name"].startswith("matrixsim-beauty_matrix-reach")


def test_other_variants_than_layouts_have_no_command_line() -> None:
    assert files.command(FIRST, "reach").endswith("--seeds 16 --metric reach")
    mixed = FIRST.variants[0]._replace(name="more amateurs", structure="")
    other = type(FIRST)(FIRST.scenario, FIRST.users, (mixed, *FIRST.variants), 4)
    assert files.command(other, "reach") == ""


@pytest.mark.parametrize("there", [True, False])
def test_without_kaleido_the_camera_saves_the_figure(
    eager: EagerJobs, buttons: Buttons, monkeypatch: pytest.MonkeyPatch, there: bool
) -> None:
    monkeypatch.setattr(picture, "available", lambda: there)
    monkeypatch.setattr(picture, "picture", lambda figure, form, title: f"{form} {title}".encode())
    app = drawn()
    assert ("report_png" in buttons.offered) is there
    assert ("camera" in markup(app)) is not there
    assert '"toImage"' in app.get("plotly_chart")[0].proto.config
    if there:
        assert buttons.file("report_svg") == b"svg Hour by hour"


def test_a_run_that_is_gone_is_told_as_a_message(
    eager: EagerJobs, buttons: Buttons, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = drawn()
    (store.kept_at(Running("classroom", 2000, 1)) / "flows.parquet").unlink()
    alive(app.run())
    assert "missing flows.parquet" in app.code[0].value


def test_a_shipped_comparison_without_tables_keeps_its_values(cache: Any) -> None:
    answer = store.found(FIRST)
    assert answer is not None
    made = files.comparison_of(FIRST, answer, "gmv", Words("zh"))
    assert made.replications["seed"].n_unique() == FIRST.seeds
    assert "gmv_cny" in made.replications.columns


@pytest.mark.parametrize(("language", "make"), [("en", "Make the PDF"), ("zh", "生成 PDF")])
def test_the_page_for_the_boss_is_printed_away_from_the_page_and_is_not_offered_for_another(
    eager: EagerJobs, buttons: Buttons, monkeypatch: pytest.MonkeyPatch, language: str, make: str
) -> None:
    monkeypatch.setattr(picture, "available", lambda: True)
    monkeypatch.setattr(pages, "printed", lambda text, form: f"{form} {'data-drawn' in text}".encode())
    app = drawn(language)
    assert buttons.file("report_boss_xlsx").startswith(b"PK")
    assert "report_boss_file_pdf" not in buttons.offered
    app = settled(alive(button(app, make).click().run()))
    assert isinstance(eager.started[-1], Printing)
    assert buttons.file("report_boss_file_pdf").startswith(b"pdf ")
    assert buttons.offered["report_boss_file_pdf"]["file_name"].endswith(f"-{language}-page.pdf")
    buttons.offered.clear()
    settled(alive(app.number_input[0].set_value(8).run()))
    assert "report_boss_file_pdf" not in buttons.offered
    again = Printing("classroom", 2000, "../../etc/passwd", "pdf")
    with pytest.raises(UsageError, match="not kept any more"):
        pages.printing(again, Path(), None)


def test_a_comparison_tells_the_profit_between_two_plans(jobs: FakeJobs, buttons: Buttons) -> None:
    app = opened("report", report="comparison", metric="orders")
    assert len(app.get("plotly_chart")) == 2
    choice(app, figures.OTHER).set_value(choice(app, figures.ONE).value)
    app = alive(app.run())
    assert len(app.get("plotly_chart")) == 1
    assert "two different plans" in markup(app)
