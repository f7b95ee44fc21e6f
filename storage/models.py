"""The models that have graded the signals of a database."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pymongo.database import Database

from storage.errors import reported

__all__ = ["remember"]

KEPT = ("metrics", "thresholds", "lexicon", "training")


def remember(db: Database[dict[str, Any]], info: Mapping[str, Any], now: datetime) -> None:
    """Note a model before it grades signals; one that is known stays as it is.

    Args:
        db: the database.
        info: the JSON part of the model's file; `version` becomes the key.
        now: the moment (UTC).

    Raises:
        StorageError: the database refused or was out of reach.
    """
    values = {name: info.get(name) for name in KEPT} | {"first_used_at": now}
    with reported("note the model in use"):
        db.models.update_one({"_id": str(info["version"])}, {"$setOnInsert": values}, upsert=True)
