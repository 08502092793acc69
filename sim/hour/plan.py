"""The hour as data: the stages in order, each a function of the run.

Takes a run; moves it on by one hour. A mechanism has its moments in these stages by its hooks;
nothing here knows its name.
"""

from collections.abc import Callable
from functools import reduce
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiled import joined
from sim.hour.hits import come_of_age
from sim.hour.offers import NOBODY, QUOTA, Ends, checked, in_order
from sim.hour.platform import standing_of
from sim.hour.run import Run
from sim.hour.told import LIFTED, NOTHING_LIFTED, Told
from sim.hour.verdicts import VERDICT
from sim.rules.engagement import lifted, product
from sim.world.board import IMPRESSIONS, JUDGED, SIDES, TO_FANS
from sim.world.videos import published


class Stage(NamedTuple):
    """One line of the hour."""

    name: str
    does: str
    act: Callable[[Run], None]


def publish(run: Run) -> None:
    """The hour's posts become videos; accounts do what else they do."""
    run.due = run.posts.due(run.hour)
    run.opening = rows = published(run.posts, run.due)
    if rows.size:
        run.videos.append(rows)
        run.closed, run.forgotten, run.outside, run.paid, run.aged = (
            np.concatenate([column, np.zeros(rows.size, column.dtype)])
            for column in (run.closed, run.forgotten, run.outside, run.paid, run.aged)
        )
    run.standing = standing_of((m.standing(run) for m in run.hooks.standing), run.videos.size)
    if rows.size:
        run.platform.open(run.responder.fans(), run.standing)
        run.responder.publish(rows)
    for mechanism in run.hooks.act:
        mechanism.act(run, rows)


def offer(run: Run) -> None:
    """The platform and all other sources of exposure say what is to be shown."""
    parts = [*run.platform.allocate(run.hour, run.standing)]
    named = [NOBODY] * len(parts)
    for mechanism in run.hooks.offer:
        if (rows := mechanism.offer(run)).size:
            parts.append(rows)
            named.append(mechanism.messages(run))
    run.offers, run.named = in_order(parts, named)
    for mechanism in run.hooks.admit:
        mechanism.admit(run, run.offers)
    _check(run)


def _check(run: Run) -> None:
    """Everything that the offers number is there."""
    accounts = len(run.accounts.rows)
    own = 2 * accounts + 1
    planes = max((named.stop for named in run.planes.values()), default=own)
    ends = Ends(
        run.videos.size, QUOTA + 1, len(run.accounts.origins), SIDES, len(run.accounts.edges),
        run.aims.rows.size, accounts, own, planes,
    )  # fmt: skip
    checked(run.offers, ends, run.forgotten)
    if run.named.size and (run.named & np.uint64(0xFFFFFFFF)).max() >= run.population.users.size:
        raise ValueError("a list of an offer names somebody who is not in the audience")


def respond(run: Run) -> None:
    """People see, respond, visit, walk on, and move towards buying."""
    _close(run)
    today = (run.scenario.run.first_hour + run.hour) // 24
    told = Told(
        run.aims.untold(), run.doors.untold(), _lifted(run), run.verdicts, run.offers, run.named
    )  # fmt: skip
    run.events = run.responder.respond(told, run.hour, today)
    run.tally = run.responder.tally()


def _lifted(run: Run) -> NDArray[Any]:
    """The videos whose thresholds are others than people know: base times this hour's lifts."""
    factors = [own for m in run.hooks.lift if (own := m.lift(run)) is not None]
    if not factors and run.lifted is None:
        return NOTHING_LIFTED
    base = run.videos.rows["appeal"]
    before = base if run.lifted is None else np.concatenate([run.lifted, base[len(run.lifted) :]])
    run.lifted = lifted(base, reduce(product, factors)) if factors else base.copy()
    changed = np.flatnonzero((run.lifted != before).any(axis=1))
    rows = np.zeros(changed.size, LIFTED)
    rows["video"], rows["appeal"] = changed, run.lifted[changed]
    return rows


def _close(run: Run) -> None:
    """Closes stopped videos that nobody awaits, and frees the memory of those that nobody keeps either."""
    if run.retired:
        retired = np.array(run.retired)
        awaited = np.concatenate([run.offers["video"], *(m.awaited() for m in run.hooks.awaited)])
        run.closed[retired] = ~np.isin(retired, awaited)
        gone = np.setdiff1d(retired, np.concatenate([awaited, *(m.kept() for m in run.hooks.kept)]))
        run.responder.forget(gone)
        run.forgotten[gone] = True
        run.retired = np.setdiff1d(retired, gone).tolist()


def settle(run: Run) -> None:
    """What crosses shards: messages find their people, and what is decided about people is kept for them."""
    for mechanism in run.hooks.settle:
        mechanism.settle(run)
    run.verdicts = joined(VERDICT, (m.verdict(run) for m in run.hooks.verdict))


def judge(run: Run) -> None:
    """The platform promotes, holds or stops."""
    strangers, fans = run.tally.videos[:, JUDGED], run.tally.videos[:, TO_FANS]
    judged = np.empty((len(fans), fans.shape[1] + 1), np.int64)
    np.add(strangers, fans, out=judged[:, :-1])
    judged[:, -1] = strangers[:, IMPRESSIONS]
    passed = np.maximum(run.responder.tried() - judged[:, IMPRESSIONS], 0)
    run.retired += run.platform.judge(run.hour, judged, run.standing, passed).tolist()


def record(run: Run) -> None:
    """Keeps the hour's increments of the account tally, and what videos had at the age of comparison."""
    come_of_age(run)
    now = run.tally.accounts
    change = (now - run.last_tally).ravel()
    (places,) = change.nonzero()
    run.hourly.append((places, change[places]))
    run.last_tally = now.copy()


PLAN = (
    Stage("accounts act", "posts are published, and what else accounts do", publish),
    Stage("platform allocates", "sources of exposure become offers", offer),
    Stage("users respond", "see, respond, visit, walk on, buy", respond),
    Stage("messages settle", "what crosses shards finds its people", settle),
    Stage("platform judges", "promote, hold or stop", judge),
    Stage("records", "increments are kept", record),
)
"""The hour, in order."""


def advance(run: Run) -> None:
    """Walks the plan once; an interrupt has to wait (`deferred`) until it is over."""
    for stage in PLAN:
        stage.act(run)
    run.hour += 1
