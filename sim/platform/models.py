"""Which class stands behind `platform.model`: the one place that knows models by name."""

from collections.abc import Callable, Mapping

from sim import plugins
from sim.errors import Phrase
from sim.platform.percentile import PercentilePlatform
from sim.platform.pools import PoolPlatform
from sim.platform.protocol import Platform
from sim.platform.published import PublishedPlatform
from sim.platform.score import ScorePlatform
from sim.scenario.schema import Scenario
from sim.world.accounts import Accounts
from sim.world.videos import Videos

MODELS: Mapping[str, Callable[[Scenario, Accounts, Videos], Platform]] = {
    "pools": PoolPlatform,
    "percentile": PercentilePlatform,
    "score": ScorePlatform,
    "published": PublishedPlatform,
}


def platform_of(scenario: Scenario, accounts: Accounts, videos: Videos) -> Platform:
    """The platform of a run, before its first hour.

    Raises:
        BrokenPluginError: it is that of a plug-in which cannot be used.
    """
    model: str = scenario.platform.model
    return (MODELS.get(model) or checked(model))(scenario, accounts, videos)


PROMISED = frozenset(name for name in vars(Platform) if not name.startswith("_"))
"""What a platform has to have."""


def checked(name: str) -> Callable[[Scenario, Accounts, Videos], Platform]:
    """The platform model of a plug-in.

    Raises:
        BrokenPluginError: it is none.
    """
    plugin, kind = plugins.loaded(name)
    if missing := sorted(promise for promise in PROMISED if not hasattr(kind, promise)):
        raise plugins.broken(
            plugin,
            Phrase("it is no sim.platform.protocol.Platform: lacks {names}", names=", ".join(missing)),
        )
    found: Callable[[Scenario, Accounts, Videos], Platform] = kind
    return found
