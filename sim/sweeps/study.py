"""The folder of a study: made, or found to be the same one.

Takes a folder and what makes a study this one; writes it down beside the study. Knows no search.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim import storage
from sim.errors import DamagedError, Phrase, UsageError


def open_folder(out: Path, same: Mapping[str, Any]) -> None:
    """Makes the folder, or finds that the study in it is this one.

    Raises:
        UsageError: it holds another study, or other files.
    """
    note = out / "study.json"
    if note.exists():
        try:
            holds = json.loads(note.read_text("utf-8"))
        except ValueError as error:
            raise DamagedError(
                str(note),
                Phrase("it is no JSON"),
                Phrase("delete {folder}, or name another folder", folder=out),
            ) from error
        if holds != same:
            raise UsageError("{out}: holds the study of something else; name another folder", out=out)
        return
    if out.exists() and any(out.iterdir()):
        raise UsageError("{out}: is a folder with other files; name a new one", out=out)
    out.mkdir(parents=True, exist_ok=True)
    storage.write_json(note, dict(same))
