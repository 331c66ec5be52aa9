"""Work in processes of their own, beside this one: other processors take it, where there are any."""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from typing import NoReturn, TypeVar

from cmpolicy.signals import signals_held

T = TypeVar("T")
R = TypeVar("R")

MANY = 10
"""So many rules take longer than it takes to start a process."""
_MOST_LOTS = 2000
"""So many numbers of two bytes fit into every pipe at once."""


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


def spread(make: Callable[[T], R], over: Sequence[T], *, processes: int) -> list[R]:
    """What `make` makes of each, in their order; it can be pickled. At most so many processes make it, this one among them.

    Each takes what is next whenever it is done with something, so all end at the same time if what takes long comes first.
    What a process that fails has taken is made in this one.
    """
    if processes <= 1:
        return [make(each) for each in over]
    lots = [range(start, len(over), _MOST_LOTS) for start in range(min(len(over), _MOST_LOTS))]
    made: dict[int, R] = {}
    with _numbers(len(lots)) as taken, ExitStack() as others:

        def make_taken() -> dict[int, R]:
            return {number: make(over[number]) for lot in taken for number in lots[lot]}

        waited_for = [others.enter_context(beside(make_taken)) for _ in range(min(processes, len(lots)) - 1)]
        made |= make_taken()
        for other in waited_for:
            made |= other()
    return [made[number] if number in made else make(each) for number, each in enumerate(over)]


@contextmanager
def _numbers(count: int) -> Iterator[Iterator[int]]:
    """The numbers up to this one, of which each is given once, whichever of the processes asks for the next."""
    reading, writing = os.pipe()
    with open(reading, "rb", buffering=0) as pipe:
        with open(writing, "wb") as all_of_them:
            all_of_them.write(b"".join(number.to_bytes(2, "big") for number in range(count)))
        yield (int.from_bytes(number, "big") for number in iter(lambda: pipe.read(2), b""))


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
