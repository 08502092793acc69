"""What arithmetic alone expects of a scenario: the ladder's numbers, and what its links are worth.

Takes a scenario; gives the closed forms of `analysis` on the feed that the scenario itself leads to.
Runs nothing. Loads scipy only when asked, so that whoever imports this starts fast.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sim.analysis.flow_matrix import AccountValue, LinkValue
    from sim.analysis.ladder import Ladder
    from sim.scenario.schema import Scenario


PARTS = 4
"""Of the work: matrices, feed, links, accounts."""


class Worth(NamedTuple):
    """What the links of a scenario are worth by the end of the run."""

    links: "list[LinkValue]"
    """the most valuable first; creators' @ included"""
    accounts: "list[AccountValue]"
    """all links of a brand account together, in canonical order"""


def ladder_of(scenario: "Scenario") -> "Ladder":
    """The ladder's numbers of a scenario, its pass marks from the background videos of the category.

    Raises:
        UsageError: its platform model has no ladder.
    """
    from sim.analysis.ladder import Ladder
    from sim.errors import UsageError
    from sim.platform.baseline import baseline

    if scenario.platform.model != "pools":
        raise UsageError(
            "platform.model = {model}: closed forms are known for the ladder alone; allowed here: pools "
            "(--set platform.model=pools), or run the scenario",
            model=scenario.platform.model,
        )
    gates, platform = baseline(scenario), scenario.platform
    return Ladder(
        usual=gates.usual,
        weights=gates.weights,
        marks=gates.marks,
        sizes=gates.sizes,
        pace=gates.pace,
        size_noise=platform.pool_noise,
        competition=platform.competition_noise,
        gain=platform.margin_gain,
        half_life=platform.freshness_half_life_h,
        trickle=platform.trickle,
        fan_window=platform.fan_window_h,
        most=float(scenario.audience.users),
        fans_counted=platform.follow_rate_of == "all",
    )


def worth(scenario: "Scenario", progress: Callable[[int, int], None] | None = None) -> Worth:
    """What the links of a scenario are worth.

    Args:
        scenario: any.
        progress: called with (parts done, parts in all); may raise to stop.
    Returns:
        Values by link and by account.
    Source: `analysis.flow_matrix` and `analysis.prospects`.
    """
    from sim.analysis.flow_matrix import account_values, link_flow, link_values
    from sim.analysis.prospects import prospects

    def done(part: int) -> None:
        if progress is not None:
            progress(part, PARTS)

    done(0)
    flow = link_flow(scenario)
    done(1)
    given = flow.attention
    feed = prospects(scenario, ladder_of(scenario), given.accounts, given.posts, given.people)
    done(2)
    links = link_values(flow, feed.visits, feed.impressions)
    done(3)
    accounts = account_values(flow, feed.visits, feed.impressions)
    done(PARTS)
    return Worth(links, accounts)
