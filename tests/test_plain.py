"""Without a compiler everything is plain Python, slower and the same."""

import os
import subprocess
import sys

SCRIPT = """
from sim.platform import baseline
from sim.rules.audience import SHARD
from tests.refresh import busy
from sim.experiment.replicate import run
baseline.BACKGROUND_VIDEOS = 32  # the rest of a small run is quick
pools = {"platform__pools": (10, 60), "platform__pass_share": (0.9,), "platform__pace_h": (1,)}
pools |= {"platform__fan_window_h": 2, "run__start": "Monday 12:00"}
scenario = busy(audience__users=300, run__hours=5, links__layout="mesh", **pools)
few = [a | {"fans": 40, "posts_per_day": 24.0} for a in scenario.model_dump()["accounts"]]
result = run(scenario.with_values({"accounts": few}), seed=3, threads=1)
promoted = (result.promotions["decision"] == "promote").any()
print(result.digest, result.summary["impressions"] > 50, result.summary["visits"] > 5, promoted)
"""


def test_small_run_as_plain_python_has_the_digest_of_the_compiled_one():
    said = []
    for disabled in ("0", "1"):
        done = subprocess.run(
            [sys.executable, "-W", "error::RuntimeWarning:tests", "-c", SCRIPT],
            env={**os.environ, "NUMBA_DISABLE_JIT": disabled},
            capture_output=True,
            text=True,
            check=True,
        )
        assert not done.stderr
        said.append(done.stdout.split())
    assert said[0] == said[1]
    assert said[0][1:] == ["True", "True", "True"]
