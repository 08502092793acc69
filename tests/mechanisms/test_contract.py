"""The contract: what every mechanism owes, whatever it simulates. It inherits these tests by its entry in
enrolled.py; seconds each, on worlds of a few thousand people."""

import hashlib
import json
import math
import tomllib
from functools import cache, reduce
from typing import Any

import numpy as np
import polars as pl
import pytest

from sim.engines.columns.respond import WORTH_THREADS
from sim.errors import ScenarioError
from sim.hour.run import Mechanism
from sim.language.vocabulary import COUNTS, ORIGIN, QUANTITIES
from sim.language.words import Words
from sim.mechanisms import MECHANISMS
from sim.model import MatrixModel
from sim.results import Result
from sim.scenario.reference import Parameter, parameters, plugged_parameters
from sim.scenario.schema import Scenario
from sim.scenario.toml_text import toml_value
from tests.invariants.worlds import same
from tests.mechanisms.enrolled import BOOKED, ENROLLED
from tests.mechanisms.entry import Enrolled
from tests.refresh import GOLDEN, V0_OFF, busy, result_of
from tests.sweeps.test_split import split

REFERENCE: dict[str, Parameter] = {row.key: row for row in (*parameters(), *plugged_parameters())}
SEEDS = range(1, 7)
BY_KEY = [(mechanism, key) for mechanism in ENROLLED for key in mechanism.keys]
OURS = [mechanism for mechanism in ENROLLED if not mechanism.is_plugin]
LATER = [mechanism for mechanism in ENROLLED if mechanism.starts_at]

every = pytest.mark.parametrize("mechanism", ENROLLED, ids=lambda m: m.name)
every_key = pytest.mark.parametrize(("mechanism", "key"), BY_KEY, ids=[key for _, key in BY_KEY])


def world(mechanism: Enrolled, *settings: Any, **values: Any) -> Scenario:
    scenario = busy(**{"run__hours": 48} | values)
    return scenario.with_values({key: value for part in settings for key, value in part.items()})


@cache
def outcome(name: str, on: bool) -> Result:
    mechanism = next(m for m in ENROLLED if m.name == name)
    return result_of(world(mechanism, mechanism.on if on else mechanism.off))


def other_value(key: str) -> Any:
    """A value of a key that is allowed, and not its default."""
    row = REFERENCE[key]
    if isinstance(row.default, str):
        return next(word for word in row.allowed.split(", ") if word != row.default)
    if row.range is not None:
        value = next(end for end in row.range if end != row.default)
    else:
        value = row.default / 2 if isinstance(row.default, float) else row.default + 1
    return type(row.default)(value)


def placed(key: str) -> str:
    """A key of the reference as one of a scenario: '*' is the first entry."""
    return key.replace("*", "0")


@pytest.mark.parametrize("mechanism", OURS, ids=lambda m: m.name)
def test_what_it_does_is_frozen(mechanism: Enrolled) -> None:
    frozen = json.loads(GOLDEN.read_text("utf-8"))
    assert outcome(mechanism.name, True).digest == frozen[f"{mechanism.name} on"]


# --- off is nothing ---


def test_every_mechanism_of_the_hour_is_enrolled() -> None:
    rows = {row for kind in MECHANISMS for row in kind.rows.split()}
    assert rows - BOOKED == {row for mechanism in OURS for row in mechanism.rows.split()}
    for kind in MECHANISMS:
        if set(kind.rows.split()) <= BOOKED:
            assert (kind.offer, kind.messages, kind.standing) == (
                Mechanism.offer, Mechanism.messages, Mechanism.standing,
            )  # fmt: skip


@every
def test_off_leaves_no_trace(mechanism: Enrolled) -> None:
    off, on = outcome(mechanism.name, False), outcome(mechanism.name, True)
    assert set(mechanism.origins).isdisjoint(off.hourly["origin"])
    assert set(mechanism.origins) <= set(on.hourly["origin"])
    assert off.digest != on.digest
    for name, table in off.tables.items():
        assert table.schema == on.tables[name].schema


@every
def test_while_it_is_off_its_other_keys_do_nothing(mechanism: Enrolled) -> None:
    idle = mechanism.idle or mechanism.off
    others = {placed(key): other_value(key) for key in mechanism.keys if key not in idle}
    assert others or set(mechanism.keys) == set(idle)
    same(outcome(mechanism.name, False), result_of(world(mechanism, idle, others)))


@every
def test_what_is_left_out_is_off(mechanism: Enrolled) -> None:
    if not (mechanism.version_0 or mechanism.by_default):
        same(outcome(mechanism.name, False), result_of(world(mechanism)))


