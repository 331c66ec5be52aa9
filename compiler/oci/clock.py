"""How long a command may take in all, and how it waits."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from cmpolicy.diagnostics import CmpolicyError, Diagnostic


@dataclass(frozen=True)
class Clock:
    """Seconds that are left until the deadline; waiting and looking at the time can be replaced by tests."""

    seconds: float
    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    started: float = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "started", self.now())

    def left(self, what: str) -> float:
        """The seconds that are left. Raises `CmpolicyError`, which names what took so long, when there are none."""
        left = self.started + self.seconds - self.now()
        if left <= 0:
            raise self.out_of_time(what)
        return left

    def wait(self, seconds: float, what: str, why: str) -> None:
        """Wait. Raises `CmpolicyError` at once if the deadline would be over by then."""
        if seconds >= self.left(what):
            raise self.out_of_time(what, why)
        self.sleep(seconds)

    def out_of_time(self, what: str, why: str = "") -> CmpolicyError:
        """What to tell when the time is over."""
        problem = f"{what} did not end within {self.seconds:g} s" + (f": {why}" if why else "")
        return CmpolicyError(Diagnostic("registry", problem, help="try again later, or give more time by `--timeout`"))
