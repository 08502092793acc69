"""`matrixsim plugins`: what is installed beside our own mechanisms and platform models; what is broken."""

from collections.abc import Mapping
from functools import reduce
from typing import Any

import typer

from sim.commands.options import Json, Language, spoken
from sim.commands.tables import print_json, print_table
from sim.errors import Phrase
from sim.language.words import N_, NC_, Words


def plugins(as_json: Json = False, language: Language = None) -> None:
    """List the plug-ins of this environment; status 1 where one is broken."""
    from sim.errors import RunError
    from sim.plugins import GROUPS, installed

    words = Words(spoken(language))
    rows = [_row(plugin.group, plugin.name, plugin.value, plugin.distribution) for plugin in installed()]
    if as_json:
        print_json([row | {"fault": str(row["fault"])} for row in rows])
    elif rows:
        print_table(tuple(map(words, HEAD)), [_cells(row, words) for row in rows])
    else:
        typer.echo(
            words("no plug-in is installed (entry points of the groups {names})", names=", ".join(GROUPS))
        )
    if faults := [row["fault"] for row in rows if row["fault"]]:
        raise reduce(lambda one, other: RunError("{one}; {other}", one=one, other=other), faults)


HEAD = (NC_("plug-in", "name"), N_("kind"), N_("installed with"), N_("says"))
KINDS = {"matrixsim.mechanisms": N_("mechanism"), "matrixsim.platforms": N_("platform model")}
BROKEN = N_("broken, see below")


def _cells(row: Mapping[str, Any], words: Words) -> list[str]:
    """A row of the table; what a plug-in says of itself stays as it is."""
    says = words(BROKEN) if row["fault"] else row["says"]
    return [row["name"], words(row["kind"]), row["distribution"], says]


def _row(group: str, name: str, value: str, distribution: str) -> dict[str, Any]:
    from sim.mechanisms import plugged
    from sim.platform.models import MODELS, checked
    from sim.plugins import MECHANISM, BrokenPluginError, Plugin, broken, loaded
    from sim.scenario.plugged import origins_of, section_of
    from sim.scenario.schema import Scenario

    found = {"name": name, "kind": KINDS[group], "entry_point": value, "distribution": distribution}
    try:
        if name in Scenario.model_fields or name in MODELS:
            raise broken(Plugin(group, name, value, distribution), Phrase("its name is taken by one of ours"))
        keys = tuple(section_of(name).model_fields)
        kind = plugged(name) if group == MECHANISM else checked(name)
    except BrokenPluginError as error:
        return {**found, "keys": [], "origins": [], "says": BROKEN, "fault": error}
    said = (loaded(name)[1].__doc__ or kind.__name__).strip().partition("\n")[0]
    brought = {"keys": [f"{name}.{key}" for key in keys], "origins": list(origins_of(name))}
    return {**found, **brought, "says": said, "fault": ""}
