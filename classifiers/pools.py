"""Real items beside the repository: labels hold only identifiers, the texts are looked up here.

The pools lie outside the repository, because their texts belong to others. Where they are absent, the
model is trained on the project's own texts only.
"""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from classifiers.labels import settled

__all__ = ["POOLS", "group_of", "labelled_items", "pool_directory", "read_pool", "source_of"]

POOLS = {
    "jobs": "jobs/ads.jsonl",
    "portals": "portals/datasets.jsonl",
    "funding": "funding/grants.jsonl",
    "multilingual": "multilingual/items.jsonl",
}
"""Pool -> its file below the data folder."""
_FUNDING_KINDS = {"award": "award", "call": "funding_call", "scheme": "funding_call"}
_DEFAULT = Path(__file__).parents[2] / "shared" / "data"


def pool_directory(given: Path | None = None) -> Path | None:
    """The folder of the pools: the given one, else `DSI_POOLS`, else `../shared/data`; None where absent.

    Raises:
        FileNotFoundError: a folder was named and is not there.

    """
    named = given or (Path(os.environ["DSI_POOLS"]) if os.environ.get("DSI_POOLS") else None)
    if named is not None:
        if not named.is_dir():
            raise FileNotFoundError(
                f"{named}: no such folder; name the one that holds {POOLS['jobs']} and others"
            )
        return named
    return _DEFAULT if _DEFAULT.is_dir() else None


def _organisation(row: Mapping[str, Any]) -> str | None:
    for key in ("employer", "recipient", "publisher", "funder"):
        value = row.get(key)
        if isinstance(value, str) and value and "://" not in value:
            return value
    return None


def _record(pool: str, row: Mapping[str, Any]) -> dict[str, Any]:
    kind = {"jobs": "job_advert", "portals": "dataset", "multilingual": row.get("kind")}.get(pool)
    if pool == "funding":
        kind = _FUNDING_KINDS.get(str(row.get("kind")), "notice")
    kept = {key: row.get(key) for key in ("id", "title", "text", "language", "source")}
    group = row.get("employer") or row.get("publisher") or row.get("recipient") or row.get("funder")
    return {**kept, "pool": pool, "kind": kind, "organisation": _organisation(row), "publisher": group}


def read_pool(directory: Path, pool: str) -> Iterator[dict[str, Any]]:
    """Records of a pool: id, title, text, language, source, kind, organisation, publisher, pool.

    Raises:
        ValueError: a line is not JSON; names file and line.

    """
    path = directory / POOLS[pool]
    if not path.is_file():
        return
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                yield _record(pool, json.loads(line))
            except (ValueError, AttributeError) as error:
                raise ValueError(f"{path.name}, line {number}: {error}") from error


def source_of(row: Mapping[str, Any]) -> str:
    """What is held out as a whole: the source; of collections of repositories, the owner."""
    source = str(row.get("source") or row.get("group") or row.get("id") or row.get("title") or "unknown")
    return source.split("/")[0] if row.get("pool") == "multilingual" else source


def group_of(row: Mapping[str, Any]) -> str:
    """What must not be split between folds: publisher or employer, else source, else the item."""
    for key in ("group", "publisher", "employer", "recipient", "source", "id"):
        if row.get(key):
            return str(row[key])
    return "unknown"


def labelled_items(
    directory: Path, labels: Sequence[Mapping[str, Any]]
) -> tuple[list[dict[str, Any]], list[str]]:
    """Put what the readings of an item come to onto the record that they are about.

    Returns:
        One record per labelled item, with `grade`, `areas`, `trends`, and the identifiers found in no pool.

    """
    readings: dict[str, list[Mapping[str, Any]]] = {}
    for label in labels:
        readings.setdefault(str(label["id"]), []).append(label)
    chosen = {name: settled(own) for name, own in readings.items()}
    records: dict[str, dict[str, Any]] = {}
    for pool in POOLS:
        for record in read_pool(directory, pool):
            name = str(record["id"])
            if name in chosen and (chosen[name].get("pool") or pool) == pool:
                records.setdefault(name, record)
    joined = [
        {**records[name], **{key: label.get(key) for key in ("grade", "areas", "trends", "draw")}}
        for name, label in chosen.items()
        if name in records
    ]
    return joined, sorted(set(chosen) - set(records))
