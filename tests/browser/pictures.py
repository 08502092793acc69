"""Pictures of every page for docs: `python -m tests.browser.pictures [PAGE ...] [--folder DIR] [--quick]`.

Each page in both languages, on both grounds, at desktop and phone size; `--quick` takes English light
desktop and Chinese dark phone alone.
"""

import argparse
import tempfile
from itertools import product
from pathlib import Path
from typing import Any

from PIL import Image

from benchmarks.serving import ROOT, serving, warmed
from tests.browser.driving import DESKTOP, PAGES, PHONE, browsing, opened

SIZES = {"desktop": DESKTOP, "phone": PHONE}
EVERY = tuple(product(("en", "zh"), ("light", "dark"), SIZES))
QUICK = (("en", "light", "desktop"), ("zh", "dark", "phone"))
COLOURS = 256
"""Of a picture: a palette makes the files a third as large; chosen to cover colours that few pixels have."""


def take(page: Any, file: Path) -> None:
    """A picture of the whole page."""
    height = page.evaluate("document.querySelector('[data-testid=\"stMainBlockContainer\"]').scrollHeight")
    page.set_viewport_size({"width": page.viewport_size["width"], "height": int(height) + 40})
    page.wait_for_timeout(500)
    page.screenshot(path=file)
    image = Image.open(file)
    image.convert("RGB").quantize(
        COLOURS, Image.Quantize.MAXCOVERAGE, kmeans=3, dither=Image.Dither.NONE
    ).save(file, optimize=True)


def main() -> None:
    """Takes them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", nargs="*", default=list(PAGES))
    parser.add_argument("--folder", type=Path, default=ROOT / "docs" / "pictures")
    parser.add_argument("--quick", action="store_true")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as cache,
        serving(warmed(Path(cache))) as server,
        browsing() as browser,
    ):
        for name in given.pages:
            for language, ground, size in QUICK if given.quick else EVERY:
                page = opened(
                    browser,
                    f"{server.address}/{PAGES[name]}",
                    language=language,
                    ground=ground,
                    size=SIZES[size],
                )
                file = given.folder / f"{name}-{language}-{ground}-{size}.png"
                take(page, file)
                print(file, *page.faults)  # noqa: T201
                page.context.close()


if __name__ == "__main__":
    main()
