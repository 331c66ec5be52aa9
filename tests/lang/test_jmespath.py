"""Rules print as total JMESPath without Kyverno's own marks. What the text means is for Kyverno to say, in `tests/engines`."""

from __future__ import annotations

import json
import re

import pytest
from cmpolicy import ir
from cmpolicy.lang.cel_layout import JMESPATH, layout
from cmpolicy.lang.jmespath import Call, Context, Expression, print_context
from cmpolicy.lang.jmespath_syntax import CURRENT, Jmes, at, conjunction, disjunction, equal, literal, negation
from cmpolicy.passes import bind_parameters, normalize

from tests.engines.faults_rules import RULES as EVERY_NODE
from tests.sample_rules import CONFIG_MAP, DEPLOYMENT, LOOKUPS, NAMESPACE, PDB, POD, eq, obj, var

EVERY = ir.Elems(obj("l"))
KNOWN = ir.Elems(ir.Known(NAMESPACE))
A, B = Jmes("a"), Jmes("b")
LIST = "request.object.l[*] || `[]`"
EQUAL = '(contains(`["boolean", "number", "string"]`, type([0])) && [0] == [1])'


def context(condition: ir.Condition, *kinds: ir.Kind) -> Context:
    return print_context(ir.Rule("r", kinds or (DEPLOYMENT,), (ir.Operation.CREATE,), ir.TRUE, condition, ("m",)))


def texts(printed: Context) -> dict[str, str]:
    """The variables, every run of white space as one blank, none beside brackets."""
    return {
        name: re.sub(r"(?<=[(\[?{]) | (?=[)\]}])", "", " ".join(entry.text.split())) for name, entry in printed.entries
    }


def asked(condition: ir.Condition) -> str:
    """What is asked of an object that always fails where the rule applies."""
    rule = ir.Rule("r", (DEPLOYMENT,), (ir.Operation.CREATE,), condition, ir.FALSE, ("m",))
    printed = texts(print_context(rule))
    return printed.get("applies", printed["fails"])


@pytest.mark.parametrize(
    ("condition", "printed"),
    [
        pytest.param(ir.And(()), "`true`", id="nothing_holds"),
        pytest.param(eq(obj("a"), "x"), 'request.object.a == `"x"`', id="equality"),
        pytest.param(ir.Not(eq(obj("a"), True)), "request.object.a != `true`", id="inequality"),
        pytest.param(ir.Eq(obj("a"), ir.Const(("x",))), "`false`", id="a_list_equals_nothing"),
        pytest.param(ir.Eq(ir.Const(True), ir.Const(1)), "`false`", id="true_is_no_number"),
        pytest.param(
            ir.Eq(obj("a"), obj("b")),
            f"parse_json(to_string([request.object.a, request.object.b])) | {EQUAL}",
            id="two_values",
        ),
        pytest.param(ir.Exists(obj("a", "b-c")), 'request.object.a."b-c" != `null`', id="existence"),
        pytest.param(ir.Exists(ir.Obj()), "request.object != `null`", id="the_object_itself"),
        pytest.param(ir.Exists(ir.Get(ir.Old(), "a")), "request.oldObject.a != `null`", id="the_old_object"),
        pytest.param(
            ir.In(obj("a"), ir.Const(("x", 1))),
            'contains(`["x", 1]`, parse_json(to_string([request.object.a]))[0])',
            id="membership",
        ),
        pytest.param(
            ir.In(obj("a"), ir.Const(("x", True))), 'contains(`["x", true]`, request.object.a)', id="no_number"
        ),
        pytest.param(
            ir.Not(ir.Compare(ir.Order.LESS, obj("a"), ir.Const(2))),
            "(parse_json(to_string([request.object.a]))[0] < `2`) != `true`",
            id="order",
        ),
        pytest.param(
            ir.Matches(obj("a"), "^x{2}$"),
            'request.object.a | (to_string(@) == @ && regex_match(`"^x\\u007b2\\u007d\\u0024"`, @))',
            id="pattern",
        ),
        pytest.param(ir.Any(EVERY, "x", eq(ir.Var("x"), "a")), f'({LIST})[?@ == `"a"`] != `[]`', id="any_element"),
        pytest.param(
            ir.All(EVERY, "x", eq(var("x", "k"), "a")),
            f'({LIST})[?k != `"a"`] == `[]`',
            id="every_element",
        ),
    ],
)
def test_conditions(condition: ir.Condition, printed: str) -> None:
    assert asked(condition) == printed


