"""Plug-ins: mechanisms and platform models of others, found by the entry points of what is installed.

Takes the names of two groups; gives what is there, classes on demand, and a digest of their sources. Nothing
is imported before a scenario names it, so a broken plug-in harms nobody who does not ask for it. What a class
has to be is known by whoever asks (scenario/plugged.py, platform/models.py, mechanisms).
"""

import hashlib
import re
import sys
from collections import Counter
from collections.abc import Sequence
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any, NamedTuple

from sim.errors import MatrixsimError, Phrase, RunError

MECHANISM, PLATFORM = "matrixsim.mechanisms", "matrixsim.platforms"
GROUPS = (MECHANISM, PLATFORM)
"""Groups of entry points; a name in them is that of the plug-in, and of its table in a scenario."""
NAME = re.compile(r"[a-z][a-z0-9_]{0,49}")


class BrokenPluginError(RunError):
    """A plug-in that is installed and cannot be used: which entry point of which distribution, and why."""


class Plugin(NamedTuple):
    """One entry point."""

    group: str
    name: str
    value: str
    """module:class"""
    distribution: str
    """name and version of what it was installed with"""

    @property
    def place(self) -> str:
        """Where it comes from, in words."""
        return f"entry point {self.name} = {self.value} of {self.distribution}, group {self.group}"

    @property
    def module(self) -> str:
        """The module or package that holds it, on the first level."""
        return self.value.partition(":")[0].partition(".")[0].strip()


@cache
def installed() -> tuple[Plugin, ...]:
    """All plug-ins of this environment, by group and name."""
    rows = [_row(group, entry) for group in GROUPS for entry in entry_points(group=group)]
    return tuple(sorted(set(rows)))


def names(group: str) -> tuple[str, ...]:
    """Names of the plug-ins of a group."""
    return tuple(dict.fromkeys(plugin.name for plugin in installed() if plugin.group == group))


@cache
def loaded(name: str) -> tuple[Plugin, Any]:
    """A plug-in and its class.

    Raises:
        BrokenPluginError: it cannot be imported, is no class, its name is no key, or two have the name.
    """
    found = [plugin for plugin in installed() if plugin.name == name]
    if len(found) != 1:
        places = "; ".join(plugin.place for plugin in found)
        raise BrokenPluginError("two plug-ins have one name: {places}", places=places)
    (plugin,) = found
    if not NAME.fullmatch(name):
        raise broken(plugin, Phrase("its name is no key: small letters, digits and _ only"))
    try:
        kind = EntryPoint(plugin.name, plugin.value, plugin.group).load()
    except (Exception, SystemExit) as error:  # whatever a stranger's module does when it is imported
        why = Phrase("it cannot be imported: {kind}: {error}", kind=type(error).__name__, error=str(error))
        raise broken(plugin, why) from error
    if not isinstance(kind, type):
        raise broken(plugin, Phrase("it is no class"))
    return plugin, kind


def broken(plugin: Plugin, why: Phrase) -> BrokenPluginError:
    """The error that says so."""
    return BrokenPluginError(
        "plug-in {name} is broken: {why} ({place})", name=plugin.name, why=why, place=plugin.place
    )


class blamed:  # noqa: N801  used as a word of the language; a generator takes three times as long, every hour
    """Says which plug-ins were at work where something fails that nobody has foreseen.

    Args:
        at_work: names of the plug-ins that the scenario names.
    Raises:
        BrokenPluginError: from whatever was raised, which a caller in Python still sees.
    """

    def __init__(self, at_work: Sequence[str]) -> None:
        self.at_work = at_work

    def __enter__(self) -> None:
        pass

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        if not isinstance(error, Exception) or isinstance(error, MatrixsimError | MemoryError):
            return
        if places := [plugin.place for plugin in installed() if plugin.name in self.at_work]:
            raise BrokenPluginError(
                "a run with a plug-in failed: {kind}: {error} ({places})",
                kind=type(error).__name__, error=str(error), places="; ".join(places),
            ) from error  # fmt: skip


@cache
def digest() -> str:
    """Digest of all plug-ins with their sources [16 hex digits]; '' where there are none."""
    if not installed():
        return ""
    found = hashlib.blake2b(digest_size=8)
    for plugin in installed():
        found.update("\0".join(plugin).encode() + b"\0")
    for module in sorted(Counter(plugin.module for plugin in installed())):
        for file in _sources(module):
            found.update(file.name.encode() + b"\0" + file.read_bytes())
    return found.hexdigest()


def _row(group: str, entry: EntryPoint) -> Plugin:
    dist = entry.dist
    return Plugin(group, entry.name, entry.value, f"{dist.name} {dist.version}" if dist else "nothing known")


def _sources(module: str) -> list[Path]:
    """The Python files of a module or package, which is not imported for it."""
    specs = (finder.find_spec(module, None) for finder in sys.meta_path if hasattr(finder, "find_spec"))
    spec = next(filter(None, specs), None)
    if spec is None or spec.origin is None:
        return []
    if spec.submodule_search_locations:
        return sorted(file for place in spec.submodule_search_locations for file in Path(place).rglob("*.py"))
    return [Path(spec.origin)]
