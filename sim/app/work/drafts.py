"""Scenarios that people made on the page or brought as a file, kept by their content.

Takes TOML texts; gives names for them. A name is a hash of the text, so nobody's draft can be
changed by another, a copied address opens it again, and no name can mean a path. Does not read
what a text says.
"""

import hashlib
import re
from pathlib import Path

from sim import storage

NAME = re.compile(r"my-[0-9a-f]{16}")
MOST_KEPT = 1000
"""Drafts kept on disk, some 5 kB each (chosen)."""


def base() -> Path:
    """The app's folder of this user; MATRIXSIM_CACHE moves it."""
    return storage.cache_base()


def keep(text: str) -> str:
    """Keeps a scenario; its name.

    Args:
        text: a valid scenario in TOML.
    Raises:
        OSError: the folder cannot be written.
    """
    name = f"my-{hashlib.blake2b(text.encode(), digest_size=8).hexdigest()}"
    file = _file(name)
    if not file.is_file():
        file.parent.mkdir(parents=True, exist_ok=True)
        storage.write_text(file, text)
        _tidy(file.parent)
    return name


def text_of(name: str) -> str | None:
    """The text of a kept scenario; None if there is none of this name."""
    if not NAME.fullmatch(name):
        return None
    try:
        return _file(name).read_text(encoding="utf-8")
    except OSError:
        return None


def _tidy(folder: Path) -> None:
    """Removes the longest unused drafts beyond a number."""
    files = sorted(folder.glob("my-*.toml"), key=lambda file: file.stat().st_mtime, reverse=True)
    for file in files[MOST_KEPT:]:
        file.unlink(missing_ok=True)


def _file(name: str) -> Path:
    return base() / "scenarios" / f"{name}.toml"