@pytest.mark.parametrize("rule", [*LOOKUPS, *EVERY_NODE], ids=lambda rule: rule.id)
def test_kyverno_holds_no_object_under_review(rule: ir.Rule) -> None:
    """It holds what is in the context of every policy until the request ends, and takes 2 MiB in all."""
    printed = print_context(bind_parameters(normalize(rule)))
    names = {name for name, entry in printed.entries if isinstance(entry, Expression)}
    assert {name for name in names if not re.fullmatch(r"place(_\d+)?", name)} - {"applies"} == {"fails", "message"}


def test_what_several_parts_name_is_handed_on_and_other_things_stand_in_their_place() -> None:
    both = ir.Concat((EVERY, ir.Elems(obj("a", "m"))))
    printed = asked(ir.And((ir.Any(both, "x", ir.Exists(ir.Var("x"))), ir.Any(EVERY, "y", ir.Exists(var("y", "k"))))))
    assert printed == (
        f"{{object: request.object, l: {LIST}}} | "
        "([l, (object.a.m[*] || `[]`)][])[?@ != `null`] != `[]` && l[?k != `null`] != `[]`"
    )


def test_what_is_handed_on_is_in_the_order_of_need() -> None:
    both = ir.Concat((EVERY, ir.Elems(obj("a", "m"))))
    loops = [ir.Any(items, "x", ir.Exists(var("x", key))) for items in (both, EVERY) for key in "jk"]
    listed, joined, test = asked(ir.And(tuple(loops))).split(" | ")
    assert listed == f"{{object: request.object, l: {LIST}}}"
    name = re.fullmatch(r"merge\(@, \{(\w+): \[l, \(object\.a\.m\[\*\] \|\| `\[\]`\)\]\[\]\}\)", joined)
    assert name is not None
    assert len(re.findall(rf"\b{name[1]}\[\?", test)) == len(re.findall(r"\bl\[\?", test)) == 2


def test_both_objects_and_what_is_called_for_are_handed_on_together() -> None:
    both = ir.Concat((EVERY, ir.Elems(ir.Get(ir.Old(), "m")), KNOWN))
    loops = [ir.Any(items, "x", ir.Exists(var("x", key))) for items in (both, EVERY) for key in "jk"]
    handed, *_ = asked(ir.And(tuple(loops))).split(" | ")
    assert handed == f"{{old: request.oldObject, known_namespaces: known_namespaces, l: {LIST}}}"


def test_an_element_of_what_stands_in_a_place_is_not_asked_for_of_each() -> None:
    known = ir.Elems(ir.Get(ir.Default(obj("l"), ir.Const("")), "m"))
    assert asked(ir.Any(known, "x", ir.TRUE)).startswith('(not_null(request.object.l, `""`).m[*]')
    pod = ir.Exists(ir.Get(ir.Get(ir.PodSpec(), "a"), "b"))
    rule = ir.Rule("r", (DEPLOYMENT, POD), (ir.Operation.CREATE,), ir.TRUE, pod, ("m",))
    assert re.search(r"\(\(contains\(.* \|\| `\[null\]`\)\[0\]\)\.a\.b == `null`", texts(print_context(rule))["fails"])


def test_lists_of_one_map_are_read_together() -> None:
    both = ir.Concat((EVERY, ir.Elems(obj("m.n"))))
    assert asked(ir.Any(both, "x", ir.Exists(ir.Var("x")))) == (
        '(request.object.[l[*], "m.n"[*]][] || `[]`)[?@ != `null`] != `[]`'
    )


def test_what_is_asked_of_several_lists_is_not_asked_of_each_element_as_of_a_list() -> None:
    both = ir.Concat((ir.Elems(var("x", "a")), ir.Elems(var("x", "b", "c"))))
    number = ir.Count(both, "y", eq(var("y", "k"), "v"))
    printed = asked(ir.Any(EVERY, "x", ir.Compare(ir.Order.GREATER, number, ir.Const(1))))
    assert '(length(([a[*] || `[]`, b.c[*] || `[]`][])[?k == `"v"`]) > `1`)' in printed


