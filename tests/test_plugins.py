"""Plug-ins as their authors make them: built, installed beside this checkout, and used from outside of it."""

import json
import os
import re
import subprocess
import sys

import pytest

from tests.installed import EXAMPLES, ROOT, Place, built


@pytest.fixture(scope="module")
def wheels(tmp_path_factory):
    into = tmp_path_factory.mktemp("wheels")
    return {name: built(EXAMPLES / name, into) for name in ("newcomers", "search", "steady")}


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path)


def test_a_mechanism_is_found_once_it_is_installed_and_changes_what_it_says(place, wheels):
    place.write("[newcomers]", "factor = 3.0")
    refused = place.says("run", "mine.toml", status=2)
    assert "mine.toml:6: newcomers" in refused
    assert "unknown section, and no plug-in of this name is installed" in refused
    place.write()
    plain = place.digest()
    place.install(wheels["newcomers"])
    assert place.digest() == plain  # present, and not named
    place.write("[newcomers]")
    assert place.digest() == plain  # named, and off
    place.write("[newcomers]", "factor = 3.0")
    helped = place.digest()
    assert helped != plain
    assert place.digest("--engine", "agents") == helped
    assert place.digest("--set", "newcomers.factor=1.0") == plain


def test_its_keys_are_checked_and_told_like_ours(place, wheels):
    place.install(wheels["newcomers"])
    place.write("[newcomers]", "factr = 3.0", "posts = 0", "[brand]", "price_cny = -1.0")
    said = place.says("scenario", "check", "mine.toml", status=2)
    assert (
        "mine.toml:7: newcomers.factr = 3.0: unknown key; allowed: posts, factor; did you mean factor?"
        in said
    )
    assert "mine.toml:8: newcomers.posts = 0: is too small; allowed: a whole number from 1 to 1,000" in said
    assert "mine.toml:10: brand.price_cny = -1.0: is too small" in said
    place.write("[newcomers]", "factor = 3.0", "posts = 2")
    told = place.says("scenario", "explain", "mine.toml", "--assumptions")
    assert "Plug-in help for newcomers: the first 2 posts of an account get 3 times" in told
    assert "newcomers.factor = 3.0 (plausible 1 – 3; assumed)" in told
    assert "插件「新人扶持」：每个账号的前 2 条视频" in place.says(
        "scenario", "explain", "mine.toml", "--lang", "zh"
    )
    schema = json.loads(place.says("scenario", "schema"))
    assert schema["properties"]["newcomers"]["properties"]["posts"]["maximum"] == 1000
    assert schema["additionalProperties"] is False


def test_it_is_in_the_files_and_hashes_of_a_run(place, wheels):
    place.install(wheels["newcomers"])
    place.write("[newcomers]", "factor = 2.0")
    place.says("run", "mine.toml", "--out", "out", "--users", "5000")
    written = (place.folder / "out" / "scenario.toml").read_text(encoding="utf-8")
    assert "[newcomers]\nposts = 3\nfactor = 2.0\n" in written
    again = json.loads(place.says("run", "out/scenario.toml", "--json"))
    assert again["digest"] == json.loads((place.folder / "out" / "summary.json").read_text())["digest"]
    script = (
        "from sim import Scenario; from sim.results import input_hash\n"
        "one, two = Scenario.load('mine.toml'), Scenario.load('mine.toml')\n"
        "print(*map(input_hash, (one, one.with_values({'newcomers.posts': 2}), two)))"
    )
    first, second, third = place.says(script, python=True).split()
    assert first == third != second


def test_what_it_counts_is_named_in_both_languages_by_its_one_entry(place, wheels):
    place.install(wheels["newcomers"])
    place.write("[newcomers]", "factor = 2.0")
    place.says("run", "mine.toml", "--out", "out", "--users", "5000")
    for language, name, meaning in (
        ("en", "Helped posts", "Posts whose first exposure was raised."),
        ("zh", "受扶持视频数", "首轮曝光获得加成的视频数。"),
    ):
        place.says("report", "out", "--lang", language, "-o", f"{language}.html")
        page = (place.folder / f"{language}.html").read_text(encoding="utf-8")
        assert name in page
        assert meaning in page
    place.write("[newcomers]")
    place.says("run", "mine.toml", "--out", "off", "--users", "5000")
    assert not (place.folder / "off" / "measures.parquet").exists()


ADDED = {
    "    origins = (": 'Origin("hot_list", "", "Hot list", "热榜"), ',
    "class Searches": """CLIMBED = measured(
    Measure("climbs", "count", "Climbs", "上榜次数", "Posts listed.", "上榜的视频数。")
)
""",
    "    daily: int": """    top: int = assumed(50, "Places of the list.", (10, 100), unit="places", ge=1)
""",
}
"""What an origin, a measure and a key cost in a module that has some: where one stands, and the entry."""
USED = {'.index("brand_search")': '.index("hot_list")', "LISTED, (": "CLIMBED, ("}


