"""Every recommendation of the page has rules or a reason, and every rule has a recommendation."""

from __future__ import annotations

from cmpolicy.traceability import read_sources, strangers

from tests.policies.packs import PACK, cert_manager

(SOURCE,) = read_sources([PACK])
IDS = {rule.id for rule in cert_manager().rules}
NAMED = {rule for _, each in SOURCE.statements for rule in each.rules}


def test_every_rule_is_named() -> None:
    assert set() == IDS - NAMED


def test_every_rule_that_is_named_is_there() -> None:
    assert strangers(SOURCE, IDS) == ()
    assert NAMED - IDS == SOURCE.planned == set()


def test_the_whole_catalogue_is_named() -> None:
    """Its 85 rules but one, for which `source.yaml` gives the reason, and one of them as two: by its mode."""
    assert len(NAMED) == 85


def test_statements_and_anchors_are_unique() -> None:
    said = [(section.name, each.says) for section, each in SOURCE.statements]
    assert len(said) == len(set(said)) > 60
    anchors = [section.link for section in SOURCE.sections]
    assert len(anchors) == len(set(anchors))


def test_each_rule_names_a_section_that_names_the_rule() -> None:
    """Or half of its name: `Scalability` for `Scalability: Memory`."""
    sections: dict[str, set[str]] = {}
    for section, each in SOURCE.statements:
        for rule in each.rules:
            sections.setdefault(rule, set()).update((section.name, *section.name.split(": ")))
    lacking = {rule.id for rule in cert_manager().rules if not sections[rule.id] & {*rule.about.sources}}
    assert lacking == set()
