"""`gator test`: it judges by a template's CEL or by its Rego, and reports violations alone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from cmpolicy.ir import Kind
from cmpolicy.ir_json.read import field, text
from cmpolicy.process import Ended
from cmpolicy.targets.command_lines import EngineTrouble, Question, need_judged, trouble
from cmpolicy.values import Json, JsonMap


@dataclass(frozen=True, slots=True)
class Test:
    """One object by one template and its constraint, in one of the template's languages."""

    name: str
    cel: bool
    targets: Sequence[str] = ("gatekeeper",)

    def seen(self, manifest: JsonMap, kind: Kind) -> JsonMap:
        """As it is."""
        return manifest

    def arguments(self, question: Question) -> Sequence[str]:
        """The files of this rule alone."""
        folders = (question.folder / "templates", question.folder / "constraints")
        files = [*(folder / f"{question.rule}.yaml" for folder in folders), question.written()]
        flags = ("test", "--output=json", f"--enable-k8s-native-validation={str(self.cel).lower()}")
        return (*flags, *(f"--filename={file}" for file in files))

    def rejects(self, question: Question, ended: Ended) -> bool:
        """Whether there is a violation by the object."""
        if ended.code not in (0, 1) or ended.errors.strip():
            raise trouble(ended)
        try:
            rows = json.loads(ended.out) or []
            told = [text(row, "msg") for row in rows if _is_about(row, question)]
        except (ValueError, TypeError) as error:
            raise EngineTrouble(f"its report is not readable: {error}") from error
        for message in told:
            need_judged(message)
        return bool(told)


def _is_about(row: Json, question: Question) -> bool:
    constraint = text(field(field(row, "constraint"), "metadata"), "name")
    return constraint == question.rule and text(field(field(row, "violatingObject"), "metadata"), "uid") == question.uid


COMMAND_LINES = (Test("gator (CEL)", cel=True), Test("gator (Rego)", cel=False))
