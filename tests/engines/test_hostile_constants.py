"""Texts that mean something to the languages they pass through: every target loads, judges right, and shows them as given.

`--random-rules N` makes a quarter as many rules here.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from cmpolicy import ir
from cmpolicy.rule_checks import check_rule
from cmpolicy.source import RuleSource
from cmpolicy.targets import TARGETS
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from tests.engines.bundles import write_bundle
from tests.engines.strategies_agreement import Asker, running
from tests.engines.strategies_hostile import USES, hostile_rules, numbered
from tests.engines.test_random_rules import FIXED
from tests.sample_rules import SETTINGS, obj

OBJECTS = 20
MOST_RULES = 12


@pytest.fixture
def asker(binary: Callable[[str], Path]) -> Iterator[Asker]:
    with running(binary) as runners:
        yield Asker(runners, OBJECTS)


def test_every_engine_agrees_on_rules_of_hostile_texts(
    asker: Asker, pytestconfig: pytest.Config, tell: Callable[[str], None]
) -> None:
    wanted, number = pytestconfig.getoption("--random-rules") // 4, 0

    @FIXED
    @given(st.lists(hostile_rules(), min_size=1, max_size=MOST_RULES))
    def agree(made: list[ir.Rule]) -> None:
        asker.check(numbered(made))

    while asker.counts.made < wanted:
        seed(number)(agree)()
        number += 1
    tell(f"hostile texts in {len(USES)} places, {number} rounds:")
    for line in asker.counts.lines():
        tell(line)
    assert asker.counts.decided > asker.counts.made / 2


@pytest.mark.parametrize("target", TARGETS)
def test_what_people_read_arrives_as_it_was_written(target: str) -> None:
    @settings(FIXED, max_examples=20)
    @given(st.lists(hostile_rules(), min_size=1, max_size=MOST_RULES))
    def agree(made: list[ir.Rule]) -> None:
        rules = numbered(made)
        with tempfile.TemporaryDirectory() as folder:
            write_bundle(Path(folder), rules, [target])
            documents = [each for path in sorted(Path(folder).rglob("*.yaml")) for each in _documents(path)]
        for rule in rules:
            shown = {text for document in documents for text in _texts(document)}
            assert _must_show(rule, target) - shown == set()

    seed(0)(agree)()


HALF = "\ud83d"
SOURCE = RuleSource("hostile.py", 1, "", tuple, tuple)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"about": replace(SETTINGS.about, title=HALF)}, id="title"),
        pytest.param({"about": replace(SETTINGS.about, description=HALF)}, id="description"),
        pytest.param({"about": replace(SETTINGS.about, category=HALF)}, id="category"),
        pytest.param({"about": replace(SETTINGS.about, remedy=HALF)}, id="remedy"),
        pytest.param({"about": replace(SETTINGS.about, docs=HALF)}, id="docs"),
        pytest.param({"about": replace(SETTINGS.about, controls=("a", HALF))}, id="controls"),
        pytest.param({"about": replace(SETTINGS.about, sources=(HALF,))}, id="sources"),
        pytest.param({"about": replace(SETTINGS.about, helm_values={"a": ir.HelmValue(HALF)})}, id="helm_values"),
        pytest.param(
            {"about": replace(SETTINGS.about, good=(ir.Example({**SETTINGS.about.good[0].object, HALF: 1}),))},
            id="example",
        ),
        pytest.param({"message": ("a", HALF)}, id="message"),
        pytest.param({"message": ("a", ir.Const(HALF))}, id="constant"),
        pytest.param({"condition": ir.In(obj("a"), ir.Const(("a", HALF)))}, id="list"),
        pytest.param({"condition": ir.Exists(obj("a", HALF))}, id="key"),
        pytest.param({"condition": ir.Matches(obj("a"), HALF)}, id="pattern"),
        pytest.param({"condition": ir.Exists(ir.Flag(ir.Elems(obj("a")), HALF))}, id="flag"),
        pytest.param({"parameters": (ir.Param("a", ir.ParameterType.STRING, HALF),)}, id="parameter"),
        pytest.param({"parameters": (ir.Param("a", ir.ParameterType.STRINGS, ("a", HALF)),)}, id="parameter_list"),
        pytest.param({"parameters": (ir.Param(HALF, ir.ParameterType.STRING, "a"),)}, id="parameter_name"),
        pytest.param({"parameters": (ir.Param("a", ir.ParameterType.STRING, "a", HALF),)}, id="parameter_text"),
    ],
)
def test_half_a_character_is_refused_wherever_it_stands(change: dict[str, Any]) -> None:
    assert check_rule(SETTINGS, SOURCE) == ()
    assert [found.code for found in check_rule(replace(SETTINGS, **change), SOURCE)][:1] in (
        ["text"],
        ["helm"],
        ["examples"],
    )


def _documents(path: Path) -> list[Any]:
    return list(yaml.load_all(path.read_text(encoding="utf-8"), yaml.CSafeLoader))


def _texts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            for key, inner in value.items():
                yield from (key, *_texts(inner))
        case list():
            for inner in value:
                yield from _texts(inner)


def _must_show(rule: ir.Rule, target: str) -> set[str]:
    """The texts of a rule that some file of this target holds as a whole."""
    about = rule.about
    if target == "datree":
        return {f"{about.title} ({about.severity})"}
    described = {parameter.description for parameter in rule.parameters} if target == "gatekeeper" else set()
    return {text for text in (about.title, about.description, about.category, *described) if text}
