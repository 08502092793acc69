"""Price lists as files."""

from sim.scenario.schema import Scenario

PLAN = Scenario(name="list")


def written(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "list.csv"
    path.write_bytes(text.encode(encoding))
    return str(path)
