"""What a kernel sees: the world of one run as a few flat arrays, and the tallies it fills.

Takes the columns of the world; gives NamedTuples that compiled drivers take as arguments.
Accounts, videos and cells are records, because every array that is handed from one compiled
function to the next costs compile time. Tallies are cumulative over the run, one set a
thread; totals are their sums, which integers make independent of threads.
"""

import math
from collections.abc import Sequence
from functools import reduce
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiled import record
from sim.language.vocabulary import COUNTS, ORIGINS
from sim.rules.audience import TOPICS
from sim.rules.brand import DECAY_DAYS, STAGES, TRUST_LEVELS
from sim.rules.draws import fixed, threshold
from sim.rules.repetition import FATIGUE_LEVELS, KINDS, LAYERS, MOST_OF_LAYER, TABLE, left
from sim.rules.scatter import MOST, shown_again
from sim.scenario.schema import Scenario
from sim.world.accounts import Accounts
from sim.world.doors import Doors, hang
from sim.world.exits import NO_EXITS
from sim.world.fields import words_of
from sim.world.planes import empty_planes
from sim.world.population import Population
from sim.world.ties import Ties
from sim.world.videos import VIDEO

IMPRESSIONS, COMPLETIONS, LIKES, COMMENTS, SHARES, FOLLOWS, VISITS, ORDERS = range(len(COUNTS))
RECOMMEND, FANS, FRIENDS, BY_FOLLOW, BY_LIKE, BY_MENTION = range(6)
"""Numbers in ORIGINS of those that people tell apart; of the others they know the number only."""
SIDES = 3
JUDGED, OTHER, TO_FANS = range(SIDES)
"""Second axis of the video tally: what the platform judges (recommended), what it does not, and what it
judges and shows to the account's fans, who cannot follow again."""
FLOW_VISITS, FLOW_IMPRESSIONS, FLOW_FOLLOWS = range(3)
REACHED, CONTINUED = range(2)
"""Last row of the flow tally: people reached, visits that went on to another account."""

(
    MENTION_SHARE, MENTIONS, BOOST, PAGE_SHARE,
    _FIRST_TABLE,
) = range(5)  # fmt: skip
"""Single numbers in `Board.numbers`; shares are thresholds [1/2³²]."""
AGAIN = _FIRST_TABLE
"""Table in `Board.numbers`: threshold [1/2³²] of being shown another video of an author, by how many were."""
FATIGUE = AGAIN + MOST + 1
DECAY = FATIGUE + math.prod(TABLE)
POSITION = DECAY + DECAY_DAYS
"""Tables in `Board.numbers` [16.16]: by layer, kind and exposures today (TABLE), days, place in a list."""

ACCOUNT = record(
    [
        ("weights", "u2", (TOPICS,)),  # topic mix in 1/256
        ("topics", "u1", (TOPICS,)),  # those of any weight come first
        ("topic_count", "i8"),
        ("moves", "u8", (len(STAGES) * TRUST_LEVELS,)),  # thresholds of the next step towards buying [1/2³²]
        ("trust_gain", "i8"),  # trust that a completion adds [1/255]
        ("visit_follow", "u8", (TRUST_LEVELS,)),  # threshold by the visitor's trust [1/2³²]
        ("follow_from", "i8"),  # following list: ends[follow_from:follow_to]
        ("follow_to", "i8"),
        ("mention_from", "i8"),  # @ links: ends[mention_from:mention_to]
        ("mention_to", "i8"),
        ("door_from", "i8"),  # what can be opened from its page: doors[door_from:door_to]
        ("door_to", "i8"),
        ("newest", "i8"),  # its newest video, −1 before the first
        ("focal", "i8"),  # 1 if its impressions are the brand's: they reach, tire and move people towards it
    ]
)


