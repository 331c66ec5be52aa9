"""What Kyverno is given to read, and so which rules it scans for."""

from __future__ import annotations

from dataclasses import replace

import yaml
from cmpolicy import ir
from cmpolicy.load import built_in_packs, load_packs
from cmpolicy.targets.kyverno.access import access, is_scanned
from cmpolicy.targets.kyverno.package import TARGET
from cmpolicy.targets.kyverno_cel.package import TARGET as TARGET_CEL
from cmpolicy.targets.protocol import Options, packaged

RULES = {rule.id: rule for rule in load_packs(tuple(built_in_packs())).rules}


def roles(*ids: str) -> dict[str, dict[str, list[str]]]:
    """The resources of each role by API group."""
    return {
        role["metadata"]["name"]: {group: each["resources"] for each in role["rules"] for group in each["apiGroups"]}
        for file in access("kyverno", [RULES[each] for each in ids])
        for role in yaml.safe_load_all(file.text)
    }


def test_what_every_reader_may_read_needs_no_role() -> None:
    assert roles("cm-webhook-replicas", "cm-netpol-no-e2e-rules", "cm-pdb-not-blocking") == {}


def test_what_is_scanned_beyond_that_is_for_the_scanner_alone() -> None:
    (file,) = access("kyverno", [RULES["cm-node-reserved-tainted"], RULES["cm-ca-issuer-review"]])
    role = yaml.safe_load(file.text)
    assert role["metadata"]["labels"] == {"rbac.kyverno.io/aggregate-to-reports-controller": "true"}
    found = roles("cm-node-reserved-tainted", "cm-ca-issuer-review")
    assert found == {"cmpolicy:kyverno:scan": {"": ["nodes"], "cert-manager.io": ["clusterissuers", "issuers"]}}


def test_a_subresource_that_a_policy_names_is_among_what_is_scanned() -> None:
    """Kyverno says of the policy that it is not ready for reports otherwise."""
    rules = [RULES["cm-priority-class"]]
    assert [file.path for file in packaged(TARGET, rules, Options()) if file.path == "access.yaml"] == []
    (file,) = (file for file in packaged(TARGET_CEL, rules, Options()) if file.path == "access.yaml")
    role = yaml.safe_load(file.text)
    assert (role["metadata"]["name"], [each["resources"] for each in role["rules"]]) == (
        "cmpolicy:kyverno-cel:scan",
        [["pods/ephemeralcontainers"]],
    )


def test_each_target_has_roles_of_its_own() -> None:
    """So that one can be removed while the other stays."""
    rules = [RULES["cm-pdb-exists"], RULES["cm-node-reserved-tainted"]]
    names = {
        role["metadata"]["name"]
        for target in (TARGET, TARGET_CEL)
        for file in packaged(target, rules, Options())
        if file.path == "access.yaml"
        for role in yaml.safe_load_all(file.text)
    }
    assert names == {f"cmpolicy:{target}:{use}" for target in ("kyverno", "kyverno-cel") for use in ("lookup", "scan")}


def test_secrets_are_not_handed_to_the_scanner() -> None:
    rule = RULES["cm-no-legacy-token-secret"]
    assert not is_scanned(rule)
    assert roles(rule.id) == {}
    files = {file.path: file.text for file in packaged(TARGET, [rule], Options())}
    assert yaml.safe_load(files[f"policies/{rule.id}.yaml"])["spec"]["background"] is False
    files = {file.path: file.text for file in packaged(TARGET_CEL, [rule], Options())}
    evaluation = yaml.safe_load(files[f"policies/{rule.id}.yaml"])["spec"]["evaluation"]
    assert (evaluation["admission"], evaluation["background"]) == ({"enabled": True}, {"enabled": False})


def test_a_kind_of_that_name_in_another_group_is_scanned() -> None:
    rule = RULES["cm-ca-issuer-review"]
    assert is_scanned(rule)
    other = ir.Kind("example.com", "v1", "Secret", "secrets", namespaced=True)
    assert [kind.kind for kind in rule.kinds] == ["Issuer", "ClusterIssuer"]
    (file,) = access("kyverno", [replace(rule, kinds=(other,))])
    assert yaml.safe_load(file.text)["rules"][0]["apiGroups"] == ["example.com"]
