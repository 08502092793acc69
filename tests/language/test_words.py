"""Chinese stands in sim/language: in the registry and in the catalogue, and nowhere else in the code."""

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.analysis.result_warnings import TEXTS
from sim.analysis.warned import warned
from sim.analysis.wording import LEADS
from sim.language.names import LAYOUT, MODEL, RATE, ROLE, STRUCTURE, TIER, WAY
from sim.language.vocabulary import METRIC, ORIGIN, ORIGINS, QUANTITIES, Measure, Origin, arriving, measured
from sim.language.warnings import WARNING, WarningCode, declared
from sim.language.words import BETWEEN, Words
from sim.make_words import PACKAGE, written
from sim.scenario.reference import parameters
from sim.scenario.schema import Scenario

HAN = re.compile("[\u4e00-\u9fff]")
DATA = {
    "reading/amounts.py",  # what stands for not known
    "reading/creator_rows.py",  # headers and cells of price lists
    "reading/dates.py",  # what stands between the ends of a period
    "reading/forms.py",  # what a header may say beside a name
    "reading/lengths.py",  # units of time
    "reading/list_numbers.py",  # units and currencies in price lists
    "reading/layout.py",  # how a date begins
    "reading/moments.py",  # dates
    "reading/table.py",  # rows of totals
    "app/pages/scenario/uploads.py",  # how tables write yes and no
    "app/ui/fields.py",  # signs of numbers that are typed in
}


def said(code: ast.AST) -> Iterator[str]:
    """Texts of a module that are no docstrings."""
    about = {id(node.value) for node in ast.walk(code) if isinstance(node, ast.Expr)}
    for node in ast.walk(code):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in about:
            yield node.value


def test_no_chinese_stands_outside_of_the_registry_and_the_catalogue():
    found = {
        file.relative_to(PACKAGE).as_posix()
        for file in PACKAGE.rglob("*.py")
        if any(HAN.search(text) for text in said(ast.parse(file.read_text("utf-8"))))
    }
    assert {file for file in found if not file.startswith("language/")} == DATA


def test_one_of_something_is_in_the_singular():
    """'1 posts' stood beside a calendar's wave; of '{n} of {all} runs' each place counts by itself."""
    said = Words("en")
    assert said("{n} posts", n=1) == "1 post"
    assert said("{n} posts", n="11") == "11 posts"
    told = "{waves} waves, {posts} posts in {hours} h."
    assert said(told, waves=1, posts="1", hours=1) == "1 wave, 1 post in 1 h."
    assert said("{n} launches", n="1") == "1 launch"
    assert said("{done} of {total} runs", done=1, total=2) == "1 of 2 runs"
    visits = "{saw} impressions, {visited} home-page visits, {followed} new follows"
    assert said(visits, saw=1, visited=1, followed=2) == "1 impression, 1 home-page visit, 2 new follows"


def test_the_check_sees_what_is_said_and_not_what_is_noted():
    code = ast.parse('"""矩阵"""\nx = f"{1}个账号"\n"""也是说明"""\n')
    assert list(said(code)) == ["个账号"]


REGISTRY = (ORIGIN, QUANTITIES, METRIC, TIER, LAYOUT, STRUCTURE, WAY, ROLE, MODEL, RATE, WARNING)
LABELS = {
    word: entry
    for entries in REGISTRY
    for entry in entries.values()
    for word in (entry.label_en, entry.said_en, getattr(entry, "link_en", ""))
    if word
}
HOMONYMS = {
    "creator": "of a price list; and a choice of the app",
    "No links": "a way of the lesson on links, beside '1 link'",
    "Same content": "a shipped scenario, and a way of the lesson on luck",
}
"""What is said of something else by the same words."""


def test_no_label_stands_outside_of_the_registry():
    """A label that is also a key, such as `orders`, is a key; what is shown of it stands in the catalogue."""
    shown = {word for word, entry in LABELS.items() if word != entry.key and word not in HOMONYMS}
    found = [
        f"{file.relative_to(PACKAGE)}: {text}"
        for file in PACKAGE.rglob("*.py")
        if not file.is_relative_to(PACKAGE / "language")
        for text in said(ast.parse(file.read_text("utf-8")))
        if (" " in text or text[:1].isupper()) and text.rpartition(BETWEEN)[2] in shown
    ]
    assert found == []


def test_no_label_stands_in_the_catalogue_again():
    units = {row.unit for row in parameters()}
    shown = {word.lower() for word in LABELS} - {word.lower() for word in HOMONYMS}
    again = {str(text.id) for text in written() if text.id and str(text.id).lower() in shown}
    assert again - units == set()


def test_every_warning_in_the_code_is_an_entry_and_every_entry_is_given_somewhere():
    given = set()
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            name = getattr(getattr(node, "func", None), "id", "")
            if name in ("warned", "Warned") and isinstance(node.args[0], ast.Constant):
                given.add(node.args[0].value)
    from sim.analysis.result_warnings import FAULTS

    assert given | set(FAULTS) == set(WARNING)


def test_a_code_that_is_none_is_refused():
    with pytest.raises(ValueError, match=r"no_such_code: no warning; allowed: .*budget_unspent"):
        warned("no_such_code", None, lambda words: words("Seed"))


def test_the_reference_of_files_names_every_warning():
    page = (Path(__file__).parents[2] / "docs" / "reference" / "files.md").read_text("utf-8")
    assert [code for code in WARNING if f"`{code}`" not in page] == []


