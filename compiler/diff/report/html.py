"""A comparison as one page for browsers, which needs nothing from elsewhere and can be read without its script.

The page is a tree of elements until it is written, so no text of a rule can become markup; and its policy lets a browser
run nothing but the one script that it comes with.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from importlib.resources import files
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from cmpolicy.content import printable
from cmpolicy.diff.model import Change, Meaning, TargetChange, Witness
from cmpolicy.diff.report import words
from cmpolicy.diff.review import Review
from cmpolicy.report.wording import listed, plural

STOPPED = "stopped"


def render(review: Review) -> str:
    """The page."""
    style, script = _part("page.css"), _part("page.js")
    title = f"cmpolicy diff: {words.sides(review.report)}"
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", **{"http-equiv": "Content-Security-Policy", "content": _policy(script)}),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", printable(title)),
        element("style", style),
    )
    body = element("body", _header(review), *_bar(review), _main(review), _footer(review), element("script", script))
    page = element("html", head, body, lang="en")
    return f"<!DOCTYPE html>\n{ElementTree.tostring(page, encoding='unicode', method='html')}"


def element(tag: str, /, *children: Element | str, **attributes: str) -> Element:
    """An element; of an attribute's name a leading `_`, for words of Python, does not count, and `__` is `-`."""
    made = Element(tag, {key.removeprefix("_").replace("__", "-"): value for key, value in attributes.items()})
    last: Element | None = None
    for child in children:
        if isinstance(child, Element):
            made.append(child)
            last = child
        elif last is None:
            made.text = f"{made.text or ''}{child}"
        else:
            last.tail = f"{last.tail or ''}{child}"
    return made


def _part(name: str) -> str:
    return files("cmpolicy.diff.report").joinpath(name).read_text(encoding="utf-8")