@pytest.mark.parametrize("mechanism", OURS, ids=lambda m: m.name)
def test_what_came_after_version_0_is_off_by_name_in_v0_off_and_where_it_is_left_out_unless_it_says_so(
    mechanism: Enrolled,
) -> None:
    plain, frozen = Scenario(name="plain"), tomllib.loads(V0_OFF.read_text(encoding="utf-8"))
    for dotted, value in mechanism.off.items():
        at: Any = frozen
        for part in dotted.split("."):
            at = at[part]
        stands = toml_value(at) == toml_value(value)
        assert stands is not mechanism.version_0
    on = mechanism.version_0 or mechanism.by_default
    assert (plain.with_values(mechanism.off) == plain) is not on


@every
def test_off_is_what_hashes_leave_out(mechanism: Enrolled) -> None:
    plain = Scenario(name="plain")
    for key, off in mechanism.off.items():  # a list of tables is no key of the reference
        known = REFERENCE.get(key)
        assert (reduce(getattr, key.split("."), plain) if known is None else known.neutral) == off


# --- agreement ---


@every
def test_threads_and_portions_agree(mechanism: Enrolled) -> None:
    large = {"audience__users": 50_000, "platform__pools": (30_000, 40_000), "run__hours": 24}
    scenario = world(mechanism, mechanism.on, **large, audience__category_share=1.0)
    alone = result_of(scenario)
    assert alone.hourly.group_by("hour").agg(pl.col("impressions").sum())["impressions"].max() > WORTH_THREADS
    assert set(mechanism.origins) <= set(alone.hourly["origin"])
    for threads in (2, 3):
        same(alone, result_of(scenario, threads=threads))
    same(alone, split(scenario, 2))


@every
def test_engines_agree(mechanism: Enrolled) -> None:
    scenario = world(mechanism, mechanism.on, audience__users=5_000, run__hours=24)
    columns = result_of(scenario)
    assert set(mechanism.origins) <= set(columns.hourly["origin"])
    same(columns, result_of(scenario, engine="agents"))


# --- conservation ---


@every
def test_nothing_is_lost_and_nothing_comes_from_nobody(mechanism: Enrolled) -> None:
    result = outcome(mechanism.name, True)
    total = {key: result.summary[key] for key in COUNTS}
    for table in (result.hourly, result.accounts):
        assert {key: table[key].sum() for key in COUNTS} == total
    watched = [key for key in COUNTS if key not in ("visits", "follows")]  # those may come of a page alone
    assert {key: result.videos[key].sum() for key in watched} == {key: total[key] for key in watched}
    for table in result.tables.values():
        numbers = table.select(pl.col(pl.Int64))
        assert numbers.width == 0 or numbers.min_horizontal().min() >= 0
    accounts = result.accounts
    left = accounts["fans_start"] + accounts["follows"] - accounts["unfollows"]
    assert accounts["fans_end"].to_list() == left.to_list()
    assert result.summary["reach"] <= min(result.summary["users"], total["impressions"])
    assert accounts["reach"].max() <= result.summary["reach"]


@every
def test_links_carry_what_their_channel_is_said_to_bring(mechanism: Enrolled) -> None:
    result = outcome(mechanism.name, True)
    for channel in set(mechanism.origins) & set(result.flows["channel"]):
        came = result.hourly.filter(pl.col("origin") == channel)
        carried = result.flows.filter(pl.col("channel") == channel)
        for key in ("visits", "impressions", "follows"):
            onto = came.group_by("account").agg(pl.col(key).sum()).filter(pl.col(key) > 0)
            into = carried.group_by("to").agg(pl.col(key).sum()).filter(pl.col(key) > 0)
            assert dict(into.rows()) == dict(onto.rows())


def production(scenario: Scenario, result: Result) -> float:
    """What the brand's posts cost to make: the same material is made once, then only put into other forms."""
    planners = {a.id: a for a in scenario.accounts if a.role != "creator"}
    known: set[tuple[str, int]] = set()
    total = 0.0
    for planner, number in result.videos.sort("published_hour").select("planned_by", "post_number").rows():
        if planner in planners:
            account = planners[planner]
            content = account.material or account.id, number
            share = scenario.production.variant_cost_share if content in known else 1.0
            known.add(content)
            total += share * account.cost_per_post_cny
    return total


