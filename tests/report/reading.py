"""What tests of reports read from them."""

from pathlib import Path

from sim.report.comparison import comparison_report
from sim.report.folder import RunFiles, opened
from sim.report.parts import Block, Fold, Report, Table
from sim.report.run import run_report


def told(folder: Path, language: str) -> Report:
    files = opened(folder)
    if isinstance(files, RunFiles):
        return run_report(files, language)
    return comparison_report(files, language)


def blocks(report: Report) -> list[Block]:
    found: list[Block] = []
    for section in report.sections:
        for block in section.blocks:
            found += [block, *(block.blocks if isinstance(block, Fold) else ())]
    return found


def table(report: Report, title: str) -> Table:
    return next(b for b in blocks(report) if isinstance(b, Table) and b.title == title)


def column(found: Table, title: str) -> list[str]:
    place = [c.title for c in found.columns].index(title)
    return [row[place].text for row in found.rows]


def exact(found: Table, title: str) -> int:
    """The sum of a column of counts, in full."""
    place = [c.title for c in found.columns].index(title)
    return sum(int(row[place].exact.replace(",", "")) for row in found.rows)
