"""Users respond, visitors walk, brands convert: the kernel that goes shard by shard.

Takes the board and the hour's cells (a video's quota in a shard, its window of fans, the
friends it was sent to); gives tallies and events (shares, follows that will be taken back).
Holds no domain arithmetic: every decision is a call of a rule. Writes only to the people
and bits of its shards and to its own tally, so threads over shards need no lock.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiled import compiled, inner, woven
from sim.rules import engagement as e
from sim.rules.audience import COMPLETION_CLASSES, ENGAGEMENT_CLASSES, SHARD, TOPICS, affinity_level
from sim.rules.brand import INTERESTED, REPEAT, Persuasion, days_untouched, faded_trust, next_stage, trust_level
from sim.rules.draws import CELL, FAN, JUMP, SEGMENT, UNFOLLOW, WALK, WATCH, child, high32, low32, permuted, unpermuted
from sim.rules.links import FOLLOWING_LIST, LEAVE, entry_weight, jump_place, mentioned, opened_list, picked_weight, unfollow_delay
from sim.world import board as b
from sim.world.population import COMPLETION, ENGAGEMENT
from sim.world.ties import WORDS, has_bit, set_bit

ORDERED, NAMED = 64, 128
"""Bits of an impression beyond the six responses: an order was placed; an @ was followed."""
RARE = e.SHARE | e.FOLLOW | e.VISIT | NAMED
_ROOM = 8  # more events than one step of a walk can add: two videos watched, a page followed

CELL_RECORD = np.dtype(
    [
        ("video", "i8"),
        ("quota", "i8"),  # recommended impressions
        ("row", "i8"),  # of cursors and picks; −1 where the feed never went
        ("fan_low", "u8"),  # window of fans shown this hour [1/2³²]
        ("fan_high", "u8"),
        ("friend_from", "i8"),  # friends it was sent to: friends[friend_from:friend_to]
        ("friend_to", "i8"),
    ]
)


class Cells(NamedTuple):
    """The hour's work, by shard; N cells in order of (shard, video)."""

    starts: NDArray[np.int64]
    """(S+1,) first cell of each shard."""
    cells: NDArray[Any]
    """(N,) CELL_RECORD"""
    friends: NDArray[np.int64]
    """People that friends sent a video to, in order of (video, person)."""
    cursors: NDArray[np.uint16]
    """(rows, G) people of each segment already drawn."""
    picks: NDArray[np.int64]
    """(rows,) impressions tried so far in the cell."""
    seen: NDArray[np.uint64]
    """Sorted video << 32 | user of what fans and friends were shown."""


SHARED, SEEN, LEAVING = range(3)
"""Kinds of event."""


class Events(NamedTuple):
    """What crosses shards at the barrier: a growing list and its length."""

    rows: NDArray[np.uint64]
    """(room, 3) kind; video or account << 32 | user; delay [h] of a follow that will be taken back."""
    count: NDArray[np.int64]
    """(1,)"""


@inner
def _grown(events):
    """The events with room for what one step can add."""
    rows, count = events
    if count[0] + _ROOM > rows.shape[0]:
        larger = np.empty((2 * rows.shape[0], 3), np.uint64)
        for k in range(rows.shape[0]):  # a slice would compile numba's error messages too
            for column in range(3):
                larger[k, column] = rows[k, column]
        rows = larger
    return Events(rows, count)


@inner
def _tell(events, kind, high, user, delay):
    """Adds an event; the caller has made room."""
    at = events.count[0]
    events.rows[at, 0] = kind
    events.rows[at, 1] = (np.uint64(high) << np.uint64(32)) | np.uint64(user)
    events.rows[at, 2] = delay
    events.count[0] = at + 1


@inner
def _match(weights, interest):
    """Level of match of a topic mix and a person."""
    total = 0
    for t in range(TOPICS):
        total += weights[t] * np.int64(interest[t])
    return affinity_level(total)