@every
def test_money_is_what_was_ordered_and_what_was_done(mechanism: Enrolled) -> None:
    scenario, result = world(mechanism, mechanism.on), outcome(mechanism.name, True)
    price, action = scenario.brand.price_cny, scenario.links.cost_per_link_action_cny
    posts = production(scenario, result)
    assert result.summary["gmv_cny"] == pytest.approx(result.summary["orders"] * price, abs=0.005)
    money = {kind: float(result.money.filter(kind=kind)["cny"].sum()) for kind in mechanism.costs}
    assert all(money.values())
    done = action * result.accounts["link_actions"].sum()
    month, hours = scenario.structure.cost_per_account_cny, scenario.run.hours
    own = set(result.accounts.filter(pl.col("role") != "creator")["account"]) & set(result.videos["account"])
    running = len(own) * round(100 * month * hours / 720) / 100
    assert result.summary["cost_cny"] == pytest.approx(posts + running + done + sum(money.values()))


# --- before is untouched ---


def state_after(scenario: Scenario, hours: int) -> str:
    """A digest of the people, and of what has happened to them and to the videos so far."""
    model = MatrixModel(scenario, rng=1)
    try:
        for _ in range(hours):
            model.advance()
        board, tables = model.run_state.board, model.tables()
        parts = [np.ascontiguousarray(array) for array in (board.words, board.fans, board.reached)]
        digest = hashlib.blake2b(digest_size=16)
        for part in parts:
            digest.update(part.tobytes())
        for table in ("hourly", "promotions", "videos"):
            digest.update(tables[table].write_json().encode())
        return digest.hexdigest()
    finally:
        model.close()


@pytest.mark.parametrize("mechanism", LATER, ids=lambda m: m.name)
def test_what_begins_later_leaves_the_hours_before_as_they_are(mechanism: Enrolled) -> None:
    without = world(mechanism, mechanism.off)
    having = world(mechanism, mechanism.on, mechanism.later)
    hours = mechanism.starts_at
    assert state_after(having, hours) == state_after(without, hours)
    assert state_after(having, 2 * hours) != state_after(without, 2 * hours)  # it does begin


# --- direction first ---


@every
def test_more_of_it_does_more(mechanism: Enrolled) -> None:
    less, more = world(mechanism, mechanism.on), world(mechanism, mechanism.on, mechanism.more)
    read = mechanism.raises
    change = np.array([read(result_of(more, seed)) - read(result_of(less, seed)) for seed in SEEDS])
    assert change.mean() > 3 * change.std(ddof=1) / math.sqrt(change.size)


# --- bad input ---


def wrong_values(key: str) -> list[Any]:
    """Values that a key must refuse: of another kind, and outside of its limits."""
    allowed = REFERENCE[key].allowed
    if allowed.startswith("a list"):
        return [["nonsense"]]
    return [-1, "nonsense", 1e13, *([] if allowed == "true or false" else [True])]


@every_key
def test_a_wrong_value_is_refused_where_it_stands(mechanism: Enrolled, key: str) -> None:
    section, name = key.rsplit(".", 1)
    others: list[str] = []
    if section.endswith(".*"):
        section = section.removesuffix(".*")
        entry = mechanism.on[section][0]
        others = [f"{other} = {toml_value(value)}" for other, value in entry.items() if other != name]
        section = f"[{section}]"
    for value in wrong_values(key):
        lines = ['name = "wrong"', "", f"[{section}]", f"{name} = {toml_value(value)}", *others]
        with pytest.raises(ScenarioError) as refused:
            Scenario.loads("\n".join(lines), "mine.toml")
        said = str(refused.value)
        assert said.startswith(f"mine.toml:4: {placed(key)}")
        assert toml_value(value).strip("[]") in said
        assert "allowed: " in said


# --- words ---


@every_key
def test_a_key_is_explained_in_both_languages_with_its_standing(mechanism: Enrolled, key: str) -> None:
    row, chinese = REFERENCE[key], Words("zh")
    for text in filter(None, (row.description, row.unit, row.source)):
        assert mechanism.is_plugin or chinese(text) != text
    if row.status == "assumed":
        assert row.range is not None
        low, high = row.range
        assert low < high
        for end in row.range:
            world(mechanism, mechanism.on, {placed(key): type(row.default)(end)})
    else:
        assert row.status == "chosen" or row.source


@every
def test_an_origin_has_a_name_in_both_languages(mechanism: Enrolled) -> None:
    for origin in mechanism.origins:
        assert ORIGIN[origin].label("en")
        assert ORIGIN[origin].label("zh") not in ("", ORIGIN[origin].label("en"))


def test_names_of_origins_cannot_be_confused() -> None:
    for language in ("en", "zh"):
        names = [origin.label(language) for origin in ORIGIN.values()]
        assert len(set(names)) == len(names)
        assert not {QUANTITIES[count].label("zh") for count in COUNTS} & set(names)
