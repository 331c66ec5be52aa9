"""`kyverno apply`: it judges by Kyverno's own policies of both kinds, and by those of the API server."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cmpolicy.fields.index import is_custom
from cmpolicy.ir import Kind
from cmpolicy.ir_json.read import each, field, text
from cmpolicy.process import Ended
from cmpolicy.targets.command_lines import EngineTrouble, Question, need_judged, trouble
from cmpolicy.targets.kyverno.crds import definition
from cmpolicy.values import Json, JsonMap


@dataclass(frozen=True, slots=True)
class Apply:
    """One object by one policy. It prints a report as JSON, in a line of its own among others."""

    name: str = "kyverno"
    targets: Sequence[str] = ("kyverno", "kyverno-cel", "vap")

    def seen(self, manifest: JsonMap, kind: Kind) -> JsonMap:
        """It takes the namespace `default` where none is named."""
        metadata = manifest.get("metadata")
        named = metadata if isinstance(metadata, Mapping) else {}
        if not kind.namespaced or named.get("namespace"):
            return manifest
        return {**manifest, "metadata": {**named, "namespace": "default"}}

    def arguments(self, question: Question) -> Sequence[str]:
        """With the definition of a kind that is not Kubernetes' own, which it asks for to judge it as the API server does."""
        policy = question.folder / "policies" / f"{question.rule}.yaml"
        common = ("apply", str(policy), f"--resource={question.written()}", "--policy-report", "--output-format=json")
        if question.target != "vap" or not is_custom(question.kind):
            return common
        file = question.scratch / "crds.yaml"
        file.write_text(json.dumps(definition(question.kind)), encoding="utf-8")
        return (*common, f"--crd-paths={file}")

    def rejects(self, question: Question, ended: Ended) -> bool:
        """Whether a row of the report about the object is a failure; there is none of an object that it passed over."""
        if ended.code not in (0, 1):
            raise trouble(ended)
        reports = [line for line in ended.out.decode(errors="replace").splitlines() if line.startswith("{")]
        if not reports and ended.errors.strip():
            raise trouble(ended)
        try:
            rows = [row for report in reports for row in each(json.loads(report), "results")]
            results = [_result(row) for row in rows if _is_about(row, question)]
        except ValueError as error:
            raise EngineTrouble(f"its report is not readable: {error}") from error
        return "fail" in results


def _is_about(row: Json, question: Question) -> bool:
    (resource,) = each(row, "resources")
    return text(row, "policy") == question.rule and text(resource, "uid") == question.uid


def _result(row: Json) -> str:
    if (result := text(row, "result")) not in ("pass", "fail", "skip"):
        raise EngineTrouble(f"it reports `{result}`: {field(row, 'message')}")
    if result == "fail":
        need_judged(text(row, "message"))
    return result


COMMAND_LINES = (Apply(),)
