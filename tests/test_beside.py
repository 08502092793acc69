"""Who saw two accounts, and how long fans stay: two tables beside those of a run."""

from pathlib import Path

import polars as pl
import pytest

from sim.cli import main
from sim.experiment.replicate import run
from sim.scenario.schema import Scenario
from sim.sweeps.query import query


def test_a_run_that_is_kept_has_whom_accounts_share_and_which_fans_stay(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    values = {"audience.users": 1_000, "run.hours": 26, "content.rates.follow": 0.05, "brand.gpm_cny": 0.0}
    plan = Scenario.load("classroom").with_values(values)
    (tmp_path / "plan.toml").write_text(plan.to_toml(), "utf-8")
    with pytest.raises(SystemExit):
        main(["run", str(tmp_path / "plan.toml"), "--json", "--out", str(tmp_path / "run")])
    capsys.readouterr()
    reach = dict(query(tmp_path / "run", "SELECT account, reach FROM accounts").iter_rows())
    shared = query(tmp_path / "run", "SELECT * FROM overlap")
    assert shared.height
    assert all(row["both"] <= min(row["reach"], row["other_reach"]) for row in shared.iter_rows(named=True))
    assert all(reach[name] == n for name, n in shared.select("account", "reach").iter_rows())
    stay = query(tmp_path / "run", "SELECT * FROM retention ORDER BY account, came, day")
    assert stay["day"].max() == 1
    assert (stay.filter(pl.col("came") == pl.col("day"))["fans"] > 0).all()
    run(plan).write(tmp_path / "run")
    assert not (tmp_path / "run" / "overlap.parquet").exists()  # of the run before
