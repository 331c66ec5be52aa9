"""A small API server on this machine that behaves, or misbehaves in the way that a test asks for."""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import parse_qs, urlsplit

from tests.oci.server import CERTIFICATE, Server

Object: TypeAlias = dict[str, Any]
RESOURCES = {
    "v1": {"Pod": "pods", "ConfigMap": "configmaps", "Secret": "secrets", "Namespace": "namespaces"},
    "apps/v1": {"Deployment": "deployments"},
    "policy/v1": {"PodDisruptionBudget": "poddisruptionbudgets"},
}
TOKEN = "a-token-that-nobody-may-see"


@dataclass
class Asked:
    """A request that came."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]


@dataclass
class FakeApi:
    """What the cluster holds and serves, who may come in, and what has been asked."""

    port: int = 0
    scheme: str = "http"
    objects: list[Object] = field(default_factory=list)
    resources: dict[str, dict[str, str]] = field(default_factory=lambda: {key: {**of} for key, of in RESOURCES.items()})
    asked: list[Asked] = field(default_factory=list)
    fault: Fault | None = None
    """What happens to a request instead of an answer; it returns whether it answered."""
    token: str = TOKEN
    page: int = 1000
    """Objects of a page, also where more are asked for."""

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    def lists(self) -> list[Asked]:
        """The requests for lists of objects."""
        return [each for each in self.asked if "limit" in each.query]

    def kubeconfig(self, folder: Path, *, cluster: Object | None = None, user: Object | None = None) -> Path:
        """A kubeconfig for it, whose current context is `test`."""
        return write_kubeconfig(
            folder, {"server": self.url, **(cluster or {})}, {"token": TOKEN} if user is None else user
        )


Fault: TypeAlias = Callable[["Handler"], bool]


def write_kubeconfig(folder: Path, cluster: Object, user: Object) -> Path:
    document = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "test",
        "clusters": [{"name": "test-cluster", "cluster": cluster}],
        "users": [{"name": "test-user", "user": user}],
        "contexts": [{"name": "test", "context": {"cluster": "test-cluster", "user": "test-user"}}],
    }
    file = folder / "kubeconfig"
    file.write_text(json.dumps(document))
    return file


class Handler(BaseHTTPRequestHandler):
    """Answers one request after the other on a connection."""

    protocol_version = "HTTP/1.1"
    wbufsize = 2**16
    api: FakeApi
    asked: Asked

    def log_message(self, format: str, *arguments: object) -> None:
        """Tests look at `asked`."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.asked = Asked(parts.path, query, headers)
        self.api.asked.append(self.asked)
        if self.api.fault is not None and self.api.fault(self):
            return
        if self.api.token and headers.get("authorization") != f"Bearer {self.api.token}":
            self.status(401, "Unauthorized")
        else:
            self._route(parts.path)

    def answer(self, body: object, status: int = 200, **headers: str) -> bool:
        """Answer with this JSON."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)
        return True

    def status(self, code: int, message: str, metadata: Object | None = None, **headers: str) -> bool:
        """Answer with a `Status`, as an API server does where something went wrong."""
        body = {"kind": "Status", "apiVersion": "v1", "metadata": metadata or {}, "message": message, "code": code}
        return self.answer(body, code, **headers)

    def _route(self, path: str) -> None:
        if path == "/apis":
            self.answer({"kind": "APIGroupList", "groups": list(self._groups())})
            return
        prefix, _, version = path.removeprefix("/").partition("/")
        if version in self.api.resources and prefix == ("apis" if "/" in version else "api"):
            listed = [_resource(kind, plural) for kind, plural in self.api.resources[version].items()]
            self.answer({"kind": "APIResourceList", "groupVersion": version, "resources": listed})
            return
        for version, kinds in self.api.resources.items():
            for kind, plural in kinds.items():
                root = f"/apis/{version}" if "/" in version else f"/api/{version}"
                rest = path.removeprefix(f"{root}/")
                *around, last = rest.split("/")
                if (
                    rest != path
                    and last == plural
                    and around in ([], around[:2])
                    and around[:1] in ([], ["namespaces"])
                ):
                    self._list(version, kind, around[1] if around else "")
                    return
        self._namespace(path.removeprefix("/api/v1/namespaces/"))

    def _groups(self) -> Iterator[Object]:
        for group in dict.fromkeys(version.partition("/")[0] for version in self.api.resources if "/" in version):
            named = [{"version": each.partition("/")[2]} for each in self.api.resources if each.startswith(f"{group}/")]
            yield {"name": group, "versions": named, "preferredVersion": named[0]}

    def _list(self, version: str, kind: str, namespace: str) -> None:
        found = [each for each in self.api.objects if (each["apiVersion"], each["kind"]) == (version, kind)]
        inside = [each for each in found if not namespace or each["metadata"].get("namespace") == namespace]
        start = int(self.asked.query.get("continue", "0"))
        end = start + min(self.api.page, int(self.asked.query["limit"]))
        items = [{key: value for key, value in each.items() if key not in ("apiVersion", "kind")} for each in inside]
        more = {"continue": str(end)} if end < len(items) else {}
        metadata = {"resourceVersion": "1", **more}
        self.answer({"kind": f"{kind}List", "apiVersion": version, "metadata": metadata, "items": items[start:end]})

    def _namespace(self, name: str) -> None:
        named = {each["metadata"].get("namespace") for each in self.api.objects}
        if name in named:
            self.answer({"kind": "Namespace", "apiVersion": "v1", "metadata": {"name": name}})
        else:
            self.status(404, "not found")


def _resource(kind: str, plural: str) -> Object:
    return {"name": plural, "kind": kind, "namespaced": kind != "Namespace", "verbs": ["get", "list", "watch"]}


@contextmanager
def serving(*, encrypted: bool = False, asks_for_certificate: bool = False) -> Iterator[FakeApi]:
    """An API server that runs during the block."""
    api = FakeApi(scheme="https" if encrypted else "http")
    handler = type("Bound", (Handler,), {"api": api})
    with Server(("127.0.0.1", 0), handler) as server:
        if encrypted:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(CERTIFICATE)
            if asks_for_certificate:
                context.verify_mode = ssl.CERT_REQUIRED
                context.load_verify_locations(CERTIFICATE)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        api.port = server.server_address[1]
        with server.running():
            yield api
