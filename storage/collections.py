"""The collections of the store: validators and indexes, and the one function that puts them in place."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.database import Database
from pymongo.errors import CollectionInvalid, OperationFailure

from storage.documents import (
    Evidence,
    IssueDocument,
    Label,
    Model,
    Observation,
    RunDocument,
    SignalRecord,
    SourceState,
)
from storage.errors import reported
from storage.published import AuditDraw, IndicatorRow, Vintage
from storage.schema import json_schema

__all__ = ["COLLECTIONS", "CollectionSpec", "migrate", "validator"]

INDEX_CONFLICTS = frozenset({85, 86})
"""IndexOptionsConflict, IndexKeySpecsConflict: an index of that name or key exists with other options."""
NAMESPACE_EXISTS = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionSpec:
    """One collection."""

    name: str
    """Name in the database."""
    document: type
    """Dataclass of its documents."""
    indexes: tuple[IndexModel, ...] = ()
    """Indexes beside the one of `_id`."""


def _index(*keys: str, **options: Any) -> IndexModel:
    pairs = [(key.removeprefix("-"), DESCENDING if key.startswith("-") else ASCENDING) for key in keys]
    return IndexModel(pairs, **options)


COLLECTIONS: tuple[CollectionSpec, ...] = (
    CollectionSpec(
        name="signals",
        document=SignalRecord,
        indexes=(
            _index("source", "last_run"),
            _index("dedup_keys"),
            _index("kind", "published_at"),
            _index("published_at"),
            _index("first_seen"),
            _index("dsi.grade", "kind"),
            _index("place.country"),
            _index("cluster_id"),
            _index("content_hash"),
            _index("evidence"),
        ),
    ),
    CollectionSpec(name="evidence", document=Evidence, indexes=(_index("expires_at", expireAfterSeconds=0),)),
    CollectionSpec(
        name="observations",
        document=Observation,
        indexes=(_index("signal", "at"), _index("run"), _index("source", "at")),
    ),
    CollectionSpec(
        name="runs", document=RunDocument, indexes=(_index("source", "-started_at"), _index("-started_at"))
    ),
    CollectionSpec(
        name="issues", document=IssueDocument, indexes=(_index("run_id"), _index("source", "code"))
    ),
    CollectionSpec(name="labels", document=Label, indexes=(_index("signal"),)),
    CollectionSpec(name="models", document=Model),
    CollectionSpec(
        name="indicators",
        document=IndicatorRow,
        indexes=(_index("indicator", "period", "geo"), _index("vintage", "period")),
    ),
    CollectionSpec(name="vintages", document=Vintage),
    CollectionSpec(name="audit_draws", document=AuditDraw),
    CollectionSpec(name="sources", document=SourceState),
)
"""Every collection, in the order of the documentation."""


def validator(spec: CollectionSpec, signals_schema: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Build the validator of a collection; of `signals` with the content fields that the caller knows."""
    schema = json_schema(spec.document)
    if spec.name == "signals" and signals_schema:
        schema = {**schema, "properties": {**signals_schema.get("properties", {}), **schema["properties"]}}
    return {"$jsonSchema": schema}


def migrate(db: Database[dict[str, Any]], signals_schema: Mapping[str, Any] | None = None) -> list[str]:
    """Create or update collections, validators and indexes. Idempotent; documents are not touched.

    Args:
        db: the database.
        signals_schema: `$jsonSchema` of the content fields of signals (`bsonType`, `properties`).

    Returns:
        one line per thing that was created or changed; empty when all was up to date.

    Raises:
        StorageError: the server refuses.
    """
    done: list[str] = []
    with reported(f"migrate the database {db.name}"):
        present = {entry["name"]: entry.get("options", {}) for entry in db.list_collections()}
        for spec in COLLECTIONS:
            wanted = validator(spec, signals_schema)
            if spec.name not in present:
                done += _create(db, spec.name, wanted)
            elif present[spec.name].get("validator") != wanted and not _keeps_richer(
                spec, present[spec.name], signals_schema
            ):
                db.command("collMod", spec.name, validator=wanted)
                done.append(f"{spec.name}: validator updated")
            done += _ensure_indexes(db, spec)
    return done


def _keeps_richer(
    spec: CollectionSpec, options: Mapping[str, Any], signals_schema: Mapping[str, Any] | None
) -> bool:
    # A caller that does not know the content fields must not weaken the validator of one that did.
    return spec.name == "signals" and signals_schema is None and bool(options.get("validator"))


def _create(db: Database[dict[str, Any]], name: str, wanted: dict[str, Any]) -> list[str]:
    try:
        db.create_collection(name, validator=wanted)
    except CollectionInvalid:
        return []  # another process was quicker
    except OperationFailure as error:
        if error.code != NAMESPACE_EXISTS:
            raise
        return []
    return [f"{name}: collection created"]


def _ensure_indexes(db: Database[dict[str, Any]], spec: CollectionSpec) -> list[str]:
    collection = db[spec.name]
    present = collection.index_information()
    done = []
    for index in spec.indexes:
        name = index.document["name"]
        same = present.get(name, {}).get("expireAfterSeconds") == index.document.get("expireAfterSeconds")
        if name in present and same:
            continue
        try:
            collection.create_indexes([index])
        except OperationFailure as error:
            if error.code not in INDEX_CONFLICTS:
                raise
            collection.drop_index(name)
            collection.create_indexes([index])
        done.append(f"{spec.name}: index {name} created")
    return done
