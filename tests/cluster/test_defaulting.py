"""The model of what a server makes of manifests is what a real one does, field by field; so are verdicts on the outcome.

The ServiceAccount plugin, which is on in every cluster, is on here: the accounts that Pods name are there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from cmpolicy import ir
from cmpolicy.admission import MODELLED, admitted, is_modelled
from cmpolicy.admission.defaults import DEFAULTS
from cmpolicy.evaluate import inventory, judge
from cmpolicy.fields import index
from cmpolicy.fields.generate import named, read_versions
from cmpolicy.fields.index import FieldType, ListOf, MapOf, ObjectType
from cmpolicy.generate import objects
from cmpolicy.generate.edit import at, put
from cmpolicy.load import built_in_packs, load_packs
from cmpolicy.values import Json, JsonMap

from tests.admission.answers import ANSWERS, MANIFESTS, comparable, differences, kind_of, load
from tests.cluster.api_server import Binary, api_server
from tests.cluster.objects import completed
from tests.cluster.requests import Answer, Client

RULES = load_packs(built_in_packs()).rules
REFUSED = Path(__file__).with_name("refused_examples.txt")
NAMESPACES = ("cert-manager", "elsewhere", "pki", "shop", "tenant")
EXISTS = 409
SEED, AMOUNT = 7, 40
"""Of the generated objects: some thousand, two in three of which a server takes."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An object that was asked about: where it is from, as written, completed, and what the server said of the latter."""

    source: str
    written: JsonMap
    sent: JsonMap
    answer: Answer

    def differences(self) -> list[str]:
        """Where the model is wrong about it."""
        return list(differences(comparable(self.answer.body), comparable(_admitted(self.sent))))


