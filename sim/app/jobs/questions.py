"""What a finished answer is asked further: each question a request, whose answer is kept like any other.

Says how many simulations it takes, at most where that shows only on the way.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sim.analysis.reasons import GROUPS
from sim.app.jobs.request import KINDS, Changed, Comparing, Request, plan_of
from sim.scenario import ways
from sim.scenario.recommendation import PLATFORM_MODELS
from sim.scenario.schema import Scenario
from sim.sweeps import grid
from sim.sweeps.looks import OWN_LOOKS, most_runs

SUBSETS = 1 << len(GROUPS.keys() - {"costs", "rest"})
"""Subsets of the groups of forces, each of which an explanation runs."""
DRAWS = 64
"""Draws from the range of the assumptions (chosen): the map needs 32 at least (analysis/box.py)."""
TRIALS, SEARCH, FRESH = 12, 4, 8
"""Mixes tried of a budget, replications of each in the search and in each later look (chosen): a budget takes
about as long as twenty mixes of the page."""
MOST_CNY = 10_000_000
"""Largest budget that can be asked about (chosen): 10,000 creators are the most, and take minutes."""
WAYS, ACCOUNTS, ACCOUNT_SEEDS = ways.WAYS, ways.COUNTS, ways.SEEDS
"""Ways of sharing posts out, accounts beside the main one, replications: those of `matrixsim accounts`."""


@dataclass(frozen=True)
class Explaining(Comparing):
    """Why the best of a comparison is ahead: of the runner-up, and of the plan as written.

    Attributes:
        variants: the best and the runner-up.
        seeds: fresh ones, which nothing was chosen on.
        metric: that they were compared by.
    """

    kind = "why"
    at_once = False
    metric: str

    @property
    def against(self) -> tuple[tuple[Literal["runner_up", "written"], Scenario], ...]:
        """What the best is held against."""
        plan = self.plan()
        best, second = (variant.of(plan) for variant in self.variants)
        if plan in (best, second) or self.variants[0].is_plan:
            return (("runner_up", second),)
        return (("runner_up", second), ("written", plan))

    @property
    def runs(self) -> int:
        """Simulations in all: of each plan, every subset of the groups of forces."""
        return SUBSETS * (1 + len(self.against)) * self.seeds


class Doubting(Comparing):
    """A comparison in which every seed draws the uncertain numbers anew from their ranges."""

    kind = "robust"
    at_once = False


class Surveying(Comparing):
    """The same comparison under the other platform models."""

    kind = "platforms"
    at_once = False

    @property
    def models(self) -> tuple[str, ...]:
        """Those that are not the scenario's own."""
        own = self.plan().platform.model
        return tuple(model for model in PLATFORM_MODELS if model != own)

    @property
    def runs(self) -> int:
        """Simulations in all."""
        return len(self.models) * super().runs


@dataclass(frozen=True)
class Later(Request):
    """A question that goes after what a page first shows, by a metric."""

    at_once = False
    metric: str


@dataclass(frozen=True)
class Budgeting(Later):
    """What each of several budgets buys at its best mix.

    Attributes:
        budgets: rising [CNY].
        trials: mixes tried of each; 0 for the mixes that people know alone, which takes a tenth.
    """

    kind = "budget"
    budgets: tuple[int, ...]
    trials: int = TRIALS

    @property
    def runs(self) -> int:
        """Simulations at most: a search may end earlier, and mixes come up twice."""
        return len(self.budgets) * most_runs(self.trials, SEARCH, FRESH) + OWN_LOOKS * FRESH


def sliding(scenario: str, users: int | None, metric: str, about_cny: int) -> Budgeting | None:
    """What each budget around one brings with the best of the mixes people know; None of fewer than two."""
    budgets = grid.budgets(plan_of(scenario, users), about_cny, MOST_CNY, grid.SLIDES)
    return Budgeting(scenario, users, metric, budgets, trials=0) if budgets else None


@dataclass(frozen=True)
class Counting(Later, Changed):
    """How many accounts, for each way of sharing the posts out, in a layout that goes with any number."""

    kind = "accounts"
    settings: str = "{}"

    @property
    def runs(self) -> int:
        """Simulations at most: a race needs more accounts than it keeps."""
        return ACCOUNT_SEEDS * (1 + len(WAYS) * (len(ACCOUNTS) - 1))


@dataclass(frozen=True)
class Reviewing(Later):
    """Which of the accounts to stop or merge.

    Attributes:
        accounts: ids of sub-accounts.
    """

    kind = "review"
    accounts: tuple[str, ...]

    @property
    def runs(self) -> int:
        """Simulations in all: the plan as written, and without each account in two ways."""
        return ACCOUNT_SEEDS * (1 + 2 * len(self.accounts))


@dataclass(frozen=True)
class Reading(Request):
    """What somebody's files were understood as, and the luck of their accounts; nothing is simulated.

    Attributes:
        data: name of a set of files (exports.py).
    """

    kind = "read"
    data: str

    @property
    def runs(self) -> int:
        """None."""
        return 0


@dataclass(frozen=True)
class Calibrating(Request):
    """The scenario fitted to the videos of somebody's files; a server's limit holds as for one run of it.

    Attributes:
        data: name of a set of files (exports.py).
    """

    kind = "calibrate"
    at_once = False
    data: str


class Foretelling(Calibrating):
    """How well the newest of those videos are foretold by a fit to the earlier ones."""

    kind = "foretell"


class Replaying(Calibrating):
    """What the fitted scenario brings over the time of those files, beside what they hold."""

    kind = "replay"


@dataclass(frozen=True)
class Printing(Request):
    """A page for the boss as PDF or as a long picture; nothing is simulated.

    Attributes:
        page: name of its text (printing.py).
        form: pdf or png.
    """

    kind = "print"
    page: str
    form: str

    @property
    def runs(self) -> int:
        """None."""
        return 0


def request_of(data: Mapping[str, Any]) -> Request:
    """A request from its JSON document."""
    return KINDS[data["kind"]].from_dict(data)
