"""Logo and colour of one's own on the page for the boss.

Takes a picture's bytes and a colour as anybody may give them; gives them checked. Draws nothing.
"""

import base64
import re
from typing import NamedTuple

from sim.charts.theme import PALETTES
from sim.errors import UsageError

ACCENT = PALETTES["light"].accent
MOST_BYTES = 2_000_000
"""Size of a logo (chosen): it stands in a document of one page."""
SIGNS = {"png": b"\x89PNG\r\n\x1a\n", "jpeg": b"\xff\xd8\xff", "webp": b"RIFF"}
"""How the content of a picture begins, by kind."""
_SVG = re.compile(rb"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*(<!DOCTYPE[^>]*>\s*)?<svg[\s>]", re.DOTALL)


class Brand(NamedTuple):
    """Whose page it is."""

    colour: str = ACCENT
    """#RRGGBB, of lines and bars: never of text, whatever it is on white"""
    logo: str = ""
    """a picture as a data address; a browser runs nothing in it"""


def brand(logo: bytes = b"", colour: str = "", file: object = "") -> Brand:
    """A logo and a colour, each as the house has it where it is left out.

    Args:
        logo: content of a PNG, JPEG, WebP or SVG file.
        colour: #RRGGBB.
        file: what to call the logo in a message.
    Raises:
        UsageError: one of them is none.
    """
    if colour and not re.fullmatch("#[0-9A-Fa-f]{6}", colour):
        raise UsageError("{colour!r} is no colour; write it as #RRGGBB, such as #B3261E", colour=colour)
    return Brand(colour.upper() or ACCENT, _address(logo, file) if logo else "")


def _address(logo: bytes, file: object) -> str:
    if len(logo) > MOST_BYTES:
        raise UsageError("{file}: a logo has at most {most} MB", file=file, most=MOST_BYTES // 1_000_000)
    kind = next((kind for kind, sign in SIGNS.items() if logo.startswith(sign)), "")
    if kind == "webp" and logo[8:12] != b"WEBP":
        kind = ""
    if not kind and _SVG.match(logo.removeprefix(b"\xef\xbb\xbf")):
        kind = "svg+xml"
    if not kind:
        raise UsageError("{file}: is no picture that can be a logo; allowed: PNG, JPEG, WebP, SVG", file=file)
    return f"data:image/{kind};base64,{base64.b64encode(logo).decode()}"
