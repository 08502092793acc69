"""The columns engine: people respond in compiled passes over shards, on any number of threads.

Takes the board and the hour's cells (an offer's part in a shard); gives tallies and events
(shares, follows, orders), which do not depend on the number of threads: each has shards, a tally and
events of its own, and writes only to the people and bits of its shards, so it needs no lock.
An hour's offers are laid out by shard (hour/cells.py); who meets a video is chosen in choose.py, what an
impression does stands in impress.py, where it leads in walk.py. What is counted here, hour/tables.py makes
tables of.
"""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole, Word, ask, at, compile_seconds, compiled, inlined, lent
from sim.engines.columns.choose import (
    BITS,
    Meeting,
    fans_due,
    fans_of_shard,
    named_here,
    note,
    passed_over,
    recommended,
    scatter_of,
    shown_again,
    unseen,
)
from sim.engines.columns.impress import BATCH, MAYBE, NAMED, Batch, appeal_of, gather, impress_all, look
from sim.engines.columns.walk import aftermath
from sim.hour.cells import Cells
from sim.hour.events import Events, Shown, nothing_yet, shown_to
from sim.hour.local_part import Locals
from sim.hour.people import Happened, Letter, LocalResponder, gathered
from sim.hour.sightings import recall, skip
from sim.rules import engagement as e
from sim.rules.addresses import CELL
from sim.rules.audience import SHARD
from sim.rules.draws import child
from sim.threads import side_by_side, spans_of
from sim.world import board as b
from sim.world.accounts import Accounts
from sim.world.aims import PICKS
from sim.world.board import Board, Tally, new_tally
from sim.world.fields import STATE_WORD, read, write
from sim.world.offers import NO_PLANE, QUOTA, WINDOW
from sim.world.order import WIDTH
from sim.world.ties import WORDS, count_bits, take_back

WORTH_THREADS = 14_000
"""Work of an hour, in impressions, below which handing it to threads costs more than it saves (measured: two
threads break even between 12,000 and 16,000, at 0.6 ms, on two cores that others used as well)."""
RARE = e.SHARE | e.FOLLOW | e.VISIT | e.ORDER | NAMED
"""Bits whose consequences reach further than the counts of a cell."""


KEPT = 32
"""Accounts whose fans in a shard are kept at hand, by their numbers, for an account's videos come in turn."""


class Room(NamedTuple):
    """Where the kernel of one thread puts what it needs for a moment, see `room`."""

    slots: NDArray[np.int64]
    """Places in the shard of the people who are shown a video."""
    rare: NDArray[np.int64]
    """Of their impressions, those that lead further; before, room for places."""
    fans: NDArray[np.int64]
    """Places in the shard of accounts' fans, one account's behind another's."""
    whose: NDArray[np.int64]
    """(KEPT + 1, 3) which accounts', −1 for none's; where they begin; how many. Last where the next begin."""
    skipped: NDArray[np.uint64]
    """Bits of the shard's people who have seen the video as fan or friend; 0 between calls."""
    away: NDArray[np.uint64]
    """These and those whom an offer passes over."""
    wanted: NDArray[np.int64]
    """Impressions by segment; 0 between calls."""
    batch: Batch


def room() -> Room:
    """An empty room. Python keeps it, so that nobody has to count who refers to it (`lent`)."""
    words, numbers = np.empty((9, BATCH), np.uint64), np.empty((2, BATCH), np.int64)
    return Room(
        np.empty(SHARD + WIDTH, np.int64), np.empty(SHARD, np.int64), np.empty(SHARD + BITS, np.int64),
        np.empty((KEPT + 1, 3), np.int64), np.zeros(WORDS, np.uint64),
        np.empty(WORDS, np.uint64), np.zeros(PICKS, np.int64),
        Batch(
            words[0], words[1], words[2], words[3], numbers[0], words[4], words[5], words[6], words[7],
            words[8], numbers[1],
        ),
    )  # fmt: skip


