import json
import re
from collections.abc import Callable
from functools import partial
from typing import Any

import polars as pl
import pytest

from sim.app.jobs import drafts, store
from sim.app.jobs.request import Comparing, Valuing, plan_of
from sim.app.pages.flow import page as flow
from sim.app.pages.flow import removal, traffic
from sim.app.pages.flow.removal import change
from sim.app.pages.flow.traffic import ALL, Selected
from sim.language.words import Words
from sim.scenario.layouts import edges
from sim.scenario.matrix import CHANNELS
from tests.app.classroom import CLASS, RUN, drawn
from tests.app.driving import EagerJobs, address, alive, button, choice, markup, opened, settled, told

page = partial(drawn, "flow")
SINGLE = '{"links.edges": [], "links.layout": "single"}'


def test_the_most_valuable_links_are_named_without_a_run(eager: EagerJobs) -> None:
    said = told(page())
    best = store.table(Valuing("classroom", 2_000), "link_values").row(0, named=True)
    assert f"{best['source']} → {best['target']}" in said
    assert f"−{best['visits']:.2f}" in said


@pytest.mark.parametrize("selected", ["school", "school>band"])
def test_a_choice_shows_what_it_carried_and_what_removing_it_would_cost(
    selected: str, eager: EagerJobs
) -> None:
    app = page()
    app = settled(alive(choice(app, flow.CHOSEN).set_value(selected).run()))
    said = told(app)
    assert address(app)["selected"] == selected
    assert "By arithmetic alone, without it:" in said
    values = store.table(Valuing("classroom", 2_000), "account_values")
    if selected == "school":
        links = store.table(RUN, "links")
        came = links.filter(pl.col("to") == "school")["visits"].sum()
        assert re.search(rf"Came over links\s+{came}\s", said)
        assert f"−{values.row(0, named=True)['visits']:.2f} home-page visits" in said
    else:
        assert "Mutual like" in said
    assert [b.label for b in app.button if b.key == "flow_simulate"] == ["Simulate without it"]
    again = page(**{key: text for key, text in address(app).items() if key not in CLASS})
    assert choice(again, flow.CHOSEN).value == selected


def test_the_button_simulates_with_and_without_it_and_says_how_sure_that_is(eager: EagerJobs) -> None:
    app = page(selected="school")
    app = settled(alive(button(app, "Simulate without it").click().run()))
    assert isinstance(eager.started[-1], Comparing)
    planned, without = eager.started[-1].variants
    plan = RUN.plan()
    assert planned.of(plan) == plan
    assert without.of(plan).links.layout == "none"  # every link of a star ends at its centre
    assert re.search(r"Follows[^.]*(cannot be told apart|exactly the same|without it: )", told(app))
    assert "8 rounds, 2,000 people, the same luck for both; 95 % interval." in told(app)
    assert address(app)["without"] == "yes"
    assert any(figure.key.startswith("flow_without") for figure in app.get("plotly_chart"))
    app = alive(choice(app, removal.METRIC).set_value("reach").run())
    assert "Reach" in told(app)
    app = settled(alive(choice(app, flow.CHOSEN).set_value("band").run()))
    assert address(app)["without"] == "no"  # another choice is simulated only when asked


def test_an_address_asks_for_the_simulation_again(eager: EagerJobs) -> None:
    page(selected="school>band", without="yes", metric="orders")
    assert [request.seeds for request in eager.started if isinstance(request, Comparing)] == [2, 8]


@pytest.mark.parametrize(
    ("selected", "left"),
    [
        (Selected("link", "school", "band"), 4 * 2 * 3 - 3),
        (Selected("account", "band"), 4 * 2 * 3 - 6),
        (Selected("account", "school"), 0),
        (ALL, 0),
    ],
)
def test_without_a_choice_the_other_links_stay_channel_by_channel(
    selected: Selected, left: int, eager: EagerJobs
) -> None:
    page()
    plan = RUN.plan()
    shown = traffic.loaded(RUN, CHANNELS)
    cut = plan.with_values(removal.without(shown, selected))
    assert len(edges(cut)) == left
    assert set(edges(cut)) <= set(edges(plan))
    assert cut.accounts == plan.accounts


@pytest.mark.parametrize(
    ("planned", "without", "expected"),
    [
        ((0, 0, 0), (-5, -8, -2), (-5, -8, -2)),
        ((-5, -8, -2), (0, 0, 0), (5, 2, 8)),
        ((0, 0, 0), (-1, -4, 2), (-1, -4, 2)),
        ((0, 0, 0), (0, None, None), (0, None, None)),
        ((-0.1, None, None), (0, 0, 0), (0.1, None, None)),
    ],
)
def test_the_change_is_what_the_removal_makes_of_the_plan(
    planned: tuple[float | None, ...], without: tuple[float | None, ...], expected: tuple[float | None, ...]
) -> None:
    fields = ("difference", "difference_low", "difference_high")
    rows = [
        {"name": name, **dict(zip(fields, values, strict=True))}
        for name, values in ((removal.PLANNED, planned), (removal.WITHOUT, without))
    ]
    assert change({"variants": rows}) == expected


@pytest.mark.parametrize(
    ("interval", "said"),
    [
        ((-5, -8, -2), "去掉之后，净增粉丝 −5"),
        ((-1, -4, 2), "难分高下"),
        ((0.1, None, None), "目前的模拟轮数无法判断"),
    ],
)
def test_a_removal_is_advised_upon_only_where_the_interval_leaves_out_zero(
    interval: tuple[float | None, ...], said: str, eager: EagerJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(removal, "change", lambda comparison: interval)
    monkeypatch.setattr(removal, "SEEDS", 2)
    assert said in told(page(lang="zh", selected="band", without="yes"))


def test_every_request_survives_its_json(subtests: Callable[..., Any]) -> None:
    request = Valuing("classroom", 2_000, SINGLE)
    assert Valuing.from_dict(json.loads(json.dumps(request.as_dict()))) == request
    assert request.plan().links.layout == "single"
    assert Words("zh")(removal.WITHOUT) == "去掉之后"


def test_without_a_ladder_there_is_no_closed_form_and_the_page_says_so(eager: EagerJobs) -> None:
    plan = plan_of("classroom").with_values({"platform.model": "score"})
    name = drafts.keep(drafts.Version(plan.to_toml(), "flow"))
    app = settled(opened("flow", scenario=name, users="2000"))
    assert "arithmetic alone knows the ladder of pools only" in markup(app)
    assert not any(isinstance(request, Valuing) for request in eager.started)
    assert not app.error
