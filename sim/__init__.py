"""matrixsim: simulates, person by person, how traffic flows through a matrix of Douyin accounts.

Exports load on first use: importing this package loads neither mesa nor numba.
"""

from importlib import import_module
from typing import Any

from sim.interrupts import deferred

_EXPORTS = {
    "Scenario": "sim.scenario.schema",
    "MatrixModel": "sim.model",
    "run": "sim.experiment.replicate",
    "compare": "sim.experiment.compare",
    "sweep": "sim.sweeps.run",
}

__all__ = ["MatrixModel", "Scenario", "compare", "run", "sweep"]


def __getattr__(name: str) -> Any:
    if name in _EXPORTS:
        with deferred():  # a library whose import is interrupted stays half loaded
            return getattr(import_module(_EXPORTS[name]), name)
    raise AttributeError(f"module 'sim' has no {name!r}; it has {', '.join(__all__)}")


def __dir__() -> list[str]:
    return __all__
