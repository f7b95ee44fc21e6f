"""What the sources did: which cells were observed, and the tables that are frozen with a vintage."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from pymongo.database import Database

from indicators.expressions import COUNTRY, JOIN, KIND, text
from indicators.passes import joined
from indicators.tables import to_csv
from storage.errors import reported

__all__ = ["COVERAGE", "SOURCES", "Observed", "coverage_csv", "observed", "provenance", "sources_csv"]

COVERAGE = {
    "source": ("string", "Identifier of the source"),
    "month": ("string", "Month in which the runs started"),
    "state": ("string", "State of the runs: done, partial, failed, lost or running"),
    "runs": ("integer", "Number of runs"),
    "read": ("integer", "Records that were read"),
    "new": ("integer", "Signals found for the first time"),
    "changed": ("integer", "Signals that had changed"),
    "rejected": ("integer", "Records that were refused, with the reason in the store"),
    "http_errors": ("integer", "Answers of the classes 4xx and 5xx"),
}
SOURCES = {
    "source": ("string", "Identifier of the source"),
    "title": ("string", "Name"),
    "family": ("string", "jobs, portals, funding, social or directory"),
    "protocol": ("string", "How the source is read"),
    "url": ("string", "Address the crawl starts from"),
    "country": ("string", "Country the source covers; empty: several"),
    "languages": ("string", "Languages, ISO 639-1, separated by spaces"),
    "publisher": ("string", "Who runs the source"),
    "licence": ("string", "Licence of the content"),
    "licence_url": ("string", "Where the licence is stated"),
    "terms_url": ("string", "Terms of use"),
    "cadence_hours": ("number", "Hours between two runs"),
    "status": ("string", "active, paused or retired"),
    "signals": ("integer", "Signals stored, copies included"),
    "kinds": ("string", "Kinds of signal it yields, separated by spaces"),
    "first_run": ("string", "Day of the first run that was done"),
    "last_run": ("string", "Day of the last run that was done; coverage.csv counts the others"),
}
Row = dict[str, Any]


class Observed:
    """Which cells (country, kind) exist, and in which months a source that yields them completed a run."""

    def __init__(self) -> None:
        self.pairs: set[tuple[str, str]] = set()
        self.months: dict[str, set[tuple[str, str]]] = defaultdict(set)
        self.sources: dict[str, dict[str, int]] = defaultdict(dict)
        """source -> kind -> signals."""
        self.models: set[str] = set()
        """Versions of the classifier that decided about the signals."""


def observed(db: Database[Row]) -> Observed:
    """Read which sources yield which cells, and when they ran.

    Raises:
        StorageError: the database cannot be read.

    """
    found = Observed()
    ran: dict[str, set[str]] = defaultdict(set)
    with reported("read which sources ran"):
        for run in db.runs.find({"state": "done"}, {"source": 1, "started_at": 1}):
            ran[run["source"]].add(f"{run['started_at']:%Y-%m}")
        key = joined([text("$source", ""), KIND, COUNTRY, text("$dsi.model", "")])
        for group in db.signals.aggregate([{"$group": {"_id": key, "n": {"$sum": 1}}}], allowDiskUse=True):
            source, kind, country, model = group["_id"].split(JOIN)
            found.models |= {model} - {""}
            found.pairs.add((country, kind))
            found.sources[source][kind] = found.sources[source].get(kind, 0) + group["n"]
            for month in ran[source]:
                found.months[month].add((country, kind))
    return found


def coverage_csv(db: Database[Row]) -> bytes:
    """Table of the runs per source, month and state."""
    table: dict[tuple[str, str, str], list[int]] = defaultdict(lambda: [0] * 6)
    with reported("read the runs"):
        for run in db.runs.find(
            {}, {"source": 1, "started_at": 1, "state": 1, "read": 1, "counts": 1, "http": 1}
        ):
            entry = table[run["source"], f"{run['started_at']:%Y-%m}", run["state"]]
            counts, http = run.get("counts") or {}, run.get("http") or {}
            figures = [
                1,
                run.get("read") or 0,
                counts.get("new") or 0,
                counts.get("changed") or 0,
                counts.get("rejected") or 0,
                sum(n for name, n in http.items() if str(name)[:1] in "45"),
            ]
            for at, figure in enumerate(figures):
                entry[at] += figure
    return to_csv(list(COVERAGE), [[*key, *entry] for key, entry in sorted(table.items())])


def sources_csv(db: Database[Row], cells: Observed, facts: Iterable[Mapping[str, Any]]) -> bytes:
    """Table of the sources: those of the registry and those that only the store knows.

    Args:
        db: the database.
        cells: result of `observed`.
        facts: `id` and further columns of `SOURCES` per source of the registry.

    """
    rows: dict[str, Row] = {str(fact["id"]): {**fact, "source": fact["id"]} for fact in facts}
    with reported("read the runs of the sources"):
        for source in db.runs.distinct("source"):
            rows.setdefault(source, {"source": source})
        spans = db.runs.aggregate(
            [
                {"$match": {"state": "done"}},
                {
                    "$group": {
                        "_id": "$source",
                        "first": {"$min": "$started_at"},
                        "last": {"$max": "$started_at"},
                    }
                },
            ]
        )
        for span in spans:
            rows[span["_id"]] |= {
                "first_run": f"{span['first']:%Y-%m-%d}",
                "last_run": f"{span['last']:%Y-%m-%d}",
            }
    for source, kinds in cells.sources.items():
        row = rows.setdefault(source, {"source": source})
        row |= {"signals": sum(kinds.values()), "kinds": " ".join(sorted(kinds))}
    table = [[row.get(name) for name in SOURCES] for _, row in sorted(rows.items())]
    return to_csv(list(SOURCES), table)


def provenance(db: Database[Row], facts: Mapping[str, Any]) -> bytes:
    """Describe in PROV-JSON what the vintage was made from: runs, code, models, data files.

    Args:
        db: the database.
        facts: `vintage`, `built_at`, `software`, `models` (versions), `data` (name -> SHA-256 of packaged
            tables).

    """
    with reported("read the runs"):
        fields = {
            "source": 1,
            "state": 1,
            "started_at": 1,
            "ended_at": 1,
            "code_version": 1,
            "model_version": 1,
            "config_hash": 1,
        }
        runs = list(db.runs.find({}, fields).sort("_id", 1))
    name, built_at = facts["vintage"], f"{facts['built_at']:%Y-%m-%dT%H:%M:%SZ}"
    agents = {"dsi:software": {"prov:type": "prov:SoftwareAgent", "dsi:version": facts["software"]}}
    document = {
        "prefix": {"dsi": "urn:dsi:", "prov": "http://www.w3.org/ns/prov#"},
        "entity": {
            f"dsi:vintage/{name}": {"prov:type": "dcat:Dataset", "dsi:built_at": built_at},
            **{f"dsi:model/{model}": {"prov:type": "dsi:Classifier"} for model in facts["models"]},
            **{
                f"dsi:table/{table}": {"dsi:sha256": digest}
                for table, digest in sorted(facts["data"].items())
            },
        },
        "activity": {
            f"dsi:build/{name}": {"prov:endTime": built_at},
            **{
                f"dsi:run/{run['_id']}": {
                    "dsi:source": run["source"],
                    "dsi:state": run["state"],
                    "prov:startTime": f"{run['started_at']:%Y-%m-%dT%H:%M:%SZ}",
                    **(
                        {"prov:endTime": f"{run['ended_at']:%Y-%m-%dT%H:%M:%SZ}"}
                        if run.get("ended_at")
                        else {}
                    ),
                    **{
                        f"dsi:{key}": run[key]
                        for key in ("code_version", "model_version", "config_hash")
                        if run.get(key)
                    },
                }
                for run in runs
            },
        },
        "agent": agents,
        "wasGeneratedBy": {
            "_:generated": {"prov:entity": f"dsi:vintage/{name}", "prov:activity": f"dsi:build/{name}"}
        },
        "wasAssociatedWith": {"_:by": {"prov:activity": f"dsi:build/{name}", "prov:agent": "dsi:software"}},
        "wasInformedBy": {
            f"_:run{number}": {
                "prov:informed": f"dsi:build/{name}",
                "prov:informant": f"dsi:run/{run['_id']}",
            }
            for number, run in enumerate(runs, 1)
        },
        "used": {
            f"_:model{number}": {"prov:activity": f"dsi:build/{name}", "prov:entity": f"dsi:model/{model}"}
            for number, model in enumerate(facts["models"], 1)
        },
    }
    return (json.dumps(document, indent=1, ensure_ascii=False, sort_keys=True) + "\n").encode()