def _policy(script: str) -> str:
    """What a browser may do with the page: show it, and run this script."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def _header(review: Review) -> Element:
    report = review.report
    told = [element("p", element("code", printable(report.old)), " → ", element("code", printable(report.new)))]
    if stopped := words.stopped(review):
        told.append(element("p", stopped, _class="alarm"))
    if report.not_compared:
        names = ", ".join(map(printable, report.not_compared))
        told.append(element("p", f"Not compared, as a side cannot be read: {names}", _class="alarm"))
    for problem in report.problems:
        said = ": ".join(filter(None, (problem.place, problem.message, problem.help)))
        told.append(element("p", f"{problem.level}: {printable(said)}", _class="alarm"))
    told += [element("p", each, _class="alarm") for each in words.alarms(review)]
    told += [element("p", each, _class="soft") for each in words.versions(report)]
    return element("header", element("h1", f"Change of rules: {words.totals(review)}"), *told)


def _bar(review: Review) -> Iterator[Element]:
    """What searches and filters; hidden until the script is there that does it."""
    changes = review.report.changes
    if not changes:
        return
    counts = {STOPPED: len(review.stopped), **review.report.counts}
    buttons = [_filter("", f"all {len(changes)}", pressed=True)]
    buttons += [_filter(kind, f"{kind} {count}", pressed=False) for kind, count in counts.items() if count]
    field = element("input", type="search", placeholder="Search rules, fields, messages", aria__label="Search")
    every = element("button", "open or close all", type="button", id="every")
    yield element("div", element("div", field, *buttons, every), _class="bar", hidden="hidden")


def _filter(kind: str, text: str, *, pressed: bool) -> Element:
    return element("button", text, type="button", data__kind=kind, aria__pressed=str(pressed).lower())


def _main(review: Review) -> Element:
    changes = sorted(review.report.changes, key=lambda change: (not review.stopped_by(change), words.is_brief(change)))
    made = [_change(change, review, f"change-{number}") for number, change in enumerate(changes, 1)]
    none = element("p", "No change fits." if changes else "No rule changed.", _class="soft", id="none")
    if changes:
        none.set("hidden", "hidden")
    return element("main", *made, none, *_impact(review))


def _impact(review: Review) -> Iterator[Element]:
    if lines := words.impact(review.report):
        summary = element("summary", element("span", "The corpus", _class="id"))
        body = element("div", element("pre", "\n".join(lines)), _class="body")
        yield element("details", summary, body, _class="card")


def _change(change: Change, review: Review, name: str) -> Element:
    kinds = [change.meaning.value, *([STOPPED] if review.stopped_by(change) else [])]
    summary = element(
        "summary",
        element("span", printable(change.id), _class="id"),
        " ",
        element("span", words.headline(change), _class="verdict"),
        " ",
        element("span", f"{words.evidence(change)}, {words.on_targets(change.targets)}", _class="soft"),
        " ",
        *_fate(change, review),
    )
    body = element("div", *_body(change, review), _class="body")
    return element(
        "details", summary, body, id=name, _class=f"card change {change.meaning.value}", data__kinds=" ".join(kinds)
    )


def _fate(change: Change, review: Review) -> Iterator[Element]:
    if (approval := review.approval(change)) is not None:
        yield element("span", f"approved by {printable(approval.owner)}", _class="fate approved")
    elif gates := review.stopped_by(change):
        yield element("span", f"{STOPPED} by {listed([gate.value for gate in gates])}", _class="fate stopped")


def _body(change: Change, review: Review) -> Iterator[Element]:
    if (place := words.place(change)) is not None:
        where = element("code", printable(f"{place.file}:{place.line}"))
        yield element("p", where, f", pack {printable(change.pack)}, severity {change.severity}", _class="soft")
    yield from _notes(change, review)
    if difference := words.source_diff(change):
        yield element("pre", *map(_line, difference))
    for witness in change.witnesses:
        yield from _witness(witness)
        if engines := words.engines(review, change, witness):
            yield element("pre", "\n".join(engines))
    yield element("h2", "Targets")
    yield _targets(change.targets)
    yield from _every_text(change)
    if not change.is_silent:
        yield element("p", "fingerprint ", element("code", change.fingerprint), " ", _copy(), _class="soft")


def _notes(change: Change, review: Review) -> Iterator[Element]:
    told = [f"{note.aspect}: {printable(note.text)}" for note in words.told_notes(change)]
    if change.id in review.report.disputed:
        told.append(f"targets disagree: {words.DISPUTED}")
    if change.meaning is Meaning.UNDECIDED:
        told.append(words.NOT_DECIDED)
    if (approval := review.approval(change)) is not None:
        told.append(f"approved {printable(words.approved(approval))}")
    if told:
        yield element("ul", *(element("li", each) for each in told))


def _line(line: words.SourceLine) -> Element:
    parts = [element("mark", part) if marked else part for part, marked in line.parts]
    kind = "added" if line.sign == "+" else "gone"
    return element("span", element("b", line.sign), " ", *parts, "\n", _class=kind)


def _witness(witness: Witness) -> Iterator[Element]:
    yield element("h2", f"{words.flip(witness)}:")
    if not witness.valid:
        yield element("p", words.NOT_CREATED, _class="soft")
    yield element("div", element("pre", "\n".join(words.manifests(witness))), _copy(), _class="held")
    yield element("p", "message: ", element("code", printable(witness.message)), _class="soft")


def _copy() -> Element:
    return element("button", "copy", type="button", _class="copy", hidden="hidden")


def _targets(targets: tuple[TargetChange, ...]) -> Element:
    head = element("tr", *(element("th", name) for name in ("target", "before", "after", "generated text")))
    return element("table", head, *(_target(each) for each in targets))


def _target(change: TargetChange) -> Element:
    text = "differs" if change.text else "same"
    cells = (_carried(change, change.old), _carried(change, change.new), element("td", text))
    return element("tr", element("td", element("code", change.target)), *cells)


def _carried(change: TargetChange, carried: bool) -> Element:
    if carried:
        return element("td", "carried")
    return element("td", f"gap: {printable(change.gap)}", _class="gap") if change.gap else element("td", "none")


def _every_text(change: Change) -> Iterator[Element]:
    lines = [
        printable(f"{target.target}  {words.text_change(each)}") for target in change.targets for each in target.text
    ]
    if lines:
        summary = element("summary", f"How the generated text differs, in {plural(len(lines), 'place')}", _class="soft")
        yield element("details", summary, element("pre", "\n".join(lines)))


def _footer(review: Review) -> Element:
    unchanged = f"{plural(review.report.unchanged, 'rule')} unchanged. " if review.report.unchanged else ""
    return element(
        "footer",
        f"{unchanged}Objects are made for the change and judged by both versions; each is ready for kubectl apply.",
    )
