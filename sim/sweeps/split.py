"""One run whose people are spread over several processes: a coordinator, and portions of the shards.

Each portion makes the people of its shards itself (a hash needs no parcel), walks its share of
every hour, and keeps all that is known by person: who follows, who has seen what. The
coordinator holds the platform and the friend graph's messages. In an hour one letter goes to
each portion (what is to be shown, and which of its people a friend has sent a video) and one
comes back (counters that changed, and who shared): only counters and messages cross, and
every byte of them is counted here. Takes seats where portions sit; gives the result that one
machine gives, digest for digest. Does not know Dask: cluster.py does.
"""

import math
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.engines.columns.respond import ColumnsResponder
from sim.errors import RunError
from sim.experiment.size import needed_bytes
from sim.hour.events import EVENT, in_order
from sim.hour.people import LETTER_TYPES, Letter
from sim.hour.run import Run, build_world
from sim.language.vocabulary import COUNTS
from sim.mechanisms import locally
from sim.memory import free_bytes
from sim.pilot import scaled
from sim.results import Result
from sim.rules.audience import SHARD, shards
from sim.scenario.schema import Scenario
from sim.simulation import Simulation
from sim.sources import rules_version
from sim.world.accounts import Accounts
from sim.world.board import SIDES, Tally
from sim.world.videos import VIDEO


def packed(*columns: NDArray[Any]) -> bytes:
    """Whole numbers as bytes: of each column the smallest type that holds them, its length, its values."""
    parts = []
    for column in columns:
        low, high = (int(column.min()), int(column.max())) if column.size else (0, 0)
        kind = np.min_scalar_type(max(high, -1 - low) * 2 if low < 0 else high)  # a sign takes one bit
        kind = np.dtype(kind.str.replace("u", "i")) if low < 0 else kind
        parts += [
            kind.str.encode().ljust(4),
            column.size.to_bytes(8, "little"),
            column.astype(kind).tobytes(),
        ]
    return b"".join(parts)


def unpacked(letter: bytes) -> list[NDArray[np.uint64]]:
    """The columns of a letter; what was below zero is to be read as a signed number."""
    columns, at = [], 0
    while at < len(letter):
        kind = np.dtype(letter[at : at + 4].decode().strip())
        size, at = int.from_bytes(letter[at + 4 : at + 12], "little"), at + 12
        columns.append(np.frombuffer(letter, kind, size, at).astype(np.uint64))
        at += size * kind.itemsize
    return columns


def columns_of(rows: NDArray[Any]) -> list[NDArray[Any]]:
    """Rows of records as columns for a letter, and plain numbers as they are."""
    return [np.ascontiguousarray(rows[name]).ravel() for name in rows.dtype.names or ()] or [rows]


