"""What a platform model is to the plan of the hour: a protocol with its promises, and what models share.

A model decides how often each video is shown and when no more; people, videos and mechanisms are not
its business. Which class stands behind a name is in models.py. Models share the first exposure (whom a
new video is shown to before anything is known of it), the slots of the feed, and the form of the log;
what is due to a video and what becomes of it, each says itself (pools.py is the first one). What is offered
here, people are shown: engines/columns/respond.py.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from functools import reduce
from typing import Any, ClassVar, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole, compiled, inner
from sim.language.vocabulary import COUNTS
from sim.platform.logged import COLUMNS
from sim.rules import pools as rule
from sim.rules.draws import ONE_32, threshold
from sim.scenario.schema import Scenario
from sim.world.accounts import Accounts
from sim.world.board import FANS, JUDGED, RECOMMEND, TO_FANS
from sim.world.offers import NO_EDGE, OFFER, QUOTA, WINDOW
from sim.world.videos import Videos, enlarged

RUNNING, TRICKLING, RETIRED = range(3)
"""Status of a video: no decision has ended it, shown at a trickle, shown no more."""
PROMOTED, STOPPED, REVIVED, HELD = range(4)
DECISIONS = ("promote", "stop", "revive", "hold")
ABOVE, BELOW, EXHAUSTED, TOP, LUCK, NOTHING, FADED, AGED = range(8)
REASONS = (
    "score above mark", "score below mark", "audience exhausted", "top of the ladder", "late revival",
    "no response", "less than one impression a day", "past the age limit",
)  # fmt: skip

STRANGERS = len(COUNTS)
"""Place in what is judged, behind the counts: impressions outside the windows of fans."""

SHARED = (
    ("status", "i8"),
    ("pool", "i8"),
    ("whole", "i8"),  # of the first exposure or of this pool, with the fans' part
    ("granted", "i8"),  # impressions of it to strangers, platform-wide
    ("allotted", "i8"),  # of which given out
    ("factor", "f8"),  # size factor of it
    ("shown", "i8"),  # judged impressions after the last hour
    ("quota", "i8"),  # inside the audience, this hour
    ("outside", "i8"),
    ("carry", "i8"),  # 1/2³² impression not yet given inside
    ("fraction", "f8"),  # fraction of an impression, where less than one an hour may be due
    ("fan_width", "i8"),  # share of the fans shown in the first exposure [1/2³²]
    ("reason", "i8"),
)
"""Fields that every model's record of a video has."""


class Standing(NamedTuple):
    """What mechanisms make of a video's chances this hour: factors (V,), 1 where nothing."""

    first: NDArray[np.float64]
    """On the size of the first exposure; read once, in the hour of publication."""
    mark: NDArray[np.float64]
    """On what the video is measured against."""
    quota_factor: NDArray[np.float64]
    """On what it is shown this hour."""


def standing_of(parts: Iterable[Standing | None], videos: int) -> Standing:
    """The product of what mechanisms give for so many videos; exactly 1 without any."""
    said = [part for part in parts if part is not None]
    if not said:
        one = np.ones(videos)
        return Standing(one, one, one)
    return Standing(*(reduce(np.multiply, theirs) for theirs in zip(*said, strict=True)))


def at_opening(factors: NDArray[np.float64] | list[float], videos: int) -> Standing:
    """Factors (n,) on the first exposure of the newest of so many videos, and nothing else."""
    ones = np.ones(videos)
    first = ones.copy()
    first[videos - len(factors) :] = factors
    return Standing(first, ones, ones)


class Throughout:
    """A changing factor on all that a video is shown: what it is at the opening, and what has changed since.

    The first exposure carries the factor of its hour, and what comes of it is in proportion. So an hour
    later only what has changed since counts; the same factor on both would be laid on twice.
    """

    def __init__(self) -> None:
        self._opened = np.zeros(0)
        """(V,) factors at the opening."""

    def standing(self, now: NDArray[np.float64]) -> Standing:
        """Of the hour's factors (V,), to be asked for every hour; what opened at nothing stays at nothing."""
        opened = self._opened = np.append(self._opened, now[self._opened.size :])
        since = np.divide(now, opened, out=np.zeros(now.size), where=opened > 0.0)
        return Standing(opened, np.ones(now.size), since)


class Now(NamedTuple):
    """The hour, as models ask in it."""

    hour: int
    """of the run, from 0"""
    weight: float
    """activity of the hour, mean 1"""
    quota_factor: NDArray[np.float64]
    """(V,) factor on what each video is shown"""


