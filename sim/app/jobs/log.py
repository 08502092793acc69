"""What a log says of a fault: where in the code it is, never what the code was at work on.

Messages of errors hold names of files, accounts and scenarios, and those of servers the addresses of
visitors; who runs a server for others should not find them in its log.
"""

import logging
import sys
import threading
import traceback
from typing import Any


def where(error: BaseException) -> str:
    """The frames and kinds of an error and of what led to it, without their messages."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    frames = "".join(traceback.format_tb(error.__traceback__))
    earlier = f"{where(before)}\n" if before is not None else ""
    return f"{earlier}{frames}{type(error).__name__}"


def discreet() -> None:
    """From now on, no logger and no thread of this process says more of an error than `where` does."""
    make = logging.getLogRecordFactory()

    def made(*given: Any, **more: Any) -> logging.LogRecord:
        record = make(*given, **more)
        if record.exc_info and record.exc_info[1] is not None:
            record.exc_text = where(record.exc_info[1])  # which formatters take for their own
        return record

    def ended(told: threading.ExceptHookArgs) -> None:
        if told.exc_value is not None:
            sys.stderr.write(f"{where(told.exc_value)}\n")

    logging.setLogRecordFactory(made)
    threading.excepthook = ended
