"""Mesa's promises on our model: the verbs of an AgentSet, over columns as over agents."""

import operator

import mesa
import numpy as np
import pytest

from sim.engines.agents.people import Account, User
from sim.engines.columns.agent_set import UserHandle
from sim.model import MatrixModel
from sim.rules.brand import STAGES
from tests.engines import ENGINES, both, fresh, numbers, shared


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
    assert both(lambda users: users.groupby("sex").agg("trust", sum))[1] > 200
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