CARRIED = record(
    [
        ("account", "i8"),
        ("moves", "u8", (len(STAGES) * TRUST_LEVELS,)),  # from now on, like the trust gained as in ACCOUNT
        ("trust_gain", "i8"),
    ]
)
"""What the impressions of an account carry, where it has changed."""
NOTHING_CARRIED = np.zeros(0, CARRIED)


class Board(NamedTuple):
    """The world that kernels read and write; A accounts, U users, V videos so far, S shards."""

    users: NDArray[Any]
    """(U,) PERSON"""
    words: NDArray[np.uint64]
    """(U, 4) the same records as 64-bit words."""
    starts: NDArray[np.int64]
    """(2, G+1) first slot of each segment in a full shard and in the last one."""
    multipliers: NDArray[np.uint64]
    """(affinity levels · (completion + engagement classes),) match × propensity, 16.16."""
    accounts: NDArray[Any]
    """(A,) ACCOUNT"""
    aims: NDArray[Any]
    """(A or more,) AIM"""
    videos: NDArray[Any]
    """(V or more,) VIDEO"""
    fans: NDArray[np.uint64]
    """(A, S·WORDS) bits: follows the account now."""
    reached: NDArray[np.uint64]
    """(A, S·WORDS) bits: had an impression of the account."""
    fan_count: NDArray[np.int64]
    """(A, S)"""
    planes: NDArray[np.uint64]
    """(P, S·WORDS) bits of the mechanisms' planes."""
    plane_times: NDArray[np.int32]
    """(P, S) of which day, or hour, they are."""
    plane_now: NDArray[np.int32]
    """(P,) which it is for them."""
    doors: NDArray[Any]
    """(n,) DOOR by account."""
    exits: NDArray[Any]
    """(n,) EXIT by video."""
    ends: NDArray[np.int64]
    """(links, 2) account a link leads to, and its edge."""
    liked: NDArray[np.int64]
    """(A, L, 2) video and edge of each entry of the liked lists, newest first, −1 past the end."""
    numbers: NDArray[np.uint64]
    """Single numbers and tables, see above."""

    def __reduce__(self) -> tuple[Any, ...]:
        # Records and words are one memory; a copy of each would be two, and people would change in one only.
        return _board_again, tuple(value for name, value in self._asdict().items() if name != "words")


def _board_again(users: NDArray[Any], *others: Any) -> "Board":
    return Board(users, words_of(users), *others)


class Tally(NamedTuple):
    """Cumulative counts of one thread."""

    accounts: NDArray[np.int64]
    """(A, origins, counts)"""
    videos: NDArray[np.int64]
    """(V, sides, counts): judged, other, judged and shown to fans."""
    flows: NDArray[np.int64]
    """(E+1, 3): visits, impressions, follows by edge; the last row holds REACHED, CONTINUED."""


def new_tally(board: Board, edges: int, origins: int = len(ORIGINS)) -> Tally:
    """Tallies at zero, before the first video."""
    return Tally(
        np.zeros((board.accounts.size, origins, len(COUNTS)), np.int64),
        np.zeros((0, SIDES, len(COUNTS)), np.int64),
        np.zeros((edges + 1, 3), np.int64),
    )


def total(tallies: list[Tally]) -> Tally:
    """Sum over threads."""
    if len(tallies) == 1:
        return tallies[0]
    return Tally(*(reduce(np.add, parts) for parts in zip(*tallies, strict=True)))


def numbers_of(scenario: Scenario, longest_list: int) -> NDArray[np.uint64]:
    """The scenario's single numbers and tables as integers."""
    links, brand, platform = scenario.links, scenario.brand, scenario.platform
    loss = scenario.audience.fatigue_per_exposure
    return np.array(
        [
            threshold(links.mention_probability),
            links.mentions_per_caption,
            fixed(scenario.content.completion_boost),
            threshold(links.page_view_probability),
            *(
                threshold(shown_again(times, platform.author_decay, platform.author_floor))
                for times in range(MOST + 1)
            ),
            *(fixed(left(n, loss)) for _ in range(LAYERS * KINDS) for n in range(FATIGUE_LEVELS)),
            *(fixed(0.5 ** (d / brand.trust_half_life_days)) for d in range(DECAY_DAYS)),
            *(fixed(links.list_decay**place) for place in range(longest_list)),
        ],
        np.uint64,
    )


