"""How long a strategist waits for an answer on Compare: after changing one control, and with a plan of their own.

A server of the app, warm, and one visitor who changes the layouts again and again to sets that
nobody has asked for, or opens edited plans that nothing is kept of. Counted to the
drawing: the first answer, which has few seeds, and the one with all of them.
"""

import json
from dataclasses import asdict
from functools import partial
from itertools import combinations, islice
from pathlib import Path
from typing import Any

from benchmarks.serving import serving
from benchmarks.visitor import RefusedError, Visitor, apart
from sim.scenario.schema import Scenario

LAYOUTS = 4
NAMES = ("No links", "Single", "Star", "Ring", "Chain", "Tree", "Mesh")
WHOLE_S = 900.0
"""How long the answer with all seeds may take on a busy machine before it is given up."""
EDITED = "my-{number:016x}.1"
"""Names of drafts (sim/app/jobs/drafts.py)."""
OPENED = NAMES[:LAYOUTS]
START = "scenario={scenario}&users={users}&seeds={seeds}&layouts=none.single.star.ring"
"""What is opened: these layouts."""


def changes(count: int, cache: Path, users: int, seeds: int) -> dict[str, Any]:
    """Changes a control so many times.

    Args:
        count: changes.
        cache: folder with compiled code and for the answers.
        users: people.
        seeds: of the whole answer.
    Returns:
        Seconds to the first answer and to the full one, by change.
    """
    with serving(cache) as server:
        first, full = apart(_changed(server.address, count, users, seeds))
    return {
        "users": users, "layouts": LAYOUTS, "seeds": seeds, "first_seconds": first, "full_seconds": full,
    }  # fmt: skip


def edits(count: int, cache: Path, users: int, seeds: int) -> dict[str, Any]:
    """Opens so many edited plans, after one that warms the server.

    Args:
        count: plans.
        cache: folder with compiled code and for the answers, of which there are none of these plans.
        users: people.
        seeds: of the whole answer.
    Returns:
        Seconds to the first answer and to the full one, by plan; people, variants, seeds and hours of each.
    """
    from sim.app.jobs.request import FIRST

    plan = FIRST.plan().with_values({"audience.users": users})
    names = [drafted(plan, number, cache) for number in range(1, count + 2)]
    with serving(cache) as server:
        rows = apart(_edited(server.address, names, seeds))[1:]
    return {
        "users": users, "variants": len(FIRST.variants), "seeds": seeds,
        "hours": plan.run.hours, "first_seconds": [row[0] for row in rows],
        "full_seconds": [row[1] for row in rows],
    }  # fmt: skip


def drafted(plan: Scenario, number: int, cache: Path) -> str:
    """Keeps a plan with another price as a draft, where the server looks for them; its name."""
    from sim import storage
    from sim.app.jobs.drafts import Version

    name = EDITED.format(number=number)
    price = {"name": f"Edited {number}", "brand.price_cny": plan.brand.price_cny + number}
    edited = plan.with_values(price)
    version = asdict(Version(edited.to_toml(), edited.name))
    (cache / "scenarios").mkdir(exist_ok=True)
    storage.write_text(cache / "scenarios" / f"{name}.json", json.dumps(version))
    return name


async def _edited(address: str, names: list[str], seeds: int) -> list[tuple[float, float]]:
    rows = []
    for name in names:
        visitor = Visitor(address)
        await visitor.open(query=f"scenario={name}&seeds={seeds}")
        early = await visitor.until(_answers)
        late = early + await visitor.until(partial(_complete, seeds=seeds), WHOLE_S)
        rows.append((round(early, 3), round(late, 3)))
        await visitor.close()
    return rows


def _answers(tab: Visitor) -> bool:
    """Whether an answer is drawn, whatever its seeds: the first one has no verdict yet."""
    return tab.has_text(" rounds ·")


async def _changed(address: str, count: int, users: int, seeds: int) -> tuple[list[float], list[float]]:
    visitor, first, full = Visitor(address), [], []
    await visitor.open(query=START.format(scenario="beauty_matrix", users=users, seeds=seeds))
    complete = partial(_complete, seeds=seeds)
    await visitor.until(complete)
    if visitor.has_text("Not understood in the address"):
        raise RefusedError(f"this is not what was asked for: {visitor.text()[:600]}")
    for wanted in islice(combinations(NAMES, LAYOUTS), 1, 1 + count):
        await visitor.pick("Layouts", list(wanted))
        early = await visitor.until(partial(shows, layouts=wanted))
        first.append(round(early, 3))
        full.append(round(early + await visitor.until(complete), 3))
    await visitor.close()
    return first, full


def shows(tab: Visitor, *, layouts: tuple[str, ...]) -> bool:
    """Whether an answer for these layouts is drawn, and not pale as the previous one."""
    return not tab.has_text("Previous answer") and all(tab.has_text(f"</i>{name}<") for name in layouts)


def _complete(tab: Visitor, *, seeds: int) -> bool:
    return tab.has_text(f"{seeds} rounds ·") and not tab.busy and not tab.has("progress")
