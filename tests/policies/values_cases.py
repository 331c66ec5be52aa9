"""Values of cert-manager's chart to judge: of the rules' examples, and the page's with one key changed at a time."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from cmpolicy import ir
from cmpolicy.fields.charts import OBJECT_FIELDS
from cmpolicy.fix.merge import Setting, keys_of, merge
from cmpolicy.load import Loaded, load_pack
from cmpolicy.values import Json, JsonMap

from tests.fix.page_values import page_values
from tests.policies.packs import PACK

PAGE: Mapping[str, Json] = {
    **page_values(),
    # What only the page's current form sets.
    **{f"{part}networkPolicy.enabled": True for part in ("", "webhook.", "cainjector.")},
}
EDITS: Mapping[type, tuple[Json, ...]] = {
    bool: (True, False, None),
    int: (0, 1, 2, 3, 4, None),
    str: ("", "system-node-critical", None),
    list: ([], None),
}
MORE: Mapping[str, tuple[Json, ...]] = {
    "cainjector.enabled": (False, True),
    "startupapicheck.enabled": (False, True),
    "webhook.hostNetwork": (True, False),
    "namespace": ("pki", ""),
    "webhook.serviceAccount.create": (False,),
    "podDisruptionBudget.maxUnavailable": (1, "50%"),
    "webhook.podDisruptionBudget.minAvailable": ("50%",),
    "cainjector.extraArgs": (
        ["--namespace=$(POD_NAMESPACE)", "--enable-certificates-data-source"],
        ["--namespace", "cert-manager", "--enable-certificates-data-source=F"],
        ["--namespace=pki", "--enable-certificates-data-source", "false"],
        ["--namespace=cert-manager", "--namespace=", "--enable-certificates-data-source=no"],
    ),
}


@cache
def values_pack() -> Loaded:
    """The pack of rules on values."""
    return load_pack(PACK.with_name("cert_manager_values"))


def as_object(values: JsonMap) -> JsonMap:
    """The values as the object that rules judge."""
    return {**values, "apiVersion": "cmpolicy.dev/v1", "kind": "CertManagerValues", "metadata": {"name": "values.yaml"}}


def tree(dotted: Mapping[str, Json]) -> dict[str, Any]:
    """`{"a.b": 1}  ->  {"a": {"b": 1}}`"""
    found: dict[str, Any] = json.loads(
        json.dumps(merge(Setting(key, value, "") for key, value in dotted.items()).values)
    )
    return found


def cases() -> Iterator[JsonMap]:
    """Values that the chart takes; null is what Helm makes of it, absent."""
    yield {}
    yield tree(PAGE)
    yield from (plain(example) for rule in values_pack().rules for example in (*rule.about.good, *rule.about.bad))
    edits = [(key, value) for key, before in PAGE.items() for value in EDITS[type(before)]]
    more = [(key, value) for key, values in MORE.items() for value in values]
    yield from (edited(key, value) for key, value in (*edits, *more, *within_lists()))


def plain(example: ir.Example) -> JsonMap:
    """The values of an example, without what makes an object of them."""
    return {key: value for key, value in example.object.items() if key not in OBJECT_FIELDS}


def edited(key: str, value: Json) -> JsonMap:
    """The page's values with another value of one key; without it for None."""
    rest = {name: each for name, each in PAGE.items() if name != key}
    return tree(rest if value is None else {**rest, key: value})


def within_lists() -> Iterator[tuple[str, Json]]:
    """The page's volumes and mounts with one thing in them changed."""
    for key, before in PAGE.items():
        if isinstance(before, list) and keys_of(key)[-1] in ("volumes", "volumeMounts"):
            for change in _CHANGES[keys_of(key)[-1]]:
                yield key, [_changed(before[0], *change)]
            yield key, [*before, _changed(before[0], ("name",), "second")]


_SOURCES = ("projected", "sources", "0", "serviceAccountToken")
_CHANGES: Mapping[str, tuple[tuple[tuple[str, ...], Json], ...]] = {
    "volumes": (
        (("name",), "other"),
        (("projected", "defaultMode"), 420),
        (("projected", "defaultMode"), 256),
        (("projected", "defaultMode"), None),
        ((*_SOURCES, "expirationSeconds"), 86400),
        ((*_SOURCES, "expirationSeconds"), 599),
        ((*_SOURCES, "expirationSeconds"), None),
        (("projected", "sources", "1", "configMap", "items", "0", "mode"), 420),
        (("projected", "sources", "1", "configMap", "name"), "other"),
        (("projected", "sources", "2"), None),
        ((*_SOURCES, "audience"), "vault"),
        (("projected", "sources"), []),
        (("projected",), None),
    ),
    "volumeMounts": (
        (("name",), "other"),
        (("mountPath",), "/token"),
        (("readOnly",), False),
        (("readOnly",), None),
        (("subPath",), "token"),
    ),
}


def _changed(value: Json, path: tuple[str, ...], new: Json) -> Json:
    copy = json.loads(json.dumps(value))
    inner = copy
    *parents, last = path
    for step in parents:
        inner = inner[int(step)] if isinstance(inner, list) else inner[step]
    place = int(last) if isinstance(inner, list) else last
    inner[place] = new
    if new is None:
        del inner[place]
    found: Json = copy
    return found
