"""Random rules, typed by the fields of the kinds that they are about: every node of the IR, in every position it has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cmpolicy import ir
from cmpolicy.dsl.conditions import condition_node
from cmpolicy.dsl.expressions import String
from cmpolicy.dsl.images import image
from cmpolicy.evaluate import Verdict, judge
from cmpolicy.fields import index
from cmpolicy.fields.index import FieldType, MapOf, ObjectType, Scalar
from cmpolicy.passes.expand_workloads import pod_path
from cmpolicy.passes.tree import map_condition, same_condition
from cmpolicy.values import JsonMap
from hypothesis import strategies as st

from tests.engines import strategies_texts
from tests.engines.strategies_values import MAP_KEYS, Place, Scope, Sort, Values
from tests.sample_rules import container, manifest, workload

DEPTH = 3
KINDS = (
    ("ConfigMap",),
    ("Pod",),
    ("Deployment",),
    ("Deployment", "StatefulSet", "DaemonSet"),
    ("Pod", "Deployment", "CronJob"),
    ("CronJob",),
    ("Pod", "ConfigMap"),
    ("PodDisruptionBudget",),
    ("Namespace",),
    ("Service",),
    ("NetworkPolicy",),
    ("Ingress",),
    ("Role", "ClusterRole"),
    ("ServiceAccount",),
    ("HorizontalPodAutoscaler",),
    ("PersistentVolumeClaim",),
)
_WRITES = (ir.Operation.CREATE, ir.Operation.UPDATE)
OPERATIONS = (_WRITES, _WRITES, _WRITES, (ir.Operation.CREATE,), (ir.Operation.UPDATE,))
TITLE = "What must hold holds"


@st.composite
def rules(draw: st.DrawFn, rule_id: str = "random") -> ir.Rule:
    """A rule of this id. Its values are of the type that a test asks for, most of the time."""
    rule = Rules(draw).rule(rule_id)
    return classified(rule, [example(kind) for kind in rule.kinds])


def classified(rule: ir.Rule, manifests: Sequence[JsonMap]) -> ir.Rule:
    """The rule with these manifests as examples, good or bad as it turns out."""
    fails = [judge(rule, manifest).verdict is Verdict.FAIL for manifest in manifests]
    good = tuple(ir.Example(manifest) for manifest, bad in zip(manifests, fails, strict=True) if not bad)
    bad = tuple(ir.Example(manifest) for manifest, bad in zip(manifests, fails, strict=True) if bad)
    return replace(rule, about=replace(rule.about, good=good, bad=bad))


def example(kind: ir.Kind) -> JsonMap:
    """A plain manifest of this kind."""
    if pod_path(kind) is not None:
        return workload(kind, {"containers": [container()]})
    return manifest(kind, "app", {"spec": {}, "data": {"a": "b"}}, labels={"app": "app"})


@dataclass(slots=True)
class Rules(Values):
    """Draws the conditions, the message and the frame of one rule."""

    def rule(self, rule_id: str) -> ir.Rule:
        """The whole rule."""
        found = [index.kind(name) for name in self.pick(KINDS)]
        scope = self.scope([kind for kind, _ in found], found[0][1])
        when = self.condition(scope, 1) if self.chance(4) else ir.TRUE
        condition = self.condition(scope, self.draw(st.integers(0, DEPTH)))
        message = self.message(scope)
        return ir.Rule(
            id=rule_id,
            kinds=tuple(kind for kind, _ in found),
            operations=self.pick(OPERATIONS),
            when=when,
            condition=condition,
            message=message,
            parameters=tuple(self.parameters.values()),
            about=ir.About(title=TITLE, description="Made at random.", pack="random", category="Random"),
        )

    def scope(self, kinds: Sequence[ir.Kind], type_: ObjectType) -> Scope:
        """The object, its pod, and of a rule on one kind the object before the request."""
        old = (Place(ir.Old(), type_),) if len(kinds) == 1 and self.chance(6) else ()
        carries_pod = any(pod_path(kind) is not None for kind in kinds) or self.chance(20)
        pod = (Place(ir.PodMeta(), ObjectType("ObjectMeta")), Place(ir.PodSpec(), ObjectType("PodSpec")))
        return (*old, Place(ir.Obj(), type_), *(pod if carries_pod else ()))

    # Conditions

    def condition(self, scope: Scope, depth: int) -> ir.Condition:
        """A condition on what is in scope, with quantifiers inside each other up to this depth."""
        choice = self.draw(st.integers(0, 14 if depth else 3))
        match choice:
            case 4:
                return ir.And(self.conditions(scope, depth - 1))
            case 5:
                return ir.Or(self.conditions(scope, depth - 1))
            case 6:
                return ir.Not(self.condition(scope, depth - 1))
            case 7 | 8 | 9:
                return self.some(scope, depth - 1)
            case 10 | 11:
                return self.every(scope, depth - 1)
            case 12:
                return self.entries(scope, depth - 1)
            case 14:
                return self.asked_often(scope, depth - 1)
            case 13:
                given = ir.Eq(self.parameter(ir.ParameterType.BOOLEAN), ir.Const(True))
                fixed: tuple[ir.Condition, ...] = (ir.TRUE, ir.FALSE, given)
                return self.pick(fixed) if self.chance(3) else ir.Not(self.test(scope, depth))
            case _:
                return self.test(scope, depth)

    def conditions(self, scope: Scope, depth: int) -> tuple[ir.Condition, ...]:
        """None to three conditions, two more often than not."""
        return tuple(self.condition(scope, depth) for _ in range(self.pick((2, 1, 2, 3, 2, 0))))

    def some(self, scope: Scope, depth: int) -> ir.Condition:
        items, element = self.items(scope, depth)
        var = self.variable()
        return ir.Any(items, var, self.condition((*scope, Place(ir.Var(var), element)), depth))

    def every(self, scope: Scope, depth: int) -> ir.Condition:
        items, element = self.items(scope, depth)
        var = self.variable()
        return ir.All(items, var, self.condition((*scope, Place(ir.Var(var), element)), depth))

    def asked_often(self, scope: Scope, depth: int) -> ir.Condition:
        """Quantifiers over the known objects of a kind that ask the same of each at first, and then what they like."""
        items, element = self.known(scope)
        var = self.variable()
        first = self.condition((*scope, Place(ir.Var(var), element)), depth)

        def loop() -> ir.Condition:
            name = self.variable(var)
            asked = map_condition(first, lambda v: ir.Var(name) if v == ir.Var(var) else v, same_condition)
            more = self.condition((*scope, Place(ir.Var(name), element)), depth)
            some, every = ir.And((asked, more)), ir.Or((ir.Not(asked), more))
            return ir.Any(items, name, some) if self.draw(st.booleans()) else ir.All(items, name, every)

        loops = tuple(loop() for _ in range(self.draw(st.integers(2, 3))))
        return ir.And(loops) if self.draw(st.booleans()) else ir.Or(loops)

    def entries(self, scope: Scope, depth: int) -> ir.Condition:
        found = self.place(scope, Sort.MAP)
        held: FieldType = found.type.value if isinstance(found.type, MapOf) else Scalar.ANY
        key, var = self.variable(), self.variable()
        inner: Scope = (*scope, Place(ir.Var(var), held), Place(ir.Var(key), Scalar.STRING))
        body = self.condition(inner, depth)
        of_key = self._of_key(ir.Var(key))
        wholes: tuple[ir.Condition, ...] = (body, ir.And((of_key, body)), ir.Or((of_key, body)), of_key)
        whole = self.pick(wholes)
        if self.draw(st.booleans()):
            return ir.AnyEntry(found.value, key, var, whole)
        return ir.AllEntry(found.value, key, var, whole)

    def _of_key(self, key: ir.Value) -> ir.Condition:
        test: ir.Condition
        match self.draw(st.integers(0, 3)):
            case 0:
                test = ir.Eq(key, ir.Const(self.pick(MAP_KEYS)))
            case 1:
                test = ir.In(key, ir.Const((*self.constants(), self.pick(MAP_KEYS))))
            case 2:
                test = ir.Text(self.pick(tuple(ir.TextTest)), key, ir.Const(self.pick(("a", "app", "/", "~1"))))
            case _:
                test = ir.Matches(key, self.draw(strategies_texts.patterns()))
        return ir.Not(test) if self.draw(st.booleans()) else test

    def number(self, scope: Scope, depth: int) -> ir.Value:
        """A number that is read out of a value, or a count."""
        if depth and self.draw(st.booleans()):
            items, element = self.items(scope, depth - 1)
            var = self.variable()
            return ir.Count(items, var, self.condition((*scope, Place(ir.Var(var), element)), depth - 1))
        return Values.number(self, scope, depth)

    # Tests

    def test(self, scope: Scope, depth: int) -> ir.Condition:
        """A condition without conditions below it, but for those of a count."""
        match self.draw(st.integers(0, 11)):
            case 0:
                return ir.Exists(self.any_place(scope).value)
            case 1:
                return ir.IsType(self.any_place(scope).value, self.pick(tuple(ir.ValueType)))
            case 2 | 3:
                return self.equality(scope, depth)
            case 4:
                return self.membership(scope, depth)
            case 5 | 6:
                return ir.Compare(self.pick(tuple(ir.Order)), *self.sides(scope, Sort.NUMBER, depth))
            case 7:
                return ir.CompareQuantity(self.pick(tuple(ir.Order)), *self.sides(scope, Sort.QUANTITY, depth))
            case 8:
                text = self.given(Sort.STRING)
                return ir.Text(self.pick(tuple(ir.TextTest)), self.value(scope, Sort.STRING, depth), text)
            case 9:
                return self.image(scope)
            case _:
                return ir.Matches(self.value(scope, Sort.STRING, depth), self.draw(strategies_texts.patterns()))

    def sides(self, scope: Scope, sort: Sort, depth: int) -> tuple[ir.Value, ir.Value]:
        """A value beside a constant, a parameter or another value, in either order."""
        left = self.value(scope, sort, depth)
        right = self.value(scope, sort, depth) if self.chance(4) else self.given(sort)
        return (right, left) if self.chance(5) else (left, right)

    def equality(self, scope: Scope, depth: int) -> ir.Condition:
        if self.chance(12):
            return ir.Eq(self.any_place(scope).value, self.any_place(scope).value)
        sort = self.pick((Sort.STRING, Sort.BOOLEAN, Sort.NUMBER, Sort.STRING, Sort.QUANTITY))
        return ir.Eq(*self.sides(scope, sort, depth))

    def membership(self, scope: Scope, depth: int) -> ir.Condition:
        if self.chance(4):
            type_ = self.pick((ir.ParameterType.STRINGS, ir.ParameterType.INTEGERS))
            sort = Sort.STRING if type_ is ir.ParameterType.STRINGS else Sort.NUMBER
            return ir.In(self.value(scope, sort, depth), self.parameter(type_))
        value = self.value(scope, self.pick((Sort.STRING, Sort.STRING, Sort.NUMBER, Sort.BOOLEAN)), depth)
        return ir.In(value, ir.Const(self.constants()))

    def image(self, scope: Scope) -> ir.Condition:
        """A question about the parts of an image reference, as rules ask it."""
        reference = image(String(self.place(scope, Sort.STRING).value))
        match self.draw(st.integers(0, 4)):
            case 0:
                asked = reference.is_latest()
            case 1:
                asked = reference.has_digest()
            case 2:
                asked = reference.has_tag()
            case 3:
                asked = reference.registry_in([self.pick(("docker.io", "registry.example", "localhost:5000"))])
            case _:
                asked = reference.name_is(self.pick(("app", "nginx", "a.b", "é")))
        return condition_node(asked)

    # Messages

    def message(self, scope: Scope) -> ir.Message:
        """Text of its own and up to three values, of any kind."""
        parts: list[str | ir.Value] = [self.draw(strategies_texts.lines(2)) if self.chance(4) else "it is wrong "]
        for _ in range(self.pick((0, 1, 1, 2, 3))):
            parts += [self.shown(scope), self.pick((" ", "", ", ", "\t", "é: "))]
        parts.append("x" if not "".join(part for part in parts if isinstance(part, str)).strip() else "")
        return tuple(part for part in parts if part != "")

    def shown(self, scope: Scope) -> ir.Value:
        """A value for a message."""
        match self.draw(st.integers(0, 5)):
            case 4:
                return self.any_place(scope).value
            case 5:
                return self.given(self.pick((Sort.STRING, Sort.NUMBER, Sort.BOOLEAN)))
            case _:
                return self.value(scope, self.pick((Sort.STRING, Sort.NUMBER, Sort.BOOLEAN)), 1)
