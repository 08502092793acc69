from sim.app.jobs import store
from sim.app.jobs.request import Comparing, Timing
from sim.app.jobs.variants import laid_out
from tests.app.driving import EagerJobs, markup, opened, settled


def test_a_comparison_ends_with_all_its_seeds_and_goes_on_from_the_first_ones(eager: EagerJobs) -> None:
    app = settled(opened(scenario="classroom", layouts="star.mesh", seeds="8"))
    assert [request.runs for request in eager.started if not isinstance(request, Timing)] == [4, 16]
    assert "8 rounds · 2,000 people" in markup(app)


def test_a_comparison_in_steps_equals_one_at_once(eager: EagerJobs) -> None:
    request = Comparing("classroom", 2_000, laid_out(("star", "mesh")), 8)
    eager.start(request, "me")
    at_once = store.found(request)
    settled(opened(scenario="classroom", layouts="star.mesh", seeds="16"))
    in_steps = store.found(Comparing("classroom", 2_000, laid_out(("star", "mesh")), 16))
    assert at_once is not None
    assert in_steps is not None
    for name, fields in at_once["runs"].items():
        assert {field: numbers[:8] for field, numbers in in_steps["runs"][name].items()} == fields
