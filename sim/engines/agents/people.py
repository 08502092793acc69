"""Accounts and users as mesa agents: the other driver, for reading, teaching and proof.

Takes the same board, cells and rules as the compiled driver; gives the same events, bit for
bit. Holds no domain arithmetic: where a person decides, a rule is called. Here one can step
through a single person's hour with a debugger.
"""

from typing import Any

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole
from sim.hour.events import FOLLOWED, ORDERED, SHARED
from sim.hour.people import Happened
from sim.hour.run import HasRun
from sim.rules import engagement as e
from sim.rules.audience import COMPLETION_CLASSES, ENGAGEMENT_CLASSES, SHARD, affinity_level
from sim.rules.brand import (
    INTERESTED,
    REPEAT,
    STAGES,
    days_untouched,
    faded_trust,
    next_stage,
    raised_trust,
    stage_row,
    trust_level,
)
from sim.rules.draws import JUMP, WALK, WATCH, high32, low32, subkey
from sim.rules.exits import exit_taken
from sim.rules.links import (
    FOLLOWING_LIST,
    LEAVE,
    LIKED_LIST,
    entry_weight,
    jump_place,
    mentioned,
    opened,
    picked_weight,
)
from sim.rules.repetition import place_in_table, row_of_table
from sim.world import board as b
from sim.world.board import Tally
from sim.world.exits import NO_VIDEO
from sim.world.fields import FIELDS, FIXED, read, settable
from sim.world.population import COMPLETION, ENGAGEMENT

Key = np.uint64
"""What machine code hands back as a plain int is made a key again before it goes on."""


class Account(mesa.Agent):
    """An account of the matrix, or a creator.

    Attributes:
        number: its place in the canonical order.
        name, role, tier: from the scenario.
    """

    def __init__(self, model: HasRun, number: int) -> None:
        super().__init__(model)
        self.number = number
        row = model.run_state.accounts.rows[number]
        self.name, self.role, self.tier = row.id, row.role, row.tier

    @property
    def fans(self) -> int:
        """Fans inside the audience now."""
        return int(self.model.run_state.board.fan_count[self.number].sum())

    @property
    def videos(self) -> list[int]:
        """Numbers of the videos it has published."""
        run = self.model.run_state
        return [int(v) for v in np.flatnonzero(run.videos.rows["author"] == self.number)]

    @property
    def follows(self) -> list[str]:
        """Names on its following list, top first."""
        run = self.model.run_state
        page = run.board.accounts[self.number]
        ends = run.board.ends[page["follow_from"] : page["follow_to"], 0]
        return [run.accounts.rows[a].id for a in ends]