def test_what_is_around_a_loop_goes_with_every_element() -> None:
    printed = asked(ir.Any(EVERY, "x", ir.Eq(ir.Var("x"), obj("a"))))
    pair = f"parse_json(to_string([[0][0], [1][0]])) | {EQUAL}"
    assert printed.startswith(f"([map(&(to_string([@])), ({LIST})), to_string([request.object.a])] | ([0] && ")
    assert printed.endswith(f"[?{pair}] != `[]`")


def test_what_is_the_same_for_every_element_is_computed_once() -> None:
    outer = ir.Exists(obj("a"))
    printed = asked(ir.Any(EVERY, "x", ir.And((eq(ir.Var("x"), "b"), outer, ir.Not(outer)))))
    assert '[?[0][0] == `"b"` && [1][0] && [1][1]] != `[]`' in printed
    assert "to_string([request.object.a != `null`, request.object.a == `null`])" in printed


def test_objects_of_all_namespaces_are_listed_at_one_path() -> None:
    ((_, call),) = _calls(context(ir.Exists(ir.Len(ir.Known(NAMESPACE)))))
    assert (call.path, call.kind) == ("/api/v1/namespaces", NAMESPACE)
    assert call.text.startswith("not_null(items, `[]`)[*].merge(")
    assert call.text.endswith(', `{"apiVersion": "v1", "kind": "Namespace"}`)')


OF_NAMESPACE = "metadata: metadata.{namespace: namespace}"


@pytest.mark.parametrize(
    ("condition", "kept"),
    [
        (ir.Exists(ir.Len(ir.Known(NAMESPACE))), f"{{{OF_NAMESPACE} }}"),
        (ir.Any(KNOWN, "x", ir.Exists(var("x", "spec", "a"))), f"{{{OF_NAMESPACE}, spec: spec.{{a: a}} }}"),
        (
            ir.Any(KNOWN, "x", ir.And((ir.Exists(var("x", "spec")), ir.Exists(var("x", "spec", "a"))))),
            f"{{{OF_NAMESPACE}, spec: spec}}",
        ),
        (ir.Any(KNOWN, "x", eq(var("x", "kind"), "b")), f"{{{OF_NAMESPACE} }}"),
        (ir.Any(KNOWN, "x", ir.Exists(var("x", "a-b"))), f'{{"a-b": "a-b", {OF_NAMESPACE} }}'),
        (
            ir.Any(KNOWN, "x", eq(var("x", "metadata", "labels", "a"), "b")),
            "{metadata: metadata.{labels: labels.{a: a}, namespace: namespace} }",
        ),
        (ir.Any(KNOWN, "x", ir.Exists(var("x", "metadata"))), "{metadata: metadata}"),
        (
            ir.Any(KNOWN, "x", ir.And((ir.Exists(var("x", "metadata")), ir.Exists(var("x", "metadata", "name"))))),
            "{metadata: metadata}",
        ),
        (ir.Any(KNOWN, "x", ir.Exists(ir.Var("x"))), "@"),
        (ir.Any(ir.Concat((KNOWN,)), "x", ir.Exists(var("x", "spec"))), "@"),
    ],
)
def test_of_known_objects_what_is_read_is_kept(condition: ir.Condition, kept: str) -> None:
    """Kyverno refuses a policy's context of more than 2 MiB, and the CRDs of Kyverno alone have 3."""
    ((_, call),) = _calls(context(condition))
    assert call.text.startswith(f"not_null(items, `[]`)[*].merge({kept}, ")


@pytest.mark.parametrize("key", ["$(x)", "{{ x }}", "`", 'a"b\\'])
def test_of_known_objects_any_key_is_kept(key: str) -> None:
    ((_, call),) = _calls(context(ir.Any(KNOWN, "x", ir.Exists(var("x", key)))))
    assert re.search(r"\{\{|\}\}|\$", call.text) is None
    quoted = re.findall(r'[{,] ?("(?:[^"\\]|\\.)*"): ', call.text)
    assert json.loads(quoted[0]) == key


