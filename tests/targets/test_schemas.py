"""Everything that targets emit passes the engine's own schema, with misspelt fields rejected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import pytest
import yaml
from cmpolicy import ir
from cmpolicy.load import built_in_packs, load_packs
from cmpolicy.pipeline import Folder, package
from cmpolicy.targets import TARGETS, load_target
from cmpolicy.targets.protocol import File, Options

from tests.sample_rules import RULES as SAMPLE_RULES
from tests.schemas.validation import known, problems, schema_name

TEMPLATE = "templates.gatekeeper.sh/v1/ConstraintTemplate"
CONSTRAINT = "constraints.gatekeeper.sh/v1beta1/Constraint"

# What each target must be made of, so that none passes by emitting nothing.
EXPECTED = {
    "datree": {"datree/v1/Policies"},
    "gatekeeper": {TEMPLATE, CONSTRAINT, "test.gatekeeper.sh/v1alpha1/Suite"},
    "kyverno": {"kyverno.io/v1/ClusterPolicy", "cli.kyverno.io/v1alpha1/Test"},
    "kyverno-cel": {"policies.kyverno.io/v1/ValidatingPolicy", "cli.kyverno.io/v1alpha1/Test"},
    "vap": {
        "admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy",
        "admissionregistration.k8s.io/v1/ValidatingAdmissionPolicyBinding",
    },
}

Document = Mapping[str, object]


@cache
def rules() -> tuple[ir.Rule, ...]:
    loaded = load_packs(built_in_packs())
    assert loaded.rules
    assert loaded.diagnostics == ()
    return (*loaded.rules, *SAMPLE_RULES)


@cache
def folder(target: str, enforce: bool) -> Folder:
    return package(rules(), load_target(target), Options(enforce=enforce))


def documents(files: Sequence[File]) -> list[tuple[str, Document]]:
    """Every YAML document with the path of its file."""
    texts = ((file.path, file.text) for file in files if file.path.endswith(".yaml"))
    return [(path, document) for path, text in texts for document in yaml.load_all(text, Loader=yaml.CSafeLoader)]


def examples() -> list[Document]:
    """The manifests that rules give as examples; native suites are made of them."""
    given = [each for rule in rules() for each in (*rule.about.good, *rule.about.bad)]
    return [manifest for each in given for manifest in (each.object, *each.others)]


def test_every_target_is_expected() -> None:
    assert EXPECTED.keys() == TARGETS.keys()


@pytest.mark.parametrize("enforce", [False, True], ids=["audit", "enforce"])
@pytest.mark.parametrize("target", TARGETS)
def test_emitted_documents_pass_their_schema(target: str, enforce: bool) -> None:
    """What targets make; the manifests of examples, some of a kind that targets make too, hold what rules read alone."""
    emitted, manifests = documents(folder(target, enforce).files), examples()
    objects = [(path, document) for path, document in emitted if known(document) and document not in manifests]
    templates = {kind_of_constraint(each): each for _, each in objects if schema_name(each) == TEMPLATE}
    wrong = {
        path: found
        for path, document in objects
        if (found := problems(document, templates[str(document["kind"])] if is_constraint(document) else None))
    }
    assert wrong == {}
    assert {schema_name(document) for _, document in objects} >= EXPECTED[target]


@pytest.mark.parametrize("target", TARGETS)
def test_documents_without_a_schema_are_examples_of_the_native_suite(target: str) -> None:
    strangers = [(path, document) for path, document in documents(folder(target, False).files) if not known(document)]
    manifests = examples()
    assert [path for path, document in strangers if not path.startswith("tests/")] == []
    assert [path for path, document in strangers if document not in manifests] == []


@pytest.mark.parametrize("target", TARGETS)
def test_every_rule_is_emitted_or_has_a_gap(target: str) -> None:
    packaged = folder(target, False)
    gaps = {gap.rule for gap in packaged.gaps}
    names = {names_in(document) for _, document in documents(packaged.files)}
    carried = {rule.id for rule in rules()} - gaps
    assert carried
    if target == "datree":
        (file,) = (file for file in packaged.files if file.path == "policies.yaml")
        custom = yaml.safe_load(file.text)["customRules"]
        assert len(custom) == len({each["identifier"] for each in custom}) == len(carried)
    else:
        assert carried <= names


def names_in(document: Document) -> str:
    metadata = document.get("metadata")
    return str(metadata.get("name")) if isinstance(metadata, dict) and known(document) else ""


def is_constraint(document: Document) -> bool:
    return schema_name(document) == CONSTRAINT


def kind_of_constraint(template: Document) -> str:
    spec = template["spec"]
    assert isinstance(spec, dict)
    return str(spec["crd"]["spec"]["names"]["kind"])
