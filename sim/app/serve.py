"""Starts the streamlit server with the packaged entry file and theme.

The server listens on loopback alone and sends no usage statistics: .streamlit/config.toml
beside the entry file says so, in a checkout and in an installed wheel. STREAMLIT_SERVER_ADDRESS
and streamlit's other variables win over it, for a host that means to share.
"""

import gc
import os
import sys
from pathlib import Path
from typing import Any, TextIO, cast

PACKAGED = Path(__file__).parent / "_entry" / "app.py"
CHECKOUT = Path(__file__).parents[2] / "app.py"


def entry() -> Path:
    """The entry file: in an installed wheel inside the package, in a checkout at its top."""
    return PACKAGED if PACKAGED.is_file() else CHECKOUT


def arguments(port: int | None) -> list[str]:
    """The words after `streamlit`."""
    words = ["run", str(entry()), "--server.fileWatcherType", "none"]
    return words if port is None else [*words, "--server.port", str(port)]


class _Outliving:
    """A stream whose reader may go: what is written then is dropped.

    The server says that it stops before it does, and one whose pipe was closed, or whose terminal is gone,
    failed at that and could be ended by no signal but SIGKILL.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Writes, while anybody reads."""
        try:
            return self._stream.write(text)
        except OSError:
            self._drop()
            return len(text)

    def flush(self) -> None:
        """Flushes, while anybody reads."""
        try:
            self._stream.flush()
        except OSError:
            self._drop()

    def _drop(self) -> None:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self._stream.fileno())
        os.close(nowhere)


def serve(port: int | None = None) -> None:
    """Runs the server until it is stopped; on the first free port from 8501 when left out."""
    from streamlit.web import cli

    import sim.app.frame  # noqa: F401  loaded before the browser opens, not while its user waits

    sys.stdout, sys.stderr = (cast("TextIO", _Outliving(stream)) for stream in (sys.stdout, sys.stderr))
    # What is loaded by now stays: a collection need not walk through it, a tenth of a second each time.
    gc.collect()
    gc.freeze()

    cli.main(arguments(port), prog_name="streamlit", standalone_mode=False)
