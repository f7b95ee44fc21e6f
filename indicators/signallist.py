"""The list of the signals that were counted: the evidence behind the numbers of an export.

What was decided about them is frozen with a vintage, month by month. Title and address are not: they stay in the
store, where `storage.forget` deletes what may not be kept, and are joined when the list is exported.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from pymongo.database import Database

from indicators.expressions import CANONICAL, COUNTRY, EVENT, GRADE, KIND, RELEVANT, named
from indicators.passes import windows
from indicators.tables import to_csv
from storage.errors import reported

__all__ = ["SIGNALS", "signals_by_month", "signals_csv"]

SIGNALS = {
    "period": ("string", "Month the signal counts in"),
    "date": ("string", "Day of publication or award, else of opening, else of first sight"),
    "kind": ("string", "Kind of signal"),
    "geo": ("string", "Country; ZZ unknown"),
    "grade": ("string", "core or adjacent"),
    "source": ("string", "Source, as in sources.csv"),
    "signal": ("string", "Key of the signal in the store"),
    "url": (
        "string",
        "Address of the signal's own page as stored when exported; empty once it was forgotten",
    ),
    "title": ("string", "Title as stored when exported; empty once it was forgotten"),
    "organisation": ("string", "Employer, publisher or funder"),
    "areas": ("string", "Areas, joined by |"),
    "trends": ("string", "Trends, joined by |"),
    "technologies": ("string", "Technologies, joined by |"),
    "score": ("number", "Score of the classifier"),
    "model": ("string", "Version of the classifier"),
}
LABELS = ("areas", "trends", "technologies")
BATCH = 1000


def signals_by_month(
    db: Database[dict[str, Any]], months: Iterable[str], *, one_by_one: bool
) -> dict[str, bytes]:
    """List core and adjacent signals, one of each cluster, without title and address.

    Args:
        db: the database.
        months: months to list.
        one_by_one: ask for each month alone, which is cheaper for a few of many.

    Returns:
        CSV without header per month; of every month one, also an empty one.

    Raises:
        StorageError: the database cannot be read.

    """
    wanted = list(months)
    found: dict[str, list[list[Any]]] = defaultdict(list)
    project = {
        "when": EVENT, "kind": KIND, "geo": COUNTRY, "grade": GRADE, "source": 1,
        "organisation": "$organisation.name", "score": "$dsi.score", "model": "$dsi.model",
        **{label: named(label) for label in LABELS},
    }  # fmt: skip
    with reported("list the signals behind the numbers"):
        for period in wanted if one_by_one else [None]:
            for window in windows(period):
                stages = [{"$match": window}, {"$match": {**RELEVANT, **CANONICAL}}, {"$project": project}]
                for signal in db.signals.aggregate(stages, allowDiskUse=True):
                    when = signal.get("when")
                    month = f"{when:%Y-%m}" if when else ""
                    if month and (period is None or month == period):
                        found[month].append(_row(month, signal))
    return {month: to_csv(None, sorted(found[month], key=lambda row: (row[1], row[6]))) for month in wanted}


def signals_csv(db: Database[dict[str, Any]], listed: Iterable[bytes]) -> bytes:
    """Write the list of a vintage with the titles and addresses that the store holds now.

    Args:
        db: the database.
        listed: months, as `signals_by_month` wrote them.

    Returns:
        CSV with header.

    Raises:
        StorageError: the database cannot be read.

    """
    rows = [row for month in listed for row in csv.reader(io.StringIO(month.decode(), newline=""))]
    key, url, title = (list(SIGNALS).index(column) for column in ("signal", "url", "title"))
    with reported("read the titles of the signals behind the numbers"):
        for first in range(0, len(rows), BATCH):
            batch = rows[first : first + BATCH]
            kept = {"_id": {"$in": [row[key] for row in batch]}, "forgotten_at": None}
            found = {str(signal["_id"]): signal for signal in db.signals.find(kept, {"url": 1, "title": 1})}
            for row in batch:
                signal = found.get(row[key], {})
                row[url] = _web(signal.get("url")) or ""
                row[title] = " ".join(str(signal.get("title") or "").split())
    return to_csv(list(SIGNALS), rows)


def _row(month: str, signal: dict[str, Any]) -> list[Any]:
    joined = ["|".join(name for name in signal.get(label) or () if name) for label in LABELS]
    return [
        month, f"{signal['when']:%Y-%m-%d}", signal["kind"], signal["geo"], signal["grade"], signal.get("source"),
        str(signal["_id"]), None, None, signal.get("organisation"), *joined, signal.get("score"), signal.get("model"),
    ]  # fmt: skip


def _web(url: Any) -> str | None:
    # Addresses come from the crawled web, and a list like this is clicked on.
    return str(url) if str(url or "").lower().startswith(("http://", "https://")) else None
