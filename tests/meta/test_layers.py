"""The arrows of docs/architecture.md hold for every import, also for those inside functions."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ALLOWED = {
    "spiders": {"crawler"},
    "crawler": {"classifiers", "storage"},
    "indicators": {"storage", "classifiers"},
    "classifiers": set(),
    "storage": set(),
}


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found & ALLOWED.keys()


@pytest.mark.parametrize("package", ALLOWED)
def test_package_imports_only_what_the_architecture_allows(package: str) -> None:
    wrong = {}
    for path in (ROOT / package).rglob("*.py"):
        place = path.relative_to(ROOT)
        command = place.parts[:2] == ("crawler", "commands") or str(place) == "crawler/cli.py"
        extra = imported(path) - ALLOWED[package] - {package} - ({"indicators"} if command else set())
        if extra:
            wrong[str(place)] = sorted(extra)
    assert not wrong
