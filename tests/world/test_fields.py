"""What is recorded of a person, and how: from one declaration, and as a naive reading of the bits has it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.compiled import compiled
from sim.model import MatrixModel
from sim.rules.draws import mix
from sim.world import fields
from sim.world.few import Few, place_of
from sim.world.fields import (
    COLUMNS,
    FIELDS,
    PERSON,
    STATE,
    Bits,
    Field,
    claim,
    read,
    touched,
    words_of,
    write,
)
from tests.refresh import busy, result_of

WORDS = st.integers(0, 2**64 - 1)
WRITTEN = {"day": 16, "trust": 8, "exposures": 4, "stage": 3}
"""What an impression writes, beside that somebody was reached."""
GETTERS = {field.name: STATE.getter(field.name) for field in STATE}
SETTERS = {field.name: STATE.setter(field.name) for field in STATE}


def naive(word: int, name: str) -> int:
    """A field, read off the word as it is written in bits."""
    field, digits = STATE[name], f"{word:064b}"[::-1]
    assert field.place is not None
    return int(digits[field.place : field.place + field.bits][::-1], 2)


def at_the_door(function):
    """A function that only machine code calls, behind one that Python may call."""

    @compiled
    def door(*given):
        return function(*given)

    return door


def random_words(count: int) -> np.ndarray:
    return np.array([int(mix(np.uint64(k))) for k in range(count)], np.uint64)


def test_a_person_takes_no_more_bytes_and_has_bits_to_spare() -> None:
    assert PERSON.itemsize == 32
    assert sum(field.bits for field in STATE) == STATE.used().bit_count() == 42


def test_every_field_says_what_it_means_within_limits_that_its_bits_hold() -> None:
    for name, field in FIELDS.items():
        low, high = field.limits
        assert field.name == name
        assert field.meaning
        assert 0 <= low <= high < 1 << field.bits
    assert set(FIELDS) - {field.name for field in STATE} == set(PERSON.names or ()) - {"state", "spare"}


@pytest.mark.parametrize("name", GETTERS)
def test_machine_code_reads_and_sets_a_field_as_written_in_bits(name: str) -> None:
    get, put = at_the_door(GETTERS[name]), at_the_door(SETTERS[name])
    for word in map(int, random_words(2_000)):
        assert get(np.uint64(word)) == naive(word, name)
        value = word >> 7 & (1 << STATE[name].bits) - 1
        after = int(put(np.uint64(word), np.int64(value)))
        assert naive(after, name) == value
        assert after ^ word == (after ^ word) & STATE.mask(name)  # the others stay


@pytest.mark.parametrize("name", GETTERS)
def test_views_read_and_write_a_field_as_written_in_bits(name: str) -> None:
    users = np.zeros(500, PERSON)
    users["state"] = random_words(users.size)
    before = users.copy()
    assert read(users, name).tolist() == [naive(int(word), name) for word in users["state"]]
    some, values = np.array([7, 3, 499]), np.array([1, 0, 1])
    write(users, name, values, some)
    assert read(users, name, some).tolist() == values.tolist()
    for other in FIELDS:
        kept = np.setdiff1d(np.arange(users.size), some) if other == name else slice(None)
        assert (read(users, other, kept) == read(before, other, kept)).all()


@settings(deadline=None)
@given(WORDS, *(st.integers(0, (1 << bits) - 1) for bits in WRITTEN.values()))
def test_an_impression_writes_its_fields_and_leaves_all_other_bits(
    word: int, day: int, trust: int, exposures: int, stage: int
) -> None:
    after = int(touch(np.uint64(word), day, trust, exposures, stage))
    found = [naive(after, name) for name in (*WRITTEN, "reached")]
    assert found == [day, trust, exposures, stage, 1]
    others = (1 << 64) - 1 ^ STATE.mask(*WRITTEN, "reached")
    assert after & others == word & others


@compiled
def touch(word, day, trust, exposures, stage):
    return touched(word, day, trust, exposures, stage)


def test_columns_and_words_are_one_memory() -> None:
    users = np.zeros(3, PERSON)
    for field in COLUMNS:
        write(users, field.name, field.limits[1])
        assert (read(users, field.name) == field.limits[1]).all()
    write(users, "stage", 4, 1)
    assert np.shares_memory(words_of(users), users)
    assert words_of(users)[1, 2] == 4 << STATE.place("stage")


@pytest.mark.parametrize(
    ("field", "said"),
    [
        (Field("layer", 3, "m", place=26), "it meets engagement_class, completion_class"),
        (Field("layer", 1, "m", place=0), "it meets day"),
        (Field("layer", 30, "m"), "64 bits hold day"),
        (Field("layer", 2, "m", place=62), "it meets reached"),
        (Field("layer", 2, "m", place=64), "64 bits hold day"),
        (Field("layer", 0, "m"), "no 0 bits"),
        (Field("stage", 2, "m"), "stage: "),
    ],
)
def test_a_field_that_meets_another_or_does_not_fit_is_refused(field: Field, said: str) -> None:
    bits = Bits(STATE)
    with pytest.raises(ValueError, match=said):
        bits.claim(field)
    assert bits.used() == STATE.used()
    assert [f.name for f in bits] == [f.name for f in STATE]


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(1, 12), st.none() | st.integers(0, 60)), max_size=12))
def test_fields_that_are_taken_never_share_a_bit(wishes: list[tuple[int, int | None]]) -> None:
    bits, taken = Bits([]), 0
    for number, (width, place) in enumerate(wishes):
        try:
            bits.claim(Field(f"f{number}", width, "m", place=place))
        except ValueError:
            continue
        own = bits.mask(f"f{number}")
        assert own.bit_count() == width
        assert not own & taken
        taken |= own
    assert bits.used() == taken < 1 << 64


@pytest.fixture
def layer(monkeypatch: pytest.MonkeyPatch) -> str:
    """A field that a mechanism claims."""
    whole = dict(FIELDS), dict(STATE._fields)
    monkeypatch.setattr(fields.STATE, "_fields", whole[1])
    name = claim(Field("fan_layer", 3, "layer of fans", high=5, place=48))
    yield name
    FIELDS.clear()
    FIELDS.update(whole[0])


@pytest.mark.parametrize("engine", ["columns", "agents"])
def test_a_claimed_field_is_seen_set_and_kept_through_a_run(layer: str, engine: str) -> None:
    scenario = busy(run__hours=12)
    model = MatrixModel(scenario, rng=1, engine=engine)
    people = model.users
    assert claim(Field("fan_layer", 3, "layer of fans", high=5, place=48)) == layer
    assert not any(people.get(layer))
    given = (np.arange(len(people)) % 6).tolist()
    for person, value in zip(people, given, strict=True):
        person.fan_layer = value
    with pytest.raises(ValueError, match="fan_layer of a user is a whole number from 0 to 5, not 6"):
        people[0].fan_layer = 6
    result = model.finish()
    assert people.get(layer) == given
    assert result.digest == result_of(scenario).digest
    model.close()


def test_a_claim_may_not_take_the_name_of_a_column() -> None:
    with pytest.raises(ValueError, match="orders: the name of another field"):
        claim(Field("orders", 2, "m"))


@settings(deadline=None)
@given(st.lists(st.lists(st.integers(0, 99), max_size=8), max_size=8), st.lists(st.integers(0, 99)))
def test_rows_of_few_people_are_those_of_a_dictionary(entered: list[list[int]], left: list[int]) -> None:
    few, known = Few(np.dtype([("owed", "i8")])), dict[int, int]()
    for turn, some in enumerate(entered, 1):
        people = np.array(some, np.int64)
        places = few.enter(people)
        few.rows["owed"][places] = turn
        known |= dict.fromkeys(some, turn)
    few.leave(np.array(left, np.int64))
    known = {person: owed for person, owed in known.items() if person not in left}
    assert dict(zip(few.people.tolist(), few.rows["owed"].tolist(), strict=True)) == known
    everybody = np.arange(100)
    places = few.places(everybody)
    assert (places >= 0).tolist() == [n in known for n in range(100)]
    assert places.tolist() == [place_of(few.people, n) for n in range(100)]
