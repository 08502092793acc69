"""Where machine code lies on disk, and whether it is all there; known before numba is imported.

Takes nothing; gives a folder that is keyed by a digest of all rule and driver sources, because numba's own
cache looks only at the file of the function itself and would keep stale machine code after an edit in a rule
it calls. Makes no machine code (compiled.py).
"""

import os
import shutil
from functools import cache
from importlib.metadata import version
from pathlib import Path

from sim.sources import PACKAGE, digest_of
from sim.storage import cache_base, writable

_MAKERS = ("compiled.py", "rules", "world", "platform", "hour", "mechanisms", "engines")
_COMPLETE = "complete"
_KEPT = 3  # digests kept on disk: today's, and two to go back to without compiling again


@cache
def cache_folder() -> Path:
    """Folder of today's machine code; older digests beyond a few are removed."""
    sources = [file for part in _MAKERS for file in (PACKAGE / part, *(PACKAGE / part).rglob("*"))]
    name = f"kernels-{digest_of(sources, also=version('numba'))}"
    folder = writable(cache_base() / name)
    if folder.name != name:  # a cache of today's that is closed to us: that of this process, then
        folder = writable(cache_base() / name)
    os.utime(folder)
    others = sorted(folder.parent.glob("kernels-*"), key=lambda p: p.stat().st_mtime, reverse=True)
    for stale in others[_KEPT:]:
        shutil.rmtree(stale, ignore_errors=True)
    return folder


def is_warm() -> bool:
    """Whether machine code for all of today's rules lies on disk, or none is wanted."""
    plain = os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0")
    return plain or (cache_folder() / _COMPLETE).exists()


def note_warm() -> None:
    """Notes that it does."""
    (cache_folder() / _COMPLETE).touch()
