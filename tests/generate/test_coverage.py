"""Every atom of every rule is seen true and false; what cannot be is known by reasoning, and the reasoning is right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest
from cmpolicy import ir
from cmpolicy.generate import Case, coverage, objects, table
from cmpolicy.generate.atoms import Aspect, atoms
from cmpolicy.generate.possible import Constant, constant
from cmpolicy.values import Json

from tests.generate.rules import EVERY_CONTAINER
from tests.lang.random_conditions import Conditions
from tests.sample_rules import CONFIG_MAP, POD, PRIORITY, RULES, eq, manifest, obj, var

UPDATES = (ir.Operation.CREATE, ir.Operation.UPDATE)


def config_rule(condition: ir.Condition, operations: tuple[ir.Operation, ...] = UPDATES) -> ir.Rule:
    """A rule on ConfigMaps."""
    return ir.Rule("test", (CONFIG_MAP,), operations, ir.TRUE, condition, ("m",))


def test_every_atom_of_every_rule_is_seen_true_and_false(
    made: list[tuple[ir.Rule, list[Case]]], tell: Callable[[str], None]
) -> None:
    found = [coverage(rule, cases) for rule, cases in made]
    for line in table(found):
        tell(line)
    assert [str(row) for each in found for row in each.uncovered] == []
    rows = sum(len(each.rows) for each in found)
    few = sum(len(each.constants) for each in found)
    assert rows > 1000
    assert 0 < few < rows / 50, f"{few} of {rows} atoms are constant"


def test_atoms_are_found_inside_quantifiers_and_counts() -> None:
    by_text = {atom.text: atom.aspect for rule in RULES if rule.id == "sample-few-host-ports" for atom in atoms(rule)}
    assert by_text["p.hostPort is integer"] is Aspect.HOLDS
    assert by_text["count in c.ports has elements"] is Aspect.FILLED
    assert by_text["every c in (pod.containers ++ pod.initContainers)"] is Aspect.HOLDS
    assert by_text["every c in (pod.containers ++ pod.initContainers) has elements"] is Aspect.FILLED


def test_coverage_counts_each_element_and_no_object_that_the_rule_skips() -> None:
    kinds = replace(PRIORITY, kinds=(POD,), when=ir.Exists(obj("spec")), condition=_names_are_a())
    pods: tuple[Json, ...] = (
        {"containers": [{"name": "a"}, {"name": "b"}, None, {"name": "b"}]},
        {"containers": []},
        None,
    )
    cases = [Case(manifest(POD, "p", {"spec": spec})) for spec in pods]
    rows = {row.atom.text: (row.true, row.false) for row in coverage(kinds, cases).rows}
    everything = "(pod.containers ++ pod.initContainers ++ pod.ephemeralContainers)".replace("pod.", "obj.spec.")
    assert rows == {
        "obj.spec exists": (2, 1),
        f"every c in {everything}": (1, 1),
        f"every c in {everything} has elements": (1, 1),
        'c.name == "a"': (1, 2),
    }


def _names_are_a() -> ir.Condition:
    return ir.All(EVERY_CONTAINER, "c", eq(var("c", "name"), "a"))


def test_deletions_and_other_kinds_do_not_count() -> None:
    rule = config_rule(ir.Exists(obj("data")))
    made = manifest(CONFIG_MAP, "a", {})
    cases = [Case(None, made, ir.Operation.DELETE), Case({**made, "kind": "Secret"}), Case(made)]
    (row,) = coverage(rule, cases).rows
    assert (row.true, row.false, row.missing) == (0, 1, (True,))
    assert coverage(rule, cases).cases == 3


KEY_IS_TEXT = ir.IsType(ir.Var("k"), ir.ValueType.STRING)
CONSTANT_LIST = ir.Elems(ir.Const((1, 2)))


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        pytest.param(ir.Exists(obj("data")), [None], id="a_field_is_free"),
        pytest.param(ir.Eq(ir.Const(True), ir.Const(True)), [True], id="constants"),
        pytest.param(ir.Exists(ir.Default(obj("a"), ir.Const(1))), [True], id="a_default_exists"),
        pytest.param(ir.Exists(obj("kind")), [True], id="the_kind_exists"),
        pytest.param(eq(obj("kind"), "Pod"), [False], id="the_kind_is_known"),
        pytest.param(ir.IsType(obj("metadata"), ir.ValueType.MAP), [True], id="metadata_is_a_map"),
        pytest.param(ir.Matches(ir.Percent(obj("a")), "x"), [False], id="a_number_matches_nothing"),
        pytest.param(ir.Compare(ir.Order.LESS, ir.Len(obj("a")), ir.Const(0)), [False], id="lengths_are_not_negative"),
        pytest.param(ir.Compare(ir.Order.AT_LEAST, ir.Len(obj("a")), ir.Const(0)), [None], id="a_length_may_be_null"),
        pytest.param(eq(ir.Percent(obj("a")), 10000), [False], id="a_percentage_has_four_digits"),
        pytest.param(ir.In(ir.Len(obj("a")), ir.Const(("x", True))), [False], id="no_option_of_its_type"),
        pytest.param(ir.CompareQuantity(ir.Order.LESS, obj("a"), ir.Const("1h")), [False], id="no_quantity"),
        pytest.param(ir.Any(CONSTANT_LIST, "x", eq(ir.Var("x"), "a")), [False, True, False], id="a_list_of_numbers"),
        pytest.param(ir.Any(CONSTANT_LIST, "x", eq(ir.Var("x"), 2)), [None, True, None], id="elements_differ"),
        pytest.param(ir.AnyEntry(obj("a"), "k", "v", KEY_IS_TEXT), [None, None, True], id="keys_are_texts"),
        pytest.param(ir.All(ir.Elems(ir.Len(obj("a"))), "x", ir.TRUE), [True, False], id="a_number_has_no_elements"),
        pytest.param(
            ir.Compare(ir.Order.GREATER, ir.Count(CONSTANT_LIST, "x", ir.TRUE), ir.Const(-1)), [True, True], id="counts"
        ),
        pytest.param(ir.Exists(ir.Old()), [None], id="old_objects"),
    ],
)
def test_constant_atoms_are_recognized(condition: ir.Condition, expected: list[bool | None]) -> None:
    rule = config_rule(condition)
    found = [constant(rule, CONFIG_MAP, atom) for atom in atoms(rule)]
    assert [None if each is None else each.value for each in found] == expected


def test_atoms_over_nothing_are_never_evaluated() -> None:
    rule = config_rule(ir.Any(ir.Elems(ir.Const(())), "x", ir.Exists(ir.Var("x"))))
    (*_, inner) = atoms(rule)
    assert constant(rule, CONFIG_MAP, inner) == Constant(None, "nothing for the quantifier around it to run over")


def test_there_is_no_old_object_on_creation_and_always_one_on_update() -> None:
    for operation, expected in ((ir.Operation.CREATE, False), (ir.Operation.UPDATE, True)):
        rule = config_rule(ir.Exists(ir.Old()), (operation,))
        found = constant(rule, CONFIG_MAP, atoms(rule)[0])
        assert found is not None
        assert found.value is expected


def test_no_object_shows_what_reasoning_excludes() -> None:
    seen = 0
    for seed in range(60):
        rule = config_rule(Conditions(Random(seed)).condition(3))
        for row in coverage(rule, objects(rule, 1, 100)).constants:
            assert row.constant is not None
            seen += 1
            assert {side for side in (True, False) if (row.true if side else row.false)} <= {row.constant.value}, str(
                row
            )
    assert seen > 30


def test_most_atoms_of_random_rules_are_covered() -> None:
    rules = [config_rule(Conditions(Random(seed)).condition(2)) for seed in range(60)]
    rows = [row for rule in rules for row in coverage(rule, objects(rule, 1, 100)).rows]
    assert len(rows) > 150
    assert sum(not row.missing for row in rows) > 0.9 * len(rows)


def test_table_names_what_is_uncovered() -> None:
    rule = config_rule(ir.Exists(obj("data")))
    lines = table([coverage(rule, [])])
    assert lines[1].split() == ["test", "0", "1", "0", "0", "0", "1"]
    assert lines[2] == "test lacks (True, False) of ConfigMap: obj.data exists: 0 true, 0 false"
