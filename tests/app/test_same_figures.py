"""What stands on the pages is to the digit what the command line says of the same choices."""

import json
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from sim import cli
from sim.app.jobs import drafts
from sim.app.jobs.questions import Budgeting
from sim.app.jobs.request import plan_of
from sim.app.ui.names import KINDS
from sim.language.numbers import amount, common, span
from sim.sweeps import grid
from tests.app.driving import EagerJobs, alive, markup, opened, settled
from tests.app.exporting import exports

Asked = Callable[..., Any]
SMALL = {"researcher": "1", "scenario": "classroom", "seeds": "4", "lang": "en"}
CLASS = {"scenario": "classroom", "users": "2000", "lang": "en"}
FOUR = "--seeds", "4", "--metric", "reach"
TOTALS = "reach", "follows", "orders"
CARRIED = "visits", "impressions", "follows"
STANDINGS = "promoted", "stopped", "still in it"
ENDS = "difference", "difference_low", "difference_high"
CHANCES = {
    "Probability best": "probability_best",
    "First share": "first_share",
    "Chance of a hit": "hit_probability",
}
MONEY = {"Cost": "cost_cny", "GMV": "gmv_cny", "Profit": "profit_cny"}


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Asked:
    """What a command line says with --json."""

    def ask(*words: str) -> Any:
        with pytest.raises(SystemExit) as ended:
            cli.main([*words, "--json"])
        assert not ended.value.code
        return json.loads(capsys.readouterr().out)

    return ask


def rows(app: AppTest, title: str) -> list[dict[str, str]]:
    """A table's rows by its columns' titles, without what only a phone shows."""
    table = re.search(rf'<table[^>]*aria-label="{re.escape(title)}".*?</table>', markup(app), re.DOTALL)
    assert table is not None, title
    plain = re.sub("<small>.*?</small>", "", table[0])
    head, *body = (
        [unescape(re.sub("<[^>]*>", "", cell)) for cell in re.findall("<t[hd][ >].*?</t[hd]>", row)]
        for row in re.findall("<tr>(.*?)</tr>", plain, re.DOTALL)
    )
    return [dict(zip(head, cells, strict=True)) for cells in body]


def traces(app: AppTest) -> list[dict[str, Any]]:
    """What the page's figures draw."""
    return [trace for c in app.get("plotly_chart") for trace in json.loads(c.proto.spec)["data"]]


def standing(app: AppTest, comparison: dict[str, Any]) -> None:
    """Holds verdict, tables and picture of a page against what the command says."""
    assert comparison["verdict"]["text_en"] in unescape(markup(app))
    kind = KINDS[comparison["metric"]]
    ordered = sorted(comparison["variants"], key=lambda v: -v["mean"])
    levels = common((v[key] for v in ordered for key in ("mean", "low", "high", "lower_tail")), "en")
    for row, v in zip(rows(app, "All numbers"), ordered, strict=True):
        expected = {title: amount(v[key], "share", "en") for title, key in CHANCES.items()}
        means = {"Mean": "mean", "Bad launch": "lower_tail"}
        expected |= {title: amount(v[key], kind, "en", levels) for title, key in means.items()}
        expected["95 % interval"] = span(v["low"], v["high"], kind, "en", like=levels)
        assert row.items() >= expected.items()
    like = {key: common((v[key] for v in ordered), "en") for key in MONEY.values()}
    for row, v in zip(rows(app, "Money"), ordered, strict=True):
        expected = {title: amount(v[key], "money", "en", like[key]) for title, key in MONEY.items()}
        assert {title: row[title].replace("¥", "") for title in expected} == expected
    drawn = {
        place: (gap, gap - left, gap + right)
        for trace in traces(app)
        if "error_x" in trace
        for place, gap, left, right in zip(
            trace["y"], trace["x"], trace["error_x"]["arrayminus"], trace["error_x"]["array"], strict=True
        )
    }
    limits = [tuple(v["difference"] if v[key] is None else v[key] for key in ENDS) for v in reversed(ordered)]
    assert [drawn[place] for place in sorted(drawn)] == [pytest.approx(ends) for ends in limits]


def test_compare_shows_what_the_command_says(eager: EagerJobs, said: Asked) -> None:
    app = settled(opened("compare", layouts="none.star.mesh", metric="reach", **SMALL))
    standing(app, said("compare", "classroom", "--layouts", "none,star,mesh", *FOUR))


def test_hours_and_creators_show_what_the_command_says(eager: EagerJobs, said: Asked) -> None:
    app = settled(opened("compare", timing="20:00", creators="koc.nobody", metric="reach", **SMALL))
    given = "--timing", "20:00", "--seeding", "nobody", "--seeding", "koc"
    standing(app, said("compare", "classroom", *given, "--set", "seeding.budget_cny=200000", *FOUR))