@woven
def _impress(person, reached, author, user, appeal, persuasion, multipliers, numbers, level, key, today):
    """One impression's effect on one person; the responses as bits."""
    exposures = e.exposures_today(np.int64(person.exposures), np.int64(person.day), today)
    tired = numbers[b.FATIGUE + exposures]
    finish = multipliers[COMPLETION + level * COMPLETION_CLASSES + person.completion_class]
    engage = multipliers[ENGAGEMENT + level * ENGAGEMENT_CLASSES + person.engagement_class]
    bits = e.response(key, appeal, e.chance(finish, tired), e.chance(engage, tired), numbers[b.BOOST])
    trust = faded_trust(person.trust, numbers[b.DECAY + days_untouched(person.day, today)])
    stage = np.int64(person.stage)
    lift = numbers[b.TRUST + trust_level(trust)]
    moved = next_stage(low32(e.side_draws(key)), stage, lift, persuasion)
    if moved > stage and moved > INTERESTED:
        bits |= ORDERED
        person.orders += 1
    person.stage = min(moved, REPEAT)
    if bits & e.COMPLETE:
        trust = min(255, trust + np.int64(persuasion.trust_gain))
    person.trust = trust
    person.exposures = min(15, exposures + 1)
    person.day = today
    set_bit(reached, author, user)
    return bits


@inner
def _appeal(videos, video):
    a = videos[video].appeal
    return e.Appeal(a[0], a[1], a[2], a[3], a[4], a[5])


@inner
def _persuasion(videos, video):
    p = videos[video].persuasion
    return Persuasion(p[0], p[1], p[2], p[3], p[4])


