"""Makes the answers that are shipped with the app: `python -m sim.app.make_ready`.

Run it when a change of the rules changes results; a test holds the shipped answers equal to
what the program computes.
"""

import json
from pathlib import Path

from sim import storage
from sim.app.answer import judged
from sim.app.request import FIRST
from sim.app.store import READY, Answer, headed
from sim.experiment.compare import Variant, compare_variants


def made() -> Answer:
    """The answer that the first view shows, computed anew."""
    plan = FIRST.plan()
    variants = tuple(Variant(v.name, v.label_zh, v.of(plan), "") for v in FIRST.variants)
    found = compare_variants(variants, seeds=FIRST.seeds)
    return {**headed(FIRST), "hours": plan.run.hours, **judged(found)}


def main() -> Path:
    """Writes it; the file."""
    file = READY / f"{FIRST.scenario}.json"
    file.parent.mkdir(exist_ok=True)
    storage.write_text(file, json.dumps(made(), ensure_ascii=False, indent=1) + "\n")
    return file


if __name__ == "__main__":
    print(main())  # noqa: T201  a script
