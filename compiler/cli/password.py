"""The password of a private key, from where cosign takes it."""

from __future__ import annotations

import os
import sys

import click
from cmpolicy.diagnostics import CmpolicyError, Diagnostic

VARIABLE = "COSIGN_PASSWORD"


def old_password() -> bytes:
    """The password of a key that is there. Raises `CmpolicyError` if nobody can be asked."""
    return _password(new=False)


def new_password() -> bytes:
    """The password of a new key, asked for twice. Raises `CmpolicyError` if nobody can be asked."""
    return _password(new=True)


def _password(*, new: bool) -> bytes:
    given = os.environ.get(VARIABLE)
    if given is not None:
        return os.fsencode(given)
    if not sys.stdin.isatty():
        remedy = f"set `{VARIABLE}`, to nothing if the key shall have no password"
        raise CmpolicyError(Diagnostic("keys", "the key needs a password, and nobody can be asked for it", help=remedy))
    asked: str = click.prompt("Password of the private key", hide_input=True, confirmation_prompt=new, err=True)
    return asked.encode()
