"""What a report rests on: the scenario in words, the assumed parameters, and the versions.

Takes scenarios and provenance; gives parts of a report. Used for runs and for comparisons.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sim.analysis.named import layout_name
from sim.language.words import N_, NC_
from sim.report.parts import Block, Cell, Column, Fold, Table, Text
from sim.report.text import Say, clean
from sim.scenario.explain import explain
from sim.scenario.key_names import key_name
from sim.scenario.reference import Parameter, assumed_rows
from sim.scenario.schema import Scenario

SIMULATED = N_(
    "All numbers are simulated, person by person. They hold as far as the assumptions listed below hold."
)

UNKNOWN = N_(
    "This folder does not hold the scenario that was compared. Keep the scenario file beside this report."
)


def told(scenarios: Sequence[Scenario], say: Say) -> list[Block]:
    """What the scenarios do, in words; of several, what they share."""
    texts = [explain(scenario, say.language).splitlines()[1:] for scenario in scenarios]
    return [Text(line) for line in texts[0] if all(line in text for text in texts)]


def since(later: Sequence[str], say: Say) -> list[Block]:
    """That keys came after the folder was written, so that nothing is said of them; none in a new one."""
    if not later:
        return []
    return [
        Text(
            say(
                "Written by an earlier version, which did not have these parameters ({count}): {keys}.",
                count=len(later),
                keys=say.listed(later),
            ),
            quiet=True,
        )
    ]


def assumed(scenarios: Sequence[Scenario], say: Say, later: Sequence[str] = ()) -> Fold:
    """Every assumed number with its value, plausible range and source; of several, what they share.

    Args:
        scenarios: what was run.
        say: the language.
        later: keys that did not exist then; they are left out.
    """
    rows = [
        (
            Cell(key_name(say, row.key), under=row.key),
            Cell(assumed_value(row, value, say)),
            Cell(span),
            Cell(say(row.source)),
        )
        for row, value, span in assumed_rows(scenarios)
        if row.key not in later
    ]
    columns = (
        Column(say("Parameter")),
        Column(say(NC_("report", "Value"))),
        Column(say("Plausible range")),
        Column(say(NC_("report", "Source")), words=True),
    )
    title = say("Assumed parameters ({count})", count=len(rows))
    return Fold(
        title,
        [
            Text(
                say(
                    "No public measurement fixes these. Each has a plausible range; matrixsim sensitivity "
                    "says which of them the answer hangs on."
                ),
                quiet=True,
            ),
            Table(title, columns, rows),
        ],
    )


def assumed_value(row: Parameter, value: str, say: Say) -> str:
    """An assumed value with its unit in the reader's language, which no line's end parts."""
    return f"{value.removesuffix(row.unit).strip()}\u00a0{say(row.unit) if row.unit else ''}".strip()


def spoken_layout(layout: str, say: Say) -> str:
    """A layout's name in a line of facts."""
    if layout == "custom" and say.language == "en":
        return "own links"
    return layout_name(layout, say.language, in_sentence=True)


def again_facts(provenance: Mapping[str, Any], say: Say) -> dict[str, str]:
    """Versions and what else is needed to get the same again; what is not recorded is empty."""
    packages = provenance.get("packages")
    listed = packages.items() if isinstance(packages, dict) else ()
    seconds = provenance.get("seconds")
    return {
        say("Rules version"): str(provenance.get("rules_version", "")),
        say("Hash of the scenario"): str(provenance.get("input_hash", "")),
        "matrixsim": str(provenance.get("matrixsim", "")),
        "Python": str(provenance.get("python", "")),
        say("Packages"): clean(", ".join(f"{name} {version}" for name, version in listed)),
        say(NC_("report", "Platform")): str(provenance.get("platform", "")),
        say("Computed in"): f"{seconds:.3g} s" if isinstance(seconds, int | float) else "",
    }


def footer(provenance: Mapping[str, Any], say: Say) -> str:
    """What made the report, and that it needs nothing else."""
    return say(
        "Made with {maker}. This file is complete: it opens without the app and without a network.",
        maker=maker(provenance),
    )


def maker(provenance: Mapping[str, Any]) -> str:
    """What made it; without a version where it ran from a folder that was never installed."""
    version = str(provenance.get("matrixsim", ""))
    return f"matrixsim {clean(version)}" if version[:1].isdigit() else "matrixsim"
