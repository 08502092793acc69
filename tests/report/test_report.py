import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sim import cli
from sim.charts.embed import library
from sim.experiment.replicate import run
from sim.report.folder import RunFiles, opened, run_files
from sim.report.page import html
from sim.report.parts import Callout, Code, Figure, Fold, Report, Table, Terms, Text
from sim.report.run import run_report
from sim.report.text import Say, clean
from sim.results import Result
from sim.scenario.schema import Scenario
from tests.report.conftest import FORMULA, IMAGE, SCRIPT
from tests.report.reading import blocks, column, exact, table, told

CHINESE = re.compile("[\u4e00-\u9fff]")
LARGEST = 6_000_000


class Page(HTMLParser):
    """What a browser would make of a file: elements, attributes, text, scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[tuple[dict[str, str | None], str]] = []
        self.text = ""
        self._inside = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._inside = tag
        if tag == "script":
            self.scripts.append((dict(attrs), ""))

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "script":
            attributes, text = self.scripts[-1]
            self.scripts[-1] = attributes, text + data
        elif self._inside != "style":
            self.text += data

    def policy(self) -> str:
        return next(str(a["content"]) for tag, a in self.elements if a.get("http-equiv"))


# the run


@pytest.mark.system("E6")
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_run_becomes_one_page_that_tells_its_totals(
    run_folder: Path, result: Result, language: str
) -> None:
    report = told(run_folder, language)
    say = Say(report.language)
    totals = table(report, say("Key numbers"))
    shown = {row[0].text: row[1].exact for row in totals.rows}
    for key in ("reach", "impressions", "visits", "follows", "orders", "hit_videos"):
        assert shown[say.label(key)] == f"{result.summary[key]:,}"
    page = Page(html(report))
    assert report.title in page.text
    assert str(result.digest) in page.text


@pytest.mark.system("E1")
def test_origins_and_accounts_each_add_up_to_the_run(run_folder: Path, result: Result) -> None:
    report = told(run_folder, "en")
    for title in ("By origin", "By account"):
        found = table(report, title)
        for label, key in (("Impressions", "impressions"), ("Follows", "follows"), ("Orders", "orders")):
            assert exact(found, label) == result.summary[key], (title, label)


@pytest.mark.system("E1")
def test_the_funnel_gives_counts_and_rates(run_folder: Path, result: Result) -> None:
    found = table(told(run_folder, "en"), "Funnel")
    summary = result.summary
    assert column(found, "Of impressions")[0] == "100%"
    rate = 100 * summary["visits"] / summary["impressions"]
    assert float(column(found, "Of impressions")[2].rstrip("%")) == pytest.approx(rate, rel=0.01)
    before = 100 * summary["visits"] / summary["completions"]
    assert float(column(found, "Of the stage before")[2].rstrip("%")) == pytest.approx(before, rel=0.01)


def test_creators_are_summed_by_tier_and_brand_accounts_stand_alone(run_folder: Path) -> None:
    found = table(told(run_folder, "zh"), "分账号")
    names = [row[0].text for row in found.rows]
    assert "素人（3 位）" in names
    assert "初级达人/KOC（2 位）" in names
    assert FORMULA in names
    assert len(names) == 6


def test_many_accounts_are_summed_and_none_is_lost(result: Result, run_folder: Path) -> None:
    files = run_files(run_folder)
    one = files.tables["accounts"].filter(role="sub").head(1)
    many = [one.with_columns(account=pl.lit(f"sub {k}"), impressions=pl.lit(k, pl.Int64)) for k in range(40)]
    grown = pl.concat([files.tables["accounts"], *many])
    tables = {**files.tables, "accounts": grown}
    report = run_report(RunFiles(files.summary, tables, files.scenario, "", {}), "en")
    found = table(report, "By account")
    assert "Other accounts (32)" in [row[0].text for row in found.rows]
    assert exact(found, "Impressions") == grown["impressions"].sum()


def test_the_ladder_counts_every_published_video_once(run_folder: Path, result: Result) -> None:
    found = table(told(run_folder, "en"), "Pools")
    published = result.videos.height
    assert int(column(found, "Entered")[0]) == published
    assert sum(int(n) for n in column(found, "Stopped") + column(found, "Still in it")) == published


def test_the_top_videos_stand_by_falling_impressions(run_folder: Path, result: Result) -> None:
    found = table(told(run_folder, "en"), "Top videos")
    place = [c.title for c in found.columns].index("Impressions")
    counts = [int(row[place].exact.replace(",", "")) for row in found.rows]
    assert counts == result.videos["impressions"].sort(descending=True).head(10).to_list()


def test_what_creators_mention_is_no_link_between_accounts(run_folder: Path, result: Result) -> None:
    creators = result.accounts.filter(role="creator")["account"].to_list()
    paid = result.flows.filter(pl.col("from").is_in(creators))
    assert paid["visits"].sum() > 0
    report = told(run_folder, "en")
    said = "\n".join(b.text for b in blocks(report) if isinstance(b, Text))
    assert f", of {result.flows.height - paid.height} links." in said
    assert (
        f"the @ of the creators ({len(creators)}) brought the main account {paid['visits'].sum()} home-page"
        in said
    )
    found = table(report, "Traffic between accounts")
    assert not set(creators) & {row[0].text for row in found.rows}
    assert "@ mention, of creators too" in column(table(report, "By origin"), "Origin")


def test_a_single_run_says_that_it_is_one_draw_of_luck(run_folder: Path) -> None:
    warnings = [b.text for b in blocks(told(run_folder, "en")) if isinstance(b, Callout)]
    assert any("one draw of luck" in text for text in warnings)


@pytest.mark.system("E6")
def test_the_command_that_is_shown_gives_the_same_digest(
    run_folder: Path, result: Result, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = next(b.text for b in blocks(told(run_folder, "en")) if isinstance(b, Code))
    program, *words = shown.split()
    assert program == "matrixsim"
    monkeypatch.chdir(run_folder)
    with pytest.raises(SystemExit) as stop:
        cli.main([*words, "--json"])
    assert stop.value.code == 0
    assert json.loads(capsys.readouterr().out)["digest"] == result.digest


def test_the_report_holds_the_scenario_word_for_word(run_folder: Path, result: Result) -> None:
    assert result.scenario_toml in [b.text for b in blocks(told(run_folder, "zh")) if isinstance(b, Code)]


def test_every_assumed_parameter_is_listed_with_its_source(run_folder: Path) -> None:
    fold = next(b for b in blocks(told(run_folder, "en")) if isinstance(b, Fold) and "Assumed" in b.title)
    listed = next(b for b in fold.blocks if isinstance(b, Table))
    assert f"({len(listed.rows)})" in fold.title
    assert "links.following_list_probability" in [row[0].under for row in listed.rows]
    assert all(column(listed, "Source"))
    fold = next(b for b in blocks(told(run_folder, "zh")) if isinstance(b, Fold) and "假设" in b.title)
    listed = next(b for b in fold.blocks if isinstance(b, Table))
    assert all(
        re.search("[\u4e00-\u9fff]", cell) for name in ("参数", "出处") for cell in column(listed, name)
    )


def test_a_run_in_which_nothing_happened_is_told_too(run_folder: Path) -> None:
    files = run_files(run_folder)
    summary = {k: 0 if isinstance(v, int | float) else v for k, v in files.summary.items()}
    summary |= {"users": 10, "hours": 3, "roi": None, "matrix_gain": None}
    nothing = RunFiles(summary, {n: t.clear() for n, t in files.tables.items()}, files.scenario, "", {})
    for language in ("en", "zh"):
        page = Page(html(run_report(nothing, language)))
        assert not re.search(r"\b(nan|inf|None)\b", page.text)
    assert "Nothing was spent" in html(run_report(nothing, "en"))


# the comparison


# the file


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_file_needs_nothing_beside_it(run_folder: Path, language: str) -> None:
    text = html(told(run_folder, language))
    page = Page(text)
    assert len(text.encode()) < LARGEST
    assert text.count(library()) == 1
    fetching = {"src", "href", "srcset", "data", "action", "poster", "background"}
    assert [a for _, a in page.elements if fetching & a.keys()] == []
    assert "url(" not in text.split("</style>")[0]
    assert "@import" not in text.split("</style>")[0]


def test_the_policy_allows_our_two_scripts_and_nothing_else(run_folder: Path) -> None:
    page = Page(html(told(run_folder, "en")))
    running = [text for attributes, text in page.scripts if "type" not in attributes]
    hashes = {base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in running}
    assert len(running) == 2
    policy = dict(part.split(" ", 1) for part in page.policy().split("; "))
    assert policy["default-src"] == "'none'"
    assert set(policy["script-src"].split()) == {f"'sha256-{found}'" for found in hashes}
    assert policy["img-src"] == "data: blob:"
    assert policy.keys() == {"default-src", "script-src", "style-src", "img-src", "base-uri", "form-action"}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_names_of_an_enemy_are_text(run_folder: Path, language: str) -> None:
    page = Page(html(told(run_folder, language)))
    assert len(page.scripts) == 3
    assert "img" not in [tag for tag, _ in page.elements]
    assert not any(name.startswith("on") for _, a in page.elements for name in a)
    assert SCRIPT in page.text
    assert IMAGE in page.text
    data = next(text for attributes, text in page.scripts if "type" in attributes)
    assert not set(data) & set("<>&")
    drawn = json.dumps(json.loads(data)["figures"], ensure_ascii=False)
    assert "<script" not in drawn
    assert "&lt;script" in drawn


def test_braces_and_templates_in_names_stay_as_they_are(run_folder: Path) -> None:
    assert "%{x} {braces} <b>bold</b>" in Page(html(told(run_folder, "en"))).text


def test_a_name_that_turns_the_text_round_loses_its_marks() -> None:
    assert clean("a\u202eb\nc") == "a b c"
    assert clean("名" * 300, 10) == "名" * 9 + "…"


def test_every_figure_has_its_place(run_folder: Path, comparison_folder: Path) -> None:
    for folder in (run_folder, comparison_folder):
        page = Page(html(told(folder, "en")))
        data = json.loads(next(text for attributes, text in page.scripts if "type" in attributes))
        ids = {a["id"] for tag, a in page.elements if tag == "div" and "id" in a}
        assert ids == {f"figure-{name}" for name in data["figures"]}


# the words


def untranslated(report: Report) -> list[str]:
    texts = [report.facts, report.footer, *(section.title for section in report.sections if section.title)]
    for block in blocks(report):
        if isinstance(block, Text | Callout):
            texts.append(block.text)
        elif isinstance(block, Fold | Figure):
            texts.append(block.title)
        elif isinstance(block, Terms):
            texts += [text for pair in block.terms for text in pair]
        elif isinstance(block, Table):
            texts += [text for c in block.columns for text in (c.title, c.meaning)]
    return [text for text in texts if text and text != "ROI" and not CHINESE.search(text)]


def test_chinese_has_no_english_left(run_folder: Path, comparison_folder: Path) -> None:
    for folder in (run_folder, comparison_folder):
        assert untranslated(told(folder, "zh")) == []


def test_origins_stages_and_reasons_have_chinese_names(run_folder: Path) -> None:
    report = told(run_folder, "zh")
    for title, name in (
        ("分来源", "来源"),
        ("转化漏斗", "环节"),
        ("热门视频", "止步原因"),
        ("账号之间的流量", "方式"),
    ):
        assert [text for text in column(table(report, title), name) if not CHINESE.search(text)] == []


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [(1, 3, "33.3%"), (6, 220_320, "0.00272%"), (0, 5, "0%"), (1, 0, "–"), (2, 1, "200%"), (-1, 4, "-25%")],
)
def test_a_rate_keeps_three_digits(part: float, whole: float, shown: str) -> None:
    assert Say("en").rate(part, whole) == shown


def test_numbers_in_sentences_follow_the_language() -> None:
    assert Say("zh").count("video", 1) == "1 条视频"
    assert Say("zh").count("visit", 19_560) == "1.96 万次主页访问"
    assert Say("en").count("visit", 1) == "1 home-page visit"
    assert Say("en").number(1_000_000) == "1M"


def test_the_ground_of_a_figure_is_the_readers_choice(run_folder: Path) -> None:
    files: Any = opened(run_folder)
    figures = [run_report(files, "en", ground).figures()[0].figure for ground in ("light", "dark")]
    assert len({figure.layout.template.layout.paper_bgcolor for figure in figures}) == 2


def test_accounts_are_called_in_the_language_of_the_reader_on_one_line_and_cut_if_long() -> None:
    assert Say("zh").account("main") == "主号"
    assert Say("en").account("main") == "main"
    assert Say("zh").account("own\n" * 9, 8) == "own own…"


@pytest.mark.parametrize(("language", "said"), [("en", "post after the end of the run"), ("zh", "费用照付")])
def test_a_run_that_ends_before_its_posts_says_so(tmp_path, language, said):
    plan = Scenario.loads(
        'name = "late"\n[audience]\nusers = 4_000\n[seeding]\nratio = [0, 0, 0, 0, 0, 9]\n[run]\nhours = 6\n'
    )
    run(plan).write(tmp_path / "r")
    told = html(run_report(opened(tmp_path / "r"), language))
    assert said in told
