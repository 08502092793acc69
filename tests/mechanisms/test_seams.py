"""What each hook of a mechanism owes: what it says, alike in both engines, on threads and over portions.

A mechanism that asks for nothing changes nothing.
"""

import numpy as np
import polars as pl
import pytest

from sim.engines.agents.people import User
from sim.engines.columns.respond import WORTH_THREADS
from sim.hour.verdicts import ADD, LEAVE, SET, verdicts
from sim.language.vocabulary import ORIGINS
from sim.mechanisms import MECHANISMS
from sim.model import MatrixModel
from sim.results import Result
from sim.rules.repetition import TABLE
from sim.world.board import DECAY, FATIGUE, layered, numbers_of
from sim.world.doors import Doors
from sim.world.fields import place_of, read
from sim.world.offers import QUOTA, offers, pass_over
from sim.world.planes import Planes, numbered
from tests.invariants.worlds import same
from tests.mechanisms import seams
from tests.refresh import busy, result_of
from tests.sweeps.test_split import split

AT_WORK = (
    seams.Shown, seams.Aimed, seams.AimedLate, seams.Lifted, seams.Returns, seams.Tired, seams.Strangers,
    seams.Again, seams.Scatter, seams.Hourly, seams.Layered, seams.Ages, seams.Nobody, seams.Shop,
    seams.ShopOpensLate,
)  # fmt: skip
NOTHING = (
    seams.LiftedByOne,
    seams.LayeredByOne,
    seams.AimedAlike,
    seams.Deaf,
    seams.AgesUnasked,
    seams.Empty,
    seams.ShopWindow,
)
"""Mechanisms that ask for nothing."""

every = pytest.mark.parametrize("kind", AT_WORK, ids=lambda kind: kind.__name__)


@pytest.fixture
def having(monkeypatch):
    """Lets every run from now on have these mechanisms too."""

    def have(*kinds):
        monkeypatch.setattr("sim.mechanisms.MECHANISMS", (*MECHANISMS, *kinds))

    return have


EAGER = {
    "brand__interest_probability": 0.5,
    "brand__order_probability": 0.4,
    "brand__repeat_probability": 0.5,
}
SMALL = busy(
    audience__users=3_000, run__hours=36, links__layout="mesh", platform__pools=(500, 1_500), **EAGER
)  # fmt: skip
LARGE = busy(
    **EAGER,
    audience__users=50_000, run__hours=20, links__layout="mesh", platform__pools=(30_000, 40_000),
    audience__category_share=1.0,
)  # fmt: skip


@pytest.fixture(scope="module")
def plain() -> Result:
    return result_of(SMALL)


@every
def test_engines_agree(kind, plain, having):
    having(kind)
    columns = result_of(SMALL)
    assert columns.digest != plain.digest
    same(columns, result_of(SMALL, engine="agents"))


@every
def test_threads_and_portions_agree(kind, having):
    having(kind)
    alone = result_of(LARGE)
    assert alone.hourly.group_by("hour").agg(pl.col("impressions").sum())["impressions"].max() > WORTH_THREADS
    for threads in (2, 3):
        same(alone, result_of(LARGE, threads=threads))
    same(alone, split(LARGE, 2))


@every
def test_hours_before_are_untouched(kind, plain, having):
    before = pl.col("hour") < seams.FROM
    having(kind)
    now = result_of(SMALL)
    assert now.hourly.filter(before).equals(plain.hourly.filter(before))


@pytest.mark.parametrize("kind", NOTHING, ids=lambda kind: kind.__name__)
def test_who_asks_for_nothing_changes_nothing(kind, plain, having):
    having(kind)
    same(plain, result_of(SMALL))
    same(plain, result_of(SMALL, engine="agents"))


# --- aims ---


def reached_of_first_topic() -> float:
    """Share of the people reached whose main topic is the first."""
    model = MatrixModel(busy(audience__users=20_000, run__hours=30, links__layout="none"), rng=1)
    model.finish()
    people = model.run_state.board.users
    share = float((people["topic"][read(people, "reached") == 1] == 0).mean())
    model.close()
    return share


def test_an_aim_turns_impressions_to_its_segments(having):
    having(seams.Shown)
    before = reached_of_first_topic()
    having(seams.Aimed)
    aimed = reached_of_first_topic()
    having(seams.AimedLate)
    assert before + 0.2 < aimed == reached_of_first_topic()


@pytest.mark.parametrize("weights", [[1.0], [0.0] * 12, [-1.0] + [1.0] * 11, [float("nan")] + [1.0] * 11])
def test_an_aim_needs_weights(weights):
    model = MatrixModel(SMALL, rng=1)
    with pytest.raises(ValueError, match="aim"):
        model.run_state.aims.add(weights)


# --- lifts ---


def test_a_lift_moves_the_responses_it_names_while_it_lasts(plain, having):
    having(seams.Lifted)
    lifted = result_of(SMALL)
    window = pl.col("hour").is_between(seams.FROM, seams.FROM + 11)
    rates = []
    for result in (plain, lifted):
        hours = result.hourly.filter(window)
        counts = np.array([hours[key].sum() for key in ("completions", "shares")])
        rates.append(counts / hours["impressions"].sum())
    completed, shared = rates[1] / rates[0]
    assert 0.6 < completed < 0.9
    assert 1.3 < shared < 2.5


