"""The state of one run: the world, the platform, the queues between hours, the tallies.

Takes a scenario and a seed; gives the object that every stage of the hour works on. The
responder is the part that differs between engines: how people meet an hour's cells.
"""

from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.analysis.warned import Warned
from sim.compiled import Whole, record
from sim.hour.events import NO_EVENTS
from sim.hour.ledger import Counts, Ledger
from sim.hour.local_part import Local
from sim.hour.people import Responder
from sim.hour.verdicts import NO_VERDICTS
from sim.interrupts import deferred
from sim.language.vocabulary import COUNTS, Origin
from sim.platform.models import platform_of
from sim.platform.protocol import Platform, Standing, standing_of
from sim.scenario.schema import Scenario
from sim.world.accounts import Accounts, build_accounts
from sim.world.aims import Aims
from sim.world.board import NOTHING_CARRIED, Board, Tally, build_board, doors_of
from sim.world.doors import Doors
from sim.world.exits import Exits
from sim.world.offers import NO_OFFERS, NOBODY
from sim.world.planes import Planes
from sim.world.population import Population, draw_put_off, populate
from sim.world.posts import Posts, plan_posts
from sim.world.ties import Ties, start_ties
from sim.world.videos import NO_VIDEOS, Videos

_NO_VIDEO = np.zeros(0, np.int64)
MARK = record(
    [
        ("closed", "?"),  # nobody is shown it now: what is shared of it reaches nobody
        ("forgotten", "?"),  # closed, and nobody knows any more who has seen it: it is never offered again
        (
            "outside",
            "i8",
        ),  # impressions outside the audience by mechanisms; the platform has its own
        ("paid", "i8"),  # impressions inside the audience that were bought: they make no hit
        ("aged", "i8"),  # what the platform had shown of it at three days of age; 0 before (platform/hits.py)
    ]
)
"""What a run notes of a video, beside what platform and people do."""