@inlined
def _show(
    board: Board,
    tally: Tally,
    events: Events,
    offer: Any,
    room: Room,
    count: Whole,
    first: Whole,
    today: Whole,
) -> Events:
    """Shows what is offered to the people at the first `count` of `slots`; the events.

    Inlined in `respond`, because each array that is handed over costs twenty processor cycles a call; what
    is rare (a walk, friends, a second meeting) is not, which compiles two seconds faster.
    """
    users, numbers, slots, rare, batch = board.users, board.numbers, room.slots, room.rare, room.batch
    video, origin, side = offer.video, offer.origin, offer.side
    row = board.videos[video]
    author, account = row.author, board.accounts[row.author]
    maker, appeal = board.accounts[row.maker], appeal_of(board.videos, video)
    mention = np.uint64(0)
    if account.mention_to > account.mention_from:
        mention = numbers[b.MENTION_SHARE]
    if row.exit_to > row.exit_from:
        mention += board.exits[row.exit_to - 1].limit
    completions = np.uint64(0)
    fresh = likes = comments = shares = orders = rares = np.int64(0)
    for begin in range(0, count, BATCH):
        size = min(BATCH, count - begin)
        look(batch, row.key, slots, begin, size, first)
        fresh += gather(batch, board, author, maker, slots, begin, size, first)
        impress_all(batch, size, account, appeal, board.multipliers, numbers, mention, today)
        for k in range(size):
            completions += batch.bits[at(k)] & np.uint64(e.COMPLETE)
        for k in range(size):
            user = first + slots[at(begin + k)]
            board.words[at(user), at(STATE_WORD)] = batch.states[at(k)]
            bits = np.int64(batch.bits[at(k)])
            if bits > e.COMPLETE:
                if bits & MAYBE:  # few, so most are spared five comparisons
                    bits &= ~MAYBE
                    bits |= e.engagement(e.draws(batch.keys[at(k)]), appeal, batch.engage[at(k)])
                likes += (bits >> 1) & 1
                comments += (bits >> 2) & 1
                shares += (bits >> 3) & 1
                orders += (bits >> 6) & 1
                users[at(user)].orders += (bits >> 6) & 1
                rare[at(rares)] = (begin + k) << 8 | bits
                rares += (bits & RARE) != 0
    tally.flows[tally.flows.shape[0] - 1, b.REACHED] += fresh * account.focal
    if offer.edge >= 0:
        tally.flows[offer.edge, b.FLOW_IMPRESSIONS] += count
    for part in range(2):
        counts = tally.accounts[author, origin] if part == 0 else tally.videos[video, side]
        counts[b.IMPRESSIONS] += count
        counts[b.COMPLETIONS] += np.int64(completions)
        counts[b.LIKES] += likes
        counts[b.COMMENTS] += comments
        counts[b.SHARES] += shares
        counts[b.ORDERS] += orders
    if rares:
        events = aftermath(board, tally, events, offer, slots, rare, rares, first, today)
    return events


@inlined
def _keep_nobody(whose: NDArray[np.int64]) -> None:
    """Lets go of the fans at hand; `whose` as in `Room`."""
    for k in range(KEPT):
        whose[at(k), 0] = -1
    whose[KEPT, 1] = 0


