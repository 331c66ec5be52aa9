"""Credential plugins: programs that log in and print an `ExecCredential`, as client-go runs them.

What a plugin writes to stderr goes to the user, such as the address at which to log in. What it prints is never shown.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NoReturn

from cmpolicy.cluster.kubeconfig import Entry, bad
from cmpolicy.content import shown
from cmpolicy.values import JsonMap

API = "client.authentication.k8s.io"
VERSIONS = (f"{API}/v1", f"{API}/v1beta1")
SILENT_SECONDS = 60
"""How long a plugin may take that nobody can talk to."""
CLUSTER_FIELDS = ("server", "tls-server-name", "insecure-skip-tls-verify", "certificate-authority-data", "proxy-url")


@dataclass(frozen=True, slots=True)
class Credential:
    """What a plugin gave: a token, or a certificate and its key in PEM, and until when they are good."""

    token: str = field(default="", repr=False)
    certificate: str = field(default="", repr=False)
    key: str = field(default="", repr=False)
    until: datetime | None = None

    @property
    def is_over(self) -> bool:
        """Whether it is good no longer."""
        return self.until is not None and datetime.now(UTC) >= self.until


def ask(entry: Entry, cluster: Entry, environment: Mapping[str, str]) -> Credential:
    """Run the plugin of a user's `exec`. Raises `ConfigError` for one that cannot be run, or that gives nothing."""
    version, command = entry.text("apiVersion"), entry.text("command")
    if version not in VERSIONS:
        raise bad(
            f"{entry.called}: `apiVersion` is none of {', '.join(VERSIONS)}", "update the plugin and its kubeconfig"
        )
    if not command:
        raise bad(f"{entry.called} names no `command`")
    interactive = _is_interactive(entry, command)
    info = _info(version, cluster if entry.flag("provideClusterInfo") else None, interactive)
    given = {**environment, **_variables(entry), "KUBERNETES_EXEC_INFO": json.dumps(info)}
    return _credential(command, version, _run(entry, command, given, interactive))


def _is_interactive(entry: Entry, command: str) -> bool:
    mode = entry.text("interactiveMode") or "IfAvailable"
    if mode not in ("Never", "IfAvailable", "Always"):
        raise bad(f"{entry.called}: `interactiveMode` is none of Never, IfAvailable and Always")
    here = sys.stdin is not None and sys.stdin.isatty()
    if mode == "Always" and not here:
        raise bad(f"`{shown(command)}` wants to ask somebody, and nobody is there", "run it in a terminal")
    return here and mode != "Never"


def _info(version: str, cluster: Entry | None, interactive: bool) -> JsonMap:
    spec: dict[str, bool | JsonMap] = {"interactive": interactive}
    if cluster is not None:
        held = {name: cluster.held[name] for name in CLUSTER_FIELDS if name in cluster.held}
        authority = (
            {"certificate-authority-data": _authority(cluster)} if "certificate-authority" in cluster.held else {}
        )
        spec["cluster"] = {**held, **authority}
    return {"apiVersion": version, "kind": "ExecCredential", "spec": spec}


def _authority(cluster: Entry) -> str:
    return base64.b64encode(cluster.content("certificate-authority")).decode()


def _variables(entry: Entry) -> dict[str, str]:
    return {each.text("name"): each.text("value") for each in entry.entries("env") if each.text("name")}


def _run(entry: Entry, command: str, environment: Mapping[str, str], interactive: bool) -> bytes:
    name, hint = shown(command), entry.text("installHint") or "install it, or correct the kubeconfig"
    # A path is relative to its kubeconfig; a name alone is looked for as a shell does.
    is_path = bool(os.path.dirname(command))
    program = str(entry.folder / command) if is_path else shutil.which(command, path=environment.get("PATH"))
    try:
        if program is None:
            raise FileNotFoundError
        done = subprocess.run(
            [program, *entry.texts("args")],
            stdin=None if interactive else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            env=environment,
            timeout=None if interactive else SILENT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise bad(
            f"the credential plugin `{name}` did not answer in {SILENT_SECONDS} s", f"run `{name}` by hand"
        ) from None
    except (OSError, ValueError):
        # A NUL in an argument is a ValueError.
        raise bad(f"the credential plugin `{name}` cannot be run", hint) from None
    if done.returncode != 0:
        raise bad(f"the credential plugin `{name}` ended with {done.returncode}", "log in anew with it")
    return done.stdout


def _credential(command: str, version: str, told: bytes) -> Credential:
    name = shown(command)
    try:
        answer = json.loads(told)
        found = answer["status"]
        if answer["kind"] != "ExecCredential" or answer["apiVersion"] != version or not isinstance(found, dict):
            _odd(name)
    except (ValueError, TypeError, KeyError, RecursionError):
        _odd(name)
    fields = ("token", "clientCertificateData", "clientKeyData", "expirationTimestamp")
    texts = [found.get(each) or "" for each in fields]
    if not all(isinstance(each, str) for each in texts):
        _odd(name)
    token, certificate, key, until = texts
    if not (token or (certificate and key)):
        _odd(name)
    return Credential(token, certificate, key, _time(until))


def _odd(name: str) -> NoReturn:
    raise bad(
        f"the credential plugin `{name}` gives no credential that cmpolicy knows", "see whether there is a newer one"
    )


def _time(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
