"""What links carry under the default assumptions: a finding, with its intervals; nothing requires a winner."""

from collections.abc import Callable

import pytest

from sim.experiment.compare import compare
from sim.scenario.schema import Scenario

pytestmark = pytest.mark.evidence
LAYOUTS = ("none", "single", "star", "ring", "chain", "tree", "mesh")


@pytest.mark.system("M2", "M8")
def test_layouts_by_metric(section: Callable[[str, str], None]) -> None:
    scenario = Scenario.load("beauty_matrix")
    blocks = []
    for metric, robust in (("reach", False), ("follows", False), ("follows", True)):
        found = compare(scenario, layouts=LAYOUTS, metric=metric, seeds=16, robust=robust)
        rows = "\n".join(
            f"| {v.name} | {r.mean:,.0f} | {r.difference:,.1f} ({r.difference_low:,.1f} to {r.difference_high:,.1f}) "
            f"| {r.probability_best:.0%} | {r.first_share:.0%} | {'' if g is None else f'{g:+.2%}'} |"
            for v, r, g in zip(found.variants, found.rows, found.matrix_gain, strict=True)
        )
        title = f"{metric}, assumed parameters {'drawn from their ranges in every seed' if robust else 'at their defaults'}"
        blocks.append(
            f"**{title}.** {found.text('en')}\n\n"
            "| layout | mean | difference to best (95 %) | probability best | came first | gain in reach |\n"
            f"| --- | --- | --- | --- | --- | --- |\n{rows}"
        )
        assert found.matrix_gain[0] == 0.0
        assert sum(r.first_share for r in found.rows) == pytest.approx(1.0)
    section(
        "Layouts of the beauty matrix",
        "Whoever comes over a link was reached already, by the video or page that held it; so links between accounts can "
        "hardly raise unique reach. What they move is follows.\n\n" + "\n\n".join(blocks),
    )
