"""What the host of a shared server allows of one computation, and of one visitor.

Environment variables say it, because pages and the processes that compute ask for it too;
`matrixsim app` has an option for each.
"""

import os

from sim.app.jobs.request import Comparing, Request
from sim.errors import RunError

LIMIT = "MATRIXSIM_USER_HOURS"
"""Environment variable by which a host limits people × hours × runs of one computation."""
PEOPLE = "MATRIXSIM_MOST_PEOPLE"
"""As LIMIT, the people of one scenario."""
VISITOR_JOBS = "MATRIXSIM_VISITOR_JOBS"
"""As LIMIT, the computations that one visitor may have under way or waiting."""
MOST_JOBS = 12
"""Of these where the host says nothing (chosen): somebody who goes through all pages at once begins ten."""


def limit() -> int | None:
    """The people × hours × runs that the host of a shared server allows at a time; None without a limit.

    Raises:
        RunError: what the host has set is no number.
    """
    return _number(LIMIT)


def most_people() -> int | None:
    """The largest audience that the host of a shared server allows; None without a limit.

    Raises:
        RunError: what the host has set is no number.
    """
    return _number(PEOPLE)


def most_jobs() -> int:
    """The computations that one visitor may have at a time.

    Raises:
        RunError: what the host has set is no number.
    """
    given = _number(VISITOR_JOBS)
    return MOST_JOBS if given is None else given


def _number(variable: str) -> int | None:
    given = os.environ.get(variable, "")
    if not given:
        return None
    if not given.replace("_", "").isdecimal():
        raise RunError("{variable} = {given!r} is no whole number", variable=variable, given=given)
    return int(given)


def refuse_beyond_limit(request: Request) -> None:
    """Holds a computation to the limits that the host of a shared server has set.

    Raises:
        RunError: it is larger, or a limit is no number.
    """
    if not request.runs:  # files are read
        return
    plan = request.plan()
    plans = [plan]
    if isinstance(request, Comparing):  # of plans, each has people and hours of its own
        plans += [variant.of(plan) for variant in request.variants if variant.is_plan]
    users, hours = max(p.audience.users for p in plans), max(p.run.hours for p in plans)
    refuse_people(users)
    most = limit()
    asked = users * hours * request.runs
    if most is not None and asked > most:
        raise RunError(
            "{users} people × {hours} h × {runs} runs = {asked}; this server allows {most}: choose a smaller "
            "audience, fewer rounds or fewer hours",
            users=f"{users:,}", hours=hours, runs=f"{request.runs:,}",
            asked=f"{asked:,}", most=f"{most:,}",
        )  # fmt: skip


def refuse_people(users: int) -> None:
    """Holds an audience to the largest that the host of a shared server has set.

    Raises:
        RunError: it is larger, or the limit is no number.
    """
    most = most_people()
    if most is not None and users > most:
        raise RunError(
            "{users} people; this server allows {most}: choose a smaller audience",
            users=f"{users:,}", most=f"{most:,}",
        )  # fmt: skip
