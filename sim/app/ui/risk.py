"""What a plan risks by being found out as a matrix: violations to be expected, by what gives it away.

Averages of a comparison's launches; estimates nothing.
"""

from sim.app.jobs.store import Answer, Judged
from sim.app.ui import look
from sim.language.vocabulary import MEASURES
from sim.language.warnings import WARNING
from sim.language.words import N_, Words
from sim.scenario.schema import Scenario

PARTS = {
    "relation": (N_("by links"), N_("Follow, like, @ and comment links between sister accounts.")),
    "similarity": (N_("by the same content"), N_("Posts that repeat a sister account's content.")),
    "synchrony": (N_("by the same hour"), N_("Posts in the same hour as sister accounts.")),
}
"""What gives a matrix away: column and meaning."""
WHOLE = 100
"""Points of health of an account that was never found out."""


def draw(answer: Answer, comparison: Judged, plan: Scenario, names: look.Names, words: Words) -> None:
    """Draws the risk of every plan; where nothing is found out, one quiet line that says so."""
    if not plan.enforcement.hazard:
        look.note(
            words(
                "Nothing is found out in this scenario: no account is punished for its links or for the same "
                "content. To reckon with it, look for Enforcement on Scenario, All parameters."
            )
        )
        return
    risks = answer.get("risk")
    if not risks:  # an answer of earlier looks, whose launches did not tell
        return
    number = "{:.2f}".format
    columns = [
        look.Column(words("If matrices are found out")),
        look.Column(
            MEASURES["violations"].label(words.language),
            words("To be expected in one launch, over all its accounts."),
        ),
        *(look.Column(words(title), words(meaning), wide=True) for title, meaning in PARTS.values()),
        look.Column(
            words("Health at the end"),
            words("Of {whole} points: mean of the accounts, and the one in the worst.", whole=WHOLE),
        ),
        look.Column(
            WARNING["posts_capped"].label(words.language),
            words("Beyond what an account in bad health may post."),
            wide=True,
        ),
    ]
    order = [variant["name"] for variant in sorted(comparison["variants"], key=lambda v: -v["mean"])]
    rows: list[list[look.Cell | str]] = [
        [
            names.get(name, name),
            look.Cell(number(sum(risks[name][part] for part in PARTS)), _mostly(risks[name], words)),
            *(number(risks[name][part]) for part in PARTS),
            words(
                "{mean} (lowest {lowest})",
                mean=f"{risks[name]['health']:.0f}",
                lowest=f"{risks[name]['lowest']:.0f}",
            ),
            f"{risks[name]['posts_capped']:.1f}",
        ]
        for name in order
    ]
    look.table(columns, rows, words("Risk of being found out as a matrix"))
    look.note(
        words(
            "Assumed: {hazard} violations a month at an account that gives its matrix away entirely; no rate "
            "is published. What they cost in impressions is in the results.",
            hazard=f"{plan.enforcement.hazard:g}",
        )
    )


def _mostly(risk: dict[str, float], words: Words) -> str:
    """What gives a plan away most; empty where nothing does."""
    most = max(PARTS, key=lambda part: risk[part])
    return words(PARTS[most][0]) if risk[most] else ""
