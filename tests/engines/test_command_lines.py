"""The real command lines say of generated objects what the runners say, so that the volume shown by runners counts for them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

import pytest
from cmpolicy.evaluate import Verdict, kind_of
from cmpolicy.generate import Case, objects
from cmpolicy.ir import Example, Operation, Rule
from cmpolicy.passes.tree import known_kinds
from cmpolicy.values import Json, JsonMap
from cmpolicy.yaml.writer import dump

from tests.engines import volume
from tests.engines.adapters import Engine, EngineTrouble, Kyverno, run, write_objects
from tests.engines.bundles import Bundle, askable
from tests.engines.conftest import ENGINES
from tests.engines.questions import Answer, Question, examples, metadata, questions
from tests.engines.runners import WAYS, Request, Runner
from tests.engines.test_native_suites import rows_of

SEED = 20261126
AMOUNT = 200
FEW = 6  # questions to a rule that looks others up, each of which takes a process
MOST = 20_000  # more objects than any rule needs to give as many as wanted
PLAIN = re.compile("[a-z0-9][a-z0-9.-]*")


def _generated(rule: Rule, engine: Engine, wanted: int) -> list[Question]:
    """So many questions on generated objects, of those that the command line can be asked."""
    made = (
        Question(rule, case.label, case.manifest, case.others)
        for case in objects(rule, SEED, MOST)
        if _can_be_asked(case, rule, engine)
    )
    accepted = islice((question for question in made if engine.accepts(question)), wanted)
    return questions((rule, each.label, Example(each.manifest, each.others)) for each in accepted)


def _can_be_asked(case: Case, rule: Rule, engine: Engine) -> bool:
    return case.operation is Operation.CREATE and volume.askable(WAYS[engine.name], rule, case)


def _amount(rule: Rule) -> int:
    return FEW if known_kinds(rule) else AMOUNT


def _request(engine: Engine, question: Question) -> Request:
    known = engine.known(question) if known_kinds(question.rule) else ()
    return Request(question.rule.id, engine.seen(question), others=known)


@pytest.mark.parametrize("engine", [name for name in ENGINES if name not in ("datree", "vap")], indirect=True)
def test_the_command_line_answers_as_the_runner(
    engine: Engine, bundle: Bundle, binary: Callable[[str], Path], tell: Callable[[str], None]
) -> None:
    """Datree has no command line here but its runner, and that for VAP is Kyverno's: its runner is nearer to the server."""
    rules, left_out = askable(bundle.carried[engine.target], engine.can_ask)
    asked = [question for rule in rules for question in _generated(rule, engine, _amount(rule))]
    assert len(asked) == sum(map(_amount, rules))
    answers = engine.ask(bundle.folder, asked)
    way = WAYS[engine.name]
    with Runner(way, binary(way.binary)) as runner:
        runner.load(bundle.folder)
        expected = runner.ask([_request(engine, question) for question in asked])
    differing = [
        f"{question}: the command line says {answer}, the runner {word}\n{json.dumps(engine.seen(question))}"
        for question, answer, word in zip(asked, answers, expected, strict=True)
        if answer != _as_told(engine, word)
    ]
    assert not differing, f"{len(differing)} of {len(asked)} differ\n" + "\n".join(differing[:5])
    tell(f"{engine.name}: the command line and the runner agree on {len(asked)} generated objects{left_out}")


def test_kyvernos_command_line_finds_no_objects_of_crds(bundle: Bundle, binary: Callable[[str], Path]) -> None:
    """Once it does, the rules that look some up can be asked about, and have a suite."""
    engine = Kyverno("kyverno-cel", "kyverno-cel", binary("kyverno"))
    rule = next(rule for rule in bundle.carried[engine.target] if not engine.can_ask(rule))
    with pytest.raises(EngineTrouble, match='no matches for kind "Issuer"'):
        engine.ask(bundle.folder, examples([rule])[:1])


def _as_told(engine: Engine, answer: Answer) -> Answer:
    """What a command line that reports violations alone can tell of the answer."""
    silent = answer.verdict is Verdict.SKIP and not engine.tells_passes
    return Answer(Verdict.PASS) if silent else answer


@pytest.mark.parametrize("name", ["kyverno", "kyverno-cel"])
def test_kyverno_test_answers_as_the_runner(
    name: str, bundle: Bundle, binary: Callable[[str], Path], tmp_path: Path, tell: Callable[[str], None]
) -> None:
    """A suite for each rule expects what the runner says; every row must be one that really ran."""
    engine, way = Kyverno(name, name, binary("kyverno")), WAYS[name]
    with Runner(way, binary(way.binary)) as runner:
        runner.load(bundle.folder)
        # A suite knows one set of other objects, and each question to a rule that looks some up has its own.
        rules = [rule for rule in bundle.carried[engine.target] if not known_kinds(rule)]
        written = [_suite(engine, bundle.folder, tmp_path / rule.id, rule, runner) for rule in rules]
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda folder: _tested(engine, folder), sorted(tmp_path.iterdir())))
    refused = [row for found in results for row in found if (row["RESULT"], row["REASON"]) != ("Pass", "Ok")]
    assert not refused, f"{len(refused)} refused: {refused[:5]}"
    assert sum(map(len, results)) == sum(written)
    assert min(written) >= AMOUNT
    tell(f"kyverno test, {name}: {sum(written)} generated objects get the verdict of the runner")


def _suite(engine: Kyverno, bundle: Path, folder: Path, rule: Rule, runner: Runner) -> int:
    """Write a test of the rule below `folder` and count its cases.

    Kyverno tells objects apart by name there, and reads other names than plain ones as wildcards or paths.
    """
    matched = [
        question
        for question in _generated(rule, engine, 8 * AMOUNT)
        if kind_of(rule, question.manifest) and all(map(PLAIN.fullmatch, _place(engine.seen(question))))
    ]
    asked = list({metadata(question.manifest)["name"]: question for question in matched}.values())[:AMOUNT]
    answers = runner.ask([Request(rule.id, engine.seen(question)) for question in asked])
    fields: JsonMap = {"rule": rule.id} if engine.name == "kyverno" else {"isValidatingPolicy": True}
    results: list[Json] = [
        {
            "policy": rule.id,
            **fields,
            "kind": question.manifest["kind"],
            "resources": ["/".join(_place(engine.seen(question)))],
            "result": answer.verdict.value,
        }
        for question, answer in zip(asked, answers, strict=True)
    ]
    folder.mkdir()
    objects_file = write_objects(folder, asked)
    test: JsonMap = {
        "apiVersion": "cli.kyverno.io/v1alpha1",
        "kind": "Test",
        "metadata": {"name": rule.id},
        "policies": [str(bundle / engine.target / "policies" / f"{rule.id}.yaml")],
        "resources": [objects_file.name],
        "results": results,
    }
    (folder / "kyverno-test.yaml").write_text(dump(test), encoding="utf-8")
    return len(asked)


def _place(manifest: JsonMap) -> Iterator[str]:
    own = metadata(manifest)
    if own.get("namespace"):
        yield str(own["namespace"])
    yield str(own["name"])


def _tested(engine: Kyverno, folder: Path) -> list[dict[str, str]]:
    flags = ["--require-tests", "--remove-color", "--output-format", "json"]
    return list(rows_of(run([engine.binary, "test", folder, *flags], folder).stdout))
