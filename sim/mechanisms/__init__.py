"""The mechanisms, one module each, in the order in which the hour calls them."""

from sim.hour.people import Locals
from sim.hour.run import Mechanism, Run
from sim.mechanisms.boosts import Boosts
from sim.mechanisms.links import Links
from sim.mechanisms.production import Production
from sim.mechanisms.sales import Sales
from sim.mechanisms.sharing import Sharing
from sim.mechanisms.unfollows import Unfollows
from sim.scenario.schema import Scenario
from sim.world.accounts import Accounts
from sim.world.planes import Planes, numbered

MECHANISMS: tuple[type[Mechanism], ...] = (Production, Links, Unfollows, Sharing, Boosts, Sales)


def begun(run: Run) -> tuple[Mechanism, ...]:
    """The mechanisms of a run, before its first hour."""
    run.planes = numbered(_planes(run.scenario, run.accounts), len(run.accounts.rows))
    return tuple(kind(run) for kind in MECHANISMS)


def _planes(scenario: Scenario, accounts: Accounts) -> tuple[Planes, ...]:
    return tuple(own for kind in MECHANISMS for own in kind.planes(scenario, len(accounts.rows)))


def locally(scenario: Scenario, accounts: Accounts) -> Locals:
    """What all of them do where people are, for a place that has some."""
    parts = [part for kind in MECHANISMS if (part := kind.local(scenario)) is not None]
    hears = frozenset().union(*(kind.hears for kind in MECHANISMS))
    return Locals(tuple(parts), hears, _planes(scenario, accounts))
