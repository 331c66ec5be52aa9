"""The engines and the reference agree on real manifests, where `--manifests DIR` names a folder of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cmpolicy.evaluate import kind_of
from cmpolicy.ir import Example
from cmpolicy.values import JsonMap
from cmpolicy.yaml.reader import Document, read_text

from tests.engines.adapters import Engine
from tests.engines.agreement import compare
from tests.engines.bundles import Bundle, askable
from tests.engines.questions import questions


@pytest.fixture(scope="session")
def manifests(manifests_folder: Path) -> list[JsonMap]:
    """Every different object in the folder."""
    files = sorted(manifests_folder.rglob("*.yaml"))
    found = {json.dumps(manifest): manifest for path in files for manifest in _objects(path)}
    assert found
    return list(found.values())


def test_real_manifests_are_judged_as_the_reference_does(
    engine: Engine, bundle: Bundle, manifests: list[JsonMap], tell: Callable[[str], None]
) -> None:
    rules, _ = askable(bundle.carried[engine.target], engine.can_ask)
    objects = (
        (rule, f"manifest[{index}]", Example(manifest))
        for rule in rules
        for index, manifest in enumerate(manifests)
        if kind_of(rule, manifest) is not None
    )
    asked = questions(objects)
    outcome = compare(engine, bundle.folder, asked)
    assert not outcome.disagreements, str(outcome)
    assert outcome.allowed > 0
    assert outcome.denied > 0
    tell(f"{engine.name}: {len(asked)} verdicts on real manifests agree, {outcome.denied} of them denied")


def _objects(path: Path) -> Iterator[JsonMap]:
    for document in read_text(path.read_text(encoding="utf-8"), path.name):
        if isinstance(document, Document) and isinstance(document.value, dict) and "kind" in document.value:
            yield document.value