def test_plans_side_by_side_show_what_the_command_says(eager: EagerJobs, said: Asked, tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    other.write_text(plan_of("classroom").with_values({"name": "Other", "links.layout": "ring"}).to_toml())
    draft = drafts.keep(drafts.Version(other.read_text("utf-8"), "Other"))
    app = settled(opened("plans", plans=f"classroom,{draft}", metric="reach", **SMALL))
    found = said("compare", "classroom", str(other), *FOUR)
    told = found["verdict"]
    told["text_en"] = told["text_en"].replace(plan_of("classroom").name, "Classroom")  # in one language
    standing(app, found)


def test_mixes_show_what_the_command_says(eager: EagerJobs, said: Asked) -> None:
    app = settled(opened("mix", budget="2000", metric="reach", **SMALL))
    table = rows(app, "All numbers")
    bought = [word for row in table for word in ("--seeding", row["Creators"])]
    found = said("compare", "classroom", *bought, *FOUR)["variants"]
    assert [row["Mean"] for row in table] == [
        amount(v["mean"], "people", "en") for v in sorted(found, key=lambda v: -v["mean"])
    ]


def test_a_run_is_the_same_on_every_page_and_on_the_command_line(
    eager: EagerJobs, said: Asked, tmp_path: Path
) -> None:
    summary = said("run", "classroom", "--out", str(tmp_path / "run"))
    tables = {name: pl.read_parquet(tmp_path / "run" / f"{name}.parquet") for name in ("videos", "accounts")}
    videos = tables["videos"]

    report = settled(opened("report", **CLASS))
    [row] = rows(report, "Key numbers")
    assert row.items() >= {key.capitalize(): f"{summary[key]:,}" for key in TOTALS}.items()
    bars = {t["name"]: sum(t["y"]) for t in traces(report) if t["type"] == "bar" and t.get("name")}
    assert bars == dict(tables["accounts"].select("account", "impressions").iter_rows())

    flow = settled(opened("flow", **CLASS))
    everything = rows(flow, "What it carried")[-1]
    assert everything.items() >= {key.capitalize(): f"{summary[key]:,}" for key in CARRIED}.items()

    pools = settled(opened("pools", **CLASS))
    ladder = [t for t in traces(pools) if t["type"] == "bar" and t.get("name") in STANDINGS]
    entered = [sum(counts) for counts in zip(*(t["x"] for t in ladder), strict=True)]
    assert entered == [videos.filter(pl.col("pool") > k).height for k in range(len(entered))]
    dots = [y for t in traces(pools) if t["type"] == "scatter" for y in t["y"]]
    assert set(videos["impressions"].to_list()) <= set(dots)

    calendar = settled(opened("campaign", **CLASS))
    assert f"{videos.height} posts" in markup(calendar)


def test_the_budget_slider_says_what_the_command_says(
    eager: EagerJobs, said: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grid, "SLIDES", (0.5, 1.0))
    app = settled(opened("mix", budget="2000", metric="reach", **SMALL))
    app = settled(alive(app.select_slider[0].set_value(1000).run()))
    [request] = [r for r in eager.started if isinstance(r, Budgeting)]
    words = "--budgets", ",".join(map(str, request.budgets)), "--metric", "reach", "--trials", "0"
    found = said("budget", "classroom", *words, "--seeds", "4", "--fresh", "8")
    told = unescape(markup(app))
    for step in found["steps"]:
        if step["budget_cny"] == 1000:
            around = span(step["low"], step["high"], "people", "en")
            assert f"Reach {amount(step['mean'], 'people', 'en')} ({around})" in told
    [curve] = [t for t in traces(app) if t.get("x") == list(request.budgets)]
    assert curve["y"] == [step["mean"] for step in found["steps"]]


def test_my_data_understands_files_as_the_command_does(eager: EagerJobs, said: Asked, tmp_path: Path) -> None:
    files = [tmp_path / name for name in exports()]
    for file in files:
        file.write_bytes(exports()[file.name])
    app = opened("mydata", scenario="classroom", lang="en")
    given = [(name, content, "text/csv") for name, content in exports().items()]
    app = settled(alive(app.file_uploader[0].set_value(given).run()))
    understood = said("read", *map(str, files))["files"]
    for row, read in zip(rows(app, "What was understood"), understood, strict=True):
        name, kept, skipped = Path(read["path"]).name, str(read["kept"]), str(len(read["skipped"]))
        assert row.items() >= {"file": name, "kept": kept, "skipped": skipped}.items()
