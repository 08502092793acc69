"""Which code makes results: one digest of it, by which kept answers and evidence are known to be of today.

Takes nothing; gives the rules version, 16 hex digits. Whoever keeps a result keeps it too and works anew
where it differs. Knows the folders of the package and nothing of what is in them.
"""

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from sim import plugins

PACKAGE = Path(__file__).parent
SHOWING = {
    "app",
    "charts",
    "cli",
    "commands",
    "make_odd",
    "make_reference",
    "make_words",
    "report",
    "validity",
}
"""What only shows results. All else makes them, so that a new module counts without being listed."""
CARRYING = {
    "errors",
    "interrupts",
    "kernels",
    "memory",
    "reading",
    "sources",
    "storage",
    "threads",
    "warm",
    "warming",
    "warming_respond",
}
"""What says, stores, brings in and hands out work: no number of a scenario that is there hangs on it."""


@cache
def rules_version() -> str:
    """Digest of every source that makes results, plug-ins included: they may differ where it differs."""
    makers = (place for place in PACKAGE.iterdir() if place.stem not in SHOWING | CARRYING)
    files = (file for place in makers for file in ([place] if place.is_file() else place.rglob("*")))
    return digest_of(files, also=plugins.digest())


def digest_of(files: Iterable[Path], *, also: str = "") -> str:
    """Digest of the Python sources among some files of the package, in whatever order [16 hex digits]."""
    digest = hashlib.blake2b(also.encode(), digest_size=8)
    for file in sorted(files):
        if file.suffix == ".py":
            digest.update(file.relative_to(PACKAGE).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()
