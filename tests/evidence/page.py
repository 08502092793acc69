"""docs/evidence.md: sections between two comments, each stamped with the rules version that it was made with.

Whether a section still holds is asked of results, not of sources: of the frozen digests (tests/golden.json,
every mechanism and platform at work) and of the numbers of the shipped answers, in which comparisons, intervals
and mixes stand. A source that moves, or a mechanism that comes and is off, ages no study; one number that
moves ages them all.
"""

import ast
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.app.jobs.store import READY
from sim.sources import rules_version

TESTS = Path(__file__).parents[1]
PAGE = TESTS.parent / "docs" / "evidence.md"
HEAD = """# Evidence

Every figure here is written by `uv run pytest -m evidence`; a section is replaced when its test runs again. The last line of
a section names the version of the rules that it was made with, the frozen results and the shipped answers of that day;
`uv run python -m tests.evidence.stale` lists those since which a result or an answer has moved.
"""
SECTION = re.compile(r"<!-- (?P<name>\S+) -->\n(?P<text>.*?)<!-- end -->\n", re.DOTALL)
STAMPED = re.compile(r"Made with rules `[0-9a-f]+`, (results `[0-9a-f]+`, answers `[0-9a-f]+`)\.\n\Z")
GOLDEN = TESTS / "golden.json"


def digest(values: Any) -> str:
    """Of what JSON can say [8 hex digits]."""
    return hashlib.blake2b(json.dumps(values, sort_keys=True).encode(), digest_size=4).hexdigest()


def results_version(frozen: Mapping[str, str] | None = None) -> str:
    """Digest of the frozen digests: those of today where none are handed in [8 hex digits]."""
    return digest(frozen if frozen is not None else json.loads(GOLDEN.read_text("utf-8")))


def numbers(answer: Any, place: str = "") -> Iterator[tuple[str, float]]:
    """Every number of an answer with the place where it stands."""
    if isinstance(answer, dict):
        for key, value in answer.items():
            yield from numbers(value, f"{place}/{key}")
    elif isinstance(answer, list):
        for at, value in enumerate(answer):
            yield from numbers(value, f"{place}/{at}")
    elif isinstance(answer, (int, float)):
        yield place, answer


def answers_version(folder: Path = READY) -> str:
    """Digest of the numbers of the shipped answers; how they are told may change [8 hex digits]."""
    files = sorted(folder.glob("*.json"))
    return digest({file.stem: list(numbers(json.loads(file.read_text("utf-8")))) for file in files})


def today() -> str:
    """What a section says of the results that it rests on."""
    return f"results `{results_version()}`, answers `{answers_version()}`"


def carried(page: str, old: str, new: str) -> str:
    """The page where the frozen results of a new set say of its sections what those of the old one said."""
    return page.replace(f"results `{old}`", f"results `{new}`")


def replaced(page: str, name: str, title: str, text: str) -> str:
    """The page with this section, stamped with today's rules, in the place of the older one or at the end."""
    stamp = f"Made with rules `{rules_version()}`, {today()}."
    block = f"<!-- {name} -->\n## {title}\n\n{text.strip()}\n\n{stamp}\n<!-- end -->\n"
    for found in SECTION.finditer(page):
        if found["name"] == name:
            return page[: found.start()] + block + page[found.end() :]
    return f"{page or HEAD}\n{block}"


def stamps(page: str) -> dict[str, str | None]:
    """The results that each section rests on; None where it was made before they were said."""
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
