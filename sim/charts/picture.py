"""A figure as a PNG or SVG file, drawn by kaleido in a Chromium of this machine, where both are there.

Takes a figure; gives a file's content. A process of its own draws it and is ended after a while,
so that a browser that hangs holds nobody up. Fetches nothing: plotly.js is plotly's own.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from html import escape
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Literal

import plotly.graph_objects as go

from sim.errors import Phrase, RunError

Format = Literal["png", "svg"]
PATIENCE_S = 60.0
"""Time for the browser to start and draw: 3 s warm, 11 s measured from a cold disk (chosen)."""
SHARPNESS = 2
"""Pixels of a PNG for one of the screen: sharp on slides."""
WIDTH_PX, HEIGHT_PX = 1000, 400
TITLE_PX, EDGE_PX = 92, 24


@cache
def available() -> bool:
    """Whether kaleido and a Chromium are there."""
    try:
        version("kaleido")
        from choreographer.browsers.chromium import Chromium

        return Chromium.find_browser(skip_local=False) is not None
    except (PackageNotFoundError, ImportError, OSError):
        return False


def picture(figure: go.Figure, form: Format, title: str = "", patience_s: float = PATIENCE_S) -> bytes:
    """A figure as a file.

    Args:
        figure: with a height; its width is that of a page.
        form: png or svg.
        title: above the figure; on a slide it stands alone.
        patience_s: after which it is given up [s].
    Raises:
        RunError: it cannot be drawn, or not in time.
    """
    content, height = json.loads(figure.to_json()), figure.layout.height or HEIGHT_PX
    if title:
        height += TITLE_PX
        margin = {"l": EDGE_PX, "r": EDGE_PX, "b": EDGE_PX, **content["layout"].get("margin", {})}
        content["layout"]["margin"] = margin | {"t": TITLE_PX + margin.get("t", 0)}
        content["layout"]["title"] = {
            "text": f"<b>{escape(title, quote=False)}</b>",
            "font": {"size": 20},
            "x": 0.02,
            "y": 1,
            "yref": "container",
            "yanchor": "top",
            "pad": {"t": EDGE_PX},
        }
        if (legend := content["layout"].get("legend", {})).get("y") == 1:  # beneath the title, at the plot
            legend.update(yref="paper", yanchor="bottom")
    asked = {"figure": content, "form": form, "height": height}
    return drawn_by("sim.charts.picture", asked, patience_s)


def drawn_by(module: str, asked: Mapping[str, Any], patience_s: float = PATIENCE_S) -> bytes:
    """What a module's `main`, in a process of its own, makes of what it is asked.

    Raises:
        RunError: nothing, or not in time.
    """
    root = str(Path(__file__).resolve().parents[2])
    path = os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])])
    process = subprocess.Popen(  # noqa: S603  modules of our own
        [sys.executable, "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
        start_new_session=True,  # so that its browser can be ended with it
    )
    try:
        content, said = process.communicate(json.dumps(asked).encode(), timeout=patience_s)
    except subprocess.TimeoutExpired:
        raise RunError("the picture was not drawn within {seconds:g} s", seconds=patience_s) from None
    finally:
        _end(process)
    if process.returncode or not content:
        lines = said.decode(errors="replace").strip().splitlines()
        raise RunError(
            "the picture could not be drawn: {why}", why=lines[-1] if lines else Phrase("no reason given")
        )
    return content


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Ends the process and the browser that it started."""
    with contextlib.suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.communicate()


async def _drawn(asked: dict[str, Any]) -> bytes:
    from kaleido import Kaleido, PageGenerator

    own = PageGenerator(mathjax=False)  # mathjax would come from the network
    opts = {"format": asked["form"], "width": WIDTH_PX, "height": asked["height"], "scale": SHARPNESS}
    if asked["form"] == "svg":
        opts["scale"] = 1
    async with Kaleido(n=1, timeout=PATIENCE_S, page_generator=own) as browser:
        return bytes(await browser.calc_fig(asked["figure"], opts=opts))


def main() -> None:
    """Draws what standard input asks for; the file goes to standard output."""
    import asyncio

    sys.stdout.buffer.write(asyncio.run(_drawn(json.load(sys.stdin))))


if __name__ == "__main__":
    main()
