"""The keys of account weight (P5): how what an account's videos brought moves what its next ones are given.

Takes plain values; gives the frozen section account_weight. The weight that an account starts with stands
with the account.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from sim.language.words import N_, NC_, Language, Words
from sim.scenario.parameter import assumed
from sim.scenario.section import Section


class AccountWeight(Section):
    """Natural weight of an account that moves with its past rates (P5)."""

    LABEL: ClassVar[Mapping[Language, str]] = {"en": N_("Account weight")}
    SWITCH = "gain"
    gain: float = assumed(
        0.0,
        "Power of an account's lasting score, over the usual one of its category, to which its weight comes.",
        (0.0, 1.0),
        "assumed; operators hold that past rates move an account's weight, no platform publishes how; "
        "0 moves nothing", ge=0, le=3,
        label=NC_("key", "Power of the lasting score in an account's weight"),
    )  # fmt: skip
    fade_d: float = assumed(
        7.0, "Days in which what an account brought fades to a third in what its weight remembers.",
        (3.0, 30.0), unit="d", ge=1, le=1000,
    )  # fmt: skip
    limit: float = assumed(
        3.0, "Largest factor that past rates make of a weight; one over it is the smallest.", (1.5, 10.0),
        "assumed; folk bands of weight differ by a factor of about 3 between neighbours", ge=1, le=100,
    )  # fmt: skip
    mark_power: float = assumed(
        0.0, "Power with which a weight lowers the mark that the account's videos are measured against.",
        (0.0, 0.5), ge=0, le=1,
    )  # fmt: skip
    evidence: float = assumed(
        1_000.0, "Impressions that the usual score of the category counts for, against the account's own.",
        (200.0, 5_000.0), unit="impressions", gt=0, le=1e9,
        label=NC_("key", "Impressions that the category's usual score counts for"),
    )  # fmt: skip

    def told(self, scenario: Any, language: Language) -> str:
        """What moves the weight, and how fast."""
        return Words(language)(
            "Account weight: moves with the account's score over the usual one to the power {gain}, fading "
            "in {days} days, by a factor of {limit} at most. It sets the first exposure of the next posts.",
            gain=f"{self.gain:g}",
            days=f"{self.fade_d:g}",
            limit=f"{self.limit:g}",
        )
