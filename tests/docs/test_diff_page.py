"""What the page on `cmpolicy diff` shows works: its workflow asks for what there is, its approval fits its example."""

from __future__ import annotations

import re
import shlex
from datetime import date
from pathlib import Path

import pytest
from cmpolicy.cli.diff import Form, command
from cmpolicy.diff.approvals import in_force, parse_approvals
from cmpolicy.diff.report.markdown import MARKER
from cmpolicy.yaml.reader import Document, read_text

PAGE = (Path(__file__).parents[2] / "docs" / "diff.md").read_text(encoding="utf-8")
YAML = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
(WORKFLOW,) = [block for block in YAML if "jobs:" in block]
(APPROVALS,) = [block for block in YAML if block.startswith("- fingerprint:")]
COMMANDS = re.findall(r"^ *(?:run: )?cmpolicy (diff [^\n]*?)(?: >.*)?$", WORKFLOW, re.MULTILINE)


def test_the_workflow_is_one_document() -> None:
    (read,) = read_text(WORKFLOW, "workflow")
    assert isinstance(read, Document)
    assert read.warnings == ()


def test_the_workflow_comments_and_annotates() -> None:
    forms = [shlex.split(each)[shlex.split(each).index("--output") + 1] for each in COMMANDS]
    assert forms == ["markdown", "github"]


@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_of_the_workflow_is_one(line: str) -> None:
    name, *arguments = shlex.split(line)
    context = command.make_context(name, arguments)
    assert (context.params["sides"], context.params["gates"]) == (("$BASE...HEAD",), ("loosened",))


def test_the_comment_is_found_by_its_marker() -> None:
    assert f'startswith("{MARKER}")' in WORKFLOW


def test_the_approval_is_of_the_change_in_the_example() -> None:
    (entry,) = in_force(parse_approvals("approvals.yaml", APPROVALS), date(2027, 1, 31)).values()
    shown = PAGE.partition("shop-no-root ")[2].partition("fingerprint: ")[2]
    assert shown.startswith(f"{entry.fingerprint}\n")
    assert in_force([entry], date(2027, 2, 1)) == {}


def test_the_table_has_every_form_of_output() -> None:
    rows = re.findall(
        r"^\| `(\w+)`(?: \(the default\))? \| ", PAGE.partition("| `--output` |")[2].partition("\n\n")[0], re.M
    )
    assert sorted(rows) == sorted(form.value for form in Form)
