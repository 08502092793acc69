"""A server of the app on loopback, with a cache folder of its own."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
STARTED_S = 60
ENDED_S = 60
"""A server gives work under way a third of this (sim/app/serve.py)."""


class Server(NamedTuple):
    """A server that listens."""

    address: str
    process: int
    """its id"""


def warmed(cache: Path) -> Path:
    """A folder for a server's answers, with the machine code that lies in the usual place; itself."""
    from sim.kernels import cache_folder
    from sim.warm import warm

    warm()
    cache.mkdir(parents=True, exist_ok=True)
    (cache / cache_folder().name).symlink_to(cache_folder())
    return cache


@contextmanager
def serving(cache: Path, *options: str, **environment: str) -> Iterator[Server]:
    """A server until the block ends.

    Args:
        cache: folder for its answers and its log.
        options: of `matrixsim app`, beside the port.
        environment: variables on top of this process's own.
    Raises:
        RuntimeError: it did not start; with its log.
    """
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "sim.cli", "app", "--port", str(port), *options],
            cwd=cache,
            env={
                **os.environ,
                **environment,
                "PYTHONPATH": str(ROOT),
                "MATRIXSIM_CACHE": str(cache),
                "MATRIXSIM_DATA": str(cache),
                "STREAMLIT_SERVER_HEADLESS": "true",
            },
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    prefix = options[options.index("--base-path") + 1] if "--base-path" in options else ""
    address = f"http://127.0.0.1:{port}{prefix}"
    try:
        deadline = time.monotonic() + STARTED_S
        while True:
            try:
                urllib.request.urlopen(f"{address}/_stcore/health", timeout=1).read()
                break
            except OSError:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError((cache / "server.log").read_text(errors="replace")) from None
                time.sleep(0.1)
        yield Server(address, process.pid)
    finally:
        process.terminate()
        try:
            process.wait(timeout=ENDED_S)
        finally:
            process.kill()
            process.wait()
