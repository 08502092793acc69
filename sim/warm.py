"""Machine code made ahead of the first run, on two cores.

The kernels of the people's responses take as long to compile as all others together, so a
process of its own makes them (`python -m sim.warming_respond`), while this one makes the others. That one
is started before anything large is imported here, because after an install imports take seconds
too. What is missing afterwards is compiled where it is first called.
"""

import atexit
import subprocess
import sys

from sim.kernels import is_warm, note_warm

_others: list[subprocess.Popen[bytes]] = []
"""The process that was started, until it is waited for."""


def start() -> None:
    """Lets the other process begin, unless machine code lies on disk; it ends with this one."""
    if _others or is_warm():
        return
    other = subprocess.Popen(
        [sys.executable, "-m", "sim.warming_respond"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _others.append(other)
    atexit.register(_end, other)


def warm() -> None:
    """Compiles every kernel unless machine code lies on disk; returns when all of it does."""
    if is_warm():
        return
    start()
    other = _others[0]
    try:
        from sim.compiled import ahead
        from sim.warming import small_world  # imports what runs need, while the other process works

        with ahead():
            small_world()
        if other.wait() == 0:
            note_warm()
    finally:
        _others.clear()
        _end(other)


def _end(other: "subprocess.Popen[bytes]") -> None:
    if other.poll() is None:
        other.kill()
