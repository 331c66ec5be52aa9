"""Fulcio, its certificate log and Rekor (version 1) on this machine, as far as signing a statement needs them.

Formats: RFC 6962 for the log of certificates and for trees, C2SP's `signed-note` and `tlog-checkpoint`, Fulcio's `certificate-specification`.
Tokens are taken as they are: whoever tests says who he is.
"""

from __future__ import annotations

import base64
import hashlib
import json
import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from tests.oci.server import Server

IDENTITY, ISSUER = (
    "https://github.com/acme/policies/.github/workflows/policies.yaml@refs/tags/v1.4.0",
    "https://tokens.example",
)
SCTS = ObjectIdentifier("1.3.6.1.4.1.11129.2.4.2")
ISSUER_OID = ObjectIdentifier("1.3.6.1.4.1.57264.1.1")
SECONDS = 600


def token(identity: str = IDENTITY, issuer: str = ISSUER, seconds: int = SECONDS) -> str:
    """An identity token that nobody signed."""
    now = int(datetime.now(UTC).timestamp())
    claims = {"iss": issuer, "sub": identity, "aud": "sigstore", "iat": now, "nbf": now - 1, "exp": now + seconds}
    parts = ({"alg": "ES256", "typ": "JWT"}, claims)
    return ".".join([*(_url(json.dumps(part).encode()) for part in parts), _url(b"signature")])


