"""Where a cluster is and who asks, from kubeconfig files, as kubectl reads them; else from the account of a pod.

Files are merged as client-go's `ClientConfigLoadingRules` merges them: of several entries of one name the first holds,
and paths are relative to the file that they stand in. Nothing is written.
"""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cmpolicy.cluster.problems import ConfigError, problem
from cmpolicy.diagnostics import Diagnostic
from cmpolicy.values import Json, JsonMap
from cmpolicy.yaml.reader import read_text

ACCOUNT = Path("/var/run/secrets/kubernetes.io/serviceaccount")
IN_CLUSTER = "in-cluster"
"""The name of the context of a pod's own account."""
SECTIONS = {"clusters": "cluster", "users": "user", "contexts": "context"}


@dataclass(frozen=True, slots=True)
class Entry:
    """A map of a kubeconfig, what it is called in messages, and the folder of its file. What it holds is never shown."""

    held: JsonMap = field(repr=False)
    called: str
    folder: Path

    def text(self, name: str) -> str:
        """A text, empty if it is not there. Raises `ConfigError` for what is no text."""
        value = self.held.get(name)
        if value is not None and not isinstance(value, str):
            raise bad(f"{self.called}: `{name}` is no text")
        return value or ""

    def flag(self, name: str) -> bool:
        """True if it is there and true. Raises `ConfigError` for what is neither true nor false."""
        value = self.held.get(name)
        if value is not None and not isinstance(value, bool):
            raise bad(f"{self.called}: `{name}` is neither true nor false")
        return value or False

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts, empty if it is not there. Raises `ConfigError` for what is none."""
        value = self.held.get(name)
        found = value if isinstance(value, list) else []
        if not isinstance(value, list | None) or not all(isinstance(each, str) for each in found):
            raise bad(f"{self.called}: `{name}` is no list of texts")
        return tuple(str(each) for each in found)

    def entry(self, name: str) -> Entry | None:
        """A map in it, None if it is not there. Raises `ConfigError` for what is no map."""
        value = self.held.get(name)
        if value is None:
            return None
        if not isinstance(value, Mapping):
            raise bad(f"{self.called}: `{name}` is no map")
        return Entry(value, f"{self.called}, `{name}`", self.folder)

    def entries(self, name: str) -> Iterator[Entry]:
        """The maps of a list in it. Raises `ConfigError` for what is none."""
        value = self.held.get(name)
        if not isinstance(value, list | None):
            raise bad(f"{self.called}: `{name}` is no list")
        for each in value or []:
            if not isinstance(each, Mapping):
                raise bad(f"{self.called}: `{name}` holds what is no map")
            yield Entry(each, f"{self.called}, `{name}`", self.folder)

    def file(self, name: str) -> Path | None:
        """The file that it names."""
        named = self.text(name)
        return self.folder / named if named else None

    def content(self, name: str) -> bytes:
        """What `NAME-data` holds in base64, or else the file that `NAME` names; empty if neither is there."""
        if data := self.text(f"{name}-data"):
            return self._decoded(f"{name}-data", data)
        path = self.file(name)
        if path is None:
            return b""
        try:
            return path.read_bytes()
        except OSError as error:
            raise bad(f"{self.called}: `{path}`, its `{name}`: {(error.strerror or str(error)).lower()}") from error

    def _decoded(self, name: str, data: str) -> bytes:
        try:
            return base64.b64decode("".join(data.split()), validate=True)
        except binascii.Error:
            raise bad(f"{self.called}: `{name}` is no base64") from None


@dataclass(frozen=True, slots=True)
class Access:
    """A context: its name, its cluster and its user."""

    context: str
    cluster: Entry
    user: Entry


def find_access(context: str | None, file: Path | None, environment: Mapping[str, str]) -> Access:
    """The context of this name, or the current one: of `file`, or of the files that the environment and the home name.

    Without any file, that of the pod that this runs in. Raises `ConfigError` if there is none, or it cannot be read.
    """
    paths = (file,) if file else default_files(environment)
    entries = [_read(path) for path in paths if file or path.is_file()]
    if entries:
        return _chosen(entries, context, paths)
    if context is None and (inside := _account(environment)):
        return inside
    looked = " or ".join(f"`{path}`" for path in paths)
    raise bad(f"there is no kubeconfig at {looked}", "`--kubeconfig FILE` names one, or `KUBECONFIG`")


def default_files(environment: Mapping[str, str]) -> tuple[Path, ...]:
    """The files of `KUBECONFIG`, or else `~/.kube/config`."""
    named = tuple(Path(each) for each in environment.get("KUBECONFIG", "").split(os.pathsep) if each)
    home = environment.get("HOME") or environment.get("USERPROFILE") or "~"
    return named or (Path(home).expanduser() / ".kube" / "config",)


def _read(path: Path) -> Entry:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise bad(f"`{path}` cannot be read: {(error.strerror or str(error)).lower()}") from error
    except ValueError:
        raise bad(f"`{path}` is not UTF-8") from None
    read = list(read_text(text, str(path)))
    # Neither the line nor what is wrong with it is shown: it may be a secret.
    if wrong := next((each for each in read if isinstance(each, Diagnostic)), None):
        raise bad(f"`{path}` is no YAML at line {wrong.line}", "`kubectl config view` says what is wrong with it")
    values: list[Json] = [each.value for each in read if not isinstance(each, Diagnostic)]
    held = values[0] if values else {}
    if not isinstance(held, Mapping):
        raise bad(f"`{path}` is no kubeconfig: it is not a map")
    return Entry(held, f"`{path}`", path.absolute().parent)


def _chosen(files: Sequence[Entry], wanted: str | None, paths: Sequence[Path]) -> Access:
    current = next(filter(None, (each.text("current-context") for each in files)), "")
    name = wanted or current
    if not name:
        raise bad(
            "the kubeconfig has no current context", "`--context NAME` names one, or `kubectl config use-context`"
        )
    context = _named(files, "contexts", name)
    cluster = context.text("cluster")
    if not cluster:
        raise bad(f"context `{name}` names no cluster")
    user = context.text("user")
    nobody = Entry({}, "no user", paths[0].parent)
    return Access(name, _named(files, "clusters", cluster), _named(files, "users", user) if user else nobody)


def _named(files: Sequence[Entry], section: str, name: str) -> Entry:
    """The first entry of this name in any of the files."""
    what, known = SECTIONS[section], []
    for each in (entry for file in files for entry in file.entries(section)):
        if each.text("name") == name:
            held = each.held.get(what)
            if held is not None and not isinstance(held, Mapping):
                raise bad(f"{what} `{name}` is no map")
            return Entry(held or {}, f"{what} `{name}`", each.folder)
        known.append(each.text("name"))
    raise bad(f"there is no {what} `{name}` in the kubeconfig", _remedy(what, name, known))


def _remedy(what: str, name: str, known: Sequence[str]) -> str:
    from cmpolicy.selection import unknown

    return unknown(what, name, known, listing="kubectl config get-contexts").help


def _account(environment: Mapping[str, str]) -> Access | None:
    """The account of the pod that this runs in."""
    host, port = (environment.get(f"KUBERNETES_SERVICE_{part}", "") for part in ("HOST", "PORT"))
    if not host or not port or not (ACCOUNT / "token").is_file():
        return None
    server = f"https://[{host}]:{port}" if ":" in host else f"https://{host}:{port}"
    cluster: JsonMap = {"server": server, "certificate-authority": str(ACCOUNT / "ca.crt")}
    user: JsonMap = {"tokenFile": str(ACCOUNT / "token")}
    return Access(IN_CLUSTER, Entry(cluster, "the pod's cluster", ACCOUNT), Entry(user, "the pod's account", ACCOUNT))


def bad(message: str, remedy: str = "") -> ConfigError:
    """What to tell of a kubeconfig that cannot be used."""
    return ConfigError(problem(message, remedy, "kubeconfig"))