@dataclass
class Run:
    """Everything that a stage may read or change."""

    scenario: Scenario
    seed: int
    population: Population
    accounts: Accounts
    ties: Ties
    board: Board
    """As it stood before the first video: its arrays are the people's, but they append videos and aims."""
    posts: Posts
    videos: Videos
    platform: Platform
    responder: Responder = field(init=False)
    aims: Aims = field(init=False)
    doors: Doors = field(init=False)
    """Both are the run's, and mechanisms add to them, at the start or later."""
    exits: Exits = field(default_factory=Exits)
    """Where viewers of videos can go on to; mechanisms put theirs each hour."""
    hour: int = 0
    due: slice = field(default_factory=lambda: slice(0))
    """The posts of this hour, which are the videos of the same numbers."""
    opening: NDArray[Any] = field(default_factory=lambda: NO_VIDEOS)
    """(n,) VIDEO of them: the last ones, whose first exposure is set now."""
    hooks: "Hooks" = field(init=False)
    """The run's mechanisms again, by the hooks that they have."""
    planes: dict[str, range] = field(default_factory=dict)
    """Numbers of the planes by name: of accounts' fans and of those they reached, and of mechanisms' own."""
    standing: Standing = field(default_factory=lambda: standing_of((), 0))
    """Of this hour, over all videos so far."""
    lifted: NDArray[np.uint64] | None = None
    """(V, 6) thresholds by which people respond, once anything has lifted them; else those of the videos."""
    carried: NDArray[Any] = field(default_factory=lambda: NOTHING_CARRIED)
    """CARRIED (n,) of accounts whose impressions move people otherwise from the next hour on."""
    offers: NDArray[Any] = field(default_factory=lambda: NO_OFFERS)
    """Of this hour, by video and kind."""
    named: NDArray[np.uint64] = field(default_factory=lambda: NOBODY)
    """Whom their lists name: row of the offers << 32 | user, sorted."""
    events: NDArray[Any] = field(default_factory=lambda: NO_EVENTS)
    """EVENT (n,) of this hour that crossed the barrier."""
    tally: Tally = field(init=False)
    """Counts so far, once people have responded."""
    verdicts: NDArray[Any] = field(default_factory=lambda: NO_VERDICTS)
    """VERDICT (n,) of this hour's end, carried out before people respond again."""
    ledger: Ledger = field(init=False)
    """Money spent and sold."""
    counts: Counts = field(init=False)
    """What mechanisms count beside the tally."""
    prices: NDArray[np.int64] = field(init=False)
    """(A, origins) what an order brings this hour [fen]: the brand's price, or what a mechanism has set."""
    luck_dex: NDArray[np.float64] = field(init=False)
    """(A,) log10 of an account's luck, a factor on its posts' first exposure; 0 where none was drawn."""
    link_actions: NDArray[np.int64] = field(init=False)
    """(A,) follows, likes and @ that the accounts did themselves."""
    retired: list[int] = field(default_factory=list)
    """Stopped videos whose memory is not freed yet, because they may still be offered to somebody."""
    marks: NDArray[Any] = field(default_factory=lambda: np.zeros(0, MARK))
    """(V,) MARK"""
    hourly: list[tuple[NDArray[np.int64], NDArray[np.int64]]] = field(default_factory=list)
    """An hour's non-zero cells of the account tally: flat places and increments."""
    last_tally: NDArray[np.int64] = field(init=False)
    """(A, origins, counts) the tally of accounts at the last hour's end, brought up to date in place."""

    def __post_init__(self) -> None:
        self.doors = doors_of(self.scenario, len(self.accounts.rows))
        self.aims = Aims(self.board.aims, self.board.starts.shape[1] - 1)
        accounts, origins = len(self.accounts.rows), self.accounts.origins
        self.ledger, self.counts = Ledger(accounts), Counts(accounts, origins)
        self.last_tally = np.zeros((accounts, len(origins), len(COUNTS)), np.int64)
        price = round(100 * self.scenario.brand.price_cny)
        self.prices = np.full(self.last_tally.shape[:2], price, np.int64)
        self.luck_dex = np.zeros(len(self.accounts.rows))
        self.link_actions = np.zeros(len(self.accounts.rows), np.int64)
        self.mechanisms = ()

    @property
    def mechanisms(self) -> tuple["Mechanism", ...]:
        """In the order in which the hour calls them."""
        return self._mechanisms

    @mechanisms.setter
    def mechanisms(self, own: tuple["Mechanism", ...]) -> None:
        self._mechanisms, self.hooks = own, hooks_of(own)

    @property
    def unfollows(self) -> NDArray[np.int64]:
        """(A,) follows taken back so far."""
        return self.responder.unfollows()

    @property
    def today(self) -> int:
        """Day of the hour, from 0."""
        return (self.scenario.run.first_hour + self.hour) // 24

    def link(self, done: NDArray[np.int64]) -> None:
        """Books link actions of this hour (A,) and what they cost."""
        self.link_actions += done
        cost = round(100 * self.scenario.links.cost_per_link_action_cny)
        self.ledger.book(self.hour, "link_actions", done * cost)

    def heard(self, kind: Whole) -> NDArray[Any]:
        """EVENT (n,) of one kind of this hour, in order; only what a mechanism `hears` has crossed."""
        return self.events.compress(self.events["kind"] == kind) if self.events.size else self.events


