"""The mechanisms, one module each, in the order in which the hour calls them."""

from sim.errors import Phrase
from sim.hour.local_part import Locals
from sim.hour.run import Mechanism, Run
from sim.mechanisms.boosts import Boosts
from sim.mechanisms.cleaning import Cleaning
from sim.mechanisms.cocreation import CoCreation
from sim.mechanisms.comments import Comments
from sim.mechanisms.copies import Copies
from sim.mechanisms.creators import CreatorLuck
from sim.mechanisms.crowding import Crowding
from sim.mechanisms.dilution import Dilution
from sim.mechanisms.enforcement import Enforcement
from sim.mechanisms.entrances import Entrances
from sim.mechanisms.hooks import Hooks
from sim.mechanisms.incubation import Incubation
from sim.mechanisms.links import Links
from sim.mechanisms.luck import AccountLuck
from sim.mechanisms.production import Production
from sim.mechanisms.repetition import Repetition
from sim.mechanisms.sales import Sales
from sim.mechanisms.scatter import AuthorScatter
from sim.mechanisms.shared_topics import SharedTopics
from sim.mechanisms.sharing import Sharing
from sim.mechanisms.structure import Structure
from sim.mechanisms.topics import TopicHeat
from sim.mechanisms.unfollows import Unfollows
from sim.mechanisms.weight import AccountWeight
from sim.plugins import MECHANISM, broken, loaded, names
from sim.scenario.schema import Scenario
from sim.world.accounts import Accounts
from sim.world.planes import Planes, numbered

MECHANISMS: tuple[type[Mechanism], ...] = (
    Structure, Production, CreatorLuck, Links, Comments, SharedTopics, CoCreation, Unfollows, Cleaning,
    Sharing, TopicHeat, AccountLuck, AccountWeight, Enforcement, Crowding, Copies, AuthorScatter,
    Repetition, Hooks, Dilution, Entrances, Boosts, Incubation, Sales,
)  # fmt: skip


def kinds_of(scenario: Scenario) -> tuple[type[Mechanism], ...]:
    """The mechanisms of a run: ours, then the plug-ins that its scenario names.

    Raises:
        BrokenPluginError: a plug-in is no mechanism.
    """
    return (*MECHANISMS, *(plugged(name) for name in scenario.plugged if name in names(MECHANISM)))


def plugged(name: str) -> type[Mechanism]:
    """The mechanism of a plug-in.

    Raises:
        BrokenPluginError: it is none.
    """
    plugin, kind = loaded(name)
    if not issubclass(kind, Mechanism):
        raise broken(plugin, Phrase("it is no subclass of sim.hour.run.Mechanism"))
    found: type[Mechanism] = kind
    return found


def begun(run: Run) -> tuple[Mechanism, ...]:
    """The mechanisms of a run, before its first hour."""
    run.planes = numbered(_planes(run.scenario, run.accounts), len(run.accounts.rows))
    return tuple(kind(run) for kind in kinds_of(run.scenario))


def _planes(scenario: Scenario, accounts: Accounts) -> tuple[Planes, ...]:
    return tuple(own for kind in kinds_of(scenario) for own in kind.planes(scenario, len(accounts.rows)))


def locally(scenario: Scenario, accounts: Accounts) -> Locals:
    """What all of them do where people are, for a place that has some."""
    kinds = kinds_of(scenario)
    parts = [part for kind in kinds if (part := kind.local(scenario)) is not None]
    hears = frozenset().union(*(kind.hears for kind in kinds))
    layers = [own for kind in kinds if (own := kind.layers(scenario)) is not None]
    return Locals(tuple(parts), hears, _planes(scenario, accounts), tuple(layers))
