"""A Kubernetes API server without nodes and controllers: what it admits is real, and nothing is scheduled."""

from __future__ import annotations

import json
import os
import secrets
import ssl
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias
from urllib.error import URLError
from urllib.request import Request, urlopen

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from tests.cli.conftest import Result
from tests.cluster.processes import GO, free_port, running

Binary: TypeAlias = Callable[[str], Path]
Document: TypeAlias = Any
PATIENCE_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running API server: its address, who may do anything there, and kubectl."""

    url: str
    token: str
    authority: Path
    kubectl: Path
    kubeconfig: Path

    def __call__(self, *arguments: str | Path, given: str | None = None) -> Result:
        """What kubectl printed and its exit code; `given` is its standard input."""
        command = [str(self.kubectl), "--kubeconfig", str(self.kubeconfig), *map(str, arguments)]
        done = subprocess.run(
            command,
            input=given,
            env={**os.environ, **GO},
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=PATIENCE_SECONDS,
        )
        return Result(done.returncode, done.stdout, done.stderr)

    def good(self, *arguments: str | Path, given: str | None = None) -> str:
        """What kubectl printed; it must not fail."""
        result = self(*arguments, given=given)
        assert result.code == 0, f"kubectl {' '.join(map(str, arguments))}: {result.err}{result.out}"
        return result.out

    def account(self, namespace: str, name: str) -> Path:
        """A kubeconfig of a ServiceAccount."""
        token = self.good("create", "token", name, f"--namespace={namespace}", "--duration=24h").strip()
        path = self.kubeconfig.with_name(f"{namespace}-{name}.kubeconfig")
        _write_kubeconfig(self.url, self.authority, token, path)
        return path

    def get(self, path: str) -> Document:
        """The JSON at a path of the API."""
        request = Request(f"{self.url}{path}", headers={"Authorization": f"Bearer {self.token}"})
        with urlopen(request, timeout=PATIENCE_SECONDS, context=self.trust()) as answer:
            return json.load(answer)

    def trust(self) -> ssl.SSLContext:
        """What makes the server's own certificate good."""
        return ssl.create_default_context(cafile=str(self.authority))


@contextmanager
def api_server(binary: Binary, folder: Path, disabled: str = "ServiceAccount") -> Iterator[Cluster]:
    """Start etcd and kube-apiserver without this admission plugin ("" is with all), and wait until they are ready."""
    with etcd(binary("etcd"), folder) as store:
        port, token = free_port(), secrets.token_hex(16)
        _write_files(folder, token)
        command: list[str | Path] = [
            binary("kube-apiserver"),
            *(f"--{name}={value}" for name, value in _flags(folder, store, port).items()),
            f"--disable-admission-plugins={disabled}",
        ]
        with running("kube-apiserver", command, folder) as program:
            authority = folder / "pki" / "apiserver.crt"
            program.wait_until(authority.exists)
            url = f"https://127.0.0.1:{port}"
            cluster = Cluster(url, token, authority, binary("kubectl"), folder / "kubeconfig")
            _write_kubeconfig(url, authority, token, cluster.kubeconfig)
            program.wait_until(lambda: _is_ready(cluster))
            yield cluster


@contextmanager
def etcd(binary: Path, folder: Path) -> Iterator[str]:
    """Start etcd; gives its address."""
    clients, peers = (f"http://127.0.0.1:{free_port()}" for _ in range(2))
    flags = {
        "data-dir": folder / "etcd",
        "listen-client-urls": clients,
        "advertise-client-urls": clients,
        "listen-peer-urls": peers,
        "initial-advertise-peer-urls": peers,
        "initial-cluster": f"default={peers}",
        "unsafe-no-fsync": "true",
        "log-level": "warn",
    }
    with running("etcd", [binary, *(f"--{name}={value}" for name, value in flags.items())], folder) as program:
        program.wait_until(lambda: answers(f"{clients}/readyz"))
        yield clients


def _flags(folder: Path, store: str, port: int) -> Mapping[str, object]:
    return {
        "etcd-servers": store,
        "bind-address": "127.0.0.1",
        "secure-port": port,
        "cert-dir": folder / "pki",
        "token-auth-file": folder / "tokens.csv",
        "authorization-mode": "RBAC",
        "service-account-issuer": "https://kubernetes.default.svc",
        "service-account-key-file": folder / "accounts.pub",
        "service-account-signing-key-file": folder / "accounts.key",
        "service-cluster-ip-range": "10.0.0.0/24",
        "allow-privileged": "true",
    }


def _write_files(folder: Path, token: str) -> None:
    key = rsa.generate_private_key(65537, 2048)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "accounts.key").write_bytes(private)
    (folder / "accounts.pub").write_bytes(
        key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    (folder / "tokens.csv").write_text(f'{token},admin,admin,"system:masters"\n')


def _write_kubeconfig(url: str, authority: Path, token: str, path: Path) -> None:
    document = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "test",
        "clusters": [{"name": "test", "cluster": {"server": url, "certificate-authority": str(authority)}}],
        "users": [{"name": "test", "user": {"token": token}}],
        "contexts": [{"name": "test", "context": {"cluster": "test", "user": "test"}}],
    }
    path.write_text(json.dumps(document))


def _is_ready(cluster: Cluster) -> bool:
    return answers(f"{cluster.url}/readyz", cluster.trust())


def answers(url: str, trust: ssl.SSLContext | None = None) -> bool:
    """Whether a request gets the answer 200."""
    try:
        with urlopen(url, timeout=PATIENCE_SECONDS, context=trust) as answer:
            is_good: bool = answer.status == 200
            return is_good
    except (URLError, OSError):
        return False
