"""How many accounts, for each way of sharing the posts out: a finding, with its intervals; nothing requires a winner."""

from collections.abc import Callable

import pytest

from sim.experiment.accounts import Curves, curves
from sim.scenario.schema import Scenario

pytestmark = pytest.mark.evidence
WAYS = ("1+", "split", "same", "race")
METRICS = ("profit", "follows")


def table_of(found: Curves) -> str:
    """The curves as a table."""
    rows = []
    for curve in found.curves:
        for step in curve.steps:
            limits = "" if step.low is None or step.high is None else f"{step.low:,.0f} to {step.high:,.0f}"
            more = "" if step.more is None else f"{step.more:+,.0f}"
            if step.more_low is not None and step.more_high is not None:
                more += f" ({step.more_low:+,.0f} to {step.more_high:+,.0f})"
            right = (
                ""
                if step.right is None
                else f"{step.right:.0%} ({step.right_low:.0%} to {step.right_high:.0%})"
            )
            rows.append(
                f"| {curve.way} | {step.accounts} | {step.mean:,.0f} | {limits} | {more} "
                f"| {step.cost_cny:,.0f} | {right} |"
            )
    return (
        "| way | accounts beside the main one | mean | 95 % | against the row above | cost (CNY) | picked right |\n"
        "| --- | --- | --- | --- | --- | --- | --- |\n" + "\n".join(rows)
    )


@pytest.mark.system("M15", "M16")
@pytest.mark.parametrize("name", ["beauty_matrix"])
def test_result_against_the_number_of_accounts(name: str, section: Callable[[str, str], None]) -> None:
    scenario = Scenario.load(name).with_values({"run.hours": 672})
    blocks = []
    for metric in METRICS:
        found = curves(scenario, ways=WAYS, metric=metric, seeds=32)
        said = " ".join(found.text(curve, "en") for curve in found.curves)
        blocks.append(f"**{metric}.** {said}\n\n{found.comparison.text('en')}\n\n{table_of(found)}")
        assert [curve.way for curve in found.curves] == list(WAYS)
        one = {curve.steps[0].mean for curve in found.curves}
        assert len(one) == 1  # no account beside the main one is the same, whatever the way
    section(
        f"How many accounts: {name}",
        "28 days, 32 seeds, accounts' cost by the month in it; `matrixsim accounts` with all four ways.\n\n"
        + "\n\n".join(blocks),
    )
