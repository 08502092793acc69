"""Makes the answers shipped with the app, which a test holds true: `python -m sim.app.make_ready`."""

import json
from pathlib import Path

from sim import storage
from sim.app.jobs.answer import judged
from sim.app.jobs.computing import budgeting, compared
from sim.app.jobs.measuring import measured
from sim.app.jobs.questions import Budgeting
from sim.app.jobs.request import FIRST, Comparing, Measuring
from sim.app.jobs.store import READY, Answer, headed
from sim.app.pages.learn.lessons import EXERCISES
from sim.app.pages.mix import mixes
from sim.experiment.compare import compare_variants


def made(request: Comparing) -> Answer:
    """An answer that a page shows at first, computed anew."""
    found = compare_variants(compared(request), seeds=request.seeds)
    return {**headed(request), **judged(found)}


def lesson(request: Measuring) -> Answer:
    """What a lesson reveals, computed anew: a class of thirty asks for it at the same moment."""
    return {**headed(request), **measured(request, READY, lambda *_: None)}


def budgets(request: Budgeting) -> Answer:
    """What the slider of Seeding mix stops at, computed anew."""
    return {**headed(request), **budgeting(request, READY, lambda *_: None)}


def main() -> list[Path]:
    """Writes them; the files."""
    READY.mkdir(exist_ok=True)
    answers = {FIRST.scenario: made(FIRST), f"{FIRST.scenario}_mix": made(mixes.first())}
    answers[f"{FIRST.scenario}_budgets"] = budgets(mixes.first_slider())
    answers |= {f"lesson_{key}": lesson(exercise.request()) for key, exercise in EXERCISES.items()}
    for name, answer in answers.items():
        storage.write_text(READY / f"{name}.json", json.dumps(answer, ensure_ascii=False, indent=1) + "\n")
    return [READY / f"{name}.json" for name in answers]


if __name__ == "__main__":
    print(*main())  # noqa: T201  a script