def test_lifts_multiply_and_end(having):
    having(seams.LiftedHalf, seams.LiftedHalf)
    model = MatrixModel(SMALL.with_values({"dilution.rates": False}), rng=1)
    for _ in range(seams.FROM + 1):
        model.advance()
    run = model.run_state
    base = run.videos.rows["appeal"]
    now = run.responder.board.videos["appeal"][: run.videos.size]
    assert now[:, 3] == pytest.approx(2.0 * base[:, 3], rel=1e-3)
    assert (now[:, 1] == base[:, 1]).all()
    for _ in range(24):
        model.advance()
    base = run.videos.rows["appeal"]
    assert (run.responder.board.videos["appeal"][: run.videos.size] == base).all()
    model.close()


# --- layers ---


def test_people_of_a_layer_respond_by_its_factor(having):
    having(seams.Layered)
    model = MatrixModel(SMALL, rng=1)
    model.finish()
    layers = np.array(list(model.users.get("layer")))
    assert 50 < (layers == 1).sum() < layers.size  # each of them shared, once
    model.close()
    model = MatrixModel(SMALL, rng=1)
    for person in model.users:
        person.layer = 1
    result = model.finish()
    model.close()
    assert result.summary["impressions"] > 1_000
    assert {result.summary[key] for key in ("completions", "likes", "comments", "shares")} == {0}


def test_layers_multiply_and_stay_within_their_bits(having):
    having(seams.LayeredHalf, seams.LayeredHalf)
    plain, model = numbers_of(SMALL, 1), MatrixModel(SMALL, rng=1)
    off = model.run_state.responder.board.numbers
    model.close()
    first, second = (table[FATIGUE:DECAY].reshape(TABLE)[:, 0].astype(float) for table in (plain, off))
    assert second[1] == pytest.approx(first[1] / 4, abs=1)
    assert (second[[0, 2, 3]] == first[[0, 2, 3]]).all()
    for wrong in (-0.1, 16.1, float("nan")):
        with pytest.raises(ValueError, match="layer"):
            layered(plain, [np.full(TABLE, wrong)])


# --- events and verdicts ---


def finished(kind, engine="columns"):
    """A model of the small world after its last hour, and its mechanism of this kind."""
    model = MatrixModel(SMALL, rng=1, engine=engine)
    model.finish()
    return model, next(m for m in model.run_state.mechanisms if isinstance(m, kind))


@pytest.mark.parametrize("engine", ["columns", "agents"])
def test_every_order_is_told_and_a_verdict_takes_it_back(engine, having):
    having(seams.Returns)
    model, returns = finished(seams.Returns, engine)
    assert returns.orders == model.result().summary["orders"]
    assert returns.back > 50
    assert sum(model.users.get("orders")) == returns.orders - returns.back
    model.close()


def test_what_a_local_part_tells_arrives_whoever_the_people_are(having):
    having(seams.Tired)
    (columns, tired), (agents, others) = finished(seams.Tired), finished(seams.Tired, "agents")
    assert len(tired.told) > 20
    assert tired.told == others.told
    assert len({stage for _, _, stage in tired.told}) > 1
    columns.close()
    agents.close()


@pytest.mark.parametrize("engine", ["columns", "agents"])
def test_verdicts_of_one_hour_end_at_the_limits_of_a_field(engine):
    model = MatrixModel(SMALL, rng=1, engine=engine)
    stage, trust = place_of("stage"), place_of("trust")
    people = list(model.users)
    fan = next(person.number for person in people if 0 in person.follows)
    stranger = next(person.number for person in people if 0 not in person.follows)
    model.run_state.responder.decide(
        np.concatenate(
            [
                verdicts(ADD, [7, 7, 8, 9], stage, [3, 3, 1, -1]),
                verdicts(SET, [8, 8], stage, [1, 2]),
                verdicts(SET, [9], trust, 999),
                verdicts(LEAVE, [fan, fan, stranger], 0),
            ]
        )
    )
    assert [people[k].stage for k in (7, 8, 9)] == [4, 3, 0]
    assert people[9].trust == 255
    assert 0 not in people[fan].follows
    assert model.run_state.unfollows.tolist() == [1, 0, 0, 0]
    model.close()


# --- who is passed over ---


def meetings(kind, having, hours=30):
    """Of a run on the agents: hour, person, author and origin of everything that was offered and shown."""
    having(kind)
    scenario = busy(audience__users=1_500, run__hours=hours, links__layout="none", platform__pools=(600, 900))
    model = MatrixModel(scenario, rng=1, engine="agents")
    run, met = model.run_state, []
    see = User.see

    def noted(person, hour, video, origin, edge, counts):
        author = int(hour.board.videos[video]["author"])
        met.append(
            (
                run.hour,
                person.number,
                author,
                ORIGINS[origin],
                author in person.follows,
                author in person.reached_by,
            )
        )
        return see(person, hour, video, origin, edge, counts)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(User, "see", noted)
        model.finish()
    model.close()
    return pl.DataFrame(met, ["hour", "person", "author", "origin", "fan", "reached"], orient="row")


