"""How a cluster proves who it is, and its client who asks."""

from __future__ import annotations

import os
import ssl
from contextlib import suppress
from tempfile import mkstemp

from cmpolicy.cluster.kubeconfig import Entry, bad


def context(cluster: Entry, certificate: tuple[str, str] | None) -> ssl.SSLContext:
    """The settings for a kubeconfig's cluster, with a client's certificate and key in PEM if there are some.

    Raises `ConfigError` for certificates that cannot be read.
    """
    made = _trusting(cluster, cluster.content("certificate-authority"))
    if certificate is not None:
        _prove(made, *certificate)
    return made


def _trusting(cluster: Entry, authority: bytes) -> ssl.SSLContext:
    if cluster.flag("insecure-skip-tls-verify"):
        if authority:
            raise bad(
                f"{cluster.called} has a `certificate-authority` and `insecure-skip-tls-verify`", "remove the latter"
            )
        made = ssl.create_default_context()
        made.check_hostname, made.verify_mode = False, ssl.CERT_NONE
        return made
    if not authority:
        return ssl.create_default_context()
    try:
        made = ssl.create_default_context(cadata=authority.decode("ascii"))
    except (ssl.SSLError, ValueError):
        raise bad(f"{cluster.called}: its `certificate-authority` holds no certificate that can be read") from None
    # What Python asks for since 3.13, beyond what Go does, many clusters' own authorities do not have.
    made.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return made


def _prove(made: ssl.SSLContext, certificate: str, key: str) -> None:
    # OpenSSL takes them from a file alone, which only this user can read, and only for this moment.
    descriptor, path = mkstemp(prefix="cmpolicy-")
    try:
        with os.fdopen(descriptor, "w", encoding="latin-1") as file:
            file.write(f"{certificate}\n{key}\n")
        # Without a password OpenSSL would ask for one at the terminal.
        made.load_cert_chain(path, password="")
    except (ssl.SSLError, ValueError):
        raise bad("the client's certificate and key cannot be read, or do not belong together") from None
    finally:
        with suppress(OSError):
            os.unlink(path)
