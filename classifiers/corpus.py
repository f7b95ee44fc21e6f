"""What a model is fitted on: the project's own texts, and, where they are present, labelled real items."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from classifiers.labels import read_labels
from classifiers.pools import labelled_items
from classifiers.taxonomy import AREAS, GRADES, TRENDS, identifiers

__all__ = ["LABELS_PATH", "TRAINING_PATH", "composition", "load_real", "load_training"]

_DATA = Path(__file__).with_name("data")
TRAINING_PATH = _DATA / "training.jsonl"
"""The project's own texts; further ones, one file per language, lie in the folder `training` beside it."""
LABELS_PATH = _DATA / "labels.jsonl"
"""Labels of real items: identifiers and decisions, no texts."""


def load_training(path: Path | None = None) -> list[dict[str, Any]]:
    """Read labelled texts, one JSON object per line.

    Args:
        path: a file or a folder of `*.jsonl`; None takes all texts that come with the software.

    Returns:
        Records with `grade`, and with `areas` and `trends` as identifiers of the taxonomy.

    Raises:
        ValueError: a line is not JSON, or has an unknown grade, area or trend; names file and line.

    """
    if path is None:
        files = [TRAINING_PATH, *sorted((_DATA / "training").glob("*.jsonl"))]
    else:
        files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    return [row for file in files for row in _rows(file)]


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            try:
                yield _checked(json.loads(line))
            except (ValueError, KeyError, TypeError) as error:
                raise ValueError(f"{file.name}, line {number}: {error!r}") from error


def _checked(row: dict[str, Any]) -> dict[str, Any]:
    if row["grade"] not in GRADES:
        raise ValueError(f"unknown grade {row['grade']!r}; known are {', '.join(GRADES)}")
    areas, trends = identifiers(row.get("areas"), AREAS), identifiers(row.get("trends"), TRENDS)
    return {**row, "areas": areas, "trends": trends}


def load_real(directory: Path, labels: Path | None = None) -> list[dict[str, Any]]:
    """Labelled real items, with the texts of the pools in `directory`.

    Raises:
        ValueError: a label is wrong or its item is in no pool; names the first few.

    """
    path = labels or LABELS_PATH
    if not path.is_file():
        return []
    checked, problems = read_labels(path.read_text(encoding="utf-8").splitlines())
    if problems:
        raise ValueError(f"{path.name}: {'; '.join(problems[:5])}")
    rows, missing = labelled_items(directory, checked)
    if missing:
        raise ValueError(f"{path.name}: {len(missing)} items are in no pool: {', '.join(missing[:5])}")
    return [_checked(row) for row in rows]


def composition(rows: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, int]]:
    """Number of rows by grade, kind and language."""
    return {
        key: dict(sorted(Counter(str(row.get(key) or "unknown") for row in rows).items()))
        for key in ("grade", "kind", "language")
    }
