"""The plan that three answers make of a template: whose accounts, how many, and what is spent on creators."""

from collections.abc import Mapping
from itertools import count, cycle, islice
from typing import Any, NamedTuple

from sim.app.jobs.request import plan_of
from sim.scenario.schema import Scenario

RATIO = (0, 0, 0, 1, 5, 20)
"""Creators by tier, star to amateur, where the template pays none (chosen)."""
MOST_COMPARED = 8
"""Accounts beside the main one that are tried at most (chosen)."""


class Told(NamedTuple):
    """What was answered.

    Attributes:
        template: a shipped scenario.
        accounts: in all, the main one too.
        main_fans: of the main account.
        other_fans: of each other account.
        budget_cny: for creators; 0 for none.
    """

    template: str
    accounts: int
    main_fans: int
    other_fans: int
    budget_cny: int


def usual(template: str) -> Told:
    """What the template itself answers."""
    plan = plan_of(template)
    main, *others = sorted(plan.accounts, key=lambda account: account.role != "main")
    fans = [account.fans for account in others]
    return Told(
        template, len(plan.accounts), main.fans, round(sum(fans) / max(len(fans), 1)),
        round(plan.seeding.budget_cny or 0),
    )  # fmt: skip


def plan(told: Told, title: str, stem: str) -> Scenario:
    """The template with these answers.

    Args:
        told: the answers.
        title: name of the plan.
        stem: of the names of accounts that the template has not.
    Raises:
        ScenarioError: the market cannot hold so many fans.
    """
    template = plan_of(told.template)
    values = template.model_dump()
    main, *others = sorted(values["accounts"], key=lambda account: account["role"] != "main")
    subs = [
        {**account, "fans": told.other_fans} for account in islice(_endless(others, stem), told.accounts - 1)
    ]
    given: dict[str, Any] = {"name": title, "accounts": [{**main, "fans": told.main_fans}, *subs]}
    if told.budget_cny:
        ratio = template.seeding.ratio or RATIO
        given |= {"seeding.ratio": ratio, "seeding.budget_cny": float(told.budget_cny)}
    else:
        given |= {"seeding.ratio": (), "seeding.budget_cny": None}
    return template.with_values(given)


def structures(accounts: int) -> tuple[str, ...]:
    """What is compared at first: the plan as it is, all on one account, another way of sharing the posts."""
    if accounts == 1:
        return "one", "1+3", "split:3"
    return "written", "one", f"split:{min(accounts - 1, MOST_COMPARED)}"


def _endless(others: list[Mapping[str, Any]], stem: str) -> Any:
    """The template's accounts, then more that are like them in turn, without end."""
    yield from others
    for k, account in zip(count(1), cycle(others), strict=False):
        yield {**account, "id": f"{stem} {k}"}