def rows_of(columns: Iterator[NDArray[np.uint64]], kind: np.dtype[Any]) -> NDArray[Any]:
    """The rows whose columns come next in a letter."""
    if kind.names is None:
        return next(columns)
    read = [(name, kind[name].shape, next(columns)) for name in kind.names]
    rows = np.zeros(read[0][2].size // math.prod(read[0][1]), kind)
    for name, shape, column in read:
        rows[name] = column.reshape(-1, *shape)
    return rows


def cut(count: int, weights: Sequence[int]) -> list[range]:
    """So many shards in a row, cut by weight; where there are few, some portions are empty."""
    ends = [count * part // sum(weights) for part in np.cumsum([0, *weights]).tolist()]
    return [range(first, last) for first, last in pairwise(ends)]


class _Counters:
    """The tally, the fans and the unfollows of some people as one row of numbers, cumulative.

    Videos come last, so that a new one moves no other number.
    """

    def __init__(self, accounts: Accounts) -> None:
        rows, origins, edges = len(accounts.rows), len(accounts.origins), len(accounts.edges)
        self._shapes = (rows, origins, len(COUNTS)), (edges + 1, 3), (rows,), (rows,)
        self.row = np.zeros(0, np.int64)
        self.make_room(0)

    def make_room(self, videos: int) -> None:
        """Has room for so many videos."""
        shapes = (*self._shapes, (videos, SIDES + 1, len(COUNTS)))
        ends = np.cumsum([int(np.prod(shape)) for shape in shapes])
        row = np.zeros(ends[-1], np.int64)
        row[: self.row.size] = self.row
        self.row = row
        parts = [part.reshape(shape) for part, shape in zip(np.split(row, ends[:-1]), shapes, strict=True)]
        by_account, flows, self.fans, self.unfollows, by_video = parts
        self.tally, self.tried = Tally(by_account, by_video[:, :SIDES], flows), by_video[:, SIDES, 0]


class Portion:
    """The people of some shards, wherever this object is made.

    Args:
        scenario: of the run.
        seed: of the run.
        held: their shards.
        threads: threads that go through them.

    Raises:
        RunError: they do not fit into this machine's memory.
    """

    def __init__(self, scenario: Scenario, seed: int, held: range, threads: int = 1) -> None:
        share = len(held) / int(shards(scenario.audience.users))
        need, free = needed_bytes(scenario, "columns", share=share), free_bytes()
        if need > free:
            raise RunError(
                "a worker's {share:.0%} of the people need about {need:.1f} GiB and {free:.1f} GiB are "
                "free there; add workers",
                share=share, need=need / 2**30, free=free / 2**30,
            )  # fmt: skip
        scenario, _ = scaled(scenario, threads)  # as the coordinator plays it, which has done so already
        self._world = build_world(scenario, seed, threads=threads, held=held)
        accounts = self._world.accounts
        self._people = ColumnsResponder(
            self._world.board, accounts, locally(scenario, accounts), threads, held
        )
        self._sent = _Counters(accounts)

    def hello(self) -> bytes:
        """The rules by which this process plays, and the counters before the first hour."""
        return packed(np.frombuffer(rules_version().encode(), np.uint8), *self._news())

    def hour(self, letter: bytes) -> bytes:
        """One hour: from what is to be shown to what has changed, and who shared."""
        columns = iter(unpacked(letter))
        hour, today = next(columns).tolist()
        forgotten, published = next(columns).view(np.int64), rows_of(columns, VIDEO)
        if published.size:
            self._people.publish(published)
            self._sent.make_room(self._people.videos)
        self._people.forget(forgotten)
        said = Letter(*(rows_of(columns, kind) for kind in LETTER_TYPES))
        events = self._people.respond(said, hour, today)
        return packed(*self._news(), *columns_of(events))

    def reach(self) -> bytes:
        """People with any impression of each account."""
        return packed(self._people.reach_by_account())

    def _news(self) -> tuple[NDArray[Any], NDArray[Any]]:
        """Places of the counters that have changed since they were last sent, and by how much."""
        sent, before = self._sent, self._sent.row.copy()
        for kept, now in zip(sent.tally, self._people.tally(), strict=True):
            kept[:] = now
        sent.fans[:], sent.unfollows[:] = self._people.fans(), self._people.unfollows()
        sent.tried[:] = self._people.tried()
        change = sent.row - before
        places = np.flatnonzero(change)
        return places, change[places]


class Answer(Protocol):
    """Bytes that are on their way."""

    def result(self) -> bytes:
        """The bytes, once they are here."""


class Seat(Protocol):
    """A portion, somewhere: the same methods, whose bytes take a while."""

    def hello(self) -> Answer:
        """As `Portion.hello`."""

    def hour(self, letter: bytes) -> Answer:
        """As `Portion.hour`."""

    def reach(self) -> Answer:
        """As `Portion.reach`."""


class Seated(NamedTuple):
    """A portion of the shards, and where its people are."""

    held: range
    seat: Seat


class SplitResponder:
    """People elsewhere, as the coordinator sees them.

    Args:
        run: the run, without people.
        portions: where they are; together all shards.

    Attributes:
        bytes_out: bytes of the letters to portions so far.
        bytes_in: bytes of the letters that came back.
    """

    def __init__(self, run: Run, portions: Sequence[Seated]) -> None:
        self.portions = portions
        self.bytes_out, self.bytes_in = 0, 0
        self._counters = _Counters(run.accounts)
        self._published, self._forgotten = np.zeros(0, VIDEO), np.zeros(0, np.int64)
        for answer in [portion.seat.hello() for portion in portions]:
            rules, *news = self._read(answer)
            if bytes(rules.astype(np.uint8)).decode() != rules_version():
                raise RunError(
                    "a worker plays by other rules: install the same version of matrixsim everywhere"
                )
            self._add(*news)

    def publish(self, rows: NDArray[Any]) -> None:
        """Tells the portions with the next letter."""
        self._published = np.concatenate([self._published, rows])
        self._counters.make_room(len(self._counters.tally.videos) + rows.size)

    def respond(self, letter: Letter, hour: int, today: int) -> NDArray[Any]:
        """Sends every portion its letter, and adds up what comes back."""
        clock, published = np.array([hour, today]), columns_of(self._published)
        same = [column for rows in letter[:-1] for column in columns_of(rows)]
        common = packed(clock, self._forgotten, *published, *same)
        self._published, self._forgotten = self._published[:0], self._forgotten[:0]
        receiver = letter.named & np.uint64(0xFFFFFFFF)
        answers = []
        for held, seat in self.portions:
            theirs = letter.named[(receiver >= held.start * SHARD) & (receiver < held.stop * SHARD)]
            parcel = common + packed(theirs)
            self.bytes_out += len(parcel)
            answers.append(seat.hour(parcel))
        happened = []
        for answer in answers:
            columns = iter(self._read(answer))
            self._add(next(columns), next(columns))
            happened.append(rows_of(columns, EVENT))
        return in_order(happened)

    def forget(self, videos: NDArray[np.int64]) -> None:
        """Tells the portions with the next letter."""
        self._forgotten = np.concatenate([self._forgotten, videos])

    def fans(self) -> NDArray[np.int64]:
        """(A,) people who follow the account now."""
        return self._counters.fans.copy()

    def unfollows(self) -> NDArray[np.int64]:
        """(A,) follows taken back so far."""
        return self._counters.unfollows.copy()

    def tried(self) -> NDArray[np.int64]:
        """As `Responder.tried`."""
        return self._counters.tried

    def tally(self) -> Tally:
        """Counts so far, summed over portions."""
        return self._counters.tally

    def reach_by_account(self) -> NDArray[np.int64]:
        """(A,) people with any impression of the account."""
        reach = np.zeros_like(self._counters.fans)
        for answer in [portion.seat.reach() for portion in self.portions]:
            reach += self._read(answer)[0].view(np.int64)
        return reach

    def _read(self, answer: Answer) -> list[NDArray[np.uint64]]:
        letter = answer.result()
        self.bytes_in += len(letter)
        return unpacked(letter)

    def _add(self, places: NDArray[np.uint64], changes: NDArray[np.uint64]) -> None:
        self._counters.row[places.view(np.int64)] += changes.view(np.int64)


def run_split(
    scenario: Scenario,
    seed: int,
    seated: Callable[[], Sequence[Seated]],
    *,
    threads: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Result:
    """One run, its people elsewhere; the tables and the digest of one machine.

    Args:
        scenario: what to simulate.
        seed: of the run.
        seated: gives the portions, once the coordinator has built what it needs itself.
        threads: threads of all portions, for the record.
        progress: called with (hours done, hours in all).
    Returns:
        The result; `provenance["split"]` says what crossed.
    """
    started = time.perf_counter()
    simulation = Simulation(scenario, seed, held=range(0))
    try:
        responder = SplitResponder(simulation.state, seated())
        simulation.answer_by(responder, "columns")
        simulation.threads = threads
        while simulation.running:
            simulation.advance()
            if progress:
                progress(simulation.state.hour, scenario.run.hours)
        simulation.seconds = time.perf_counter() - started - simulation.compile_seconds
        result = simulation.result()
    finally:
        simulation.close()
    result.provenance["split"] = {
        "workers": len(responder.portions),
        "shards": [[held.start, held.stop] for held, _ in responder.portions],
        "bytes_to_workers": responder.bytes_out,
        "bytes_from_workers": responder.bytes_in,
        "bytes_per_hour": round((responder.bytes_out + responder.bytes_in) / scenario.run.hours),
    }
    return result
