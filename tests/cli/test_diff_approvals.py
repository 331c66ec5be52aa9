"""`cmpolicy diff --approvals`: what an entry of the file lets pass, and for how long."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import FINE, Run, commit, git, write_rule

HIGHER = FINE.replace(">= minimum", "> minimum")
HIGHEST = f"{HIGHER} & ~deployment.spec.paused.is_true()"


def fingerprint(cmpolicy: Run, *sides: str) -> str:
    (change,) = json.loads(cmpolicy("diff", "--output", "json", *sides).out)["changes"]
    return str(change["fingerprint"])


def approve(repository: Path, digits: str, more: str = "") -> str:
    text = f'# who and why\n- fingerprint: "{digits}"\n  owner: "@acme/security"\n  reason: two are few\n{more}'
    (repository / "approvals.yaml").write_text(text)
    return "approvals.yaml"


@pytest.fixture
def tightened(repository: Path) -> Path:
    write_rule(repository, "first", HIGHER)
    return repository


def test_an_approved_change_passes_every_gate_and_is_told(cmpolicy: Run, tightened: Path) -> None:
    file = approve(tightened, fingerprint(cmpolicy, "main"), "  expires: 9999-12-31\n")
    for gate in ("tightened", "breaking", "any"):
        assert cmpolicy("diff", "--fail-on", gate, "main").code == 1
        assert cmpolicy("diff", "--fail-on", gate, "--approvals", file, "main").code == 0
    result = cmpolicy("diff", "--approvals", file, "main")
    assert "\n  approved by @acme/security until 9999-12-31: two are few\n" in result.out
    assert "1 tightened, 1 of them approved, 1 rule unchanged" in result.out
    (change,) = json.loads(cmpolicy("diff", "--output", "json", "--approvals", file, "main").out)["changes"]
    assert change["approved"] == {"owner": "@acme/security", "reason": "two are few", "expires": "9999-12-31"}
    assert change["stopped_by"] == []


def test_what_is_not_approved_is_still_stopped(cmpolicy: Run, tightened: Path) -> None:
    file = approve(tightened, fingerprint(cmpolicy, "main"))
    write_rule(tightened, "second", HIGHER)
    result = cmpolicy("diff", "--output", "json", "--approvals", file, "main")
    assert result.code == 1
    found = {each["rule"]: (each["approved"] is None, each["stopped_by"]) for each in json.loads(result.out)["changes"]}
    assert found == {"my-first": (False, []), "my-second": (True, ["any"])}


@pytest.mark.parametrize(
    "edit",
    [
        lambda text: f"# a note above\n{text}",
        lambda text: text.replace('severity="high"', 'severity="low"'),
        lambda text: text.replace("minimum: Replicas that are enough", "minimum: How many are enough"),
        lambda text: text.replace("return (", "return ~~("),
    ],
    ids=["moved", "metadata", "a parameter's description", "written otherwise"],
)
def test_a_push_that_keeps_both_versions_keeps_the_approval(edit: object, cmpolicy: Run, tightened: Path) -> None:
    before = fingerprint(cmpolicy, "main")
    file = tightened / "policies/my_pack/first.py"
    assert callable(edit)
    file.write_text(edit(file.read_text()))
    after = fingerprint(cmpolicy, "main")
    # What else changes is approved anew; how the same is written is not.
    assert (after == before) == ('severity="high"' in file.read_text())


def test_an_approval_is_void_when_either_version_says_something_else(cmpolicy: Run, tightened: Path) -> None:
    file = approve(tightened, fingerprint(cmpolicy, "main"))
    commit(tightened)
    write_rule(tightened, "first", HIGHEST)
    for old in ("main", "work"):
        result = cmpolicy("diff", "--approvals", file, old)
        assert result.code == 1
        assert "warning[approvals]: there is no change `" in result.err
        assert "--> approvals.yaml:2:3" in result.err
    git(tightened, "checkout", "-q", "--", "policies")
    assert cmpolicy("diff", "--approvals", file, "main").code == 0


def test_an_approval_of_an_action_is_of_that_target_alone(cmpolicy: Run, workspace: Path) -> None:
    for name, options in {"old": [], "new": ["--enforce"]}.items():
        cmpolicy("build", "--out", name, "--target", "vap", *options)
    first = json.loads(cmpolicy("diff", "--output", "json", "old", "new").out)["changes"][0]["fingerprint"]
    cmpolicy("build", "--out", "old", "--target", "kyverno")
    cmpolicy("build", "--out", "new", "--target", "kyverno", "--enforce")
    second = json.loads(cmpolicy("diff", "--output", "json", "old", "new").out)["changes"][0]["fingerprint"]
    assert first != second


def test_an_approval_that_expired_approves_nothing(cmpolicy: Run, tightened: Path) -> None:
    file = approve(tightened, fingerprint(cmpolicy, "main"), "  expires: 2001-01-31\n")
    result = cmpolicy("diff", "--approvals", file, "main")
    assert result.code == 1
    assert "approved" not in result.out
    assert "warning[approvals]: the approval of `my-first` expired on 2001-01-31" in result.err


def test_entries_are_not_called_stale_where_not_all_is_compared(cmpolicy: Run, tightened: Path) -> None:
    file = approve(tightened, "a" * 12)
    assert "there is no change `aaaaaaaaaaaa`" in cmpolicy("diff", "--approvals", file, "main").err
    assert cmpolicy("diff", "--approvals", file, "--rule", "my-second", "main").err == ""


def test_an_empty_file_approves_nothing(cmpolicy: Run, tightened: Path) -> None:
    (tightened / "approvals.yaml").write_text("# none yet\n")
    assert cmpolicy("diff", "--approvals", "approvals.yaml", "main").code == 1


ENTRY = "- fingerprint: aaaaaaaaaaaa\n  owner: x\n  reason: why\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("approvals: []\n", "approvals.yaml:1"),
        ("- text\n", "an approval is a map\n  --> approvals.yaml:1:3"),
        ("- owner: x\n  reason: y\n", "the approval has no `fingerprint`\n  --> approvals.yaml:1:3"),
        (ENTRY + "  until: 2027-01-31\n", "an approval has no `until`\n  --> approvals.yaml:4:3"),
        (ENTRY.replace("owner", "ownr"), "did you mean `owner`?"),
        (ENTRY.replace("why", "y"), "the reason is no text\n  --> approvals.yaml:3:3"),
        (ENTRY.replace("aaaaaaaaaaaa", "123456789012"), "the fingerprint is no text\n  --> approvals.yaml:1:3"),
        (ENTRY.replace("aaaaaaaaaaaa", "abc"), "this is no fingerprint\n  --> approvals.yaml:1:3"),
        (ENTRY.replace("why\n", '" "\n'), "this is no reason\n  --> approvals.yaml:3:3"),
        (ENTRY + "  expires: 2027-02-30\n", "this is no day\n  --> approvals.yaml:4:3"),
        (ENTRY + "  expires: soon\n", "give the last day on which it holds, such as `2027-01-31`"),
        (ENTRY + ENTRY, "`aaaaaaaaaaaa` is approved in line 1 already\n  --> approvals.yaml:4:3"),
        (ENTRY + "  owner: z\n", "the key `owner` is given twice"),
        ("- fingerprint: [\n", "--> approvals.yaml:2:1"),
        (f"{ENTRY}---\n{ENTRY}", "the file is not one list of approvals"),
    ],
)
def test_a_file_that_is_wrong_is_told_where(text: str, said: str, cmpolicy: Run, tightened: Path) -> None:
    (tightened / "approvals.yaml").write_text(text)
    result = cmpolicy("diff", "--approvals", "approvals.yaml", "main")
    assert (result.code, result.out) == (2, "")
    assert said in result.err


def test_a_file_that_cannot_be_read_is_told(cmpolicy: Run, tightened: Path) -> None:
    assert "cannot read `no.yaml`: no such file" in cmpolicy("diff", "--approvals", "no.yaml", "main").err
    (tightened / "latin.yaml").write_bytes(b"# \xe9\n")
    result = cmpolicy("diff", "--approvals", "latin.yaml", "main")
    assert (result.code, "the file is not UTF-8 text" in result.err) == (2, True)
