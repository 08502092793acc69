"""Machine code on disk is what its source says, however many processes make it at once."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from tests.command_line import ROOT

MAKING = """
import json, sys, time
import numpy as np
from numba.core import caching
from sim.compiled import compiled
from sim.world.fields import Bits, Field

FIELDS = [Field(f"field_{n}", 4, "one of many") for n in range(6)]
bits = Bits(FIELDS)
names = [field.name for field in FIELDS][:: int(sys.argv[1])]
word = np.uint64(sum(n << 4 * n for n in range(6)))

note = caching.IndexDataCacheFile._save_index

def noted_slowly(self, overloads):  # between reading the list and writing it there is always some time
    time.sleep(0.1)
    note(self, overloads)

caching.IndexDataCacheFile._save_index = noted_slowly

def through(get):
    @compiled
    def read(word):
        return get(word)
    return read

readers = [through(bits.getter(name)) for name in names]
while time.time() < float(sys.argv[2]):
    pass
print(json.dumps({name: int(read(word)) for name, read in zip(names, readers)}))
"""


def test_processes_that_compile_side_by_side_do_not_take_each_others_code(tmp_path: Path) -> None:
    """Functions made in one place, such as the getters of fields, share numba's list of what is on disk."""
    script = tmp_path / "making.py"
    script.write_text(MAKING, "utf-8")
    right = {f"field_{n}": n for n in range(6)}
    environment = {**os.environ, "MATRIXSIM_CACHE": str(tmp_path / "cache"), "PYTHONPATH": str(ROOT)}
    for _ in range(2):  # made, and then loaded
        begin = str(time.time() + 4.0)
        made = [
            subprocess.Popen(
                [sys.executable, str(script), way, begin],
                env=environment, stdout=subprocess.PIPE, encoding="utf-8",
            )
            for way in ("1", "-1")
        ]  # fmt: skip
        for process in made:
            told, _ = process.communicate(timeout=120)
            assert json.loads(told) == right


CALLING = """
import sys
import numpy as np
from sim.compiled import compiled
from sim.world.fields import Bits, Field

bits = Bits([Field("one", 4, "a field"), Field("two", 4, "another")])
getters = [bits.getter(name) for name in sys.argv[1:]]

def through(first, last):
    @compiled
    def read(word):
        return 10 * first(word) + last(word)
    return read

print(through(getters[0], getters[-1])(np.uint64(0x21)))
"""


def said(text: str, folder: Path, *names: str, **environment: str) -> str:
    """What a script prints in a process of its own, whose machine code is kept in the folder."""
    script = folder / "script.py"
    script.write_text(text, "utf-8")
    environment = {"MATRIXSIM_CACHE": str(folder / "cache"), "PYTHONPATH": str(ROOT)} | environment
    return subprocess.check_output(
        [sys.executable, str(script), *names], env=os.environ | environment, encoding="utf-8"
    )


def test_functions_made_in_one_place_stay_apart_where_each_was_kept_by_another_process(
    tmp_path: Path,
) -> None:
    """In a process of its own each is the first that is made; whoever calls both must still find two."""
    told = [said(CALLING, tmp_path, *names) for names in (["one"], ["two"], ["one", "two"])]
    assert [int(number) for number in told] == [11, 22, 12]


LENDING = """
import gc
import numpy as np
from numba.core import event
from numba.core.registry import cpu_target
from sim.compiled import compiled, inner, lent

collects = []

class Collects(event.Listener):
    def on_start(self, event): collects.append(gc.isenabled())
    on_end = on_start

@inner
def add(row):
    row[0] += 1
    return row[0]

@compiled
def lending(table, numbers):
    table, (numbers,) = lent((table, (numbers,)))
    return 10 * add(numbers) + add(table[1])

@compiled
def owning(table, numbers):
    return 10 * add(numbers) + add(table[1])

with event.install_listener("numba:compile", Collects()):
    for reads in lending, owning:
        table, numbers = np.zeros((2, 3), np.int64), np.zeros(4, np.int64)
        print(reads(table, numbers), numbers[0], table[1, 0])
models = cpu_target.target_context.data_model_manager
print(sorted(models[kind].contains_nrt_meminfo() for (kind,) in add.signatures))
print(set(collects), gc.isenabled())
"""


def test_references_to_what_is_lent_are_counted_nowhere_and_no_garbage_is_sought_meanwhile(
    tmp_path: Path,
) -> None:
    """Neither in functions that it is handed on to, nor to views of it; what is written to it stays."""
    lines = said(LENDING, tmp_path, NUMBA_DISABLE_JIT="0").splitlines()
    assert lines == ["11 1 1", "11 1 1", "[False, True]", "{False} True"]


CALLED = """
import numpy as np
from sim.compiled import compiled, inner

@inner
def halved(n):
    if n % 2:
        raise ValueError("odd", n)
    print("half of", n)
    return n // 2

@compiled
def factorial(n):
    return 1 if n < 2 else n * factorial(n - 1)

@compiled
def both(n):
    return halved(factorial(n))

print(factorial(5), both(3))
try:
    both(1)
except ValueError as error:
    print(error.args)
"""


def test_functions_that_kernels_take_in_print_raise_and_call_themselves(tmp_path: Path) -> None:
    """Both when they have just been compiled and when the kernel comes from disk."""
    script = tmp_path / "called.py"
    script.write_text(CALLED, "utf-8")
    for _ in range(2):
        environment = {**os.environ, "MATRIXSIM_CACHE": str(tmp_path), "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [sys.executable, str(script)],
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.stdout.splitlines() == ["half of 6", "120 3", "('odd', 1)"], done.stderr
