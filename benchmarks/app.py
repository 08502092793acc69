"""How long a strategist waits for an answer after changing one control on Compare.

A server of the app, warm, and one visitor who changes the layouts again and again to sets that
nobody has asked for. Counted from the change to the drawing: the first answer, which has few
seeds, and the one with all of them.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import combinations, islice
from pathlib import Path
from typing import Any

from benchmarks.serving import serving
from benchmarks.visitor import Visitor

USERS, SEEDS, LAYOUTS = 100_000, 8, 4
NAMES = ("No links", "Single", "Star", "Ring", "Chain", "Tree", "Mesh")
START = "scenario=beauty_matrix&users=100000&seeds=8&layouts=none.single.star.ring"


def changes(count: int, cache: Path) -> dict[str, Any]:
    """Changes a control so many times.

    Args:
        count: changes.
        cache: folder with compiled code and for the answers.
    Returns:
        Seconds to the first answer and to the full one, by change.
    """
    # In a thread of its own: a test may run where a browser's event loop runs already.
    with serving(cache) as server, ThreadPoolExecutor(1) as alone:
        first, full = alone.submit(lambda: asyncio.run(_changed(server.address, count))).result()
    return {
        "users": USERS, "layouts": LAYOUTS, "seeds": SEEDS, "first_seconds": first, "full_seconds": full,
    }  # fmt: skip


async def _changed(address: str, count: int) -> tuple[list[float], list[float]]:
    visitor, first, full = Visitor(address), [], []
    await visitor.open(query=START)
    await visitor.until(_complete)
    for wanted in islice(combinations(NAMES, LAYOUTS), 1, 1 + count):
        await visitor.pick("Layouts", list(wanted))
        early = await visitor.until(partial(_shows, layouts=wanted))
        first.append(round(early, 3))
        full.append(round(early + await visitor.until(_complete), 3))
    await visitor.close()
    return first, full


def _shows(tab: Visitor, *, layouts: tuple[str, ...]) -> bool:
    """Whether an answer for these layouts is drawn, and not pale as the previous one."""
    return not tab.has_text("Previous answer") and all(tab.has_text(f"</i>{name}<") for name in layouts)


def _complete(tab: Visitor) -> bool:
    return tab.has_text(f"{SEEDS} seeds ·") and not tab.busy and not tab.has("progress")
