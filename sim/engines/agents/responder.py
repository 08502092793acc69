"""People as agents: walks the hour's cells in the kernel's order, person by person.

Takes the same board and cells as the compiled driver and the users of a model; gives the same
tallies and events, bit for bit. Who meets a video is chosen here; what they do then is theirs
(people.py).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engines.agents.people import AgentHour, Key, User
from sim.hour.cells import Cells
from sim.hour.events import sighting
from sim.hour.people import Happened, Letter, LocalResponder
from sim.hour.run import HasRun, World
from sim.mechanisms import locally
from sim.rules.audience import SHARD
from sim.rules.draws import CELL, FAN, SCATTER, SEGMENT, high32, low32, permuted, subkey
from sim.world.board import AGAIN, Tally, new_tally
from sim.world.offers import LIST, NO_PLANE, QUOTA, WINDOW


class AgentsResponder(LocalResponder):
    """People as agents: walks the cells in the kernel's order, person by person.

    Args:
        model: of which they are agents.
        world: in which they live; the run's own where left out.
        held: shards whose people are here; all where left out.
    """

    def person(self, model: HasRun, number: int) -> User:
        """The agent that stands for a person; what watches people makes agents of its own."""
        return User(model, number)

    def __init__(self, model: HasRun, world: World | None = None, held: range | None = None) -> None:
        run = model.run_state
        board, accounts = (run.board, run.accounts) if world is None else (world.board, world.accounts)
        super().__init__(board, accounts, locally(run.scenario, accounts), held)
        self._tally = new_tally(self.board, len(self.accounts.edges), len(self.accounts.origins))
        here = self.numbers()
        self.people: list[Any] = [None] * self.board.users.size
        """By number; None for whoever is elsewhere."""
        for number in here.tolist():
            self.people[number] = self.person(model, number)
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
                self._play(hour, cells, cells.cells[at], shard)
        return hour.happened()

    def _play(self, hour: AgentHour, cells: Cells, cell: Any, shard: int) -> None:
        """Shows one offer in one shard."""
        offer = cells.offers[cell["offer"]]
        video = int(offer["video"])
        row = self.board.videos[video]
        first = shard * SHARD
        people = self.people[first : first + SHARD]
        if offer["kind"] == WINDOW:
            fan_key, whose = subkey(row["key"], FAN), int(offer["whose"])
            low, high = int(offer["low"]), int(offer["high"])
            due = [
                person
                for person in people
                if whose in person.follows
                and low <= low32(subkey(fan_key, person.number)) < high
                and self._admitted(person, offer)
            ]
        elif offer["kind"] == LIST:
            named = [self.people[u] for u in cells.named[cell["list_from"] : cell["list_to"]]]
            due = [person for person in named if self._admitted(person, offer)]
        else:
            cell_key = subkey(subkey(row["key"], CELL), shard)
            due = self._recommended(cells, cell, offer, cell_key, people)
        counts = hour.tally.videos[video, offer["side"]]
        for person in due:
            person.seen.add(video)
            if offer["noting"] != NO_PLANE:
                self.note(int(offer["noting"]), person.number)
            if offer["counting"] != NO_PLANE:
                self.count_once_more(int(offer["counting"]), person.number)
            if offer["kind"] != QUOTA:
                hour.seen.append(int(sighting(video, person.number)))
            person.see(hour, video, int(offer["origin"]), int(offer["edge"]), counts)

    def _admitted(self, person: User, offer: Any) -> bool:
        """Whether an offer reaches a person: nobody twice, nor whom the feed has passed over."""
        video, accounts = int(offer["video"]), self.board.accounts.size
        if video in person.seen or video in person.passed:
            return False
        for plane in offer["passing"].tolist():
            row = abs(plane) - 1
            if plane == NO_PLANE:
                continue
            if row >= 2 * accounts:
                bit = self.is_noted(row + 1, person.number)
            else:
                bit = row - accounts in person.reached_by if row >= accounts else row in person.follows
            if bit == (plane > 0):
                return False
        counting = int(offer["counting"])
        return counting == NO_PLANE or self._shown_again(person, video, counting)

    def _shown_again(self, person: User, video: int, counting: int) -> bool:
        """Whether the feed shows a person a further video of an author this hour."""
        times = self.times_counted(counting, person.number)
        draw = low32(subkey(subkey(self.board.videos[video]["key"], SCATTER), person.number))
        return times == 0 or int(draw) < int(self.board.numbers[AGAIN + times])

    def _recommended(
        self, cells: Cells, cell: Any, offer: Any, cell_key: Key, people: list[User]
    ) -> list[User]:
        """The next people for a video's quota: by segment, without repetition."""
        row = int(cell["row"])
        aim = self.board.aims[offer["whose"]]
        size = self.board.users.size
        starts = self.board.starts[0 if len(people) == min(SHARD, size) else 1]
        segments = starts.size - 1
        chosen: list[User] = []
        for _ in range(int(cell["quota"])):
            word = subkey(cell_key, int(cells.picks[row]))
            cells.picks[row] += 1
            g = int(word) & 63
            if high32(word) >= int(aim["limit"][g]):
                g = int(aim["other"][g])
            found = self._next_of(cells, row, cell_key, starts, g, offer, people, segments)
            if found is None:
                break  # everyone in the shard has seen it
            chosen.append(found)
        return chosen

    def _next_of(
        self,
        cells: Cells,
        row: int,
        cell_key: Key,
        starts: NDArray[np.int64],
        segment: int,
        offer: Any,
        people: list[User],
        segments: int,
    ) -> User | None:
        """The next person of a segment, or of the ones after it, whom an offer reaches."""
        for step in range(segments):
            g = (segment + step) % segments
            size = int(starts[g + 1] - starts[g])
            while cells.cursors[row, g] < size:
                index = int(cells.cursors[row, g])
                cells.cursors[row, g] += 1
                person = people[int(starts[g]) + permuted(index, size, subkey(cell_key, SEGMENT + g))]
                if self._admitted(person, offer):
                    return person
                person.passed.add(int(offer["video"]))
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
