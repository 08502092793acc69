"""Makes the answers that are shipped with the app: `python -m sim.app.make_ready`.

Run it when a change of the rules changes results; a test holds the shipped answers equal to
what the program computes.
"""

import json
from pathlib import Path

from sim import storage
from sim.app.answer import Answer, answer_of
from sim.app.request import FIRST
from sim.app.store import READY


def made() -> Answer:
    """The answer that the first view shows, computed anew."""
    from sim.experiment.compare import compare

    found = compare(FIRST.plan(), layouts=FIRST.layouts, seeds=FIRST.seeds)
    return answer_of(found, FIRST)


def main() -> Path:
    """Writes it; the file."""
    file = READY / f"{FIRST.scenario}.json"
    file.parent.mkdir(exist_ok=True)
    storage.write_text(file, json.dumps(made(), ensure_ascii=False, indent=1) + "\n")
    return file


if __name__ == "__main__":
    print(main())  # noqa: T201  a script
