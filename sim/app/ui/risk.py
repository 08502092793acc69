"""What a plan risks by being found out as a matrix: the report's table, and what it rests on."""

from collections.abc import Sequence

from sim.app.jobs.store import Judged
from sim.app.ui import look
from sim.language.words import Words
from sim.report.risk import LOST, risked
from sim.report.text import Say
from sim.scenario.schema import Scenario

WIDE = (2, 3, 4, 5, 7)
"""Columns that a phone leaves out: what gives a plan away, what is withheld, posts shown to nobody."""


def draw(comparison: Judged, plans: Sequence[Scenario], names: look.Names, words: Words) -> None:
    """Draws the risk of every plan; where nothing is found out, one quiet line that says so."""
    hazard = max(plan.enforcement.hazard for plan in plans)
    table = risked(comparison, names, Say(words.language, words.instead))
    if table is None:
        if not hazard:
            look.note(
                words(
                    "Nothing is found out in this scenario: no account is punished for its links or for "
                    "the same content. To reckon with it, look for Enforcement on Scenario, All parameters."
                )
            )
        return
    look.reported(table, wide=WIDE)
    look.note(
        words(
            "Assumed: {hazard} violations a month at an account that gives its matrix away entirely; no rate "
            "is published. What they cost in impressions is in the results.",
            hazard=f"{hazard:g}",
        )
    )
    if any(variant.get("risk", {}).get("losses") for variant in comparison["variants"]):
        look.note(words(LOST))
