"""The hour as data: the stages in order, each a function of the run.

Takes a run; moves it on by one hour. A mechanism has its moments in these stages by its hooks;
nothing here knows its name. What `run.platform` does stands in platform/protocol.py (`Recommender`) and in
the module of the model in use, such as platform/pools.py; what `run.responder` does in
engines/columns/respond.py. What the hours leave behind, tables.py makes tables of.
"""

from collections.abc import Callable
from functools import reduce
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiled import compiled, joined
from sim.hour.people import LIFTED, NOTHING_LIFTED, Letter
from sim.hour.run import MARK, Run
from sim.hour.verdicts import VERDICT
from sim.platform.hits import come_of_age
from sim.platform.protocol import standing_of
from sim.rules.draws import ONE_16
from sim.rules.engagement import ACTIONS, lifted, product
from sim.world.board import IMPRESSIONS, JUDGED, NOTHING_CARRIED, SIDES, TO_FANS
from sim.world.few import among
from sim.world.offers import NOBODY, QUOTA, Ends, checked, in_order, joint
from sim.world.videos import published


class Stage(NamedTuple):
    """One line of the hour."""

    name: str
    act: Callable[[Run], None]
    hooks: tuple[str, ...] = ()
    """of the mechanisms that it calls"""


def publish(run: Run) -> None:
    """The hour's posts become videos.

    Sisters that link by like put the new video on top of their liked list; captions name sisters linked by @;
    those linked by repost repost it some hours later. What bears on a video's first exposure is set.
    """
    run.due = run.posts.due(run.hour)
    run.opening = rows = published(run.posts, run.due)
    if rows.size:
        run.videos.append(rows)
        run.marks = joined(MARK, (run.marks, np.zeros(rows.size, MARK)))
    if rows.size or run.hooks.standing:
        run.standing = standing_of((m.standing(run) for m in run.hooks.standing), run.videos.size)
    if rows.size:
        run.platform.open(run.responder.fans(), run.standing)
        run.responder.publish(rows)
    for mechanism in run.hooks.act:
        mechanism.act(run, rows)


def offer(run: Run) -> None:
    """The platform and all other sources of exposure offer what is to be shown.

    Each live video gets a quota of impressions from its pool or its flow, the fans' part of its first
    exposure, and what trickles; the sum of recommended impressions stays within the hour's slots of the
    category. Other sources offer beside those slots: what is reposted to the reposters' fans, what
    friends have shared to their friends, what is bought, what the page of a hot topic shows. An offer
    says which video is shown to whom, under which origin, and whether the platform judges the video on
    it; nobody is shown a video twice over any of them. An offer may pass over people, such as those who
    follow the author; the feed goes on to the next person.
    """
    parts = [*run.platform.allocate(run.hour, run.standing)]
    named = [NOBODY] * len(parts)
    for mechanism in run.hooks.offer:
        if (rows := mechanism.offer(run)).size:
            parts.append(rows)
            named.append(mechanism.messages(run))
    rows, sent = joint(parts, named)
    checked(rows, sent, _ends(run), run.marks)
    run.offers, run.named = in_order(rows, sent)
    for mechanism in run.hooks.admit:
        mechanism.admit(run, run.offers)
    if run.hooks.admit:
        checked(run.offers, run.named, _ends(run), run.marks)


def _ends(run: Run) -> Ends:
    """How many there are of all that offers and their lists number."""
    accounts = len(run.accounts.rows)
    own = 2 * accounts + 1
    return Ends(
        run.videos.size, QUOTA + 1, len(run.accounts.origins), SIDES, len(run.accounts.edges),
        run.aims.rows.size, accounts, own, max((own, *(named.stop for named in run.planes.values()))),
        run.population.users.size,
    )  # fmt: skip


def respond(run: Run) -> None:
    """People see, respond, visit, walk on, and move towards buying.

    For each impression: tiredness, match of interest, then finish, like, comment, share, follow, visit,
    and a step towards the brand. A visit opens one door of the page at most: the following list or the
    liked list, of which it goes on to at most one entry; there it is a visit or an impression again,
    until the visitor leaves, which mechanisms may let them do by an exit of their own. A viewer may also
    jump over an @ in the caption.
    """
    _close(run)
    letter = Letter(
        run.aims.unsent(), run.doors.unsent(), run.exits.now(), run.carried, _lifted(run), run.verdicts,
        run.offers, run.named,
    )  # fmt: skip
    run.carried = NOTHING_CARRIED
    run.events = run.responder.respond(letter, run.hour, run.today)
    run.tally = run.responder.tally()


