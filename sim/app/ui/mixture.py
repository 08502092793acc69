"""A mix of topics or ingredients as one line of text that people read and write: `skincare 0.5, makeup 0.3`.

Whether shares sum to 1 and names are known is for the schema to check.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence

SEPARATORS = ",，、;；\n"
TOKEN = re.compile(rf'"(?:[^"\\]|\\.)*"|[{SEPARATORS}]|[^{SEPARATORS}"]+|"')
SHARE = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?\s*[%％]?"
PIECE = re.compile(
    rf"""(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<bare>[^"]*?))(?:(?:\s+|\s*[:：=]\s*)(?P<share>{SHARE}))?""",
    re.IGNORECASE,
)
GLUED = re.compile(rf"(?P<bare>\D+?)(?P<share>{SHARE})", re.IGNORECASE)
LONGEST_PIECE, MOST_PIECES = 1000, 100
"""Of a mix: far beyond any that is allowed, so that reading one takes no time."""
PERCENT = 100


def mix_text(mix: Mapping[str, float]) -> str:
    """A mix such as that of topics, to be read and edited: `skincare 0.5, makeup 0.3`.

    One text, not one column a topic: shares must sum to 1, so with columns every change of a mix would
    pass through a wrong one, and 16 topics would push all else off the table. It is also one cell to copy.
    """
    return ", ".join(f"{_mix_name(name)} {share!r}" for name, share in mix.items())


def mix_of(text: str, known: Sequence[str] = ()) -> dict[str, float]:
    """The mix that a text writes; shares as 0.5 or 50 %, a single name for all of it.

    Args:
        text: names and shares; names with signs that separate stand in quotes.
        known: names that may have no space before their share, as Chinese is written.
    Raises:
        ValueError: a share is missing or no number, a name is missing or there twice.
    Example:
        >>> mix_of("skincare 0.5、makeup 50%")
        {'skincare': 0.5, 'makeup': 0.5}
    """
    pieces = list(_pieces(text, known))
    if len(pieces) == 1 and pieces[0][1] is None:
        return {pieces[0][0]: 1.0}
    mix = dict[str, float]()
    for name, share in pieces:
        if share is None:
            raise ValueError(f"the share of {name!r} is missing")
        if name in mix:
            raise ValueError(f"{name!r} is listed twice")
        number = share.rstrip("%％").strip()
        mix[name] = float(number) if number == share else float(number) / PERCENT
    return mix


def _pieces(text: str, known: Sequence[str]) -> Iterator[tuple[str, str | None]]:
    for piece in _split(text):
        if len(piece) > LONGEST_PIECE:
            raise ValueError("is too long")
        found = PIECE.fullmatch(piece)
        if found is None:
            raise ValueError(f"the share of {piece!r} is no number")
        name, share = (found["bare"] or "").strip(), found["share"]
        if found["quoted"] is not None:
            name = _unquoted(found["quoted"])
        elif share is None and name not in known:
            glued = GLUED.fullmatch(name)
            if glued and glued["bare"].strip() in known:
                name, share = glued["bare"].strip(), glued["share"]
        if not name:
            raise ValueError("a name is missing")
        yield name, share


def _split(text: str) -> list[str]:
    """The pieces between signs that separate, those in quotes left alone; a last empty one does not count."""
    pieces = [""]
    for token in TOKEN.findall(text):
        if token in SEPARATORS:
            pieces.append("")
        else:
            pieces[-1] += token
    if len(pieces) > MOST_PIECES:
        raise ValueError("has too many entries")
    pieces = [piece.strip() for piece in pieces]
    return pieces if pieces[-1] else pieces[:-1]


def _mix_name(name: str) -> str:
    """A name as it is read back; in quotes where it would be read as something else."""
    try:
        if mix_of(f"{name} 1.0") == {name: 1.0} == mix_of(name):
            return name
    except ValueError:
        pass
    return json.dumps(name, ensure_ascii=False)


def _unquoted(inside: str) -> str:
    try:
        return str(json.loads(f'"{inside}"', strict=False))
    except ValueError:
        return inside
