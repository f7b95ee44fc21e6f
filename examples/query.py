"""Read stored signals and indicators with pymongo; prints text.

Run `dsi db start`, `export MONGODB_URI=$(dsi db uri)`, then `python examples/query.py [DATABASE]`.
"""

import os
import sys

from pymongo import MongoClient


def main() -> int:
    uri = os.environ.get("MONGODB_URI")
    if not uri:
        print("MONGODB_URI is not set: dsi db start; export MONGODB_URI=$(dsi db uri)", file=sys.stderr)
        return 3
    with MongoClient(uri, serverSelectionTimeoutMS=5000) as client:
        db = client[sys.argv[1] if len(sys.argv) > 1 else os.environ.get("DSI_DATABASE", "dsi")]

        # One member of each cluster of copies is canonical: count that one.
        print("Signals by grade")
        grades = db.signals.aggregate(
            [
                {"$match": {"canonical": True}},
                {"$group": {"_id": "$dsi.grade", "signals": {"$sum": 1}}},
                {"$sort": {"signals": -1}},
            ]
        )
        for row in grades:
            print(f"  {row['_id'] or 'not graded':12} {row['signals']:6}")

        print("Latest core signals")
        core = {"canonical": True, "dsi.grade": "core", "removed_at": None}
        for signal in db.signals.find(core).sort("published_at", -1).limit(5):
            place = signal.get("place") or {}
            print(f"  {place.get('country') or '??'}  {signal['kind']:12} {signal['title'][:80]}")

        print("Areas of core signals")
        areas = db.signals.aggregate(
            [
                {"$match": {"canonical": True, "dsi.grade": "core"}},
                {"$unwind": "$dsi.areas"},
                {"$group": {"_id": "$dsi.areas.name", "signals": {"$sum": 1}}},
                {"$sort": {"signals": -1, "_id": 1}},
            ]
        )
        for row in areas:
            print(f"  {row['_id']!s:30} {row['signals']:6}")

        editions = sorted(db.vintages.distinct("_id", {"state": "published"}))
        print(f"Vintages of the indicators: {', '.join(editions) or 'none; run dsi indicators build'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
