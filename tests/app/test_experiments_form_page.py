import re
from pathlib import Path
from typing import Any

import pytest

from sim.app.jobs.limit import LIMIT
from sim.app.jobs.request import Timing
from sim.app.pages.experiments import page as experiments
from sim.app.pages.experiments import planning
from tests.app.driving import EagerJobs, FakeJobs, alive, button, choice, markup, opened
from tests.app.sweeps import KEYS, keyed, said, small, stored

pytestmark = pytest.mark.usefixtures("launched")


FILE = (
    'scenario = "classroom"\nseeds = 2\n[design]\nkind = "grid"\n[vary]\n"links.layout" = ["star", "mesh"]\n'
)


def test_a_new_sweep_is_started_from_the_form(jobs: FakeJobs, launched: list[Any]) -> None:
    app = opened("experiments", scenario="classroom", keys="links.layout~links.density", seeds="2")
    assert "18 runs: 9 points × 2 seeds" in said(app)
    [timing] = jobs.started
    assert timing == Timing("classroom", None)
    levels = next(box for box in app.text_input if "links.density" in box.key)
    app = alive(levels.set_value("0.5，1").run())
    assert "12 runs: 6 points × 2 seeds" in said(app)
    app = alive(button(app, "Start").click().run())
    [(note,)] = launched
    assert note.keys == ("links.layout", "links.density")
    assert "seeds = 2" in Path(note.file).read_text()
    assert choice(app, experiments.SWEEP).value == note.key


def test_time_and_disk_are_told_before_the_start(eager: EagerJobs) -> None:
    app = opened("experiments", scenario="classroom")
    for _ in range(3):
        app = alive(app.run())
    assert re.search(
        r"24 runs: 3 points × 8 seeds · about \d+ s on \d+ processes · under 0.1 MB of disk", said(app)
    )


@pytest.mark.parametrize(
    ("levels", "message"),
    [
        ("0.5, abc", "&quot;abc&quot; is not a number."),
        ("0.5, 7", "is too large"),
        ("", "the list is empty"),
    ],
)
def test_what_is_wrong_with_levels_is_told_beside_them_and_cannot_start(
    jobs: FakeJobs, levels: str, message: str
) -> None:
    app = opened("experiments", scenario="classroom", keys="links.density")
    app = alive(app.text_input[0].set_value(levels).run())
    assert message in markup(app)
    assert not [b for b in app.button if b.label == "Start"]


def test_nothing_varied_is_told(jobs: FakeJobs) -> None:
    app = opened("experiments", scenario="classroom", lang="zh")
    app = alive(app.multiselect(key=KEYS).set_value([]).run())
    assert "没有要变动的参数" in markup(app)


def test_a_range_is_given_by_its_ends(jobs: FakeJobs, launched: list[Any]) -> None:
    app = opened(
        "experiments", scenario="classroom", keys="links.density", design="lhs", points="16", seeds="1"
    )
    low, high = app.text_input
    assert (low.label, high.label) == ("Density of the mesh: from", "to")
    alive(button(alive(low.set_value("0.5").run()), "Start").click().run())
    text = Path(launched[0][0].file).read_text()
    assert '"links.density" = {low = 0.5, high = 1.0}' in text
    app = opened("experiments", view="new", scenario="classroom", keys="links.density", design="lhs")
    app = alive(app.text_input[0].set_value("2").run())
    assert "low below high" in markup(app)


@pytest.mark.parametrize("kind", ["sobol", "saltelli", "morris"])
def test_every_design_can_be_chosen(jobs: FakeJobs, kind: str) -> None:
    app = opened(
        "experiments", scenario="classroom", keys="links.density~links.list_decay", points="8", seeds="1"
    )
    app = alive(choice(app, "kept_experiments_design").set_value(kind).run())
    count = {"sobol": 32, "saltelli": 128, "morris": 96}[kind]
    app = alive(choice(app, "kept_experiments_points").set_value(32).run())
    assert f"{count} runs: {count} points × 1 seed · " in said(app)


def test_a_sweep_file_is_checked_and_started(jobs: FakeJobs, launched: list[Any]) -> None:
    app = opened("experiments")
    app = alive(app.text_area[0].set_value(FILE.replace("star", "stra")).run())
    assert "sweep.toml · line 6" in markup(app)
    assert "Did you mean star?" in markup(app)
    app = alive(app.text_area[0].set_value(FILE).run())
    assert "4 runs: 2 points × 2 seeds" in said(app)
    app = alive(keyed(app, "experiments_start_file").click().run())
    assert launched[0][0].scenario == "Classroom 课堂"


def test_the_form_writes_its_own_file(jobs: FakeJobs) -> None:
    app = opened("experiments", scenario="classroom", users="10000")
    app = alive(keyed(app, "experiments_fill").click().run())
    text = app.text_area[0].value
    assert "audience.users" not in text  # a preview chosen on another page is not what an experiment is about
    assert said(app).count("24 runs: 3 points × 8 seeds") == 2
    assert planning.parsed(text)[1] == "classroom"


def test_a_file_for_the_scenario_in_hand_does_not_time_it_twice(jobs: FakeJobs) -> None:
    app = opened("experiments", scenario="classroom")
    app = alive(app.text_area[0].set_value(FILE).run())
    assert len(app.get("progress")) == 1


def test_a_shared_server_holds_the_page_to_its_limit(
    jobs: FakeJobs, monkeypatch: pytest.MonkeyPatch, cache: Path, launched: list[Any]
) -> None:
    monkeypatch.setenv(LIMIT, "1000")
    app = opened("experiments", lang="zh", scenario="classroom")
    assert "超过这台服务器的上限 1,000" in markup(app)
    assert not [b for b in app.button if b.label == "开始"]
    app = alive(button(app, "运行示例").click().run())
    assert launched == []
    assert markup(app).count("超过这台服务器的上限") == 2
    stored(cache, small())
    app = opened("experiments")
    assert not app.code  # no folders of the server
    assert not [b for b in app.button if b.key == "experiments_remove"]
