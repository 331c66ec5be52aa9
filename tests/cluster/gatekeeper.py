"""Gatekeeper's controller with its webhook and audit, on loopback and under its own account."""

from __future__ import annotations

import os
import ssl
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tests.cluster.api_server import Binary, Cluster
from tests.cluster.processes import free_port, running
from tests.cluster.shipped import Document, apply, container, of_kind, released

MODULE = "github.com/open-policy-agent/gatekeeper/v3"
NAMESPACE = "gatekeeper-system"
MANAGER = "gatekeeper-controller-manager"
RUN_BY_NONE = (
    "Deployment",
    "Service",
    "PodDisruptionBudget",
    "ResourceQuota",
    "Secret",
    "MutatingWebhookConfiguration",
)
OPERATIONS = ("webhook", "status", "generate")
AUDIT_SECONDS = 20
"""From the end of an audit to the next; with less between, audits take the time that templates need to be taken."""
VIOLATIONS = 1000
"""How many the audit lists of a constraint; the release's 20 are too few to compare all."""


@contextmanager
def gatekeeper(
    binary: Binary, cluster: Cluster, folder: Path, *, cel: bool = True, audit: bool = False
) -> Iterator[Cluster]:
    """Install Gatekeeper into the cluster and run its controller; without `cel` it judges by Rego alone, and with `audit` audits."""
    objects = released("gator", MODULE, "deploy/gatekeeper.yaml")
    port, probes = free_port(), free_port()
    certificates = folder / "gatekeeper-certs"
    cache = folder / "audit"
    cache.mkdir()
    authority = _certify(certificates)
    install(cluster, objects, port, authority)
    shipped = container(objects, MANAGER)
    changes = {
        "kubeconfig": cluster.account(NAMESPACE, "gatekeeper-admin"),
        "port": port,
        "cert-dir": certificates,
        "disable-cert-rotation": "true",
        "operation": None,
        "audit-interval": AUDIT_SECONDS,
        "constraint-violations-limit": VIOLATIONS,
        "health-addr": f"127.0.0.1:{probes}",
        "api-cache-dir": cache,
        "prometheus-port": free_port(),
        "enable-k8s-native-validation": str(cel).lower(),
    }
    command = [
        *shipped.command(binary("gatekeeper"), changes),
        *(f"--operation={each}" for each in (*OPERATIONS, *(["audit"] if audit else []))),
    ]
    with running(MANAGER, command, folder, {**os.environ, **shipped.environment}) as program:
        trust = ssl.create_default_context(cadata=authority.decode())
        program.wait_until(lambda: _listens(f"https://127.0.0.1:{port}/v1/admit", trust))
        yield cluster


def install(cluster: Cluster, objects: list[Document], port: int, authority: bytes) -> None:
    """The release without what runs on nodes; its webhook is called on loopback, and fails where it does not answer."""
    webhooks = [_local(each, port, authority) for each in of_kind(objects, "ValidatingWebhookConfiguration")]
    others = [each for each in objects if each["kind"] not in (*RUN_BY_NONE, "ValidatingWebhookConfiguration")]
    apply(cluster, [_open(each) for each in others])
    apply(cluster, [_pod(), *webhooks])


def _open(document: Document) -> Document:
    """A namespace that takes the controller's pod, which is there in name alone."""
    if document["kind"] != "Namespace":
        return document
    labels = {key: value for key, value in document["metadata"]["labels"].items() if "pod-security" not in key}
    return {**document, "metadata": {**document["metadata"], "labels": labels}}


def _pod() -> Document:
    """What owns the status objects of the controller."""
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": MANAGER, "namespace": NAMESPACE},
        "spec": {"containers": [{"name": "manager", "image": "gatekeeper"}]},
    }


def _local(configuration: Document, port: int, authority: bytes) -> Document:
    return {**configuration, "webhooks": [_called(each, port, authority) for each in configuration["webhooks"]]}


def _called(webhook: Document, port: int, authority: bytes) -> Document:
    path = webhook["clientConfig"]["service"]["path"]
    client = {"url": f"https://127.0.0.1:{port}{path}", "caBundle": b64encode(authority).decode()}
    return {**webhook, "clientConfig": client, "failurePolicy": "Fail", "timeoutSeconds": 30}


def _certify(folder: Path) -> bytes:
    """Write the key and certificate of a server on loopback; gives the certificate, which signs itself."""
    folder.mkdir()
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "gatekeeper")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    encoded = certificate.public_bytes(Encoding.PEM)
    (folder / "tls.key").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (folder / "tls.crt").write_bytes(encoded)
    (folder / "ca.crt").write_bytes(encoded)
    return encoded


def _listens(url: str, trust: ssl.SSLContext) -> bool:
    try:
        urlopen(url, timeout=5, context=trust).close()
    except HTTPError:
        return True
    except (URLError, OSError):
        return False
    return True