def _lifted(run: Run) -> NDArray[Any]:
    """The videos whose thresholds are others than people know: base times this hour's lifts."""
    factors = [own for m in run.hooks.lift if (own := m.lift(run)) is not None]
    if not factors and run.lifted is None:
        return NOTHING_LIFTED
    videos = run.videos.rows
    lifts = reduce(product, factors) if factors else np.full((videos.size, len(ACTIONS)), ONE_16, np.uint64)
    if lifts.shape != (videos.size, len(ACTIONS)) or lifts.dtype != np.uint64:
        raise ValueError(
            f"lifts are {lifts.dtype} {lifts.shape}; allowed: uint64 {videos.size, len(ACTIONS)}"
        )
    before = np.zeros((0, len(ACTIONS)), np.uint64) if run.lifted is None else run.lifted
    run.lifted, rows = _laid_on(videos, lifts, before)
    return rows


@compiled
def _laid_on(
    videos: NDArray[Any], lifts: NDArray[np.uint64], before: NDArray[np.uint64]
) -> tuple[NDArray[np.uint64], NDArray[Any]]:
    """(V, 6) the thresholds of VIDEO (V,) times lifts (V, 6), and LIFTED of those that change.

    Those that people know are `before` (n, 6) of the first n videos, of later ones the videos' own.
    """
    now, rows, count = np.empty_like(lifts), np.empty(videos.size, LIFTED), 0
    for v in range(videos.size):
        appeal, changes = videos[v].appeal, False
        for k in range(lifts.shape[1]):
            now[v, k] = lifted(appeal[k], lifts[v, k])
            changes |= now[v, k] != (before[v, k] if v < before.shape[0] else appeal[k])
        if changes:
            rows[count].video = v
            for k in range(lifts.shape[1]):
                rows[count].appeal[k] = now[v, k]
            count += 1
    return now, rows[:count]


def _close(run: Run) -> None:
    """Closes stopped videos that nobody awaits, and frees the memory of those that nobody keeps either."""
    if run.retired:
        retired = np.array(run.retired)
        awaited = np.concatenate([run.offers["video"], *(m.awaited() for m in run.hooks.awaited)])
        run.marks["closed"][retired] = ~among(retired, awaited)
        gone = np.setdiff1d(retired, np.concatenate([awaited, *(m.kept() for m in run.hooks.kept)]))
        run.responder.forget(gone)
        run.marks["forgotten"][gone] = True
        run.retired = np.setdiff1d(retired, gone).tolist()


def settle(run: Run) -> None:
    """What crosses shards finds its people.

    Shares reach friends in a later hour; some follows are taken back; what is decided about people is written
    to them before they respond again.
    """
    for mechanism in run.hooks.settle:
        mechanism.settle(run)
    run.verdicts = joined(VERDICT, (m.verdict(run) for m in run.hooks.verdict))


def judge(run: Run) -> None:
    """The platform promotes, holds or stops.

    Under `pools` each video whose pool is used up is promoted or stopped, on the counts of that pool; under
    `score` each video's flow is set anew, or ends, on all counts so far.
    """
    judged, passed = _judged(run.tally.videos, run.responder.tried())
    run.retired += run.platform.judge(run.hour, judged, run.standing, passed).tolist()


@compiled
def _judged(
    videos: NDArray[np.int64], tried: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """What `Platform.judge` decides on, from the tally's counts and those whom the feed has tried (V,)."""
    counts = videos.shape[2]
    judged, passed = np.empty((tried.size, counts + 1), np.int64), np.empty_like(tried)
    for v in range(tried.size):
        for k in range(counts):
            judged[v, k] = videos[v, JUDGED, k] + videos[v, TO_FANS, k]
        judged[v, counts] = videos[v, JUDGED, IMPRESSIONS]
        passed[v] = max(tried[v] - judged[v, IMPRESSIONS], 0)
    return judged, passed


def record(run: Run) -> None:
    """The hour's increments of the account tally are kept, and what videos had at the age of comparison."""
    come_of_age(run)
    run.hourly.append(_increments(run.tally.accounts, run.last_tally))


@compiled
def _increments(
    now: NDArray[np.int64], last: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Flat places of a tally of accounts (A, origins, counts) that differ from `last`, and by how much.

    `last` is brought up to date.
    """
    places, changes = np.empty(now.size, np.int64), np.empty(now.size, np.int64)
    place, count = 0, 0
    for account in range(now.shape[0]):
        for origin in range(now.shape[1]):
            for k in range(now.shape[2]):
                change = now[account, origin, k] - last[account, origin, k]
                if change != 0:
                    places[count], changes[count] = place, change
                    last[account, origin, k] = now[account, origin, k]
                    count += 1
                place += 1
    return places[:count].copy(), changes[:count].copy()


PLAN = (
    Stage("accounts act", publish, ("standing", "act")),
    Stage("platform allocates", offer, ("offer", "admit")),
    Stage("users respond", respond, ("lift", "layers", "local")),
    Stage("messages settle", settle, ("settle", "verdict")),
    Stage("platform judges", judge),
    Stage("records", record),
)
"""The hour, in order."""


def advance(run: Run) -> None:
    """Walks the plan once; an interrupt has to wait (`deferred`) until it is over."""
    for stage in PLAN:
        stage.act(run)
    run.hour += 1
