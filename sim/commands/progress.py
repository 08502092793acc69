"""Progress on stderr: a bar with time left, and a line while machine code is made."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from sim.commands.options import LEAST_SEEDS, Asked, spoken
from sim.errors import Phrase, StoppedError
from sim.language.words import Language, Words

if TYPE_CHECKING:
    from sim.experiment.compare import Comparison


def compiled_ahead(language: Language | None = None) -> None:
    """Compiles before the first run, and says so; in the terminal's language where none is given."""
    from sim.kernels import is_warm

    if not is_warm():
        from sim.warm import warm

        words = Words(spoken(language))
        typer.echo(words("compiling the rules, once after each install or update (some 15 s) …"), err=True)
        warm()


@contextmanager
def saying_what_is_kept(kept: Callable[[], Phrase]) -> Iterator[None]:
    """Ends work on Ctrl-C or SIGTERM with a line.

    Args:
        kept: what is kept of the work, and how to go on; asked once the work has ended.
    Raises:
        StoppedError: it was ended so.
    """
    try:
        yield
    except KeyboardInterrupt:
        raise StoppedError("stopped; {kept}", kept=kept()) from None


def too_few_seeds() -> Phrase:
    """What is kept of a comparison that was ended before it could say anything."""
    return Phrase(
        "fewer than {least} seeds had ended, too few for an answer: nothing is kept", least=LEAST_SEEDS
    )


def say_if_stopped(found: "Comparison") -> None:
    """Ends a command whose comparison was ended before its last seed, once its answer is told.

    Raises:
        StoppedError: it was.
    """
    if found.stopped:
        raise StoppedError(
            "stopped after {seeds} seeds, on which the answer rests; the same command begins anew, with "
            "--seeds as many as there is time for",
            seeds=found.seeds,
        )


@contextmanager
def working(title: str, asked: Asked, kept: Callable[[], Phrase]) -> Iterator[Callable[[int, int], None]]:
    """A function to call with (done, in all) while a command works; ended by hand, it says what is kept."""
    with saying_what_is_kept(kept), progress_bar(title, quiet=asked.as_json, language=asked.spoken) as tick:
        yield tick


LONG_S, EVERY_S = 20.0, 30.0
"""Work that lasts longer is announced, and told about again so often where no bar is seen (chosen)."""


class Lines:
    """How long work will last, a line each on stderr, measured from what is done of it.

    Args:
        seen: whether a bar is drawn, which tells the rest.
        words: in the reader's language.
        clock: seconds that pass.
    """

    def __init__(
        self, *, seen: bool, words: Words | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.seen, self.words, self.clock = seen, words or Words("en"), clock
        self.began = clock()
        self.first: tuple[int, float] | None = None
        """runs that had ended when the first did, and how long that took"""
        self.told: float | None = None

    def __call__(self, done: int, total: int) -> None:
        """So many of the runs in sight are done."""
        now, words = self.clock(), self.words
        lasted = now - self.began
        if done and self.first is None:
            self.first = done, lasted
        if done < min(_AT_ONCE, total) or not lasted or self.first is None:
            return
        early, opening = self.first  # with pilots and what else is made once, which no later run waits for
        each = (lasted - opening) / (done - early) if done > early else opening / early
        whole = opening + each * (total - early)
        if self.told is None:
            if whole >= LONG_S:
                self.told = now
                said = words("{total:,} runs at most, about {whole:,.0f} s", total=total, whole=whole)
                typer.echo(said, err=True)
        elif not self.seen and now - self.told >= EVERY_S and done < total:
            self.told = now
            left = whole - lasted
            typer.echo(
                words(
                    "{done:,} of {total:,} runs, about {left:,.0f} s left", done=done, total=total, left=left
                ),
                err=True,
            )


_AT_ONCE = 4
"""Runs from which on an estimate is made (chosen)."""


def _unseen(done: int, total: int) -> None:
    """Progress that nobody watches."""


@contextmanager
def progress_bar(
    title: str, *, quiet: bool = False, runs: bool = True, language: Language | None = None
) -> Iterator[Callable[[int, int], None]]:
    """A function to call with (done, in all); the bar is drawn only where somebody watches.

    Args:
        title: of the bar.
        quiet: nothing is said.
        runs: what is counted are runs: how long they will last is said once the first have ended.
        language: of what is said; the terminal's if left out.
    """
    import sys

    seen = sys.stderr.isatty()
    tell = Lines(seen=seen, words=Words(spoken(language))) if runs else _unseen
    if quiet or not seen:
        yield _unseen if quiet else tell
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None)

        def both(done: int, total: int) -> None:
            tell(done, total)
            bar.update(task, completed=done, total=total)

        yield both
