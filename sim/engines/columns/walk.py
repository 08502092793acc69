"""Where people go after an impression: follows, home pages, lists and other doors, jumps over an @.

Takes a visitor and a page; gives the tally and the events of the walk until the visitor
leaves. Holds no domain arithmetic: every decision is a call of a rule.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole, Word, at, inlined, inner
from sim.engines.columns.impress import NAMED, appeal_of, impress, left_by_time, match
from sim.hour.events import FOLLOWED, ORDERED, SHARED, Events, grown, tell
from sim.rules import engagement as e
from sim.rules import links as ways
from sim.rules.addresses import JUMP, WALK, WATCH
from sim.rules.audience import COMPLETION_CLASSES, SHARD
from sim.rules.brand import faded_trust, trust_level
from sim.rules.draws import child, high32, low32
from sim.rules.exits import exit_taken
from sim.world import board as b
from sim.world.board import Board, Tally
from sim.world.exits import NO_VIDEO
from sim.world.fields import STATE_WORD, reached_of, trust_of
from sim.world.ties import has_bit, set_bit


class Way(NamedTuple):
    """How a visitor comes to a home page."""

    account: Whole
    """whose page"""
    origin: int
    """number in ORIGINS"""
    edge: Whole
    """link that led here, −1 for none"""
    to_page: bool
    """whether it led to the page, not to a video"""


@inner
def _follow(board: Board, events: Events, account: Whole, user: Whole, key: Word) -> int:
    """A follow, if the person is no fan yet; 1 if it was one."""
    if has_bit(board.fans, account, user):
        return 0
    set_bit(board.fans, account, user)
    board.fan_count[account, user // SHARD] += 1
    tell(events, FOLLOWED, account, user, key)
    return 1


@inner
def _entry(board: Board, account: Whole, liked: bool, interest: NDArray[np.uint8], draw: Word) -> int:
    """Picked from a page's liked list the place, from its following list the row of `ends`; −1 for none."""
    first, last = board.accounts[account].follow_from, board.accounts[account].follow_to
    if liked:
        first, last = np.int64(0), np.int64(board.liked.shape[1])
    total = np.uint64(0)
    point: Word = np.uint64(0)
    for turn in range(2):
        for k in range(first, last):
            video = board.liked[account, k, 0] if liked else np.int64(0)
            if video < 0:
                break
            whose = board.videos[video].maker if liked else board.ends[k, 0]
            level = match(board.accounts[whose], interest)
            position = board.numbers[b.POSITION + k - first]
            weight = ways.entry_weight(position, board.multipliers[level * COMPLETION_CLASSES])
            if turn == 0:
                total += weight
            elif point < weight:
                return k
            else:
                point -= weight
        point = ways.picked_weight(draw, total)
    return -1


@inner
def _watch(
    board: Board,
    tally: Tally,
    events: Events,
    video: Whole,
    origin: int,
    edge: Whole,
    user: Whole,
    key: Word,
    today: Whole,
) -> int:
    """A video met over a link: its effect on the person and the ledger; the responses as bits."""
    author = board.videos[video].author
    person, state = board.users[user], board.words[user, STATE_WORD]
    level = match(board.accounts[board.videos[video].maker], person.interest)
    last = tally.flows.shape[0] - 1
    tally.flows[last, b.REACHED] += (1 - reached_of(state)) * board.accounts[author].focal
    set_bit(board.reached, author, user)
    board.words[user, STATE_WORD], bits = impress(
        state, board.accounts[author], appeal_of(board.videos, video), board.multipliers, board.numbers,
        level, key, today,
    )  # fmt: skip
    person.orders += (bits & e.ORDER) != 0
    followed = 0
    if bits & e.FOLLOW:
        followed = _follow(board, events, author, user, key)
    if bits & e.SHARE:
        tell(events, SHARED, video, user, key)
    if bits & e.ORDER:
        tell(events, ORDERED, video, user, key)
    for part in range(2):
        counts = tally.accounts[author, origin] if part == 0 else tally.videos[video, b.OTHER]
        counts[b.IMPRESSIONS] += 1
        for k in range(4):  # completions, likes, comments, shares: bits 0-3, counts 1-4
            counts[k + 1] += (bits >> k) & 1
        counts[b.ORDERS] += bits >> 6
        counts[b.FOLLOWS] += followed
    if edge >= 0:
        tally.flows[edge, b.FLOW_IMPRESSIONS] += 1
        tally.flows[edge, b.FLOW_FOLLOWS] += followed
    return bits


