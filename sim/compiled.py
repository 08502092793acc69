"""The only door to numba: `compiled` turns a scalar rule or an array driver into machine code.

Takes a plain function; gives its compiled twin, cached on disk (kernels.py says where). Does not
choose signatures: the first call does. Numba never reads annotations; they say what reader and
type checker may count on, in the two words for integers that it also defines.
"""

import gc
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np
from filelock import FileLock
from numpy.typing import NDArray

from sim.interrupts import act, deferred
from sim.kernels import cache_folder

with deferred():  # half an import cannot be mended in the same process
    import numba
    from numba.core import cgutils, codegen, compiler, event, types
    from numba.extending import intrinsic, models, register_model


class _Lent(types.Array):
    """The type of an array that is lent: machine code hands it on, and views of it, without counting."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.name = f"lent {self.name}"

    def copy(self, dtype: Any = None, ndim: Any = None, layout: Any = None, readonly: Any = None) -> Any:
        """The type of a view."""
        return _lent_kind(super().copy(dtype, ndim, layout, readonly))


@register_model(_Lent)
class _LentModel(models.ArrayModel):
    """An array as numba lays it out, in which it finds nothing to count."""

    def traverse(self, _: Any) -> list[Any]:
        return []

    def inner_models(self) -> list[Any]:
        return []


class _Nowhere:
    """Where the environment of a part is not kept: whoever takes it in keeps it (`_alone`)."""

    def set_env(self, name: str, environment: object) -> None:
        pass


class _Part(codegen.JITCodeLibrary):
    """Code that others take in and nobody enters: only there is it made quick, and for a processor."""

    codegen = _Nowhere()

    def _optimize_final_module(self) -> None:
        pass

    def _finalize_final_module(self: Any) -> None:  # numba's internals have no types
        self._finalize_dynamic_globals()
        self._verify_declare_only_symbols()
        self._finalized = True

    def get_pointer_to_function(self, _: str) -> int:
        return 0


class _PartCompiler(compiler.Compiler):
    """Numba's compiler, for such code."""

    def compile_extra(self, function: Any) -> Any:
        library, plainly = cast(Any, _Part), cast(Any, super())
        self.state.library = library(self.state.targetctx.codegen(), function.__qualname__)
        return plainly.compile_extra(function)


F = TypeVar("F", bound=Callable[..., Any])
Arrays = TypeVar("Arrays", bound=tuple[Any, ...])

Word = np.uint64 | int
"""64 bits without sign: a key, a draw, a threshold or a multiplier. Machine code hands Python a plain int."""
Whole = np.int64 | int
"""A whole number with sign: a count, a place, an hour. Machine code hands Python a plain int."""
at = np.uint64
"""An index that is known not to be negative, for the hot loops: `slots[at(k)]`.

For one that might be, machine code asks each time whether to count from the end, and cannot read or
write several neighbours at once. Python indexes with it as with any integer.
"""

if numba.config.DISABLE_JIT:  # type: ignore[attr-defined]  # numba's config has no types
    # Hashes overflow on purpose; machine code says nothing, numpy would.
    warnings.filterwarnings("ignore", "overflow encountered", RuntimeWarning, r"sim\.")


def plain() -> bool:
    """Whether everything runs as plain Python, a thousand times slower: NUMBA_DISABLE_JIT=1."""
    config: Any = numba.config
    return bool(config.DISABLE_JIT)


class _Between(event.Listener):
    """Lets signals act before each function that is compiled."""

    def on_start(self, event: object) -> None:
        act()

    def on_end(self, event: object) -> None:
        pass


def record(fields: Sequence[tuple[Any, ...]]) -> np.dtype[Any]:
    """The type of an array of records, whose fields kernels reach as attributes: `people[k].stage`.

    Numba wants numpy's plain records; without numba only numpy's other kind has attributes.
    """
    if taken := [name for name, *_ in fields if hasattr(np.record, name)]:
        raise ValueError(
            f"{taken[0]}: the name of an attribute of numpy's records, which plain Python would read"
        )
    kind: Any = list(fields)
    return np.dtype((np.record, kind)) if plain() else np.dtype(kind)


def joined(kind: np.dtype[Any], parts: Iterable[Any]) -> Any:
    """Arrays of records of one type as one: joined as bytes, because numpy compares types field by field."""
    own = [part for part in parts if part.size]
    if not own:
        return np.zeros(0, kind)
    if len(own) == 1:
        return own[0]
    plain_bytes = np.dtype((np.void, kind.itemsize))
    return np.concatenate([part.view(plain_bytes) for part in own]).view(kind)


