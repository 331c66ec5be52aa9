"""What Python lets an author try and the rule language cannot do is told with a place, a reason and a remedy."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cmpolicy.diagnostics import Diagnostic
from cmpolicy.load import load_pack

from tests.dsl.test_expressions import INIT, deployment, load

PRELUDE = "spec, meta = deployment.spec, deployment.metadata; pod = spec.template.spec; them = pod.containers\n"
ARGUMENTS = 'deployment: Deployment, minimum: int = 2, names: list[str] = ["a"], text: str = "t"'

BODIES = """
them.any(spec.replicas > 1)                     | lambda    | a function is needed here, not a condition
them.any(5)                                     | lambda    | a function is needed here, not `5`
them.any()                                      | call      | `any` missing 1 required positional argument: `satisfies`
them.any(lambda x: x.image.exists(), 3)         | call      | `any` takes 2 positional arguments but 3 were given
them.any(lambda: True)                          | lambda    | a function of 1 parameter(s) is needed here, not of 0
them.any(lambda x: None)                        | condition | not `None`
them.where(3)                                   | lambda    | a function is needed here, not `3`
them.length > 1                                 | call      | not supported between instances of 'method' and 'int'
them.is_empty                                   | condition | not the function `is_empty`
them.contains({"name": "a"})                    | operator  | a Container cannot be compared
(them + pod.volumes).any(lambda x: x.exists())  | type      | a list of Container cannot be joined with a list of Volume
them + [1]                                      | operator  | only whole lists can be joined
them == []                                      | operator  | a list cannot be compared
them[0].image.exists()                          | operator  | a list has no parts
them[spec.replicas].image.exists()              | operator  | a list has no parts
seconds(spec.replicas) > 1                      | type      | a duration is read from a string, not from an integer
seconds("1 day") > 1                            | type      | `1 day` is no duration
seconds(text) > 1                               | type      | `t` is no duration
spec.replicas == None                           | type      | an integer cannot be compared with `None`
spec.replicas > None                            | type      | an integer cannot be compared with `None`
spec.replicas == spec.paused                    | type      | an integer cannot be compared with a boolean
spec.replicas == [1]                            | type      | an integer cannot be compared with a list
spec.replicas.is_in(1)                          | type      | a list of options is needed here
spec.replicas.is_in([spec.minReadySeconds])     | type      | an integer cannot be compared with an integer
spec.replicas.is_in(1, 2)                       | call      | `is_in` takes 2 positional arguments but 3 were given
spec.replicas.is_in(names)                      | type      | never in a list of str
spec.replicas.default()                         | call      | `default` missing 1 required
spec.replicas.between(1)                        | call      | `between` missing 1 required positional argument: `high`
1 < spec.replicas < 5                           | truth     | comparisons cannot be chained
spec.replicas in [1, 2]                         | truth     | `in` cannot test a field
spec.replicas and spec.paused                   | truth     | `and` cannot combine
not spec.paused                                 | truth     | `not` cannot negate
len(them) > 1                                   | loop      | length of a field
len(spec.paused.is_true()) > 1                  | loop      | length of a condition
int(spec.replicas) == 1                         | operator  | Python cannot know an integer
float(spec.replicas) == 1                       | operator  | Python cannot know an integer
str(spec.replicas) == "1"                       | operator  | Python cannot know an integer
bool(spec.replicas)                             | truth     | no truth of its own
round(spec.replicas) == 1                       | operator  | an integer cannot be computed with
abs(spec.replicas) == 1                         | operator  | an integer cannot be computed with
-spec.replicas == 1                             | operator  | an integer cannot be computed with
2 ** spec.replicas > 2                          | operator  | an integer cannot be computed with
spec.replicas ** 2 > 2                          | operator  | an integer cannot be computed with
spec.replicas << 2 > 2                          | operator  | an integer cannot be computed with
5 % spec.replicas > 2                           | operator  | an integer cannot be computed with
divmod(spec.replicas, 2) == 1                   | operator  | an integer cannot be computed with
minimum + 1 > spec.replicas                     | operator  | an integer cannot be computed with
"a" + meta.name == "b"                          | operator  | a string cannot be computed with
"%s" % meta.name == "b"                         | operator  | Python cannot know a string
f"{meta.name}-x" == "b"                         | message   | a string cannot be formatted by Python
f"{meta.name!s}-x" == "b"                       | operator  | Python cannot know a string
f"{spec.paused.is_true()}" == "b"               | message   | a condition cannot be formatted by Python
meta.name.startswith("b")                       | operator  | a string has no `startswith`
meta.name.starts_with()                         | call      | `starts_with` missing 1 required
meta.name.starts_with(["a", "b"])               | type      | a string cannot be compared with a list
meta.name.starts_with(meta.namespace)           | type      | tested against a constant or a parameter
meta.name.matches(1)                            | type      | a regular expression is a constant string, not `1`
meta.name.matches(text)                         | type      | a regular expression is a constant string, not a string
meta.name.matches(names)                        | type      | not a list parameter
meta.name.glob(None)                            | type      | a wildcard is a constant string, not `None`
meta.name.glob(meta.namespace)                  | type      | a wildcard is a constant string, not a string
meta.labels[1] == "a"                           | type      | a key is a constant string or a string parameter, not `1`
meta.labels[meta.name] == "a"                   | type      | a key is a constant string or a string parameter
meta.labels.get("a") == "a"                     | operator  | a map has no `get`
meta.labels.any(lambda key: key == "a")         | lambda    | a function of 2 parameter(s) is needed here, not of 1
meta.labels.any("a")                            | lambda    | a function is needed here
meta[0] == "a"                                  | type      | the name of a field is a constant string, not `0`
meta[meta.name] == "a"                          | type      | the name of a field is a constant string
meta() == "a"                                   | operator  | an ObjectMeta cannot be called
spec.replicas()                                 | operator  | an integer cannot be called
spec.replicas.exists() == True                  | operator  | a condition cannot be compared
spec.replicas.exists() > 1                      | operator  | a condition cannot be compared
spec.replicas.exists().is_true()                | operator  | a condition has no `is_true`
spec.replicas.exists() + spec.paused.exists()   | operator  | a condition cannot be computed with
spec.replicas.exists() ^ spec.paused.exists()   | operator  | a condition cannot be computed with
sum([spec.replicas.exists()]) > 1               | operator  | a condition cannot be computed with
int(spec.replicas.exists()) > 1                 | operator  | Python cannot know a condition
spec.replicas.exists()[0]                       | operator  | a condition has no parts
list(spec.replicas.exists())                    | loop      | Python cannot loop over a condition
spec.replicas.exists() & spec.replicas          | condition | not the integer
spec.replicas.exists().implies(None)            | condition | not `None`
all([spec.replicas.exists()])                   | truth     | Python decides this
all_of(x.image.exists() for x in [pod])         | condition | not a generator
all_of(lambda: 1)                               | condition | not the function
max(spec.replicas, 3) > 2                       | truth     | Python decides this
given(3)                                        | type      | a boolean parameter is needed here, not `3`
given(3, "a")                                   | type      | a parameter that may be `'a'` is needed here, not `3`
image(3).has_tag()                              | type      | an image is read from a field, not from `3`
image(meta.name).tag == "a"                     | operator  | an image has no `tag`
image(meta.name) == "a"                         | operator  | an image cannot be compared
image(meta.name).name_is(["a"])                 | type      | a name is a constant string, not a list
image(meta.name).registry_in("docker.io")       | type      | a list of registries is needed here
image(meta.name)                                | condition | not the image
containers(pod, foo=3).any(lambda x: x.exists()) | call     | `containers` got an unexpected keyword argument `foo`
containers(pod, inti=False).is_empty()          | call      | `containers` got an unexpected keyword argument `inti`
containers(3).is_empty()                        | type      | an object of a manifest is needed here, not `3`
pod_spec(3).hostNetwork.exists()                | type      | an object of a manifest is needed here, not `3`
namespace(3) == "a"                             | type      | an object of a manifest is needed here, not `3`
them.any(lambda x: security_context(x, pod).privileged.is_true()) | operator | has no `privileged`
them.any(lambda x: security_context(3, pod).runAsUser > 1) | type | not `3`
them.any(lambda x: flag(x.args, 3) == "a")      | type      | the name of a flag is a constant string, not `3`
them.any(lambda x: flag("a", "a") == "a")       | flag      | a flag is read from a list, not from `'a'`
integers(3).any(lambda n: n > spec.replicas)    | type      | a list of numbers is needed here, not `3`
integers(["a"]).any(lambda n: n > spec.replicas) | type     | `'a'` is no whole number
percentages(["50%"]).any(lambda p: p == 1)      | type      | `'50%'` is no whole number
percentages([50]).any(lambda p: p.of("a", up=True) > 1) | type | an integer cannot be compared with `'a'`
integers(range(spec.replicas)).is_empty()       | operator  | Python cannot know an integer
spec.replicas > 1j                              | type      | an integer cannot be compared with a complex
spec.replicas > parameter("a b", 3, "x")        | parameter | a parameter is not named `'a b'`
meta.name == "\\ud800"                          | type      | half a character
meta.name == names[0]                           | operator  | a list parameter has no parts
meta.name.is_in(names + ["b"])                  | operator  | a list parameter cannot be computed with
names.any(lambda n: n == "a")                   | operator  | a list parameter has no `any`
len(names) > 1                                  | loop      | length of a list parameter
undefined_name > 1                              | name      | `undefined_name` is not defined
Deployment.spec.replicas > 1                    | operator  | the kind `Deployment` has no `spec`
(_ for _ in ()).throw(ValueError("odd"))        | python    | ValueError: odd
"""
STATEMENTS = [
    ("for i in range(spec.replicas): return all_of()", "operator", "Python cannot know an integer"),
    ("with spec: return all_of()", "operator", "`with` cannot use a DeploymentSpec"),
    ("del spec.replicas", "operator", "a DeploymentSpec cannot be changed"),
    ('meta.labels["a"] = 3', "operator", "a map cannot be changed"),
    ("spec.replicas > 1", "condition", "a condition is needed here, not `None`"),
    ("yield spec.replicas > 1", "rule", "the rule's function does not return"),
]
TABLE = [tuple(cell.strip() for cell in line.rsplit("|", 2)) for line in BODIES.strip().splitlines()]


def is_told(found: tuple[Diagnostic, ...], code: str, words: str) -> bool:
    """Whether the first diagnostic says so, with a place and a remedy, in words that are the same on every run."""
    first = found[0]
    assert (first.code, words in first.message) == (code, True), first
    assert first.help, first
    assert first.line, first
    assert first.column, first
    return "object at 0x" not in first.message + first.help


@pytest.mark.parametrize(("expression", "code", "words"), TABLE)
def test_an_expression_that_is_none(tmp_path: Path, expression: str, code: str, words: str) -> None:
    body = f"{PRELUDE}return {expression}"
    assert is_told(load(tmp_path, body, deployment(), deployment(), arguments=ARGUMENTS).diagnostics, code, words)


@pytest.mark.parametrize(("statement", "code", "words"), STATEMENTS)
def test_a_statement_that_is_none(tmp_path: Path, statement: str, code: str, words: str) -> None:
    assert is_told(load(tmp_path, PRELUDE + statement, deployment(), deployment()).diagnostics, code, words)


RULE = '''\
from cmpolicy.dsl import *
from cmpolicy.dsl import match as match_kinds
from cmpolicy.kinds import Container, Deployment

GOOD, BAD = {examples}

@rule({decorator})
{function}
    """A title."""
    return deployment.spec.replicas > 2
'''
FINE = {"severity": '"low"', "match": "Deployment", "message": '"bad"', "good": "[GOOD]", "bad": "[BAD]"}
FUNCTION = "def r(deployment: Deployment):"


def diagnostics(tmp_path: Path, function: str = FUNCTION, **arguments: str) -> tuple[Diagnostic, ...]:
    """What is said of a rule with other arguments of its decorator; an argument without a text is left out."""
    given = {name: text for name, text in {**FINE, **arguments}.items() if text}
    decorator = ", ".join(f"{name}={text}" for name, text in given.items())
    examples = json.dumps([deployment({"replicas": 3}), deployment({"replicas": 1})])
    (tmp_path / "__init__.py").write_text(INIT)
    (tmp_path / "r.py").write_text(RULE.format(examples=examples, decorator=decorator, function=function))
    return load_pack(tmp_path).diagnostics


def test_the_rule_that_is_varied_is_fine(tmp_path: Path) -> None:
    assert diagnostics(tmp_path) == ()


@pytest.mark.parametrize(
    ("name", "value", "code", "words"),
    [
        ("severity", "3", "severity", "`3` is no severity"),
        ("severity", "", "call", "`rule` missing 1 required keyword-only argument: `severity`"),
        ("sevrity", "3", "call", "`rule` got an unexpected keyword argument `sevrity`"),
        ("match", '"Deployment"', "match", "`match` of a rule is not `'Deployment'`"),
        ("match", 'match_kinds("Deployment")', "match", "a rule matches kinds, not `'Deployment'`"),
        ("match", "match_kinds(Deployment).where(3)", "match", "an object is not chosen by `3`"),
        ("match", "match_kinds(Deployment).excluding(3)", "match", "an object is not chosen by `3`"),
        ("match", "match_kinds(Deployment).where(lambda: True)", "match", "is not about one object"),
        ("match", 'match_kinds(Deployment).where(labeled("a"))', "match", "labels are a map, not `'a'`"),
        ("match", "match_kinds(Deployment).on(3)", "match", "no operations that a rule can be about: `3`"),
        ("match", 'match_kinds(Deployment).on(["CREATE"])', "match", "can be about: a list"),
        ("match", "match_kinds(Deployment).foo()", "match", "a match has no `foo`"),
        ("message", "3", "rule", "`message` of a rule is not `3`"),
        ("message", '"{1/0}"', "message", "`{1/0}` is no value: division by zero"),
        ("message", '"{deployment.spec.replicas.exists}"', "message", "is the function `exists`"),
        ("good", "GOOD", "rule", "`good` of a rule is not a dict"),
        ("bad", "None", "rule", "`bad` of a rule is not `None`"),
        ("helm_values", '[("a", 1)]', "rule", "`helm_values` of a rule is not a list"),
        ("controls", '"CIS"', "rule", "`controls` of a rule is not `'CIS'`"),
        ("profiles", "[3]", "rule", "`profiles` of a rule is not a list"),
        ("manifest_only", '"yes"', "rule", "`manifest_only` of a rule is not `'yes'`"),
    ],
)
def test_an_argument_of_the_decorator(tmp_path: Path, name: str, value: str, code: str, words: str) -> None:
    assert is_told(diagnostics(tmp_path, **{name: value}), code, words)


@pytest.mark.parametrize(
    ("function", "code", "words"),
    [
        ("def r():", "rule", "the rule's function takes no object"),
        ("def r(*deployment):", "rule", "`deployment` is no argument for the object"),
        ("async def r(deployment):", "rule", "the rule's function does not return"),
        ("@rule\ndef r(deployment):", "call", "`rule` takes 0 positional arguments but 1 was given"),
        *(
            (f"def r(deployment, minimum={default}):", "parameter", words)
            for default, words in (
                ("None", "`minimum` has `None` as its default"),
                ("{}", "`minimum` has a dict as its default"),
                ("1j", "`minimum` has a complex as its default"),
                ("[]", "`minimum` is empty"),
                ("[1.5]", "neither all str nor all int"),
            )
        ),
    ],
)
def test_the_function(tmp_path: Path, function: str, code: str, words: str) -> None:
    assert is_told(diagnostics(tmp_path, function), code, words)


def test_excluding_takes_constants(tmp_path: Path) -> None:
    found = diagnostics(tmp_path, match="match_kinds(Deployment).excluding(lambda d: False)")
    assert found == ()


def test_a_rule_of_another_file_is_none_of_this(tmp_path: Path) -> None:
    diagnostics(tmp_path)
    (tmp_path / "again.py").write_text("from .r import r\n")
    (found,) = load_pack(tmp_path).diagnostics
    assert (Path(found.file).name, found.message) == ("again.py", "no rule in this file")


@pytest.mark.parametrize(
    ("pack", "words"),
    [
        ("Pack()", "`Pack` missing 3 required positional arguments"),
        ('Pack(prefix=3, title="a", category="b")', "`prefix` of a pack is not `3`"),
        ('Pack(prefix="t", title="", category="b")', "`title` of a pack is not `''`"),
        ('Pack(prefix="t", title="a", category="b", profiles=["strict"])', "`profiles` of a pack are not a list"),
        ('Pack(prefix="t", title="a", category="b", profiles={"strict": 1})', "`profiles` of a pack are not "),
        ("3", "`PACK` is missing"),
    ],
)
def test_a_pack(tmp_path: Path, pack: str, words: str) -> None:
    (tmp_path / "__init__.py").write_text(f"from cmpolicy.dsl import Pack\nPACK = {pack}\n")
    found = load_pack(tmp_path).diagnostics
    assert is_told(found, found[0].code, words)
