import pytest

from sim.commands.theory import closed_forms
from sim.experiment.forecast import worth
from sim.scenario.layouts import edges
from sim.scenario.schema import Scenario


def test_links_are_worth_what_the_command_line_says_and_every_account_has_its_worth() -> None:
    plan, parts = Scenario.load("classroom"), list[tuple[int, int]]()
    found = worth(plan, lambda done, total: parts.append((done, total)))
    told = closed_forms(plan)["links"]
    assert [(v.source, v.target, v.channel) for v in found.links] == [
        (row["from"], row["to"], row["channel"]) for row in told
    ]
    assert [v.visits for v in found.links] == pytest.approx(
        [row["visits"] for row in told], rel=1e-5, abs=1e-9
    )
    assert len(found.links) == len(edges(plan))
    assert {v.account for v in found.accounts} == {account.id for account in plan.accounts}
    assert parts == [(k, 4) for k in range(5)]
