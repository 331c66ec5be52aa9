"""What an engine reports of the objects that are in a cluster."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from tests.cluster.requests import Client
from tests.cluster.shipped import Document
from tests.cluster.stored import Found, Identity, Pair

EVER = datetime.min.replace(tzinfo=UTC)
REPORTS = tuple(f"/apis/wgpolicyk8s.io/v1alpha2/{kind}" for kind in ("policyreports", "clusterpolicyreports"))
MOST_BYTES = 256
"""Gatekeeper keeps so much of a message."""


def in_constraints(client: Client) -> Found:
    """What the constraints say: Gatekeeper tells what fails alone."""
    return dict(row for each in client.constraints() for row in _violations(each))


def _violations(constraint: Document) -> Iterator[tuple[Pair, str]]:
    status = constraint.get("status", {})
    violations = status.get("violations", ())
    assert len(violations) == status.get("totalViolations", 0), "some are not listed"
    for each in violations:
        version = f"{each['group']}/{each['version']}" if each.get("group") else each["version"]
        identity = Identity(version, each["kind"], each.get("namespace", ""), each["name"])
        yield Pair(constraint["metadata"]["name"], identity), each["message"]


def are_enforced(client: Client) -> bool:
    """Whether Gatekeeper says of every constraint that it is in force."""
    pods = [each.get("status", {}).get("byPod", ()) for each in client.constraints()]
    return bool(pods) and all(each and all(pod.get("enforced") for pod in each) for each in pods)


def audited_since(client: Client, moment: datetime) -> bool:
    """Whether an audit that began after this moment has written to every constraint."""
    told = [each.get("status", {}).get("auditTimestamp") for each in client.constraints()]
    return all(each and datetime.fromisoformat(each.replace("Z", "+00:00")) > moment for each in told)


def now() -> datetime:
    """This moment; audits and reports tell theirs to the second."""
    return datetime.now(UTC)


def shortened(message: str) -> str:
    """What Gatekeeper keeps of a message."""
    return message.encode()[:MOST_BYTES].decode(errors="ignore")


def in_reports(client: Client, since: datetime = EVER) -> Found:
    """What Kyverno's reports say after a moment: it tells what passes and what fails, and nothing else may be there."""
    reports = [each for kind in REPORTS for each in client.listed(kind)]
    return dict(row for each in reports for row in _results(each, since))


def _results(report: Document, since: datetime) -> Iterator[tuple[Pair, str | None]]:
    scope = report["scope"]
    identity = Identity(scope["apiVersion"], scope["kind"], scope.get("namespace", ""), scope["name"])
    for each in report["results"]:
        if datetime.fromtimestamp(each["timestamp"]["seconds"], UTC) <= since:
            continue
        match each["result"]:
            case "pass":
                yield Pair(each["policy"], identity), None
            case "fail":
                yield Pair(each["policy"], identity), each["message"]
            case "skip":
                continue
            case other:
                yield Pair(each["policy"], identity), f"{other}: {each.get('message')}"


def differing(found: Found, wanted: Found) -> Mapping[Pair, tuple[object, object]]:
    """What is told otherwise than it should be, and how; what is not told at all is `(nothing)`."""
    nothing = "(nothing)"
    pairs = sorted({*found, *wanted})
    told = {pair: (found.get(pair, nothing), wanted.get(pair, nothing)) for pair in pairs}
    return {pair: each for pair, each in told.items() if each[0] != each[1]}
