"""Arrays of a process that holds the people of some shards only: addresses for all, memory for its own.

Takes a shape; gives zeros that cost memory where they are written. So a person keeps number and
place on every machine, and the kernels that go shard by shard need not know that the rest is
elsewhere. Does not know which shards those are.
"""

import math
import mmap
from contextlib import suppress
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

HUGE = 1 << 22
"""Bytes from which `np.zeros` asks for huge pages."""


def reserved(shape: int | tuple[int, ...], dtype: DTypeLike) -> NDArray[Any]:
    """Zeros whose pages come into being when they are first written.

    Rows of which every process writes a piece must not get huge pages: one holds the pieces of
    several processes. (Plain `np.zeros` asks for huge pages, and takes all memory that way.)
    """
    kind, lengths = np.dtype(dtype), (shape,) if isinstance(shape, int) else shape
    size = math.prod(lengths) * kind.itemsize
    if size < HUGE:  # memory that the process had before is at hand sooner than new pages
        return np.zeros(lengths, kind)
    area = mmap.mmap(-1, size, **_private())
    advice = getattr(mmap, "MADV_HUGEPAGE" if len(lengths) == 1 else "MADV_NOHUGEPAGE", None)
    if advice is not None:
        with suppress(OSError):  # a system built without huge pages knows neither word
            area.madvise(advice)
    return np.frombuffer(area, kind).reshape(lengths)


def _private() -> dict[str, int]:
    """Memory of this process alone, not counted against what the system has promised to others."""
    if not hasattr(mmap, "MAP_PRIVATE"):  # Windows has no such words, and does it anyway
        return {}
    return {"flags": mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | getattr(mmap, "MAP_NORESERVE", 0)}