@inlined
def _called(
    offer: Any, cell: Any, board: Board, cells: Cells, video_key: Word, first: Whole, room: Room
) -> Whole:
    """How many people of a shard an offer calls: fans whose hour has come, or those of a list.

    Their places go to `room.slots`.
    """
    if offer.kind == WINDOW:
        fans, whose, entry = room.fans, room.whose, offer.whose % KEPT
        count = board.fan_count[offer.whose, first // SHARD]
        if whose[entry, 0] != offer.whose or whose[entry, 2] != count:  # within an hour they only grow
            if whose[KEPT, 1] + count > SHARD:
                _keep_nobody(whose)
            whose[entry, 0], whose[entry, 1], whose[entry, 2] = offer.whose, whose[KEPT, 1], count
            whose[KEPT, 1] += count + BITS
            fans_of_shard(board.fans, offer.whose, first, fans, whose[entry, 1], room.slots)
        begin = whose[entry, 1]
        count = fans_due(offer, fans, begin, count, video_key, first, room.batch.keys, room.slots)
    else:
        count = named_here(cell, cells.named, first, room.slots)  # of a quota, nobody
    for k in range(count):
        ask(board.users, first + room.slots[at(k)])
    return count


@inlined
def _ask_ahead(cells: Cells, place: Whole, shard: Whole) -> None:
    """Asks memory for what a cell, if the shard has it, begins with: cursors, and who has seen its video."""
    if place == cells.starts[shard + 1]:
        return
    cell = cells.cells[place]
    if cell.row >= 0:
        ask(cells.cursors, cell.row)
        ask(cells.picks, cell.row)
    block = np.int64(cells.newest[cells.offers[cell.offer].video, shard])
    if block >= 0:
        ask(cells.blocks, block)


@compiled
def respond(
    board: Board,
    cells: Cells,
    tally: Tally,
    room: Room,
    events: Events,
    shown: Shown,
    shard_from: int,
    shard_to: int,
    today: int,
) -> tuple[Events, Shown]:
    """The response of the people of some shards to the hour's cells.

    Args:
        board: the world; its people and bits of these shards change.
        cells: the hour's work; the cursors of these shards move on.
        tally: counts of this thread, added to.
        room: of this thread.
        events: list of this thread, added to or replaced by a longer one.
        shown: another.
        shard_from: first shard.
        shard_to: one past the last shard.
        today: day of the hour, from 0.
    Returns: both lists.
    """
    board, cells, tally = lent(board), lent(cells), lent(tally)
    room = lent(room)
    slots, rare, _, whose, skipped, away, wanted, batch = room
    lengths = events.length, shown.length  # never replaced, while lists may be
    event_count, shown_count = lent(lengths)
    events, shown = Events(events.rows, event_count), Shown(shown.sightings, shown_count)
    users = board.users.size
    for shard in range(shard_from, shard_to):
        first = shard * SHARD
        size = min(SHARD, users - first)
        _keep_nobody(whose)
        starts = board.starts[0 if size == min(SHARD, users) else 1]
        video: Whole = np.int64(-1)
        skips: Whole = np.int64(0)
        for place in range(cells.starts[shard], cells.starts[shard + 1]):
            cell = cells.cells[place]
            offer = cells.offers[cell.offer]
            _ask_ahead(cells, place + 1, shard)
            row = board.videos[offer.video]
            count = _called(offer, cell, board, cells, row.key, first, room)
            if count == 0 and offer.kind == WINDOW:  # most, where fans are few: nothing else is looked up
                continue
            cell_key = child(child(row.key, CELL), shard)
            if offer.video != video:  # its offers stand side by side, and nobody meets it twice
                video = offer.video
                if skips:
                    for word in range(WORDS):
                        skipped[word] = 0
                skips = recall(cells.newest, cells.blocks, skipped, video, shard)
            passing, passes = skipped, bool(skips > 0)
            if offer.passing[0] != NO_PLANE:
                passing, passes = away, True
                passed_over(board, offer.passing, skipped, away, shard)
            again = scatter_of(board, offer, row.key, shard)
            met = Meeting(cell_key, cell.row, cells.cursors, cells.picks, starts, passing, slots, first)
            if offer.kind == QUOTA:
                aim = board.aims[offer.whose]
                count = recommended(
                    met, aim, cell.quota, passes, wanted, batch.keys, rare, board.users, again
                )
            else:
                count = shown_again(again, slots, np.int64(0), unseen(met, count), first, rare)
                for k in range(count):
                    skip(skipped, slots[k])
                shown = shown_to(shown, video, slots, count, first)
                skips += count
            if offer.noting != NO_PLANE:
                own = np.int64(offer.noting) - 1 - 2 * board.fans.shape[0]
                note(board, own, slots, count, shard)
            if count:
                events = _show(board, tally, events, offer, room, count, first, today)
        if skips:
            for word in range(WORDS):
                skipped[word] = 0
    return Events(events.rows, lengths[0]), Shown(shown.sightings, lengths[1])


class ColumnsResponder(LocalResponder):
    """People as columns.

    Args:
        board: the world.
        accounts: of the board.
        locally: what mechanisms do here.
        threads: threads that go through the shards.
        held: shards whose people are here; all where left out.
    """

    def __init__(
        self, board: Board, accounts: Accounts, locally: Locals, threads: int = 1, held: range | None = None
    ) -> None:
        super().__init__(board, accounts, locally, held)
        self.threads = max(1, min(threads, board.fan_count.shape[1] if held is None else len(held)))
        self._tallies = [
            new_tally(board, len(accounts.edges), len(accounts.origins)) for _ in range(self.threads)
        ]
        self._hire()

    def _hire(self) -> None:
        """Threads that help, and room for each: neither travels with the people."""
        self._helpers = ThreadPoolExecutor(self.threads - 1) if self.threads > 1 else None
        self._rooms = [room() for _ in range(self.threads)]

    def __getstate__(self) -> dict[str, Any]:
        return vars(self) | {"_helpers": None, "_rooms": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        self._hire()

    def respond(self, letter: Letter, hour: int, today: int) -> NDArray[Any]:
        """As `Responder.respond`: the letter's offers, laid out by shard, are shown to people."""
        self.make_ready(letter, hour, today)
        cells = self.cells.lay(letter.offers, letter.named)
        started = time.perf_counter() - compile_seconds()
        happened = self._over_shards(cells, today)
        self.apart_s += time.perf_counter() - compile_seconds() - started
        return self.conclude(letter, happened, hour)

    def _over_shards(self, cells: Cells, today: int) -> Happened:
        """What happens when people are shown the hour's cells; on threads, where that is worth it."""
        if self._helpers is None or cells.work[-1] < WORTH_THREADS:
            whole = iter([(0, cells.work.size - 1)])
            return gathered([self._spans(cells, today, whole, self._own()[0])])
        # A list's iterator hands each span to one thread only: whoever is done first takes the next.
        spans = iter(spans_of(cells.work, self.threads, WORTH_THREADS))
        work = partial(self._spans, cells, today, spans)
        return gathered(side_by_side(work, self._own(), self._helpers))

    def _own(self) -> list[tuple[Tally, Room]]:
        """What each thread writes to, and where it works."""
        return list(zip(self._tallies, self._rooms, strict=True))

    def _spans(
        self, cells: Cells, today: int, spans: Iterator[tuple[int, int]], own: tuple[Tally, Room]
    ) -> tuple[Events, Shown]:
        """Takes spans of shards until none is left; the lists of one thread."""
        lists = nothing_yet()
        for first, last in spans:
            lists = respond(self.board, cells, *own, *lists, first, last, today)
        return lists

    def read(self, field: str, people: NDArray[np.int64]) -> NDArray[np.int64]:
        """A field of the record of some people (n,), as it is now."""
        return read(self.board.users, field, people)

    def write(self, field: str, people: NDArray[np.int64], values: NDArray[np.int64]) -> None:
        """Sets it (n,)."""
        write(self.board.users, field, values, people)

    def unfollow(self, accounts: NDArray[np.int64], people: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Takes follows (n,) back, one after the other; whether there was one (n,)."""
        return take_back(self.board.fans, self.board.fan_count, accounts, people)

    def tallies(self) -> list[Tally]:
        """Counts by thread."""
        return self._tallies

    def count_in(self, tallies: list[Tally]) -> None:
        """Goes on counting in other tallies."""
        self._tallies = tallies

    def reach_by_account(self) -> NDArray[np.int64]:
        """(A,) people here with any impression of the account."""
        own = self.cells.own
        return count_bits(self.board.reached[:, own.start * WORDS : own.stop * WORDS])

    def close(self) -> None:
        """Ends the threads."""
        if self._helpers is not None:
            self._helpers.shutdown()
