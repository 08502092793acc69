"""Files written whole: under another name first, then renamed into place.

Takes a path and its content; a reader sees the old file or the new one, never half of one.
Also says where this user's own files go. Does not make folders and does not translate
failures: an OSError names the file itself.
"""

import atexit
import io
import json
import os
import secrets
import shutil
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_cache_path, user_data_path

if TYPE_CHECKING:
    import polars as pl


CACHE = "MATRIXSIM_CACHE"
DATA = "MATRIXSIM_DATA"


def cache_base() -> Path:
    """This user's folder for what can be made again; MATRIXSIM_CACHE moves it."""
    given = os.environ.get(CACHE)
    return writable(Path(given) if given else user_cache_path("matrixsim", appauthor=False))


def data_base() -> Path:
    """This user's folder for what nobody can make again; MATRIXSIM_DATA moves it. It may not be there yet."""
    given = os.environ.get(DATA)
    return Path(given) if given else user_data_path("matrixsim", appauthor=False)


@cache
def writable(folder: Path) -> Path:
    """A folder of the cache, made if it is missing; where it cannot be written to, a temporary cache instead.

    That is said once, on stderr. Processes that this one starts find it by MATRIXSIM_CACHE; it goes when
    this process ends.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError as error:
        instead = Path(tempfile.mkdtemp(prefix="matrixsim-"))
        atexit.register(_gone, instead, os.getpid())
        os.environ[CACHE] = str(instead)
        sys.stderr.write(
            f"{folder}: {(error.strerror or str(error)).lower()}; until this ends the cache is {instead}, "
            f"and the rules are compiled again next time; {CACHE}=folder names another folder\n"
        )
        return instead


def _gone(folder: Path, maker: int) -> None:
    """Removes a folder, in the process that made it."""
    if os.getpid() == maker:
        shutil.rmtree(folder, ignore_errors=True)


def write_bytes(path: str | os.PathLike[str], content: bytes, *, lasting: bool = True) -> None:
    """Write a file whole.

    Args:
        path: file to write; replaced if it exists. A device such as /dev/stdout is written to directly.
        content: all of it.
        lasting: whether it must outlive a machine that loses power: that waits for the disk.
    Raises:
        OSError: the folder is missing or closed to us, or the disk is full; the old file stays.
    """
    target = Path(path)
    if target.exists() and not target.is_file():  # renaming onto a device would replace the device
        target.write_bytes(content)
        return
    # A random name, not the process id: several machines may write into one shared folder.
    part = target.with_name(f".{target.name[:60]}.{secrets.token_hex(6)}.part")
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            if lasting:
                os.fsync(file.fileno())
        part.replace(target)
    except OSError as error:
        error.filename, error.filename2 = str(target), None
        raise
    finally:
        part.unlink(missing_ok=True)


def write_text(path: str | os.PathLike[str], text: str, *, lasting: bool = True) -> None:
    """Write a UTF-8 text file whole, as `write_bytes`; line ends stay as they are."""
    write_bytes(path, text.encode(), lasting=lasting)


def write_json(path: str | os.PathLike[str], content: object) -> None:
    """Write a document whole, as JSON that people can read."""
    write_text(path, json.dumps(content, indent=2, ensure_ascii=False))


def write_parquet(path: str | os.PathLike[str], frame: "pl.DataFrame") -> None:
    """Write a table whole, as Parquet."""
    content = io.BytesIO()
    frame.write_parquet(content)
    write_bytes(path, content.getvalue())
