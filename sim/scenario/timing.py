"""When the brand's accounts post: at the hours of the plan, all at one hour of the day, or spread out.

Takes a scenario and a timing as a command line names it; gives the keys that put it in place. The number of
posts stays; waves of a campaign keep their hours.
"""

import re
from functools import partial

from sim.errors import UsageError, accepted
from sim.scenario.schema import Scenario

DAY_H = 24
WRITTEN, SPREAD = "written", "spread"
FORMS = "written, spread, HH:00"
"""How a timing is written on a command line."""
_FORM = re.compile(r"([01]?[0-9]|2[0-3]):00")


def hour_of(timing: str) -> int | None:
    """Hour of the day that a timing names [0..23]; None where it names none.

    Raises:
        UsageError: it is no timing.
    Example:
        >>> hour_of("20:00"), hour_of("spread")
        (20, None)
    """
    if timing in (WRITTEN, SPREAD):
        return None
    if (found := _FORM.fullmatch(timing)) is None:
        raise UsageError("timing {text!r} is unknown; allowed: {forms}", text=timing, forms=FORMS)
    return int(found[1])


is_timing = partial(accepted, hour_of)
"""Whether a text names a timing."""


def timing_values(scenario: Scenario, timing: str) -> dict[str, object]:
    """The keys that put a timing in place: the first post of each account that plans posts.

    It lies within the account's own interval, so that none is lost: of two a day one is at the hour, the
    other twelve hours from it. Where no whole number of posts fills a day, later ones move on from the hour.

    Raises:
        UsageError: it is no timing.
    """
    hour = hour_of(timing)
    if timing == WRITTEN:
        return {}
    posting = [
        (k, DAY_H / account.posts_per_day)
        for k, account in enumerate(scenario.accounts)
        if account.role != "creator" and account.posts_per_day
    ]
    since = None if hour is None else (hour - scenario.run.first_hour) % DAY_H
    return {
        f"accounts.{k}.first_post_h": (DAY_H * n / len(posting) if since is None else since) % interval_h
        for n, (k, interval_h) in enumerate(posting)
    }
