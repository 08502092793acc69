"""Brings the Chinese catalogue up to date and compiles it: `python -m sim.make_words`.

New texts are added without a translation, unused ones are dropped; a test fails while either is
left, and while the compiled catalogue differs from the readable one.
"""

import ast
import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages import pofile
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from sim import storage
from sim.language.words import DOMAIN, LOCALE
from sim.scenario.reference import parameters

PACKAGE = Path(__file__).parent
FOLDER = LOCALE / "zh" / "LC_MESSAGES"
READABLE = FOLDER / f"{DOMAIN}.po"
COMPILED = FOLDER / f"{DOMAIN}.mo"
ERRORS = ("Phrase", "BrokenPluginError", "UsageError", "RunError", "StoppedError")
CALLS = ("words", "say", "N_", "NC_", *ERRORS)
"""Calls whose last text is a message; with NC_ the first one is its context."""


def written() -> Catalog:
    """The texts in the code, and what the schema says about the keys of a scenario."""
    found = Catalog(project="matrixsim", charset="utf-8")
    for file in sorted(PACKAGE.rglob("*.py")):
        for texts in _texts(ast.parse(file.read_text(encoding="utf-8"))):
            place = file.relative_to(PACKAGE).as_posix().removeprefix("app/")
            found.add(texts[-1], locations=[(place, 0)], context=texts[0] if len(texts) > 1 else None)
    for row in parameters():
        for text in filter(None, (row.description, row.unit, row.source)):
            found.add(text, locations=[("../scenario", 0)])
    return found


def translated() -> Catalog:
    """The catalogue as it lies on disk."""
    with READABLE.open("rb") as file:
        return pofile.read_po(file, locale="zh", domain=DOMAIN, abort_invalid=True)


def compiled(catalogue: Catalog) -> bytes:
    """The catalogue as gettext reads it."""
    content = io.BytesIO()
    write_mo(content, catalogue)
    return content.getvalue()


def _texts(code: ast.AST) -> Iterator[list[str]]:
    """The texts of every call; babel's own reader misses those inside f-strings."""
    for node in ast.walk(code):
        if not isinstance(node, ast.Call):
            continue
        maker = node.func.func if isinstance(node.func, ast.Call) else None  # Words(language)("…")
        if getattr(maker, "id", "") == "Words" or getattr(node.func, "id", "") in CALLS:
            texts = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
            if len(texts) == (2 if getattr(node.func, "id", "") == "NC_" else 1):
                yield texts


def main() -> None:
    """Updates and compiles the catalogue."""
    catalogue = translated()
    catalogue.update(written(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    content = io.BytesIO()
    pofile.write_po(content, catalogue, width=110, sort_output=True)
    storage.write_bytes(READABLE, content.getvalue())
    storage.write_bytes(COMPILED, compiled(catalogue))


if __name__ == "__main__":
    main()
