"""Plug-ins as their authors make them: built, installed beside this checkout, and used from outside of it."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "docs" / "examples"
SCENARIO = 'name = "mine"\naudience.users = 20_000\nrun.hours = 24\nlinks.layout = "none"\n'


def built(folder: Path, into: Path) -> Path:
    """The wheel of a package; without a network where its build tool, which is ours too, is at hand."""
    command = [
        "uv",
        "build",
        "--quiet",
        "--wheel",
        "--out-dir",
        os.fspath(into / folder.name),
        os.fspath(folder),
    ]
    if subprocess.run([*command, "--offline"], capture_output=True, check=False).returncode:
        subprocess.run(command, capture_output=True, check=True)
    (wheel,) = (into / folder.name).glob("*.whl")
    return wheel


class Place:
    """A folder with plug-ins installed, and the command line as it is there."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.target = folder, folder / "site"
        (folder / "mine.toml").write_text(SCENARIO, encoding="utf-8")
        self.target.mkdir()

    def install(self, wheel: Path) -> None:
        # Copied, not linked: tests write to what is installed, which must not reach uv's own copy.
        command = [
            "uv",
            "pip",
            "install",
            "--quiet",
            "--offline",
            "--no-deps",
            "--no-index",
            "--link-mode",
            "copy",
        ]
        subprocess.run([*command, "--target", self.target, wheel], check=True, capture_output=True)

    def put(self, name: str, module: str, entries: str) -> None:
        """Installs a distribution of one module, by hand."""
        (self.target / f"{name}.py").write_text(module, encoding="utf-8")
        about = self.target / f"{name}-0.1.dist-info"
        about.mkdir()
        (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 0.1\n")
        (about / "entry_points.txt").write_text(entries)

    def write(self, *tables: str) -> None:
        (self.folder / "mine.toml").write_text("\n".join([SCENARIO, *tables]), encoding="utf-8")

    def run(self, *words: str, python: bool = False) -> subprocess.CompletedProcess[str]:
        path = {"PYTHONPATH": os.fspath(self.target)}
        start = [sys.executable, "-c" if python else "-m", *([] if python else ["sim.cli"])]
        return subprocess.run(
            [*start, *words],
            cwd=self.folder,
            env=os.environ | path,
            capture_output=True,
            text=True,
            check=False,
        )

    def says(self, *words: str, status: int = 0, **options: bool) -> str:
        done = self.run(*words, **options)
        assert "Traceback" not in done.stderr
        assert done.returncode == status, done.stderr
        return done.stdout if status == 0 else done.stderr

    def digest(self, *words: str) -> str:
        return str(json.loads(self.says("run", "mine.toml", "--json", *words))["digest"])


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


BROKEN = {
    "it cannot be imported: ModuleNotFoundError": ("import nowhere_to_be_found", "Some"),
    "it cannot be imported: ValueError: no": ("raise ValueError('no')", "Some"),
    "it cannot be imported: AttributeError": ("", "Some"),
    "it is no class": ("some = 3", "some"),
    "it is no subclass of sim.hour.run.Mechanism": ("class Some: pass", "Some"),
    "its `section` is no subclass": (
        "from sim.hour.run import Mechanism\nclass Some(Mechanism):\n    section = 3",
        "Some",
    ),
    "of its `origins`, fans: the name of another origin": (
        (
            "from sim.hour.run import Mechanism\nfrom sim.language.vocabulary import Origin\n"
            "class Some(Mechanism):\n    origins = (Origin('fans', '', 'Fans', '粉丝'),)"
        ),
        "Some",
    ),
    "its `origins` are no tuple": (
        "from sim.hour.run import Mechanism\nclass Some(Mechanism):\n    origins = ('fans',)",
        "Some",
    ),
    "its key a is not made by": (
        (
            "from sim.hour.run import Mechanism\nfrom sim.scenario.section import Section\n"
            "class Own(Section):\n    a: int = 3\nclass Some(Mechanism):\n    section = Own"
        ),
        "Some",
    ),
    "its key told is the name of what every table has": (
        (
            "from sim.hour.run import Mechanism\nfrom sim.scenario.parameter import parameter\n"
            "from sim.scenario.section import Section\nclass Own(Section):\n"
            "    told: int = parameter(3, 'What.')\nclass Some(Mechanism):\n    section = Own"
        ),
        "Some",
    ),
    "it cannot be imported: SystemExit: no licence": ("raise SystemExit('no licence')", "Some"),
}


AT_WORK = (
    "it cannot be imported: ModuleNotFoundError", "it is no subclass of sim.hour.run.Mechanism",
    "of its `origins`, fans: the name of another origin", "its key a is not made by",
)  # fmt: skip
"""Those that a scenario names in turn, a fault of each kind: each is a process."""


def test_broken_plug_ins_say_who_they_are_and_harm_nobody_else(place):
    who = {}
    for k, (said, (module, name)) in enumerate(BROKEN.items()):
        place.put(f"faulty{k}", module, f"[matrixsim.mechanisms]\nfaulty{k} = faulty{k}:{name}\n")
        who[said] = f"entry point faulty{k} = faulty{k}:{name} of faulty{k} 0.1, group matrixsim.mechanisms"
    place.says("scenario", "explain", "mine.toml")
    listed = place.says("plugins", status=1).splitlines()
    for said, named in who.items():
        assert [line for line in listed if said in line and named in line], said
    for said in AT_WORK:
        named = who[said]
        place.write(f"[faulty{list(who).index(said)}]")
        done = place.run("run", "mine.toml")
        assert done.returncode in (1, 2)
        assert "Traceback" not in done.stderr
        assert said in done.stderr
        assert named in done.stderr


def test_a_run_imports_no_plug_in_that_its_scenario_does_not_name(place):
    plain = place.digest()
    place.put("loud", "print('loud')", "[matrixsim.mechanisms]\nloud = loud:Loud\n")
    assert "loud" not in place.says("run", "mine.toml")
    assert place.digest() == plain


ADDS = """
from sim.hour.run import Mechanism
from sim.scenario.matrix import Account
from sim.scenario.parameter import parameter
from sim.scenario.section import Section

class Own(Section):
    prefix: str = parameter("rival-", "How their ids begin.")

    def accounts_added(self, scenario):
        names = (f"{self.prefix}{k}" for k in (1, 2))
        return tuple(Account(id=name, role="creator", tier="amateur", posts_per_day=0.0) for name in names)

class Rivals(Mechanism):
    section = Own
"""


POSTING = """
from sim import Scenario, run
from sim.errors import ScenarioError

raised = {"share": 1.0, "threshold": 1, "most": 8, "accounts": 2, "every_h": 2}
mine = {"name": "mine", "audience": {"users": 5000}, "run": {"hours": 24}, "incubation": raised}
for tables in ({}, {"rivals": {}}):
    posts = run(Scenario.from_dict(mine | tables)).accounts.select("account", "posts").rows()
    print(sorted(row for row in posts if row[0].startswith(("koc-", "rival-"))))
for prefix in ("koc-", "amateur-00"):
    try:
        Scenario.from_dict(mine | {"rivals": {"prefix": prefix}, "seeding": {"ratio": (0, 0, 0, 0, 0, 2)}})
    except ScenarioError as error:
        print(error)
"""


def test_accounts_of_a_plug_in_stand_beside_those_of_incubation(place):
    place.put("rivals", ADDS, "[matrixsim.mechanisms]\nrivals = rivals:Rivals\n")
    alone, beside, *refused = place.says(POSTING, python=True).splitlines()
    assert alone == "[('koc-1', 2), ('koc-2', 2), ('koc-others', 12)]"
    assert beside == alone[:-1] + ", ('rival-1', 0), ('rival-2', 0)]"
    for name, said in zip(("koc-1", "amateur-001"), refused, strict=True):
        assert f"'{name}' is the id of an account of [rivals]" in said


def test_a_plug_in_that_fails_at_work_is_named(place):
    module = "from sim.hour.run import Mechanism\nclass Some(Mechanism):\n    def act(self, run): pass"
    place.put("faulty", module, "[matrixsim.mechanisms]\nfaulty = faulty:Some\n")
    place.write("[faulty]")
    said = place.says("run", "mine.toml", status=1)
    assert "a run with a plug-in failed: TypeError: " in said
    assert "entry point faulty = faulty:Some of faulty 0.1" in said


def test_two_plug_ins_of_one_name_are_refused(place):
    for name in ("one", "two"):
        place.put(name, "class Some: pass", f"[matrixsim.platforms]\nboth = {name}:Some\n")
    listed = place.says("plugins", status=1)
    assert "two plug-ins have one name" in listed
    assert "one:Some of one 0.1" in listed
    assert "two:Some of two 0.1" in listed
    assert place.digest("--users", "3000", "--hours", "2")


def test_a_name_of_ours_is_refused(place):
    place.put("taken", "class Some: pass", "[matrixsim.mechanisms]\nlinks = taken:Some\n")
    assert "its name is taken by one of ours" in place.says("plugins", status=1)
    place.says("scenario", "explain", "mine.toml")
