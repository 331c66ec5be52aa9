"""What is read of a cluster for some rules: first what they look up, then what they judge, a page at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from cmpolicy import ir
from cmpolicy.cluster.client import FORBIDDEN, Client
from cmpolicy.cluster.discovery import Resource, Served, discover, in_one_version
from cmpolicy.cluster.lookups import LookUp, look_ups
from cmpolicy.cluster.objects import LiveObject
from cmpolicy.cluster.pages import Lister
from cmpolicy.cluster.problems import ConfigError, Lost, NotThere, Unread, problem
from cmpolicy.diagnostics import CmpolicyError, Diagnostic
from cmpolicy.evaluate import inventory
from cmpolicy.ir.kind import Kind
from cmpolicy.passes.tree import known_kinds
from cmpolicy.report.wording import listed
from cmpolicy.values import JsonMap

Counted = Callable[[Iterable[JsonMap]], Iterable[JsonMap]]
MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Reading:
    """The rules that can be judged, what they look up, and what was wrong until then. `objects` reads the rest."""

    rules: tuple[ir.Rule, ...]
    known: JsonMap
    problems: tuple[Diagnostic, ...]
    _lister: Lister
    _served: Served
    _namespaces: tuple[str, ...]
    _gone: list[Kind] = field(default_factory=list)

    def objects(self) -> Iterator[LiveObject | Diagnostic]:
        """The objects that the rules look at, by kind, and what could not be read. Nothing raises."""
        for resource in self._judged():
            for namespace in self._namespaces or ("",):
                try:
                    yield from map(LiveObject, self._lister.objects(resource, namespace))
                except NotThere:
                    self._gone.append(resource.kind)
                except Unread as error:
                    yield _unread(error, resource, namespace)
                except (Lost, ConfigError) as error:
                    yield from error.diagnostics
                    return

    def _judged(self) -> list[Resource]:
        """Each once, also where packs tell of the same kind differently."""
        kinds = {str(kind): self._served.resources[kind] for rule in self.rules for kind in rule.kinds}
        return sorted(filter(self._is_inside, kinds.values()), key=lambda each: each.name)

    def _is_inside(self, resource: Resource) -> bool:
        """Whether its objects are where objects are to be judged."""
        return resource.namespaced or not self._namespaces

    def notes(self) -> Iterator[str]:
        """What the verdicts do not say, as sentences without a final period, once all objects have been read."""
        if missing := sorted({str(kind) for kind in (*self._served.missing, *self._gone)}):
            yield f"the cluster does not serve {listed(missing)}: there is nothing of these kinds to judge or to look up"
        if self._lister.changed:
            yield (
                f"the cluster kept the lists of {listed(sorted(self._lister.changed))} no longer than it took to read their "
                "beginning: the rest is as it was later, and objects that came or went meanwhile may be missing"
            )
        kinds = {kind for rule in self.rules for kind in rule.kinds}
        if outside := sorted(str(kind) for kind in kinds if not self._is_inside(self._served.resources[kind])):
            yield f"objects of {listed(outside)} are in no namespace, and with --namespace not judged"


def read_cluster(client: Client, rules: Sequence[ir.Rule], namespaces: Sequence[str], counted: Counted) -> Reading:
    """Ask what the cluster serves, and read what the rules look up. `counted` is given those objects to pass on.

    With `namespaces` only objects in these are judged, and what rules look up beside an object is read of these alone. Rules
    whose look-ups fail are left out, which is a problem. Raises `CmpolicyError` where nothing can be told.
    """
    _need_namespaces(client, namespaces)
    lister, wanted = Lister(client), look_ups(rules)
    served = discover(client, (kind for rule in rules for kind in (*rule.kinds, *known_kinds(rule))))
    problems, known, failed = list(served.problems), list[JsonMap](), set[str]()
    for each in wanted:
        if (resource := served.resources.get(each.kind)) is None:
            continue
        try:
            known += counted(_looked_up(lister, each, resource, namespaces))
        except NotThere:
            continue
        except Unread as error:
            failed.add(str(each.kind))
            problems.append(_left_out(_unread(error, resource, ""), each))
    told = {str(kind) for kind in (*served.resources, *served.missing)} - failed
    kept = (in_one_version(rule, served) for rule in rules if told.issuperset(map(str, known_kinds(rule))))
    return Reading(tuple(kept), inventory(known), tuple(problems), lister, served, tuple(namespaces))


def _looked_up(lister: Lister, wanted: LookUp, resource: Resource, namespaces: Sequence[str]) -> Iterator[JsonMap]:
    inside = namespaces if resource.namespaced and not wanted.everywhere else ()
    for namespace in inside or ("",):
        yield from map(wanted.kept, lister.objects(resource, namespace))


def _need_namespaces(client: Client, namespaces: Sequence[str]) -> None:
    """Raise `CmpolicyError` for a namespace that is not there: to find nothing wrong in it would be no answer."""
    for namespace in namespaces:
        try:
            client.get(f"/api/v1/namespaces/{namespace}")
        except NotThere:
            raise CmpolicyError(
                problem(f"there is no namespace `{namespace}`", "`kubectl get namespaces` lists them")
            ) from None
        except Unread:
            # Who may not look at it may still list what is in it.
            continue


def _unread(error: Unread, resource: Resource, namespace: str) -> Diagnostic:
    where = (
        f"in namespace `{namespace}`" if namespace else "in all namespaces" if resource.namespaced else "of the cluster"
    )
    told = error.about(f"`{resource.name}` {where} cannot be read")
    if told.code != FORBIDDEN:
        return told
    role = "role" if namespace else "clusterrole"
    command = f"kubectl create {role} cmpolicy --verb=list --resource={resource.name}"
    inside = f" -n {namespace}" if namespace else ""
    return replace(told, help=f"who asks needs the verb `list` on it: `{command}{inside}`, and a binding of that")


def _left_out(told: Diagnostic, wanted: LookUp) -> Diagnostic:
    named = [f"`{each}`" for each in wanted.rules[:MOST_NAMED]]
    more = len(wanted.rules) - len(named)
    rules = listed([*named, *([f"{more} more"] if more else [])])
    return replace(told, message=f"{told.message}; {rules} cannot be judged without")