class _Clock:
    """Time in which any thread was making or loading machine code.

    Nobody looks for garbage meanwhile: numba makes so many objects that live until a function is done that
    looking takes a sixth of the time.
    """

    def __init__(self) -> None:
        self._lock, self._inside, self._since, self._spent = threading.Lock(), 0, 0.0, 0.0
        self._collects = gc.isenabled()

    def __enter__(self) -> None:
        with self._lock:
            if not self._inside:
                self._since, self._collects = time.perf_counter(), gc.isenabled()
                gc.disable()
            self._inside += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._inside -= 1
            if not self._inside:
                self._spent += time.perf_counter() - self._since
                if self._collects:
                    gc.enable()

    def seconds(self) -> float:
        """So far [s]."""
        with self._lock:
            return self._spent + (time.perf_counter() - self._since if self._inside else 0.0)


_clock = _Clock()


def compile_seconds() -> float:
    """Time that this process has spent on making or loading machine code [s]."""
    return _clock.seconds()


@contextmanager
def ahead() -> Iterator[None]:
    """A block that compiles much: interrupts need not wait for all of it, garbage waits until its end.

    For processes that end when interrupted: numba does not promise to compile on.
    """
    with _clock, event.install_listener("numba:compile", _Between()):
        _load_without_blas()
        yield


def _load_without_blas() -> None:
    """Loads what numba compiles arrays with, but not scipy's linear algebra, which it would look for.

    No kernel multiplies matrices, and to load it takes a quarter of a second.
    """
    blas = "scipy.linalg.cython_blas"
    if blas not in sys.modules:
        sys.modules[blas] = None  # type: ignore[assignment]  # as Python notes what cannot be imported
        try:
            import numba.np.arraymath  # noqa: F401
        finally:
            del sys.modules[blas]


def _alone(jit: Any) -> Any:
    """The compiled function; what it compiles is kept on disk while no other process writes there.

    Numba reads its list of a function's machine code, adds a file and writes the list again. Two processes
    that do so at once give one name to two files, and later one kind of argument, or one of several functions
    made in one place, is answered by the other's code.
    """
    keep, folder = jit._cache.save_overload, cache_folder()  # noqa: SLF001 numba's has no lock of its own

    def keep_alone(signature: Any, made: Any) -> None:
        for environment in made._find_referenced_environments():  # noqa: SLF001 parts' own, for print and raise
            made.library.codegen.set_env(environment.env_name, environment)
        try:
            folder.mkdir(parents=True, exist_ok=True)  # other versions' folders are removed while these run
            with _lock(folder):
                keep(signature, made)
        except OSError:
            return  # it is made again next time

    jit._cache.save_overload = keep_alone  # noqa: SLF001
    return jit


@cache
def _lock(folder: Path) -> FileLock:
    return FileLock(folder / ".lock")


def _timed(jit: Any) -> Any:
    """The compiled function; what it compiles when it is first called with some types is timed."""
    make = jit.compile

    def compile_by_the_clock(signature: Any) -> Any:
        with _clock:
            return make(signature)

    jit.compile = compile_by_the_clock
    return jit


def _called_apart(function: Any) -> None:
    """Gives a function that was made inside another a name of its own: it says what it was made with.

    Numba's linker tells functions apart by name and by when their process came to them. Where two processes
    keep one each of those made in one place, both can be called the same, and whoever calls both is given one
    of them twice.
    """
    made_with = [
        getattr(cell.cell_contents, "__qualname__", cell.cell_contents) for cell in function.__closure__ or ()
    ]
    function.__qualname__ = "_".join(map(str, [function.__qualname__, *made_with]))


