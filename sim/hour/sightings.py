"""Who has seen which video as its author's fan or a sharer's friend, until nobody is offered it any more.

Takes an hour's sightings; gives back, for a video in a shard, who has seen it. They lie in
blocks by (video, shard), so an hour costs what it brings, however much is remembered, and a video that is
forgotten gives its blocks to others. What the feed shows is not here: its cursors remember that.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole, at, compiled, inner, record
from sim.hour.events import sighted
from sim.world.videos import enlarged

NONE = -1
"""No block."""
_BLOCKS = 1024  # at the start, 64 KB: a small world never asks for more
BLOCK = record(
    [
        ("before", "i4"),  # block that was full when this one began, or the next unused one; NONE for none
        ("count", "u2"),
        ("slots", "u2", (29,)),  # places in the shard; all in all a line of cache
    ]
)
"""Some people of a shard who have seen a video."""


class Sightings:
    """Blocks of all videos; S shards.

    Args:
        shards: of the audience.
    """

    def __init__(self, shards: int) -> None:
        self.newest = np.zeros((0, shards), np.int32)
        """(V or more, S) newest block of each video and shard."""
        self.blocks = np.zeros(0, BLOCK)
        self.unused = np.full(1, NONE, np.int64)
        """(1,) first unused block."""

    def make_room(self, videos: int) -> None:
        """Goes on with so many videos."""
        before = len(self.newest)
        self.newest = enlarged(self.newest, videos)
        self.newest[before:] = NONE

    def remember(self, seen: NDArray[np.uint64]) -> None:
        """Adds sightings, in any order."""
        done = 0
        while (done := keep(seen, done, self.newest, self.blocks, self.unused)) < seen.size:
            first = self.blocks.size
            self.blocks = enlarged(self.blocks, max(_BLOCKS, 2 * first))
            following = self.blocks["before"][first:]
            following[:-1], following[-1] = np.arange(first + 1, self.blocks.size), self.unused[0]
            self.unused[0] = first

    def forget(self, video: int) -> None:
        """Gives a video's blocks to others."""
        found = self.newest[video]
        while (found := found[found >= 0]).size:
            following = self.blocks["before"][found]
            self._release(found)
            found = following
        self.newest[video] = NONE

    def _release(self, blocks: NDArray[Any]) -> None:
        """Puts blocks before the unused ones."""
        self.blocks["count"][blocks] = 0
        self.blocks["before"][blocks] = np.append(blocks[1:], self.unused)
        self.unused[0] = blocks[0]


@inner
def skip(skipped: NDArray[np.uint64], slot: Whole) -> None:
    """Sets the bit of a place."""
    skipped[at(slot >> 6)] |= np.uint64(1) << np.uint64(slot & 63)


@compiled
def keep(
    seen: NDArray[np.uint64],
    done: int,
    newest: NDArray[np.int32],
    blocks: NDArray[Any],
    unused: NDArray[np.int64],
) -> int:
    """Puts sightings into blocks until none is unused; how many of them are done.

    Args:
        seen: as `sighting` numbers them.
        done: how many are done already.
        newest: (V, S) as in `Sightings`.
        blocks: BLOCK.
        unused: (1,) first unused block.
    """
    while done < seen.size:
        shard, video, slot = sighted(seen[done])
        place = np.int64(newest[video, shard])
        if place < 0 or blocks[place].count == blocks[place].slots.size:
            full, place = place, unused[0]
            if place < 0:
                return done
            unused[0] = blocks[place].before
            blocks[place].before = full
            newest[video, shard] = place
        block = blocks[place]
        block.slots[block.count] = slot
        block.count += 1
        done += 1
    return done


@inner
def recall(
    newest: NDArray[np.int32], blocks: NDArray[Any], skipped: NDArray[np.uint64], video: Whole, shard: Whole
) -> Whole:
    """Marks the people of a shard who saw a video as fan or friend in earlier hours; how many.

    Args:
        newest: (V, S) as in `Sightings`.
        blocks: BLOCK.
        skipped: bits of the shard's people, set.
        video: which video.
        shard: which shard.
    """
    skips: Whole = np.int64(0)
    place = np.int64(newest[at(video), at(shard)])
    while place >= 0:
        block = blocks[at(place)]
        count = np.int64(block.count)
        for k in range(count):
            skip(skipped, np.int64(block.slots[at(k)]))
        skips += count
        place = np.int64(block.before)
    return skips
