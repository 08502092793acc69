from collections.abc import Callable

import pytest

from sim.app.jobs import limit
from sim.app.jobs.questions import Reading
from sim.app.jobs.request import Comparing, Running, plan_of
from sim.app.jobs.variants import plans
from sim.app.pages.experiments import planning
from sim.errors import RunError

RUN = Running("classroom", 5_000, 1)


@pytest.mark.parametrize(
    ("variable", "ask"),
    [(limit.LIMIT, limit.limit), (limit.PEOPLE, limit.most_people), (limit.VISITOR_JOBS, limit.most_jobs)],
)
def test_a_limit_that_is_no_number_is_told(
    variable: str, ask: Callable[[], int | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "2_000")
    assert ask() == 2000
    monkeypatch.setenv(variable, "many")
    with pytest.raises(RunError, match=f"{variable} = 'many' is no whole number"):
        ask()


def test_an_audience_beyond_the_hosts_is_refused_alone_and_in_an_experiment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    small = planning.planned("classroom", 2_000, "grid", 4, 2, {"run.hours": [1, 2]})
    large = planning.planned("classroom", 2_000, "grid", 4, 2, {"audience.users": [2_000, 6_000]})
    monkeypatch.setenv(limit.PEOPLE, "5000")
    limit.refuse_beyond_limit(RUN)
    planning.refuse(small)
    with pytest.raises(RunError, match="6,000 people; this server allows 5,000"):
        planning.refuse(large)
    monkeypatch.setenv(limit.PEOPLE, "4999")
    with pytest.raises(RunError, match="5,000 people; this server allows 4,999: choose a smaller audience"):
        limit.refuse_beyond_limit(RUN)
    limit.refuse_beyond_limit(Reading("classroom", None, "0" * 32))  # simulates nobody


def test_plans_side_by_side_are_held_to_the_largest_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    small, names = plan_of("classroom"), {"small": "小", "large": "大"}
    large = small.with_values({"audience.users": 6_000, "run.hours": 200})
    request = Comparing("classroom", None, plans({"small": small, "large": large}, names), 2)
    monkeypatch.setenv(limit.LIMIT, f"{6_000 * 200 * 4:_}")
    limit.refuse_beyond_limit(request)
    monkeypatch.setenv(limit.LIMIT, f"{6_000 * 200 * 4 - 1:_}")
    with pytest.raises(RunError, match="6,000 people × 200 h × 4 runs"):
        limit.refuse_beyond_limit(request)
    monkeypatch.setenv(limit.PEOPLE, "5999")
    with pytest.raises(RunError, match="6,000 people; this server allows 5,999"):
        limit.refuse_beyond_limit(request)