def layered(numbers: NDArray[np.uint64], layers: Sequence[NDArray[np.float64]]) -> NDArray[np.uint64]:
    """The board's numbers with such factors on what is left of people's responses.

    Args:
        numbers: as in Board.
        layers: factors of the shape TABLE, or of one that numpy spreads to it.
    Raises:
        ValueError: a factor is below 0, above MOST or no number.
    """
    if not layers:
        return numbers
    whole = reduce(np.multiply, layers, np.ones(TABLE))
    if not ((whole >= 0) & (whole <= MOST_OF_LAYER)).all():
        raise ValueError(
            f"factors of a layer are numbers from 0 to {MOST_OF_LAYER:g}, also multiplied: {whole}"
        )
    again = numbers.copy()
    again[FATIGUE:DECAY] = np.rint(numbers[FATIGUE:DECAY] * whole.ravel()).astype(np.uint64)
    return again


def publish_videos(board: Board, accounts: Accounts, first: int, last: int) -> None:
    """Puts videos on their authors' home pages, and on the lists of the sisters that like their videos.

    Args:
        board: the world.
        accounts: its accounts.
        first: the first of the videos.
        last: one past the last.
    """
    newest = board.accounts["newest"]
    for video, author in enumerate(board.videos["author"][first:last].tolist(), first):
        newest[author] = video
        for liker, edge in accounts.likers.get(author, ()):
            board.liked[liker, 1:] = board.liked[liker, :-1]
            board.liked[liker, 0] = video, edge


def doors_of(scenario: Scenario, accounts: int) -> Doors:
    """The doors that every page has."""
    links = scenario.links
    return Doors(accounts, links.following_list_probability, links.liked_list_probability)


def build_board(scenario: Scenario, people: Population, accounts: Accounts, ties: Ties) -> Board:
    """The board of a run at its start, without videos."""
    rows = np.zeros(len(accounts.rows), ACCOUNT)
    for name in ("weights", "moves", "trust_gain", "visit_follow", "focal"):
        rows[name] = getattr(accounts, name)
    rows["moves"][~accounts.focal] = 0
    rows["topics"] = np.argsort(accounts.weights == 0, axis=1, kind="stable")
    rows["topic_count"] = (accounts.weights > 0).sum(axis=1)
    rows["newest"] = -1
    rows["follow_from"], rows["follow_to"] = accounts.follow_starts[:-1], accounts.follow_starts[1:]
    follows = accounts.follow_to.size  # the @ links lie behind the follow links
    rows["mention_from"] = accounts.mention_starts[:-1] + follows
    rows["mention_to"] = accounts.mention_starts[1:] + follows
    ends = np.stack(
        [
            np.concatenate([accounts.follow_to, accounts.mention_to]),
            np.concatenate([accounts.follow_edge, accounts.mention_edge]),
        ],
        axis=1,
    )
    doors = doors_of(scenario, rows.size).rows
    hang(doors, rows)
    length = scenario.links.liked_list_length
    longest = max(length, int(np.diff(accounts.follow_starts).max(initial=0)))
    liked = np.full((rows.size, length, 2), -1, np.int64)
    return Board(
        people.users, words_of(people.users), people.starts, people.multipliers, rows, accounts.aims,
        np.zeros(0, VIDEO), ties.fans, ties.reached, ties.fan_count, *empty_planes((), 0)[:2],
        np.zeros(0, np.int32),
        doors, NO_EXITS.copy(), np.ascontiguousarray(ends), liked, numbers_of(scenario, longest),
    )  # fmt: skip
