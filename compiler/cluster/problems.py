"""What can go wrong between here and a cluster, as exceptions that carry what to tell."""

from __future__ import annotations

from dataclasses import replace

from cmpolicy.diagnostics import CmpolicyError, Diagnostic


class ConfigError(CmpolicyError):
    """How to reach the cluster, or who asks, cannot be told. No message of it shows what a kubeconfig holds secret."""


class Lost(CmpolicyError):
    """The cluster cannot be asked for anything any more: it is not reached, or takes no credentials of ours."""


class Unread(CmpolicyError):
    """One thing could not be read; others may be."""

    def about(self, what: str, remedy: str = "") -> Diagnostic:
        """What to tell of it, where `what` says what was read."""
        (told,) = self.diagnostics
        return replace(told, message=f"{what}: {told.message}", help=told.help or remedy)


class NotThere(Unread):
    """The cluster does not have what was asked for."""


class Expired(Unread):
    """The place where a list was to go on is too old; `again` goes on from it as things are now, "" if nothing does."""

    def __init__(self, again: str) -> None:
        super().__init__(
            problem("it changed while it was read, and the cluster does not say how to go on", "run it again")
        )
        self.again = again


class TooLarge(Unread):
    """An answer is larger than what is kept in memory at once."""


def problem(message: str, remedy: str = "", code: str = "cluster") -> Diagnostic:
    """A diagnostic about a cluster."""
    return Diagnostic(code, message, help=remedy)
