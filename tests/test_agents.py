"""Mesa's promises on our model: agents, AgentSet verbs over columns, DataCollector, batch_run."""

import copy
import operator
from functools import cache

import mesa
import numpy as np
import polars as pl
import pytest
from mesa import DataCollector

from sim.agents import Account, User
from sim.model import MatrixModel
from sim.rules.brand import STAGES
from sim.scenario.schema import Scenario
from sim.users import UserHandle
from tests.refresh import busy, world

ENGINES = ("columns", "agents")
HOURS = 30
COLUMNS = (
    "number",
    "completion_class",
    "engagement_class",
    "activity_class",
    "topic",
    "age_band",
    "sex",
    "city_tier",
    "stage",
    "trust",
    "exposures",
    "day",
    "orders",
    "reached",
)


def fresh(engine: str, hours: int = HOURS) -> MatrixModel:
    eager = {"brand__interest_probability": 0.6, "brand__order_probability": 0.5}
    model = MatrixModel(busy(links__layout="mesh", audience__users=1_000, **eager), rng=1, engine=engine)
    for _ in range(hours):
        model.advance()
    return model


@cache
def shared(engine: str) -> MatrixModel:
    """A model after 30 hours that no test changes."""
    return fresh(engine)


def both(ask):
    """What the two engines answer to the same question about their users."""
    answers = [ask(shared(engine).users) for engine in ENGINES]
    assert answers[0] == answers[1]
    return answers[0]


def numbers(people):
    return [person.number for person in people]


# --- the same people in both engines ---


@pytest.mark.parametrize("name", COLUMNS)
def test_people_are_in_the_same_state_in_both_engines(name):
    values = both(lambda users: users.get(name))
    assert len(values) == 1_000
    assert len(set(values)) > 1  # a column that never changes would show nothing


def test_interests_are_the_same_in_both_engines():
    one, other = (np.array(shared(engine).users.get("interest")) for engine in ENGINES)
    assert one.shape == (1_000, 16)
    assert (one == other).all()


def test_follows_of_each_person_are_the_same_in_both_engines():
    one, other = ([set(person.follows) for person in shared(engine).users] for engine in ENGINES)
    assert one == other
    assert sum(map(len, one)) == shared("columns").tables()["accounts"]["fans_end"].sum()


def test_accounts_are_the_same_in_both_engines():
    for name in ("name", "role", "tier", "fans", "videos", "follows"):
        one, other = (shared(engine).accounts.get(name) for engine in ENGINES)
        assert one == other
    assert shared("columns").accounts.get("name") == ["main", "Z", "a sub", "一号"]
    assert all(len(follows) == 3 for follows in one)


# --- every verb, on either engine ---


def test_length_is_the_number_of_people():
    assert both(len) == 1_000


def test_iteration_goes_through_people_in_order():
    assert both(numbers) == list(range(1_000))


def test_every_user_is_a_mesa_agent_of_its_model():
    for engine, kind in zip(ENGINES, (UserHandle, User), strict=True):
        model = shared(engine)
        for person in (list(model.users)[3], next(iter(model.users))):
            assert isinstance(person, mesa.Agent)
            assert type(person) is kind
            assert person.model is model
            assert person.random is model.random
            assert person.rng is model.rng


def test_indexing_counts_from_either_end():
    # Mesa 3.5 announces that AgentSet will lose indexing: its own way is a list.
    people = shared("columns").users
    assert [people[k].number for k in (0, 7, -1)] == [0, 7, 999]
    assert numbers(people[10:13]) == numbers(list(shared("agents").users)[10:13]) == [10, 11, 12]
    with pytest.raises(IndexError):
        people[1_000]


def test_membership():
    for engine, other in (ENGINES, ENGINES[::-1]):
        people = shared(engine).users
        few = people.select(lambda user: user.number < 5)
        list_of = list(people)
        assert list_of[4] in few
        assert list_of[5] not in few
        assert list(shared(other).users)[4] not in people


def test_select_takes_a_condition_a_number_or_a_share():
    aware = both(lambda users: numbers(users.select(lambda user: user.stage > 0)))
    assert 0 < len(aware) < 1_000
    assert both(lambda users: numbers(users.select(lambda user: user.stage > 0, at_most=5))) == aware[:5]
    assert both(lambda users: numbers(users.select(at_most=3))) == [0, 1, 2]
    assert len(both(lambda users: numbers(users.select(at_most=0.25)))) == 250
    assert len(both(lambda users: numbers(users.select(at_most=1.0)))) == 1_000
    assert both(lambda users: len(users.select(lambda user: False).select(lambda user: True))) == 0


