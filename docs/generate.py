"""Regenerate what is generated in the docs: `python docs/generate.py`, or with `--check` say what differs and exit 1.

A block between `<!-- console: COMMAND -->` (or `lines FIRST-LAST: COMMAND`, `yaml:`, `file: PATH`, `rules: PACK`, `profiles: PACK`, `matrix`,
`source: PACK`, `agreement: TABLE`, `mutations`, `admission`) and `<!-- end -->` is replaced by
what the command prints, the file holds, or the table says. Commands run in an empty folder that holds `docs/example`.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from cmpolicy import ir
from cmpolicy.admission import MODELLED
from cmpolicy.holes import labels
from cmpolicy.load import built_in_packs, load_packs
from cmpolicy.targets import TARGETS, load_target
from cmpolicy.traceability import read_sources

ROOT = Path(__file__).parents[1]
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "targets").glob("*/README.md")))
_OPENING = re.compile(
    r"^<!-- (console|lines \d+-\d+|yaml|file|rules|profiles|matrix|source|agreement|mutations|admission)(?:: ([^\n]*?))? -->\n",
    re.MULTILINE,
)
_END = "\n<!-- end -->"
_BLOCK = re.compile(f"{_OPENING.pattern}.*?{_END}", re.DOTALL | re.MULTILINE)


def regenerated(text: str, folder: Path) -> str:
    """The page with every block made anew. Raises `ValueError` if one is opened and not closed, or closed twice."""
    if len(_BLOCK.findall(text)) != text.count(_END) or len(_OPENING.findall(text)) != text.count(_END):
        raise ValueError(f"blocks are opened {len(_OPENING.findall(text))} times and closed {text.count(_END)} times")
    return _BLOCK.sub(lambda found: _block(found[1], found[2] or "", folder), text)


def _block(form: str, argument: str, folder: Path) -> str:
    match form:
        case "console":
            content = _fenced(f"$ {argument}\n{_printed(argument, folder)}")
        case _ if form.startswith("lines "):
            first, last = map(int, form.removeprefix("lines ").split("-"))
            shown = _printed(argument, folder).splitlines(keepends=True)[first - 1 : last]
            content = _fenced(f"$ {argument}\n…\n{''.join(shown)}…\n")
        case "yaml":
            content = f"```yaml\n{_printed(argument, folder)}```"
        case "file":
            content = f"```{_language(argument)}\n{(ROOT / argument).read_text(encoding='utf-8')}```"
        case "rules":
            content = "\n".join(_rule_table(argument))
        case "profiles":
            content = "\n".join(_profile_table(argument))
        case "matrix":
            content = "\n".join(_matrix())
        case "source":
            content = "\n".join(_source_table(argument))
        case "mutations":
            content = "\n".join(mutations_table())
        case "admission":
            content = ", ".join(f"`{name}`" for name in sorted(MODELLED))
        case _:
            content = "\n".join(agreement_table(argument))
    head = f"<!-- {form}: {argument} -->" if argument else f"<!-- {form} -->"
    return f"{head}\n{content}\n<!-- end -->"


def _fenced(text: str) -> str:
    """A block of what a terminal shows, between fences longer than those in it."""
    longest = max((len(row) for row in re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}console\n{text}{fence}"


def _printed(command: str, folder: Path) -> str:
    """What a command prints, without what differs from run to run."""
    name, *arguments = shlex.split(command)
    assert name == "cmpolicy", command
    done = subprocess.run(
        [sys.executable, "-m", "cmpolicy", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode in (0, 1), f"{command}: {done.stderr}"
    printed = done.stdout + done.stderr
    # What stands to the right of a time stays there, however long it took.
    timed = re.sub(r"in \d+(\.\d+)? s( *)", lambda found: "in 0.4 s".ljust(len(found[0]) if found[2] else 0), printed)
    return timed.replace(f"{ROOT}/", "")


def _language(path: str) -> str:
    return {".py": "python", ".yaml": "yaml"}[Path(path).suffix]


def _rules(pack: str = "") -> tuple[ir.Rule, ...]:
    return tuple(rule for rule in load_packs(built_in_packs()).rules if pack in ("", rule.about.pack))


def _rule_table(pack: str) -> Iterator[str]:
    yield "| rule | severity | profiles | what holds | parameters | Helm values that fix it |"
    yield "|---|---|---|---|---|---|"
    for rule in _rules(pack):
        parameters = "<br>".join(f"`{p.name}`: {_shown(p.default)}" for p in rule.parameters) or "-"
        helm = "<br>".join(f"`{key}`" for key in rule.about.helm_values) or "-"
        about, profiles = rule.about, ", ".join(rule.about.profiles)
        yield f"| `{rule.id}` | {about.severity} | {profiles} | {about.title} | {parameters} | {helm} |"


def _profile_table(pack: str) -> Iterator[str]:
    yield "| profile | for | rules |"
    yield "|---|---|---|"
    audiences = {ir.DEFAULT_PROFILE: "everybody", **(load_packs(built_in_packs()).packs or {})[pack].profiles}
    counts = {name: sum(name in rule.about.profiles for rule in _rules(pack)) for name in audiences}
    yield from (f"| `{name}` | {audiences[name]} | {count} |" for name, count in counts.items())


def _shown(value: ir.Constant) -> str:
    return ", ".join(map(_shown, value)) if isinstance(value, tuple) else str(value)


def _matrix() -> Iterator[str]:
    yield f"| rule | {' | '.join(TARGETS)} |"
    yield "|---|" + "---|" * len(TARGETS)
    for rule in (each for each in _rules() if not each.is_local):
        gaps = [load_target(name).gap(rule) for name in TARGETS]
        cells = [f"{gap.status}: {gap.reason}" if gap else "exact" for gap in gaps]
        yield f"| `{rule.id}`{''.join(f' ({label})' for label in labels(rule))} | {' | '.join(cells)} |"


def _source_table(pack: str) -> Iterator[str]:
    (source,) = (each for each in read_sources(built_in_packs()) if each.pack == pack)
    yield "| section | what it recommends | rules |"
    yield "|---|---|---|"
    for section, each in source.statements:
        rules = "<br>".join(f"`{rule}`{' (planned)' * (rule in source.planned)}" for rule in each.rules)
        remarks = "<br>".join(filter(None, (rules, each.reason and f"no rule: {each.reason}", each.note)))
        yield f"| [{section.name}]({section.link}) | {each.says} | {remarks} |"


def agreement_table(name: str) -> Iterator[str]:
    """The table `ways` or `rules` of what the last agreement run asked."""
    account = json.loads((ROOT / "docs" / "agreement.json").read_text(encoding="utf-8"))
    ways: dict[str, dict[str, int]] = account["ways"]
    if name == "ways":
        columns = ("rules", "verdicts", "pass", "fail", "skip")
        yield f"| way to ask | {' | '.join(columns)} |"
        yield "|---|" + "--:|" * len(columns)
        yield from (f"| `{way}` | {' | '.join(f'{counts[c]:,}' for c in columns)} |" for way, counts in ways.items())
        yield f"| in all | | {account['verdicts']:,} | | | |"
        yield ""
        yield f"{account['disagreements']:,} disagreements."
        # No engine can be asked about rules on Helm values.
        yield from later_rules(account["rules"], (rule.id for rule in _rules() if not rule.is_local))
    else:
        yield f"| rule | {' | '.join(ways)} |"
        yield "|---|" + "--:|" * len(ways)
        for rule, counts in account["rules"].items():
            yield f"| `{rule}` | {' | '.join(f'{counts[way]:,}' if way in counts else '-' for way in ways)} |"


def mutations_table() -> Iterator[str]:
    """The score of the last run of `diff` on mutants."""
    account = json.loads((ROOT / "docs" / "mutations.json").read_text(encoding="utf-8"))
    whole: dict[str, int] = account["in_all"]
    yield f"| what was changed | {' | '.join(whole)} |"
    yield "|---|" + "--:|" * len(whole)
    rows: dict[str, dict[str, int]] = {**account["operators"], "**in all**": whole}
    yield from (f"| {name} | {' | '.join(f'{count:,}' for count in row.values())} |" for name, row in rows.items())
    yield ""
    within = ", ".join(f"{share} within {seconds} s" for share, seconds in account["seconds"].items())
    per_rule = f"{account['per_rule']} mutants of each" if account["per_rule"] else "every mutant"
    yield f"{account['rules']} rules, {per_rule}. Of the comparisons, by processor time, {within}."


def later_rules(asked: Iterable[str], now: Iterable[str]) -> Iterator[str]:
    """Which rules the packs have now that the run did not ask about."""
    if later := sorted({*now} - {*asked}):
        yield ""
        yield f"{len(later)} rules came after that run and are in no count here: {', '.join(f'`{rule}`' for rule in later)}."


def main() -> int:
    """Regenerate every page, or with `--check` only compare."""
    check, differs = "--check" in sys.argv[1:], []
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        shutil.copytree(ROOT / "docs" / "example", folder / "docs" / "example")
        for page in PAGES:
            before = page.read_text(encoding="utf-8")
            after = regenerated(before, folder)
            if after != before:
                differs.append(str(page.relative_to(ROOT)))
                if not check:
                    page.write_text(after, encoding="utf-8")
    print(f"{'differs' if check else 'written'}: {', '.join(differs)}" if differs else "docs are up to date")
    return 1 if check and differs else 0


if __name__ == "__main__":
    sys.exit(main())
