"""People as agents: walks the hour's cells in the kernel's order, person by person.

Takes the same board and cells as the compiled driver and the users of a model; gives the same
tallies and events, bit for bit. Who meets a video is chosen here; what they do then is theirs
(people.py).
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engines.agents.hour import AgentHour, Key, plain
from sim.engines.agents.people import User
from sim.hour.cells import Cells
from sim.hour.events import sighting
from sim.hour.people import Happened, Letter, LocalResponder
from sim.hour.run import HasRun, World
from sim.mechanisms import locally
from sim.rules.addresses import CELL, FAN, SCATTER, SEGMENT
from sim.rules.audience import SHARD
from sim.rules.draws import high32, low32, permuted, subkey
from sim.world.board import AGAIN, Tally, new_tally
from sim.world.fields import FIELDS, read
from sim.world.offers import LIST, NO_PLANE, QUOTA, WINDOW


class AgentsResponder(LocalResponder):
    """People as agents: walks the cells in the kernel's order, person by person.

    Args:
        model: of which they are agents.
        world: in which they live; the run's own where left out.
        held: shards whose people are here; all where left out.
    """

    def person(self, model: HasRun, number: int, record: Mapping[str, Any]) -> User:
        """The agent that stands for a person; what watches people makes agents of its own."""
        return User(model, number, record)

    def __init__(self, model: HasRun, world: World | None = None, held: range | None = None) -> None:
        run = model.run_state
        board, accounts = (run.board, run.accounts) if world is None else (world.board, world.accounts)
        super().__init__(board, accounts, locally(run.scenario, accounts), held)
        self._tally = new_tally(self.board, len(self.accounts.edges), len(self.accounts.origins))
        here = self.numbers()
        self.people: list[Any] = [None] * self.board.users.size
        """By number; None for whoever is elsewhere."""
        columns = {name: read(self.board.users, name, here) for name in FIELDS}
        whole = [column.tolist() if column.ndim == 1 else column for column in columns.values()]
        for number, *record in zip(here.tolist(), *whole, strict=True):
            self.people[number] = self.person(model, number, dict(zip(columns, record, strict=True)))
        for account in range(self.board.accounts.size):
            bits = np.unpackbits(self.board.fans[account].view(np.uint8), bitorder="little")
            for user in here[bits[here] > 0].tolist():
                self.people[user].follows.add(account)

    def respond(self, letter: Letter, hour: int, today: int) -> NDArray[Any]:
        """As `Responder.respond`: the letter's offers, laid out by shard, are shown to people."""
        self.make_ready(letter, hour, today)
        happened = self._over_shards(self.cells.lay(letter.offers, letter.named), today)
        return self.conclude(letter, happened, hour)

    def _over_shards(self, cells: Cells, today: int) -> Happened:
        """What happens when people are shown the hour's cells."""
        hour = AgentHour(self.board, self._tally, today)
        for shard in range(cells.starts.size - 1):
            for at in range(cells.starts[shard], cells.starts[shard + 1]):
                cell = plain(cells.cells[at])
                self._play(hour, cells, cell, plain(cells.offers[cell.offer]), shard)
        return hour.happened()

    def _play(self, hour: AgentHour, cells: Cells, cell: Any, offer: Any, shard: int) -> None:
        """Shows one offer in one shard."""
        key = Key(hour.videos[offer.video].key)
        people = self.people[shard * SHARD : (shard + 1) * SHARD]
        if offer.kind == WINDOW:
            fan_key, whose = subkey(key, FAN), offer.whose
            due = [
                person
                for person in people
                if whose in person.follows
                and offer.low <= low32(subkey(fan_key, person.number)) < offer.high
                and self._admitted(person, offer)
            ]
        elif offer.kind == LIST:
            named = [self.people[u] for u in cells.named[cell.list_from : cell.list_to]]
            due = [person for person in named if self._admitted(person, offer)]
        else:
            due = self._recommended(cells, cell, offer, subkey(subkey(key, CELL), shard), people)
        counts = hour.tally.videos[offer.video, offer.side]
        for person in due:
            person.seen.add(offer.video)
            if offer.noting != NO_PLANE:
                self.note(offer.noting, person.number)
            if offer.counting != NO_PLANE:
                self.count_once_more(offer.counting, person.number)
            if offer.kind != QUOTA:
                hour.seen.append(int(sighting(offer.video, person.number)))
            person.see(hour, offer.video, offer.origin, offer.edge, counts)

    def _admitted(self, person: User, offer: Any) -> bool:
        """Whether an offer reaches a person: nobody twice, nor whom the feed has passed over."""
        if offer.video in person.seen or offer.video in person.passed:
            return False
        accounts = self.board.accounts.size
        for plane in offer.passing.tolist():
            row = abs(plane) - 1
            if plane == NO_PLANE:
                continue
            if row >= 2 * accounts:
                bit = self.is_noted(row + 1, person.number)
            else:
                bit = row - accounts in person.reached_by if row >= accounts else row in person.follows
            if bit == (plane > 0):
                return False
        return offer.counting == NO_PLANE or self._shown_again(person, offer)

    def _shown_again(self, person: User, offer: Any) -> bool:
        """Whether the feed shows a person a further video of an author this hour."""
        times = self.times_counted(offer.counting, person.number)
        if times == 0:
            return True
        draw = low32(subkey(subkey(self.board.videos[offer.video]["key"], SCATTER), person.number))
        return bool(draw < self.board.numbers[AGAIN + times])

    def _recommended(
        self, cells: Cells, cell: Any, offer: Any, cell_key: Key, people: list[User]
    ) -> list[User]:
        """The next people for a video's quota: by segment, without repetition."""
        row, aim = cell.row, plain(self.board.aims[offer.whose])
        size = self.board.users.size
        starts = self.board.starts[0 if len(people) == min(SHARD, size) else 1].tolist()
        chosen: list[User] = []
        for _ in range(cell.quota):
            word = subkey(cell_key, int(cells.picks[row]))
            cells.picks[row] += 1
            g = int(word) & 63
            if high32(word) >= int(aim.limit[g]):
                g = int(aim.other[g])
            found = self._next_of(cells, row, cell_key, starts, g, offer, people)
            if found is None:
                break  # everyone in the shard has seen it
            chosen.append(found)
        return chosen

    def _next_of(
        self,
        cells: Cells,
        row: int,
        cell_key: Key,
        starts: list[int],
        segment: int,
        offer: Any,
        people: list[User],
    ) -> User | None:
        """The next person of a segment, or of the ones after it, whom an offer reaches."""
        segments = len(starts) - 1
        for step in range(segments):
            g = (segment + step) % segments
            size = starts[g + 1] - starts[g]
            while (index := int(cells.cursors[row, g])) < size:
                cells.cursors[row, g] += 1
                person = people[starts[g] + permuted(index, size, subkey(cell_key, SEGMENT + g))]
                if self._admitted(person, offer):
                    return person
                person.passed.add(offer.video)
        return None

    def read(self, field: str, people: NDArray[np.int64]) -> NDArray[np.int64]:
        """An attribute of some people (n,), as it is now."""
        return np.array([getattr(self.people[k], field) for k in people.tolist()], np.int64)

    def write(self, field: str, people: NDArray[np.int64], values: NDArray[np.int64]) -> None:
        """Sets it (n,)."""
        for k, value in zip(people.tolist(), values.tolist(), strict=True):
            setattr(self.people[k], field, value)

    def unfollow(self, accounts: NDArray[np.int64], people: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Takes follows (n,) back, one after the other; whether there was one (n,)."""
        left = np.zeros(people.size, np.bool_)
        for k, (account, user) in enumerate(zip(accounts.tolist(), people.tolist(), strict=True)):
            if account in self.people[user].follows:
                self.people[user].follows.discard(account)
                self.board.fan_count[account, user // SHARD] -= 1
                left[k] = True
        return left

    def tallies(self) -> list[Tally]:
        """Counts so far, of one thread."""
        return [self._tally]

    def count_in(self, tallies: list[Tally]) -> None:
        """Goes on counting in another tally."""
        (self._tally,) = tallies

    def reach_by_account(self) -> NDArray[np.int64]:
        """(A,) people with any impression of the account."""
        reach = np.zeros(self.board.accounts.size, np.int64)
        for number in self.numbers():
            reach[list(self.people[number].reached_by)] += 1
        return reach
