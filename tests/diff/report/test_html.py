"""The page, parsed back: what it shows, and that nothing of a rule becomes markup or script."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser

import pytest
from cmpolicy.diagnostics import Diagnostic
from cmpolicy.diff.gates import Gate
from cmpolicy.diff.model import Meaning, Status
from cmpolicy.diff.report.html import element, render
from cmpolicy.diff.review import Review
from cmpolicy.yaml.reader import Document, read_text

from tests.diff.report.samples import HOSTILE, OBJECT, approved, change, hostile, review

VOID = {"meta", "input"}
TAGS = {
    *("html", "head", "body", "meta", "title", "style", "script", "header", "main", "footer", "div", "p", "h1", "h2"),
    *(
        "ul",
        "li",
        "pre",
        "code",
        "span",
        "b",
        "mark",
        "table",
        "tr",
        "th",
        "td",
        "details",
        "summary",
        "button",
        "input",
    ),
}


@dataclass
class Node:
    """An element as a browser reads it."""

    tag: str
    attributes: dict[str, str]
    children: list[Node | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(each if isinstance(each, str) else each.text for each in self.children)

    def all(self, tag: str = "", _class: str = "") -> Iterator[Node]:
        for each in self.children:
            if isinstance(each, Node):
                if each.tag == (tag or each.tag) and _class in ("", *each.attributes.get("class", "").split()):
                    yield each
                yield from each.all(tag, _class)


class Reader(HTMLParser):
    """Reads a page into nodes; an end tag that fits no start tag is an error."""

    def __init__(self) -> None:
        super().__init__()
        self.open = [Node("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def page(asked: Review) -> Node:
    reader = Reader()
    reader.feed(render(asked))
    reader.close()
    (root,) = reader.open
    return root


def one(node: Node, tag: str = "", _class: str = "") -> Node:
    (found,) = node.all(tag, _class)
    return found


def test_a_change_shows_its_verdict_source_object_targets_and_fingerprint() -> None:
    (shown,) = page(review()).all("details", "change")
    assert one(shown, "span", "id").text == "my-one"
    assert one(shown, "span", "verdict").text == "tightened"
    assert one(shown, "span", "fate").text == "stopped by any"
    assert [each.text for each in shown.all("span", "added")] == ["+ & pod.c\n"]
    assert [each.text for each in shown.all("span", "gone")] == ["- & pod.b\n"]
    (read,) = read_text(one(one(shown, "div", "held"), "pre").text, "shown")
    assert isinstance(read, Document)
    assert read.value == OBJECT
    rows = [[cell.text for cell in row.children if isinstance(cell, Node)] for row in one(shown, "table").all("tr")]
    assert rows == [["target", "before", "after", "generated text"], ["vap", "carried", "carried", "differs"]]
    assert "vap  X a spec/a: 1 -> 2" in one(shown, "details").text
    assert "abcdef012345" in shown.text


def test_filters_name_what_is_there_and_how_often() -> None:
    root = page(review(change("my-a", meaning=Meaning.LOOSENED), change("my-b"), gates=(Gate.TIGHTENED,)))
    buttons = {each.attributes["data-kind"]: each.text for each in root.all("button") if "data-kind" in each.attributes}
    assert buttons == {"": "all 2", "stopped": "stopped 1", "tightened": "tightened 1", "loosened": "loosened 1"}
    kinds = [each.attributes["data-kinds"] for each in root.all("details", "change")]
    assert kinds == ["tightened stopped", "loosened"]


def test_what_is_approved_is_shown_as_such() -> None:
    (shown,) = page(approved(review())).all("details", "change")
    assert one(shown, "span", "fate").text == "approved by @acme/security"
    assert "approved by @acme/security: why not" in one(shown, "ul").text


@pytest.mark.parametrize("script", ["page.js", "page.css"])
def test_the_page_needs_nothing_from_elsewhere(script: str) -> None:
    root = page(review())
    assert not any(name in ("src", "href", "action") for each in root.all() for name in each.attributes)
    held = one(root, "script" if script == "page.js" else "style").text
    assert held
    assert "://" not in held
    assert "@import" not in held
    assert "url(" not in held


def test_a_browser_may_run_the_script_of_the_page_alone() -> None:
    root = page(review(hostile()))
    (policy,) = (each.attributes["content"] for each in root.all("meta") if "http-equiv" in each.attributes)
    digest = base64.b64encode(hashlib.sha256(one(root, "script").text.encode()).digest()).decode()
    assert policy.startswith("default-src 'none'; ")
    assert f"script-src 'sha256-{digest}'" in policy


def test_hostile_text_stays_text() -> None:
    root = page(approved(review(hostile(), disputed=(HOSTILE,), not_compared=(HOSTILE,)), HOSTILE, HOSTILE))
    assert {each.tag for each in root.all()} <= TAGS
    assert len(list(root.all("script"))) == 1
    assert not any(name.startswith("on") for each in root.all() for name in each.attributes)
    (shown,) = root.all("details", "change")
    assert "<script>alert(1)</script>" in one(shown, "span", "id").text
    for held in shown.all("div", "held"):
        (read,) = read_text(one(held, "pre").text, "shown")
        assert isinstance(read, Document)
        assert isinstance(read.value, dict)
        assert read.value[HOSTILE] == [HOSTILE]


def test_without_its_script_nothing_is_shown_that_does_nothing() -> None:
    root = page(review())
    assert "hidden" in one(root, "div", "bar").attributes
    assert all("hidden" in each.attributes for each in root.all("button", "copy"))


def test_nothing_changed() -> None:
    asked = review()
    root = page(replace(asked, report=replace(asked.report, changes=())))
    assert list(root.all("details")) == []
    assert "No rule changed." in one(root, "main").text
    assert "3 rules unchanged" in one(root, "h1").text


def test_problems_and_what_was_not_compared_are_told() -> None:
    asked = review(
        not_compared=("my-x",), problems=(Diagnostic("values", "it is wrong", "x.py", 3, 1, help="do it right"),)
    )
    told = [each.text for each in page(asked).all("p", "alarm")]
    assert "Not compared, as a side cannot be read: my-x" in told
    assert "error: x.py:3:1: it is wrong: do it right" in told


def test_a_rule_that_is_gone_is_carried_nowhere_after() -> None:
    gone = change(status=Status.REMOVED, rule="", targets=(replace(change().targets[0], new=False),))
    assert "vap" in one(page(review(gone)), "table").text
    assert [each.text for each in one(page(review(gone)), "table").all("td")][1:3] == ["carried", "none"]


def test_text_stands_where_it_is_given() -> None:
    made = element("p", "a", element("b", "c"), "d", "e", data__x="1", _class="y")
    assert "".join(made.itertext()) == "acde"
    assert made.attrib == {"data-x": "1", "class": "y"}