class Mechanism:
    """A row, or a few rows, of the system list at work in one run.

    The plan of the hour walks a run's mechanisms in order and calls these hooks; each does nothing until a
    mechanism has a use for it. A mechanism keeps its own state and deals in rows and counters; what it does
    where the people are is its local part (hour/local_part.py). Rules are in sim/rules, the mechanisms in
    sim/mechanisms. One of a plug-in also has a class attribute `section`, the model of its table.
    """

    rows: ClassVar[str] = ""
    """Of the system list."""
    hears: ClassVar[tuple[Whole, ...]] = ()
    """Kinds of events that it wants at the barrier (`Run.heard`)."""
    at_work = True
    """Whether it does anything in this run; if not, the hour never asks it."""
    origins: ClassVar[tuple[Origin, ...]] = ()
    """Of a plug-in: origins that it brings, whose numbers are their places in `Run.accounts.origins`."""

    @classmethod
    def local(cls, scenario: Scenario) -> Local | None:  # noqa: ARG003 - hooks name what they are given
        """Its local part, made anew in each place that has people; or none."""
        return None

    @classmethod
    def planes(cls, scenario: Scenario, accounts: int) -> tuple[Planes, ...]:  # noqa: ARG003 - as above
        """Planes of bits that it needs, one bit a person each; their numbers are in `Run.planes`."""
        return ()

    @classmethod
    def layers(cls, scenario: Scenario) -> NDArray[np.float64] | None:  # noqa: ARG003 - as above
        """Factors [0..16] on all responses of people by layer, kind and exposures today; or none.

        Of the shape TABLE of `rules.repetition`, or of one that numpy spreads to it. Who is in which layer is
        a field of the person, `layer`, that verdicts set.
        """
        return None

    def __init__(self, run: "Run") -> None:
        """Starts with the run, before its first hour."""

    def act(self, run: "Run", published: NDArray[Any]) -> None:
        """Accounts act: after the hour's posts were published, as videos (n,) VIDEO."""

    def standing(self, run: "Run") -> Standing | None:
        """Factors (V,) on what the platform makes of each video this hour, the new ones included; or none."""
        return None

    def lift(self, run: "Run") -> NDArray[np.uint64] | None:
        """Factors (V, 6) on each response to each video this hour, in the order of ACTIONS; or none.

        16.16, below 2³², on the thresholds of a neutral person, wherever the video is met.
        """
        return None

    def offer(self, run: "Run") -> NDArray[Any]:
        """Offers (n,) OFFER of this hour."""
        return NO_OFFERS

    def messages(self, run: "Run") -> NDArray[np.uint64]:
        """Whom the lists name that `offer` gave this hour: place of the list in it << 32 | user."""
        return NOBODY

    def admit(self, run: "Run", offers: NDArray[Any]) -> None:
        """Says whom which of all the hour's offers (O,) OFFER pass over, the platform's too (`pass_over`)."""

    def awaited(self) -> NDArray[np.int64]:
        """Videos that are being shown and will be offered in a later hour.

        Others are closed once the platform shows them no more, and may not be offered again.
        """
        return _NO_VIDEO

    def kept(self) -> NDArray[np.int64]:
        """Videos that may be offered after a pause: closed meanwhile, but who has seen them is remembered."""
        return _NO_VIDEO

    def settle(self, run: "Run") -> None:
        """After people have responded, on what crosses shards."""

    def verdict(self, run: "Run") -> NDArray[Any]:
        """VERDICT (n,) about people, carried out before they respond again; after all have settled."""
        return NO_VERDICTS

    def summary(self, run: "Run") -> dict[str, Any]:
        """Fields of the summary that are its own, the same in each run of a scenario; none if it is off."""
        return {}

    def warnings(self, run: "Run") -> list[Warned]:
        """What a reader of the result has to be told, such as money that could not be spent."""
        return []


class Hooks(NamedTuple):
    """Of each hook of the hour the mechanisms at work that have it, in order: others are not asked."""

    standing: tuple[Mechanism, ...]
    act: tuple[Mechanism, ...]
    offer: tuple[Mechanism, ...]
    admit: tuple[Mechanism, ...]
    awaited: tuple[Mechanism, ...]
    kept: tuple[Mechanism, ...]
    lift: tuple[Mechanism, ...]
    settle: tuple[Mechanism, ...]
    verdict: tuple[Mechanism, ...]


def hooks_of(mechanisms: tuple[Mechanism, ...]) -> Hooks:
    """Which hooks are more than the base class's, which does nothing."""
    own = [m for m in mechanisms if m.at_work]
    return Hooks(
        *(
            tuple(m for m in own if getattr(type(m), name) is not getattr(Mechanism, name))
            for name in Hooks._fields
        )
    )


class HasRun(Protocol):
    """A model, as its agents and views see it: below it, they cannot name its class."""

    run_state: Run
    rng: np.random.Generator


def fans_inside(scenario: Scenario, accounts: Accounts) -> list[int]:
    """Fans of each account inside the audience at the start."""
    return [round(a.fans * scenario.fit(a.tier, a.audience_fit)) for a in accounts.rows]


class World(NamedTuple):
    """What people need before the first hour, wherever they are."""

    population: Population
    accounts: Accounts
    ties: Ties
    board: Board


@deferred()
def build_world(
    scenario: Scenario,
    seed: int,
    population: Population | None = None,
    threads: int = 1,
    held: range | None = None,
) -> World:
    """The world before the first hour.

    Args:
        scenario: what to simulate.
        seed: of the run.
        population: people of the same audience and seed in their first state, when they are
            at hand already; they will be changed.
        threads: threads that build the world.
        held: shards whose people are made in this process; all where left out.
    """
    people = populate(scenario, seed, threads, held) if population is None else population
    draw_put_off(people.users, scenario.audience.put_off_share, seed, threads, held)
    accounts = build_accounts(scenario)
    ties = start_ties(people, accounts, fans_inside(scenario, accounts), seed, threads, held)
    board = build_board(scenario, people, accounts, ties)
    return World(people, accounts, ties, board)


@deferred()
def start_run(scenario: Scenario, seed: int, world: World) -> Run:
    """A run before its first hour, in the world of the same scenario and seed."""
    posts, videos = plan_posts(scenario, world.accounts, seed), Videos()
    return Run(scenario, seed, *world, posts, videos, platform_of(scenario, world.accounts, videos))
