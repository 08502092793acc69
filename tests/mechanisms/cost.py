"""What a mechanism costs: the files of code and words that know it, as the code stands today.

    python -m tests.mechanisms.cost

A file knows a mechanism if a name in its code (no comment, no docstring), or a key of the registry of words,
is one of the mechanism's own. What lets it happen is told apart from reports, charts and pages that show it.
Tests, docs and the catalogue of translations, which `sim.make_words` writes anew, do not count.
"""

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import sim

ROOT = Path(sim.__file__).parent
HAPPENS = (
    "engines", "experiment/size.py", "hour", "language", "mechanisms", "pilot.py", "platform", "rules",
    "scenario", "world",
)  # fmt: skip
"""Where a mechanism is made to happen, and gets its words; elsewhere it is shown or studied."""
ROOMS = "mechanisms|platform|rules|scenario|world"
"""Rooms in which a mechanism has modules of its own."""
PROOF = r"(brand[.])?(badge_)?proof(_share|_trust)?"
OWN: Mapping[str, tuple[str, str]] = {
    "repost": ("", r"reposts?(_\w+)?|Reposts?|shown_reposts"),
    "comment": ("comments", r"comment_(share|probability|window_h)|RELATIONS|Comment by.*"),
    "shared topic": ("shared_topics", r"topic_(probability|window_h)|Topic page"),
    "co-creation": ("cocreation", r"cocreation(_\w+)?"),
    "boosts": ("boosts|paid", r"[Bb]oosts|paid|Paid"),
    "topic heat": ("topics", r"topics[.](heat|window_h|post_weight|threshold|lift|page_share)"),
    "account luck": ("luck", r"(platform[.])?account_(luck|heat)_\w+|LUCK|HEAT"),
    "account weight": ("weight", r"account_weight(s|[.]\w+)?"),
    "campaign": ("campaign", r"[Cc]ampaign([.]\w+)?|LATE|posts[.]topics"),
    "enforcement": ("enforcement", r"enforcement([.]\w+)?|ENFORCE|violations|health"),
    "crowding": ("crowding", r"(platform[.])?same_day_elasticity"),
    "same content": ("copies", r"(platform[.])?same_content_\w+"),
    "one brief": ("alike", r"brief_similarity|rules[.]copies[.]alike"),
    "offers across status": ("status", r"status_power"),
    "fans erased": ("cleaning", r"cleaning([.]\w+)?|erased?|ERASED?"),
    "structure": ("structures?|publishers", r"structure([.]\w+)?|Structure"),
    "author scatter": ("scatter", r"(platform[.])?author_(decay|floor)|SCATTER|[Ss]catter"),
    "capacity": ("capacity", r"staff|(production[.])?posts_per_person_day"),
    "hooks": ("hooks", r"HOOKS|hooks[.](\w+_call|planted_comment|two_parts|lift|left)"),
    "dilution": ("dilution", r"dilution([.]\w+)?"),
    "search and nearby": ("entrances", r"search_(share|wait_h)|nearby(_share)?"),
    "verification": ("verification", PROOF),
    "proof before a follow": ("verification", r"(brand[.])?follow_proof(_share)?|page_follows|visit_follow"),
    "incubation": ("incubation", r"incubation([.]\w+)?|INCUBATED?|incubated(_\w+)?|.*of .incubation.*"),
    "market of creators": ("market|reliability", r"market([.]\w+)?|Market|BOOKED"),
    "repetition": ("repetition", r"(audience[.])?put_off_\w+|PUT_OFF|put_off|draw_put_off"),
    "the platform `percentile`": ("percentile", r"(platform[.])?percentile(_\w+)?"),
    "the platform `published`": ("published", r"(platform[.])?published_outranked_share|COLD|AGED"),
}  # fmt: skip
"""Each mechanism that came after version 0, by its name under contract (enrolled.py), and two platforms that
came with them: names of its modules, and further names that are its own."""


class Cost(NamedTuple):
    """Files that know a mechanism, below `sim`."""

    name: str
    happens: tuple[str, ...]
    shown: tuple[str, ...]


def costs() -> list[Cost]:
    """Each mechanism's files."""
    found = []
    for name, (module, own) in OWN.items():
        pattern = re.compile(rf"([\w.]+[.])?({ROOMS})[.]({module})([.]\w+)?|{own}" if module else own)
        files = sorted(path for path, names in _names().items() if any(map(pattern.fullmatch, names)))
        happens = tuple(path for path in files if path.startswith(HAPPENS))
        found.append(Cost(name, happens, tuple(path for path in files if path not in happens)))
    return found


def table() -> str:
    """Markdown: a row a mechanism, and the mean."""
    rows = (
        f"| {c.name} | {len(c.happens)} | {', '.join(f'`{path}`' for path in c.happens)} | {len(c.shown)} |\n"
        for c in costs()
    )
    happens = sum(len(c.happens) for c in costs()) / len(OWN)
    shown = sum(len(c.shown) for c in costs()) / len(OWN)
    return (
        "| mechanism | files | that make it happen | that show it |\n| --- | --- | --- | --- |\n"
        f"{''.join(rows)}\nOn average {happens:.1f} files make a mechanism happen, and {shown:.1f} show it.\n"
    )


@cache
def _names() -> Mapping[str, frozenset[str]]:
    """What stands in each file."""
    names = {}
    for path in sorted(ROOT.rglob("*.py")):
        place = path.relative_to(ROOT).as_posix()
        module = place.removesuffix(".py").replace("/", ".")
        names[place] = frozenset((module, *_of(ast.parse(path.read_text("utf-8")), module)))
    for path in sorted(ROOT.rglob("*.toml")):
        heads = re.findall(r'^\[?"?([\w.]+)"?\]? *(?:=|$)', path.read_text("utf-8"), re.MULTILINE)
        names[path.relative_to(ROOT).as_posix()] = frozenset(
            (*heads, *(head.split(".")[-1] for head in heads))
        )
    return names


def _of(tree: ast.AST, module: str) -> Iterator[str]:
    """Names in code: of modules, things, attributes, and texts."""
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=source, names=names):
                yield from (f"{source}.{alias.name}" for alias in names)
                yield from (str(source), *(alias.name for alias in names))
            case ast.Attribute(value=value, attr=attr):
                yield from (attr, f"{value.attr}.{attr}" if isinstance(value, ast.Attribute) else attr)
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name):
                yield from (name, f"{module}.{name}")
            case ast.Name(id=name) | ast.arg(arg=name) | ast.keyword(arg=str(name)):
                yield name
            case ast.Constant(value=str(text)) if id(node) not in told:
                yield text


if __name__ == "__main__":
    sys.stdout.write(table())
