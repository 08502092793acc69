"""Memory that this process may still take, as far as the system tells.

Takes nothing; gives bytes. Asks the machine, the group of processes that a container is, and the
limit of addresses (`ulimit -v`). Does not know what a run needs: experiment/size.py does.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from sim.errors import Phrase, RunError

LOADING_BYTES = 1_000 << 20
"""Addresses that libraries and machine code take, rounded up from 0.9 GB measured (two cores, Linux)."""
THREAD_BYTES = 48 << 20
"""Addresses that libraries set aside for each core as they load, rounded up."""
HELP = Phrase("lower audience.users, the number of accounts, the hours or --threads, or raise the limit")


def free_bytes() -> int:
    """Memory that this process may still take [bytes]; a great number where the system does not tell."""
    return min(_limits(), default=1 << 62)


def _limits() -> Iterator[int]:
    """What each of the system's accounts leaves [bytes]."""
    with suppress(OSError, KeyError, ValueError):
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        rows = dict(line.split(":", 1) for line in lines)
        yield 1024 * int(rows["MemAvailable"].split()[0])
    with suppress(OSError, ValueError, AttributeError):
        yield int(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    group = Path("/sys/fs/cgroup")
    with suppress(OSError, ValueError):  # the word `max` is no number, and no limit
        most, now = (
            int((group / f"memory.{name}").read_text(encoding="ascii")) for name in ("max", "current")
        )
        yield most - now
    addresses = free_addresses()
    if addresses is not None:
        yield addresses


def free_addresses() -> int | None:
    """What `ulimit -v` leaves [bytes]; None where there is no such limit."""
    with suppress(ImportError, OSError, ValueError, AttributeError):
        import resource  # not on Windows

        limit, _ = resource.getrlimit(resource.RLIMIT_AS)
        if limit != resource.RLIM_INFINITY:
            used = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
            return max(0, limit - used * resource.getpagesize())
    return None


def refuse_to_load() -> None:
    """Refuses to begin where the libraries could not be loaded: some wait for ever for addresses or threads.

    Raises:
        RunError: with both figures.
    """
    free, need = free_addresses(), LOADING_BYTES + THREAD_BYTES * (os.cpu_count() or 1)
    if free is not None and free < need:
        raise RunError(
            "not enough memory: a limit of addresses (ulimit -v) leaves {free:.2f} GiB, and loading the "
            "libraries takes {need:.2f} GiB; raise the limit",
            free=free / 2**30, need=need / 2**30,
        )  # fmt: skip


def out_of_memory(error: BaseException) -> RunError:
    """What to say when memory, or the room for another thread, ran out in mid-work."""
    return RunError(
        "not enough memory: {why}; {help}", why=str(error) or Phrase("the system gave no more"), help=HELP
    )
