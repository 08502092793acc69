"""Every block of Python in the docs runs as it stands, page by page, in the order of the page.

Shipped scenarios are made smaller while it does. Blocks that need a package which is no dependency are
only compiled.
"""

import ast

import pytest

from sim.scenario.schema import Scenario
from tests.blocks import PAGES, python_in
from tests.sweeps.small import SWEEP, written
from tests.tutorial import PAGE, figures

SMALLER = {"audience.users": 50_000, "run.hours": 24}
NO_DEPENDENCY = {"dask_jobqueue", "dask_kubernetes", "ema_workbench"}
"""Packages of blocks that were run by hand, or by nobody; their pages say which."""


SHOWN = {page.removeprefix("docs/"): blocks for page, text in PAGES.items() if (blocks := python_in(text))}


def packages_of(block: str) -> set[str]:
    names = {node.module or "" for node in ast.walk(ast.parse(block)) if isinstance(node, ast.ImportFrom)}
    names |= {
        a.name for node in ast.walk(ast.parse(block)) if isinstance(node, ast.Import) for a in node.names
    }
    return {name.split(".")[0] for name in names}


def test_blocks_of_python_are_told_from_commands_and_tables():
    parts = (
        "Text",
        "    from a import b\n\n    b()",
        "more",
        "    uv run c\n    import d",
        "end",
        "    import e",
    )
    page = "\n\n".join(parts)
    assert python_in(page) == ["from a import b\n\nb()\n", "import e\n"]


def test_pages_that_show_python_are_found():
    shown = {name: len(blocks) for name, blocks in SHOWN.items()}
    assert shown["how-to/use-from-python.md"] >= 4
    assert shown["how-to/connect-a-workbench.md"] == 3
    assert shown["how-to/run-a-sweep.md"] == 1


@pytest.fixture
def small(monkeypatch, tmp_path):
    """A folder to run in, with the sweep file that a page speaks of; shipped scenarios made small."""
    load = Scenario.load

    def smaller(path, settings=()):
        scenario = load(path, settings)
        return scenario if path == "classroom" else scenario.with_values(SMALLER)

    monkeypatch.setattr(Scenario, "load", smaller)
    monkeypatch.chdir(tmp_path)
    written(tmp_path, SWEEP).rename(tmp_path / "my_sweep.toml")


@pytest.mark.parametrize("page", SHOWN)
def test_python_of_a_page_runs(page, small, capsys):
    names = {"__name__": "__main__"}
    for number, block in enumerate(SHOWN[page]):
        code = compile(block, f"{page}, block {number + 1}", "exec")
        if not packages_of(block) & NO_DEPENDENCY:
            exec(code, names)  # noqa: S102  that is the test


def test_the_function_for_workbenches_tells_its_levers_apart(small):
    names = {"__name__": "__main__"}
    exec(SHOWN["how-to/connect-a-workbench.md"][0], names)  # noqa: S102
    model, outcomes = names["model"], names["OUTCOMES"]
    calm, busy = (model(layout="mesh", list_opened=share, fans=400) for share in (0.0, 0.8))
    assert set(calm) == set(outcomes)
    assert calm == model(layout="mesh", list_opened=0.0, fans=400)
    assert calm != busy


def test_the_figures_of_the_tutorial_are_those_of_the_first_page():
    assert figures() in PAGE.read_text(encoding="utf-8"), "python -m tests.tutorial"
