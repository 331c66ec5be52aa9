"""Credentials as docker and podman keep them: `config.json`, `auth.json` and credential helpers. Nothing is written.

The files, first that has something for the registry: `REGISTRY_AUTH_FILE` alone if it is set; else `DOCKER_CONFIG`, or
`~/.docker`, `config.json`; then podman's `containers/auth.json` below `XDG_RUNTIME_DIR` and below the user's configuration.
"""

from __future__ import annotations

import base64
import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from cmpolicy.diagnostics import CmpolicyError, Diagnostic
from cmpolicy.ir_json.read import DecodeError, mapping
from cmpolicy.oci.reference import DOCKER_HUB
from cmpolicy.values import Json, JsonMap

HELPER_SECONDS = 30
DOCKER_HUB_KEYS = ("https://index.docker.io/v1/", "index.docker.io", DOCKER_HUB)
TOKEN_USER = "<token>"
"""What a helper gives as the user of an identity token."""
NOT_FOUND = "credentials not found"

_HELPER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True, slots=True, repr=False)
class Credentials:
    """A user and a password, or an identity token that is exchanged for others. They are never shown."""

    user: str = ""
    password: str = ""
    identity_token: str = ""

    @property
    def basic(self) -> str:
        """The header of basic authentication."""
        return f"Basic {base64.b64encode(f'{self.user}:{self.password}'.encode()).decode()}"


def find(host: str, repository: str, environment: Mapping[str, str]) -> Credentials | None:
    """The credentials for a repository; None if none are kept. Raises `CmpolicyError` for files that cannot be read."""
    for path in files(environment):
        if path.is_file() and (found := _in_file(path, host, repository, environment)) is not None:
            return found
    return None


def files(environment: Mapping[str, str]) -> Iterator[Path]:
    """Where credentials may be, in order."""
    if named := environment.get("REGISTRY_AUTH_FILE"):
        yield Path(named)
        return
    home = Path(environment.get("HOME") or environment.get("USERPROFILE") or "~").expanduser()
    docker = environment.get("DOCKER_CONFIG")
    yield (Path(docker) if docker else home / ".docker") / "config.json"
    if runtime := environment.get("XDG_RUNTIME_DIR"):
        yield Path(runtime) / "containers" / "auth.json"
    yield Path(environment.get("XDG_CONFIG_HOME") or home / ".config") / "containers" / "auth.json"


def _in_file(path: Path, host: str, repository: str, environment: Mapping[str, str]) -> Credentials | None:
    try:
        config = mapping(json.loads(path.read_text(encoding="utf-8")))
        names = _names(host, repository)
        helpers, auths = _map(config, "credHelpers"), _map(config, "auths")
        for name in names:
            if isinstance(helper := helpers.get(name), str) and helper:
                return _of_helper(helper, name, environment)
        if isinstance(store := config.get("credsStore"), str) and store:
            found = next(filter(None, (_of_helper(store, name, environment) for name in _keys(host))), None)
            if found is not None:
                return found
        entries = {_plain(key): value for key, value in auths.items()}
        return next(filter(None, (_entry(entries[name]) for name in map(_plain, names) if name in entries)), None)
    except OSError as error:
        raise _unread(path, (error.strerror or str(error)).lower()) from error
    except (DecodeError, ValueError, RecursionError) as error:
        # What is wrong may hold a password: it is not shown.
        raise _unread(path, "it is not as docker and podman write it") from error


def _unread(path: Path, why: str) -> CmpolicyError:
    remedy = "`docker login` or `podman login` write it anew"
    return CmpolicyError(Diagnostic("credentials", f"`{path}`: {why}", help=remedy))


def _names(host: str, repository: str) -> tuple[str, ...]:
    """Keys that are for the repository, the narrowest first: podman keeps credentials for parts of a registry."""
    parts = repository.split("/")
    narrower = (f"{host}/{'/'.join(parts[:length])}" for length in range(len(parts), 0, -1))
    return (*narrower, *_keys(host))


def _keys(host: str) -> tuple[str, ...]:
    return DOCKER_HUB_KEYS if host == DOCKER_HUB else (host,)


def _plain(key: str) -> str:
    """`https://ghcr.io/v1/`, as docker once wrote keys, is `ghcr.io`."""
    if key in DOCKER_HUB_KEYS:
        return DOCKER_HUB
    for scheme in ("https://", "http://"):
        if key.startswith(scheme):
            return key.removeprefix(scheme).partition("/")[0]
    return key


def _map(config: JsonMap, name: str) -> JsonMap:
    found = config.get(name)
    return {} if found is None else mapping(found)


def _entry(raw: Json) -> Credentials | None:
    entry = mapping(raw)

    def text(name: str) -> str:
        value = entry.get(name)
        return value if isinstance(value, str) else ""

    if token := text("identitytoken"):
        return Credentials(identity_token=token)
    if text("username"):
        return Credentials(text("username"), text("password"))
    user, colon, password = base64.b64decode(text("auth"), validate=True).decode().partition(":")
    return Credentials(user, password.strip("\0")) if colon and user else None


def _of_helper(helper: str, name: str, environment: Mapping[str, str]) -> Credentials | None:
    if not _HELPER.fullmatch(helper):
        raise DecodeError("a helper's name is no name")
    program = f"docker-credential-{helper}"
    try:
        done = subprocess.run(
            [program, "get"],
            input=name.encode(),
            capture_output=True,
            timeout=HELPER_SECONDS,
            check=False,
            env=dict(environment),
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        why = "did not answer" if isinstance(error, subprocess.TimeoutExpired) else "cannot be run"
        raise _helper_failed(program, why, "install it, or log in anew without it") from error
    if done.returncode != 0:
        # Helpers say on standard output why they fail, and fail for what they do not keep.
        if NOT_FOUND in done.stdout.decode(errors="replace").lower():
            return None
        raise _helper_failed(program, f"failed for `{name}`", f"`echo {name} | {program} get` shows why")
    return _told(program, done.stdout)


def _told(program: str, told: bytes) -> Credentials | None:
    try:
        answer = mapping(json.loads(told))
    except (ValueError, RecursionError) as error:
        raise _helper_failed(program, "says what is no JSON", "see whether there is a newer one") from error
    user, secret = answer.get("Username"), answer.get("Secret")
    if not isinstance(user, str) or not isinstance(secret, str) or not secret:
        return None
    return Credentials(identity_token=secret) if user == TOKEN_USER else Credentials(user, secret)


def _helper_failed(program: str, why: str, remedy: str) -> CmpolicyError:
    return CmpolicyError(Diagnostic("credentials", f"the credential helper `{program}` {why}", help=remedy))
