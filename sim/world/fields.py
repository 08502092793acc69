"""What is recorded of a person: each field once, with its bits, its limits and its meaning.

From one declaration follow the record's layout, getters and setters for machine code, and views
for numpy. What everybody has and impressions read or write lies in one word of 64 bits, which has
bits to spare: a mechanism claims some by one line in STATE, or from outside by `claim`, with a
place of its own. What few people have is a table of its own (few.py). Who has which values at first,
population.py draws; how a field changes, an impression decides by rules (engines/columns/impress.py).
"""

import operator
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.compiled import Whole, Word, inner, record
from sim.rules import audience as rule
from sim.rules.brand import STAGES
from sim.rules.draws import name_key
from sim.rules.repetition import FATIGUE_LEVELS, KINDS, LAYERS

WIDTH = 64
Where = slice | NDArray[np.int64] | NDArray[np.bool_] | int
"""Some people: their numbers, or a mask."""


class Field(NamedTuple):
    """One thing that is recorded of a person; a whole number."""

    name: str
    bits: int
    meaning: str
    low: int = 0
    """Lowest value to which it may be set by hand."""
    high: int | None = None
    """Highest; what the bits hold where left out."""
    number: int = 1
    """How many of it there are, one a topic."""
    place: int | None = None
    """Its lowest bit in a word; the first that is free where left out."""

    @property
    def limits(self) -> tuple[int, int]:
        """Lowest and highest value."""
        return self.low, (1 << self.bits) - 1 if self.high is None else self.high


class Bits:
    """Fields side by side in one word of 64 bits.

    Args:
        fields: the first at the lowest bits, and so on; but for those with a place of their own.
    Raises:
        ValueError: two fields overlap or have one name, or they do not fit.
    """

    def __init__(self, fields: Iterable[Field]) -> None:
        self._fields: dict[str, Field] = {}
        for field in fields:
            self.claim(field)

    def claim(self, field: Field) -> None:
        """Lays a further field out, in bits that nobody has yet; before the first person is made."""
        free = (at for at in range(WIDTH) if not self.used() & _mask(field.bits, at))
        place = next(free, WIDTH) if field.place is None else field.place
        taken = [name for name in self._fields if self.mask(name) & _mask(field.bits, place)]
        if field.name in self._fields or field.bits < 1 or taken or place + field.bits > WIDTH:
            why = f"it meets {', '.join(taken)}" if taken else f"{WIDTH} bits hold {', '.join(self._fields)}"
            raise ValueError(f"{field.name}: no {field.bits} bits of its own at bit {place}; {why}")
        self._fields[field.name] = field._replace(place=place)

    def __contains__(self, name: object) -> bool:
        return name in self._fields

    def __getitem__(self, name: str) -> Field:
        return self._fields[name]

    def __iter__(self) -> Any:
        return iter(self._fields.values())

    def place(self, name: str) -> int:
        """Lowest bit of a field."""
        place = self._fields[name].place
        assert place is not None
        return place

    def mask(self, *names: str) -> int:
        """The bits of some fields."""
        return sum(_mask(self._fields[name].bits, self.place(name)) for name in names)

    def used(self) -> int:
        """The bits of all fields."""
        return self.mask(*self._fields)

    def getter(self, name: str) -> Callable[[Word], Whole]:
        """For machine code: the field of a word."""
        shift, ones = np.uint64(self.place(name)), np.uint64(_mask(self._fields[name].bits, 0))

        @inner
        def get(word: Word) -> Whole:
            return np.int64((word >> shift) & ones)

        return get

    def setter(self, name: str) -> Callable[[Word, Whole], Word]:
        """For machine code: a word with the field set, within its bits."""
        shift, ones = np.uint64(self.place(name)), np.uint64(_mask(self._fields[name].bits, 0))
        others = np.uint64(_mask(WIDTH, 0) ^ self.mask(name))

        @inner
        def put(word: Word, value: Whole) -> Word:
            return (word & others) | ((np.uint64(value) & ones) << shift)

        return put

    def values(self, words: NDArray[np.uint64], name: str) -> NDArray[np.int64]:
        """The field of some words."""
        ones = np.uint64(_mask(self._fields[name].bits, 0))
        found: NDArray[np.int64] = (words >> np.uint64(self.place(name)) & ones).astype(np.int64)
        return found

    def with_values(self, words: NDArray[np.uint64], name: str, values: Any) -> NDArray[np.uint64]:
        """The words with the field set, within its bits."""
        ones = np.uint64(_mask(self._fields[name].bits, 0))
        others = np.uint64(_mask(WIDTH, 0) ^ self.mask(name))
        kept = np.asarray(values).astype(np.uint64) & ones
        found: NDArray[np.uint64] = words & others | kept << np.uint64(self.place(name))
        return found


def _mask(bits: int, place: int) -> int:
    return ((1 << bits) - 1) << place


STATE = Bits(
    [
        Field("day", 16, "day of the last touch"),
        Field("trust", 8, "trust in the brand, as of that day"),
        Field("engagement_class", (rule.ENGAGEMENT_CLASSES - 1).bit_length(), "propensity to engage"),
        Field("completion_class", (rule.COMPLETION_CLASSES - 1).bit_length(), "propensity to finish videos"),
        Field("exposures", (FATIGUE_LEVELS - 1).bit_length(), "exposures to the brand on that day", place=40),
        Field("put_off", 1, "whether repetition puts the person off", place=44),
        Field("layer", (LAYERS - 1).bit_length(), "layer that a mechanism has put the person in", place=45),
        Field("stage", 3, "stage towards the brand", high=len(STAGES) - 1, place=WIDTH - 8),
        Field("reached", 1, "whether any impression of a focal account was had", place=WIDTH - 1),
    ]
)
"""What an impression reads and writes at once; fields that begin or end a byte are read in fewer steps."""
INTEREST = Field("interest", 8, "interest in each topic, in code-point order", number=rule.TOPICS)
COLUMNS = (
    Field("orders", 16, "orders placed"),
    Field("activity_class", 8, "how active", high=rule.ACTIVITY_CLASSES - 1),
    Field("topic", 8, "main topic", high=rule.TOPICS - 1),
    Field("age_band", 8, "age band", high=5),
    Field("sex", 8, "sex", high=1),
    Field("city_tier", 8, "tier of the city", low=1, high=5),
)
"""What is seldom read, in whole bytes."""


