"""A page of HTML as a PDF or a long PNG, printed by a Chromium of this machine, where one is there.

Takes the text of a page that needs nothing beside it and says `data-drawn` at its root once it stands;
gives a file's content. As with a picture, a process of its own does it and is ended after a while. Fetches
nothing: the page's own policy forbids it.
"""

import asyncio
import base64
import json
import sys
import tempfile
from pathlib import Path
from typing import Any, Literal

from sim.charts.picture import available, drawn_by
from sim.errors import RunError

Form = Literal["pdf", "png"]
WIDTH_PX: dict[Form, int] = {"pdf": 688, "png": 640}
"""Width of a page: of A4 between margins of 14 mm; of a picture that a phone shows whole (chosen)."""
SHARPNESS = 2
"""Pixels of a picture for one of the page."""
TALLEST_PX = 8000
"""Height of a picture: a browser draws no more than 16,384 of its pixels."""
DRAWN = (
    "new Promise((done) => { const look = () => document.documentElement?.dataset.drawn ? done(true) "
    ": setTimeout(look, 20); look(); })"
)
"""Waits in the page until it stands."""


def printed(text: str, form: Form) -> bytes:
    """A page as a file.

    Raises:
        RunError: there is no browser for it, or it failed, or not in time.
    """
    if not available():
        raise RunError(
            "PDF and PNG are printed by a browser, and none was found: install Chromium or Chrome, and "
            "pip install 'matrixsim[pictures]'; HTML and Excel do without"
        )
    return drawn_by("sim.charts.paper", {"text": text, "form": form})


async def _printed(text: str, form: Form) -> bytes:
    from choreographer import Browser

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "page.html"
        file.write_text(text, encoding="utf-8")
        async with Browser(headless=True, enable_gpu=False) as browser:
            tab = await browser.create_tab()
            screen = {"width": WIDTH_PX[form], "height": 900, "deviceScaleFactor": SHARPNESS, "mobile": False}
            await _asked(tab, "Emulation.setDeviceMetricsOverride", screen)
            await _asked(tab, "Page.navigate", {"url": file.as_uri()})
            await _told(tab, DRAWN)
            if form == "pdf":
                await _asked(tab, "Emulation.setEmulatedMedia", {"media": "screen"})
                found = await _asked(
                    tab, "Page.printToPDF", {"printBackground": True, "preferCSSPageSize": True}
                )
            else:
                height = min(await _told(tab, "document.documentElement.scrollHeight"), TALLEST_PX)
                clip = {"x": 0, "y": 0, "width": WIDTH_PX[form], "height": height, "scale": 1}
                whole = {"format": "png", "captureBeyondViewport": True, "clip": clip}
                found = await _asked(tab, "Page.captureScreenshot", whole)
    return base64.b64decode(found["data"])


async def _asked(tab: Any, command: str, given: dict[str, Any]) -> dict[str, Any]:
    answer = await tab.send_command(command, given)
    if "error" in answer:
        raise RuntimeError(f"{command}: {answer['error'].get('message')}")
    return dict(answer["result"])


async def _told(tab: Any, expression: str) -> Any:
    given = {"expression": expression, "returnByValue": True, "awaitPromise": True}
    answer = await _asked(tab, "Runtime.evaluate", given)
    return answer["result"].get("value")


def main() -> None:
    """Prints what standard input asks for; the file goes to standard output."""
    asked = json.load(sys.stdin)
    sys.stdout.buffer.write(asyncio.run(_printed(asked["text"], asked["form"])))


if __name__ == "__main__":
    main()
