"""The hour as data: the stages in order, each a function of the run.

Takes a run; moves it on by one hour. Adding a mechanism adds a line to PLAN, or a call in
the stage it belongs to; nothing else here changes.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.hour import share
from sim.hour.run import Run
from sim.world.board import JUDGED
from sim.world.videos import published


class Stage(NamedTuple):
    """One line of the hour."""

    name: str
    does: str
    rows: str
    """Rows of the system list that it carries."""
    act: Callable[[Run], None]


def publish(run: Run) -> None:
    """The hour's posts become videos; sisters that link by like put them on their lists."""
    rows = published(run.posts, run.hour, run.accounts)
    if rows.size:
        run.videos.append(rows)
        run.closed = np.append(run.closed, np.zeros(rows.size, bool))
        run.platform.open(run.responder.fans())
        run.responder.publish(rows)
    links = np.diff(run.accounts.mention_starts)
    named = np.minimum(links, run.scenario.links.mentions_per_caption).tolist()
    for author in rows["author"].tolist():
        for liker, _ in run.accounts.likers.get(author, ()):
            run.link_actions[liker] += 1
        if run.accounts.rows[author].role != "creator":  # a creator's @ is in the price of the post
            run.link_actions[author] += named[author]
    if run.hour == 0:
        run.link_actions += np.diff(run.accounts.follow_starts)


def allocate(run: Run) -> None:
    """Asks the platform for the hour's impressions."""
    run.demand = run.platform.allocate(run.hour)


def respond(run: Run) -> None:
    """People see, respond, visit, walk on, and move towards buying."""
    assert run.demand is not None
    sent = run.arrivals.pop(run.hour, np.zeros(0, np.uint64))
    _close(run, sent)
    today = (run.platform.first_hour + run.hour) // 24
    run.events = run.responder.respond(run.demand, sent, run.hour, today)


def _close(run: Run, sent: NDArray[np.uint64]) -> None:
    """Frees the memory of stopped videos that no friend is about to open."""
    if run.retired:
        pending = np.concatenate([sent, *run.arrivals.values()]) >> np.uint64(32)
        closed = np.setdiff1d(run.retired, pending.astype(np.int64))
        run.responder.forget(closed)
        run.closed[closed] = True
        run.retired = [v for v in run.retired if not run.closed[v]]


def settle(run: Run) -> None:
    """What crosses shards: shares reach friends, follows taken back are counted."""
    assert run.events is not None
    share.send(run)
    run.unfollows += run.events.unfollows


def judge(run: Run) -> None:
    """The platform promotes, holds or stops."""
    run.retired += run.platform.judge(run.hour, run.responder.tally().videos[:, JUDGED]).tolist()


def record(run: Run) -> None:
    """Keeps the hour's increments of the account tally."""
    now = run.responder.tally().accounts
    change = (now - run.last_tally).ravel()
    places = np.flatnonzero(change)
    run.hourly.append((places, change[places]))
    run.last_tally = now.copy()


PLAN = (
    Stage("accounts act", "publish, like sisters' videos, @ sisters", "M1 M4 M5 M6 P3", publish),
    Stage("platform allocates", "sources of exposure become quotas", "P1 P3 P8", allocate),
    Stage("users respond", "see, respond, visit, walk on, buy", "M4 M5 M6 M8 P2 P4 P7 K3 E1", respond),
    Stage("messages settle", "shares reach friends, follows are taken back", "U1", settle),
    Stage("platform judges", "promote, hold or stop", "P1 P2 P4 P8", judge),
    Stage("records", "increments are kept", "E1", record),
)
"""The hour, in order."""


def advance(run: Run) -> None:
    """Walks the plan once."""
    for stage in PLAN:
        stage.act(run)
    run.hour += 1
