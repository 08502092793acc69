"""Plug-ins that are broken, not named, or beside others harm nobody; what they do wrong is said."""

import pytest

from tests.installed import Place


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path)


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
