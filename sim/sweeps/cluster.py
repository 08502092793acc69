"""A Dask cluster: runs of a sweep or of an answer spread over its workers, or the people of one large run.

Takes the scheduler's address, and a sweep with a store that all workers can reach: they write
into it themselves, and Dask retries what dies. Or takes replications, which need no store: their
summaries come back (`runs_over`). Or takes one run, and seats a portion of its
people on each worker (split.py). This is the one place that knows Dask; a run is what it is on
one machine (work.py).
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import distributed as _distributed

from sim.errors import MatrixsimError, RunError, UsageError
from sim.experiment.replicate import Elsewhere, Job, Wanted, gain_of, replicate
from sim.interrupts import act
from sim.pilot import scaled
from sim.results import Result
from sim.rules.audience import shards
from sim.scenario.layouts import with_layout
from sim.scenario.schema import Scenario
from sim.sources import rules_version
from sim.sweeps.local import chunked
from sim.sweeps.plan import RunJob, Sweep
from sim.sweeps.split import Portion, Seated, cut, run_split
from sim.sweeps.store import Store
from sim.sweeps.work import work

distributed: Any = _distributed  # half of it is untyped
RETRIES = 5
"""Times that Dask gives a chunk to another worker before it gives up (chosen)."""
WAIT_S = 10
"""How long to wait for the scheduler [s] (chosen)."""
SCHEMES = ("tcp", "tls", "ucx", "ws", "wss")
"""Ways to reach a scheduler that Dask knows."""
LOOK_S = 1
"""How often it is looked whether the worker that one waits for still lives [s] (chosen)."""


def checked_address(address: str) -> str:
    """The address of a scheduler, as it was given.

    Raises:
        UsageError: it has not the form of one.
    """
    try:
        parts = urlsplit(address if "://" in address else f"tcp://{address}")
        good = parts.scheme in SCHEMES and bool(parts.hostname) and parts.port
    except ValueError:  # a port that is no number, or none that exists
        good = False
    if not good or address != address.strip():
        raise UsageError(
            "--cluster {address!r}: is no address of a scheduler; allowed: tcp://host:port or "
            "tls://host:port, such as tcp://10.0.0.1:8786",
            address=address,
        )
    return address


@contextmanager
def _connected(address: str) -> Iterator[Any]:
    """A client of the scheduler at an address."""
    checked_address(address)
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what it says of a lost cause is said below
    try:
        client = distributed.Client(address, timeout=WAIT_S, set_as_default=False)
    except (OSError, TimeoutError, ValueError, RuntimeError) as error:
        raise UsageError(
            "--cluster {address}: no scheduler answers there within {seconds} s",
            address=address, seconds=WAIT_S,
        ) from error  # fmt: skip
    with client:
        yield client


def _refuse_empty(address: str, threads: Any) -> None:
    if not threads:
        raise UsageError("--cluster {address}: the scheduler has no workers", address=address)


def refuse_unreached(address: str) -> None:
    """Refuses, before any work, an address where no scheduler answers; workers may still come.

    Raises:
        UsageError: it has not the form of one, or nobody answers there.
    """
    with _connected(address):
        pass


def run_over(
    address: str,
    scenario: Scenario,
    seed: int,
    *,
    gain: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Result:
    """One run whose people are spread over the workers of a cluster, by their threads.

    Args:
        address: of the scheduler, such as tcp://10.0.0.1:8786.
        scenario: what to simulate.
        seed: of the run.
        gain: also runs with links cut, and fills `matrix_gain`.
        progress: called with (hours done, hours in all).
    Returns:
        The result of one machine; `provenance["split"]` says what crossed.
    Raises:
        UsageError: no scheduler answers there, or it has no workers.
        RunError: a worker was lost, has other rules, or has no room for its people.
    """
    with _connected(address) as client, client.as_current():  # actors ask for the current client
        threads = dict(sorted(client.nthreads().items()))
        _refuse_empty(address, threads)
        count = int(shards(scenario.audience.users))
        parts = zip(threads.items(), cut(count, list(threads.values())), strict=True)
        played, _ = scaled(scenario)
        seats = {
            held: _Chair(client, worker, client.submit(
                Portion, played, seed, held, many,
                actor=True, pure=False, workers=[worker], allow_other_workers=False,
            ))
            for (worker, many), held in parts if held
        }  # fmt: skip

        def seated() -> list[Seated]:
            return [Seated(held, chair.taken()) for held, chair in seats.items()]

        try:
            result = run_split(scenario, seed, seated, threads=sum(threads.values()), progress=progress)
        finally:
            client.cancel([chair.begun for chair in seats.values()])
    if gain:
        without = run_over(address, with_layout(scenario, "none"), seed)
        result.summary["matrix_gain"] = gain_of(result.summary["reach"], without.summary["reach"])
    return result


class _Waiting(NamedTuple):
    """What a worker will give."""

    client: Any
    worker: str
    future: Any

    def result(self) -> Any:
        """What it gave; now and then it is asked whether the worker lives, because Dask waits for ever."""
        try:
            while True:
                try:
                    return self.future.result(timeout=LOOK_S)
                except TimeoutError:
                    act()  # an hour waits as long as its slowest worker takes
                    if self.worker not in self.client.nthreads():
                        raise RuntimeError("it is gone") from None
        except MatrixsimError:
            raise
        except Exception as error:
            raise _lost(self.worker, error) from error


def _lost(worker: str, error: Exception) -> RunError:
    return RunError(
        "the part of the run on {worker} was lost ({kind}: {error}); start the run again: one that is "
        "split keeps nothing before it is done",
        worker=worker, kind=type(error).__name__, error=error,
    )  # fmt: skip


class _Chair:
    """A portion on a worker (a seat of split.py); its letters are fetched with an eye on the worker."""

    def __init__(self, client: Any, worker: str, begun: Any) -> None:
        self._client, self._worker, self.begun = client, worker, begun
        self._actor: Any = None

    def taken(self) -> "_Chair":
        """Itself, once the portion is made."""
        self._actor = _Waiting(self._client, self._worker, self.begun).result()
        return self

    def _asked(self, method: str, *letter: bytes) -> _Waiting:
        try:
            future = getattr(self._actor, method)(*letter)
        except Exception as error:  # a loss that Dask knows of by now
            raise _lost(self._worker, error) from error
        return _Waiting(self._client, self._worker, future)

    def hello(self) -> _Waiting:
        """As `Portion.hello`."""
        return self._asked("hello")

    def hour(self, letter: bytes) -> _Waiting:
        """As `Portion.hour`."""
        return self._asked("hour", letter)

    def reach(self) -> _Waiting:
        """As `Portion.reach`."""
        return self._asked("reach")


def run_on(
    address: str,
    sweep: Sweep,
    store: Store,
    *,
    progress: Callable[[int, int], None] | None = None,
    retry_failed: bool = False,
) -> None:
    """Runs what the store lacks on the cluster; Ctrl-C keeps what is done.

    Args:
        address: of the scheduler, such as tcp://10.0.0.1:8786.
        sweep: what to run.
        store: where; begun already, reachable under the same address from every worker.
        progress: called with (runs done, runs in all).
        retry_failed: failed runs are run once more.
    Raises:
        UsageError: no scheduler answers there.
        RunError: a chunk could not be run anywhere.
    """
    finished = store.finished(failed_too=not retry_failed)
    jobs = sweep.jobs()
    missing = [job for job in jobs if job.job not in finished]
    chunks = chunked(missing)
    with _connected(address) as client:
        plan = client.scatter(sweep, broadcast=True)
        futures = [
            client.submit(_unfinished, store.address, plan, chunk, pure=False, retries=RETRIES)
            for chunk in chunks
        ]
        try:
            for future in distributed.as_completed(futures, loop=client.loop):
                if future.status == "error":
                    raise RunError(
                        "a chunk could not be run on the cluster: {error}", error=future.exception()
                    )
                store.compact()
                if progress:
                    progress(len(store.finished()), len(jobs))
        finally:
            client.cancel(futures)


def _unfinished(address: str, sweep: Sweep, jobs: list[RunJob]) -> int:
    """On a worker: the jobs of a chunk that a worker before it did not write down."""
    done = Store(address).finished(failed_too=False)
    return work(address, sweep, [job for job in jobs if job.job not in done])


@contextmanager
def runs_over(address: str) -> Iterator[Elsewhere]:
    """What does the replications of a block on a cluster, for `replicate.elsewhere`.

    It connects when it is first used. Each chunk of runs is one thread's work on one worker, which lends
    people between them as one machine does; a chunk whose worker dies is another's.

    Args:
        address: of the scheduler, such as tcp://10.0.0.1:8786.
    Raises:
        UsageError: when used, no scheduler answers there, or it has no workers.
        RunError: when used, a worker has other rules, or the cluster was lost.
    """
    with ExitStack() as open_until_then:

        @cache
        def client() -> Any:
            found = open_until_then.enter_context(_connected(address))
            open_until_then.enter_context(found.as_current())  # which `wait` asks for
            return found

        yield lambda jobs, want: _replicated(client(), address, jobs, want)


def _replicated(client: Any, address: str, jobs: Sequence[Job], want: Wanted) -> Iterator[tuple[Job, Any]]:
    try:
        _refuse_empty(address, client.nthreads())
        given = {"rules": rules_version(), "want": want, "pure": False}
        waiting = {client.submit(_done, chunk, **given): chunk for chunk in chunked(jobs)}
        try:
            while waiting:
                for future in _ended(client, address, list(waiting)):
                    yield from zip(waiting.pop(future), future.result(), strict=True)
        finally:
            client.cancel(list(waiting))
    except (MatrixsimError, GeneratorExit):
        raise
    except Exception as error:  # the scheduler is gone, or a chunk killed every worker that had it
        raise RunError(
            "the work on the cluster {address} was lost ({kind}: {error})",
            address=address, kind=type(error).__name__, error=error,
        ) from error  # fmt: skip


def _ended(client: Any, address: str, futures: list[Any]) -> Iterator[Any]:
    """Those that have ended, at least one; now and then it is looked whether anybody is left to do them."""
    while True:
        act()
        try:
            yield from distributed.wait(futures, timeout=LOOK_S, return_when="FIRST_COMPLETED").done
        except TimeoutError:
            _refuse_empty(address, client.nthreads())
        else:
            return


def _done(jobs: list[Job], *, rules: str, want: Wanted) -> list[Any]:
    """On a worker: what is kept of each job, in their order."""
    if rules != rules_version():
        raise RunError("a worker plays by other rules: install the same version of matrixsim everywhere")
    numbered = [job._replace(variant=k) for k, job in enumerate(jobs)]
    found = {job.variant: kept for job, kept in replicate(numbered, workers=1, want=want)}
    return [found[k] for k in range(len(jobs))]
