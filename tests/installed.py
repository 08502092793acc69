"""A folder with plug-ins installed, and what is built to be installed there."""

import json
import os
import subprocess
import sys
from pathlib import Path

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
