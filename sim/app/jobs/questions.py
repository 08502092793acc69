"""What a finished answer is asked further, and every kind of request by its name.

Each question is a request of its own, whose answer is kept like any other. Says how many simulations it
takes, at most where that shows only on the way. Loads neither mesa nor numba.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Self

from sim.app.jobs.request import (
    Adding,
    Comparing,
    Lesson,
    Measuring,
    Repeating,
    Request,
    Running,
    Timing,
    Valuing,
    plan_of,
)
from sim.app.jobs.variants import Variation
from sim.scenario.schema import Scenario

SUBSETS = 16
"""Subsets of the groups of an explanation, as experiment/why.py has them; a test holds it."""
DRAWS = 64
"""Draws from the range of the assumptions (chosen): the map needs 32 at least (analysis/box.py)."""
TRIALS, SEARCH, FRESH = 12, 4, 8
"""Mixes tried of a budget, replications of each in the search and in each later look (chosen): a budget takes
about as long as twenty mixes of the page."""
LATER, OWN_LOOKS = 29, 1
"""Most mixes that later looks run: of one budget, and once for all (sweeps/optimise.py and budget.py; a test
holds it)."""
WAYS, ACCOUNTS, ACCOUNT_SEEDS = ("1+", "split", "race"), (0, 1, 2, 4, 8, 16), 16
"""Ways of sharing posts out, accounts beside the main one, replications: those of `matrixsim accounts`."""


@dataclass(frozen=True)
class Explaining(Comparing):
    """Why the best of a comparison is ahead: of the runner-up, and of the plan as written.

    Attributes:
        variants: the best and the runner-up.
        seeds: fresh ones, which nothing was chosen on.
        metric: that they were compared by.
    """

    kind: ClassVar[str] = "why"
    metric: str

    @property
    def against(self) -> tuple[tuple[Literal["runner_up", "written"], Scenario], ...]:
        """What the best is held against."""
        plan = self.plan()
        best, second = (variant.of(plan) for variant in self.variants)
        if plan in (best, second):
            return (("runner_up", second),)
        return (("runner_up", second), ("written", plan))

    @property
    def runs(self) -> int:
        """Simulations in all: of each plan, every subset of the groups of forces."""
        return SUBSETS * (1 + len(self.against)) * self.seeds

    @property
    def urgent(self) -> bool:
        """It goes after what a page first shows."""
        return False

    def looks(self) -> tuple["Comparing", ...]:
        """Itself: parts of a lead are not looked at before they are all there."""
        return (self,)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """From a JSON file."""
        variants = tuple(Variation(*given) for given in data["variants"])
        return cls(data["scenario"], data["users"], variants, data["seeds"], data["metric"])


@dataclass(frozen=True)
class Doubting(Comparing):
    """A comparison in which every seed draws the uncertain numbers anew from their ranges."""

    kind: ClassVar[str] = "robust"

    @property
    def urgent(self) -> bool:
        """It goes after what a page first shows."""
        return False

    def looks(self) -> tuple["Comparing", ...]:
        """Itself: below all its draws there is no map."""
        return (self,)


@dataclass(frozen=True)
class Later(Request):
    """A question that goes after what a page first shows.

    Attributes:
        metric: that counts.
    """

    metric: str

    @property
    def urgent(self) -> bool:
        """It goes after what a page first shows."""
        return False


@dataclass(frozen=True)
class Budgeting(Later):
    """What each of several budgets buys at its best mix.

    Attributes:
        budgets: rising [CNY].
    """

    kind: ClassVar[str] = "budget"
    budgets: tuple[int, ...]

    @property
    def runs(self) -> int:
        """Simulations at most: a search may end earlier, and mixes come up twice."""
        return len(self.budgets) * ((TRIALS + 1) * SEARCH + LATER * FRESH) + OWN_LOOKS * FRESH

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """From a JSON file."""
        return cls(data["scenario"], data["users"], data["metric"], tuple(data["budgets"]))


@dataclass(frozen=True)
class Counting(Later):
    """How many accounts, for each way of sharing the posts out.

    Attributes:
        settings: JSON, dotted keys of the scenario and their values: a layout that goes with any number.
    """

    kind: ClassVar[str] = "accounts"
    settings: str = "{}"

    @property
    def runs(self) -> int:
        """Simulations at most: a race needs more accounts than it keeps."""
        return ACCOUNT_SEEDS * (1 + len(WAYS) * (len(ACCOUNTS) - 1))

    def plan(self) -> Scenario:
        """The scenario to run."""
        return plan_of(self.scenario, self.users).with_values(json.loads(self.settings))


@dataclass(frozen=True)
class Reviewing(Later):
    """Which of the accounts to stop or merge.

    Attributes:
        accounts: ids of sub-accounts.
    """

    kind: ClassVar[str] = "review"
    accounts: tuple[str, ...]

    @property
    def runs(self) -> int:
        """Simulations in all: the plan as written, and without each account in two ways."""
        return ACCOUNT_SEEDS * (1 + 2 * len(self.accounts))

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """From a JSON file."""
        return cls(data["scenario"], data["users"], data["metric"], tuple(data["accounts"]))


KINDS: dict[str, type[Request]] = {
    cls.kind: cls
    for cls in (
        Comparing, Adding, Running, Valuing, Timing, Lesson, Measuring, Repeating, Explaining, Doubting,
        Budgeting, Counting, Reviewing,
    )
}  # fmt: skip
"""What can be asked for, by its name in request.json."""


def request_of(data: Mapping[str, Any]) -> Request:
    """A request from its JSON document."""
    return KINDS[data["kind"]].from_dict(data)
