"""Progress on stderr: a bar with time left, and a line while machine code is made."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer


def compiled_ahead() -> None:
    """Compiles before the first run, and says so."""
    from sim.kernels import is_warm

    if not is_warm():
        from sim.warm import warm

        typer.echo("compiling the rules, once after each install or update (some 15 s) …", err=True)
        warm()


@contextmanager
def saying_what_is_kept(kept: Callable[[], str]) -> Iterator[None]:
    """Ends work on Ctrl-C or SIGTERM with a line.

    Args:
        kept: what is kept of the work, and how to go on; asked once the work has ended.
    Raises:
        StoppedError: it was ended so.
    """
    from sim.errors import StoppedError

    try:
        yield
    except KeyboardInterrupt:
        raise StoppedError(f"stopped; {kept()}") from None


def _unseen(done: int, total: int) -> None:
    """Progress that nobody watches."""


@contextmanager
def progress_bar(title: str, *, quiet: bool = False) -> Iterator[Callable[[int, int], None]]:
    """A function to call with (done, in all); the bar is drawn only where somebody watches."""
    import sys

    if quiet or not sys.stderr.isatty():
        yield _unseen
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
