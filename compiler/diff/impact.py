"""What a change does to objects that are there: those of a corpus whose verdict differs, and whom they belong to.

Both versions of each changed rule judge every object as `check` does, as if it were created. What a rule looks up, it
looks up in the whole corpus.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from cmpolicy import ir
from cmpolicy.check import Document, Index, compile_index, judge_document, results
from cmpolicy.diagnostics import Diagnostic
from cmpolicy.diff.meaning import told
from cmpolicy.diff.model import ACCEPTED, REJECTED, Affected, Change, Finding, Impact, Meaning, Owner, Report
from cmpolicy.diff.search import Versions, witness_of
from cmpolicy.evaluate import Judgement, Verdict, inventory, kind_of
from cmpolicy.generate.case import Case
from cmpolicy.passes.tree import known_kinds
from cmpolicy.report.json import identity
from cmpolicy.values import JsonMap

TEAM_KEYS = ("team", "owner")
"""Labels or annotations that name a team: of the object, else of its Namespace."""
APPLICATION_KEYS = ("app.kubernetes.io/part-of", "helm.sh/chart")
"""Those that name what the object is a part of, where nothing names a team."""
BY_NAMESPACE = "namespace"


@dataclass(frozen=True, slots=True)
class Flip:
    """A change and an object whose verdict differs, with the judgement of the version that rejects it."""

    change: Change
    document: Document
    newly: str
    judgement: Judgement

    @property
    def rejecting(self) -> ir.Rule:
        """The version that rejects the object."""
        old, new = self.change.versions
        found = new if self.newly == REJECTED else old
        assert found is not None
        return found


def with_impact(report: Report, inputs: Iterable[Document | Diagnostic], keys: Sequence[str] = ()) -> Report:
    """The report with what its changes do to these objects; `keys` name owners before the usual ones do.

    An object that shows what no search found becomes the witness of the change: nothing stays undecided that the corpus
    decides. What of the corpus cannot be read is a problem of the report, and the rest is judged all the same.
    """
    read = list(inputs)
    documents = [each for each in read if not isinstance(each, Diagnostic)]
    problems = tuple(each for each in read if isinstance(each, Diagnostic))
    known = inventory(each.value for each in documents)
    changes = [change for change in report.changes if change.meaning is not Meaning.EQUIVALENT]
    flips = tuple(_flips(changes, documents, known))
    owners = Owners(keys, documents)
    return replace(
        report,
        changes=tuple(_with_witnesses(change, flips, documents) for change in report.changes),
        impact=Impact(len(documents), tuple(_affected(flip, owners, known) for flip in flips)),
        problems=(*report.problems, *problems),
    )


def _flips(changes: Sequence[Change], documents: Iterable[Document], known: JsonMap) -> Iterator[Flip]:
    old, new = (_index([change.versions[side] for change in changes]) for side in (0, 1))
    for document in documents:
        before, after = _rejecting(old, document, known), _rejecting(new, document, known)
        for change in changes if before or after else ():
            was, now = before.get(id(change.versions[0])), after.get(id(change.versions[1]))
            if now is not None and was is None:
                yield Flip(change, document, REJECTED, now)
            elif was is not None and now is None:
                yield Flip(change, document, ACCEPTED, was)


def _index(rules: Iterable[ir.Rule | None]) -> Index:
    """Each rule once, if it looks at objects that are created."""
    there = {id(rule): rule for rule in rules if rule is not None and ir.Operation.CREATE in rule.operations}
    return compile_index(there.values())


def _rejecting(index: Index, document: Document, known: JsonMap) -> Mapping[int, Judgement]:
    """The judgements that reject the object, by the identity of the rule's value: versions share their ids."""
    judged = judge_document(index, document, known)
    return {id(rule): judgement for rule, judgement in judged if judgement.verdict is Verdict.FAIL}


def _affected(flip: Flip, owners: Owners, known: JsonMap) -> Affected:
    (found,) = results(flip.document, [(flip.rejecting, flip.judgement)], known)
    assert found.place is not None
    owner, named = owners.of(flip.document.value), identity(flip.document)
    return Affected(flip.change.id, flip.newly, owner, named, found.place, flip.document.index, flip.judgement.message)


def _with_witnesses(change: Change, flips: Iterable[Flip], documents: Sequence[Document]) -> Change:
    """The change with the first object of the corpus as witness of each direction that has none."""
    first = {flip.newly: flip for flip in reversed([*flips]) if flip.change is change}
    tightened = _finding(change.tightened, first.get(REJECTED), documents)
    loosened = _finding(change.loosened, first.get(ACCEPTED), documents)
    if (tightened, loosened) == (change.tightened, change.loosened):
        return change
    meaning, evidence = told(tightened, loosened)
    return replace(change, meaning=meaning, evidence=evidence, tightened=tightened, loosened=loosened)


def _finding(finding: Finding, flip: Flip | None, documents: Sequence[Document]) -> Finding:
    if flip is None or finding.witness is not None:
        return finding
    kind = kind_of(flip.rejecting, flip.document.value)
    assert kind is not None
    looked_up = {(each.api_version, each.kind) for rule in flip.change.versions if rule for each in known_kinds(rule)}
    others = (each.value for each in documents)
    known = tuple(each for each in others if (each.get("apiVersion"), each.get("kind")) in looked_up)
    case = Case(flip.document.value, label="corpus", others=known)
    return replace(finding, witness=witness_of(case, Versions(*flip.change.versions), kind, flip.newly))


class Owners:
    """Whom objects belong to, by the labels and annotations of them and of the Namespaces in a corpus."""

    def __init__(self, keys: Sequence[str], documents: Iterable[Document]) -> None:
        self._team = (*keys, *TEAM_KEYS)
        namespaces = (each.value for each in documents if each.value.get("kind") == "Namespace")
        self._namespaces = {_metadata(each).get("name"): each for each in namespaces}

    def of(self, manifest: JsonMap) -> Owner:
        """A team that the object or its Namespace names, else the application that it is a part of, else the namespace."""
        own = _metadata(manifest).get("name" if manifest.get("kind") == "Namespace" else "namespace")
        around = self._namespaces.get(own, {})
        found = _named(manifest, self._team) or _named(around, self._team) or _named(manifest, APPLICATION_KEYS)
        return found or (Owner(own, BY_NAMESPACE) if isinstance(own, str) and own else Owner("", BY_NAMESPACE))


def _named(manifest: JsonMap, keys: Iterable[str]) -> Owner | None:
    """What the first of the keys that is there says, as a label or else as an annotation."""
    metadata = _metadata(manifest)
    maps = [held for held in (metadata.get("labels"), metadata.get("annotations")) if isinstance(held, Mapping)]
    found = ((held[key], key) for key in keys for held in maps if key in held)
    return next((Owner(name, key) for name, key in found if isinstance(name, str) and name), None)


def _metadata(manifest: JsonMap) -> JsonMap:
    metadata = manifest.get("metadata")
    return metadata if isinstance(metadata, Mapping) else {}
