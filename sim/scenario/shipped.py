"""The scenarios that come with the program.

Takes a path or a name; gives the file. They lie in `scenarios/` of the repository, or in
`sim/_scenarios/` of an installed wheel. Does not read them.
"""

import os
from pathlib import Path

from sim.errors import Problem, ScenarioError
from sim.scenario.wording import nearest

_PACKAGE = Path(__file__).resolve().parents[1]


def shipped() -> dict[str, Path]:
    """The shipped scenarios by name, in order of the names."""
    folders = (_PACKAGE / "_scenarios", _PACKAGE.parent / "scenarios")
    files = [file for folder in folders for file in folder.glob("*.toml")]
    return {file.stem: file for file in sorted(files, key=lambda file: file.stem)}


def resolve(path: str | os.PathLike[str]) -> Path:
    """The file that a path or a shipped name means.

    Args:
        path: a file, which wins, or a name such as `beauty_matrix` or `scenarios/beauty_matrix.toml`.
    Raises:
        ScenarioError: neither; with the names there are and the nearest of them.
    """
    name = os.fsdecode(path)
    known = shipped()
    if os.path.isfile(name):  # noqa: PTH113  unlike Path.is_file it takes any text, however long
        return Path(name)
    file = Path(name)
    if file.stem in known and file.suffix in ("", ".toml") and file.parent in (Path(), Path("scenarios")):
        return known[file.stem]
    if os.path.exists(name):  # noqa: PTH110  as above; reading it says what is wrong with it
        return file
    choice = f"the path of a TOML file, or {', '.join(known)}"
    message = "no such file, and no shipped scenario has this name" if name else "the file name is empty"
    near = nearest(file.stem, known)
    raise ScenarioError([Problem(name or "(no name)", None, "", None, message, choice, near)])
