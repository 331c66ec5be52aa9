"""Signatures by an identity: Fulcio certifies for some minutes who an identity token says that it is, Rekor logs what is signed.

The only module that imports `sigstore`, which does all of it and takes half a second; without it, importing this raises
`CmpolicyError`. It talks to the network: to Fulcio and Rekor to sign, and for what Sigstore trusts, unless files say that.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from cmpolicy.content import shown
from cmpolicy.diagnostics import CmpolicyError, Diagnostic
from cmpolicy.ir_json.read import text
from cmpolicy.sign.identity import Identity
from cmpolicy.sign.statement import PAYLOAD_TYPE, Statement, check_digest, read_statement
from cmpolicy.sign.strict import NotVerified, read_json, reading, require

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.x509 import (
        Certificate,
        ExtensionNotFound,
        ObjectIdentifier,
        RFC822Name,
        SubjectAlternativeName,
        UniformResourceIdentifier,
        UnrecognizedExtension,
    )
    from requests import RequestException
    from sigstore import dsse
    from sigstore._internal.fulcio.client import ExpiredCertificate, FulcioClientError
    from sigstore._internal.rekor import RekorClientError
    from sigstore.errors import Error
    from sigstore.models import Bundle, ClientTrustConfig, TrustedRoot
    from sigstore.oidc import ExpiredIdentity, IdentityError, IdentityToken, detect_credential
    from sigstore.sign import Signer, SigningContext
    from sigstore.verify import Verifier
    from sigstore.verify.policy import Identity as Policy
    from sigstore_models.trustroot.v1 import TrustedRoot as TrustedRootModel
except ImportError as missing:
    install = "install it with `pip install 'cmpolicy[keyless]'`"
    raise CmpolicyError(
        Diagnostic("sign", "signing without a key needs the package `sigstore`", help=install)
    ) from missing

TOKEN = "SIGSTORE_ID_TOKEN"
ISSUER = ObjectIdentifier("1.3.6.1.4.1.57264.1.1")
"""Of the extension by which Fulcio says who vouched."""
TRUSTED_ROOT = "application/vnd.dev.sigstore.trustedroot"
_FAILURES = (
    Error,
    IdentityError,
    ExpiredIdentity,
    ExpiredCertificate,
    FulcioClientError,
    RekorClientError,
    RequestException,
    OSError,
    ValueError,
    ExtensionNotFound,
)
"""What `sigstore` raises for services and files that are not as they should be."""


class KeylessSigner:
    """Signs with one certificate for one identity. Threads may share it."""

    def __init__(self, signer: Signer, identity: Identity) -> None:
        self._signer = signer
        self.public = identity

    def sign_bundle(self, statement: Statement) -> bytes:
        """The bundle that signs the statement, as Rekor has logged it. Raises `CmpolicyError`."""
        check_digest(statement.digest)
        with _telling("it could not be signed"):
            return self._signer.sign_dsse(dsse.Statement(statement.payload(named=True))).to_json().encode()


def keyless_signer(config: Path | None, environment: Mapping[str, str] = os.environ) -> KeylessSigner:
    """A signer by the identity token of this environment. Raises `CmpolicyError` if there is none, or no certificate.

    `config` is a file that says where Fulcio and Rekor are and what is trusted, a `ClientTrustConfig` of Sigstore.
    """
    token = _token(environment)
    with _telling("there is no certificate to sign with"):
        trusted = None if config is None else config.read_bytes()
        signer = Signer(IdentityToken(token), SigningContext.from_trust_config(_config(trusted)))
        return KeylessSigner(signer, Identity(*_who(signer._signing_cert()), config))


def _config(content: bytes | None) -> ClientTrustConfig:
    return ClientTrustConfig.production() if content is None else ClientTrustConfig.from_json(content.decode())


def _token(environment: Mapping[str, str]) -> str:
    with _telling("there is no identity token to sign with"):
        found = environment.get(TOKEN) or detect_credential()
    if not found:
        remedy = f"in GitHub Actions give the job the permission `id-token: write`; elsewhere put one into `{TOKEN}`"
        raise CmpolicyError(Diagnostic("sign", "there is no identity token to sign with", help=remedy))
    return found


def _who(certificate: Certificate) -> tuple[str, str]:
    """The name in a certificate, which may be another than the token's, and who vouched for it."""
    names = certificate.extensions.get_extension_for_class(SubjectAlternativeName).value
    found = [*names.get_values_for_type(UniformResourceIdentifier), *names.get_values_for_type(RFC822Name)]
    vouched = certificate.extensions.get_extension_for_oid(ISSUER).value
    if len(found) != 1 or not isinstance(vouched, UnrecognizedExtension):
        raise ValueError("the certificate names nobody, or several")
    return found[0], vouched.value.decode()


def verify_keyless(content: bytes, who: Identity, digest: str, predicate_type: str) -> Statement:
    """The statement of this type about this digest that the identity has signed. Raises `NotVerified`, saying what is wrong.

    The certificate must have been good when Rekor logged the signature, and the log must prove that it did.
    """
    # Sigstore takes no issuer for any issuer.
    require(bool(who.issuer), f"`{who.name}` names nobody who vouches")
    with reading("the bundle"):
        read_json(content)
    try:
        found = Bundle.from_json(content)
        kind, payload = _verifier(who.root).verify_dsse(found, Policy(identity=who.name, issuer=who.issuer))
    except (Error, ExtensionNotFound, InvalidSignature, ValueError, TypeError) as error:
        raise NotVerified(f"it is not signed by `{who.name}`: {_reason(error)}") from error
    require(kind == PAYLOAD_TYPE, f"the payload is `{shown(kind)}`, and not `{PAYLOAD_TYPE}`")
    return read_statement(payload, digest, predicate_type)


def _verifier(path: Path | None) -> Verifier:
    """By what the file trusts: a `TrustedRoot` of Sigstore, or a `ClientTrustConfig`, which holds one."""
    with _telling(f"what is trusted cannot be read{f' from `{path}`' if path else ''}"):
        return _verifier_of(None if path is None else path.read_bytes())


@lru_cache(maxsize=1)
def _verifier_of(content: bytes | None) -> Verifier:
    if content is not None and text(read_json(content), "mediaType").startswith(TRUSTED_ROOT):
        return Verifier(trusted_root=TrustedRoot(TrustedRootModel.from_json(content)))
    return Verifier(trusted_root=_config(content).trusted_root)


@contextmanager
def _telling(problem: str) -> Iterator[None]:
    """Tell what `sigstore` raises as a diagnostic."""
    try:
        yield
    except _FAILURES as error:
        remedy = "see whether Fulcio and Rekor can be reached from here, and whether the token is still good"
        raise CmpolicyError(Diagnostic("sign", f"{problem}: {_reason(error)}", help=remedy)) from error


def _reason(error: BaseException) -> str:
    """The first line of the innermost cause that says something; fit for a terminal."""
    while error.__cause__ is not None:
        error = error.__cause__
    return shown(next(iter(str(error).splitlines()), "") or type(error).__name__)