@inner
def _follow(fans, fan_count, numbers, events, account, user, key):
    """A follow, if the person is no fan yet; 1 if it was one."""
    if has_bit(fans, account, user):
        return 0
    set_bit(fans, account, user)
    fan_count[account, user // SHARD] += 1
    draw = child(key, UNFOLLOW)
    if low32(draw) < numbers[b.UNFOLLOW_SHARE]:
        delay = unfollow_delay(high32(draw), np.int64(numbers[b.UNFOLLOW_HOURS]))
        _tell(events, LEAVING, account, user, np.uint64(delay))
    return 1


@inner
def _entry_of_following(accounts, ends, multipliers, numbers, account, interest, draw):
    """The link picked from a following list, −1 for an empty list."""
    first, last = accounts[account].follow_from, accounts[account].follow_to
    total, point = np.uint64(0), np.uint64(0)
    for turn in range(2):
        for k in range(first, last):
            level = _match(accounts[ends[k, 0]].weights, interest)
            weight = entry_weight(numbers[b.POSITION + k - first], multipliers[level * COMPLETION_CLASSES])
            if turn == 0:
                total += weight
            elif point < weight:
                return k
            else:
                point -= weight
        point = picked_weight(draw, total)
    return -1


@inner
def _entry_of_liked(accounts, videos, liked, multipliers, numbers, account, interest, draw):
    """The place in the liked list of the video picked, −1 for an empty list."""
    total, point = np.uint64(0), np.uint64(0)
    for turn in range(2):
        for k in range(liked.shape[1]):
            video = liked[account, k, 0]
            if video < 0:
                break
            level = _match(accounts[videos[video].planner].weights, interest)
            weight = entry_weight(numbers[b.POSITION + k], multipliers[level * COMPLETION_CLASSES])
            if turn == 0:
                total += weight
            elif point < weight:
                return k
            else:
                point -= weight
        point = picked_weight(draw, total)
    return -1


@inner
def _watch(board, tally, events, video, origin, edge, user, key, today):
    """A video met over a link: its effect on the person and the ledger; the responses as bits."""
    author = board.videos[video].author
    person = board.users[user]
    level = _match(board.accounts[board.videos[video].planner].weights, person.interest)
    last = tally.flows.shape[0] - 1
    if person.reached == 0:
        person.reached = 1
        tally.flows[last, b.REACHED] += 1
    bits = _impress(
        person, board.reached, author, user, _appeal(board.videos, video), _persuasion(board.videos, video),
        board.multipliers, board.numbers, level, key, today,
    )  # fmt: skip
    followed = 0
    if bits & e.FOLLOW:
        followed = _follow(board.fans, board.fan_count, board.numbers, events, author, user, key)
    if bits & e.SHARE:
        _tell(events, SHARED, video, user, np.uint64(0))
    for part in range(2):
        counts = tally.accounts[author, origin] if part == 0 else tally.videos[video, b.OTHER]
        counts[b.IMPRESSIONS] += 1
        for k in range(4):  # completions, likes, comments, shares: bits 0-3, counts 1-4
            counts[k + 1] += (bits >> k) & 1
        counts[b.ORDERS] += bits >> 6
        counts[b.FOLLOWS] += followed
    tally.flows[edge, b.FLOW_IMPRESSIONS] += 1
    tally.flows[edge, b.FLOW_FOLLOWS] += followed
    return bits


@inner
def _walk(board, tally, events, account, origin, edge, user, key, today):
    """A visitor on a home page, and wherever the links lead, until they leave."""
    numbers = board.numbers
    interest = board.users[user].interest
    last = tally.flows.shape[0] - 1
    while True:
        events = _grown(events)
        page = board.accounts[account]
        own = tally.accounts[account, origin]
        own[b.VISITS] += 1
        here = child(key, WALK)
        followed = 0
        if low32(here) < page.visit_follow:
            followed = _follow(board.fans, board.fan_count, numbers, events, account, user, here)
            own[b.FOLLOWS] += followed
        if edge >= 0:
            tally.flows[edge, b.FLOW_VISITS] += 1
            tally.flows[edge, b.FLOW_FOLLOWS] += followed
            play = child(here, WATCH)
            if origin != b.BY_LIKE and page.newest >= 0 and low32(play) < numbers[b.PAGE_SHARE]:
                _watch(board, tally, events, page.newest, origin, edge, user, play, today)
        choice = opened_list(high32(here), numbers[b.FOLLOWING_SHARE], numbers[b.LIKED_SHARE])
        if choice == LEAVE:
            return events
        key = child(here, WALK)
        if choice == FOLLOWING_LIST:
            entry = _entry_of_following(
                board.accounts, board.ends, board.multipliers, numbers, account, interest, low32(key)
            )
            if entry < 0:
                return events
            account, edge, origin = board.ends[entry, 0], board.ends[entry, 1], b.BY_FOLLOW
        else:
            entry = _entry_of_liked(
                board.accounts, board.videos, board.liked, board.multipliers, numbers, account, interest, low32(key)
            )
            if entry < 0:
                return events
            video, edge = board.liked[account, entry, 0], board.liked[account, entry, 1]
            account, origin = board.videos[video].author, b.BY_LIKE
            bits = _watch(board, tally, events, video, origin, edge, user, key, today)
            if bits & e.VISIT == 0:
                return events
            tally.videos[video, b.OTHER, b.VISITS] += 1
        tally.flows[last, b.CONTINUED] += 1


@inner
def _aftermath(board, tally, events, video, origin, slots, rare, count, first, today):
    """The rare consequences of a cell's impressions: shares, follows, visits, jumps over an @.

    Each entry of `rare` is a place in `slots` << 8 | the bits of the impression.
    """
    row = board.videos[video]
    author = row.author
    counts = tally.videos[video, b.OTHER if origin == b.FRIENDS else b.JUDGED]
    own = tally.accounts[author, origin]
    for k in range(count):
        user, bits = first + slots[rare[k] >> 8], rare[k] & 0xFF
        key = e.impression_key(row.key, user)
        events = _grown(events)
        if bits & e.SHARE:
            _tell(events, SHARED, video, user, np.uint64(0))
        if bits & e.FOLLOW:
            followed = _follow(board.fans, board.fan_count, board.numbers, events, author, user, key)
            own[b.FOLLOWS] += followed
            counts[b.FOLLOWS] += followed
        for start in (e.VISIT, NAMED):
            if bits & start == 0:
                continue
            account, edge, way, begin = author, -1, origin, child(key, WALK)
            if start == NAMED:
                page = board.accounts[author]
                links = page.mention_to - page.mention_from
                names = min(links, np.int64(board.numbers[b.MENTIONS]))
                draw = high32(e.side_draws(key))
                place = jump_place(draw, names, board.numbers[b.MENTION_SHARE])
                entry = page.mention_from + mentioned(row.number, place, links)
                account, edge, way, begin = board.ends[entry, 0], board.ends[entry, 1], b.BY_MENTION, child(key, JUMP)
            else:
                counts[b.VISITS] += 1
            events = _walk(board, tally, events, account, way, edge, user, begin, today)
    return events


@inner
def _drawn_before(cursors, row, cell_key, starts, slot):
    """Whether the feed has drawn this place in the shard: its index lies behind the cursor."""
    if row < 0:
        return False
    for g in range(starts.size - 1):
        if slot < starts[g + 1]:
            size = starts[g + 1] - starts[g]
            index = unpermuted(slot - starts[g], size, child(cell_key, SEGMENT + g))
            return index < np.int64(cursors[row, g])
    return False


@inner
def _marked(marks, slot):
    return (marks[slot >> 6] >> np.uint64(slot & 63)) & np.uint64(1) != 0


@inner
def _mark(marks, slot):
    marks[slot >> 6] |= np.uint64(1) << np.uint64(slot & 63)


@inner
def _recall(seen, marks, video, first, size):
    """Marks the people of the shard who saw a video as fan or friend in earlier hours; how many."""
    pair = np.uint64(video) << np.uint64(32)
    at, end = 0, seen.size
    while at < end:  # the first entry that is not below the shard
        middle = (at + end) >> 1
        if seen[middle] < (pair | np.uint64(first)):
            at = middle + 1
        else:
            end = middle
    count = 0
    while at + count < seen.size and seen[at + count] < (pair | np.uint64(first + size)):
        _mark(marks, np.int64(seen[at + count] & np.uint64(0xFFFFFFFF)) - first)
        count += 1
    return count


@inner
def _fans_due(fans, author, video_key, cell, cursors, cell_key, starts, marks, slots, first):
    """Places of the fans whose hour has come: their own draw falls into the window."""
    fan_key = child(video_key, FAN)
    count = 0
    for word in range(WORDS):
        left = fans[author, (first >> 6) + word]
        slot = (word << 6) - 1
        while left != 0:
            while left & np.uint64(0xFF) == 0:
                left >>= np.uint64(8)
                slot += 8
            slot += 1
            due = left & np.uint64(1) != 0
            left >>= np.uint64(1)
            if not due:
                continue
            draw = low32(child(fan_key, first + slot))
            if draw < cell.fan_low or draw >= cell.fan_high or _marked(marks, slot):
                continue
            if not _drawn_before(cursors, cell.row, cell_key, starts, slot):
                slots[count] = slot
                count += 1
    return count


@inner
def _friends_due(friends, cell, cursors, cell_key, starts, marks, slots, first):
    """Places of the people who open what a friend sent, and have not seen it."""
    count = 0
    for k in range(cell.friend_from, cell.friend_to):
        slot = friends[k] - first
        if not (_marked(marks, slot) or _drawn_before(cursors, cell.row, cell_key, starts, slot)):
            slots[count] = slot
            count += 1
    return count


@inner
def _recommended(account, cell, cursors, picks, cell_key, starts, marks, marked, slots):
    """Places of the next people for a video's quota: by segment, without repetition."""
    row = cell.row
    segments = starts.size - 1
    count = 0
    for _ in range(cell.quota):
        word = child(cell_key, picks[row])
        picks[row] += 1
        g = np.int64(word & np.uint64(63))
        if high32(word) >= account.pick_limit[g]:
            g = account.pick_other[g]
        found = False
        for _ in range(segments):
            size = starts[g + 1] - starts[g]
            while cursors[row, g] < size and not found:
                index = cursors[row, g]
                cursors[row, g] += 1
                slot = starts[g] + permuted(index, size, child(cell_key, SEGMENT + g))
                if not (marked and _marked(marks, slot)):
                    slots[count] = slot
                    count += 1
                    found = True
            if found:
                break
            g = (g + 1) % segments
        if not found:
            break  # everyone in the shard has seen it
    return count


@compiled
def respond(board, cells, tally, events, shard_from, shard_to, today):
    """The response of the people of some shards to the hour's cells; the events."""
    slots = np.empty(SHARD, np.int64)
    rare = np.empty(SHARD, np.int64)
    marks = np.zeros(WORDS, np.uint64)
    users, multipliers, numbers = board.users, board.multipliers, board.numbers
    singles = tally.flows[tally.flows.shape[0] - 1]
    for shard in range(shard_from, shard_to):
        first = shard * SHARD
        size = min(SHARD, users.size - first)
        starts = board.starts[0 if size == min(SHARD, users.size) else 1]
        for at in range(cells.starts[shard], cells.starts[shard + 1]):
            cell = cells.cells[at]
            video = cell.video
            row = board.videos[video]
            author = row.author
            account, weights = board.accounts[author], board.accounts[row.planner].weights
            cell_key = child(child(row.key, CELL), shard)
            appeal, persuasion = _appeal(board.videos, video), _persuasion(board.videos, video)
            mention = np.uint64(0)
            if account.mention_to > account.mention_from:
                mention = numbers[b.MENTION_SHARE]
            marked = _recall(cells.seen, marks, video, first, size)
            for origin in (b.FANS, b.FRIENDS, b.RECOMMEND):
                if origin == b.RECOMMEND:
                    count = _recommended(
                        board.accounts[row.planner], cell, cells.cursors, cells.picks, cell_key, starts, marks,
                        marked > 0, slots,
                    )  # fmt: skip
                else:
                    if origin == b.FANS:
                        count = 0
                        if cell.fan_high > cell.fan_low:
                            count = _fans_due(
                                board.fans, author, row.key, cell, cells.cursors, cell_key, starts, marks, slots, first
                            )
                    else:
                        count = _friends_due(
                            cells.friends, cell, cells.cursors, cell_key, starts, marks, slots, first
                        )
                    for k in range(count):
                        _mark(marks, slots[k])
                        events = _grown(events)
                        _tell(events, SEEN, video, first + slots[k], np.uint64(0))
                    marked += count
                if count == 0:
                    continue
                completions, likes, comments, shares, orders, rares = 0, 0, 0, 0, 0, 0
                for k in range(count):
                    user = first + slots[k]
                    person = users[user]
                    key = e.impression_key(row.key, user)
                    level = _match(weights, person.interest)
                    if person.reached == 0:
                        person.reached = 1
                        singles[b.REACHED] += 1
                    bits = _impress(
                        person, board.reached, author, user, appeal, persuasion, multipliers, numbers, level, key, today
                    )
                    completions += bits & 1
                    likes += (bits >> 1) & 1
                    comments += (bits >> 2) & 1
                    shares += (bits >> 3) & 1
                    orders += bits >> 6
                    if high32(e.side_draws(key)) < mention:
                        bits |= NAMED
                    if bits & RARE:
                        rare[rares] = k << 8 | bits
                        rares += 1
                for part in range(2):
                    counts = tally.accounts[author, origin] if part == 0 else tally.videos[video, b.OTHER if origin == b.FRIENDS else b.JUDGED]
                    counts[b.IMPRESSIONS] += count
                    counts[b.COMPLETIONS] += completions
                    counts[b.LIKES] += likes
                    counts[b.COMMENTS] += comments
                    counts[b.SHARES] += shares
                    counts[b.ORDERS] += orders
                if rares:
                    events = _aftermath(board, tally, events, video, origin, slots, rare, rares, first, today)
            if marked:
                for word in range(WORDS):
                    marks[word] = 0
    return events
