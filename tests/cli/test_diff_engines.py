"""`cmpolicy diff --engine`: the user's own engines are asked, and cannot fool it. Real ones: `tests/engines/test_diff_engines.py`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from cmpolicy.diff import engines
from jsonschema import Draft202012Validator

from tests.cli.conftest import FINE, Run, write_rule

HIGHER = FINE.replace(">= minimum", "> minimum")
SCHEMA = Path(__file__).parents[2] / "docs/diff.schema.json"

PROGRAM = """\
#!{python}
import json, os, sys, time
flags = dict(each.partition("=")[::2] for each in sys.argv[1:])
policy = open(sys.argv[2]).read()
found = json.load(open(flags["--resource"]))
replicas, uid = found.get("spec", {{}}).get("replicas", 0), found["metadata"]["uid"]
old = "> `2`" not in policy and "<= `2`" not in policy

def report(*results):
    rows = [{{"policy": "my-first", "message": "m", "result": each, "resources": [{{"uid": uid}}]}} for each in results]
    print("Warning: a line among others")
    print(json.dumps({{"results": rows}}))

def judge():
    report("fail" if replicas < (2 if old else 3) else "pass")

{code}
"""


def engine(folder: Path, code: str) -> str:
    """An engine of our own that does what the code says."""
    program = folder / "engine"
    program.write_text(PROGRAM.format(python=sys.executable, code=code))
    program.chmod(0o755)
    return f"kyverno={program}"


@pytest.fixture
def changed(repository: Path) -> Path:
    write_rule(repository, "first", HIGHER)
    return repository


def asked(cmpolicy: Run, program: str, target: str = "kyverno") -> tuple[int, list[dict[str, Any]]]:
    result = cmpolicy("diff", "--output", "json", "--target", target, "--engine", program, "main")
    document = json.loads(result.out)
    errors = Draft202012Validator(json.loads(SCHEMA.read_text())).iter_errors(document)
    assert [error.message for error in errors] == []
    return result.code, document["engines"]


def test_an_engine_that_agrees_is_told(cmpolicy: Run, changed: Path) -> None:
    program = engine(changed, "judge()")
    result = cmpolicy("diff", "--target", "kyverno", "--engine", program, "main")
    assert "kyverno  kyverno  was accepted, now rejected" in result.out, result
    assert "DISAGREE" not in result.out
    assert result.code == 1
    code, (row,) = asked(cmpolicy, program)
    assert (code, row["old"], row["new"], row["agrees"], row["trouble"]) == (1, "accepted", "rejected", True, None)


def test_an_engine_that_disagrees_is_an_alarm(cmpolicy: Run, changed: Path) -> None:
    program = engine(changed, "report('fail')")
    result = cmpolicy("diff", "--target", "kyverno", "--engine", program, "main")
    assert result.code == 3
    assert "was rejected, now rejected: the reference says was accepted, now rejected" in result.out
    assert "ENGINES DISAGREE with the reference: kyverno on kyverno" in result.out
    code, (row,) = asked(cmpolicy, program)
    assert (code, row["agrees"], row["expected_old"]) == (3, False, "accepted")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("report()", "it does not reject the rule's own example of a failure either, so it has not judged by it"),
        ("report('pass')", "it does not reject the rule's own example of a failure either"),
        ("report('error')", "it reports `error`: m"),
        ("sys.exit('no such flag')", "it ended with 1: no such flag"),
        ("print('boom', file=sys.stderr); sys.exit(1)", "it ended with 1: boom"),
        ("print('boom'); sys.exit(9)", "it ended with 9: boom"),
        ("os.kill(os.getpid(), 11)", "it was killed by SIGSEGV"),
        ("print('{')", "its report is not readable"),
        ("print('{}')", "its report is not readable: `results` is missing"),
        ("print(json.dumps({'results': [1]}))", "its report is not readable"),
        ("time.sleep(1000)", "it gave no answer within 2 s"),
        ("report('fail') if replicas == 1 else sys.exit(5)", "it ended with 5"),
    ],
)
def test_an_engine_that_does_not_judge_is_told_and_believed_in_nothing(
    code: str, said: str, cmpolicy: Run, changed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "TIMEOUT_SECONDS", 2)
    result = cmpolicy("diff", "--target", "kyverno", "--engine", engine(changed, code), "main")
    assert result.code == 2, result
    assert said in result.err
    assert "error[engine]: kyverno did not judge `my-first` on kyverno: " in result.err
    assert "my-first  TIGHTENED" in result.out
    assert "Traceback" not in result.err


def test_a_failure_of_many_questions_is_told_once(cmpolicy: Run, changed: Path) -> None:
    write_rule(changed, "second", HIGHER)
    result = cmpolicy("diff", "--engine", engine(changed, "sys.exit(5)"), "main")
    assert result.err.count("error[engine]") == 1
    assert "and 5 more: it ended with 5" in result.err


def test_an_engine_sees_neither_settings_nor_secrets(
    cmpolicy: Run, changed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUBECONFIG", "x")
    program = engine(
        changed, "print(sorted(set(os.environ) - {'LC_CTYPE'}), os.environ['HOME'] == os.getcwd()); sys.exit(5)"
    )
    assert "['HOME', 'NO_COLOR', 'PATH'] True" in cmpolicy("diff", "--engine", program, "main").err


def test_engines_are_looked_for_on_the_path(cmpolicy: Run, changed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{changed / 'bin'}:/usr/bin:/bin")
    result = cmpolicy("diff", "--engine", "all", "main")
    assert (result.code, result.err.count("on the PATH to ask")) == (2, 2)
    result = cmpolicy("diff", "--engine", "gator", "main")
    assert (result.code, "there is no `gator` on the PATH to ask" in result.err) == (2, True)
    assert "install it, or name it: `--engine gator=PATH`" in result.err
    (changed / "bin").mkdir()
    engine(changed, "judge()")
    (changed / "engine").rename(changed / "bin/kubectl-kyverno")
    result = cmpolicy("diff", "--target", "kyverno", "--engine", "all", "main")
    assert "kyverno  kyverno  was accepted, now rejected" in result.out, result
    assert result.code == 1
    assert "warning[engine]: there is no `gator` on the PATH to ask" in result.err


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("kyvern", "did you mean `kyverno`?"),
        ("kyverno=/no/such", "`/no/such` is no program that can be run"),
        ("kyverno=policies", "`policies` is no program that can be run"),
    ],
)
def test_an_engine_that_cannot_be_meant_is_told(name: str, said: str, cmpolicy: Run, changed: Path) -> None:
    result = cmpolicy("diff", "--engine", name, "main")
    assert (result.code, said in result.err) == (2, True)


def test_a_rule_that_is_new_has_no_policy_before(cmpolicy: Run, changed: Path) -> None:
    (changed / "policies/my_pack/first.py").unlink()
    program = engine(changed, "report('fail')")
    _, (row, *_) = asked(cmpolicy, program)
    assert (row["old"], row["new"], row["expected_new"]) == ("rejected", "no policy", "no policy")


BUDGET = 'known(PodDisruptionBudget, namespace=deployment.metadata.namespace).any(lambda budget: budget.metadata.name == "b")'


def test_what_a_command_line_cannot_be_asked_is_told(cmpolicy: Run, changed: Path) -> None:
    file = write_rule(changed, "first", f"({FINE}) | {BUDGET}")
    text = file.read_text().replace("import Condition, match", "import Condition, known, match")
    file.write_text(text.replace("import Deployment", "import Deployment, PodDisruptionBudget"))
    code, (row,) = asked(cmpolicy, engine(changed, "sys.exit(5)"))
    assert (code, row["old"], row["agrees"], row["trouble"]) == (1, None, None, "the rule looks up other objects")
    result = cmpolicy("diff", "--target", "kyverno", "--engine", engine(changed, "sys.exit(5)"), "main")
    assert "not asked: the rule looks up other objects" in result.out


GATOR = """\
#!{python}
import json, sys
found = json.load(open(sys.argv[-1].partition("=")[2]))
row = {{"msg": {message!r}, "constraint": {{"metadata": {{"name": "my-first"}}}}, "violatingObject": found}}
print(json.dumps([row]))
sys.exit(1)
"""


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("expression 'a.b' resulted in error: no such key", "it could not evaluate the rule: expression 'a.b'"),
        ("compilation error: compilation failed: ERROR", "it could not evaluate the rule: compilation error"),
        ("template:3: eval_type_error: to_number", "it could not evaluate the rule: template:3"),
    ],
)
def test_a_violation_that_is_an_error_of_the_engine_is_none(
    message: str, said: str, cmpolicy: Run, changed: Path
) -> None:
    program = changed / "gator"
    program.write_text(GATOR.format(python=sys.executable, message=message))
    program.chmod(0o755)
    result = cmpolicy("diff", "--engine", f"gator={program}", "main")
    assert (result.code, said in result.err) == (2, True), result
