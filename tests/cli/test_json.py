"""What others wrote stays itself in JSON, and is nothing that a terminal obeys."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run, write_rule
from tests.cli.test_check import APP

HOSTILE = "\x9b31m\u202eapp"
SPELLED = "\\u009b31m\\u202eapp"


@pytest.fixture
def hostile(repository: Path) -> Path:
    """A rule whose parameter holds such a text, changed since it was committed, and an object that is called so."""
    file = write_rule(repository, "first")
    file.write_text(file.read_text().replace('["app"]', f'["app", "{SPELLED}"]'))
    (repository / "m.yaml").write_text(APP.format(replicas=1).replace("name: app", f'name: "{SPELLED}"'))
    return repository


@pytest.mark.parametrize(
    "command",
    [
        "check m.yaml --output json",
        "fix m.yaml --output json",
        "list --output json",
        "targets --matrix --output json",
        "diff main --output json",
    ],
)
def test_json_holds_what_others_wrote_and_no_terminal_obeys_it(cmpolicy: Run, hostile: Path, command: str) -> None:
    out = cmpolicy(*command.split()).out
    assert SPELLED in out
    assert all(line.isprintable() for line in out.splitlines())
    assert HOSTILE in texts(json.loads(out))


def texts(value: object) -> str:
    """All texts in it."""
    match value:
        case str():
            return f"{value}\n"
        case dict():
            return "".join(map(texts, [*value, *value.values()]))
        case list():
            return "".join(map(texts, value))
        case _:
            return ""
