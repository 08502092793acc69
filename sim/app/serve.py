"""Starts the streamlit server with the packaged entry file and theme, and ends it without losing work.

The server listens on loopback alone and sends no usage statistics: .streamlit/config.toml
beside the entry file says so, in a checkout and in an installed wheel. Options and streamlit's variables
win over it, for a host that means to share. It asks nothing of other machines and logs nothing of who visits.
"""

import gc
import ipaddress
import os
import re
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple, TextIO, cast

from sim.errors import UsageError

PACKAGED = Path(__file__).parent / "_entry" / "app.py"
CHECKOUT = Path(__file__).parents[2] / "app.py"
PREFIX = re.compile(r"/?([\w.~-]+)(/[\w.~-]+)*/?", re.ASCII)


class Hosting(NamedTuple):
    """How a server is run; what is None stays as the configuration has it."""

    port: int | None = None
    """the first free one from 8501 where left out"""
    address: str | None = None
    """of this machine, on which to listen"""
    base_path: str | None = None
    """prefix of the addresses, behind a proxy"""
    cluster: str | None = None
    """address of a Dask scheduler"""
    grace_s: float = 20.0
    """time that computations under way are given to end when the server is told to [s]"""
    limits: Mapping[str, int | None] = MappingProxyType({})
    """environment variables of `sim.app.jobs.limit`"""
    upload_mb: int | None = None
    """largest file that may be brought [MB]"""


def entry() -> Path:
    """The entry file: in an installed wheel inside the package, in a checkout at its top."""
    return PACKAGED if PACKAGED.is_file() else CHECKOUT


def arguments(hosting: Hosting) -> list[str]:
    """The words after `streamlit`.

    Raises:
        UsageError: an address or a prefix is none.
    """
    given = {
        "fileWatcherType": "none", "port": hosting.port, "address": hosting.address,
        "baseUrlPath": hosting.base_path, "maxUploadSize": hosting.upload_mb,
    }  # fmt: skip
    if hosting.address is not None:
        _refuse_address(hosting.address)
        if _for_others(hosting):
            given["headless"] = "true"  # a server for others opens no browser of its own
    if hosting.base_path is not None and not PREFIX.fullmatch(hosting.base_path):
        raise UsageError(
            "--base-path {path!r}: is no prefix of addresses; allowed: letters, digits and . _ ~ - between "
            "slashes, such as /matrixsim",
            path=hosting.base_path,
        )
    # Below a warning uvicorn may tell of every connection, and whence it comes.
    words = ["run", str(entry()), "--logger.level", "warning"]
    return words + [
        word
        for name, value in given.items()
        if value is not None
        for word in (f"--server.{name}", str(value))
    ]


def _refuse_address(address: str) -> None:
    try:
        family, *_, place = socket.getaddrinfo(address, 0, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, socket.SOCK_STREAM) as door:
            door.bind(place)
    except OSError as error:
        raise UsageError(
            "--address {address!r}: is no address of this machine ({why}); allowed: 0.0.0.0 for all that it "
            "has, or one of them",
            address=address, why=error.strerror or str(error),
        ) from None  # fmt: skip


def _for_others(hosting: Hosting) -> bool:
    return hosting.address is not None and not _is_loopback(hosting.address)


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"


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


def serve(hosting: Hosting, ending: Callable[[int], None]) -> int:
    """Runs the server until it is stopped; gives what is under way some time to end.

    Args:
        hosting: how.
        ending: called with the number of computations that are waited for, before the wait.
    Returns:
        Computations that did not end in that time.
    Raises:
        UsageError: an address or a prefix is none, or no scheduler answers.
        RunError: a limit is no number.
    """
    # Tables here are small: threads of polars would mostly wait for one another, here and in our processes.
    os.environ.setdefault("POLARS_MAX_THREADS", "1")

    from streamlit import net_util
    from streamlit.web import cli

    import sim.app.frame  # noqa: F401  loaded before the browser opens, not while its user waits
    from sim.app.jobs import limit, log
    from sim.app.jobs.jobs import jobs
    from sim.app.jobs.worker import CLUSTER

    words = arguments(hosting)
    os.environ.update({name: str(most) for name, most in hosting.limits.items() if most is not None})
    limit.limit(), limit.most_people(), limit.most_jobs()
    if _for_others(hosting):  # many come at once, and plotly takes for whole what another thread still loads
        import pandas  # noqa: F401, ICN001  it takes a second, which one visitor alone need not wait
    if hosting.cluster is not None:
        os.environ[CLUSTER] = hosting.cluster
    if os.environ.get(CLUSTER):
        from sim.sweeps.cluster import refuse_unreached

        refuse_unreached(os.environ[CLUSTER])
    net_util.get_external_ip = lambda: None  # it asks a server elsewhere
    sys.stdout, sys.stderr = (cast("TextIO", _Outliving(stream)) for stream in (sys.stdout, sys.stderr))
    log.discreet()
    # What is loaded by now stays: a collection need not walk through it, a tenth of a second each time.
    gc.collect()
    gc.freeze()

    cli.main(words, prog_name="streamlit", standalone_mode=False)

    signal.signal(signal.SIGINT, signal.default_int_handler)  # streamlit's would not end us
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if under_way := jobs().running():
        ending(under_way)
    return jobs().finish(hosting.grace_s)
