"""What to do with an account that was looked at: codes of a review in words.

Takes nothing; the codes are worked out in experiment/review.py.
"""

from collections.abc import Mapping
from typing import Literal

from sim.language.words import N_

Advice = Literal["stop", "merge", "keep", "either", "not_stop", "not_merge", "cannot_tell"]
ADVICE: Mapping[Advice, str] = {
    "stop": N_("stop it"),
    "merge": N_("merge it"),
    "keep": N_("keep it"),
    "either": N_("makes no difference"),
    "not_stop": N_("do not stop it; merging: cannot tell"),
    "not_merge": N_("do not merge it; stopping: cannot tell"),
    "cannot_tell": N_("cannot tell"),
}
"""In a cell, the clearest first."""
ADVISED: Mapping[Advice, str] = {
    "stop": N_("Better stopped: {accounts}."),
    "merge": N_("Better merged into the main account: {accounts}."),
    "keep": N_("Better kept: {accounts}."),
    "either": N_("With or without makes no difference: {accounts}."),
    "not_stop": N_("Better not stopped; whether to merge cannot be told with {seeds} seeds: {accounts}."),
    "not_merge": N_("Better not merged; whether to stop cannot be told with {seeds} seeds: {accounts}."),
    "cannot_tell": N_("Whether to stop or merge cannot be told with {seeds} seeds: {accounts}."),
}
"""Of several accounts, in a sentence."""
