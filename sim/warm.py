"""Machine code made ahead of the first run, on two cores.

The kernel of the people's responses takes as long to compile as all others together, so a
process of its own makes it (`python -m sim.warming`), while this one makes the others. Started
before anything large is imported, because after an install imports take seconds too. What is
missing afterwards is compiled where it is first called.
"""

import subprocess
import sys

from sim.compiled import interruptible, is_warm, note_warm


def warm() -> None:
    """Compiles every kernel unless machine code lies on disk; returns when all of it does."""
    if is_warm():
        return
    other = subprocess.Popen(
        [sys.executable, "-m", "sim.warming"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        from sim.warming import small_world  # imports what runs need, while the other process works

        with interruptible():
            small_world()
        if other.wait() == 0:
            note_warm()
    finally:
        if other.poll() is None:
            other.kill()