def test_select_by_type():
    assert both(lambda users: len(users.select(agent_type=mesa.Agent))) == 1_000
    assert both(lambda users: len(users.select(agent_type=Account))) == 0


def test_select_in_place_keeps_the_object():
    for engine in ENGINES:
        view = shared(engine).users.select(lambda user: user.sex == 0)
        assert view.select(lambda user: user.number < 50, inplace=True) is view
        assert all(user.sex == 0 and user.number < 50 for user in view)


def test_where_is_select_by_values():
    people = shared("columns").users
    assert numbers(people.where(stage=1, sex=0)) == numbers(
        people.select(lambda u: u.stage == 1 and u.sex == 0)
    )


@pytest.mark.parametrize("function", [min, max, np.mean, np.max, len])
@pytest.mark.parametrize("name", ["trust", "stage", "day"])
def test_agg_of_an_attribute(name, function):
    both(lambda users: float(users.agg(name, function)))


def test_agg_by_several_functions():
    assert len(both(lambda users: [float(x) for x in users.agg("trust", [min, max, np.mean])])) == 3


def test_agg_by_pythons_own_sum():
    assert both(lambda users: int(users.agg("trust", sum))) > 255


def test_agg_by_a_function_that_subtracts():
    assert both(lambda users: int(users.agg("stage", lambda values: min(values) - max(values)))) < 0


def test_get_of_several_attributes_is_a_row_each():
    assert both(lambda users: users.get(["number", "stage", "trust"]))[5][0] == 5


@pytest.mark.parametrize("ask", [lambda users: users.get("nothing"), lambda users: users.agg("nothing", max)])
def test_attribute_that_nobody_has_is_an_error(ask):
    for engine in ENGINES:
        with pytest.raises(AttributeError, match="nothing"):
            ask(shared(engine).users)


def test_get_with_a_default_for_what_is_missing():
    asked = both(lambda users: users.get("mood", handle_missing="default", default_value=3))
    assert asked == [3] * 1_000


@pytest.mark.parametrize(
    "ask",
    [
        lambda users: users.get("stage_name"),
        lambda users: users.get("follows"),
        lambda users: users.groupby("stage_name").count(),
        lambda users: numbers(users.sort("stage_name")),
    ],
    ids=["get", "get follows", "groupby", "sort"],
)
def test_properties_of_a_person_are_attributes_too(ask):
    both(ask)


def test_set_changes_everybody_in_the_view():
    for engine in ENGINES:
        model = fresh(engine, 2)
        few = model.users.select(lambda user: user.number % 10 == 0)
        assert few.set("stage", 2) is few
        assert model.users.get("stage")[:3] == [2, *model.users.get("stage")[1:3]]
        assert model.users.agg("stage", lambda values: list(values).count(2)) >= 100
        assert few.agg("stage", min) == few.agg("stage", max) == 2


def test_attribute_set_by_hand_is_what_the_engine_works_with():
    models = [fresh(engine, 2) for engine in ENGINES]
    for model in models:
        model.users.set("stage", 4)
        for person in model.users.select(at_most=10):
            person.trust = 250
    summaries = [model.simulation.finish().summary() for model in models]
    assert summaries[0]["orders"] == summaries[1]["orders"]
    assert summaries[0]["orders"] > MatrixModel(models[0].plan, rng=1).simulation.finish().summary()["orders"]


@pytest.mark.parametrize("engine", ENGINES)
def test_do_and_map_call_everybody_in_order(engine):
    people, met = shared(engine).users, []
    assert people.do(lambda user, offset: met.append(user.number + offset), 5) is people
    assert met == list(range(5, 1_005))
    assert people.map(lambda user, *, base: user.number - base, base=1) == list(range(-1, 999))
    assert people.do("step") is people  # mesa's own empty method
    assert people.map("step") == [None] * 1_000


