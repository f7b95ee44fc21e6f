"""What must not be in the repository: registry hosts, paths of one machine, errors that disappear.

The forbidden texts are put together from pieces, so that this file does not hold them itself.
"""

import ast
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
REGISTRIES = tuple(
    "".join(pieces)
    for pieces in (
        ("py", "pi.org"), ("python", "hosted.org"), ("npm", "js.org"), ("npm", "js.com"), ("crates", ".io"),
        ("proxy.", "golang.org"), ("ruby", "gems.org"), ("repo.", "maven.apache.org"), ("anaconda", ".org"),
        ("arti", "factory"), ("docker", ".io"),
    )
)  # fmt: skip
FOLDERS = "|".join(("work", "tmp", "home", "root", "Users", "mnt", "private/var"))
MACHINE_PATH = re.compile(rf"(?<![\w.~$}})*-])/(?:{FOLDERS})/[\w.]")
BROAD = {"Exception", "BaseException"}
SUPPRESS = {"suppress", "contextlib.suppress"}


def tracked():
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("no git repository: the list of tracked files is not known")
    answer = subprocess.run([git, "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True)
    return [ROOT / name for name in answer.stdout.split("\0") if name and (ROOT / name).is_file()]


def texts():
    for path in tracked():
        content = path.read_bytes()
        if b"\0" not in content:
            yield path.relative_to(ROOT).as_posix(), content.decode("utf-8")


def registries(text):
    return [host for host in REGISTRIES if host in text.lower()]


def swallowed(text):
    """Lines where every error is caught and nothing is done with it."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ExceptHandler) and is_broad(node.type) and all(map(does_nothing, node.body)):
            yield node.lineno
        suppresses = isinstance(node, ast.Call) and ast.unparse(node.func) in SUPPRESS
        if suppresses and any(map(is_broad, node.args)):
            yield node.lineno


def is_broad(caught):
    if isinstance(caught, ast.Tuple):
        return any(map(is_broad, caught.elts))
    return caught is None or (isinstance(caught, ast.Name) and caught.id in BROAD)


def does_nothing(statement):
    constant = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    return constant or isinstance(statement, ast.Pass | ast.Continue)


def test_no_file_names_a_package_registry():
    assert {name: found for name, text in texts() if (found := registries(text))} == {}


def test_no_file_holds_a_path_of_one_machine():
    assert {name: found for name, text in texts() if (found := MACHINE_PATH.findall(text))} == {}


def test_no_error_disappears():
    python = ((name, text) for name, text in texts() if name.endswith(".py"))
    assert {name: found for name, text in python if (found := [*swallowed(text)])} == {}


@pytest.mark.parametrize("text", ["cd /" + "work/a", '"/' + 'tmp/x"', "(/" + "home/me/a)", "=/" + "Users/me"])
def test_machine_path_is_found(text):
    assert MACHINE_PATH.search(text)


@pytest.mark.parametrize("text", ["https://example.org/" + "home/me", "../" + "tmp/x", "network/" + "tmp/a"])
def test_addresses_and_relative_paths_are_no_machine_paths(text):
    assert not MACHINE_PATH.search(text)


@pytest.mark.parametrize("text", [
    "try:\n    f()\nexcept Exception:\n    pass", "try:\n    f()\nexcept:\n    ...",
    "try:\n    f()\nexcept (OSError, Exception):\n    pass",
    "from contextlib import suppress\nwith suppress(Exception):\n    f()",
])  # fmt: skip
def test_swallowed_error_is_found(text):
    assert [*swallowed(text)]


@pytest.mark.parametrize("text", [
    "try:\n    f()\nexcept OSError:\n    pass", "try:\n    f()\nexcept Exception as error:\n    note(error)",
])  # fmt: skip
def test_handled_error_passes(text):
    assert not [*swallowed(text)]
