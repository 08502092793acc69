"""Which class stands behind `platform.model`: the one place that knows models by name."""

from collections.abc import Callable, Mapping

from sim.hour.platform import Platform
from sim.hour.pools import PoolPlatform
from sim.hour.score import ScorePlatform
from sim.scenario.schema import Scenario
from sim.world.accounts import Accounts
from sim.world.videos import Videos

MODELS: Mapping[str, Callable[[Scenario, Accounts, Videos], Platform]] = {
    "pools": PoolPlatform,
    "score": ScorePlatform,
}


def platform_of(scenario: Scenario, accounts: Accounts, videos: Videos) -> Platform:
    """The platform of a run, before its first hour."""
    return MODELS[scenario.platform.model](scenario, accounts, videos)
