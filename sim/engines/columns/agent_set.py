"""The people of the columns engine as an AgentSet: mesa's verbs, no million objects.

Takes a model; gives mesa's `AgentSet` over the columns. Whole attributes are read and written as
arrays; only callables on single people make handles, on demand. Departs: a view holds numbers,
not references. People are in the world from the first hour to the last, so none can be removed
from the model; leaving some out of a set is as in mesa.
"""

import math
import operator
from collections.abc import Callable, Iterable, Iterator
from random import Random
from typing import Any, Protocol
from weakref import WeakValueDictionary

import mesa
import numpy as np
from mesa.agent import AgentSet
from numpy.typing import NDArray

from sim.hour.run import HasRun
from sim.rules.brand import STAGES
from sim.world.fields import FIELDS, FIXED, read, settable, write

try:  # mesa 3.5 and later
    from mesa.agentset import GroupBy
except ImportError:
    from mesa.agent import GroupBy


class HasHandles(HasRun, Protocol):
    """A model whose people have handles."""

    handles: "Handles"
    random: Random
    first_user_id: int


class Handles:
    """The handles of a model's people, at most one a person.

    A handle lives as long as somebody holds it. Where something hangs on it (an attribute of its own,
    a place in a set, which in mesa's sets is a weak one) it is kept as long as the model.
    """

    def __init__(self) -> None:
        self._live: WeakValueDictionary[int, UserHandle] = WeakValueDictionary()
        self._kept: dict[int, UserHandle] = {}

    def of(self, model: HasHandles, number: int) -> "UserHandle":
        """The handle of a person."""
        handle = self._live.get(number)
        if handle is None:
            handle = self._live[number] = UserHandle(model, number)
        return handle

    def keep(self, handle: "UserHandle") -> None:
        """Keeps a handle."""
        self._kept[handle.number] = handle

    def with_own_attributes(self) -> list["UserHandle"]:
        """Those that carry what no column holds."""
        return [handle for handle in self._kept.values() if len(vars(handle)) > len(_OWN)]


def handle_of(model: HasHandles, number: int) -> "UserHandle":
    """The handle of a person; where copies and pickles begin."""
    return model.handles.of(model, number)


_OWN = ("model", "number")


class UserHandle(mesa.Agent):
    """One person of the columns, as a mesa agent: attributes read and write the record.

    Made on demand by `handle_of` and not registered with the model. What the columns do not have is an
    attribute of the handle, as of any agent.
    """

    model: HasHandles
    number: int

    def __init__(self, model: HasHandles, number: int) -> None:
        # Not mesa's own __init__: that would register a person for as long as the model lives.
        self.__dict__.update(model=model, number=number)

    @property
    def unique_id(self) -> int:
        """The number that mesa gives this person in the agents engine: accounts come first, then people."""
        return self.model.first_user_id + self.number

    def __getattr__(self, name: str) -> Any:
        """A field of the person's record."""
        if name == "pos":
            return None  # as of every agent that was not placed
        if name not in FIELDS or "model" not in vars(self):  # copying asks before there is a model
            raise AttributeError(f"a user has no {name!r}; it has {', '.join(FIELDS)}")
        values = read(self.model.run_state.board.users, name, self.number)
        if not values.ndim:
            return int(values)
        values.flags.writeable = False  # a copy: what is written to it would be lost
        return values

    def __setattr__(self, name: str, value: Any) -> None:
        if name in FIELDS or name in FIXED:
            write(
                self.model.run_state.board.users,
                name,
                settable(name, value, self.model.run_state.today),
                self.number,
            )
        else:
            super().__setattr__(name, value)
            self.model.handles.keep(self)

    def __hash__(self) -> int:
        self.model.handles.keep(self)  # it goes into a set, and mesa's hold only weakly what they have
        return object.__hash__(self)

    def __eq__(self, other: object) -> bool:
        return self is other

    def __reduce__(self) -> tuple[Any, ...]:
        own = {name: value for name, value in vars(self).items() if name not in _OWN}
        return handle_of, (self.model, self.number), own or None

    def __setstate__(self, own: dict[str, Any]) -> None:
        for name, value in own.items():
            setattr(self, name, value)

    @property
    def stage_name(self) -> str:
        """Stage towards the brand, in words."""
        return STAGES[self.stage]

    @property
    def follows(self) -> frozenset[int]:
        """Numbers of the accounts followed."""
        return self._accounts(self.model.run_state.board.fans)

    @property
    def reached_by(self) -> frozenset[int]:
        """Numbers of the accounts whose videos were seen."""
        return self._accounts(self.model.run_state.board.reached)

    def _accounts(self, bits: NDArray[np.uint64]) -> frozenset[int]:
        word, place = self.number >> 6, np.uint64(self.number & 63)
        return frozenset(np.flatnonzero(bits[:, word] >> place & np.uint64(1)).tolist())


