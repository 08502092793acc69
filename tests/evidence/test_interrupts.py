"""A hundred interrupts at random moments of each kind of long work: does Python live, and is the work kept?"""

import signal
import statistics
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from tests.interrupting import ENTRIES, SCRIPTS, Ended, interrupted, survived, wrong

pytestmark = pytest.mark.evidence
TIMES = 100
LUCK = 12
AT_ONCE = 3
"""Commands that are interrupted side by side."""
SPAN_S = 4.0
"""Moments are drawn from Python's start until so long after the first finished piece of work [s]."""
EARLIEST_S = 0.5
"""Before, Python has not come to our first line: it ends by the signal itself [s]."""


def test_a_hundred_interrupts_of_each_kind(section: Callable[[str, str], None], tmp_path: Path) -> None:
    luck = np.random.default_rng(LUCK)
    rows, faults = [], []
    for name, entry in ENTRIES.items():
        first = (
            interrupted(entry, tmp_path / name, 0.0, signal.SIGINT, kept=True).after if entry.sign else 3.0
        )
        moments = luck.uniform(EARLIEST_S, first + SPAN_S, TIMES).tolist()
        chosen = luck.integers(4, size=TIMES).tolist()

        def once(k: int, *, name=name, entry=entry, moments=moments, chosen=chosen) -> Ended:
            number, all_hear = (signal.SIGINT, signal.SIGTERM)[chosen[k] & 1], chosen[k] > 1
            return interrupted(entry, tmp_path / f"{name}-{k}", moments[k], number, all_hear=all_hear)

        with ThreadPoolExecutor(AT_ONCE) as pool:
            all_ended = list(pool.map(once, range(TIMES)))
        seconds, kept = [ended.seconds for ended in all_ended], 0
        for k, ended in enumerate(all_ended):
            number = (signal.SIGINT, signal.SIGTERM)[chosen[k] & 1]
            fault = wrong(entry, ended, number)
            if fault:
                faults.append(f"{name} {number.name} after {moments[k]:.2f} s: {fault}: {ended}")
            kept += (ended.kept if entry.sign else ended.counted or 0) > 0
        middle, slowest = statistics.median(seconds), max(seconds)
        bad = sum(fault.startswith(f"{name} ") for fault in faults)
        rows.append(f"| `{name}` | {TIMES} | {bad} | {kept} | {middle:.1f} s, {slowest:.1f} s |")
    for name, script in SCRIPTS.items():
        told = survived(script, TIMES, LUCK)
        if told["caught"] != TIMES or told["wrong"]:
            faults.append(f"{name}: {told}")
        rows.append(f"| {name} | {told['caught']} | {told['wrong']} | {told['done']} runs, all right | |")
    section(
        "Interrupts: a hundred of each kind at random moments",
        f"""SIGINT or SIGTERM, to the command alone or to its workers too, from half a second after the start until
{SPAN_S:g} s after the first finished piece of work. Wrong is: a crash, another status than 130 and 143, a traceback, or
another count of what is kept than there is. Python that catches KeyboardInterrupt and goes on has to give the digests
of undisturbed runs.

| what | interrupts | wrong | with finished work kept | from signal to end (median, longest) |
| --- | --- | --- | --- | --- |
{chr(10).join(rows)}""",
    )
    assert not faults, "\n".join(faults)
