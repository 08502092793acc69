"""The blocks of code that a page of Markdown shows, and of what kind they are."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGES = {
    path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
    for path in [*ROOT.glob("*.md"), *ROOT.glob("benchmarks/*.md"), *sorted(ROOT.glob("docs/**/*.md"))]
}
SHELL = {"sh", "bash", "console", "shell"}
PROGRAMS = {"bash", "cd", "dask", "docker", "export", "for", "git", "matrixsim", "npm", "pip", "python", "uv"}


def blocks_in(text: str) -> list[tuple[str, str]]:
    """Kind and text of each block, without its indentation: python, toml, shell, or what its fence says."""
    found: list[tuple[str | None, list[str]]] = []
    fence: str | None = None
    inside = False
    for line in text.splitlines():
        if line.startswith("```"):
            fence = line[3:].strip() if fence is None else None
            if fence is not None:
                found.append((fence, []))
            inside = False
        elif fence is not None:
            found[-1][1].append(line.removeprefix("$ "))
        elif line.startswith("    ") or (inside and not line.strip()):
            if not inside:
                found.append((None, []))
            inside = True
            found[-1][1].append(line[4:])
        else:
            inside = False
    blocks = (("\n".join(lines).rstrip() + "\n", fence) for fence, lines in found)
    return [(_kind(block) if fence is None else fence, block) for block, fence in blocks]


def _kind(block: str) -> str:
    if re.match(r"(from [\w.]+ )?import ", block):
        return "python"
    if re.match(r"(?:[A-Z_]+=\S+ )*(\w*)", block)[1] in PROGRAMS:
        return "shell"
    try:
        tomllib.loads(block)
    except tomllib.TOMLDecodeError:
        return "unknown"
    return "toml"


def python_in(text: str) -> list[str]:
    """The blocks of Python."""
    return [block for kind, block in blocks_in(text) if kind == "python"]


def commands_in(text: str) -> list[str]:
    """The commands of the blocks of shell: a line each, but for lines that go on and loops."""
    commands, begun = [], ""
    for kind, block in blocks_in(text):
        for line in block.splitlines() if kind in SHELL else ():
            begun += line + "\n"
            whole = not line.endswith("\\") and not (begun.startswith("for ") and line != "done")
            if whole and begun.strip():
                commands.append(begun.strip())
            if whole:
                begun = ""
    return commands