@inlined
def walk(
    board: Board,
    tally: Tally,
    events: Events,
    way: Way,
    user: Whole,
    key: Word,
    today: Whole,
) -> Events:
    """A visitor on a home page, and wherever the links lead, until they leave.

    Args:
        board: the world; the visitor changes.
        tally: counts of this thread, added to.
        events: list of this thread.
        way: by which the visitor came.
        user: the visitor.
        key: address of the visit.
        today: day of the hour, from 0.
    Returns: the events.
    """
    account, origin, edge, to_page = way
    numbers = board.numbers
    interest = board.users[user].interest
    last = tally.flows.shape[0] - 1
    while True:
        events = grown(events)
        page = board.accounts[account]
        own = tally.accounts[account, origin]
        own[b.VISITS] += 1
        here = child(key, WALK)
        followed = 0
        state = board.words[user, STATE_WORD]
        trust = faded_trust(trust_of(state), left_by_time(state, numbers, today))
        if low32(here) < page.visit_follow[at(trust_level(trust))]:
            followed = _follow(board, events, account, user, here)
            own[b.FOLLOWS] += followed
        if edge >= 0:
            tally.flows[edge, b.FLOW_VISITS] += 1
            tally.flows[edge, b.FLOW_FOLLOWS] += followed
            play = child(here, WATCH)
            if to_page and page.newest >= 0 and low32(play) < numbers[b.PAGE_SHARE]:
                _watch(board, tally, events, page.newest, origin, edge, user, play, today)
        door = ways.opened(high32(here), board.doors, page.door_from, page.door_to)
        if door == ways.LEAVE:
            return events
        liked = door == ways.LIKED_LIST
        if door != ways.FOLLOWING_LIST and not liked:
            tell(events, door, account, user, here)
            return events
        key = child(here, WALK)
        entry = _entry(board, account, liked, interest, low32(key))
        if entry < 0:
            return events
        if liked:
            video, edge = board.liked[account, entry, 0], board.liked[account, entry, 1]
            account, origin, to_page = board.videos[video].author, b.BY_LIKE, False
            bits = _watch(board, tally, events, video, origin, edge, user, key, today)
            if bits & e.VISIT == 0:
                return events
            tally.videos[video, b.OTHER, b.VISITS] += 1
        else:
            account, edge, origin = board.ends[entry, 0], board.ends[entry, 1], b.BY_FOLLOW
            to_page = True
        tally.flows[last, b.CONTINUED] += 1


@inner
def aftermath(
    board: Board,
    tally: Tally,
    events: Events,
    offer: Any,
    slots: NDArray[np.int64],
    rare: NDArray[np.int64],
    count: Whole,
    first: Whole,
    today: Whole,
) -> Events:
    """The rare consequences of a cell's impressions: shares, orders, follows, visits, jumps over an @.

    Args:
        board: the world; its people change.
        tally: counts of this thread, added to.
        events: list of this thread.
        offer: record of OFFER: what was shown, and how.
        slots: places in the shard of the people who were shown it.
        rare: place in `slots` << 8 | the bits of the impression.
        count: entries of `rare`.
        first: number of the shard's first person.
        today: day of the hour, from 0.
    Returns: the events.
    """
    video, origin = offer.video, offer.origin
    row = board.videos[video]
    author = row.author
    counts = tally.videos[video, offer.side]
    own = tally.accounts[author, origin]
    for k in range(count):
        user, bits = first + slots[rare[k] >> 8], rare[k] & 0xFF
        key = e.impression_key(row.key, user)
        events = grown(events)
        if bits & e.SHARE:
            tell(events, SHARED, video, user, key)
        if bits & e.ORDER:
            tell(events, ORDERED, video, user, key)
        if bits & e.FOLLOW:
            followed = _follow(board, events, author, user, key)
            own[b.FOLLOWS] += followed
            counts[b.FOLLOWS] += followed
            if offer.edge >= 0:
                tally.flows[offer.edge, b.FLOW_FOLLOWS] += followed
        for start in (e.VISIT, NAMED):
            if bits & start == 0:
                continue
            account, edge, via, begin = author, offer.edge, origin, child(key, WALK)
            to_page = start == NAMED
            if start == NAMED:
                page = board.accounts[author]
                links = page.mention_to - page.mention_from
                names = min(links, np.int64(board.numbers[b.MENTIONS]))
                draw = high32(e.side_draws(key))
                share = board.numbers[b.MENTION_SHARE] if links > 0 else np.uint64(0)
                begin = child(key, JUMP)
                if draw < share:
                    place = ways.jump_place(draw, names, share)
                    entry = page.mention_from + ways.mentioned(row.number, place, links)
                    account, edge, via = board.ends[entry, 0], board.ends[entry, 1], np.int64(b.BY_MENTION)
                else:
                    way_out = board.exits[exit_taken(draw - share, board.exits, row.exit_from, row.exit_to)]
                    account, edge, via = way_out.account, way_out.edge, way_out.origin
                    if way_out.shown != NO_VIDEO:
                        to, to_page, events = way_out.shown, False, grown(events)
                        if _watch(board, tally, events, to, via, edge, user, begin, today) & e.VISIT == 0:
                            continue
                        tally.videos[to, b.OTHER, b.VISITS] += 1
            else:
                counts[b.VISITS] += 1
            events = walk(board, tally, events, Way(account, via, edge, to_page), user, begin, today)
    return events
