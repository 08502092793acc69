"""The keys of account weight (P5): how what an account's videos brought moves what its next ones are given.

Takes plain values; gives the frozen section account_weight. The weight that an account starts with stands
with the account.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from sim.language.words import N_, Language, Words
from sim.scenario.parameter import parameter
from sim.scenario.section import Section


class AccountWeight(Section):
    """Natural weight of an account that moves with its past rates (P5)."""

    LABEL: ClassVar[Mapping[Language, str]] = {"en": N_("Account weight")}
    gain: float = parameter(
        0.0,
        "Power of an account's lasting score, over the usual one of its category, to which its weight comes.",
        status="assumed",
        source="assumed; operators hold that past rates move an account's weight, no platform publishes how; "
        "0 moves nothing",
        span=(0.0, 1.0),
        ge=0,
        le=3,
    )
    fade_d: float = parameter(
        7.0,
        "Days in which what an account brought fades to a third in what its weight remembers.",
        unit="d",
        status="assumed",
        source="assumed",
        span=(3.0, 30.0),
        ge=1,
        le=1000,
    )
    limit: float = parameter(
        3.0,
        "Largest factor that past rates make of a weight; one over it is the smallest.",
        status="assumed",
        source="assumed; folk bands of weight differ by a factor of about 3 between neighbours",
        span=(1.5, 10.0),
        ge=1,
        le=100,
    )
    mark_power: float = parameter(
        0.0,
        "Power with which a weight lowers the mark that the account's videos are measured against.",
        status="assumed",
        source="assumed",
        span=(0.0, 0.5),
        ge=0,
        le=1,
    )
    evidence: float = parameter(
        1_000.0,
        "Impressions that the usual score of the category counts for, against the account's own.",
        unit="impressions",
        status="assumed",
        source="assumed",
        span=(200.0, 5_000.0),
        gt=0,
        le=1e9,
    )

    def idle_keys(self, scenario: Any) -> frozenset[str]:
        """All where the weight does not move."""
        return frozenset() if self.gain else frozenset(type(self).model_fields)

    def told(self, scenario: Any, language: Language) -> str:
        """What moves the weight, and how fast."""
        if not self.gain:
            return ""
        return Words(language)(
            "Account weight: moves with the account's score over the usual one to the power {gain}, fading "
            "in {days} days, by a factor of {limit} at most. It sets the first exposure of the next posts.",
            gain=f"{self.gain:g}",
            days=f"{self.fade_d:g}",
            limit=f"{self.limit:g}",
        )
