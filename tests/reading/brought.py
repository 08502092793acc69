"""One export, given as text, as it is read; for tests of quirks."""

from sim.reading.read import Read, read
from tests.reading.exports import as_csv

NAME = "export.csv"


def brought(content: bytes | str, name: str = NAME, **options) -> Read:
    if isinstance(content, str):
        content = content.encode()
    return read(name, contents={name: content}, account="a", **options)


def videos(text: str, **options) -> list[dict]:
    return list(brought(text, **options).videos.iter_rows(named=True))


def column(head: str, *cells: str, name: str, **options):
    """What the cells of one column are read as, beside titles and plays."""
    rows = [["作品名称", "播放量", head], *([f"t{k}", "100", cell] for k, cell in enumerate(cells))]
    return brought(as_csv(rows), **options).videos[name].to_list()


def english(head: str, *cells: str, name: str, **options):
    rows = [["title", "views", head], *([f"t{k}", "100", cell] for k, cell in enumerate(cells))]
    return brought(as_csv(rows), **options).videos[name].to_list()


def said(found: Read) -> str:
    return "\n".join(str(note) for table in found.files for note in table.notes)


def skipped(found: Read) -> dict[int, str]:
    return {n: str(why) for table in found.files for n, why in table.skipped}