def test_fans_can_be_passed_over_and_so_can_all_but_those_reached(having):
    by_mention = pl.col("origin") == "mention"
    shown = meetings(seams.Shown, having).filter(by_mention)
    assert 0 < shown["fan"].mean() < 1
    assert 0 < shown["reached"].mean() < 1
    strangers = meetings(seams.Strangers, having).filter(by_mention)
    assert strangers["fan"].sum() == 0
    assert strangers.height > 0.9 * shown.height  # others were shown it instead
    again = meetings(seams.Again, having).filter(by_mention)
    assert again["reached"].all()
    assert again.height > 100


@pytest.mark.parametrize("kind", [seams.Scatter, seams.Hourly, seams.Once])
def test_a_plane_of_the_day_is_cleared_at_midnight_one_of_the_hour_each_hour_and_another_never(kind, having):
    met = meetings(kind, having, hours=60).filter(pl.col("hour") >= seams.FROM)
    span = ["person", "author"] + {"daily": ["day"], "hourly": ["hour"], "never": []}[kind.anew]
    met = met.with_columns(day=pl.col("hour") // 24)
    assert met.height > 1_000
    assert met.select(span).is_duplicated().sum() == 0
    assert met.select("person", "author").is_duplicated().any() == (kind.anew != "never")
    assert met.select("person", "author", "day").is_duplicated().any() == (kind.anew == "hourly")


def test_a_local_part_notes_people_by_what_they_are(having):
    having(seams.Ages)
    model = MatrixModel(SMALL.with_values({"run.hours": seams.FROM + 12, "audience.users": 20_000}), rng=1)
    for _ in range(seams.FROM):
        model.advance()
    before = model.run_state.board.reached[0].copy()
    model.finish()
    run = model.run_state
    fresh = np.unpackbits((run.board.reached[0] & ~before).view(np.uint8), bitorder="little")
    people = np.flatnonzero(fresh)
    ages = run.board.users["age_band"]
    old = ages[people] >= 4
    usual = (ages >= 4).mean()
    assert people.size > 300
    assert 0 < old.mean() < 0.35 * usual  # those who shared, and visitors who came over links
    model.close()


def test_a_video_that_nobody_may_see_runs_out_of_people(having):
    having(seams.Nobody)
    result = result_of(SMALL)
    offered = result.hourly.filter(pl.col("origin").is_in(["recommend", "fans", "friends"]))
    assert offered.filter(pl.col("hour") < seams.Nobody.since)["impressions"].sum() > 0
    assert offered.filter(pl.col("hour") >= seams.Nobody.since)["impressions"].sum() == 0
    assert (result.promotions["reason"] == "audience exhausted").sum() > 3


def test_an_offer_names_a_few_planes_and_no_more():
    rows = offers(np.array([1, 2]), QUOTA, 0, 0, quota=1)
    for plane in (7, -8, 9):
        pass_over(rows, rows["video"] == 2, plane)
    assert rows["passing"].tolist() == [[0, 0, 0], [7, -8, 9]]
    with pytest.raises(ValueError, match="3 planes"):
        pass_over(rows, np.array([1]), 10)


def test_planes_of_one_name_are_refused():
    assert numbered([Planes("mine", 2)], 4)["mine"] == range(9, 11)
    with pytest.raises(ValueError, match="fans"):
        numbered([Planes("fans", 2)], 4)


# --- doors ---


@pytest.mark.parametrize("kind", [seams.Shop, seams.ShopOpensLate, seams.ShopShut])
def test_visitors_leave_by_a_door_as_often_as_it_says(kind, having):
    having(kind)
    told = []
    for engine in ("columns", "agents"):
        model, shop = finished(kind, engine)
        told.append(shop.visits)
        since = seams.FROM if kind is seams.ShopOpensLate else 0
        hourly = model.result().hourly.filter(pl.col("account") == "main", pl.col("hour") >= since)
        visits = hourly["visits"].sum()
        model.close()
    assert told[0] == told[1]
    assert visits > 200
    assert {account for _, account, _, _ in told[0]} <= {0}
    expected = kind.chance * visits
    assert abs(len(told[0]) - expected) <= 4 * (expected * (1 - kind.chance)) ** 0.5


def test_doors_of_a_page_are_opened_no_more_often_than_there_are_visits():
    doors = Doors(3, 0.5, 0.3)
    doors.add(1, seams.SHOP, 0.2)
    assert doors.unsent()["account"].tolist() == [0, 0, 1, 1, 1, 2, 2]
    assert doors.unsent().size == 0
    for account, chance in ((1, 0.01), (0, 0.21), (0, -0.1), (0, float("nan")), (3, 0.1), (-1, 0.1)):
        with pytest.raises(ValueError, match="door"):
            doors.add(account, seams.SHOP, chance)
