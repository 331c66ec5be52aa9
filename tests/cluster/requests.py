"""Requests to an API server as its clients make them, with the warnings that come with the answer."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

import urllib3
from cmpolicy.ir import Kind
from cmpolicy.values import JsonMap

from tests.cluster.api_server import PATIENCE_SECONDS, Cluster

Question = TypeVar("Question")
Found = TypeVar("Found")

CONNECTIONS = 4
DEFAULT_NAMESPACE = "default"
CONSTRAINTS = "/apis/constraints.gatekeeper.sh/v1beta1"
STARTING = urllib3.Retry(total=30, status_forcelist=[429], allowed_methods=None, raise_on_status=False)
"""A server answers so, and says when to ask again, until it has read what it stores of a kind that is new."""
_WARNING = re.compile(r'299 \S+ "((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server made of a request: its status code, the object or the status, and its warnings."""

    code: int
    body: Mapping[str, Any]
    warnings: tuple[str, ...] = ()

    @property
    def is_taken(self) -> bool:
        return self.code < 300

    @property
    def message(self) -> str:
        """Why it was refused; empty if it was not."""
        return "" if self.is_taken else str(self.body.get("message", ""))


def side_by_side(ask: Callable[[Question], Found], questions: Iterable[Question]) -> list[Found]:
    """What comes of each, in their order; a few are asked at a time, so none may change what another is answered."""
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        return list(pool.map(ask, questions))


@dataclass(frozen=True, slots=True)
class Client:
    """A connection of a user to a server, which stays open."""

    cluster: Cluster
    token: str
    pool: urllib3.PoolManager = field(repr=False)

    @staticmethod
    def of(cluster: Cluster) -> Client:
        """A client of the user who may do anything."""
        return Client(cluster, cluster.token, urllib3.PoolManager(ca_certs=str(cluster.authority), maxsize=CONNECTIONS))

    def create(self, kind: Kind, manifest: JsonMap, *, dry: bool = True, subresource: str = "") -> Answer:
        """Create an object in its namespace, or only ask what would come of it."""
        return self.ask("POST", self.path(kind, manifest, named=bool(subresource)) + subresource, manifest, dry=dry)

    def replace(self, kind: Kind, manifest: JsonMap, *, dry: bool = True, subresource: str = "") -> Answer:
        """Put an object, or a part of it, in the place of what is there."""
        return self.ask("PUT", self.path(kind, manifest) + subresource, manifest, dry=dry)

    def delete(self, kind: Kind, manifest: JsonMap, *, dry: bool = True) -> Answer:
        """Delete an object at once. What the body says holds, and nothing of the address."""
        options: JsonMap = {
            "gracePeriodSeconds": 0,
            "propagationPolicy": "Background",
            "dryRun": ["All"] if dry else [],
        }
        return self.ask("DELETE", self.path(kind, manifest), options)

    def get(self, kind: Kind, manifest: JsonMap) -> Answer:
        """The object of this name that is there."""
        return self.ask("GET", self.path(kind, manifest))

    def listed(self, path: str) -> list[Any]:
        """Every object of a kind, by the path of that: kubectl takes ten times as long, to ask again and again."""
        answer = self.ask("GET", path)
        assert answer.is_taken, answer
        items: list[Any] = answer.body["items"]
        return items

    def constraints(self) -> list[Any]:
        """Every constraint of Gatekeeper, each of a kind of its own. There is none before the first of these kinds."""
        served = self.ask("GET", CONSTRAINTS).body.get("resources", ())
        paths = [f"{CONSTRAINTS}/{each['name']}" for each in served if "/" not in each["name"]]
        return [each for found in side_by_side(self.listed, paths) for each in found]

    def path(self, kind: Kind, manifest: JsonMap, *, named: bool = True) -> str:
        """Where the object is, or those of its kind are."""
        root = f"/apis/{kind.group}/{kind.version}" if kind.group else f"/api/{kind.version}"
        metadata = manifest["metadata"]
        assert isinstance(metadata, Mapping)
        inside = f"/namespaces/{metadata.get('namespace', DEFAULT_NAMESPACE)}" if kind.namespaced else ""
        return f"{root}{inside}/{kind.plural}" + (f"/{metadata['name']}" if named else "")

    def apply(self, path: str, manifest: JsonMap) -> Answer:
        """What would come of applying the object there, on the server's side and by force."""
        return self.ask(
            "PATCH", f"{path}?fieldManager=gitops&force=true&dryRun=All", manifest, media="application/apply-patch+yaml"
        )

    def ask(
        self, method: str, path: str, body: JsonMap | None = None, *, dry: bool = False, media: str = "application/json"
    ) -> Answer:
        """Send a request and read the answer."""
        response = self.pool.request(
            method,
            f"{self.cluster.url}{path}{'?dryRun=All' if dry else ''}",
            body=None if body is None else json.dumps(body),
            headers={"Authorization": f"Bearer {self.token}", "Content-Type": media},
            timeout=PATIENCE_SECONDS,
            retries=STARTING,
        )
        warnings = tuple(_unquoted(each) for each in response.headers.getlist("Warning"))
        return Answer(response.status, json.loads(response.data), warnings)


def _unquoted(header: str) -> str:
    found = _WARNING.fullmatch(header)
    assert found is not None, header
    return re.sub(r"\\(.)", r"\1", found[1])