class User(mesa.Agent):
    """One person of the 'agents' engine.

    Attributes:
        number: place in the population, the person's stable address.
        interest: interest [0..255] by topic.
        completion_class, engagement_class: propensities.
        put_off: 1 if repetition puts the person off.
        layer: in which a mechanism has put the person [0..3].
        stage: towards the brand, 0 unaware … 4 repeat customer.
        trust, exposures, day, orders, reached: as in the columns.
        follows: numbers of the accounts followed.
        reached_by: numbers of the accounts whose videos were seen.
        seen: videos shown in the feed.
        passed: videos for which the feed has passed this person over.
    """

    number: int
    interest: NDArray[np.int64]
    completion_class: int
    engagement_class: int
    put_off: int
    layer: int
    stage: int
    trust: int
    exposures: int
    day: int
    orders: int
    reached: int

    def __init__(self, model: HasRun, number: int) -> None:
        super().__init__(model)
        self.__dict__["number"] = number
        for name in FIELDS:
            value = read(model.run_state.board.users, name, number)
            self.__dict__[name] = value if value.ndim else int(value)
        self.follows: set[int] = set()
        self.reached_by: set[int] = set()
        self.seen: set[int] = set()
        self.passed: set[int] = set()

    def __setattr__(self, name: str, value: Any) -> None:
        known = name in FIELDS or name in FIXED
        super().__setattr__(name, settable(name, value, self.model.run_state.today) if known else value)

    @property
    def stage_name(self) -> str:
        """Stage towards the brand, in words."""
        return STAGES[self.stage]

    def match(self, weights: NDArray[np.int64]) -> int:
        """Level of match with a topic mix [0..7]."""
        return int(affinity_level(int((weights * self.interest).sum())))

    def see(self, hour: "AgentHour", video: int, origin: int, edge: int, counts: NDArray[np.int64]) -> int:
        """Meets a video in the feed: the responses as bits; shares, follows and visits are acted out."""
        row = hour.board.videos[video]
        key = Key(e.impression_key(row["key"], self.number))
        author = int(row["author"])
        bits = self.respond(hour, video, key)
        own = hour.tally.accounts[author, origin]
        for target in (own, counts):
            hour.count(target, bits)
        if edge >= 0:
            hour.tally.flows[edge, b.FLOW_IMPRESSIONS] += 1
        self.act(hour, video, origin, edge, bits, (own, counts))
        return bits

    def readiness(self, hour: "AgentHour", video: int) -> tuple[Key, Key]:
        """How readily this person finishes a video now, and engages with it: multipliers, 16.16."""
        board = hour.board
        level = self.match(board.accounts[board.videos[video]["maker"]]["weights"])
        exposures = int(e.exposures_today(self.exposures, self.day, hour.today))
        tired = board.numbers[b.FATIGUE + place_in_table(row_of_table(self.layer, self.put_off), exposures)]
        finish = board.multipliers[COMPLETION + level * COMPLETION_CLASSES + self.completion_class]
        engage = board.multipliers[ENGAGEMENT + level * ENGAGEMENT_CLASSES + self.engagement_class]
        return Key(e.chance(finish, tired)), Key(e.chance(engage, tired))

    def respond(self, hour: "AgentHour", video: int, key: Key) -> int:
        """What one impression does to this person."""
        board, numbers = hour.board, hour.board.numbers
        row = board.videos[video]
        finish, engage = self.readiness(hour, video)
        drawn = e.draws(key)
        bits = e.response(
            e.Draws(*map(Key, drawn)),
            e.Appeal(*row["appeal"]),
            finish,
            engage,
            numbers[b.BOOST],
        )
        trust = faded_trust(self.trust, numbers[b.DECAY + days_untouched(self.day, hour.today)])
        author = board.accounts[row["author"]]
        limit = author["moves"][stage_row(self.stage, trust)]
        moved = next_stage(Key(low32(Key(drawn.side))), self.stage, limit)
        if moved > self.stage and moved > INTERESTED:
            bits |= e.ORDER
            self.orders += 1
        self.reached_by.add(int(row["author"]))
        if not author["focal"]:
            return bits
        self.stage = int(min(moved, REPEAT))
        if bits & e.COMPLETE:
            trust = raised_trust(trust, int(author["trust_gain"]))
        exposures = e.exposures_today(self.exposures, self.day, hour.today)
        self.trust, self.exposures, self.day = int(trust), int(e.exposed_once_more(exposures)), hour.today
        if not self.reached:
            self.reached = 1
            hour.tally.flows[-1, b.REACHED] += 1
        return bits

    def act(
        self,
        hour: "AgentHour",
        video: int,
        origin: int,
        edge: int,
        bits: int,
        tallies: tuple[NDArray[np.int64], NDArray[np.int64]],
    ) -> None:
        """Shares, follows, opens the home page, jumps over an @; both tallies count it."""
        board, (own, counts) = hour.board, tallies
        author, key = (
            int(board.videos[video]["author"]),
            Key(e.impression_key(board.videos[video]["key"], self.number)),
        )
        if bits & e.SHARE:
            hour.tell(SHARED, video, self.number, key)
        if bits & e.ORDER:
            hour.tell(ORDERED, video, self.number, key)
        if bits & e.FOLLOW:
            followed = self.follow(hour, author, key)
            own[b.FOLLOWS] += followed
            counts[b.FOLLOWS] += followed
            if edge >= 0:
                hour.tally.flows[edge, b.FLOW_FOLLOWS] += followed
        if bits & e.VISIT:
            counts[b.VISITS] += 1
            self.walk(hour, author, origin, edge, subkey(key, WALK))
        page = board.accounts[author]
        links = int(page["mention_to"] - page["mention_from"])
        draw = Key(high32(Key(e.side_draws(key))))
        share = board.numbers[b.MENTION_SHARE] if links else Key(0)
        if links and draw < share:
            names = min(links, int(board.numbers[b.MENTIONS]))
            place = jump_place(draw, names, share)
            entry = int(page["mention_from"]) + mentioned(int(board.videos[video]["number"]), place, links)
            target, jumped = board.ends[entry]
            self.walk(hour, int(target), b.BY_MENTION, int(jumped), subkey(key, JUMP), True)
        else:
            self.leave(hour, video, Key(draw - share), subkey(key, JUMP))

    def leave(self, hour: "AgentHour", video: int, draw: Key, key: Key) -> None:
        """Goes on from a video by one of its exits, if the draw falls to any."""
        exits, row = hour.board.exits, hour.board.videos[video]
        first, last = int(row["exit_from"]), int(row["exit_to"])
        if first == last or draw >= exits[last - 1]["limit"]:
            return
        way = exits[exit_taken(draw, exits, first, last)]
        account, origin, edge, shown = (int(way[name]) for name in ("account", "origin", "edge", "shown"))
        if shown == NO_VIDEO:
            self.walk(hour, account, origin, edge, key, True)
        elif self.watch(hour, shown, origin, edge, key) & e.VISIT:
            hour.tally.videos[shown, b.OTHER, b.VISITS] += 1
            self.walk(hour, account, origin, edge, key)

    def follow(self, hour: "AgentHour", account: int, key: Key) -> int:
        """Follows an account unless it is followed already; 1 if it is new."""
        if account in self.follows:
            return 0
        self.follows.add(account)
        hour.board.fan_count[account, self.number // SHARD] += 1
        hour.tell(FOLLOWED, account, self.number, key)
        return 1

    def walk(
        self, hour: "AgentHour", account: int, origin: int, edge: int, key: Key, to_page: bool = False
    ) -> None:
        """Visits a home page, to which a link may have led, and wherever its lists lead."""
        board, numbers = hour.board, hour.board.numbers
        while True:
            own = hour.tally.accounts[account, origin]
            own[b.VISITS] += 1
            here = subkey(key, WALK)
            followed = 0
            trust = faded_trust(self.trust, numbers[b.DECAY + days_untouched(self.day, hour.today)])
            if low32(here) < board.accounts[account]["visit_follow"][trust_level(trust)]:
                followed = self.follow(hour, account, here)
                own[b.FOLLOWS] += followed
            if edge >= 0:
                hour.tally.flows[edge, b.FLOW_VISITS] += 1
                hour.tally.flows[edge, b.FLOW_FOLLOWS] += followed
                play, newest = subkey(here, WATCH), int(board.accounts[account]["newest"])
                if to_page and newest >= 0 and low32(play) < numbers[b.PAGE_SHARE]:
                    self.watch(hour, newest, origin, edge, play)
            page = board.accounts[account]
            door = opened(Key(high32(here)), board.doors, page["door_from"], page["door_to"])
            if door == LEAVE:
                return
            if door not in (FOLLOWING_LIST, LIKED_LIST):
                hour.tell(door, account, self.number, here)
                return
            key = subkey(here, WALK)
            if door == FOLLOWING_LIST:
                ends = board.ends[page["follow_from"] : page["follow_to"]]
                entry = self.pick(hour, [int(a) for a, _ in ends], key)
                if entry < 0:
                    return
                account, edge, origin = int(ends[entry, 0]), int(ends[entry, 1]), b.BY_FOLLOW
                to_page = True
                hour.tally.flows[-1, b.CONTINUED] += 1
                continue
            listed = [(int(v), int(link)) for v, link in board.liked[account] if v >= 0]
            entry = self.pick(hour, [int(board.videos[v]["maker"]) for v, _ in listed], key)
            if entry < 0:
                return
            video, edge = listed[entry]
            account, origin, to_page = int(board.videos[video]["author"]), b.BY_LIKE, False
            if not self.watch(hour, video, origin, edge, key) & e.VISIT:
                return
            hour.tally.videos[video, b.OTHER, b.VISITS] += 1
            hour.tally.flows[-1, b.CONTINUED] += 1

    def watch(self, hour: "AgentHour", video: int, origin: int, edge: int, key: Key) -> int:
        """Watches a video met over a link; the responses as bits."""
        author = int(hour.board.videos[video]["author"])
        bits = self.respond(hour, video, key)
        own, counts = hour.tally.accounts[author, origin], hour.tally.videos[video, b.OTHER]
        flow = hour.tally.flows[edge]
        for target in (own, counts):
            hour.count(target, bits)
        flow[b.FLOW_IMPRESSIONS] += 1
        if bits & e.FOLLOW:
            followed = self.follow(hour, author, key)
            own[b.FOLLOWS] += followed
            counts[b.FOLLOWS] += followed
            flow[b.FLOW_FOLLOWS] += followed
        if bits & e.SHARE:
            hour.tell(SHARED, video, self.number, key)
        if bits & e.ORDER:
            hour.tell(ORDERED, video, self.number, key)
        return bits

    def pick(self, hour: "AgentHour", mixes: list[int], key: Key) -> int:
        """The entry of a list that draws this person's attention; −1 for an empty list."""
        board = hour.board
        weights = []
        for place, account in enumerate(mixes):
            level = self.match(board.accounts[account]["weights"])
            position = board.numbers[b.POSITION + place]
            weights.append(entry_weight(position, board.multipliers[level * COMPLETION_CLASSES]))
        point = picked_weight(Key(low32(key)), Key(sum(weights)))
        for place, weight in enumerate(weights):
            if point < weight:
                return place
            point -= weight
        return -1


class AgentHour:
    """One hour of the agents engine: the board, the tally and the events."""

    def __init__(self, board: b.Board, tally: Tally, today: int) -> None:
        self.board, self.tally, self.today = board, tally, today
        self.events: list[tuple[int, int, int]] = []
        self.seen: list[int] = []

    def tell(self, kind: Whole, what: int, user: int, key: Key) -> None:
        """Adds an event."""
        self.events.append((int(kind), what << 32 | user, int(key)))

    @staticmethod
    def count(target: NDArray[np.int64], bits: int) -> None:
        """Adds one impression and its first four responses, and an order, to a row of counts."""
        target[b.IMPRESSIONS] += 1
        for k in range(4):
            target[k + 1] += bits >> k & 1
        target[b.ORDERS] += bits >> 6 & 1

    def happened(self) -> Happened:
        """The events."""
        return Happened(
            np.array(self.events, np.uint64).reshape(len(self.events), 3), np.array(self.seen, np.uint64)
        )
