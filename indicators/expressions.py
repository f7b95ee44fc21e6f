"""Expressions of the aggregation pipelines: what a field of a signal counts as.

The month of a signal is that of its publication (of an award the day it was made), else of its opening (calls) or
first sight. Dates before 1995 are what sources write for "unknown" (the epoch of their systems).
"""

from datetime import UTC, datetime
from typing import Any

__all__ = [
    "AWARDED",
    "CANONICAL",
    "COUNTRY",
    "DESCRIBED_LISTS",
    "DESCRIBED_TEXTS",
    "DIMENSION_FIELDS",
    "EARLIEST",
    "EARLY_STAGE_EUR",
    "END",
    "EVENT",
    "EVERGREEN",
    "GRADE",
    "ICT_PROFESSIONAL",
    "JOIN",
    "KIND",
    "KINDS",
    "MONTH",
    "OPEN_LICENCE",
    "ORGANISATION",
    "RAW",
    "RELEVANT",
    "RESTRICTED_LICENCE",
    "SECTOR",
    "STAGE",
    "STOCK_KINDS",
    "Expression",
    "euro",
    "flag",
    "month",
    "named",
    "text",
]

JOIN = "\x1f"
EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
"""Earlier dates count as missing."""
DIMENSION_FIELDS = {"area": "areas", "trend": "trends", "technology": "technologies", "theme": "themes"}
KINDS = ("job_advert", "dataset", "funding_call", "award", "notice", "post", "organisation", "project")
STOCK_KINDS = ("job_advert", "funding_call", "dataset")
"""Kinds that are open for a while and are counted as a stock at the end of a month."""
EARLY_STAGE_EUR = 60_000
"""Awards up to this sum count as early stage: the size of seed and prototype grants. Euro."""
Expression = Any


def known(field: str) -> Expression:
    """Write a date, or nothing where it stands for "unknown"."""
    return {"$cond": [{"$gte": [field, EARLIEST]}, field, None]}


EVENT: Expression = {"$ifNull": [known("$published_at"), known("$opens_at"), "$first_seen"]}
"""When a signal happened."""
END: Expression = {"$min": ["$closes_at", "$removed_at"]}
"""When it ended: deadline or end of validity, or when it was found gone; empty while it is open."""


def month(date: Expression) -> Expression:
    """Write the month of a date."""
    return {"$dateToString": {"format": "%Y-%m", "date": date}}


def text(value: Expression, otherwise: str) -> Expression:
    """Write a value as text, whatever it is."""
    return {"$convert": {"input": value, "to": "string", "onError": otherwise, "onNull": otherwise}}


def flag(condition: Expression, name: str) -> Expression:
    """Write a name where a condition holds, else nothing."""
    return {"$cond": [condition, name, ""]}


def named(field: str) -> Expression:
    """Write the distinct names of labels, which are texts or documents with `name`."""
    labels = {"$cond": [{"$isArray": f"$dsi.{field}"}, f"$dsi.{field}", []]}
    return {
        "$setUnion": [
            {
                "$map": {
                    "input": labels,
                    "as": "label",
                    "in": text({"$ifNull": ["$$label.name", "$$label"]}, ""),
                }
            },
            [],
        ]
    }


MONTH = month(EVENT)
COUNTRY = text("$place.country", "ZZ")
KIND = text("$kind", "unknown")
GRADE = text("$dsi.grade", "none")
RAW = flag({"$eq": ["$canonical", False]}, "duplicate")
SECTOR: Expression = text(
    {"$cond": [{"$eq": ["$kind", "award"]}, "$recipient.sector", "$organisation.sector"]}, "unknown"
)
EVERGREEN = flag({"$eq": ["$evergreen", True]}, "evergreen")
OPEN_LICENCE = (
    r"cc-?0|cc[ -]?by|creativecommons|creative commons|publicdomain|public domain|odc-|odbl|"
    r"opendatacommons|dl-de|dl-by-de|"
    r"datenlizenz|ogl|open-government|open government|etalab|licence ouverte|lov2|nlod|iodl|"
    r"open-data|terms_(?:open|by)"
)
"""Licences that allow any use, also commercial, at most with attribution or share-alike."""
RESTRICTED_LICENCE = r"[ -]n[cd](?![a-z])|non-?commercial|noncommercial|no-?deriv|terms_(?:ask|by_ask)"
DESCRIBED_TEXTS = ("text", "licence", "frequency", "organisation.name")
DESCRIBED_LISTS = ("formats", "keywords", "themes", "distributions")
"""Fields whose share that is filled is the completeness of a dataset's description."""
RELEVANT = {"dsi.grade": {"$in": ["core", "adjacent"]}}
CANONICAL = {"canonical": {"$ne": False}}
AWARDED = {"$and": [{"$eq": ["$money.kind", "award"]}, {"$gt": ["$money.eur", 0]}]}
STAGE: Expression = {
    "$switch": {
        "branches": [
            {"case": {"$ne": ["$kind", "award"]}, "then": ""},
            {"case": {"$not": [AWARDED]}, "then": "unknown"},
            {"case": {"$lte": ["$money.eur", EARLY_STAGE_EUR]}, "then": "early"},
        ],
        "default": "later",
    }
}
ORGANISATION: Expression = {
    "$let": {
        "vars": {"who": {"$cond": [{"$eq": ["$kind", "award"]}, "$recipient", "$organisation"]}},
        "in": {"$ifNull": ["$$who.id", {"$toLower": text("$$who.name", "")}]},
    }
}
ICT_PROFESSIONAL = {
    "$and": [
        {"$eq": ["$occupation.scheme", "ISCO08"]},
        {"$in": [{"$substrCP": [text("$occupation.code", ""), 0, 2]}, ["25", "35"]]},
    ]
}
"""ISCO-08 sub-major groups 25 and 35: information and communications professionals and technicians."""


def euro(kind: str) -> Expression:
    """Write the sum in euro where it is of a kind, else 0: kinds of sums are never added up."""
    wanted = {"$and": [{"$eq": ["$money.kind", kind]}, {"$gt": ["$money.eur", 0]}]}
    return {"$cond": [wanted, "$money.eur", 0]}
