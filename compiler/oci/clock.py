"""How long a command may take in all, how it waits, and how its threads learn that it is over."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event

from cmpolicy.diagnostics import CmpolicyError, Diagnostic


@dataclass(frozen=True)
class Clock:
    """Seconds that are left until the deadline; pauses can be replaced by tests."""

    seconds: float
    pause: Callable[[float], object] | None = None
    stopped: Event = field(default_factory=Event)
    started: float = field(default_factory=time.monotonic)

    def left(self, what: str) -> float:
        """The seconds that are left. Raises `CmpolicyError`, which names what took so long, when there are none."""
        if self.stopped.is_set():
            raise CmpolicyError(Diagnostic("registry", f"{what} was given up"))
        left = self.started + self.seconds - time.monotonic()
        if left <= 0:
            raise self.out_of_time(what)
        return left

    def wait(self, seconds: float, what: str, why: str) -> None:
        """Wait. Raises `CmpolicyError` at once if the deadline would be over by then."""
        if seconds >= self.left(what):
            raise self.out_of_time(what, why)
        # Who waits is woken when the command is over.
        (self.pause or self.stopped.wait)(seconds)

    def out_of_time(self, what: str, why: str = "") -> CmpolicyError:
        """What to tell when the time is over."""
        problem = f"{what} did not end within {self.seconds:g} s" + (f": {why}" if why else "")
        return CmpolicyError(Diagnostic("registry", problem, help="try again later, or give more time by `--timeout`"))
