"""Mesa's promises on our model: the same agents in both engines, handles, DataCollector, batch_run."""

import copy
import gc
import weakref

import mesa
import numpy as np
import polars as pl
import pytest
from mesa import DataCollector

from sim.engines.agents.people import Account
from sim.experiment.replicate import run
from sim.model import MatrixModel
from sim.rules.brand import STAGES
from sim.scenario.schema import Scenario
from tests.engines import COLUMNS, ENGINES, both, fresh, shared
from tests.refresh import busy, world

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


def test_closed_model_is_let_go_of_with_its_agents():
    for engine in ENGINES:
        model = fresh(engine, 0)
        account = weakref.ref(next(iter(model.accounts)))
        model.close()
        del model
        gc.collect()
        assert account() is None


def test_run_of_agents_leaves_no_model_behind():
    kept = len(getattr(mesa.Agent, "_ids", {}))  # until mesa 3.4, which models have numbered agents
    run(busy().with_values({"run.hours": 1}), engine="agents")
    assert len(getattr(mesa.Agent, "_ids", {})) == kept


def test_handle_shows_the_person_as_of_now():
    model = fresh("columns", 0)
    person = model.users[0]
    model.users.set("orders", 7)
    assert person.orders == 7
    person.orders = 2
    assert model.users.get("orders")[:2] == [2, 7]


def test_attribute_that_no_column_holds_is_kept_as_in_mesa():
    for engine in ENGINES:
        model = fresh(engine, 0)
        people = list(model.users)
        people[0].mood = 3
        people[1].pos = (0, 1)
        del people
        gc.collect()
        assert model.users.get("mood", handle_missing="default", default_value=0)[:2] == [3, 0]
        assert model.users.get("pos")[:3] == [None, (0, 1), None]
        model.users.set("mood", "glad")
        assert model.users.groupby("mood").count() == {"glad": 1_000}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("stage", 9),
        ("stage", -1),
        ("stage", "customer"),
        ("stage", [1] * 1_000),
        ("trust", 256),
        ("trust", 2.5),
        ("day", 2),  # tomorrow
        ("city_tier", 0),
        ("interest", 3),
        ("interest", [300] * 16),
    ],
)
def test_value_that_the_rules_do_not_know_is_refused(name, value):
    for engine in ENGINES:
        model = fresh(engine, 2)
        before = model.users.get("trust"), model.users.get("stage")
        with pytest.raises(
            ValueError, match=rf"{name} of a user is (a whole number|16 whole numbers) from \d"
        ):
            model.users.set(name, value)
        with pytest.raises(ValueError, match=name):
            setattr(next(iter(model.users)), name, value)
        assert before == (model.users.get("trust"), model.users.get("stage"))


@pytest.mark.parametrize("name", ["number", "topic", "activity_class"])
def test_what_people_are_laid_out_by_cannot_be_set(name):
    for engine in ENGINES:
        with pytest.raises(AttributeError, match=f"{name} of a user cannot be set"):
            setattr(next(iter(shared(engine).users)), name, 1)


def test_values_that_the_rules_know_are_taken():
    for engine in ENGINES:
        model = fresh(engine, 0)
        model.users.set("interest", list(range(16)))
        model.users.set("stage", np.int64(2))
        person = next(iter(model.users))
        assert (list(person.interest), person.stage) == (list(range(16)), 2)
        assert person.interest.dtype == np.int64


def test_no_two_agents_of_a_model_have_one_id():
    for engine in ENGINES:
        model = fresh(engine, 0)
        own = mesa.Agent(model)
        ids = [*model.agents.get("unique_id"), *model.users.get("unique_id")]
        assert len(set(ids)) == 4 + 1_000 + 1
        assert own.unique_id == 1_005
    both(lambda users: users.get("unique_id"))


@pytest.mark.parametrize("engine", ENGINES)
def test_accounts_and_people_cannot_be_removed_from_a_running_model(engine):
    model = fresh(engine, 1)
    for agent in (next(iter(model.users)), next(iter(model.accounts))):
        with pytest.raises(TypeError, match=r"cannot be removed from a running model.*discard"):
            agent.remove()
    with pytest.raises(TypeError, match="cannot be removed"):
        model.users.do("remove")
    own = mesa.Agent(model)
    own.remove()
    assert own not in model.agents
    assert (len(model.users), len(model.accounts)) == (1_000, 4)


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
    assert one.run_seed != other.run_seed
    assert one.finish().summary["seed"] == one.run_seed
    again = MatrixModel(scenario, rng=one.run_seed, engine=engine)
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
    digest = model.result().digest
    for _ in range(2):
        model.step()
        model.advance()
    assert (model.running, model.run_state.hour, model.result().digest) == (False, 3, digest)
    assert len(model.datacollector.get_model_vars_dataframe()) == 3
    assert model.finish().summary["hours"] == 3
