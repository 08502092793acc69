"""What a report rests on: the scenario in words, the assumed parameters, and the versions.

Takes scenarios and provenance; gives parts of a report. Used for runs and for comparisons.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sim.analysis.named import layout_name
from sim.report.parts import Block, Cell, Column, Fold, Table, Text
from sim.report.text import Say, clean
from sim.scenario.explain import assumed_rows, explain
from sim.scenario.schema import Scenario


def told(scenarios: Sequence[Scenario], say: Say) -> list[Block]:
    """What the scenarios do, in words; of several, what they share."""
    texts = [explain(scenario, say.language).splitlines()[1:] for scenario in scenarios]
    return [Text(line) for line in texts[0] if all(line in text for text in texts)]


def assumed(scenarios: Sequence[Scenario], say: Say) -> Fold:
    """Every assumed number with its value, plausible range and source; of several, what they share."""
    rows = [
        (Cell(row.key), Cell(value), Cell(span), Cell(row.source))
        for row, value, span in assumed_rows(scenarios)
    ]
    columns = (
        Column(say("parameter")),
        Column(say("value")),
        Column(say("range")),
        Column(say("source"), words=True),
    )
    title = say("assumptions", count=len(rows))
    return Fold(title, [Text(say("assumptions_note"), quiet=True), Table(title, columns, rows)])


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
        say("rules_version"): str(provenance.get("rules_version", "")),
        say("input_hash"): str(provenance.get("input_hash", "")),
        say("version"): str(provenance.get("matrixsim", "")),
        say("python"): str(provenance.get("python", "")),
        say("packages"): clean(", ".join(f"{name} {version}" for name, version in listed)),
        say("platform"): str(provenance.get("platform", "")),
        say("seconds"): f"{seconds:.3g} s" if isinstance(seconds, int | float) else "",
    }


def footer(provenance: Mapping[str, Any], say: Say) -> str:
    """What made the report; without a version where it ran from a folder that was never installed."""
    version = str(provenance.get("matrixsim", ""))
    return say("footer", maker=f"matrixsim {clean(version)}" if version[:1].isdigit() else "matrixsim")
