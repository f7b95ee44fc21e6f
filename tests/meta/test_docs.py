"""The documentation says what the software does: verbs, generated pages, parameters, links."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from crawler.cli import app
from crawler.config import Config
from crawler.loader import protocols
from crawler.sources import Source

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.glob("*.md"), *(ROOT / "benchmarks").glob("*.md")])


def verbs(command, name):
    children = getattr(command, "commands", {})
    if not children:
        yield name
    for key, child in children.items():
        yield from verbs(child, f"{name} {key}")


VERBS = [*verbs(typer.main.get_command(app), "dsi")]


@pytest.mark.parametrize("verb", VERBS)
def test_verb_is_documented(verb):
    assert re.search(rf"^\| `{verb}` \| \S", (DOCS / "cli.md").read_text(encoding="utf-8"), re.MULTILINE)


def test_generated_pages_are_current():
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    answer = subprocess.run(
        [sys.executable, DOCS / "build_docs.py", "--check"],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert answer.returncode == 0, f"run `make docs`: {answer.stdout}{answer.stderr}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_to_files_lead_somewhere(page):
    links = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_verbs_named_in_pages_exist(page):
    groups = {verb.split()[1] for verb in VERBS}
    text = page.read_text(encoding="utf-8")
    named = re.findall(r"(?:`|^)dsi ([a-z]+)(?: ([a-z]+)\b)?", text, re.MULTILINE)
    wrong = [first for first, _ in named if first not in groups]
    nested = {verb.split()[1] for verb in VERBS if len(verb.split()) == 3}
    wrong += [f"{a} {b}" for a, b in named if a in nested and b and f"dsi {a} {b}" not in VERBS]
    assert wrong == []


@pytest.mark.parametrize("name", sorted(protocols()))
def test_protocol_and_its_parameters_are_documented(name):
    text = (DOCS / "adding-a-source.md").read_text(encoding="utf-8")
    section = text.partition(f"### `{name}`")[2].partition("\n### ")[0]
    assert section
    assert [key for key in protocols()[name].Params.model_fields if f"| `{key}` |" not in section] == []


def test_every_key_of_a_source_file_is_documented():
    text = (DOCS / "adding-a-source.md").read_text(encoding="utf-8")
    tables = {"publisher", "licence", "terms", "politeness", "limits", "assertions", "lifecycle", "params"}
    keys = set(Source.model_fields) - {"id", "family"} - tables
    missing = [key for key in sorted(keys) if f"| `{key}` |" not in text]
    missing += [table for table in sorted(tables) if f"[{table}]" not in text]
    assert missing == []


def test_every_configuration_key_is_in_the_readme():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    keys = set(Config.__dataclass_fields__) - {"origin"}
    assert [key for key in sorted(keys) if f"| `{key}` |" not in text] == []
