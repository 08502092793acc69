"""Machine code made ahead is all that a run needs."""

import os
import subprocess
import sys

SCRIPT = """
from sim.warm import warm
warm()
from numba.core import event
from sim.kernels import is_warm
from sim.experiment.replicate import run
from sim.scenario.schema import Scenario
seen = event.RecordingListener()
event.register("numba:compile", seen)
run(Scenario.load("three_lines").with_values({"run.hours": 12}))
print(is_warm(), [made.data["dispatcher"].py_func.__name__ for _, made in seen.buffer if made.is_start])
"""


def test_nothing_is_left_to_compile_after_warming(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env={**os.environ, "MATRIXSIM_CACHE": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "True []"


SECONDS = """
from sim.simulation import Simulation
from sim.scenario.schema import Scenario
for _ in range(2):
    simulation = Simulation(Scenario.load("classroom").with_values({"run.hours": 1}), 1).finish()
    print(simulation.compile_seconds, simulation.seconds, simulation.result().provenance["compile_seconds"])
"""


def test_seconds_of_a_run_leave_out_what_machine_code_took():
    done = subprocess.run([sys.executable, "-c", SECONDS], capture_output=True, text=True, check=True)
    first, second = ([float(x) for x in line.split()] for line in done.stdout.splitlines())
    assert first[0] > 0 < first[1]
    assert first[2] == round(first[0], 4)
    assert second[0] == second[2] == 0
