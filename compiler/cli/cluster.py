"""The options by which a command reads a live cluster."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import click
from cmpolicy import ir
from cmpolicy.cli.options import PATH, TEXT
from cmpolicy.cli.progress import counted
from cmpolicy.values import JsonMap

if TYPE_CHECKING:
    from cmpolicy.cluster.credentials import Credentials
    from cmpolicy.cluster.reading import Reading

P = ParamSpec("P")
R = TypeVar("R")

_NAMESPACE = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")

_context_option = click.option(
    "--context",
    type=TEXT,
    metavar="NAME",
    help="With --cluster: a context of the kubeconfig. [default: the current one]",
)
_kubeconfig_option = click.option(
    "--kubeconfig",
    type=PATH,
    metavar="FILE",
    help="With --cluster: the kubeconfig. [default: $KUBECONFIG, ~/.kube/config, or a pod's own account]",
)
_namespace_option = click.option(
    "--namespace",
    "namespaces",
    type=TEXT,
    multiple=True,
    metavar="NAME",
    help="With --cluster: only objects in this namespace. [default: all of them, and those in none]",
)
_cluster_option = click.option("--cluster", is_flag=True, help="Judge the objects of a live cluster, and no PATH.")


def cluster_options(command: Callable[P, R]) -> Callable[P, R]:
    """`--cluster`, `--context`, `--kubeconfig` and `--namespace`, the last of which may be repeated."""
    return _cluster_option(_context_option(_kubeconfig_option(_namespace_option(command))))


@dataclass(frozen=True)
class Live:
    """A cluster that can be asked, and the namespaces in which objects are to be judged; all if none is named."""

    credentials: Credentials
    namespaces: tuple[str, ...]

    @property
    def context(self) -> str:
        """The name of the context."""
        return self.credentials.access.context

    @contextmanager
    def read(self, rules: Sequence[ir.Rule]) -> Iterator[Reading]:
        """What the rules look up, and a way to the objects to judge. Raises `CmpolicyError` if the cluster tells nothing."""
        from cmpolicy.cluster.client import Client
        from cmpolicy.cluster.reading import read_cluster

        client = Client(self.credentials)
        try:
            yield read_cluster(client, rules, self.namespaces, _counted)
        finally:
            client.close()


def _counted(objects: Iterable[JsonMap]) -> Iterable[JsonMap]:
    return counted(objects, "objects to look up")


def cluster_of(
    asked: bool, context: str | None, kubeconfig: Path | None, namespaces: Sequence[str], *, beside: bool
) -> Live | None:
    """The cluster that the options ask for, None if they ask for none. `beside` says that other input is named too.

    Raises `click.UsageError` for options that do not go together, and `CmpolicyError` for a kubeconfig that is no use.
    """
    given = {"--context": context, "--kubeconfig": kubeconfig, "--namespace": namespaces}
    if not asked:
        if wrong := next((name for name, value in given.items() if value), None):
            raise _usage(f"{wrong} is for --cluster")
        return None
    if beside:
        raise _usage("--cluster judges what is in a cluster; leave PATH and --helm-values out")
    if wrong := next((each for each in namespaces if not _NAMESPACE.fullmatch(each)), None):
        raise _usage(f"`{wrong}` is no name of a namespace")
    from cmpolicy.cluster.credentials import Credentials
    from cmpolicy.cluster.kubeconfig import find_access

    return Live(Credentials(find_access(context, kubeconfig, os.environ), os.environ), tuple(dict.fromkeys(namespaces)))


def _usage(message: str) -> click.UsageError:
    return click.UsageError(message, click.get_current_context())
