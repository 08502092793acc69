"""Accounts and users as mesa agents: the other driver, for reading, teaching and proof.

Takes the same board, cells and rules as the compiled driver; gives the same events, bit for
bit. Holds no domain arithmetic: where a person decides, a rule is called. Here one can step
through a single person's hour with a debugger.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.engines.agents.hour import AgentHour, Key, plain
from sim.hour.events import FOLLOWED, ORDERED, SHARED
from sim.hour.run import HasRun
from sim.rules import engagement as e
from sim.rules import links as ways
from sim.rules.addresses import JUMP, WALK, WATCH
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
from sim.rules.draws import high32, low32, subkey
from sim.rules.exits import exit_taken
from sim.rules.repetition import place_in_table, row_of_table
from sim.world import board as b
from sim.world.exits import NO_VIDEO
from sim.world.fields import FIELDS, FIXED, settable
from sim.world.population import COMPLETION, ENGAGEMENT


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


class Meeting(NamedTuple):
    """A person meets a video: what decides about the impression."""

    key: Key
    """its address"""
    drawn: e.Draws
    appeal: e.Appeal
    match: int
    """level of match of the video's topics and the person's interests [0..7]"""
    exposures: int
    """to the brand before on this day [0..15]"""
    finish: Key
    """how readily the person finishes the video, 16.16"""
    engage: Key
    """how readily the person engages with it, 16.16"""


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
    follows: set[int]
    reached_by: set[int]
    seen: set[int]
    passed: set[int]

    def __init__(self, model: HasRun, number: int, record: Mapping[str, Any]) -> None:
        super().__init__(model)
        self.__dict__.update(record, number=number, follows=set(), reached_by=set(), seen=set(), passed=set())

    def __setattr__(self, name: str, value: Any) -> None:
        if name in FIELDS or name in FIXED:
            value = settable(name, value, self.model.run_state.today)
        super().__setattr__(name, value)

    @property
    def stage_name(self) -> str:
        """Stage towards the brand, in words."""
        return STAGES[self.stage]

    def match(self, weights: NDArray[np.int64]) -> int:
        """Level of match with a topic mix [0..7]."""
        return int(affinity_level(int(weights.dot(self.interest))))

    def see(self, hour: AgentHour, video: int, origin: int, edge: int, counts: NDArray[np.int64]) -> int:
        """Meets a video in the feed, visits its author, goes on from it; the responses as bits."""
        row = hour.videos[video]
        met = self.meet(hour, video, Key(e.impression_key(Key(row.key), self.number)))
        bits = self.be_shown(hour, video, origin, edge, met, counts)
        if bits & e.VISIT:
            counts[b.VISITS] += 1
            self.walk(hour, row.author, origin, edge, subkey(met.key, WALK))
        self.go_on(hour, video, met)
        return bits

    def watch(self, hour: AgentHour, video: int, origin: int, edge: int, key: Key) -> int:
        """Watches a video met over a link; the responses as bits."""
        counts = hour.tally.videos[video, b.OTHER]
        return self.be_shown(hour, video, origin, edge, self.meet(hour, video, key), counts)

    def be_shown(
        self, hour: AgentHour, video: int, origin: int, edge: int, met: Meeting, counts: NDArray[np.int64]
    ) -> int:
        """Has an impression, which tallies count: the responses as bits; shares and follows are acted out."""
        author, bits = hour.videos[video].author, self.respond(hour, video, met)
        own, followed = hour.tally.accounts[author, origin], 0
        if bits & e.SHARE:
            hour.tell(SHARED, video, self.number, met.key)
        if bits & e.ORDER:
            hour.tell(ORDERED, video, self.number, met.key)
        if bits & e.FOLLOW:
            followed = self.follow(hour, author, met.key)
        for target in (own, counts):
            hour.count(target, bits, followed)
        if edge >= 0:
            hour.tally.flows[edge, b.FLOW_IMPRESSIONS] += 1
            hour.tally.flows[edge, b.FLOW_FOLLOWS] += followed
        return bits

    def meet(self, hour: AgentHour, video: int, key: Key) -> Meeting:
        """What decides about an impression of that address, as this person is now."""
        board, row = hour.board, hour.videos[video]
        match = self.match(hour.accounts[row.maker].weights)
        exposures = int(e.exposures_today(self.exposures, self.day, hour.today))
        tired = board.numbers[b.FATIGUE + place_in_table(row_of_table(self.layer, self.put_off), exposures)]
        finish = board.multipliers[COMPLETION + match * COMPLETION_CLASSES + self.completion_class]
        engage = board.multipliers[ENGAGEMENT + match * ENGAGEMENT_CLASSES + self.engagement_class]
        return Meeting(
            key, e.Draws(*map(Key, e.draws(key))), e.Appeal(*row.appeal), match, exposures,
            Key(e.chance(finish, tired)), Key(e.chance(engage, tired)),
        )  # fmt: skip

    def respond(self, hour: AgentHour, video: int, met: Meeting) -> int:
        """What one impression does to this person; the responses as bits."""
        numbers, number = hour.board.numbers, hour.videos[video].author
        author = hour.accounts[number]
        bits = e.response(met.drawn, met.appeal, met.finish, met.engage, numbers[b.BOOST])
        trust = faded_trust(self.trust, numbers[b.DECAY + days_untouched(self.day, hour.today)])
        limit = author.moves[stage_row(self.stage, trust)]
        moved = next_stage(Key(low32(met.drawn.side)), self.stage, limit)
        if moved > self.stage and moved > INTERESTED:
            bits |= e.ORDER
            self.orders += 1
        self.reached_by.add(number)
        if not author.focal:
            return bits
        if bits & e.COMPLETE:
            trust = raised_trust(trust, author.trust_gain)
        self.__dict__.update(  # nobody has to look whether rules give what rules can take
            stage=int(min(moved, REPEAT)),
            trust=int(trust),
            exposures=int(e.exposed_once_more(met.exposures)),
            day=hour.today,
        )
        if not self.reached:
            self.reached = 1
            hour.tally.flows[-1, b.REACHED] += 1
        return bits

    def go_on(self, hour: AgentHour, video: int, met: Meeting) -> None:
        """Jumps over an @ of the caption, or leaves by an exit, if the draw falls to any."""
        board, row = hour.board, hour.videos[video]
        page, draw = hour.accounts[row.author], Key(high32(met.drawn.side))
        links = page.mention_to - page.mention_from
        share = board.numbers[b.MENTION_SHARE] if links else Key(0)
        if draw < share:
            names = min(links, int(board.numbers[b.MENTIONS]))
            place = ways.jump_place(draw, names, share)
            entry = page.mention_from + ways.mentioned(row.number, place, links)
            target, jumped = board.ends[entry]
            self.walk(hour, int(target), b.BY_MENTION, int(jumped), subkey(met.key, JUMP), True)
        elif row.exit_from < row.exit_to:
            self.leave(hour, video, Key(draw - share), subkey(met.key, JUMP))

    def leave(self, hour: AgentHour, video: int, draw: Key, key: Key) -> None:
        """Goes on from a video by one of its exits, if the draw falls to any."""
        exits, row = hour.board.exits, hour.videos[video]
        if draw >= exits[row.exit_to - 1]["limit"]:
            return
        way = plain(exits[exit_taken(draw, exits, row.exit_from, row.exit_to)])
        if way.shown == NO_VIDEO:
            self.walk(hour, way.account, way.origin, way.edge, key, True)
        elif self.watch(hour, way.shown, way.origin, way.edge, key) & e.VISIT:
            hour.tally.videos[way.shown, b.OTHER, b.VISITS] += 1
            self.walk(hour, way.account, way.origin, way.edge, key)

    def follow(self, hour: AgentHour, account: int, key: Key) -> int:
        """Follows an account unless it is followed already; 1 if it is new."""
        if account in self.follows:
            return 0
        self.follows.add(account)
        hour.board.fan_count[account, self.number // SHARD] += 1
        hour.tell(FOLLOWED, account, self.number, key)
        return 1

    def walk(
        self, hour: AgentHour, account: int, origin: int, edge: int, key: Key, to_page: bool = False
    ) -> None:
        """Visits a home page, to which a link may have led, and wherever its lists lead."""
        board, numbers = hour.board, hour.board.numbers
        while True:
            own, page = hour.tally.accounts[account, origin], hour.accounts[account]
            own[b.VISITS] += 1
            here = subkey(key, WALK)
            followed = 0
            trust = faded_trust(self.trust, numbers[b.DECAY + days_untouched(self.day, hour.today)])
            if low32(here) < page.visit_follow[trust_level(trust)]:
                followed = self.follow(hour, account, here)
                own[b.FOLLOWS] += followed
            if edge >= 0:
                hour.tally.flows[edge, b.FLOW_VISITS] += 1
                hour.tally.flows[edge, b.FLOW_FOLLOWS] += followed
                play = subkey(here, WATCH)
                if to_page and page.newest >= 0 and low32(play) < numbers[b.PAGE_SHARE]:
                    self.watch(hour, page.newest, origin, edge, play)
            door = ways.opened(Key(high32(here)), board.doors, page.door_from, page.door_to)
            if door == ways.LEAVE:
                return
            if door not in (ways.FOLLOWING_LIST, ways.LIKED_LIST):
                hour.tell(door, account, self.number, here)
                return
            key = subkey(here, WALK)
            if door == ways.FOLLOWING_LIST:
                ends = board.ends[page.follow_from : page.follow_to]
                entry = self.pick(hour, [int(a) for a, _ in ends], key)
                if entry < 0:
                    return
                account, edge, origin = int(ends[entry, 0]), int(ends[entry, 1]), b.BY_FOLLOW
                to_page = True
                hour.tally.flows[-1, b.CONTINUED] += 1
                continue
            listed = [(int(v), int(link)) for v, link in board.liked[account] if v >= 0]
            entry = self.pick(hour, [hour.videos[v].maker for v, _ in listed], key)
            if entry < 0:
                return
            video, edge = listed[entry]
            account, origin, to_page = hour.videos[video].author, b.BY_LIKE, False
            if not self.watch(hour, video, origin, edge, key) & e.VISIT:
                return
            hour.tally.videos[video, b.OTHER, b.VISITS] += 1
            hour.tally.flows[-1, b.CONTINUED] += 1

    def pick(self, hour: AgentHour, mixes: list[int], key: Key) -> int:
        """The entry of a list that draws this person's attention; −1 for an empty list."""
        board = hour.board
        weights = []
        for place, account in enumerate(mixes):
            level = self.match(hour.accounts[account].weights)
            position = board.numbers[b.POSITION + place]
            weights.append(ways.entry_weight(position, board.multipliers[level * COMPLETION_CLASSES]))
        point = ways.picked_weight(Key(low32(key)), Key(sum(weights)))
        for place, weight in enumerate(weights):
            if point < weight:
                return place
            point -= weight
        return -1
