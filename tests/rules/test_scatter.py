"""Author scatter (P12): counted exactly, by the hour and the account, and nobody else is touched."""

import numpy as np
import pytest

from sim.experiment.size import needed_bytes
from sim.hour.people import LETTER_TYPES, Letter
from sim.mechanisms.scatter import PLANE, AuthorScatter
from sim.model import MatrixModel
from sim.rules.audience import SHARD
from sim.rules.draws import ONE_32
from sim.rules.scatter import MOST, shown_again
from sim.scenario.schema import Scenario
from sim.world.board import IMPRESSIONS, JUDGED
from sim.world.offers import LIST, NO_PLANE, QUOTA, WINDOW, in_order, joint, offers
from sim.world.planes import Planes, count_once_more, counted, empty_planes
from tests.refresh import result_of, world

pytestmark = pytest.mark.system("P12")
FACTORS = (1.0, 0.625, 0.4375, 0.34375)
"""Published: 0.75 · 0.5^k + 0.25."""
PEOPLE = 4_000
VIDEOS = 6
NOTHING = np.zeros(0, np.uint64)


def test_the_published_factors():
    assert tuple(shown_again(k, 0.5, 0.25) for k in range(MOST + 1)) == FACTORS
    assert {shown_again(k, 1.0, 0.25) for k in range(9)} == {1.0}


def test_two_planes_count_to_three():
    bits, _, _ = empty_planes([Planes("mine", 2)], 1)
    for times in (0, 1, 2, 3, 3, 3):
        assert counted(bits, 0, 77) == times
        assert counted(bits, 0, 76) == 0
        count_once_more(bits, 0, 77)


@pytest.fixture(params=["columns", "agents"])
def model(request):
    """All people are fans of the first account, which has published some videos; the creator posts too."""
    scenario = world(
        audience__users=PEOPLE, links__layout="none", platform__pools=(1,), sharing__open_probability=0.0,
        accounts=(
            {"id": "main", "role": "main", "fans": PEOPLE, "posts_per_day": 24.0},
            {"id": "star", "role": "creator", "tier": "waist", "posts_per_day": 24.0},
        ),
    )  # fmt: skip
    model = MatrixModel(scenario, rng=1, engine=request.param)
    for _ in range(VIDEOS + 1):
        model.advance()
    yield model
    model.close()


def videos_of(run, account, number=VIDEOS):
    found = np.flatnonzero(run.videos.rows["author"] == account)[:number]
    assert found.size == number
    return found


def shown(model, rows, hour=10):
    """Impressions of each video (V,) that such offers bring in some hour, scatter at work."""
    run = model.run_state
    next(m for m in run.mechanisms if isinstance(m, AuthorScatter)).admit(run, rows)
    letter = Letter(*(np.zeros(0, kind) for kind in LETTER_TYPES))._replace(offers=rows)
    before = run.responder.tally().videos[:, :, IMPRESSIONS].sum(axis=1)
    run.responder.respond(letter, hour, 0)
    return run.responder.tally().videos[:, :, IMPRESSIONS].sum(axis=1) - before


def to_all_fans(videos):
    return offers(videos, WINDOW, 1, JUDGED, whose=0, low=0, high=ONE_32)


def test_of_those_who_were_shown_an_account_so_many_are_shown_another_and_a_fan_is_not_replaced(model):
    videos = videos_of(model.run_state, 0)
    counts = shown(model, to_all_fans(videos))[videos]
    by_times = np.zeros(MOST + 1)  # of the people
    by_times[0] = PEOPLE
    for count in counts.tolist():
        accepted = by_times * FACTORS
        sd = (accepted * (1 - np.array(FACTORS))).sum() ** 0.5
        assert abs(count - accepted.sum()) <= 5 + 4 * sd  # a few have seen a video before
        by_times -= accepted
        by_times[1:] += accepted[:-1]
        by_times[MOST] += accepted[MOST]


def test_the_next_hour_nobody_is_counted_yet(model):
    first, second = np.split(videos_of(model.run_state, 0, 4), 2)
    now = shown(model, to_all_fans(first), hour=10)[first]
    later = shown(model, to_all_fans(second), hour=11)[second]
    assert now[0] - later[0] < 10 < later[0] - later[1]
    assert abs(now[1] - later[1]) < 4 * (2 * PEOPLE * 0.625 * 0.375) ** 0.5


def test_who_is_passed_over_by_recommendation_is_replaced(model):
    videos = videos_of(model.run_state, 0, 3)
    counts = shown(model, offers(videos, QUOTA, 0, JUDGED, quota=2_000, whose=0))
    assert counts[videos].tolist() == [2_000] * 3
    tried = model.run_state.responder.tried()[videos]
    assert tried[0] - 2_000 < 10 < tried[1] - 2_000  # the first passes nobody over
    assert tried[2] <= PEOPLE


def test_one_video_creators_and_messages_are_not_counted(model):
    run = model.run_state
    own, others = videos_of(run, 0, 2), videos_of(run, 1)
    scatter = next(m for m in run.mechanisms if isinstance(m, AuthorScatter))
    one = [to_all_fans(own[:1]), offers(own[:1], QUOTA, 0, JUDGED, quota=5, whose=0)]
    message = offers(own, LIST, 2, JUDGED)
    by_creator = offers(others, QUOTA, 0, JUDGED, quota=5, whose=1)
    for parts in ([*one, by_creator], [message, by_creator], [*one, message[1:]], one[:1]):
        rows, _ = in_order(*joint(parts, [NOTHING] * len(parts)))
        scatter.admit(run, rows)
        assert (rows["counting"] == NO_PLANE).all()
    rows, _ = in_order(*joint([*one, message, by_creator, to_all_fans(own[1:])], [NOTHING] * 5))
    scatter.admit(run, rows)
    fed = (rows["kind"] != LIST) & np.isin(rows["video"], own)
    assert (rows["counting"][fed] == run.planes[PLANE][0]).all()
    assert (rows["counting"][~fed] == NO_PLANE).all()


def test_an_account_with_one_video_at_a_time_is_left_alone():
    # One post in the whole run: no account ever has two videos in the feed.
    single = world(accounts=({"id": "main", "role": "main", "fans": 300, "posts_per_day": 1 / 3},))
    on, off = (result_of(single.with_values({"platform.author_decay": decay})) for decay in (0.5, 1.0))
    assert on.videos.height == 1
    assert on.digest == off.digest


def test_under_a_score_the_same_rule_holds():
    many = world(
        platform__model="score",
        accounts=({"id": "main", "role": "main", "fans": 900, "posts_per_day": 24.0},),
    )
    none, all_off = (
        {"platform.author_decay": 0.0, "platform.author_floor": 0.0},
        {"platform.author_decay": 1.0},
    )
    on, off = (result_of(many.with_values(values)).hourly for values in (none, all_off))
    by_fans = [table.filter(origin="fans")["impressions"].sum() for table in (on, off)]
    assert by_fans[0] < 0.98 * by_fans[1]


def test_memory_is_two_bits_a_person_and_brand_account():
    accounts = [{"id": f"a{k}", "role": "sub" if k else "main"} for k in range(21)]
    base = {"name": "large", "audience": {"users": 610 * SHARD}, "accounts": accounts}
    on, off = (
        needed_bytes(Scenario.from_dict(base | {"platform": {"author_decay": decay}}), "columns")
        for decay in (0.5, 1.0)
    )
    assert on - off == pytest.approx(2 * 21 * 610 * SHARD / 8, rel=1e-6)
