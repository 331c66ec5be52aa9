"""A signal that is held back comes after the block, whoever the system hands it to."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress

import pytest
from cmpolicy.signals import signals_held


@pytest.mark.parametrize("others", [0, 1], ids=["alone", "beside-a-thread"])
def test_a_signal_in_the_block_comes_after_it(others: int) -> None:
    reached = []

    def hold() -> None:
        with signals_held():
            interrupt()
            reached.append(True)

    with threads(others), pytest.raises(KeyboardInterrupt):
        hold()
    assert reached == [True]


def test_a_signal_that_is_held_twice_comes_after_both() -> None:
    reached = []

    def hold() -> None:
        with signals_held():
            with signals_held():
                interrupt()
            reached.append(True)

    with pytest.raises(KeyboardInterrupt):
        hold()
    assert reached == [True]


def test_signals_are_what_they_were_after_the_block() -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    with suppress(ValueError), signals_held():
        raise ValueError
    assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before


def test_a_thread_holds_nothing() -> None:
    with ThreadPoolExecutor() as pool:
        assert pool.submit(_held_by_a_thread).result() == signal.getsignal(signal.SIGINT)


def _held_by_a_thread() -> object:
    with signals_held():
        return signal.getsignal(signal.SIGINT)


def interrupt() -> None:
    """Ctrl-C, which has reached a thread of this process, any of them, when this returns."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    before = signal.set_wakeup_fd(writing)
    try:
        os.kill(os.getpid(), signal.SIGINT)
        assert os.read(reading, 1) == bytes([signal.SIGINT])
    finally:
        signal.set_wakeup_fd(before)
        os.close(reading)
        os.close(writing)


@contextmanager
def threads(count: int) -> Iterator[None]:
    """As many threads that wait until the block is over."""
    is_over = threading.Event()
    with ExitStack() as ended:
        for _ in range(count):
            thread = threading.Thread(target=is_over.wait)
            thread.start()
            ended.callback(thread.join)
        ended.callback(is_over.set)
        yield