def test_those_of_a_namespace_are_asked_for_there_and_others_left_out() -> None:
    printed = context(ir.Any(ir.Elems(ir.Known(PDB, obj("metadata", "namespace"))), "x", ir.TRUE))
    ((name, call),) = _calls(printed)
    assert (name, call.path) == ("known_poddisruptionbudgets", "/apis/policy/v1/{{ place }}poddisruptionbudgets")
    assert "request.object.metadata.namespace | ((to_string(@) == @ &&" in texts(printed)["place"]
    assert texts(printed)["fails"].startswith("(([map(&(to_string([@])), known_poddisruptionbudgets), ")


def test_each_lookup_has_variables_of_its_own() -> None:
    known = [ir.Known(PDB), ir.Known(PDB, ir.Const("a")), ir.Known(PDB, ir.Const("b"))]
    printed = context(ir.And(tuple(ir.Any(ir.Elems(each), f"x{n}", ir.TRUE) for n, each in enumerate(known))))
    names = [name for name, _ in _calls(printed)]
    assert names == [f"known_poddisruptionbudgets{suffix}" for suffix in ("", "_2", "_3")]
    assert {"place", "place_2"} <= texts(printed).keys()
    assert set(re.findall(r"known_\w+", texts(printed)["fails"])) == set(names)


@pytest.mark.parametrize("key", ["request", "images", "element", "message"])
def test_nothing_is_named_as_what_kyverno_has_in_its_context(key: str) -> None:
    loops = [ir.Any(ir.Elems(obj(key)), "x", ir.Exists(var("x", field))) for field in "ab"]
    assert f"{{{key}_2: request.object.{key}[*] || " in asked(ir.And(tuple(loops)))


@pytest.mark.parametrize("rule", [*LOOKUPS, *EVERY_NODE], ids=lambda rule: rule.id)
def test_no_text_has_what_kyverno_takes_for_a_variable(rule: ir.Rule) -> None:
    entries = print_context(bind_parameters(normalize(rule))).entries
    texts = [entry.text for _, entry in entries]
    assert [text for text in texts if re.search(r"\{\{|\}\}|\$\(|\$", text)] == []
    assert [name for name, _ in entries][-1] == "message"


@pytest.mark.parametrize("text", ["", "`", "{{ x }}", "$(y)", 'a"b\\', "é\u2028\U0001f600", "\\`", "a\n\tb"])
def test_constants_are_json_in_backticks(text: str) -> None:
    printed = literal(text).text
    assert json.loads(printed[1:-1]) == text
    assert re.search(r"[`{}$]|[^ -~]", printed[1:-1]) is None


@pytest.mark.parametrize(
    ("expression", "printed"),
    [
        pytest.param(at(disjunction((A, B)), "c"), "(a || b).c", id="key_of_an_alternative"),
        pytest.param(at(CURRENT, ""), '""', id="empty_key"),
        pytest.param(conjunction((disjunction((A, B)), A)), "(a || b) && a", id="alternative_in_a_conjunction"),
        pytest.param(negation(at(A, "b")), "!(a.b)", id="negation_binds_tighter_than_a_dot"),
        pytest.param(negation(negation(equal(A, B))), "a == b", id="twice_negated"),
        pytest.param(equal(equal(A, B), B), "(a == b) == b", id="equality_of_equality"),
    ],
)
def test_parentheses(expression: Jmes, printed: str) -> None:
    assert expression.text == printed


def test_a_filter_keeps_its_question_mark() -> None:
    broken = layout(f"{'a' * 60}[?{'b' * 60} == c]", JMESPATH)
    assert broken == f"{'a' * 60}[?\n  {'b' * 60} == c\n]"


def test_every_kind_of_entry_is_printed() -> None:
    kinds = {type(entry) for rule in LOOKUPS for _, entry in print_context(normalize(rule)).entries}
    assert kinds == {Call, Expression}
    assert _calls(context(eq(obj("a"), 1), CONFIG_MAP)) == []


def _calls(printed: Context) -> list[tuple[str, Call]]:
    return [(name, entry) for name, entry in printed.entries if isinstance(entry, Call)]
