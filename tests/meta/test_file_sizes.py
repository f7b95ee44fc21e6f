"""Files stay small enough to have one job."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = ("crawler", "spiders", "classifiers", "storage", "indicators", "benchmarks", "docs")


def test_no_file_is_longer_than_300_lines() -> None:
    sizes = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*.py")
    }
    assert not {name: size for name, size in sizes.items() if size > 300}
