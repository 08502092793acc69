"""Ctrl-C at a good moment: signals wait until machine code and the hour around it are done.

Python calls its signal handlers between any two of its instructions. One that raises while machine
code reads its arguments takes the whole process down, and one that raises in the middle of an hour
leaves half an hour behind. So whoever calls machine code for longer than a moment does it `deferred`:
handlers then only note the signal, and are called when the block ends. Around whole pieces of work
(building a world, an hour, a closed form), never around single rules: swapping handlers takes longer
than a rule. Knows nothing of what it protects.

Neither way around this works: a mask on the signal (another thread takes it, and the handler still
runs in the main one), or doing the work in another thread (debuggers, Windows).
"""

# What `signal` wraps: its own functions look each handler up in an enum, ten times the time of all else here.
import _signal  # type: ignore[import-not-found]
import _thread
import inspect
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ContextDecorator, contextmanager
from types import FrameType
from typing import Any

Handler = Callable[[int, FrameType | None], Any]

SIGNALS: tuple[int, ...] = tuple(
    int(getattr(signal, name))
    for name in (("SIGINT", "SIGBREAK") if sys.platform == "win32" else ("SIGINT", "SIGTERM", "SIGALRM"))
)
"""What people, schedulers and timers interrupt with."""
_AGAIN_S = 0.01
"""After which an interrupt that was raised where Python drops it comes again [s]."""
INTERRUPTED, TERMINATED = 128 + signal.SIGINT, 128 + signal.SIGTERM
"""Exit statuses after SIGINT and SIGTERM, as shells count them."""


class _Notes:
    """A handler that notes signals while it is held, and passes them on before and after."""

    def __init__(self) -> None:
        self.handlers: dict[int, Handler] = {}
        self.caught: list[int] = []
        self.depth = 1

    def __call__(self, number: int, frame: FrameType | None) -> None:
        if _held is self:
            self.caught.append(number)
        else:
            self.handlers[number](number, frame)

    def put(self) -> None:
        """Takes the place of the handlers that Python code has set; what C code set, or nobody, stays."""
        for number in SIGNALS:
            handler = _signal.getsignal(number)
            if callable(handler):
                self.handlers[number] = handler
                _signal.signal(number, self)

    def back(self) -> None:
        """Puts the handlers back, but where the block has set another one."""
        for number, handler in self.handlers.items():
            if _signal.getsignal(number) is self:
                _signal.signal(number, handler)

    def deliver(self) -> None:
        """Calls the handlers of what was noted, each once, in the order of arrival."""
        caught, self.caught = list(dict.fromkeys(self.caught)), []
        self._call(caught)

    def _call(self, numbers: list[int]) -> None:
        if numbers:
            try:
                self.handlers[numbers[0]](numbers[0], inspect.currentframe())
            finally:  # one that raises does not silence the others
                self._call(numbers[1:])


_held: _Notes | None = None
"""What notes signals now: the main thread's."""


class deferred(ContextDecorator):  # noqa: N801  used as a word of the language, `with deferred():`
    """A block, or as a decorator a function, in which signals wait until it ends.

    The handlers of SIGINT, SIGTERM and SIGALRM (Windows: SIGINT and SIGBREAK) are then called as if the
    signals had come at the end; an exception of the block is the context of what they raise. Only
    handlers set from Python: others, and the default, act at once. Blocks within blocks and in other
    threads, where Python calls no handlers, do nothing.

    Example:
        >>> try:
        ...     with deferred():
        ...         signal.raise_signal(signal.SIGINT)
        ...         print("the hour ends")
        ... except KeyboardInterrupt:
        ...     print("and then the work")
        the hour ends
        and then the work
    """

    def __enter__(self) -> None:
        global _held  # noqa: PLW0603  handlers are the process's, too
        if not _here():
            return
        if _held is not None:
            _held.depth += 1
            return
        notes = _Notes()
        try:
            notes.put()
        except BaseException:  # one that is not replaced yet may still raise
            notes.back()
            raise
        _held = notes

    def __exit__(self, *_: object) -> None:
        global _held
        if not _here() or _held is None:
            return
        _held.depth -= 1
        if _held.depth:
            return
        notes, _held = _held, None
        try:
            notes.back()
        finally:  # one that is back already may raise before all are
            notes.back()
            notes.deliver()


def _here() -> bool:
    """Whether this is the thread that Python calls handlers in."""
    return threading.get_ident() == threading.main_thread().ident


def act() -> None:
    """Inside a deferred block, a moment at which signals do no harm: calls the handlers of those that wait.

    For blocks that last as long as somebody else wants: they wait in pieces, and ask in between.
    """
    if _held is not None and _here():
        _held.deliver()


def _interrupt_main(number: int) -> None:
    """Sends the main thread a signal, which wakes it where it waits, or (Windows) finds it when it wakes."""
    if sys.platform == "win32":
        _thread.interrupt_main(number)
    else:
        signal.pthread_kill(threading.main_thread().ident or 0, number)


@contextmanager
def terminable() -> Iterator[Callable[[], int]]:
    """Lets SIGTERM end the block as Ctrl-C does, by KeyboardInterrupt, and neither be lost.

    Python drops what is raised while it clears up (a finalizer, a weak reference's callback), an
    interrupt too, and says so on stderr. Such a one comes again a moment later instead.

    Yields:
        The exit status of whoever was ended by one of them.
    """
    ended: list[int] = []
    report = sys.unraisablehook

    def end(number: int, frame: FrameType | None) -> None:
        ended.append(number)
        raise KeyboardInterrupt

    def again(dropped: "sys.UnraisableHookArgs") -> None:
        if not issubclass(dropped.exc_type, KeyboardInterrupt):
            report(dropped)
            return
        number = ended[-1] if ended else signal.SIGINT
        later = threading.Timer(_AGAIN_S, _interrupt_main, (number,))  # here it would be dropped again
        later.daemon = True
        later.start()

    unset = _here() and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL  # else somebody has other plans
    if unset:
        signal.signal(signal.SIGTERM, end)
    sys.unraisablehook = again
    try:
        yield lambda: TERMINATED if ended else INTERRUPTED
    finally:
        sys.unraisablehook = report
        if unset:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
        # Python remembers an interrupt that passed through code run from text (such as a namedtuple's when
        # it is imported), and at its end would kill itself by SIGINT for it. Other text clears that.
        exec("")  # noqa: S102
