"""The mechanisms, one module each, in the order in which the hour calls them."""

from sim.hour.run import Mechanism, Run
from sim.mechanisms.boosts import Boosts
from sim.mechanisms.links import Links
from sim.mechanisms.production import Production
from sim.mechanisms.sales import Sales
from sim.mechanisms.sharing import Sharing
from sim.mechanisms.topics import TopicHeat

MECHANISMS: tuple[type[Mechanism], ...] = (Production, Links, Sharing, TopicHeat, Boosts, Sales)


def begun(run: Run) -> tuple[Mechanism, ...]:
    """The mechanisms of a run, before its first hour."""
    return tuple(kind(run) for kind in MECHANISMS)
