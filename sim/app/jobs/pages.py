"""Pages that are to be printed: kept for a worker to find, printed by it.

A page has the hash of its text for a name, so what is printed once need not be printed again. A text lies in
the cache folder until it is printed, or for a day.
"""

import hashlib
import re
import time
from pathlib import Path
from typing import Any

from sim import storage
from sim.app.jobs import drafts
from sim.app.jobs.questions import Printing
from sim.charts.paper import WIDTH_PX, Form, printed
from sim.errors import UsageError

NAME = re.compile(r"[0-9a-f]{32}")
KEPT_S = 24 * 3600
"""Time after which a page that nobody printed is deleted (chosen)."""


def keep(text: str) -> str:
    """Keeps the text of a page; its name.

    Raises:
        OSError: it cannot be kept.
    """
    name = hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
    _at("").mkdir(parents=True, exist_ok=True)
    for old in _at("").iterdir():
        if time.time() - old.stat().st_mtime > KEPT_S:
            old.unlink(missing_ok=True)
    storage.write_text(_at(name), text)
    return name


def printing(request: Printing, folder: Path, tick: object) -> dict[str, Any]:
    """Prints a page into the folder; its text is no longer needed then."""
    if not NAME.fullmatch(request.page) or request.form not in WIDTH_PX or not _at(request.page).is_file():
        raise UsageError("the page to print is not kept any more; ask for it again")
    form: Form = "png" if request.form == "png" else "pdf"
    content = printed(_at(request.page).read_text(encoding="utf-8"), form)
    storage.write_bytes(folder / f"page.{form}", content)
    _at(request.page).unlink(missing_ok=True)
    return {"bytes": len(content)}


def _at(name: str) -> Path:
    return drafts.base() / "pages" / name
