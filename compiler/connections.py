"""What clients of registries and of clusters share: proxies, and why a connection failed."""

from __future__ import annotations

import ssl
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

import urllib3
from cmpolicy.content import shown
from cmpolicy.oci.reference import is_loopback
from urllib3.exceptions import HTTPError


class BadProxy(Exception):
    """A proxy that cannot be used; the message is its address, without a password."""


def proxy_of(url: str) -> str:
    """The proxy that the environment names for an address, empty for none.

    As for Go's clients, what is on this machine is no proxy's business.
    """
    parts = urlsplit(url)
    if is_loopback(parts.hostname or "") or proxy_bypass(parts.netloc.rpartition("@")[2]):
        return ""
    proxies = getproxies()
    return proxies.get(parts.scheme) or proxies.get("all", "")


def proxied(
    proxy: str, context: ssl.SSLContext, pools: int, server_hostname: str | None = None
) -> urllib3.ProxyManager:
    """Connections through a proxy, an address with or without `http://` and credentials. Raises `BadProxy`.

    `server_hostname` is the name that the server proves, where that is not the one of its address.
    """
    address = proxy if "://" in proxy else f"http://{proxy}"
    try:
        parts = urlsplit(address)
        user = f"{unquote(parts.username)}:{unquote(parts.password or '')}" if parts.username else None
        headers = urllib3.make_headers(proxy_basic_auth=user) if user else None
        return urllib3.ProxyManager(
            address,
            num_pools=pools,
            maxsize=pools,
            proxy_headers=headers,
            ssl_context=context,
            server_hostname=server_hostname,
        )
    except (HTTPError, ValueError):
        # What is wrong with it may show a password, also to who debugs.
        raise BadProxy(shown(address.rpartition("@")[2])) from None


def reason(error: Exception) -> str:
    """The innermost cause that says something."""
    causes: list[BaseException] = [error]
    while (inner := causes[-1].__cause__ or causes[-1].__context__) is not None and inner not in causes:
        causes.append(inner)
    texts = [_text(each) for each in reversed(causes)]
    return shown(next(filter(None, texts), type(error).__name__)).lower()


def _text(error: BaseException) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