@dataclass
class Sigstore:
    """The services: where they are, their keys, and what was logged."""

    url: str = ""
    entries: list[Mapping[str, Any]] = field(default_factory=list)
    log: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    certificates: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    authority: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    serial: int = 0

    def __post_init__(self) -> None:
        self.started = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "authority of the tests")])
        self.root = (
            self._builder(name, name, self.authority.public_key(), days=1)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(signs_certificates=True), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(self.authority.public_key()), critical=False)
            .sign(self.authority, SHA256())
        )

    def certificate(self, request: x509.CertificateSigningRequest, claims: Mapping[str, Any]) -> x509.Certificate:
        """A certificate for who the claims say, with the promise of the log in it."""
        key = request.public_key()
        assert isinstance(key, ec.EllipticCurvePublicKey)
        names = [x509.UniformResourceIdentifier(claims["sub"])]
        issuer = self.authority.public_key()
        builder = (
            self._builder(x509.Name([]), self.root.subject, key, days=0)
            .add_extension(_usage(signs_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CODE_SIGNING]), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer), critical=False)
            .add_extension(x509.SubjectAlternativeName(names), critical=True)
            .add_extension(x509.UnrecognizedExtension(ISSUER_OID, claims["iss"].encode()), critical=False)
        )
        before = builder.sign(self.authority, SHA256())
        promise = x509.UnrecognizedExtension(SCTS, self._promise(before.tbs_certificate_bytes))
        return builder.add_extension(promise, critical=False).sign(self.authority, SHA256())

    def _builder(
        self, subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, days: int
    ) -> x509.CertificateBuilder:
        self.serial += 1
        now = datetime.now(UTC).replace(microsecond=0)
        return x509.CertificateBuilder(
            issuer, subject, key, self.serial, self.started if days else now, now + timedelta(days=days, minutes=10)
        )

    def _promise(self, tbs: bytes) -> bytes:
        """The extension with one signed certificate timestamp, of a certificate without it."""
        now = int(datetime.now(UTC).timestamp() * 1000)
        issuer = hashlib.sha256(_der(self.authority)).digest()
        entry = issuer + len(tbs).to_bytes(3) + tbs
        signed = struct.pack("!BBQH", 0, 0, now, 1) + entry + b"\0\0"
        signature = self.certificates.sign(signed, ec.ECDSA(SHA256()))
        log = hashlib.sha256(_der(self.certificates)).digest()
        stamp = b"\0" + log + struct.pack("!QH", now, 0) + b"\4\3" + struct.pack("!H", len(signature)) + signature
        listed = struct.pack("!H", len(stamp)) + stamp
        return _octets(struct.pack("!H", len(listed)) + listed)

    def logged(self, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        """Log a signed envelope; each entry is a tree of its own."""
        proposed = asked["spec"]["proposedContent"]
        body = _body(json.loads(proposed["envelope"]), proposed["envelope"].encode(), proposed["verifiers"][0])
        identity = hashlib.sha256(_der(self.log)).digest()
        root = hashlib.sha256(b"\0" + body).digest()
        origin = urlsplit(self.url).hostname
        note = f"{origin}\n1\n{_base64(root)}\n"
        signed = identity[:4] + self.log.sign(note.encode(), ec.ECDSA(SHA256()))
        entry = {
            "body": _base64(body),
            "integratedTime": int(datetime.now(UTC).timestamp()),
            "logID": identity.hex(),
            "logIndex": 0,
        }
        promise = self.log.sign(json.dumps(entry, separators=(",", ":"), sort_keys=True).encode(), ec.ECDSA(SHA256()))
        proof = {
            "checkpoint": f"{note}\n\N{EM DASH} {origin} {_base64(signed)}\n",
            "hashes": [],
            "logIndex": 0,
            "rootHash": root.hex(),
            "treeSize": 1,
        }
        self.entries.append(entry)
        told = {**entry, "verification": {"inclusionProof": proof, "signedEntryTimestamp": _base64(promise)}}
        return {f"{len(self.entries):080}": told}

    def trusted_root(self) -> Mapping[str, Any]:
        """What verifiers trust."""
        since = {"start": self.started.isoformat().replace("+00:00", "Z")}
        authority = {
            "subject": {"organization": "tests", "commonName": "tests"},
            "uri": self.url,
            "certChain": {"certificates": [{"rawBytes": _base64(self.root.public_bytes(Encoding.DER))}]},
            "validFor": since,
        }
        return {
            "mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
            "tlogs": [_log(self.url, self.log, since)],
            "ctlogs": [_log(self.url, self.certificates, since)],
            "certificateAuthorities": [authority],
        }

    def trust_config(self) -> str:
        """What signers are given: where the services are, and what they trust."""
        since = {"start": self.started.isoformat().replace("+00:00", "Z")}
        service = {"url": self.url, "majorApiVersion": 1, "validFor": since, "operator": "tests"}
        config = {
            "mediaType": "application/vnd.dev.sigstore.signingconfig.v0.2+json",
            "caUrls": [service],
            "rekorTlogUrls": [service],
            "rekorTlogConfig": {"selector": "ANY"},
        }
        media_type = "application/vnd.dev.sigstore.clienttrustconfig.v0.1+json"
        return json.dumps({"mediaType": media_type, "trustedRoot": self.trusted_root(), "signingConfig": config})


class Handler(BaseHTTPRequestHandler):
    """Answers signers."""

    sigstore: Sigstore

    def log_message(self, format: str, *arguments: object) -> None:
        """Nobody reads it."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/api/v2/signingCert":
            pem = base64.b64decode(asked["certificateSigningRequest"])
            claims = json.loads(_unurl((self.headers["Authorization"] or "").split(".")[1]))
            leaf = self.sigstore.certificate(x509.load_pem_x509_csr(pem), claims)
            chain = [each.public_bytes(Encoding.PEM).decode() for each in (leaf, self.sigstore.root)]
            self._answer(200, {"signedCertificateEmbeddedSct": {"chain": {"certificates": chain}}})
        elif self.path == "/api/v1/log/entries":
            self._answer(201, self.sigstore.logged(asked))
        else:
            self._answer(404, {})

    def _answer(self, status: int, document: Mapping[str, Any]) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def serving_sigstore() -> Iterator[Sigstore]:
    """The services, during the block."""
    sigstore = Sigstore()
    with Server(("127.0.0.1", 0), type("Bound", (Handler,), {"sigstore": sigstore})) as server:
        sigstore.url = f"http://127.0.0.1:{server.server_address[1]}"
        with server.running():
            yield sigstore


def _body(envelope: Mapping[str, Any], text: bytes, verifier: str) -> bytes:
    payload = base64.b64decode(envelope["payload"])
    signatures = [{"signature": each["sig"], "verifier": verifier} for each in envelope["signatures"]]
    spec = {"envelopeHash": _hash(text), "payloadHash": _hash(payload), "signatures": signatures}
    return json.dumps({"apiVersion": "0.0.1", "kind": "dsse", "spec": spec}, separators=(",", ":")).encode()


def _hash(content: bytes) -> Mapping[str, str]:
    return {"algorithm": "sha256", "value": hashlib.sha256(content).hexdigest()}


def _log(url: str, key: ec.EllipticCurvePrivateKey, since: Mapping[str, str]) -> Mapping[str, Any]:
    public = {"rawBytes": _base64(_der(key)), "keyDetails": "PKIX_ECDSA_P256_SHA_256", "validFor": since}
    identity = {"keyId": _base64(hashlib.sha256(_der(key)).digest())}
    return {"baseUrl": url, "hashAlgorithm": "SHA2_256", "publicKey": public, "logId": identity}


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _der(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _octets(content: bytes) -> bytes:
    """An OCTET STRING in DER, of 128 to 255 bytes or fewer."""
    length = bytes([len(content)]) if len(content) < 128 else bytes([0x81, len(content)])
    return b"\4" + length + content


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _unurl(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
