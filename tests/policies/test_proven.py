"""Commands ask nothing of the packs that come with cmpolicy: here everything is asked of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from cmpolicy import selection
from cmpolicy.bundle.rules import rule_book
from cmpolicy.load import built_in_packs, load_pack, load_packs
from cmpolicy.passes import normalize

PACK = 'from cmpolicy.dsl import Pack\n\nPACK = Pack(prefix="my", title="Mine", category="Mine")\n'
RULE = '''\
from cmpolicy.dsl import Condition, match, rule
from cmpolicy.kinds import Deployment

EXAMPLE = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "app"}}


@rule(severity="high", match=match(Deployment), message="no replicas", good=[EXAMPLE], bad=[])
def replicas(deployment: Deployment) -> Condition:
    """Deployments say how many replicas they have."""
    return deployment.spec.replicas.exists()
'''
WRONG = ["good example 1 has the verdict fail", "the rule has no bad example"]


@pytest.mark.parametrize("folder", built_in_packs(), ids=lambda folder: folder.name)
def test_nothing_is_wrong_with_a_built_in_pack(folder: Path) -> None:
    loaded = load_pack(folder)
    assert [diagnostic.message for diagnostic in loaded.diagnostics] == []
    assert loaded.rules


def test_what_is_proven_loads_to_the_same_rules() -> None:
    folders = built_in_packs()
    asked, proven = load_packs(folders), load_packs(folders, proven=folders)
    assert rule_book(proven.rules, [], {}).text() == rule_book(asked.rules, [], {}).text()


def test_what_several_processes_load_is_the_same() -> None:
    folders = built_in_packs()
    alone, together = (load_packs(folders, proven=folders, processes=number) for number in (1, 2))
    assert rule_book(together.rules, [], {}).text() == rule_book(alone.rules, [], {}).text()
    assert [rule.about.location for rule in together.rules] == [rule.about.location for rule in alone.rules]
    assert together.packs == alone.packs


def test_rules_are_loaded_in_normal_form() -> None:
    rules = load_packs(built_in_packs()).rules
    assert [rule.id for rule in rules if normalize(rule) is not rule] == []


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """A pack in `policies/`, whose rule has wrong examples."""
    folder = tmp_path / "policies" / "mine"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text(PACK)
    (folder / "replicas.py").write_text(RULE)
    return folder


def test_packs_of_users_are_asked(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [each.message for each in load_pack(pack).diagnostics] == WRONG
    monkeypatch.chdir(pack)
    assert [each.message for each in selection.load_found([str(pack)]).diagnostics] == WRONG


def test_built_in_packs_are_asked_only_where_they_are_written(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selection, "built_in_packs", lambda: (pack,))
    monkeypatch.chdir(pack)
    assert [each.message for each in selection.load_found(()).diagnostics] == []
    monkeypatch.chdir(pack.parents[1])
    assert [each.message for each in selection.load_found(()).diagnostics] == WRONG
