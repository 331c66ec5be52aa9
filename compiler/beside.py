"""Work in a process of its own, beside this one: a second processor takes it, where there is one."""

from __future__ import annotations

import os
import pickle
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn, TypeVar

R = TypeVar("R")


def beside(make: Callable[[], R], *, is_long: bool = True) -> Callable[[], R]:
    """Start to make something that can be pickled; what is given back waits for it, and may be called once.

    Where no process can be forked, where that is not long to make, and whenever a process fails, it is made in this one
    when it is waited for: an error is then raised here, as if there had been no other process.
    """
    if not (is_long and _can_fork()):
        return make
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        _make_in_child(make, writing)
    os.close(writing)

    def made() -> R:
        with open(reading, "rb") as pipe:
            content = pipe.read()
        _, status = os.waitpid(child, 0)
        if status != 0:
            return make()
        found: R = pickle.loads(content)
        return found

    return made


def _can_fork() -> bool:
    """Whether a fork is safe and of use: on macOS system libraries do not survive one, nor do threads anywhere."""
    is_safe = hasattr(os, "fork") and sys.platform != "darwin" and threading.active_count() == 1
    return is_safe and (os.cpu_count() or 1) > 1


def _make_in_child(make: Callable[[], object], writing: int) -> NoReturn:
    """End the process without what an end does elsewhere: it would flush and clean up what is the parent's."""
    status = 1
    with suppress(BaseException):
        with open(writing, "wb") as pipe:
            pickle.dump(make(), pipe, pickle.HIGHEST_PROTOCOL)
        status = 0
    os._exit(status)
