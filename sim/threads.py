"""Work side by side: one part on the caller's own thread, the others on helpers.

Takes parts and threads that help; gives what became of each part, in order. The caller works
too, because waking one thread less matters where a part takes a few milliseconds. Only for
work that lets go of Python's lock; does not know what the work is.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import TypeVar

Part = TypeVar("Part")
Made = TypeVar("Made")


def side_by_side(work: Callable[[Part], Made], parts: Sequence[Part], helpers: Executor) -> list[Made]:
    """What `work` makes of each part.

    Args:
        work: called once a part.
        parts: at least one; the first is done by the caller.
        helpers: threads for the others; with one part none is started.
    """
    others = [helpers.submit(work, part) for part in parts[1:]]
    mine = work(parts[0])
    return [mine, *(other.result() for other in others)]
