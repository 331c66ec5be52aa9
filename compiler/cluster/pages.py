"""The objects of a kind, page by page, so that a cluster of any size is read in the same memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from cmpolicy.cluster.client import Client
from cmpolicy.cluster.discovery import Resource
from cmpolicy.cluster.problems import Expired, TooLarge, Unread, problem
from cmpolicy.values import Json, JsonMap

PAGE = 500
"""Objects that are asked for at once, as by kubectl; an eighth of them where that is too much to hold."""
SMALLER = 8
MOST_EXPIRED = 5
"""Pages in a row that may be too old to go on from."""


@dataclass(frozen=True, slots=True)
class Lister:
    """Lists objects, and remembers which lists changed while they were read."""

    client: Client
    changed: set[str] = field(default_factory=set)

    def objects(self, resource: Resource, namespace: str = "") -> Iterator[JsonMap]:
        """The objects of a kind, in a namespace or in all. Raises as `Client.get`, also between objects.

        What the server tells about who set which field (`managedFields`) is left out, as by kubectl.

        The server keeps what a list was for some minutes. After that it goes on from the same place with objects as they
        are by then: each is still there once at most, and those that came or went meanwhile may be missing or not. To start
        anew would judge the first ones twice, and might never end.
        """
        token, limit, expired = "", PAGE, 0
        while True:
            query: dict[str, str | int] = {"limit": limit, **({"continue": token} if token else {})}
            try:
                page = self.client.get(resource.path(namespace), query)
            except Expired as error:
                expired += 1
                if not error.again or expired > MOST_EXPIRED:
                    raise
                self.changed.add(resource.name)
                token = error.again
                continue
            except TooLarge:
                if limit == 1:
                    raise
                limit = max(limit // SMALLER, 1)
                continue
            expired, before = 0, token
            items, token = _items(page), _next(page)
            # Else this page would stay in memory until the next one is there.
            del page
            while items:
                yield _object(items.pop(), resource)
            if not token:
                return
            if token == before:
                raise Unread(problem("the list leads in circles"))


def _items(page: JsonMap) -> list[Json]:
    """The items of a page, the last one first."""
    items = page.get("items")
    if not isinstance(items, list | None):
        raise Unread(problem("what the cluster answers is no list of objects"))
    return (items or [])[::-1]


def _object(item: Json, resource: Resource) -> JsonMap:
    if not isinstance(item, Mapping):
        raise Unread(problem("what the cluster lists is no object"))
    # Of most kinds the list alone says what its items are.
    made = {**item, "apiVersion": resource.kind.api_version, "kind": resource.kind.kind}
    metadata = item.get("metadata")
    if isinstance(metadata, Mapping):
        made["metadata"] = {key: value for key, value in metadata.items() if key != "managedFields"}
    return made


def _next(page: JsonMap) -> str:
    metadata = page.get("metadata")
    token = metadata.get("continue") if isinstance(metadata, Mapping) else None
    return token if isinstance(token, str) else ""
