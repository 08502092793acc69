"""One comparison in a process of its own: `python -m sim.app.worker FOLDER`.

Takes a folder with request.json; writes progress.json as it goes, then the result files, and
moves the folder to its place among the answers. Ends by itself when its standard input closes,
which happens when the server dies. Knows no streamlit.
"""

import contextlib
import json
import os
import sys
import threading
import time
import traceback
from pathlib import Path

from sim import storage
from sim.app import store
from sim.app.answer import answer_of
from sim.app.request import Request
from sim.errors import MatrixsimError

TICK_S = 0.2
"""Shortest time between two notes of progress."""


def main(folder: Path) -> int:
    """Computes what the folder asks for; the exit status."""
    request = Request.from_dict(json.loads((folder / "request.json").read_text(encoding="utf-8")))
    try:
        compute(request, folder)
    except MatrixsimError as error:
        note(folder, "failed", message=str(error))
        return error.status
    except Exception as error:  # noqa: BLE001  whatever it is, the page has to say so
        traceback.print_exc()
        note(folder, "failed", message=f"{type(error).__name__}: {error}")
        return 1
    store.keep(folder, request)
    return 0


def compute(request: Request, folder: Path) -> None:
    """Runs the comparison and writes its files into the folder."""
    note(folder, "preparing", total=request.runs)
    plan = request.plan()
    from sim.compiled import is_warm
    from sim.experiment.compare import compare, variants_of
    from sim.experiment.size import refuse_too_large
    from sim.warm import warm

    for variant in variants_of([plan], request.layouts):
        refuse_too_large(variant.scenario, "columns", workers=None)
    if not is_warm():
        note(folder, "compiling", total=request.runs)
        warm()
    note(folder, "running", total=request.runs)
    first: tuple[float, int] | None = None
    told = 0.0

    def tick(done: int, total: int) -> None:
        nonlocal first, told
        now = time.monotonic()
        if first is None:  # the first run may have waited for the compiler: it says nothing about the others
            first = now, done
        if done == total or now - told >= TICK_S:
            told = now
            pace = (now - first[0]) / (done - first[1]) if done > first[1] else None
            left = None if pace is None else pace * (total - done)
            note(folder, "running", done=done, total=total, left=left)

    found = compare(plan, layouts=request.layouts, seeds=request.seeds, progress=tick)
    found.write(folder)
    content = json.dumps(answer_of(found, request), ensure_ascii=False)
    storage.write_text(folder / "answer.json", content)


def note(
    folder: Path, phase: str, *, done: int = 0, total: int = 0, left: float | None = None, message: str = ""
) -> None:
    """Leaves word of the progress; `left` is the time left [s]."""
    content = {"phase": phase, "done": done, "total": total, "left": left, "message": message}
    storage.write_text(folder / "progress.json", json.dumps(content, ensure_ascii=False))


def _end_with_the_server() -> None:
    """Ends this process once the server's end of standard input is gone."""
    with contextlib.suppress(OSError):
        while os.read(0, 64):  # not sys.stdin: its lock would be held while the interpreter ends
            pass
    os._exit(1)


if __name__ == "__main__":
    threading.Thread(target=_end_with_the_server, daemon=True).start()
    sys.exit(main(Path(sys.argv[1])))
