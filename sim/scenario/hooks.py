"""The keys of hooks and prompts (P11): which share of the brand's posts has each, and what it multiplies.

Takes plain values; gives the frozen section hooks. What a hook costs stands in the cost of a post.
"""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field

from sim.language.numbers import percent
from sim.language.words import N_, NC_, Language, Words
from sim.rules.hooks import HOOKS
from sim.scenario.parameter import assumed, parameter
from sim.scenario.section import Section, Share

Factor = Annotated[float, Field(ge=0, le=20)]
NO_FIGURE = "assumed; the trade teaches it, no measurement found"


class Lift(Section):
    """What each hook multiplies its rate by while it is new to the account's viewers (P11)."""

    opening: Factor = assumed(1.2, "Completions of a post that opens with a hook.", (1.0, 1.6), NO_FIGURE)
    like_call: Factor = assumed(1.2, "Likes of a post that asks for likes.", (0.9, 1.6), NO_FIGURE)
    planted_comment: Factor = assumed(
        1.5, "Comments on a post with a planted first comment.", (1.0, 3.0), NO_FIGURE
    )
    share_call: Factor = assumed(1.2, "Shares of a post that asks to be sent on.", (0.9, 2.0), NO_FIGURE)
    follow_call: Factor = assumed(1.3, "Follows from a post that asks for them.", (0.9, 2.0), NO_FIGURE)
    two_parts: Factor = assumed(
        1.5, "Visits of the page from a post whose second part stands there.", (1.0, 3.0), NO_FIGURE
    )


class PostHooks(Section):
    """Hooks and prompts of the brand's own posts, which wear out (P11)."""

    LABEL: ClassVar[Mapping[Language, str]] = {"en": N_("Hooks and prompts")}
    opening: Share = parameter(0.0, "Share of the brand's posts that open with a hook, evenly spaced.")
    like_call: Share = parameter(
        0.0, "Share of them that ask for likes.",
        label=NC_("key", "Posts that ask for likes, share"),
    )  # fmt: skip
    planted_comment: Share = parameter(
        0.0, "Share of them under which a first comment is planted.",
        label=NC_("key", "Posts with a planted first comment, share"),
    )  # fmt: skip
    share_call: Share = parameter(
        0.0, "Share of them that ask to be sent on to friends.",
        label=NC_("key", "Posts that ask to be sent on, share"),
    )  # fmt: skip
    follow_call: Share = parameter(
        0.0, "Share of them that ask for a follow.",
        label=NC_("key", "Posts that ask for a follow, share"),
    )  # fmt: skip
    two_parts: Share = parameter(
        0.0, "Share of them that are a first part, whose second stands on the page.",
        label=NC_("key", "Posts in two parts, share"),
    )  # fmt: skip
    lift: Lift = parameter(Lift, "What each multiplies its rate by.", label=NC_("key", "Effect of a hook"))
    left: Share = assumed(
        0.85, "Share of what a hook does that each earlier use by the same account leaves.", (0.6, 1.0),
        label=NC_("key", "What each earlier use leaves of a hook's effect"),
    )  # fmt: skip
    worn_out: Factor = assumed(
        0.95, "What a worn-out hook multiplies its rate by; below 1 it puts people off.", (0.8, 1.0)
    )
    window_d: int = assumed(14, "Days for which a use of a hook counts.", (3, 60), unit="d", ge=1, le=365)

    @property
    def shares(self) -> tuple[float, ...]:
        """Of posts that have each, in the order of HOOKS."""
        return tuple(getattr(self, hook) for hook in HOOKS)

    @property
    def lifts(self) -> tuple[float, ...]:
        """What each multiplies its rate by, in the order of HOOKS."""
        return tuple(getattr(self.lift, hook) for hook in HOOKS)

    def is_off(self) -> bool:
        """Whether no post has a hook."""
        return not any(self.shares)

    def told(self, scenario: Any, language: Language) -> str:
        """Which posts have which hooks."""
        words, names = Words(language), (
            N_("an opening"), N_("a call for likes"), N_("a planted comment"), N_("a call to share"),
            N_("a call to follow"), N_("a second part"),
        )  # fmt: skip
        told = [
            f"{words(name)} {percent(share)} × {lift:g}"
            for name, share, lift in zip(names, self.shares, self.lifts, strict=True)
            if share
        ]
        return words(
            "Hooks, by share of the brand's posts and factor on the rate: {hooks}. Each earlier use by the "
            "account within {days} days leaves {left} of it.",
            hooks="; ".join(told), days=self.window_d, left=percent(self.left),
        )  # fmt: skip