@pytest.fixture(scope="module")
def api(binary: Binary, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """An API server with the namespaces of the examples, and the ServiceAccounts of their Pods."""
    with api_server(binary, tmp_path_factory.mktemp("defaulting"), disabled="") as cluster:
        found = Client.of(cluster)
        for name in NAMESPACES:
            _create(found, {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
        for namespace, name in sorted(_accounts()):
            metadata = {"namespace": namespace, "name": name}
            _create(found, {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": metadata})
        yield found


def _create(api: Client, manifest: JsonMap) -> None:
    kind = kind_of(manifest)
    assert kind is not None
    assert api.create(kind, manifest, dry=False).message == ""


def _accounts() -> set[tuple[str, str]]:
    named = {(namespace, "default") for namespace in (*NAMESPACES, "default", "kube-system")}
    for each in (*(manifest for _, manifest in _examples()), *load(MANIFESTS)):
        if isinstance(name := at(each, ("spec", "serviceAccountName")), str) and each["kind"] == "Pod":
            named.add((str(at(each, ("metadata", "namespace")) or "default"), name or "default"))
    return named


def _examples() -> list[tuple[str, JsonMap]]:
    """The objects of every example whose kind is modelled, others that are known included; each with its rule and part."""
    found = [
        (f"{rule.id} ({part})", each)
        for rule in RULES
        for part, examples in (("good", rule.about.good), ("bad", rule.about.bad))
        for example in examples
        for each in (example.object, *example.others)
    ]
    return [(source, each) for source, each in found if (kind := kind_of(each)) and is_modelled(kind)]


def _ask(api: Client, source: str, manifest: JsonMap) -> Asked:
    kind = kind_of(manifest)
    assert kind is not None
    sent = completed(manifest, kind)
    return Asked(source, manifest, sent, _create_or_replace(api, kind, sent))


def _create_or_replace(api: Client, kind: ir.Kind, manifest: JsonMap) -> Answer:
    """What comes of creating the object, or of putting it in the place of one that is there."""
    answer = api.create(kind, manifest)
    return api.replace(kind, manifest) if answer.code == EXISTS else answer


def _admitted(manifest: JsonMap) -> JsonMap:
    kind = kind_of(manifest)
    return manifest if kind is None else admitted(manifest, kind)


@pytest.fixture(scope="module")
def asked(api: Client) -> list[Asked]:
    """Every example."""
    return [_ask(api, source, manifest) for source, manifest in _examples()]


def _wrong(asked: Sequence[Asked]) -> list[tuple[str, str]]:
    return [(each.source, found) for each in asked if not each.answer.message for found in each.differences()]


def test_the_model_is_right_about_every_example(asked: list[Asked]) -> None:
    assert _wrong(asked) == []


def test_the_server_takes_all_examples_but_these(asked: list[Asked], request: pytest.FixtureRequest) -> None:
    """Most of them are about what is wrong with an object, of a wrong type or at odds with itself."""
    refused = sorted({f"{each.source}: {_reason(each)}\n" for each in asked if each.answer.message})
    if request.config.getoption("--update-golden"):
        REFUSED.write_text("".join(refused), encoding="utf-8")
    assert "".join(refused) == REFUSED.read_text(encoding="utf-8")
    assert len(refused) < len(asked) / 10


def _reason(asked: Asked) -> str:
    """The server's words, without the dump of a value."""
    return re.sub(r"Invalid value: \{.*\}", "Invalid value", asked.answer.message.replace("\n", " "))


def test_the_model_is_right_about_generated_objects(api: Client) -> None:
    made = [case.manifest for rule in RULES for case in objects(rule, SEED, AMOUNT, realistic=True) if case.old is None]
    known = [each for each in made if (kind := kind_of(each)) and is_modelled(kind)]
    found = [_ask(api, "generated", _in_known_namespace(each)) for each in known]
    taken = [each for each in found if not each.answer.message]
    assert len(taken) > len(found) / 2
    assert _wrong(taken) == []


def _in_known_namespace(manifest: JsonMap) -> JsonMap:
    """The object in a namespace that is there."""
    if at(manifest, ("metadata", "namespace")) in (*NAMESPACES, None):
        return manifest
    moved = put(manifest, ("metadata", "namespace"), "default")
    assert isinstance(moved, dict)
    return moved


def test_odd_manifests_are_answered_as_recorded(api: Client, request: pytest.FixtureRequest) -> None:
    """Of these a test without a server has the answers too."""
    answers = []
    for manifest in load(MANIFESTS):
        kind = kind_of(manifest)
        assert kind is not None
        answer = api.create(kind, manifest)
        assert (manifest["metadata"]["name"], answer.message) == (manifest["metadata"]["name"], "")
        answers.append(comparable(answer.body))
    if request.config.getoption("--update-golden"):
        ANSWERS.write_text(yaml.safe_dump_all(answers, sort_keys=True, width=120), encoding="utf-8")
    assert answers == load(ANSWERS)


def test_rules_whose_verdict_changes_on_the_way_are_those_that_say_so(asked: list[Asked]) -> None:
    """By the server's own answers; `manifest_only` is for what a rule can only say of a manifest."""
    answers = {id(each.written): each for each in asked if not each.answer.message}
    changed = Counter(
        rule.id for rule in RULES for example in _judged(rule, answers) if _changes(rule, example, answers)
    )
    assert set(changed) == {rule.id for rule in RULES if rule.about.manifest_only}


def _judged(rule: ir.Rule, answers: dict[int, Asked]) -> list[ir.Example]:
    """The examples whose object the server takes."""
    return [each for each in (*rule.about.good, *rule.about.bad) if id(each.object) in answers]


def _changes(rule: ir.Rule, example: ir.Example, answers: dict[int, Asked]) -> bool:
    given = (example.object, *example.others)
    found = [answers.get(id(each)) for each in given]
    written = [each.sent if each else other for each, other in zip(found, given, strict=True)]
    answered = [each.answer.body if each else other for each, other in zip(found, given, strict=True)]
    return _verdict(rule, written) != _verdict(rule, answered) or _verdict(rule, given) != _verdict(rule, written)


def _verdict(rule: ir.Rule, seen: Sequence[JsonMap]) -> str:
    return judge(rule, seen[0], None, inventory(seen[1:])).verdict


def test_published_defaults_are_in_the_model(api: Client) -> None:
    """Those of the OpenAPI documents, in every type that a modelled kind is made of."""
    names, modelled = named(read_versions()), _made_of({index.kind(name)[1].name for name in MODELLED})
    published = {
        (names[full], field): default for full, field, default in _published(api) if names.get(full) in modelled
    }
    assert ("ContainerPort", "protocol") in published
    assert {key: DEFAULTS.get(key[0], {}).get(key[1]) for key in published} == published


def _published(api: Client) -> Iterator[tuple[str, str, Json]]:
    """Type, field and default, of those that say more than the empty value of the field's type."""
    for document in api.ask("GET", "/openapi/v3").body["paths"].values():
        for full, schema in (
            api.ask("GET", document["serverRelativeURL"]).body.get("components", {}).get("schemas", {}).items()
        ):
            for field, property_ in schema.get("properties", {}).items():
                if property_.get("default"):
                    yield full, field, property_["default"]


def _made_of(types: set[str]) -> set[str]:
    """The types and all that they lead to."""
    found: set[str] = set()
    waiting = sorted(types)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(_inner(field.type) for field in index.fields(name).values() if _inner(field.type))
    return found


def _inner(type_: FieldType) -> str:
    match type_:
        case ObjectType(name):
            return name
        case ListOf(inner) | MapOf(inner):
            return _inner(inner)
        case _:
            return ""
