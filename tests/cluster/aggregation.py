"""What a controller manager does for roles: those that aggregate others get the others' rules."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from threading import Event, Thread

from tests.cluster.api_server import Cluster
from tests.cluster.shipped import Document

ROUND_SECONDS = 0.2


@contextmanager
def aggregating(cluster: Cluster) -> Iterator[None]:
    """Gather rules again and again until the block ends."""
    ended = Event()

    def run() -> None:
        while not ended.wait(ROUND_SECONDS):
            gather(cluster)

    gather(cluster)
    thread = Thread(target=run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def gather(cluster: Cluster) -> None:
    """Write the rules of each role that aggregates others, where they are not those of the others by now."""
    roles = cluster.get("/apis/rbac.authorization.k8s.io/v1/clusterroles")["items"]
    for name, rules in changed(roles):
        patch = json.dumps({"rules": rules})
        cluster("patch", "clusterrole", name, "--type=merge", "--patch-file=/dev/stdin", given=patch)


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