def test_a_plug_in_declares_its_warning_with_one_entry(monkeypatch):
    monkeypatch.setattr("sim.language.warnings.WARNING", dict(WARNING))
    rain = WarningCode("rained_off", "", "Rained off", "因雨取消", "It rained.", "下雨了。")
    assert declared(rain) == declared(rain) == "rained_off"
    with pytest.raises(ValueError, match="budget_unspent: the code of another warning"):
        declared(WarningCode("budget_unspent", "", "Rained off", "因雨取消"))


def test_what_has_no_translation_stays_as_it_is():
    assert Words("zh")("no such {text}", text=1) == "no such 1"
    assert Words("zh")("") == Words("en")("") == ""


ASKED = """
import sim.language.vocabulary as v
from sim.app.ui.fields import labels
from sim.report.text import Say
from sim.language.words import Words
print(len(v.ORIGINS), "rain" in v.FEED_ORIGINS, "rain" in v.LINK_ORIGINS)
print(Say("zh").origin("rain"), Say("en").origin("rain"), labels(Words("zh"), v.ORIGIN)["rain"])
"""


def test_an_origin_costs_one_entry(tmp_path):
    shutil.copytree(
        PACKAGE, tmp_path / "sim", ignore=shutil.ignore_patterns("*.json.gz", "__pycache__", "ready")
    )
    file = tmp_path / "sim" / "language" / "vocabulary.py"
    first = "ORIGIN = by_key(\n"
    file.write_text(file.read_text("utf-8").replace(first, first + ENTRY), "utf-8")
    command = [sys.executable, "-c", ASKED]
    env = os.environ | {"PYTHONPATH": os.fspath(tmp_path), "MATRIXSIM_CACHE": os.fspath(tmp_path / "cache")}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.stdout.split() == [str(len(ORIGIN) + 1), "True", "False", "下雨", "Rain", "下雨"], done.stderr


ENTRY = '    Origin("rain", "", "Rain", "下雨"),\n'


def test_a_plug_in_declares_its_origin_with_one_entry(monkeypatch):
    """Where it is counted, and that all of it is named, is tests/test_plugins.py's."""
    monkeypatch.setattr("sim.language.vocabulary.ORIGIN", dict(ORIGIN))
    rain = Origin("rain", "", "Rain", "下雨")
    assert arriving(rain) == arriving(rain) == "rain"
    for other, why in (
        (Origin("fans", "", "Rain", "下雨"), "fans: the name of another origin"),
        (Origin("wind", "", "Wind", "刮风", link_en="wind"), "wind: a kind of link"),
        (Origin("fog", "", "Fog", "大雾", place="sky"), "the place 'sky'"),
    ):
        with pytest.raises(ValueError, match=why):
            arriving(other)
    assert Scenario(name="mine").origins == ORIGINS  # what it does not name makes no difference


def test_a_measure_costs_one_entry(monkeypatch):
    """The report names it; how it is counted, and that the tables hold it, is tests/hour/test_counts.py's."""
    monkeypatch.setattr("sim.language.vocabulary.MEASURES", {})
    rain = Measure("umbrellas", "count", "Umbrellas", "雨伞数", "Umbrellas opened.", "撑开的雨伞数。")
    assert measured(rain) == "umbrellas"
    with pytest.raises(ValueError, match="reach: the name of another quantity"):
        measured(Measure("reach", "people", "Reach", "触达人数"))


@pytest.mark.parametrize(
    ("message", "facts", "zh"),
    [
        ("stop {name}", {"name": "body and bath"}, "停更 body and bath"),
        ("stop {name}", {"name": "身体沐浴"}, "停更身体沐浴"),
        ("stop {name}", {"name": "身体 沐浴"}, "停更身体 沐浴"),  # what a fact holds is its own
        (LEADS["profit"], {"second": "1+3 矩阵", "amount": "2 万元"}, "利润比第二名 1+3 矩阵高 2 万元"),
        (LEADS["profit"], {"second": " 1+3 ", "amount": "2 万元"}, "利润比第二名 1+3 高 2 万元"),
        (
            "{name} would pay with {either}, all else as it is.", {"name": "配比 0:25:75", "either": "降价"},
            "其余不变时，配比 0:25:75 要回本需要降价。",
        ),
    ],
)  # fmt: skip
def test_a_space_beside_a_fact_stands_only_next_to_latin(message, facts, zh):
    assert Words("zh")(message, **facts) == zh


def test_no_space_stands_between_an_amount_and_its_unit_or_after_a_full_mark():
    users = Words("zh")(TEXTS["small_audience"], amount="10 万", who="")
    assert "10 万人" in users
    assert "： " not in Words("zh")(
        "{structure}: {names} do not publish; their {fans:,} fans are left aside.",
        structure="单号", names="body and bath", fans=3,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "one"),
    [
        ("{n} posts were shown to nobody", "1 post was shown to nobody"),
        ("{n} directed pairs of accounts, {n} links", "1 directed pair of accounts, 1 link"),
        ("{n} written subs do not publish", "1 written sub does not publish"),
        ("{n} people who post", "1 person who post"),
        ("{n} launches, {n} mixes", "1 launch, 1 mix"),
        ("{n} sub-accounts", "1 sub-account"),
        ("{n} posters, {n} % intervals, {n}", "1 posters, 1 % intervals, 1"),
    ],
)
def test_one_of_a_kind_is_no_plural(text, one):
    words = Words("en")
    assert words(text, n=1) == words(text, n="1") == one
    assert words(text, n=11) == text.format(n=11)
    assert words(text, n="1,001") == text.format(n="1,001")
