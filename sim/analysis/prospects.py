"""What an account can expect from the feed by the end of the run, in closed form: impressions and visits.

Takes a scenario, its people and posts, and the ladder's numbers; gives expectations by account, over the
luck of content. Posts that crowd one another and copies start lower, as in a run; the luck and the heat of
accounts stand at 1, their mean. Left out is what `ladder` leaves out, author scatter, and links: their worth
`flow_matrix` finds from these.
"""

from collections import defaultdict
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.analysis.ladder import Climb, First, Floats, Ladder, climb, first_pool, seen_rates, views
from sim.analysis.viewers import Viewers, luck, median_rates
from sim.interrupts import deferred
from sim.rules.copies import copied
from sim.rules.crowding import crowded, place
from sim.rules.pools import SCORED
from sim.scenario.schema import Scenario
from sim.world.accounts import FIT_ONE, Accounts
from sim.world.posts import Posts


class Prospects(NamedTuple):
    """What an account can expect from the feed within the run, before any link; A accounts."""

    posts: NDArray[np.int64]
    """(A,) videos that appear on its page"""
    impressions: Floats
    """(A,) inside the audience"""
    visits: Floats
    """(A,) home-page visits straight from those impressions"""
    feed_share: float
    """impressions asked for over the feed's slots; above 1 demand waits, and the rest is scaled down"""
    main_start: float
    """median factor on the first exposure of the first account's posts, 1 without any"""


@deferred()
def prospects(
    scenario: Scenario, ladder: Ladder, accounts: Accounts, posts: Posts, people: Viewers
) -> Prospects:
    """What the feed alone can be expected to bring each account by the end of the run.

    Σ over its posts of E[views by the end], and of E[views · visit rate], over the luck of content.

    Args:
        scenario: any.
        ladder: the ladder's numbers.
        accounts: of the scenario.
        posts: of the scenario; only who posts when is used.
        people: from `viewers`.
    Returns:
        Posts, impressions and visits by account.
    Source: `climb` and `views`.
    """
    size, hours = len(accounts.rows), scenario.run.hours
    impressions, visits = np.zeros(size), np.zeros(size)
    factors, known = luck(scenario), dict[tuple[object, ...], tuple[Climb, Floats]]()
    rows = np.stack([posts.maker, posts.publisher], axis=1)
    start = starts(scenario, accounts, posts)
    for maker, author in np.unique(rows, axis=0).tolist():
        page, median = accounts.rows[author], median_rates(scenario, accounts.rows[maker])
        fit = int(accounts.fit[author]) / FIT_ONE
        whole = first_pool(scenario, ladder, page, fit)
        if whole.size == 0:  # nobody inside the audience is shown it
            continue
        own = (posts.maker == maker) & (posts.publisher == author)
        begun, counts = np.unique(np.stack([start[own], posts.hour[own]]), axis=1, return_counts=True)
        for (factor, hour), count in zip(begun.T.tolist(), counts.tolist(), strict=True):
            first = First(whole.size * factor, whole.recommended * factor)
            key = (first, page.fans, fit, int(people.kind[maker]), median.tobytes())
            if key not in known:
                seen = seen_rates(scenario, people, accounts, author, maker, median * factors)
                known[key] = climb(ladder, first, seen[:, :SCORED]), seen[:, -1]
            way, visit = known[key]
            shown = views(ladder, way, hours - int(hour)) * count
            impressions[author] += shown.mean()
            visits[author] += (shown * visit).mean()
    audience = scenario.audience
    slots = audience.users * audience.daily_impressions * audience.category_share * hours / 24
    asked = float(impressions.sum()) / slots if slots else 0.0
    scale = 1 / max(1.0, asked)
    published = np.bincount(posts.publisher, minlength=size)
    own_starts = start[posts.publisher == 0]
    main_start = float(np.median(own_starts)) if own_starts.size else 1.0
    return Prospects(published, impressions * scale, visits * scale, asked, main_start)


@deferred()
def starts(scenario: Scenario, accounts: Accounts, posts: Posts) -> Floats:
    """Factor on the first exposure of each post: how many its account publishes within 24 hours, and copies.

    Args:
        scenario: any.
        accounts: of the scenario.
        posts: of the scenario, as they are dealt before any of them moves.
    Returns:
        Factors, shape (P,).
    Source: `mechanisms.crowding` and `mechanisms.copies`.
    """
    terms, found = scenario.platform, np.ones(posts.keys.size)
    out: defaultdict[int, list[int]] = defaultdict(list)
    recent: defaultdict[int, list[int]] = defaultdict(list)
    rows = zip(posts.hour.tolist(), posts.publisher.tolist(), posts.contents.tolist(), strict=True)
    for p, (hour, author, content) in enumerate(rows):
        before = place(out[content], hour, terms.same_content_window_h) - 1
        found[p] = copied(before, terms.same_content_factor)
        if accounts.own[author]:
            found[p] *= crowded(place(recent[author], hour), terms.same_day_elasticity)
    return found