@pytest.mark.parametrize("engine", ENGINES)
def test_shuffle_do_calls_everybody_once_in_random_order(engine):
    met, again = [], []
    model = fresh(engine, 0)
    assert model.users.shuffle_do(lambda user: met.append(user.number)) is model.users
    assert sorted(met) == list(range(1_000)) != met
    fresh(engine, 0).users.shuffle_do(lambda user: again.append(user.number))
    assert again == met  # by the model's own generator


def test_shuffle_leaves_the_original_alone():
    for engine in ENGINES:
        people = fresh(engine, 0).users
        mixed = people.shuffle()
        assert numbers(people) == list(range(1_000))
        assert sorted(numbers(mixed)) == list(range(1_000)) != numbers(mixed)


@pytest.mark.parametrize("ascending", [False, True])
@pytest.mark.parametrize(
    "key", ["trust", "number", "day", operator.attrgetter("trust"), lambda user: -user.stage]
)
def test_sort_falls_unless_told_to_rise_and_keeps_ties_in_order(key, ascending):
    found = both(lambda users: numbers(users.sort(key, ascending=ascending)))
    assert sorted(found) == list(range(1_000))


@pytest.mark.parametrize("key", [lambda user: user.stage_name, lambda user: (user.stage, -user.number)])
def test_sort_by_words_and_by_tuples(key):
    both(lambda users: numbers(users.sort(key)))


@pytest.mark.parametrize(
    "by", ["stage", "sex", lambda user: user.trust > 10, lambda user: STAGES[user.stage]]
)
def test_groupby_parts_people(by):
    groups = both(lambda users: {key: numbers(people) for key, people in users.groupby(by)})
    assert sorted(n for members in groups.values() for n in members) == list(range(1_000))
    assert len(groups) > 1


def test_groups_answer_like_mesas():
    assert both(lambda users: users.groupby("sex").count())[0] > 400
    assert both(lambda users: users.groupby("sex").agg("trust", np.mean))[1] > 0
    assert both(lambda users: users.groupby("sex").agg("trust", sum))[1] > 255
    assert both(lambda users: users.groupby("sex").map(len)) == both(
        lambda users: users.groupby("sex").count()
    )
    assert both(lambda users: len(users.groupby("sex"))) == 2
    assert both(lambda users: {k: type(v) for k, v in users.groupby("sex", result_type="list")}) == {
        0: list,
        1: list,
    }


@pytest.mark.parametrize("engine", ENGINES)
def test_groups_are_done_one_by_one(engine):
    met = []
    groups = shared(engine).users.groupby("sex")
    assert groups.do(lambda people: met.append(len(people))) is groups
    assert sum(met) == 1_000


def test_groupby_pairs():
    both(lambda users: users.groupby(lambda user: (user.stage, user.sex)).count())


# --- handles ---


def test_handles_of_one_person_are_equal_and_hash_alike():
    people = shared("columns").users
    assert people[5] == people[5] != people[6]
    assert len({people[5], people[5], people[6]}) == 2
    assert people[5] != fresh("columns", 1).users[5]


def test_handles_are_not_kept_by_the_model():
    model = fresh("columns", 1)
    before = len(model.agents)
    list(model.users)
    assert len(model.agents) == before == len(model.accounts) == 4


def test_handle_shows_the_person_as_of_now():
    model = fresh("columns", 0)
    person = model.users[0]
    model.users.set("orders", 7)
    assert person.orders == 7
    person.orders = 2
    assert model.users.get("orders")[:2] == [2, 7]


def test_handle_refuses_attributes_that_no_column_holds():
    # A handle is made on demand: what it does not write to a column would be lost.
    with pytest.raises(AttributeError, match="mood"):
        shared("columns").users[0].mood = 3


def test_stage_of_a_person_has_a_name():
    assert both(lambda users: [user.stage_name for user in users]) == [
        STAGES[k] for k in both(lambda u: u.get("stage"))
    ]


def test_handle_can_be_copied():
    person = shared("columns").users[5]
    assert copy.copy(person) == person


def test_handle_knows_by_whom_a_person_was_reached():
    both(lambda users: [set(user.reached_by) for user in users])


# --- the model as mesa sees it ---


@pytest.mark.parametrize("engine", ENGINES)
def test_accounts_are_registered_agents_and_so_are_users_of_the_agents_engine(engine):
    model = shared(engine)
    counts = {kind.__name__: len(agents) for kind, agents in model.agents_by_type.items()}
    assert counts == {"Account": 4} | ({"User": 1_000} if engine == "agents" else {})
    assert isinstance(model, mesa.Model)
    assert all(isinstance(account, mesa.Agent) for account in model.accounts)


