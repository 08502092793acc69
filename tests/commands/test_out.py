"""A folder for results that is a file, or would lie in one, is wrong input: status 2, before any work."""

import pytest

from sim.cli import main
from sim.scenario.schema import Scenario

COMMANDS = (
    "run plan.toml", "optimise plan.toml --budget 3000", "budget plan.toml --budgets 3000,4000",
    "compare plan.toml --layouts none,star", "sensitivity plan.toml --layouts none,star",
    "accounts plan.toml --counts 0,1", "sweep sweep.toml",
)  # fmt: skip


@pytest.mark.parametrize("within", ["", "/deeper"])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_file_is_no_folder_for_results(tmp_path, monkeypatch, capsys, command, within):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plan.toml").write_text(Scenario.load("classroom").to_toml(), encoding="utf-8")
    text = 'scenario = "plan.toml"\n[design]\nkind = "grid"\n[vary]\n"links.layout" = ["star", "none"]\n'
    (tmp_path / "sweep.toml").write_text(text, encoding="utf-8")
    (tmp_path / "taken").write_text("mine", encoding="utf-8")
    with pytest.raises(SystemExit) as end:
        main([*command.split(), "--out", f"taken{within}"])
    assert end.value.code == 2
    assert capsys.readouterr().err == "--out taken: is a file, and results need a folder\n"
    assert (tmp_path / "taken").read_text(encoding="utf-8") == "mine"