class UserColumns(AgentSet):
    """People of the columns engine, as mesa's AgentSet.

    Every verb does what mesa's does, except that only people of one model can be members.

    Args:
        model: the model.
        numbers: which people, in order; all of them when left out.
        random: generator that shuffles; the model's when left out.
    """

    def __init__(
        self, model: HasHandles, numbers: NDArray[np.int64] | None = None, random: Random | None = None
    ) -> None:
        self.model = model
        self.random = model.random if random is None else random
        self._hold(numbers)

    def _hold(self, numbers: NDArray[np.int64] | None) -> None:
        self._numbers = numbers
        self._inside: NDArray[np.bool_] | None = None

    @property
    def numbers(self) -> NDArray[np.int64]:
        """Numbers of the people, in the order of the view."""
        return np.arange(self._columns.size) if self._numbers is None else self._numbers

    @property
    def _columns(self) -> NDArray[Any]:
        return self.model.run_state.board.users

    def array(self, name: str) -> NDArray[Any]:
        """One attribute of everybody in the view, as an array; integers wide enough to add and subtract."""
        if name == "number":
            return self.numbers
        if name == "unique_id":
            return self.numbers + self.model.first_user_id
        if name in FIELDS:
            return read(self._columns, name, slice(None) if self._numbers is None else self._numbers)
        values = [getattr(person, name) for person in self]
        array = np.empty(len(values), object)  # tuples and sets stay whole
        for k, value in enumerate(values):
            array[k] = value
        return array

    def _values(self, name: str) -> list[Any]:
        """One attribute of everybody in the view."""
        array = self.array(name)
        return array.tolist() if array.ndim == 1 else list(array)

    def __len__(self) -> int:
        return self._columns.size if self._numbers is None else self._numbers.size

    def __iter__(self) -> Iterator[UserHandle]:
        return (handle_of(self.model, n) for n in self.numbers.tolist())

    def __reversed__(self) -> Iterator[UserHandle]:
        return (handle_of(self.model, n) for n in self.numbers[::-1].tolist())

    def __getitem__(self, item: Any) -> Any:
        if isinstance(item, slice):
            return [handle_of(self.model, n) for n in self.numbers[item].tolist()]
        return handle_of(self.model, int(self.numbers[operator.index(item)]))

    def __contains__(self, person: object) -> bool:
        if not isinstance(person, UserHandle) or person.model is not self.model:
            return False
        if self._numbers is None:
            return True
        if self._inside is None:
            self._inside = np.zeros(self._columns.size, bool)
            self._inside[self._numbers] = True
        return bool(self._inside[person.number])

    def __getstate__(self) -> dict[str, Any]:
        return {"model": self.model, "numbers": self._numbers, "random": self.random}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.model, self.random = state["model"], state["random"]
        self._hold(state["numbers"])

    def copy(self) -> "UserColumns":
        """Another set of the same people."""
        return UserColumns(self.model, self._numbers, self.random)

    def add(self, agent: object) -> None:
        """Adds a person of the same model, who comes last."""
        if not isinstance(agent, UserHandle) or agent.model is not self.model:
            raise TypeError(
                f"{agent!r} is no person of this model, and this set holds nobody else; for a mixed one: "
                "mesa.agent.AgentSet([*users, other], random=model.random)"
            )
        if agent not in self:
            self._hold(np.append(self.numbers, agent.number))

    def discard(self, agent: object) -> None:
        """Leaves a person out of this set; they stay in the model."""
        if agent in self:
            assert isinstance(agent, UserHandle)
            self._hold(self.numbers[self.numbers != agent.number])

    def remove(self, agent: object) -> None:
        """As `discard`, but an error where the person is not in the set."""
        if agent not in self:
            raise KeyError(agent)
        self.discard(agent)

    def clear(self) -> None:
        """Leaves out everybody."""
        self._hold(np.zeros(0, np.int64))

    def count(self, value: object) -> int:
        """How often a person is in the set: 0 or 1, as in mesa."""
        if callable(value):
            raise TypeError(
                "count(agent) asks how often an agent is in the set, as in mesa; "
                "for those who meet a condition: len(users.select(condition))"
            )
        return int(value in self)

    def _from_iterable(self, agents: Iterable[Any]) -> AgentSet:
        """What `|`, `&`, `-` and `^` make: people of this model, or mesa's set if others are among them."""
        members = list(agents)
        if all(isinstance(m, UserHandle) and m.model is self.model for m in members):
            numbers = np.array(list(dict.fromkeys(m.number for m in members)), np.int64)
            return UserColumns(self.model, numbers, self.random)
        return AgentSet(members, self.random)

    def select(
        self,
        filter_func: Callable[[UserHandle], bool] | None = None,
        at_most: float = float("inf"),
        inplace: bool = False,
        agent_type: type | None = None,
    ) -> "UserColumns":
        """Those for whom a condition holds; at most a number, or a share below 1, of them."""
        numbers = self.numbers
        if at_most <= 1.0 and isinstance(at_most, float):
            at_most = int(len(self) * at_most)
        if agent_type is not None and not issubclass(UserHandle, agent_type):
            numbers = numbers[:0]
        if filter_func is not None:
            numbers = np.array(list(self._chosen(filter_func, numbers, at_most)), np.int64)
        elif at_most < numbers.size:
            numbers = numbers[: max(0, math.ceil(at_most))]
        return self._view(numbers, inplace)

    def _chosen(
        self, condition: Callable[[UserHandle], bool], numbers: NDArray[np.int64], at_most: float
    ) -> Iterator[int]:
        """The first who meet a condition; the others are not asked."""
        found = 0
        for number in numbers.tolist():
            if found >= at_most:
                return
            if condition(handle_of(self.model, number)):
                found += 1
                yield number

    def where(self, **values: Any) -> "UserColumns":
        """Those whose attributes have these values: `select` without a handle a person. Not in mesa."""
        keep = np.ones(len(self), bool)
        for name, value in values.items():
            keep &= self.array(name) == value
        return UserColumns(self.model, self.numbers[keep], self.random)

    def get(
        self, attr_names: str | Iterable[str], handle_missing: str = "error", default_value: Any = None
    ) -> list[Any]:
        """One attribute of everybody, or several attributes each; 'default' stands in for a missing one."""
        if handle_missing not in ("error", "default"):
            raise ValueError(f"handle_missing is {handle_missing!r}, allowed: 'error', 'default'")
        if not isinstance(attr_names, str):
            columns = [self.get(name, handle_missing, default_value) for name in attr_names]
            return [[column[k] for column in columns] for k in range(len(self))]
        if handle_missing == "default" and attr_names not in (*FIELDS, "number", "unique_id"):
            return [getattr(person, attr_names, default_value) for person in self]
        return self._values(attr_names)

    def set(self, attr_name: str, value: Any) -> "UserColumns":
        """Sets an attribute of everybody to one value."""
        if attr_name in FIELDS or attr_name in FIXED:
            write(
                self._columns, attr_name, settable(attr_name, value, self.model.run_state.today), self.numbers
            )
        else:
            for person in self:
                setattr(person, attr_name, value)
        return self

    def agg(self, attribute: str, func: Callable[..., Any] | Iterable[Callable[..., Any]]) -> Any:
        """A function of the list of an attribute of everybody, or several; `array` is quicker with numpy."""
        values = self._values(attribute)
        return func(values) if callable(func) else [f(values) for f in func]

    def map(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> list[Any]:
        """Results of a method, or of a function of a person, for everybody."""
        if isinstance(method, str):
            return [getattr(person, method)(*args, **kwargs) for person in self]
        return [method(person, *args, **kwargs) for person in self]

    def do(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> "UserColumns":
        """Calls a method, or a function of a person, for everybody."""
        self.map(method, *args, **kwargs)
        return self

    def shuffle(self, inplace: bool = False) -> "UserColumns":
        """The same people in random order, the one that mesa would give them."""
        numbers = self.numbers.tolist()
        self.random.shuffle(numbers)
        return self._view(np.array(numbers, np.int64), inplace)

    def shuffle_do(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> "UserColumns":
        """`do` in random order."""
        self.shuffle().do(method, *args, **kwargs)
        return self

    def sort(
        self, key: str | Callable[[UserHandle], Any], ascending: bool = False, inplace: bool = False
    ) -> "UserColumns":
        """People by an attribute or by a function of a person; equal ones keep their order."""
        values = self._by(key)
        order = sorted(range(len(values)), key=values.__getitem__, reverse=not ascending)
        return self._view(self.numbers[order], inplace)

    def _by(self, key: str | Callable[[UserHandle], Any]) -> list[Any]:
        """What people are sorted or grouped by."""
        return self._values(key) if isinstance(key, str) else self.map(key)

    def groupby(self, by: str | Callable[[UserHandle], Any], result_type: str = "agentset") -> GroupBy:
        """Groups of people by an attribute or by a function of a person: views, or lists of handles."""
        members: dict[Any, list[int]] = {}
        for place, value in enumerate(self._by(by)):
            members.setdefault(value, []).append(place)
        numbers = self.numbers
        views = {v: UserColumns(self.model, numbers[places], self.random) for v, places in members.items()}
        return GroupBy(views if result_type == "agentset" else {v: list(view) for v, view in views.items()})

    def to_list(self) -> list[UserHandle]:
        """A handle for everybody."""
        return list(self)

    def _view(self, numbers: NDArray[np.int64], inplace: bool) -> "UserColumns":
        if inplace:
            self._hold(numbers)
            return self
        return UserColumns(self.model, numbers, self.random)
