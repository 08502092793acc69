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