_ALIKE: dict[str, Any] = {"nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True}
"""Options of numba for all: no C callbacks, which nobody calls and which cost compile time."""


def _part(function: Any, **options: Any) -> Any:
    """The function as other machine code takes it in: with no door to Python, on no disk.

    Each function that a kernel calls would otherwise get all of that for itself, in every process that
    compiles the kernel: a seventh of a first run.
    """
    njit: Any = numba.njit  # numba's own types do not know all of its options
    return njit(no_cpython_wrapper=True, pipeline_class=_PartCompiler, **_ALIKE, **options)(function)


def _door(function: Any) -> Any:
    """The function as Python calls it, kept on disk."""
    njit: Any = numba.njit
    config: Any = numba.config  # without types too
    shared = config.CACHE_DIR
    config.CACHE_DIR = str(cache_folder())
    try:
        return _timed(_alone(njit(cache=True, **_ALIKE)(function)))
    finally:
        config.CACHE_DIR = shared


def _lent_kind(kind: Any) -> Any:
    """The type of what `lent` gives for an array, or for a tuple of such."""
    if isinstance(kind, types.Array):
        return _Lent(kind.dtype, kind.ndim, kind.layout, not kind.mutable, aligned=kind.aligned)
    tuples: Any = types.BaseTuple  # without types
    return tuples.from_types(tuple(map(_lent_kind, kind)), getattr(kind, "instance_class", None))


def _unowned(context: Any, builder: Any, kind: Any, value: Any) -> Any:
    """An array, or a tuple of such, without the note of who keeps its memory."""
    if isinstance(kind, types.Array):
        array = context.make_array(kind)(context, builder, value)
        array.meminfo, array.parent = array.meminfo.type(None), array.parent.type(None)
        return array._getvalue()  # noqa: SLF001 numba's own intrinsics have no other way
    parts = [builder.extract_value(value, place) for place in range(len(kind))]
    lent_parts = [_unowned(context, builder, *pair) for pair in zip(kind, parts, strict=True)]
    return context.make_tuple(builder, _lent_kind(kind), lent_parts)


def _lend(_: Any, arrays: Any) -> Any:
    """What numba asks of an intrinsic: its type, and what writes its instructions."""

    def write(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return _unowned(context, builder, signature.args[0], args[0])

    return _lent_kind(arrays)(arrays), write


def _ask(_: Any, array: Any, place: Any) -> Any:
    """As `_lend`."""

    def write(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        kind = signature.args[0]
        whole = context.make_array(kind)(context, builder, args[0])
        tools: Any = cgutils  # without types, and the way to llvmlite
        ir = tools.ir
        first = context.get_constant(types.intp, 0)
        entry = tools.get_item_pointer(context, builder, kind, whole, [args[1], *[first] * (kind.ndim - 1)])
        byte, number = ir.IntType(8).as_pointer(), ir.IntType(32)
        form = ir.FunctionType(ir.VoidType(), [byte, number, number, number])
        prefetch = builder.module.declare_intrinsic("llvm.prefetch", [byte], form)
        builder.call(prefetch, [builder.bitcast(entry, byte), number(1), number(3), number(1)])
        return context.get_dummy_value()

    return types.void(array, place), write


def _written(instructions: Any) -> Callable[[F], F]:
    """In machine code, what such instructions do; in plain Python the function."""

    def choose(plainly: F) -> F:
        made: Any = plainly if plain() else intrinsic(instructions)
        return cast(F, made)

    return choose


@_written(_lend)
def lent(arrays: Arrays) -> Arrays:
    """A tuple of arrays for the length of a call from Python, which keeps them: nobody counts who else does.

    Nor in functions that they or views of them are handed on to: their type says so, and nothing is compiled
    for it, which was two fifths of the largest kernel. Each count is an atomic instruction, some twenty
    processor cycles, at every hand-over; where cells have few impressions it was nearly half of the time.
    What a compiled function makes or gives back must not be lent: it would be freed too early.
    """
    return arrays


@_written(_ask)
def ask(array: NDArray[Any], place: Whole) -> None:
    """Asks memory for an entry of an array that is about to be met, or where a row begins; does not wait."""


def compiled(function: F) -> F:
    """The function as machine code; releases the GIL, raises nothing, allocates only what it says."""
    if plain():
        return function
    _called_apart(function)
    door, part = _door(function), _part(function)
    door.get_call_template, door.get_overload = part.get_call_template, part.get_overload
    door._compiling_counter = part._compiling_counter  # noqa: SLF001 who calls itself calls the door
    return cast(F, door)


def inner(function: F, **options: Any) -> F:
    """As `compiled`, for functions that only other compiled ones call: no door to Python, less to compile."""
    if plain():
        return function
    _called_apart(function)
    return cast(F, _part(function, **options))


def inlined(function: F) -> F:
    """As `inner`, and inlined into its callers: for drivers with many arguments in the hot loop."""
    return inner(function, inline="always")
