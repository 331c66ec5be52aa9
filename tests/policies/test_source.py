"""Every recommendation of the page has rules or a reason, and every rule has a recommendation."""

from __future__ import annotations

from cmpolicy.traceability import read_sources, strangers

from tests.policies.packs import PACK, cert_manager

(SOURCE,) = read_sources([PACK])
IDS = {rule.id for rule in cert_manager().rules}
NAMED = {rule for _, each in SOURCE.statements for rule in each.rules}


def test_every_rule_is_named() -> None:
    assert set() == IDS - NAMED


def test_every_rule_that_is_named_is_there_or_planned() -> None:
    assert strangers(SOURCE, IDS) == ()
    assert SOURCE.planned == NAMED - IDS


def test_rules_that_are_there_are_not_planned() -> None:
    """Strike them from the list `planned` in the pack's `source.yaml`."""
    assert SOURCE.planned & IDS == set()


def test_the_whole_catalogue_is_named() -> None:
    assert len(NAMED) == 85


def test_statements_and_anchors_are_unique() -> None:
    said = [(section.name, each.says) for section, each in SOURCE.statements]
    assert len(said) == len(set(said)) > 60
    anchors = [section.anchor for section in SOURCE.sections]
    assert len(anchors) == len(set(anchors))


def test_each_rule_names_a_section_that_names_the_rule() -> None:
    """Or half of its name: `Scalability` for `Scalability: Memory`."""
    sections: dict[str, set[str]] = {}
    for section, each in SOURCE.statements:
        for rule in each.rules:
            sections.setdefault(rule, set()).update(section.name.split(": "))
    named = {
        rule.id: {half for each in rule.about.sources for half in each.split(": ")} for rule in cert_manager().rules
    }
    lacking = {rule for rule, halves in named.items() if not sections[rule] & halves}
    assert lacking == set()
