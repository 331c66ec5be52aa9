"""Rules in which every text is hostile: each constant, key and parameter, the message, and all that people read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from cmpolicy import ir, regex
from cmpolicy.passes.bind_parameters import with_parameters
from cmpolicy.values import Json, JsonMap
from hypothesis import strategies as st

from tests.engines.strategies import classified
from tests.engines.strategies_texts import lines, texts
from tests.sample_rules import CONFIG_MAP, POD, eq, manifest, obj

KINDS = (CONFIG_MAP, POD)
"""A Pod's policy is one that Kyverno would rewrite for workloads, word by word, if it were not told to leave it alone."""


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of one rule: a key of the map `data`, what may stand there, and another text."""

    key: str
    text: str
    other: str

    @property
    def field(self) -> ir.Value:
        return obj("data", self.key)

    def param(self, type_: ir.ParameterType, default: ir.Constant, name: str = "given") -> ir.Param:
        """A parameter that is described by a hostile text as well."""
        return ir.Param(name, type_, default, self.other)


_STRING, _STRINGS = ir.ParameterType.STRING, ir.ParameterType.STRINGS


def _flag_name(text: str) -> str:
    return text.lstrip("-").replace("=", "") or "x"


def _text(test: ir.TextTest) -> Callable[[Texts], ir.Condition]:
    return lambda t: ir.Text(test, t.field, ir.Const(t.text))


USES: dict[str, Callable[[Texts], ir.Condition]] = {
    "eq": lambda t: eq(t.field, t.text),
    "ne": lambda t: ir.Not(eq(t.field, t.text)),
    "in": lambda t: ir.In(t.field, ir.Const((t.other, t.text))),
    "in mixed": lambda t: ir.Not(ir.In(t.field, ir.Const((1, t.text, True)))),
    "starts": _text(ir.TextTest.STARTS_WITH),
    "ends": _text(ir.TextTest.ENDS_WITH),
    "contains": _text(ir.TextTest.CONTAINS),
    "matches": lambda t: ir.Matches(t.field, f"^{regex.quote(t.text)}$"),
    "glob": lambda t: ir.Not(ir.Matches(t.field, regex.glob(t.text))),
    "key": lambda t: ir.Exists(t.field),
    "default": lambda t: eq(ir.Default(t.field, ir.Const(t.text)), t.text),
    "flag": lambda t: eq(ir.Flag(ir.Elems(obj("args")), _flag_name(t.text)), t.other),
    "switch": lambda t: eq(ir.Flag(ir.Elems(obj("args")), _flag_name(t.text), switch=True), "true"),
    "element": lambda t: ir.Any(ir.Elems(obj("args")), "x", eq(ir.Var("x"), t.text)),
    "list": lambda t: ir.Any(ir.Elems(ir.Const((t.other, t.text))), "x", ir.Eq(ir.Var("x"), t.field)),
    "entry": lambda t: ir.AnyEntry(obj("data"), "k", "v", ir.And((eq(ir.Var("k"), t.key), eq(ir.Var("v"), t.text)))),
    "entries": lambda t: ir.AllEntry(
        obj("data"), "k", "v", ir.Or((ir.Not(ir.In(ir.Var("k"), ir.Const((t.key, t.other)))), eq(ir.Var("v"), t.text)))
    ),
    "keys": lambda t: ir.AllEntry(
        obj("data"), "k", "v", ir.Not(ir.Text(ir.TextTest.CONTAINS, ir.Var("k"), ir.Const(t.key)))
    ),
    "count": lambda t: eq(ir.Count(ir.Elems(obj("args")), "x", ir.Not(eq(ir.Var("x"), t.text))), 1),
    "parameter": lambda t: ir.Eq(t.field, t.param(_STRING, t.text)),
    "parameter contains": lambda t: ir.Text(ir.TextTest.CONTAINS, t.field, t.param(_STRING, t.text)),
    "parameter key": lambda t: ir.Exists(ir.Get(obj("data"), t.param(_STRING, t.key))),
    "parameter list": lambda t: ir.In(t.field, t.param(_STRINGS, (t.other, t.text))),
    "parameter name": lambda t: ir.Eq(t.field, t.param(_STRING, t.text, name=t.other)),
}
"""Every place that a text of a rule's author can stand in, in a condition."""


@st.composite
def hostile_rules(draw: st.DrawFn) -> ir.Rule:
    """A rule on one use of hostile texts, with a hostile message and title, and examples that hold the texts."""
    found = Texts(draw(texts()), draw(texts()), draw(texts(2)))
    kind = draw(st.sampled_from(KINDS))
    rule = ir.Rule(
        id="hostile",
        kinds=(kind,),
        operations=(ir.Operation.CREATE, ir.Operation.UPDATE),
        when=ir.TRUE,
        condition=USES[draw(st.sampled_from(sorted(USES)))](found),
        message=draw(_messages(found)),
        about=draw(_abouts()),
    )
    return classified(with_parameters(rule, ()), [manifest(kind, "app", body) for body in _bodies(found)])


def _bodies(texts: Texts) -> list[JsonMap]:
    """What an object holds besides its name: the texts as they are, changed, in each other's places, and nothing."""
    flag = _flag_name(texts.text)
    args: list[list[Json]] = [
        [texts.text, texts.other],
        [f"--{flag}={texts.other}"],
        [f"--{flag}", texts.other],
        [f"--{flag}x=1", f"--{flag}"],
    ]
    values = [texts.text, f"{texts.text}x", f"x{texts.text}", texts.other, texts.key, "", None]
    filled: list[JsonMap] = [
        {"data": {texts.key: value}, "args": args[n % len(args)]} for n, value in enumerate(values)
    ]
    return [*filled, {"data": {texts.other: texts.text, f"{texts.key}x": texts.text}}, {}]


def _messages(texts: Texts) -> st.SearchStrategy[ir.Message]:
    """A line of hostile text; half of the time with values of the object and of a parameter in it."""
    shown = texts.param(_STRING, texts.text, name="shown")
    values = st.sampled_from((ir.Const(texts.text), shown, texts.field, obj("metadata", "name")))
    constant = lines().filter(lambda text: text.strip() != "")
    with_values = st.tuples(constant, values, lines(2), values)
    return st.one_of(constant.map(lambda text: (text,)), with_values)


def _abouts() -> st.SearchStrategy[ir.About]:
    title = lines().map(lambda text: text.strip().rstrip(".")).filter(bool)
    helm_values = st.dictionaries(texts(1), texts(1), max_size=1)
    several = st.lists(texts(1), max_size=2).map(tuple)
    return st.builds(
        _about,
        title,
        texts(),
        texts(2),
        texts(2),
        helm_values,
        several,
        several,
        texts(1),
        st.sampled_from(ir.Severity),
    )


def _about(
    title: str,
    description: str,
    category: str,
    remedy: str,
    helm_values: JsonMap,
    controls: tuple[str, ...],
    sources: tuple[str, ...],
    docs: str,
    severity: ir.Severity,
) -> ir.About:
    return ir.About(
        title=title,
        description=description,
        severity=severity,
        pack="hostile",
        category=category,
        remedy=remedy,
        helm_values={key: ir.HelmValue(value) for key, value in helm_values.items()},
        controls=controls,
        sources=sources,
        docs=docs,
    )


def numbered(rules: list[ir.Rule]) -> list[ir.Rule]:
    """The rules under ids of their own."""
    return [replace(rule, id=f"hostile-{number}") for number, rule in enumerate(rules)]
