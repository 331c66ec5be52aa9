"""`cmpolicy diff --output`: every form, of a real change, from the command line."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from cmpolicy.cli.diff import Form
from jsonschema import Draft202012Validator

from tests.cli.conftest import FINE, Run, git, write_rule

HIGHER = FINE.replace(">= minimum", "> minimum")


@pytest.fixture
def tightened(repository: Path) -> Path:
    write_rule(repository, "first", HIGHER)
    return repository


@pytest.mark.parametrize("form", list(Form))
def test_every_form_says_what_the_others_say(form: Form, cmpolicy: Run, tightened: Path) -> None:
    result = cmpolicy("diff", "--output", form.value, "main")
    assert (result.code, result.err) == (1, "")
    assert "my-first" in result.out
    assert "tightened" in result.out.lower()
    # An object that shows it.
    assert "Deployment" in result.out
    assert "\x1b" not in result.out


@pytest.mark.parametrize("form", list(Form))
def test_every_form_has_something_to_say_where_nothing_changed(form: Form, cmpolicy: Run, repository: Path) -> None:
    result = cmpolicy("diff", "--output", form.value, "main")
    assert (result.code, result.err) == (0, "")
    assert result.out.strip()


def test_lines_are_marked_by_their_path_from_the_root(
    cmpolicy: Run, tightened: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(tightened, "checkout", "-q", "--", "policies")
    (tightened / "team").mkdir()
    git(tightened, "mv", "policies", "team/policies")
    git(tightened, "commit", "-q", "-m", "moved")
    write_rule(tightened / "team", "first", HIGHER)
    line = next(
        number
        for number, text in enumerate(Path("team/policies/my_pack/first.py").read_text().splitlines(), 1)
        if "return (" in text
    )
    git(tightened, "commit", "-q", "-a", "-m", "tightened")
    monkeypatch.chdir(tightened / "team")
    for sides in (["HEAD~1"], ["HEAD~1..HEAD"], ["HEAD~1", "policies"]):
        shown = cmpolicy("diff", "--output", "github", *sides).out
        assert shown.startswith(f"::error file=team/policies/my_pack/first.py,line={line},endLine={line},title="), sides
        (log,) = json.loads(cmpolicy("diff", "--output", "sarif", *sides).out)["runs"]
        place = log["results"][0]["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"] == "team/policies/my_pack/first.py"
        assert place["region"] == {"startLine": line, "endLine": line}


def test_outside_of_a_repository_paths_are_from_the_working_folder(
    cmpolicy: Run, workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(workspace.parent))
    cmpolicy("build", "--out", "dist")
    write_rule(workspace, "first", HIGHER)
    assert "::error file=policies/my_pack/first.py,line=" in cmpolicy("diff", "--output", "github", "dist").out


def test_a_side_that_is_not_read_is_told_in_every_form(cmpolicy: Run, tightened: Path) -> None:
    write_rule(tightened, "second", "deployment.spec.replica >= minimum")
    told = {form: cmpolicy("diff", "--output", form.value, "main") for form in Form}
    assert {result.code for result in told.values()} == {2}
    for form in (Form.GITHUB, Form.SARIF, Form.JUNIT, Form.HTML, Form.JSON):
        assert "did you mean `replicas`?" in told[form].out, form
    assert "did you mean &#96;replicas&#96;&#63;" in told[Form.MARKDOWN].out
    assert "**Not compared**, as a side cannot be read: `my-second`." in told[Form.MARKDOWN].out
    assert ElementTree.fromstring(told[Form.JUNIT].out).get("errors") == "1"


def test_the_json_of_an_approved_change_is_as_its_schema_says(cmpolicy: Run, tightened: Path) -> None:
    (change,) = json.loads(cmpolicy("diff", "--output", "json", "main").out)["changes"]
    entry = f"- fingerprint: {change['fingerprint']}\n  owner: x\n  reason: why\n  expires: 9999-12-31\n"
    (tightened / "approvals.yaml").write_text(entry)
    document = json.loads(cmpolicy("diff", "--output", "json", "--approvals", "approvals.yaml", "main").out)
    schema = json.loads((Path(__file__).parents[2] / "docs/diff.schema.json").read_text())
    assert [error.message for error in Draft202012Validator(schema).iter_errors(document)] == []
    assert document["changes"][0]["approved"]["expires"] == "9999-12-31"
