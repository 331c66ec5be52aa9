"""What a controller manager does for roles: those that aggregate others get the others' rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from threading import Event, Thread

from tests.cluster.api_server import Cluster
from tests.cluster.requests import Client
from tests.cluster.shipped import Document

ROUND_SECONDS = 0.05
ROLES = "/apis/rbac.authorization.k8s.io/v1/clusterroles"


@contextmanager
def aggregating(cluster: Cluster) -> Iterator[None]:
    """Gather rules again and again until the block ends."""
    ended, client = Event(), Client.of(cluster)

    def run() -> None:
        while not ended.wait(ROUND_SECONDS):
            gather(client)

    gather(client)
    thread = Thread(target=run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def gather(client: Client) -> None:
    """Write the rules of each role that aggregates others, where they are not those of the others by now."""
    for name, rules in changed(client.ask("GET", ROLES).body["items"]):
        client.ask("PATCH", f"{ROLES}/{name}", {"rules": rules}, media="application/merge-patch+json")


def changed(roles: list[Document]) -> Iterator[tuple[str, list[Document]]]:
    """The roles by name, and the rules that they lack or have too many of."""
    for role in roles:
        selectors = [each["matchLabels"] for each in role.get("aggregationRule", {}).get("clusterRoleSelectors", ())]
        gathered: list[Document] = []
        for other in (each for each in roles if each is not role and selects(selectors, each)):
            gathered += [rule for rule in other.get("rules") or () if rule not in gathered]
        if selectors and gathered != (role.get("rules") or []):
            yield role["metadata"]["name"], gathered


def selects(selectors: Iterable[Mapping[str, str]], role: Document) -> bool:
    """Whether one of the selectors selects the role."""
    labels = role["metadata"].get("labels", {})
    return any(selector.items() <= labels.items() for selector in selectors)
