from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.charts.scores import RATES, Baseline, ScoreWords, decisions_of, enough, held_back, score_figure
from sim.experiment.replicate import run
from sim.platform.baseline import baseline
from sim.rules.pools import RATIO_CAP
from sim.scenario.schema import Scenario

SCALE = Baseline((0.2, 0.02, 0.003, 0.001, 0.001), (0.4, 0.2, 0.15, 0.15, 0.1), 4.0)
WORDS = ScoreWords(("一", "<b>"), ("完播率", "点赞率", "评论率", "转发率", "关注比"), "得分", "晋级线",
                   "{rate}: {ratio} {points}")  # fmt: skip


def row(*counts: int, impressions: int = 1000, mark: float = 1.0, **others: Any) -> dict[str, Any]:
    columns = ("completions", "likes", "comments", "shares", "follows")
    score = sum(
        weight * min(SCALE.cap, count / impressions / usual)
        for count, usual, weight in zip(counts, SCALE.usual, SCALE.weights, strict=True)
    )
    decision = "stop" if score < mark else "promote"
    reason = "score below mark" if score < mark else "score above mark"
    return {
        "pool": 1,
        "hour": 3,
        "impressions": impressions,
        "score": score,
        "threshold": mark,
        "decision": decision,
        "reason": reason,
        **dict(zip(columns, counts, strict=True)),
        **others,
    }


COUNTS = st.tuples(*(st.integers(0, most) for most in (1000, 200, 50, 20, 20)))


@pytest.mark.parametrize("revival", [0.0, 0.5])
def test_the_parts_of_every_decision_of_a_run_add_up_to_its_score(revival: float) -> None:
    plan = Scenario.load("classroom").with_values(
        {"platform.revival_probability": revival, "platform.pass_share": [0.8]}
    )
    scale = baseline(plan)
    known = Baseline(scale.usual.tolist(), scale.weights.tolist(), RATIO_CAP)
    promotions = run(plan, 3).promotions
    found = [
        decision
        for _, rows in promotions.group_by("planned_by", "post_number")
        for decision in decisions_of(rows.to_dicts(), known)
    ]
    assert len(found) == promotions.height > 18
    for decision in found:
        if decision.code == "revive":
            assert decision.parts == ()
        else:
            assert sum(part.points for part in decision.parts) == pytest.approx(decision.score)
    assert ("revive" in {decision.code for decision in found}) is (revival > 0)


@given(COUNTS, st.floats(0.1, 4.0))
def test_what_would_have_been_enough_is_enough_and_less_is_not(counts: tuple[int, ...], mark: float) -> None:
    (decision,) = decisions_of([row(*counts, mark=mark)], SCALE)
    rise = enough(decision, SCALE)
    if rise is None:
        return
    k = RATES.index(rise.rate)
    rest = decision.score - decision.parts[k].points

    def score(rate: float) -> float:
        return rest + SCALE.weights[k] * min(SCALE.cap, rate / SCALE.usual[k])

    assert score(rise.needed) == pytest.approx(mark)
    assert rise.was < rise.needed <= 1
    assert score(0.99 * rise.needed) < mark


@given(COUNTS, st.floats(0.1, 4.0))
def test_only_a_video_that_failed_was_held_back(counts: tuple[int, ...], mark: float) -> None:
    (decision,) = decisions_of([row(*counts, mark=mark)], SCALE)
    failed = decision.score < mark
    assert (held_back(decision, SCALE) is not None) is failed
    if not failed:
        assert enough(decision, SCALE) is None


def test_the_rate_that_cost_most_is_named() -> None:
    (decision,) = decisions_of([row(200, 0, 3, 1, 1)], SCALE)  # all usual but likes
    assert held_back(decision, SCALE) == "like"
    rise = enough(decision, SCALE)
    assert rise is not None
    assert (rise.rate, rise.was, rise.needed) == ("completion", 0.2, pytest.approx(0.3))


def test_where_no_rate_alone_suffices_none_is_named() -> None:
    (decision,) = decisions_of([row(0, 0, 0, 0, 0, mark=3.9)], SCALE)
    assert enough(decision, SCALE) is None
    assert held_back(decision, SCALE) == "completion"


def test_a_rate_counts_for_at_most_the_cap() -> None:
    (decision,) = decisions_of([row(0, 0, 0, 0, 50)], SCALE)
    assert decision.parts[4].ratio == pytest.approx(50)
    assert decision.parts[4].points == pytest.approx(0.4)


def test_a_decision_on_no_impressions_has_no_parts() -> None:
    rows = [row(1, 1, 1, 1, 1, hour=9), row(0, 0, 0, 0, 0, hour=5) | {"impressions": 0}]
    first, second = decisions_of(rows, SCALE)
    assert (first.hour, second.hour) == (5, 9)
    assert first.parts == ()
    assert len(second.parts) == len(RATES)


def test_the_figure_shows_parts_and_mark_and_escapes_names() -> None:
    decisions = decisions_of([row(300, 30, 3, 1, 1, hour=2), row(100, 3, 0, 0, 0, hour=8, pool=2)], SCALE)
    figure = score_figure(decisions, WORDS, "light")
    *bars, marks = figure.data
    assert len(bars) == len(RATES)
    for k, decision in enumerate(decisions):
        assert sum(bar.x[k] for bar in bars) == pytest.approx(decision.score)
    assert list(marks.x) == [decision.mark for decision in decisions]
    assert [note.text for note in figure.layout.annotations] == ["一", "&lt;b&gt;"]
    assert len({bar.marker.color for bar in bars}) == len(RATES)
    assert figure.layout.xaxis.range[1] > max(d.mark for d in decisions)
