"""The real registries, and who may come in."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from tests.engines.registries.programs import Program
from tests.engines.registries.tokens import ISSUER, SERVICE, Login, Tokens, serving_tokens

WRITER = Login("writer", "open sesame")
READER = Login("reader", "only read", writes=False)
HTPASSWD = f"{WRITER.user}:$2b$04$madeforthesetests1234uQtpa.c7lapgWFlXc.Ae/uSLCt.aJD2.\n"
"""The writer's password by bcrypt, the one kind that Distribution takes."""
_repositories = count()


@dataclass(frozen=True, slots=True)
class Registry:
    """A registry that runs: whether it wants a login, and whether it lists what is attached to a manifest."""

    program: Program
    login: bool = False
    referrers: bool = False
    tokens: Tokens | None = None

    @property
    def host(self) -> str:
        return self.program.host

    def place(self) -> str:
        """A repository that nobody has used, as `HOST/REPOSITORY`."""
        return f"{self.host}/acme/policies-{next(_repositories)}"

    def writes(self) -> list[str]:
        """`METHOD PATH` of all that was asked so far but reading."""
        return [each for each in self.program.requests() if not each.startswith(("GET ", "HEAD "))]


@dataclass(frozen=True, slots=True)
class Starter:
    """Starts registries of programs that are found by name, in a folder of their own."""

    find: Callable[[str], Path]
    folder: Path

    @contextmanager
    def start(self, name: str) -> Iterator[Registry]:
        """The registry, during the block."""
        with ExitStack() as stack:
            yield STARTS[name](self, stack)

    def distribution(self, stack: ExitStack, name: str, auth: Mapping[str, object] | None = None) -> Program:
        """CNCF Distribution, which holds all in memory and has its settings in a file of this name."""
        config: dict[str, object] = {
            "version": "0.1",
            "log": {"level": "info"},
            "storage": {"inmemory": {}},
            "http": {"addr": "127.0.0.1:0", "secret": "of the tests"},
        }
        path = self.folder / f"{name}.yaml"
        path.write_text(json.dumps({**config, **({"auth": auth} if auth else {})}))
        return self._run(stack, "distribution", "serve", str(path))

    def anybody(self, stack: ExitStack) -> Registry:
        return Registry(self.distribution(stack, "anybody"))

    def basic(self, stack: ExitStack) -> Registry:
        passwords = self.folder / "htpasswd"
        passwords.write_text(HTPASSWD)
        auth = {"htpasswd": {"realm": "tests", "path": str(passwords)}}
        return Registry(self.distribution(stack, "basic", auth), login=True)

    def token(self, stack: ExitStack) -> Registry:
        tokens = stack.enter_context(serving_tokens(WRITER, READER))
        keys = self.folder / "jwks.json"
        keys.write_text(json.dumps(tokens.jwks))
        auth = {"token": {"realm": tokens.url, "service": SERVICE, "issuer": ISSUER, "jwks": str(keys)}}
        return Registry(self.distribution(stack, "token", auth), login=True, tokens=tokens)

    def referrers(self, stack: ExitStack) -> Registry:
        return Registry(self._run(stack, "registry"), referrers=True)

    def _run(self, stack: ExitStack, name: str, *arguments: str) -> Program:
        # Without this Distribution sends traces to whoever listens at the port of a collector.
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(self.folder), "OTEL_TRACES_EXPORTER": "none"}
        return stack.enter_context(Program([self.find(name), *arguments], environment))


STARTS: dict[str, Callable[[Starter, ExitStack], Registry]] = {
    "distribution": Starter.anybody,
    "distribution-basic": Starter.basic,
    "distribution-token": Starter.token,
    "go-containerregistry": Starter.referrers,
}
"""How each registry is started, by its name."""


def docker_config(folder: Path, logins: Mapping[str, Mapping[str, str]]) -> Path:
    """A folder for `DOCKER_CONFIG` with these entries by host."""
    folder.mkdir(exist_ok=True)
    (folder / "config.json").write_text(json.dumps({"auths": logins}))
    return folder
