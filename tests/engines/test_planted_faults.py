"""The agreement harness can fail: every fault that is planted in a printer is caught by the engine that reads the text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import cache
from itertools import groupby
from pathlib import Path

import pytest

from tests.engines.faults import Fault
from tests.engines.faults_catch import FIRST, Caught, caught, caught_on, constructs_in, questions, right
from tests.engines.faults_constructs import (
    CEL,
    FORMS,
    JMESPATH,
    LANGUAGES,
    PRINTINGS,
    REGO,
    SCANNED,
    VALIDATING_POLICY,
    Printing,
    constructs,
    messages,
    pods,
    surroundings,
)
from tests.engines.faults_planted import FAULTS
from tests.engines.faults_rules import RULES
from tests.engines.runners import Runner
from tests.engines.volume import is_judged


def test_every_construct_has_a_fault_in_every_form_that_it_is_printed_in() -> None:
    assert _claims() - {(fault.construct, fault.printing.name) for fault in FAULTS} == set()


def test_no_fault_is_told_twice() -> None:
    told = Counter(map(str, FAULTS))
    assert [fault for fault, times in told.items() if times > 1] == []


def test_the_rules_use_every_construct() -> None:
    everything = (*constructs(), *pods(), *messages(), *surroundings(CEL))
    wanted = {(construct, form.name) for construct in everything for form in (CEL, REGO, JMESPATH)}
    assert wanted - {("Known", CEL.name)} | {("Known", VALIDATING_POLICY.name)} <= _claims()


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_nothing_is_caught_where_nothing_is_planted(
    form: Printing, binary: Callable[[str], Path], tmp_path: Path
) -> None:
    """All questions where the nodes' own faults are planted, the first of them elsewhere."""
    carried = [rule for rule in RULES if right(rule, form) and is_judged(form.way, rule)]
    amount = None if form in LANGUAGES else FIRST
    with Runner(form.way, binary(form.way.binary)) as runner:
        found = [caught_on(rule, right(rule, form), questions(rule)[:amount], runner, tmp_path) for rule in carried]
    assert [str(how) for how in found if how] == []
    assert carried


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_every_planted_fault_is_caught(
    form: Printing, binary: Callable[[str], Path], tmp_path: Path, tell: Callable[[str], None]
) -> None:
    planted = sorted(_planted(form), key=lambda fault: fault.construct)
    with Runner(form.way, binary(form.way.binary)) as runner:
        found = [(fault, caught(fault, runner, tmp_path)) for fault in planted]
    for construct, rows in groupby(found, lambda row: row[0].construct):
        tell(f"{form}, {construct}: {'; '.join(_row(fault, how) for fault, how in rows)}")
    tell(f"{form}: {len(planted)} planted faults, {sum(how is not None for _, how in found)} caught")
    assert [str(fault) for fault, how in found if how is None] == []


def _row(fault: Fault, how: Caught | None) -> str:
    by = " ".join(f"{how.rule}, {how.case}".split()) if how else "SURVIVED"
    return f"{fault.what} ({by})"


def _planted(form: Printing) -> list[Fault]:
    """The faults of the form, but for those of a construct that it declares a gap for."""
    planted = [fault for fault in FAULTS if fault.printing is form]
    return [fault for fault in planted if form is SCANNED or (fault.construct, form.name) in _claims()]


@cache
def _claims() -> frozenset[tuple[str, str]]:
    """What is printed in which form: every construct of every rule that the form carries."""
    carried = [(rule, form) for rule in RULES for form in PRINTINGS if right(rule, form)]
    return frozenset(
        (construct, form.name)
        for rule, form in carried
        for construct in constructs_in(rule, form)
        if _is_planted(construct, form)
    )


def _is_planted(construct: str, form: Printing) -> bool:
    """Nodes and what messages show are printed alike by every target of a language; what is around them is not.

    Of those that print CEL only ValidatingPolicy looks other objects up.
    """
    if construct == "Known" and form is VALIDATING_POLICY:
        return True
    return form in LANGUAGES or construct in surroundings(form) or construct.startswith("Param ")
