"""Writes sections 3 and 7 of the ODD description anew from the code: `python -m sim.make_odd`.

Section 3 is the plan of the hour: each stage by its docstring, and the mechanisms that have a hook there.
Section 7 is every module whose docstring has a paragraph 'Model: …'. A test fails while the page differs.
"""

import ast
import re
from collections.abc import Iterator
from inspect import getattr_static, getdoc
from pathlib import Path
from textwrap import fill
from typing import NamedTuple

from sim import storage
from sim.hour.plan import PLAN
from sim.hour.run import Mechanism
from sim.mechanisms import MECHANISMS

PACKAGE = Path(__file__).parent
PAGE = PACKAGE.parent / "docs" / "explanation" / "odd.md"
ROWS = re.compile(r" \((\w\d+(?:(?:, |-)\w\d+)*)\)")
"""Rows of the system list in the first line of a docstring."""


class Submodel(NamedTuple):
    """One row of section 7."""

    name: str
    rows: str
    module: str
    says: str


def scheduling() -> Iterator[str]:
    """Section 3: the stages in order."""
    for number, stage in enumerate(PLAN, 1):
        said = " ".join((getdoc(stage.act) or "").split())
        yield fill(f"{number}. **{stage.name.capitalize()}.** {said}", 120, subsequent_indent="   ")
        for hook in stage.hooks:
            nothing = getattr_static(Mechanism, hook)
            at_work = [_named(kind) for kind in MECHANISMS if getattr_static(kind, hook) is not nothing]
            said = f"`{hook}`: {', '.join(at_work) or 'none of ours yet, open to plug-ins'}"
            yield f"   - {said}"


def _named(kind: type[Mechanism]) -> str:
    module = kind.__module__.rpartition(".")[2]
    return f"{module} ({kind.rows.replace(' ', ', ')})" if kind.rows else module


def submodels() -> list[Submodel]:
    """Section 7, by row of the system list."""
    found = [own for file in PACKAGE.rglob("*.py") if (own := _submodel(file)) is not None]
    return sorted(
        found, key=lambda own: ([(r[0], int(r[1:])) for r in re.findall(r"\w\d+", own.rows)], own.module)
    )


def _submodel(file: Path) -> Submodel | None:
    paragraphs = (ast.get_docstring(ast.parse(file.read_text("utf-8"))) or "").split("\n\n")
    says = [" ".join(text.split()) for text in paragraphs if text.startswith("Model: ")]
    if not says:
        return None
    title = " ".join(paragraphs[0].split())
    rows = ", ".join(ROWS.findall(title))
    name = re.split(r"[:.]", ROWS.sub("", title))[0]
    return Submodel(
        name, rows, file.relative_to(PACKAGE).as_posix(), says[0].removeprefix("Model: ").rstrip(".")
    )


def page(before: str) -> str:
    """The page with both sections as the code has them, the rest as it was."""
    rows = [("submodel", "rows", "module", "in one sentence"), ("---",) * 4]
    rows += [(own.name, own.rows, f"`{own.module}`", own.says.replace("|", r"\|")) for own in submodels()]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return _between(_between(before, "stages", "\n".join(scheduling())), "submodels", table)


def _between(text: str, name: str, new: str) -> str:
    begin, end = f"<!-- {name}: python -m sim.make_odd -->\n", f"\n<!-- end of {name} -->"
    head, _, rest = text.partition(begin)
    return head + begin + new + end + rest.partition(end)[2]


if __name__ == "__main__":
    storage.write_text(PAGE, page(PAGE.read_text("utf-8")))
