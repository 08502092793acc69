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
from benchmarks.visitor import Visitor, apart
from sim.app.ui import comparing
from sim.app.ui.names import layout_name
from sim.language.words import Words
from sim.scenario.schema import Scenario

LAYOUTS = 4
ENGLISH = Words("en")
NAMES = {
    key: layout_name(ENGLISH, key) for key in ("none", "single", "star", "ring", "chain", "tree", "mesh")
}
"""What layouts are called on the page."""
WHOLE_S = 900.0
"""How long the answer with all seeds may take on a busy machine before it is given up."""
EDITED = "my-{number:016x}.1"
"""Names of drafts (sim/app/jobs/drafts.py)."""
OPENED = tuple(NAMES)[:LAYOUTS]


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
    complete = partial(_complete, seeds=seeds)
    await visitor.open(query=start("beauty_matrix", users, seeds))
    await visitor.until(complete)
    visitor.refuse_mistaken()
    for wanted in islice(combinations(NAMES, LAYOUTS), 1, 1 + count):
        await lay_out(visitor, wanted)
        early = await visitor.until(partial(shows, layouts=wanted))
        first.append(round(early, 3))
        full.append(round(early + await visitor.until(complete), 3))
    await visitor.close()
    return first, full


def start(scenario: str, users: int, seeds: int) -> str:
    """The address of Compare layouts with the layouts OPENED."""
    return f"scenario={scenario}&users={users}&seeds={seeds}&layouts={'.'.join(OPENED)}"


async def lay_out(tab: Visitor, layouts: tuple[str, ...]) -> None:
    """Chooses other layouts."""
    await tab.pick(comparing.LAYOUT, [NAMES[key] for key in layouts])


def shows(tab: Visitor, *, layouts: tuple[str, ...]) -> bool:
    """Whether an answer for these layouts is drawn, and not pale as the previous one."""
    drawn = all(tab.has_text(f"</i>{NAMES[key]}<") for key in layouts)
    return drawn and not tab.has_block("compare_previous")


def _complete(tab: Visitor, *, seeds: int) -> bool:
    return tab.has_text(f"{seeds} rounds ·") and not tab.busy and not tab.has("progress")
