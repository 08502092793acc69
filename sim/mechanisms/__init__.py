"""The mechanisms, one module each, in the order in which the hour calls them."""

from sim.hour.run import Mechanism, Run
from sim.mechanisms.boosts import Boosts
from sim.mechanisms.links import Links
from sim.mechanisms.production import Production
from sim.mechanisms.sales import Sales
from sim.mechanisms.sharing import Sharing
from sim.mechanisms.topics import TopicHeat
from sim.plugins import MECHANISM, broken, loaded, names

MECHANISMS: tuple[type[Mechanism], ...] = (Production, Links, Sharing, TopicHeat, Boosts, Sales)


def begun(run: Run) -> tuple[Mechanism, ...]:
    """The mechanisms of a run, before its first hour: ours, then the plug-ins that its scenario names.

    Raises:
        BrokenPluginError: a plug-in is no mechanism.
    """
    ours = [kind(run) for kind in MECHANISMS]
    return (*ours, *(plugged(name)(run) for name in run.scenario.plugged if name in names(MECHANISM)))


def plugged(name: str) -> type[Mechanism]:
    """The mechanism of a plug-in.

    Raises:
        BrokenPluginError: it is none.
    """
    plugin, kind = loaded(name)
    if not issubclass(kind, Mechanism):
        raise broken(plugin, "it is no subclass of sim.hour.run.Mechanism")
    found: type[Mechanism] = kind
    return found
