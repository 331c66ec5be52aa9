"""Work in another process gives what it would have given here, errors too."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from typing import TypeVar

import pytest
from cmpolicy.beside import MANY, beside, spread
from cmpolicy.load import built_in_packs, load_packs
from cmpolicy.pipeline import Folder, package, package_all
from cmpolicy.targets import TARGETS, load_target
from cmpolicy.targets.protocol import Options

HERE = os.getpid()
IS_FORKED = hasattr(os, "fork") and sys.platform != "darwin"
T = TypeVar("T")


def made(make: Callable[[], T]) -> T:
    with beside(make) as wait:
        return wait()


def test_what_is_made_beside_is_what_is_given_back() -> None:
    with beside(lambda: {"made": ("a" * 100_000, 1)}) as wait:
        assert wait() == {"made": ("a" * 100_000, 1)}


def test_it_is_made_in_a_process_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    assert (made(os.getpid) != HERE) is IS_FORKED


def test_several_are_made_at_once() -> None:
    with ExitStack() as stack:
        waiting = [stack.enter_context(beside(partial(pow, number, 2))) for number in range(3)]
        assert [wait() for wait in reversed(waiting)] == [4, 1, 0]


@pytest.mark.parametrize("processors", [1, None])
def test_one_processor_does_it_here(monkeypatch: pytest.MonkeyPatch, processors: int | None) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: processors)
    assert made(os.getpid) == HERE


def test_what_is_not_long_to_make_is_made_here() -> None:
    with beside(os.getpid, is_long=False) as wait:
        assert wait() == HERE


def test_beside_threads_nothing_is_forked() -> None:
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    with beside(os.getpid) as wait:
        done.set()
        thread.join()
        assert wait() == HERE


def test_an_error_is_raised_here() -> None:
    def fail() -> int:
        raise ValueError(f"in {os.getpid()}")

    with pytest.raises(ValueError, match=f"in {HERE}"):
        made(fail)


def test_what_cannot_be_sent_is_made_here() -> None:
    assert made(lambda: (lambda: os.getpid()))() == HERE


def test_what_ends_the_other_process_is_done_here() -> None:
    assert made(lambda: HERE if os.getpid() == HERE else os.kill(os.getpid(), signal.SIGKILL)) == HERE


@pytest.mark.parametrize("error", [KeyboardInterrupt(), ValueError()], ids=["interrupt", "error"])
def test_what_nobody_waits_for_is_ended(error: BaseException) -> None:
    def fail() -> None:
        with beside(signal.pause):
            raise error

    with pytest.raises(type(error)):
        fail()
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


@pytest.mark.parametrize("number", [0, 1, 7, 5001])
@pytest.mark.parametrize("processes", [0, 1, 3])
def test_what_is_spread_is_made_once_each_and_stays_in_order(number: int, processes: int) -> None:
    assert spread(lambda each: each * each, range(number), processes=processes) == [each**2 for each in range(number)]


def test_processes_share_what_is_spread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    monkeypatch.setattr(threading, "active_count", lambda: 1)
    reading, writing = os.pipe()

    def wait_for_the_other(number: int) -> int:
        if IS_FORKED and number == 0:
            assert os.read(reading, 1)
        else:
            assert os.write(writing, b"x")
        return os.getpid()

    assert (len({HERE, *spread(wait_for_the_other, range(2), processes=2)}) == 2) is IS_FORKED


def test_what_a_process_that_ended_took_is_made_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)

    def die_elsewhere(number: int) -> int:
        if os.getpid() != HERE:
            os.kill(os.getpid(), signal.SIGKILL)
        return number

    assert spread(die_elsewhere, range(100), processes=2) == [*range(100)]


def test_an_error_in_what_is_spread_is_raised_here() -> None:
    def fail(number: int) -> int:
        raise ValueError(f"in {os.getpid()}")

    with pytest.raises(ValueError, match=f"in {HERE}"):
        spread(fail, range(100), processes=2)
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_rules_that_are_packaged_in_several_processes_give_the_same_folders() -> None:
    rules = [rule for rule in load_packs(built_in_packs()).rules if not rule.is_local][: 2 * MANY + 5]
    targets = [load_target(name) for name in TARGETS]
    together = package_all(rules, targets, Options(), then=lambda part: part, processes=2)
    assert [*map(Folder.joined, together)] == [package(rules, target, Options()) for target in targets]
