"""Ctrl-C and termination, held back where they would leave something half done."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

TERMINATIONS = (signal.SIGTERM,) if sys.platform == "win32" else (signal.SIGTERM, signal.SIGHUP)
"""What asks a process to end: a request, and a terminal that is gone."""
HELD = (signal.SIGINT, *TERMINATIONS)


@contextmanager
def signals_held() -> Iterator[None]:
    """Hold back Ctrl-C and termination until the block is over.

    By handlers and not by a mask, which is of one thread: the system would hand the signal to another thread, and
    Python run its handler in this one all the same. In other threads than the main one nothing has to be held.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    # One that was not set from Python cannot be put back.
    handlers = {number: handler for number in HELD if (handler := signal.getsignal(number)) is not None}
    try:
        for number in handlers:
            signal.signal(number, lambda number, _: came.append(number))
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        for each in came:
            signal.raise_signal(each)
