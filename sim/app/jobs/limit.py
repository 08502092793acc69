"""What the host of a shared server allows at a time: people × hours × runs."""

import os

from sim.app.jobs.request import Request
from sim.errors import RunError

LIMIT = "MATRIXSIM_USER_HOURS"
"""Environment variable by which a host limits people × hours × runs of one computation."""


def limit() -> int | None:
    """The people × hours × runs that the host of a shared server allows at a time; None without a limit.

    Raises:
        RunError: what the host has set is no number.
    """
    given = os.environ.get(LIMIT, "")
    if not given:
        return None
    if not given.replace("_", "").isdecimal():
        raise RunError(
            "{variable} = {given!r} is no whole number of people × hours × runs", variable=LIMIT, given=given
        )
    return int(given)


def refuse_beyond_limit(request: Request) -> None:
    """Holds a computation to the limit that the host of a shared server has set.

    Raises:
        RunError: it is larger, or the limit is no number.
    """
    most = limit()
    if most is None:
        return
    plan = request.plan()
    asked = plan.audience.users * plan.run.hours * request.runs
    if asked > most:
        raise RunError(
            "{users} people × {hours} h × {runs} runs = {asked}; this server allows {most}: choose a smaller "
            "audience, fewer seeds or fewer hours",
            users=f"{plan.audience.users:,}", hours=plan.run.hours, runs=f"{request.runs:,}",
            asked=f"{asked:,}", most=f"{most:,}",
        )  # fmt: skip
