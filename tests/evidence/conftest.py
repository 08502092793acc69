"""Evidence: long runs that write their figures into docs/evidence.md, a section a test."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "evidence.md"
HEAD = """# Evidence

Every figure here is written by `uv run pytest -m evidence`; a section is replaced when its test runs again.
"""


@pytest.fixture
def section(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Writes a section of the page: title and text; the test's name is its anchor."""

    def write(title: str, text: str) -> None:
        name = request.node.name
        page = PAGE.read_text("utf-8") if PAGE.exists() else HEAD
        block = f"<!-- {name} -->\n## {title}\n\n{text.strip()}\n<!-- end -->\n"
        found = re.compile(rf"<!-- {re.escape(name)} -->.*?<!-- end -->\n", re.DOTALL)
        page = found.sub(lambda _: block, page) if found.search(page) else f"{page}\n{block}"
        PAGE.write_text(page, "utf-8")

    return write
