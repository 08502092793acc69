"""How long the promised commands take here; figures only, no assertion on time."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.evidence
COMPARE = "compare beauty_matrix --layouts none,star,ring,chain,mesh --seeds 16 --users 200000 --hours 168 --lang en"


def timed(words: str, cache: Path) -> tuple[float, str]:
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "sim.cli", *words.split()],
        env={**os.environ, "MATRIXSIM_CACHE": str(cache)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return time.perf_counter() - started, done.stdout


def test_promised_commands_end_in_time(section: Callable[[str, str], None], tmp_path: Path) -> None:
    first, text = timed(COMPARE, tmp_path / "cold")
    second, again = timed(COMPARE, tmp_path / "cold")
    agents, _ = timed("run classroom --hours 72 --engine agents --lang en", tmp_path / "cold")
    equal, proof = timed("verify classroom --hours 72 --threads 1,2,3", tmp_path / "cold")
    section(
        "Time of the main job",
        f"""On the machine that wrote this page ({os.cpu_count()} cores):

| command | seconds |
| --- | --- |
| `matrixsim {COMPARE}`, compile included | {first:.1f} |
| the same again | {second:.1f} |
| `matrixsim run classroom --hours 72 --engine agents` | {agents:.1f} |
| `matrixsim verify classroom --hours 72 --threads 1,2,3` | {equal:.1f} |

```
{text.strip()}
```

```
{proof.strip()}
```""",
    )
    assert text == again
    assert proof.strip().endswith("equal")
    assert "NOT EQUAL" not in proof