class Due(NamedTuple):
    """What a model asks for, of L live videos; filled in place."""

    asked: NDArray[np.int64]
    """(L,) impressions to strangers, platform-wide"""
    low: NDArray[np.uint64]
    """(L,) start of the fans' window [1/2³²]"""
    high: NDArray[np.uint64]
    """(L,) its end"""


class Grounds(NamedTuple):
    """What an hour's judgement rests on, beside the record of the videos."""

    hour: int
    """of the run, from 0"""
    counts: NDArray[np.int64]
    """(V, counts + 1) what the platform's impressions have brought, and how many of them were to STRANGERS"""
    marks: NDArray[np.float64]
    """(V,) factor on each video's mark"""
    passed: NDArray[np.int64]
    """(V,) people who are no audience of it"""


class Platform(Protocol):
    """Who decides on impressions. The contract suite (tests/platform) holds every model to these promises.

    Offers are whole and not negative; inside the audience, those to strangers stay within the feed's
    slots of the hour. What is decided hangs on the scenario, the video's own address and the counts that
    were judged, never on the other videos but for the slots. Each decision is logged with the counts it
    was taken on, and what becomes of a video is what its log says.
    """

    @property
    def state(self) -> NDArray[Any]:
        """(V,) of the videos opened so far, with the fields of `SHARED`."""

    def open(self, fans_inside: NDArray[np.int64], standing: Standing) -> None:
        """Takes in the videos published since the last call.

        Args:
            fans_inside: (A,) people who follow each account now.
            standing: (V,) factors, of which `first` counts here.
        """

    def allocate(self, hour: int, standing: Standing) -> list[NDArray[Any]]:
        """Offers (n,) OFFER of what is to be shown this hour, all of them judged."""

    def judge(
        self, hour: int, judged: NDArray[np.int64], standing: Standing, passed: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Decides on the counts so far (V, counts + 1); videos that will not be offered again.

        Args:
            hour: of the run, from 0.
            judged: (V, counts + 1) what its offers have brought, and impressions of them to STRANGERS.
            standing: (V,) factors.
            passed: (V,) people whom the feed has tried beside the judged impressions, where offers pass
                people over: no audience of the video.
        """

    def decisions(self) -> NDArray[np.float64]:
        """(D, 14) all decisions so far, columns as in `logged`."""

    def replay(self, log: NDArray[np.float64]) -> NDArray[np.float64]:
        """The same decisions taken anew, standing 1, from video, hour, pool and counts; (D, 14).

        What the platform learnt beside the counts is read from the reason: that nobody was left to see a
        video.
        """


class Recommender(ABC):
    """What models share: first exposure, slots, log. A model says what is due, and judges.

    Args:
        scenario: of the run.
        accounts: of the run.
        videos: of the run, to which the plan appends.
    """

    RECORD: ClassVar[Any]
    """Record of a video: `SHARED` and the model's own fields."""

    def __init__(self, scenario: Scenario, accounts: Accounts, videos: Videos) -> None:
        p = scenario.platform
        self.videos, self.accounts = videos, accounts
        self.noise, self.inside = p.pool_noise, threshold(p.inside_share)
        self.least, self.fan_share, self.fan_power = p.pools[0], p.fan_share, p.fan_power
        self.pull = scenario.pull
        self.audience, self.first_hour = scenario.audience, scenario.run.first_hour
        self._table = np.zeros(0, self.RECORD)
        self._opened = 0
        self._log: list[NDArray[np.float64]] = []

    @property
    def state(self) -> NDArray[Any]:
        """As `Platform.state`."""
        return self._table[: self._opened]

    def open(self, fans_inside: NDArray[np.int64], standing: Standing) -> None:
        """As `Platform.open`: size and fans' part of the first exposure."""
        first, self._opened = self._opened, self.videos.size
        self._table = enlarged(self._table, self._opened)
        new, started = self.videos.rows[first:], []
        boosts = standing.first[first:].tolist()
        for author, key, boost in zip(new["author"].tolist(), new["key"], boosts, strict=True):
            account = self.accounts.rows[author]
            inside = int(fans_inside[author])
            fans = account.fans if account.role == "creator" else inside
            factor = rule.size_factor(key, 0, self.noise)
            power, weight = self.fan_power(account.role), self.pull(account)
            size = rule.first_pool(self.least, fans, power, weight, factor * boost)
            part = min(int(self.fan_share * size), fans)
            outside = part - (part * int(self.accounts.fit[author]) >> 32)
            width = min(ONE_32, part * ONE_32 // fans) if fans else 0
            started.append((RUNNING, size, factor, size - part, outside, width))
        # Column by column: writing to one field of one record at a time takes longer than the rules do.
        names = ("status", "whole", "factor", "granted", "outside", "fan_width")
        for name, column in zip(names, zip(*started, strict=True), strict=False):
            self.state[name][first:] = column

    def allocate(self, hour: int, standing: Standing) -> list[NDArray[Any]]:
        """As `Platform.allocate`: a quota, and a window of its fans, for each live video."""
        weight, people = rule.hour_weight(self.first_hour + hour), self.audience
        slots = rule.hourly_slots(people.users, people.daily_impressions, people.category_share, weight)
        (live,) = (self.state["status"] != RETIRED).nonzero()
        due = Due(np.zeros(live.size, np.int64), *np.zeros((2, live.size), np.uint64))
        self.ask(live, Now(hour, weight, standing.quota_factor), due)
        rows, given = offered(self.state, live, self.videos.rows, due, self.inside, slots)
        self.book(live, due.asked, given)
        return [rows]

    @abstractmethod
    def ask(self, live: NDArray[np.int64], now: Now, due: Due) -> None:
        """Fills what is due this hour to the live videos (L,), those that are not retired."""

    def book(self, live: NDArray[np.int64], asked: NDArray[np.int64], given: NDArray[np.int64]) -> None:
        """Keeps what was given of what was asked (L,); the rest waits."""
        raise NotImplementedError

    def decisions(self) -> NDArray[np.float64]:
        """As `Platform.decisions`."""
        return np.concatenate(self._log) if self._log else np.zeros((0, len(COLUMNS)))


@inner
def due_to_fans(due: Due, k: Whole, fan_width: Whole, age: Whole, hours: Whole) -> None:
    """Fills the window of a live video: the next part of its fans, the last one in the last of so many hours.

    Args:
        due: filled in place.
        k: which live video.
        fan_width: share of its fans that the first exposure shows it to [1/2³²].
        age: of the video [h], below `hours`.
        hours: over which they are shown it.
    """
    due.low[k] = np.uint64(fan_width * age // hours)
    due.high[k] = np.uint64(fan_width * (age + 1) // hours)


@compiled
def offered(
    state: NDArray[Any],
    live: NDArray[np.int64],
    videos: NDArray[Any],
    due: Due,
    inside: int,
    slots: int,
) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """The offers of the live videos, all of them judged: a window of the fans, then the quota; what is given.

    Args:
        state: (V,) record of a model; quota, carry and outside are updated.
        live: (L,) videos.
        videos: (V,) VIDEO.
        due: to them; a window that does not end above its start is none.
        inside: share of recommended impressions that fall inside the audience [1/2³²].
        slots: impressions inside that the category can win this hour.
    Returns: (n,) OFFER, and (L,) impressions given of those asked for.
    """
    given, rows = due.asked.copy(), np.zeros(2 * live.size, OFFER)
    _share_feed(state, live, given, inside, slots)
    low, high, count = due.low, due.high, 0
    for k in range(live.size):
        v = live[k]
        for kind in (WINDOW, QUOTA):
            if high[k] > low[k] if kind == WINDOW else state[v].quota > 0:
                row = rows[count]
                row.video, row.kind, row.edge = v, kind, NO_EDGE
                row.side = TO_FANS if kind == WINDOW else JUDGED
                if kind == WINDOW:
                    row.origin, row.whose, row.low, row.high = FANS, videos[v].author, low[k], high[k]
                else:
                    row.origin, row.whose, row.quota = RECOMMEND, videos[v].maker, state[v].quota
                count += 1
    return rows[:count], given


@inner
def _share_feed(
    state: NDArray[Any], live: NDArray[np.int64], demands: NDArray[np.int64], inside: int, slots: int
) -> None:
    """Divides the hour's slots: demand past them waits, of all videos alike.

    Args:
        state: (V,) record of a model; quota, carry and outside are updated.
        live: (L,) videos.
        demands: (L,) impressions asked for, platform-wide; becomes what is given.
        inside: share of recommended impressions that fall inside the audience [1/2³²].
        slots: impressions inside that the category can win this hour.
    """
    wanted = 0
    for k in range(live.size):
        wanted += (demands[k] * inside) >> 32
    for k in range(live.size):
        video = state[live[k]]
        if wanted > slots:
            demands[k] = demands[k] * slots // wanted
        video.carry += demands[k] * inside
        video.quota = video.carry >> 32
        video.carry &= 0xFFFFFFFF
        video.outside += demands[k] - video.quota
