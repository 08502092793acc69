"""What a report is made of: sections of paragraphs, tables and figures, as plain data.

Holds no words of its own and no markup: every text is as it will be read, names among them
untrusted. page.py sets it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from sim.language.words import Language


class Cell(NamedTuple):
    """A cell of a table."""

    text: str
    exact: str = ""
    """shown on hover: the number in full"""
    dot: str = ""
    """colour of the dot before it"""
    share: float | None = None
    """length of the bar behind it, 0 to 1"""
    small: str = ""
    """second line where a phone leaves columns out"""
    under: str = ""
    """second line anywhere: what it is called in files"""


class Column(NamedTuple):
    """A column of a table: its title and what it means."""

    title: str
    meaning: str = ""
    words: bool = False
    """holds text, which reads from the left; numbers stand on the right"""


@dataclass(frozen=True)
class Text:
    """A paragraph."""

    kind: ClassVar[str] = "text"
    text: str
    quiet: bool = False


@dataclass(frozen=True)
class Callout:
    """A sentence that must not be missed; in a colour where it is an answer."""

    kind: ClassVar[str] = "callout"
    text: str
    colour: str = ""


@dataclass(frozen=True)
class Table:
    """A table; the first column names the rows."""

    kind: ClassVar[str] = "table"
    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    legend: bool = False
    """whether the meanings are written below it"""


@dataclass(frozen=True)
class Figure:
    """A plotly figure with its height."""

    kind: ClassVar[str] = "figure"
    name: str
    """short, ASCII: the element's id and the name of a saved picture"""
    title: str
    figure: Any
    """made by sim.charts"""


@dataclass(frozen=True)
class Code:
    """A command line or file, word for word."""

    kind: ClassVar[str] = "code"
    text: str


@dataclass(frozen=True)
class Terms:
    """What columns mean, for readers on paper or without a mouse."""

    kind: ClassVar[str] = "terms"
    terms: Sequence[tuple[str, str]]
    exact: Sequence[str] = ()
    """of each the number in full, where they are numbers"""


@dataclass(frozen=True)
class Fold:
    """What is folded away until asked for; on paper it stands open, or not at all."""

    kind: ClassVar[str] = "fold"
    title: str
    blocks: Sequence["Block"]
    on_paper: bool = True


Block = Text | Callout | Table | Figure | Code | Terms | Fold


class Section(NamedTuple):
    """A heading and what stands below it."""

    title: str
    blocks: Sequence[Block]


class Report(NamedTuple):
    """A whole report."""

    language: Language
    title: str
    facts: str
    """one line below the title"""
    sections: Sequence[Section]
    footer: str

    def figures(self) -> list[Figure]:
        """Its figures, the main one first; those that are folded away last."""
        blocks = [block for section in self.sections for block in section.blocks]
        inside = [inner for block in blocks if isinstance(block, Fold) for inner in block.blocks]
        return [block for block in (*blocks, *inside) if isinstance(block, Figure)]

    def after(self, texts: Sequence[str]) -> "Report":
        """The same, with sentences that must not be missed before all else."""
        first, *others = self.sections
        told = [Callout(text) for text in texts]
        return self._replace(sections=[first._replace(blocks=[*told, *first.blocks]), *others])
