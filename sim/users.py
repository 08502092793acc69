"""The people of the columns engine as an AgentSet-like view: mesa's verbs, no million objects.

Takes a model; gives `select`, `agg`, `get`, `set`, `do`, `shuffle_do`, `groupby`, `sort`,
iteration, indexing and `len` over the columns. Whole attributes go as arrays; only callables
on single people make handles, on demand. Departs: a view holds numbers, not references, so
people never leave it.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.hour.run import HasRun
from sim.interrupts import deferred
from sim.rules.brand import STAGES
from sim.world.ties import has_bit

try:  # mesa 3.5 and later
    from mesa.agentset import GroupBy
except ImportError:
    from mesa.agent import GroupBy


class UserHandle(mesa.Agent):
    """One person of the columns, as a mesa agent: attributes read and write the record.

    Made on demand and not registered with the model; two handles of one person are equal.
    """

    def __init__(self, model: HasRun, number: int) -> None:
        # Not mesa's own __init__: that would register a person for as long as the model lives.
        object.__setattr__(self, "model", model)
        object.__setattr__(self, "number", int(number))
        object.__setattr__(self, "unique_id", int(number))
        object.__setattr__(self, "pos", None)

    def __getattr__(self, name: str) -> Any:
        """A field of the person's record."""
        if name.startswith("__") or "model" not in self.__dict__:
            raise AttributeError(name)  # copying asks before there is a model
        users = self.model.run_state.board.users
        if name not in users.dtype.names:
            raise AttributeError(f"a user has no {name!r}; it has {', '.join(users.dtype.names)}")
        value = users[name][self.number]
        return value if value.ndim else int(value)

    def __setattr__(self, name: str, value: Any) -> None:
        users = self.model.run_state.board.users
        if name not in users.dtype.names:
            raise AttributeError(f"a user has no {name!r}; it has {', '.join(users.dtype.names)}")
        users[name][self.number] = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, UserHandle) and (other.model, other.number) == (self.model, self.number)

    def __hash__(self) -> int:
        return hash((id(self.model), self.number))

    @property
    def stage_name(self) -> str:
        """Stage towards the brand, in words."""
        return STAGES[self.stage]

    @property
    def follows(self) -> set[int]:
        """Numbers of the accounts followed."""
        return self._accounts(self.model.run_state.board.fans)

    @property
    def reached_by(self) -> set[int]:
        """Numbers of the accounts whose videos were seen."""
        return self._accounts(self.model.run_state.board.reached)

    @deferred()
    def _accounts(self, bits: NDArray[np.uint64]) -> set[int]:
        return {a for a in range(bits.shape[0]) if has_bit(bits, a, self.number)}