@pytest.mark.parametrize("engine", ENGINES)
def test_stepping_is_the_same_as_finishing(engine):
    scenario = busy(run__hours=20, audience__users=500, accounts=({"id": "m", "role": "main", "fans": 100},))
    stepped = MatrixModel(scenario, rng=3, engine=engine)
    while stepped.running:
        stepped.step()
    assert (stepped.steps, stepped.run_state.hour) == (20, 20)
    assert stepped.result().digest == MatrixModel(scenario, rng=3, engine=engine).finish().digest


def test_data_collector_follows_the_run_hour_by_hour():
    model = MatrixModel(world(run__hours=10), rng=1)
    while model.running:
        model.step()
    assert isinstance(model.datacollector, DataCollector)
    frame = model.datacollector.get_model_vars_dataframe()
    result = model.result()
    assert len(frame) == 10
    for key in ("reach", "impressions", "follows", "visits", "orders"):
        assert frame[key].is_monotonic_increasing
        assert frame[key].iloc[-1] == result.summary[key]
    by_hour = result.hourly.group_by("hour").agg(pl.col("impressions").sum()).sort("hour")
    assert np.diff(frame["impressions"], prepend=0).tolist() == [
        dict(by_hour.rows()).get(hour, 0) for hour in range(10)
    ]
    fans = model.datacollector.get_agenttype_vars_dataframe(Account)["fans"]
    assert fans.tail(4).tolist() == result.accounts["fans_end"].to_list()


def runs_of(rows):
    """One row a run: Mesa 3.5 repeats it for every account, Mesa 3.3 does not."""
    return {row["RunId"]: row for row in rows}.values()


def test_batch_run_gives_real_replicates():
    # Shared settings come as keys of the scenario; the scenario in a list, because mesa walks over iterables.
    scenario = world(run__hours=30)
    rows = runs_of(
        mesa.batch_run(
            MatrixModel, {"scenario": [scenario]}, iterations=4, display_progress=False, max_steps=100
        )
    )
    assert len(rows) == 4
    assert len({(row["reach"], row["impressions"], row["visits"]) for row in rows}) == 4


def test_batch_run_varies_keys_of_the_scenario():
    rows = runs_of(
        mesa.batch_run(
            MatrixModel,
            {"scenario": "classroom", "rng": [5, 6], "run.hours": 6, "links.layout": ["none", "mesh"]},
            display_progress=False,
        )
    )
    found = {(row["rng"], row["links.layout"]): row["impressions"] for row in rows}
    assert len(found) == 4
    for (seed, layout), impressions in found.items():
        alone = Scenario.load("classroom").with_values({"links.layout": layout, "run.hours": 6})
        assert MatrixModel(alone, rng=seed).simulation.finish().summary()["impressions"] == impressions


@pytest.mark.parametrize("engine", ENGINES)
def test_model_without_a_seed_draws_one_and_records_it(engine):
    scenario = world(run__hours=4)
    one, other = (MatrixModel(scenario, engine=engine) for _ in range(2))
    assert one.luck != other.luck
    assert one.finish().summary["seed"] == one.luck
    again = MatrixModel(scenario, rng=one.luck, engine=engine)
    assert again.finish().digest == one.result().digest


def test_seed_and_rng_mean_the_same():
    scenario = world(run__hours=4)
    assert MatrixModel(scenario, seed=7).finish().digest == MatrixModel(scenario, rng=7).finish().digest


def test_own_generator_of_the_model_decides_nothing():
    scenario = world(run__hours=12)
    meddled = MatrixModel(scenario, rng=1)
    for _ in range(12):
        meddled.random.random()
        meddled.rng.normal(size=3)
        meddled.users.shuffle_do(lambda user: None)
        meddled.advance()
    assert meddled.result().digest == MatrixModel(scenario, rng=1).finish().digest


@pytest.mark.parametrize("engine", ENGINES)
def test_model_stops_at_the_scenarios_length(engine):
    model = MatrixModel(world(run__hours=3, audience__users=500), rng=1, engine=engine)
    running = []
    while model.running:
        model.step()
        running.append(model.running)
    assert running == [True, True, False]
    assert model.finish().summary["hours"] == 3
