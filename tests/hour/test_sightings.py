"""Who has seen which video as fan or friend: what is remembered, and what is freed."""

from collections import defaultdict

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.compiled import compiled
from sim.hour.events import sighting
from sim.hour.sightings import BLOCK, Sightings, recall
from sim.rules.audience import SHARD
from sim.world.ties import WORDS

SHARDS, VIDEOS = 3, 5


@compiled
def recalled(newest, blocks, skipped, video, shard):
    """`recall`, with a door to Python."""
    return recall(newest, blocks, skipped, video, shard)


def remembered(kept):
    """All of it: sorted (video, person)."""
    found = []
    for video in range(len(kept.newest)):
        for shard in range(kept.newest.shape[1]):
            skipped = np.zeros(WORDS, np.uint64)
            count = recalled(kept.newest, kept.blocks, skipped, np.int64(video), np.int64(shard))
            slots = np.flatnonzero(np.unpackbits(skipped.view(np.uint8), bitorder="little"))
            assert slots.size == count
            found += [(video, shard * SHARD + int(slot)) for slot in slots]
    return found


def unused(kept):
    """How many blocks wait for a video, each once."""
    found, place = set(), int(kept.unused[0])
    while place >= 0:
        assert place not in found
        assert kept.blocks[place]["count"] == 0
        found.add(place)
        place = int(kept.blocks[place]["before"])
    return len(found)


def in_use(kept):
    """Blocks that hold somebody."""
    return kept.blocks.size - unused(kept)


HOURS = st.lists(
    st.tuples(
        st.lists(st.tuples(st.integers(0, VIDEOS - 1), st.integers(0, SHARDS * SHARD - 1)), max_size=200),
        st.sets(st.integers(0, VIDEOS - 1), max_size=2),
    ),
    max_size=6,
)


@given(HOURS, st.integers(0, 400))
@settings(deadline=None)  # the first example may wait for machine code
def test_it_remembers_what_a_plain_set_of_pairs_does(hours, crowd):
    kept, plain = Sightings(SHARDS), defaultdict(set)
    kept.make_room(VIDEOS)
    hours = [([(0, 7 * k) for k in range(crowd)], {4}), *hours]  # more than a few blocks of one video
    for shown, closed in hours:
        new = [(v, user) for v, user in dict.fromkeys(shown) if user not in plain[v]]
        kept.remember(np.array([sighting(v, user) for v, user in new], np.uint64))
        for v, user in new:
            plain[v].add(user)
        for v in closed:
            kept.forget(v)
            plain[v].clear()
        assert remembered(kept) == sorted((v, user) for v, users in plain.items() for user in users)
        needed = defaultdict(int)
        for v, users in plain.items():
            for user in users:
                needed[v, user // SHARD] += 1
        most = BLOCK["slots"].shape[0]
        assert in_use(kept) == sum(-(-count // most) for count in needed.values())


def test_blocks_of_a_forgotten_video_serve_the_next_one():
    """A hundred videos, one after another, need no more room than one."""
    kept, sizes = Sightings(SHARDS), []
    for video in range(100):
        kept.make_room(video + 1)
        people = np.arange(0, SHARDS * SHARD, 11)
        kept.remember(np.array([sighting(video, user) for user in people.tolist()], np.uint64))
        assert in_use(kept) == sum(-(-n // 29) for n in np.bincount(people // SHARD).tolist())
        kept.forget(video)
        assert in_use(kept) == 0
        sizes.append(kept.blocks.nbytes)
    assert set(sizes) == {sizes[0]}


def test_a_block_is_a_line_of_cache():
    assert BLOCK.itemsize == 64
