"""The only door to numba: `compiled` turns a scalar rule or an array driver into machine code.

Takes a plain function; gives its compiled twin, cached on disk. The cache folder is keyed by
a digest of all rule and driver sources, because numba's own cache looks only at the file of
the function itself and would keep stale machine code after an edit in a rule it calls.
Does not choose signatures: the first call does. Numba never reads annotations; they say what
reader and type checker may count on, in the two words for integers that it also defines.
"""

import os
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numpy as np

from sim.sources import PACKAGE, digest_of
from sim.storage import cache_base

F = TypeVar("F", bound=Callable[..., Any])

Word = np.uint64 | int
"""64 bits without sign: a key, a draw, a threshold or a multiplier. Machine code hands Python a plain int."""
Whole = np.int64 | int
"""A whole number with sign: a count, a place, an hour. Machine code hands Python a plain int."""
at = np.uint64
"""An index that is known not to be negative, for the hot loops: `slots[at(k)]`.

For one that might be, machine code asks each time whether to count from the end, and cannot read or
write several neighbours at once. Python indexes with it as with any integer.
"""

_KERNELS = ("compiled.py", "rules", "world", "hour")
_COMPLETE = "complete"
_KEPT = 3  # digests kept on disk: today's, and two to go back to without compiling again


@cache
def cache_folder() -> Path:
    """Folder of today's machine code; older digests beyond a few are removed."""
    base = cache_base()
    sources = [file for part in _KERNELS for file in (PACKAGE / part, *(PACKAGE / part).rglob("*"))]
    folder = base / f"kernels-{digest_of(sources, also=numba.__version__)}"
    folder.mkdir(parents=True, exist_ok=True)
    os.utime(folder)
    others = sorted(base.glob("kernels-*"), key=lambda p: p.stat().st_mtime, reverse=True)
    for stale in others[_KEPT:]:
        shutil.rmtree(stale, ignore_errors=True)
    return folder


def is_warm() -> bool:
    """Whether machine code for all of today's rules lies on disk (no compile wait ahead)."""
    return (cache_folder() / _COMPLETE).exists()


def note_warm() -> None:
    """Notes that it does."""
    (cache_folder() / _COMPLETE).touch()


def _jit(function: F, **options: Any) -> F:
    njit: Any = numba.njit  # numba's own types do not know no_cfunc_wrapper
    config: Any = numba.config  # nor this setting
    shared = config.CACHE_DIR
    config.CACHE_DIR = str(cache_folder())
    try:
        # No C callbacks: nobody calls them, and each costs compile time.
        jit = njit(cache=True, nogil=True, error_model="numpy", no_cfunc_wrapper=True, **options)
        return cast(F, jit(function))
    finally:
        config.CACHE_DIR = shared


def compiled(function: F) -> F:
    """The function as machine code; releases the GIL, raises nothing, allocates only what it says."""
    return _jit(function)


def inner(function: F) -> F:
    """As `compiled`, for functions that only other compiled ones call: no door to Python, less to compile."""
    return _jit(function, no_cpython_wrapper=True)


def woven(function: F) -> F:
    """As `inner`, and woven into its callers: for drivers with many arguments in the hot loop."""
    return _jit(function, inline="always", no_cpython_wrapper=True)
