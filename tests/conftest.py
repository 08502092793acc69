"""What all tests stand on."""

import os
import signal

import pytest
from hypothesis import settings

from sim.storage import DATA

settings.register_profile("untimed", deadline=None)  # how long an example takes says something of the machine
settings.load_profile("untimed")


@pytest.fixture(autouse=True, scope="session")
def own_data(tmp_path_factory: pytest.TempPathFactory) -> None:
    """No test, and nothing that one starts, keeps drafts among those of whoever runs the tests."""
    os.environ[DATA] = str(tmp_path_factory.mktemp("data"))


@pytest.fixture(autouse=True, scope="session")
def ctrl_c() -> None:
    """Ctrl-C is heard, by tests and by what they start, also where they run in the background of a script."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
