"""Brings the Chinese catalogue up to date and compiles it: `python -m sim.app.make_words`.

New texts are added without a translation, unused ones are dropped; a test fails while either is
left, and while the compiled catalogue differs from the readable one.
"""

import io

from babel.messages import pofile
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo

from sim import storage
from sim.app.words import DOMAIN, LOCALE

FOLDER = LOCALE / "zh" / "LC_MESSAGES"
READABLE = FOLDER / f"{DOMAIN}.po"
COMPILED = FOLDER / f"{DOMAIN}.mo"
KEYWORDS = {"_": None, "N_": None, "NC_": ((1, "c"), 2), "words": None}
"""Calls whose first text is a message."""


def written() -> Catalog:
    """The texts in the code of the app."""
    found = Catalog(project="matrixsim", charset="utf-8")
    for file, _, message, _, context in extract_from_dir(LOCALE.parent, [("**.py", "python")], keywords=KEYWORDS):
        found.add(message, locations=[(file, 0)], context=context)
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


def main() -> None:
    """Updates and compiles the catalogue."""
    catalogue = translated()
    catalogue.update(written(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    content = io.BytesIO()
    pofile.write_po(content, catalogue, width=110, omit_header=False, no_location=False, sort_output=True)
    storage.write_bytes(READABLE, content.getvalue())
    storage.write_bytes(COMPILED, compiled(catalogue))


if __name__ == "__main__":
    main()
