"""docs/evidence.md: sections between two comments, each stamped with the rules version that it was made with."""

import ast
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from sim.sources import rules_version

TESTS = Path(__file__).parents[1]
PAGE = TESTS.parent / "docs" / "evidence.md"
HEAD = """# Evidence

Every figure here is written by `uv run pytest -m evidence`; a section is replaced when its test runs again. The last line of
a section names the version of the rules that it was made with; `uv run python -m tests.evidence.stale` lists those that
today's rules might no longer give.
"""
SECTION = re.compile(r"<!-- (?P<name>\S+) -->\n(?P<text>.*?)<!-- end -->\n", re.DOTALL)
STAMP = "Made with rules `{}`."
STAMPED = re.compile(re.escape(STAMP).replace(r"\{\}", "([0-9a-f]+)") + r"\n\Z")


def replaced(page: str, name: str, title: str, text: str) -> str:
    """The page with this section, stamped with today's rules, in the place of the older one or at the end."""
    block = (
        f"<!-- {name} -->\n## {title}\n\n{text.strip()}\n\n{STAMP.format(rules_version())}\n<!-- end -->\n"
    )
    for found in SECTION.finditer(page):
        if found["name"] == name:
            return page[: found.start()] + block + page[found.end() :]
    return f"{page or HEAD}\n{block}"


def stamps(page: str) -> dict[str, str | None]:
    """The rules version of each section; None where it was made before there were stamps."""
    return {
        found["name"]: stamp[1] if (stamp := STAMPED.search(found["text"])) else None
        for found in SECTION.finditer(page)
    }


def studies(folder: Path = TESTS) -> Iterator[str]:
    """The tests that write a section: those that ask for the fixture `section`; a helper may be handed it."""
    for file in sorted(folder.rglob("test_*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if not isinstance(node, ast.FunctionDef) or not node.name.startswith("test_"):
                continue
            if any(a.arg == "section" for a in node.args.args):
                yield node.name


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table of a section."""
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows))