def test_an_origin_a_measure_and_a_key_cost_a_plug_in_one_entry_each(place, wheels):
    place.install(wheels["search"])
    file = place.target / "matrixsim_search.py"
    code = file.read_text(encoding="utf-8")
    for where, entry in ADDED.items():
        assert code.count(where) == 1
        code = code.replace(where, where + entry if where.endswith("(") else entry + where)
    for word, other in USED.items():  # what counts goes over to what is new
        assert code.count(word) == 1
        code = code.replace(word, other)
    file.write_text(code, encoding="utf-8")
    place.write("[search]", "daily = 2000")
    place.says("run", "mine.toml", "--out", "out", "--users", "5000")
    for language, named in (
        ("en", ("Hot list", "Climbs", "Posts listed.")),
        ("zh", ("热榜", "上榜次数", "上榜的视频数。")),
    ):
        place.says("report", "out", "--lang", language, "-o", f"{language}.html")
        page = (place.folder / f"{language}.html").read_text(encoding="utf-8")
        assert [name for name in named if name not in page] == []
        assert "Places of the list<small>search.top</small>" in page
        assert f"{named[0]}" in place.says("scenario", "explain", "mine.toml", "--lang", language)
    script = (
        "from sim import Scenario; from sim.app.ui.fields import labels\n"
        "from sim.language.vocabulary import ORIGIN; from sim.language.words import Words\n"
        "Scenario.load('mine.toml'); print(labels(Words('zh'), ORIGIN)['hot_list'])"
    )
    assert place.says(script, python=True) == "热榜\n"
    assert "search.top = 50 places (plausible 10 – 100; assumed)" in place.says(
        "scenario", "explain", "mine.toml", "--assumptions"
    )
    (row,) = json.loads(place.says("plugins", "--json"))
    assert row["keys"] == ["search.top", "search.daily"]
    assert row["origins"] == ["hot_list", "brand_search"]


def test_where_what_an_origin_brings_is_counted_hangs_on_the_scenario_alone(place, wheels):
    plain = place.digest()
    place.install(wheels["search"])
    assert place.digest() == plain
    place.write("[search]", "daily = 2000")
    found = place.digest()
    place.put(
        "early",
        "from sim.hour.run import Mechanism\nfrom sim.language.vocabulary import Origin\n"
        "class Early(Mechanism):\n    origins = (Origin('early', '', 'Early', '早间'),)\n",
        "[matrixsim.mechanisms]\nearly = early:Early\n",
    )
    assert place.digest() == found  # present, and not named
    place.write("[early]", "[search]", "daily = 2000")  # named before it: numbers move, what is counted stays
    assert place.digest() == place.digest("--engine", "agents") == found
    place.says(
        "import pickle; from sim import Scenario\n"
        "pickle.dump(Scenario.load('mine.toml'), open('sent', 'wb'))",
        python=True,
    )
    came = "import pickle; from sim import run\nprint(run(pickle.load(open('sent', 'rb'))).digest)"
    assert place.says(came, python=True).strip() == found  # as in a worker, where nothing is checked again


def test_what_is_installed_is_part_of_the_rules_version(place, wheels):
    script = "from sim.sources import rules_version; print(rules_version())"
    without = place.says(script, python=True)
    place.install(wheels["newcomers"])
    present = place.says(script, python=True)
    file = place.target / "matrixsim_newcomers.py"
    file.write_text(file.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    assert len({without, present, place.says(script, python=True)}) == 3


def test_a_platform_model_is_chosen_by_its_name(place, wheels):
    place.write("[platform]", 'model = "steady"')
    assert 'platform.model = "steady": is not one of the words' in place.says("run", "mine.toml", status=2)
    place.install(wheels["steady"])
    steady = place.digest()
    assert steady == place.digest("--engine", "agents")
    assert steady != place.digest("--set", "platform.model=pools")
    assert steady != place.digest("--set", "steady.times=4.0")
    assert "Platform: the plug-in steady decides" in place.says("scenario", "explain", "mine.toml")
    asked = "compare mine.toml --layouts none,star --seeds 2 --hours 6 --platform steady --json"
    compared = place.says(*asked.split())
    assert json.loads(compared)["seeds"] == 2


@pytest.mark.parametrize("name", ["newcomers", "search"])
def test_its_author_runs_the_contract_suite_on_it(place, wheels, name):
    place.install(wheels[name])
    command = [sys.executable, "-m", "pytest", "tests/mechanisms", "-q", "-n", "0", "-k", name]
    env = os.environ | {"PYTHONPATH": os.fspath(place.target)}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    kept = int(re.search(r"(\d+) passed", done.stdout)[1])
    assert kept > 10


def test_plug_ins_are_listed(place, wheels):
    assert "no plug-in is installed" in place.says("plugins")
    for wheel in wheels.values():
        place.install(wheel)
    rows = {row["name"]: row for row in json.loads(place.says("plugins", "--json"))}
    assert rows["newcomers"]["distribution"] == "matrixsim-newcomers 1.0"
    assert rows["newcomers"]["keys"] == ["newcomers.posts", "newcomers.factor"]
    assert rows["steady"]["kind"] == "platform model"
    assert "Steady: the same exposure for every post" in place.says("plugins")
