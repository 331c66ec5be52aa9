"""What is told beside single changes: of a corpus, of engines, and of versions of packs, in every form."""

from __future__ import annotations

import html as markup
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from cmpolicy.check import Place
from cmpolicy.diff.gates import Gate
from cmpolicy.diff.model import ACCEPTED, REJECTED, Affected, Asked, Bump, Impact, Owner, PackVersion
from cmpolicy.diff.places import Places
from cmpolicy.diff.report import github, html, junit, markdown, sarif, text
from cmpolicy.diff.report.markdown import MOST_CHARACTERS
from cmpolicy.diff.review import Review
from markdown_it import MarkdownIt

from tests.diff.report.samples import HOSTILE, review

NOWHERE = Places(Path("/no/such"), Path("/no/such"))
FORMS: Mapping[str, Callable[[Review], str]] = {
    "text": lambda asked: text.render(asked, text=False),
    "markdown": lambda asked: markup.unescape(markdown.render(asked, text=False)),
    "github": lambda asked: github.render(asked, NOWHERE).replace("%0A", "\n"),
    "junit": lambda asked: markup.unescape(junit.render(asked)),
    "html": lambda asked: markup.unescape(html.render(asked)),
}


def affected(name: str = "cart", message: str = "it is bad") -> Affected:
    identity = {"apiVersion": "v1", "kind": "Pod", "namespace": "shop", "name": name}
    return Affected(
        "my-one", REJECTED, Owner("team-a", "owner"), identity, Place("/spec", True, "cart.yaml", 7, 3, ""), 0, message
    )


def version(*, small: bool = True) -> PackVersion:
    return PackVersion("my_pack", Bump.MAJOR, ("my-one rejects more",), True, "1.0.0", "1.1.0", "2.0.0", small)


WRONG = Asked("my-one", REJECTED, "vap", "gator", ACCEPTED, ACCEPTED, (ACCEPTED, REJECTED))
RIGHT = Asked("my-one", REJECTED, "vap", "kyverno", ACCEPTED, REJECTED, (ACCEPTED, REJECTED))


def suite(asked: Review) -> dict[str, str]:
    cases = ElementTree.fromstring(junit.render(asked)).iter("testcase")
    return {case.get("name") or "": next((each.tag for each in case), "passed") for case in cases}


def notifications(asked: Review) -> list[dict[str, Any]]:
    (run,) = json.loads(sarif.render(asked, NOWHERE))["runs"]
    return list(run["invocations"][0]["toolExecutionNotifications"])


@pytest.mark.parametrize("form", ["text", "markdown", "github", "html"])
def test_the_objects_of_a_corpus_are_listed(form: str) -> None:
    shown = FORMS[form](review(impact=Impact(44, (affected(),))))
    assert "of 44 objects 1 newly rejected, 0 newly accepted" in shown
    assert "cart.yaml:7" in shown
    assert "Pod shop/cart: it is bad" in shown
    assert "cart.yaml" not in FORMS[form](review())


@pytest.mark.parametrize("form", FORMS)
def test_what_an_engine_says_stands_with_the_object(form: str) -> None:
    assert "was accepted, now rejected" in FORMS[form](review(asked=(RIGHT,)))
    shown = FORMS[form](review(asked=(WRONG,)))
    assert "ENGINES DISAGREE with the reference: gator on vap" in shown


@pytest.mark.parametrize("form", FORMS)
def test_a_version_that_is_too_small_is_an_alarm(form: str) -> None:
    told = "1.1.0 is declared, which is too small"
    assert told in FORMS[form](review(versions=(version(),)))
    assert told not in FORMS[form](review(versions=(version(small=False),)))


def test_a_version_fails_where_a_gate_asks_for_it() -> None:
    name = "the version of my_pack goes up as far as its changes ask for"
    assert suite(review(versions=(version(),), gates=(Gate.VERSION,)))[name] == "failure"
    assert suite(review(versions=(version(small=False),)))[name] == "passed"
    assert name not in suite(review(versions=(version(),), gates=(Gate.LOOSENED,)))
    first, *_ = github.render(review(versions=(version(),), gates=(Gate.VERSION,)), NOWHERE).splitlines()
    assert first.startswith("::error title=cmpolicy diff::version of my_pack")
    assert "::error" not in github.render(review(versions=(version(),), gates=(Gate.LOOSENED,)), NOWHERE)


def test_engines_that_disagree_fail_a_test_and_are_notified() -> None:
    assert suite(review(asked=(WRONG,)))["targets agree"] == "failure"
    assert suite(review(asked=(RIGHT,)))["targets agree"] == "passed"
    assert [each["level"] for each in notifications(review(asked=(WRONG,)))][:1] == ["error"]
    assert notifications(review(asked=(RIGHT,))) == []


def test_a_large_corpus_and_hostile_texts_keep_the_comment_whole() -> None:
    many = tuple(affected(f"{HOSTILE}{number}", HOSTILE) for number in range(200))
    wrong = Asked("my-one", REJECTED, "vap", HOSTILE, HOSTILE, HOSTILE, (HOSTILE, HOSTILE), HOSTILE, True)
    declared = PackVersion(HOSTILE, Bump.MAJOR, (HOSTILE,) * 3, True, HOSTILE, HOSTILE, HOSTILE, True)
    asked = review(impact=Impact(200, many), asked=(wrong,), versions=(declared,) * 20)
    rendered = markdown.render(asked, text=True)
    assert len(rendered) <= MOST_CHARACTERS
    tokens = MarkdownIt("commonmark").enable("table").parse(rendered)
    blocks = [token.content.strip()[:9] for token in tokens if token.type == "html_block"]
    assert blocks == [markdown.MARKER[:9], *["<details>", "</details"] * 2]
    page = html.render(asked)
    assert page.count("<script>") == 1
    commands = github.render(asked, NOWHERE).splitlines()
    assert all(line.startswith(("::error ", "::notice ")) for line in commands)
