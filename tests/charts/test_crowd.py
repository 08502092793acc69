import json
from itertools import pairwise
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.charts.crowd import (
    ACCOUNT,
    ACTIVE_PX,
    DOT_PX,
    MOST_NAMED,
    PERSON,
    STATES,
    Chosen,
    CrowdWords,
    Mark,
    crowd_chart,
    crowd_figure,
    mixed,
    places,
    state_colours,
)
from sim.charts.theme import PALETTES

WORDS = CrowdWords("Person", "Impressions:", ("none", "seen", "came", "follows", "bought"))
crowds = st.lists(st.sampled_from(["food", "sport", "music"]), min_size=1, max_size=300)


def marks(number: int, name: str = "a") -> list[Mark]:
    return [Mark(f"{name}{k}", "#38A0C4", 10 * k, f"{10 * k} fans") for k in range(number)]


def drawn(states: list[int], accounts: int = 3, **chosen: Any) -> Any:
    people = ["food"] * len(states)
    chart = crowd_chart(people, states, [0] * len(states), marks(accounts))
    what = {"person": 0, "account": 0, "fans": [], "follows": [], "reached_by": [], **chosen}
    return crowd_figure(chart, marks(accounts), Chosen(**what), WORDS)


@given(crowds)
def test_everybody_has_a_place_of_their_own(topics: list[str]) -> None:
    found, _, _ = places(tuple(topics))
    assert len(set(found)) == len(topics)


@given(crowds)
def test_people_of_one_topic_stand_together_and_apart_from_others(topics: list[str]) -> None:
    found, blocks, rows = places(tuple(topics))
    by_name = {block.name: block for block in blocks}
    assert {block.name: block.people for block in blocks} == {t: topics.count(t) for t in topics}
    for topic, place in zip(topics, found, strict=True):
        assert by_name[topic].left <= place.x <= by_name[topic].right
        assert -rows < place.y <= 0
    assert all(one.right + 1 < other.left for one, other in pairwise(blocks))


@given(crowds, st.integers(1, 41))
def test_accounts_stand_above_the_people_inside_the_picture(topics: list[str], accounts: int) -> None:
    chart = crowd_chart(topics, [0] * len(topics), [0] * len(topics), marks(accounts))
    right = max(block.right for block in chart.blocks)
    assert len(set(chart.accounts)) == accounts
    assert all(1.4 < place.y < chart.top and -0.5 <= place.x <= right + 0.5 for place in chart.accounts)


def test_places_do_not_depend_on_what_happens() -> None:
    topics = ["food", "sport"] * 20
    early = crowd_chart(topics, [0] * 40, [0] * 40, marks(2))
    late = crowd_chart(topics, [4] * 40, [9] * 40, marks(2))
    assert early.people == late.people


def test_everybody_is_drawn_once_in_the_colour_of_their_state() -> None:
    states = [0, 1, 2, 3, 4, 0, 1]
    people = [trace for trace in drawn(states).data if trace.name]
    assert [trace.marker.color for trace in people] == list(state_colours())
    for state, trace in enumerate(people):
        numbers = [row[1] for row in np.array(trace.customdata).tolist()]
        assert numbers == [k for k, own in enumerate(states) if own == state]
        assert trace.name == f"{WORDS.states[state]} {len(numbers)}"


def test_plotly_finds_nothing_wrong_with_a_picture_that_it_was_not_asked_about() -> None:
    picture = drawn([0, 1, 2, 3, 4], active=[2], follows=[0], reached_by=[1])
    assert json.loads(go.Figure(picture.to_dict()).to_json()) == json.loads(picture.to_json())


def test_whoever_is_active_has_a_larger_dot() -> None:
    trace = next(trace for trace in drawn([1, 1, 1], active=[2]).data if trace.name == "seen 3")
    assert list(trace.marker.size) == [DOT_PX, DOT_PX, ACTIVE_PX]


@pytest.mark.parametrize("ground", ["light", "dark"])
def test_states_have_colours_of_the_theme_that_differ(ground: Any) -> None:
    colours = state_colours(ground)
    assert len(set(colours)) == len(STATES)
    assert set(colours) - set(PALETTES[ground]) <= {
        mixed(PALETTES[ground].accent, PALETTES[ground].background, 0.45)
    }


@pytest.mark.parametrize(("share", "colour"), [(1.0, "#102030"), (0.0, "#FFFFFF"), (0.5, "#889098")])
def test_a_mixed_colour_lies_between_its_two(share: float, colour: str) -> None:
    assert mixed("#102030", "#FFFFFF", share) == colour


def test_fans_of_the_chosen_account_wear_a_ring_that_takes_no_clicks() -> None:
    figure = drawn([0] * 5, fans=[1, 3])
    ring = next(t for t in figure.data if t.marker.symbol == "circle-open" and len(t.x) == 2)
    assert ring.hoverinfo == "skip"
    assert ring.marker.color == marks(1)[0].colour


def test_lines_lead_to_what_the_person_follows_or_has_seen() -> None:
    lines = [t for t in drawn([0] * 5, follows=[1], reached_by=[0, 1]).data if t.mode == "lines"]
    assert [line.line.dash for line in lines] == ["dot", "solid"]


def test_points_say_what_they_stand_for() -> None:
    figure = drawn([0, 1, 2])
    kinds = {int(row[0]) for trace in figure.data if trace.customdata is not None for row in trace.customdata}
    assert kinds == {PERSON, ACCOUNT}


def test_names_are_shown_as_text_and_never_as_markup() -> None:
    hostile = [Mark("<b>x</b>", "#38A0C4", 1, "1 fan")]
    chart = crowd_chart(["<i>y"], [0], [0], hostile)
    figure = crowd_figure(chart, hostile, Chosen(0, 0, [], [], []), WORDS)
    assert figure.data[-1].text[0] == "&lt;b&gt;x&lt;/b&gt;"
    assert "<b>x</b>" not in figure.to_json()
    assert figure.layout.annotations[0].text.startswith("&lt;i&gt;")


def test_many_accounts_are_named_on_hover_alone() -> None:
    assert drawn([0], accounts=MOST_NAMED).data[-1].mode == "markers+text"
    assert drawn([0], accounts=MOST_NAMED + 1).data[-1].mode == "markers"


def test_more_fans_make_a_larger_account() -> None:
    sizes = crowd_chart(["food"], [0], [0], marks(4)).sizes
    assert list(sizes) == sorted(sizes)
    assert sizes[0] < sizes[-1]


def test_a_state_that_nobody_has_keeps_its_line_in_the_legend() -> None:
    people = [trace for trace in drawn([0, 0]).data if trace.name]
    assert [trace.name for trace in people] == ["none 2", "seen 0", "came 0", "follows 0", "bought 0"]
    assert all(len(trace.x) > 0 for trace in people)