class UserColumns(Sequence[UserHandle]):
    """People of the columns engine, in the manner of mesa's AgentSet.

    Args:
        model: the model.
        numbers: which people, in order; all of them when left out.
    """

    def __init__(self, model: HasRun, numbers: NDArray[np.int64] | None = None) -> None:
        self.model = model
        self._numbers = numbers

    @property
    def numbers(self) -> NDArray[np.int64]:
        """Numbers of the people, in the order of the view."""
        return np.arange(self._columns.size) if self._numbers is None else self._numbers

    @property
    def _columns(self) -> NDArray[Any]:
        return self.model.run_state.board.users

    def array(self, name: str) -> NDArray[Any]:
        """One attribute of everybody in the view, as an array; integers wide enough to add and subtract."""
        if name in ("number", "unique_id"):
            return self.numbers
        if name in (self._columns.dtype.names or ()):
            column = self._columns[name]
            return (column if self._numbers is None else column[self._numbers]).astype(np.int64)
        if isinstance(getattr(UserHandle, name, None), property):
            return self._objects([getattr(person, name) for person in self])
        known = ", ".join(self._columns.dtype.names or ())
        raise AttributeError(f"users have no {name!r}; they have {known}")

    @staticmethod
    def _objects(values: list[Any]) -> NDArray[Any]:
        """Any values as an array of objects, tuples and sets whole."""
        array = np.empty(len(values), object)
        for k, value in enumerate(values):
            array[k] = value
        return array

    def __len__(self) -> int:
        return self._columns.size if self._numbers is None else self._numbers.size

    def __iter__(self) -> Iterator[UserHandle]:
        return (UserHandle(self.model, n) for n in self.numbers)

    def __getitem__(self, item: Any) -> Any:
        if isinstance(item, slice):
            return [UserHandle(self.model, n) for n in self.numbers[item]]
        return UserHandle(self.model, self.numbers[item])

    def __contains__(self, person: object) -> bool:
        if not isinstance(person, UserHandle) or person.model is not self.model:
            return False
        return self._numbers is None or bool(np.isin(person.number, self._numbers))

    def select(
        self,
        filter_func: Callable[[UserHandle], bool] | None = None,
        at_most: float = float("inf"),
        inplace: bool = False,
        agent_type: type | None = None,
    ) -> "UserColumns":
        """Those for whom a condition holds; at most a number, or a share below 1, of them."""
        numbers = self.numbers
        if agent_type is not None and not issubclass(UserHandle, agent_type):
            numbers = numbers[:0]
        if filter_func is not None:
            numbers = numbers[[bool(filter_func(UserHandle(self.model, n))) for n in numbers]]
        if at_most <= 1.0 and isinstance(at_most, float):
            at_most = int(len(self) * at_most)
        if at_most < numbers.size:
            numbers = numbers[: int(at_most)]
        return self._view(numbers, inplace)

    def where(self, **values: Any) -> "UserColumns":
        """Those whose attributes have these values: `select` without a handle a person."""
        keep = np.ones(len(self), bool)
        for name, value in values.items():
            keep &= self.array(name) == value
        return UserColumns(self.model, self.numbers[keep])

    def get(
        self, attr_names: str | list[str], handle_missing: str = "error", default_value: Any = None
    ) -> list[Any]:
        """One attribute of everybody, or a list of attributes each; 'default' stands in for a missing one."""
        if handle_missing not in ("error", "default"):
            raise ValueError(f"handle_missing is {handle_missing!r}, allowed: 'error', 'default'")
        names = [attr_names] if isinstance(attr_names, str) else attr_names
        columns = []
        for name in names:
            try:
                columns.append(self.array(name).tolist())
            except AttributeError:
                if handle_missing == "error":
                    raise
                columns.append([default_value] * len(self))
        return (
            columns[0] if isinstance(attr_names, str) else [list(row) for row in zip(*columns, strict=True)]
        )

    def set(self, attr_name: str, value: Any) -> "UserColumns":
        """Sets an attribute of everybody."""
        self.array(attr_name)
        self._columns[attr_name][self.numbers] = value
        return self

    def agg(self, attribute: str, func: Callable[..., Any] | Sequence[Callable[..., Any]]) -> Any:
        """A function of an attribute of everybody, or several."""
        values = self.array(attribute)
        return [f(values) for f in func] if isinstance(func, Sequence) else func(values)

    def count(self, condition: Callable[[UserHandle], bool]) -> int:
        """How many meet a condition."""
        return sum(bool(condition(person)) for person in self)

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
        """The same people in random order, by the model's generator."""
        return self._view(self.model.rng.permutation(self.numbers), inplace)

    def shuffle_do(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> "UserColumns":
        """`do` in random order."""
        self.shuffle().do(method, *args, **kwargs)
        return self

    def sort(
        self, key: str | Callable[[UserHandle], Any], ascending: bool = False, inplace: bool = False
    ) -> "UserColumns":
        """People by an attribute or by a function of a person; equal ones keep their order."""
        values = self.array(key).tolist() if isinstance(key, str) else self.map(key)
        order = sorted(range(len(values)), key=values.__getitem__, reverse=not ascending)
        return self._view(self.numbers[order], inplace)

    def groupby(self, by: str | Callable[[UserHandle], Any], result_type: str = "agentset") -> GroupBy:
        """Groups of people by an attribute or by a function of a person: views, or lists of handles."""
        values = self.array(by).tolist() if isinstance(by, str) else self.map(by)
        members: dict[Any, list[int]] = {}
        for place, value in enumerate(values):
            members.setdefault(value, []).append(place)
        numbers = self.numbers
        groups = {}
        for value, places in members.items():
            view = UserColumns(self.model, numbers[places])
            groups[value] = view if result_type == "agentset" else list(view)
        return GroupBy(groups)

    def to_list(self) -> list[UserHandle]:
        """A handle for everybody."""
        return list(self)

    def _view(self, numbers: NDArray[np.int64], inplace: bool) -> "UserColumns":
        if inplace:
            self._numbers = numbers
            return self
        return UserColumns(self.model, numbers)
