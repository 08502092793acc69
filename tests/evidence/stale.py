"""Says which sections of docs/evidence.md rest on other results than today's; runs none of them.

    python -m tests.evidence.stale              # lists them
    python -m tests.evidence.stale --release    # and ends with status 1 if there are any

A section is mended by its test: `pytest -m evidence -n 0 -k NAME`.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence

from tests.evidence import page as pages
from tests.evidence.page import PAGE, stamps, studies


def stale(page: str, names: Iterable[str], today: str) -> Iterator[str]:
    """A line for each section that is not of today's results or that no test writes, and each study without one."""
    made, studies = stamps(page), set(names)
    for name, results in made.items():
        if name.partition("[")[0] not in studies:
            yield f"{name}: no test writes it any more"
        elif results != today:
            yield f"{name}: made with {results or 'results unknown'}"
    for name in sorted(studies - {name.partition("[")[0] for name in made}):
        yield f"{name}: never run"


def main(words: Sequence[str] | None = None) -> int:
    """Prints what is stale; the exit status."""
    parser = argparse.ArgumentParser("python -m tests.evidence.stale", description=__doc__.split("\n")[0])
    parser.add_argument("--release", action="store_true", help="end with status 1 if a section is stale")
    release = parser.parse_args(words).release
    today = pages.today()
    lines = list(stale(PAGE.read_text("utf-8"), studies(), today))
    print(f"stale sections of docs/evidence.md under today's {today}: {len(lines) or 'none'}")  # noqa: T201
    for line in lines:
        print(f"  {line}")  # noqa: T201
    return 1 if release and lines else 0


if __name__ == "__main__":
    sys.exit(main())