def _column(field: Field) -> tuple[Any, ...]:
    kind = (field.name, f"u{field.bits // 8}")
    return (*kind, (field.number,)) if field.number > 1 else kind


PERSON = record([_column(INTEREST), ("state", "u8"), *map(_column, COLUMNS), ("spare", "u1")])
"""One person: 32 bytes."""


FIELDS: dict[str, Field] = {field.name: field for field in (INTEREST, *STATE, *COLUMNS)}
"""Every field of a person by name."""
FIXED = {
    "number": "it is the person's address",
    "topic": "people are laid out by it before the first hour",
    "activity_class": "people are laid out by it before the first hour",
}
"""What cannot be set, and why."""


def claim(field: Field) -> str:
    """Gives everybody's state a further field, as a mechanism does where it is defined; the field's name.

    Raises:
        ValueError: its bits or its name are another's.
    """
    if FIELDS.get(field.name, field)._replace(place=field.place) == field and field.name in STATE:
        return field.name
    if field.name in FIELDS:
        raise ValueError(f"{field.name}: the name of another field")
    STATE.claim(field)
    FIELDS[field.name] = STATE[field.name]
    return field.name


def place_of(name: str) -> int:
    """The number of a field, by which verdicts name it: the same in every process, whoever has claimed first.

    Raises:
        KeyError: there is no such field.
    """
    return _number(FIELDS[name].name)


@cache
def _number(name: str) -> int:
    return int(name_key(name)) >> WIDTH // 2


def read(users: NDArray[Any], name: str, people: Where = slice(None)) -> NDArray[np.int64]:
    """A field of people's records.

    Args:
        users: (U,) records of PERSON.
        name: of the field.
        people: whose; everybody's where left out.
    """
    if name in STATE:
        return STATE.values(users["state"][people], name)
    found: NDArray[np.int64] = users[name][people].astype(np.int64)
    return found


def write(users: NDArray[Any], name: str, values: Any, people: Where = slice(None)) -> None:
    """Sets a field of people's records, as `read` gives it; of one person's several values the last holds."""
    if name in STATE:
        users["state"][people] = STATE.with_values(users["state"][people], name, values)
    else:
        users[name][people] = values


def settable(name: str, value: Any, today: int) -> Any:
    """A value for a field of a person's record, as the rules need it: a whole number, or one a topic.

    Args:
        name: of the field.
        value: what somebody wants it to be.
        today: day of the run's hour, the latest on which a person can have been touched.
    Raises:
        AttributeError: the field cannot be set.
        ValueError: the value is none that the rules know.
    """
    if name in FIXED:
        raise AttributeError(f"{name} of a user cannot be set: {FIXED[name]}")
    low, high = FIELDS[name].limits
    if name == "day":
        high = today
    number = FIELDS[name].number
    try:
        values = [operator.index(v) for v in value] if number > 1 else [operator.index(value)]
    except TypeError:
        values = []
    if len(values) != number or not all(low <= v <= high for v in values):
        kind = f"{number} whole numbers" if number > 1 else "a whole number"
        words = f" ({', '.join(f'{k} {word}' for k, word in enumerate(STAGES))})" if name == "stage" else ""
        raise ValueError(f"{name} of a user is {kind} from {low} to {high}{words}, not {value!r}")
    return np.array(values, np.int64) if number > 1 else values[0]


STATE_WORD = dict(PERSON.fields or {})["state"][1] // 8
"""Word of a person's record that holds the state, so that an impression reads and writes it at once."""
_TRUST, _EXPOSURES, _STAGE, _REACHED = (
    np.uint64(STATE.place(name)) for name in ("trust", "exposures", "stage", "reached")
)
_ROW, _ROWS = np.uint64(STATE.place("put_off")), np.uint64(LAYERS * KINDS - 1)
_KEPT = np.uint64(((1 << WIDTH) - 1) ^ STATE.mask("day", "trust", "exposures", "stage", "reached"))

day_of = STATE.getter("day")
trust_of = STATE.getter("trust")
exposures_of = STATE.getter("exposures")
stage_of = STATE.getter("stage")
completion_class_of = STATE.getter("completion_class")
engagement_class_of = STATE.getter("engagement_class")
reached_of = STATE.getter("reached")


@inner
def row_of(state: Word) -> Whole:
    """`row_of_table` of a person's layer and kind, which lie side by side."""
    return np.int64((state >> _ROW) & _ROWS)


def words_of(users: NDArray[Any]) -> NDArray[np.uint64]:
    """(U, 4) the records of people (U,) as 64-bit words, not copied."""
    return users.view(np.uint64).reshape(users.size, PERSON.itemsize // 8)


@inner
def touched(state: Word, day: Whole, trust: Whole, exposures: Whole, stage: Whole) -> Word:
    """The state of somebody who was just reached; all else in it stays, whoever has claimed it."""
    return (
        (state & _KEPT)
        | np.uint64(day)
        | (np.uint64(trust) << _TRUST)
        | (np.uint64(exposures) << _EXPOSURES)
        | (np.uint64(stage) << _STAGE)
        | (np.uint64(1) << _REACHED)
    )
