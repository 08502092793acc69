"""A small sweep for the tests."""

from pathlib import Path

from sim.kernels import cache_folder

SCENARIO = """
name = "small"
accounts = [
    { id = "main", role = "main", fans = 300 },
    { id = "one", fans = 100 },
    { id = "two", fans = 50 },
]
[audience]
users = 4_000
[run]
hours = 6
"""

SWEEP = """
scenario = "small.toml"
seeds = 2
[design]
kind = "grid"
[vary]
"links.layout" = ["none", "star", "mesh"]
"platform.targeting" = { low = 0.5, high = 2.0, levels = 2 }
"""


def written(folder: Path, sweep: str = SWEEP, scenario: str = SCENARIO) -> Path:
    """The sweep file, with its scenario beside it."""
    (folder / "small.toml").write_text(scenario, encoding="utf-8")
    file = folder / "sweep.toml"
    file.write_text(sweep, encoding="utf-8")
    return file


def own_cache(folder: Path) -> Path:
    """A cache folder of the test's own, with the machine code that there is: sweeps are noted there."""
    cache = folder / "cache"
    cache.mkdir(exist_ok=True)
    kernels = cache / cache_folder().name
    if not kernels.exists():
        kernels.symlink_to(cache_folder())
    return cache
