"""Who asks a cluster: the token, password or certificate of a kubeconfig's user, renewed while a long reading goes on."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from cmpolicy.cluster import plugin
from cmpolicy.cluster.kubeconfig import Access, Entry, bad
from cmpolicy.cluster.plugin import Credential

_HEADER = re.compile(r"[\x21-\x7e]+(?: [\x21-\x7e]+)*")


@dataclass
class Credentials:
    """The credentials of a user, whom a plugin may have given them. They are never shown."""

    access: Access
    environment: Mapping[str, str] = field(repr=False)
    _given: Credential | None = field(default=None, repr=False)

    @property
    def certificate(self) -> tuple[str, str] | None:
        """A client's certificate and its key in PEM, None for none. Raises `ConfigError` for what cannot be read."""
        given, user = self._plugin(), self.access.user
        if given is not None and given.certificate:
            return given.certificate, given.key
        certificate, key = (_pem(user, f"client-{part}") for part in ("certificate", "key"))
        if bool(certificate) != bool(key):
            raise bad(f"{user.called} has only one of `client-certificate` and `client-key`")
        return (certificate, key) if certificate else None

    def headers(self) -> dict[str, str]:
        """What requests carry. Raises `ConfigError` for what cannot be read, or cannot be sent."""
        user = self.access.user
        made = _impersonation(user)
        if token := self._token():
            made["Authorization"] = f"Bearer {token}"
        elif name := user.text("username"):
            pair = f"{name}:{user.text('password')}"
            made["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        if odd := next((each for each, value in made.items() if not _HEADER.fullmatch(value)), None):
            raise bad(f"{user.called}: what is sent as `{odd}` has characters that no header holds")
        return made

    def renew(self) -> bool:
        """Ask the plugin again, if there is one that was asked before."""
        if self._given is None:
            return False
        self._given = None
        return self._plugin() is not None

    @property
    def are_over(self) -> bool:
        """Whether what the plugin gave is good no longer."""
        return self._given is not None and self._given.is_over

    @property
    def remedy(self) -> str:
        """What to do where the cluster does not take them."""
        user = self.access.user
        if (entry := user.entry("exec")) is not None:
            return f"log in anew with `{entry.text('command')}`"
        if user.entry("auth-provider") is not None:
            return "any `kubectl get` renews the token in the kubeconfig"
        if not user.held:
            return f"context `{self.access.context}` names no user: `kubectl config set-context` does"
        return "they may have run out: get new ones for the kubeconfig as you got these"

    def _plugin(self) -> Credential | None:
        entry = self.access.user.entry("exec")
        if entry is not None and (self._given is None or self._given.is_over):
            self._given = plugin.ask(entry, self.access.cluster, self.environment)
        return self._given

    def _token(self) -> str:
        user = self.access.user
        if (given := self._plugin()) is not None:
            return given.token
        if (path := user.file("tokenFile")) is not None:
            try:
                # It is written anew while pods run.
                return path.read_text(encoding="utf-8").strip()
            except (OSError, ValueError):
                raise bad(f"{user.called}: `{path}`, its `tokenFile`, cannot be read") from None
        return user.text("token") or _id_token(user)


def _pem(user: Entry, name: str) -> str:
    return user.content(name).decode("latin-1")


def _id_token(user: Entry) -> str:
    """The token that kubectl keeps there for OpenID Connect; only kubectl renews it."""
    provider = user.entry("auth-provider")
    if provider is None:
        return ""
    config = provider.entry("config")
    if provider.text("name") != "oidc" or config is None or not config.text("id-token"):
        raise bad(
            f"{user.called}: its `auth-provider` is not one that cmpolicy knows",
            "use a credential plugin (`exec`), as kubectl wants since 1.26",
        )
    return config.text("id-token")


def _impersonation(user: Entry) -> dict[str, str]:
    """Whom the user acts as: nobody may get more rights here than with kubectl."""
    if user.texts("as-groups") or user.entry("as-user-extra") is not None:
        remedy = "name a user who has the rights itself"
        raise bad(f"{user.called}: `as-groups` and `as-user-extra` are not known to cmpolicy", remedy)
    named = {"Impersonate-User": user.text("as"), "Impersonate-Uid": user.text("as-uid")}
    return {header: value for header, value in named.items() if value}
