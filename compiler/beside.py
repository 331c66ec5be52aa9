"""Work in a process of its own, beside this one: a second processor takes it, where there is one."""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import NoReturn, TypeVar

from cmpolicy.signals import signals_held

R = TypeVar("R")


@contextmanager
def beside(make: Callable[[], R], *, is_long: bool = True) -> Iterator[Callable[[], R]]:
    """Start to make something that can be pickled; what the block gets waits for it, and may be called once.

    Where no process can be forked, where that is not long to make, and whenever a process fails, it is made in this one
    when it is waited for: an error is then raised here, as if there had been no other process. No process outlives the
    block: where nobody waits for it, it is ended, so that it writes nothing any more.
    """
    if not (is_long and _can_fork()):
        yield make
        return
    reading, writing = os.pipe()
    with ExitStack() as ended, open(reading, "rb") as pipe:
        child = _forked(make, writing, ended)

        def made() -> R:
            content = pipe.read()
            ended.pop_all()
            _, status = os.waitpid(child, 0)
            if status != 0:
                return make()
            found: R = pickle.loads(content)
            return found

        yield made


def _can_fork() -> bool:
    """Whether a fork is safe and of use: on macOS system libraries do not survive one, nor do threads anywhere."""
    is_safe = hasattr(os, "fork") and sys.platform != "darwin" and threading.active_count() == 1
    return is_safe and (os.cpu_count() or 1) > 1


def _forked(make: Callable[[], object], writing: int, ended: ExitStack) -> int:
    """The process that makes it, which ends with the stack even if a signal comes before anything else happens.

    There signals stay held back: it has the parent's clean-ups on its stack, and the parent ends it.
    """
    with signals_held():
        child = os.fork()
        if child == 0:
            _make_in_child(make, writing)
        os.close(writing)
        ended.callback(_end, child)
    return child


def _end(child: int) -> None:
    with suppress(ProcessLookupError, ChildProcessError):
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _make_in_child(make: Callable[[], object], writing: int) -> NoReturn:
    """End the process without what an end does elsewhere: it would flush and clean up what is the parent's."""
    status = 1
    with suppress(BaseException):
        with open(writing, "wb") as pipe:
            pickle.dump(make(), pipe, pickle.HIGHEST_PROTOCOL)
        status = 0
    os._exit(status)
