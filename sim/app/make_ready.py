"""Makes the answers that are shipped with the app: `python -m sim.app.make_ready`.

Run it when a change of the rules changes results; a test holds the shipped answers equal to
what the program computes.
"""

import json
from pathlib import Path

from sim import storage
from sim.app.mixing import mixes
from sim.app.work.answer import judged
from sim.app.work.request import FIRST, Comparing
from sim.app.work.store import READY, Answer, headed
from sim.experiment.compare import Variant, compare_variants


def made(request: Comparing) -> Answer:
    """An answer that a page shows at first, computed anew."""
    plan = request.plan()
    variants = tuple(Variant(v.name, v.label_zh, v.of(plan), "") for v in request.variants)
    found = compare_variants(variants, seeds=request.seeds)
    return {**headed(request), "hours": plan.run.hours, **judged(found)}


def main() -> tuple[Path, ...]:
    """Writes them; the files."""
    READY.mkdir(exist_ok=True)
    wanted = {READY / f"{FIRST.scenario}.json": FIRST, READY / f"{FIRST.scenario}_mix.json": mixes.first()}
    for file, request in wanted.items():
        storage.write_text(file, json.dumps(made(request), ensure_ascii=False, indent=1) + "\n")
    return tuple(wanted)


if __name__ == "__main__":
    print(*main())  # noqa: T201  a script
