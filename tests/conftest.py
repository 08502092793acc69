"""What all tests stand on."""

import signal

import pytest


@pytest.fixture(autouse=True, scope="session")
def ctrl_c() -> None:
    """Ctrl-C is heard, by tests and by what they start, also where they run in the background of a script."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
