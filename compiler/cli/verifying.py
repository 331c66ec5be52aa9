"""What the commands share that verify what was published."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import click
from cmpolicy.cli.options import PATH, TEXT
from cmpolicy.diagnostics import CmpolicyError, Diagnostic
from cmpolicy.sign.identity import Identity

if TYPE_CHECKING:
    from cmpolicy.oci.verified import Check, Verified
    from cmpolicy.sign.trusted import Trusted

P = ParamSpec("P")
R = TypeVar("R")

NOT_VERIFIED = 1
"""The exit code: something was found. 2 means that nobody knows."""


def who_options(command: Callable[P, R]) -> Callable[P, R]:
    """`--key`, or `--identity` and `--issuer`, and what vouches for those."""
    key = click.option("--key", type=PATH, metavar="FILE", help="Who signed: this public key, such as cosign.pub.")
    identity = click.option(
        "--identity", type=TEXT, metavar="NAME", help="Who signed, if without a key: this identity."
    )
    issuer = click.option("--issuer", type=TEXT, metavar="URL", help="Who vouched for the identity.")
    return key(identity(issuer(trust_option(command))))


def trust_option(command: Callable[P, R]) -> Callable[P, R]:
    """`--trust-config`."""
    told = "Where Fulcio and Rekor are and what is trusted, as Sigstore's tools read it. [default: Sigstore's own]"
    return click.option("--trust-config", "trust", type=PATH, metavar="FILE", help=told)(command)


def who(key: Path | None, identity: str | None, issuer: str | None, trust: Path | None) -> Trusted | None:
    """Who must have signed; None if nobody is named. Raises `CmpolicyError` if it is not clear who."""
    if (identity is None) != (issuer is None) or (key is not None and identity is not None):
        raise _unclear("`--identity` and `--issuer` are given together, and without `--key`")
    if trust is not None and identity is None:
        raise _unclear("`--trust-config` is for `--identity`, which is not given")
    if key is not None:
        from cmpolicy.sign.files import load_public

        return load_public(key)
    return None if identity is None or issuer is None else Identity(identity, issuer, trust)


def _unclear(problem: str) -> CmpolicyError:
    return CmpolicyError(Diagnostic("usage", problem))


def bare_option(command: Callable[P, R]) -> Callable[P, R]:
    """`--without-provenance`."""
    return click.option(
        "--without-provenance", "bare", is_flag=True, help="Ask for a signature alone, and not for provenance."
    )(command)


def diagnostics(found: Verified) -> tuple[Diagnostic, ...]:
    """What failed, for people; none if everything is verified."""
    return tuple(Diagnostic("verify", _problem(each)) for each in found.problems)


def _problem(check: Check) -> str:
    of = f" of `{check.artifact}`" if check.artifact else ""
    return f"{check.what}{of} not verified: {check.problem}"
