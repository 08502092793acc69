"""Evidence: long runs that write their figures into docs/evidence.md, a section a test."""

from collections.abc import Callable

import pytest

from tests.evidence.page import PAGE, replaced


@pytest.fixture
def section(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Writes a section of the page: title and text; the test's name is its anchor."""

    def write(title: str, text: str) -> None:
        page = PAGE.read_text("utf-8") if PAGE.exists() else ""
        PAGE.write_text(replaced(page, request.node.name, title, text), "utf-8")

    return write
