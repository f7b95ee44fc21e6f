"""Full build of the indicators against the rebuild of one month, over synthetic signals, embedded server.

Usage: python benchmarks/indicators.py [SIGNALS] (default 100,000). Prints seconds, rows and the ratio.
"""

import argparse
import platform
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from classifiers.taxonomy import AREAS, TECHNOLOGIES, THEMES, TRENDS
from indicators.build import build
from indicators.export import export
from indicators.population import EU27
from storage.collections import migrate
from storage.connection import open_database
from storage.errors import StorageError

COUNTRIES = [*sorted(EU27), "GB", "NO", "CH"]
KINDS = {"job_advert": 0.4, "dataset": 0.35, "funding_call": 0.05, "award": 0.15, "post": 0.05}
MONTHS = 36
"""Months the signals are spread over, the last one that of the vintage."""
RELEVANT = 0.2
"""Share of signals graded core or adjacent."""
BATCH = 5000
LAST = datetime(2026, 6, 30, tzinfo=UTC)


def signals(count: int) -> Iterator[dict[str, Any]]:
    chooser = random.Random(5)
    kinds, weights = list(KINDS), list(KINDS.values())
    for number in range(count):
        when = LAST - timedelta(days=chooser.random() * 30.4 * (MONTHS - 1))
        kind = chooser.choices(kinds, weights)[0]
        score = chooser.random()
        grade = "core" if score > 1 - RELEVANT / 2 else "adjacent" if score > 1 - RELEVANT else "none"
        dsi: dict[str, Any] = {"grade": grade, "score": score, "model": "synthetic"}
        if grade != "none":
            for field, names in (
                ("areas", AREAS),
                ("trends", TRENDS),
                ("technologies", TECHNOLOGIES),
                ("themes", THEMES),
            ):
                chosen = chooser.sample(list(names.values()), chooser.randint(0, 3))
                dsi[field] = [{"name": name, "score": 0.8} for name in chosen]
        country = chooser.choice(COUNTRIES)
        signal: dict[str, Any] = {
            "_id": f"s{number:08}", "source": f"source-{number % 200}", "kind": kind, "published_at": when,
            "first_seen": when, "place": {"country": country, "city": f"City {chooser.randint(0, 20)}"},
            "organisation": {"name": f"Organisation {chooser.randint(0, count // 20)}", "sector": "public"},
            "canonical": chooser.random() > 0.05, "removed_at": None, "dsi": dsi,
            "title": f"Signal {number}", "text": "x" * 500,
        }  # fmt: skip
        if kind in ("job_advert", "funding_call"):
            signal["closes_at"] = when + timedelta(days=30)
        if kind == "award":
            signal["money"] = {"kind": "award", "eur": chooser.lognormvariate(11, 1)}
        yield signal


def fill(db: Any, count: int) -> None:
    batch: list[dict[str, Any]] = []
    for signal in signals(count):
        batch.append(signal)
        if len(batch) == BATCH:
            db.signals.insert_many(batch, ordered=False)
            batch = []
    if batch:
        db.signals.insert_many(batch, ordered=False)
    db.runs.insert_many(
        {"_id": f"r{source}-{month}", "source": f"source-{source}", "state": "done",
         "started_at": LAST - timedelta(days=30.4 * month)}
        for source in range(200) for month in range(MONTHS)
    )  # fmt: skip


def timed(label: str, work: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    result = work()
    seconds = time.perf_counter() - start
    print(f"{label}: {seconds:.1f} s", flush=True)
    return seconds, result


def measure(db: Any, count: int, folder: Path) -> None:
    migrate(db)
    timed("fill the store", lambda: fill(db, count))
    full, first = timed("full build", lambda: build(db, vintage=date(2026, 6, 30)))
    one, second = timed(
        "rebuild of one month", lambda: build(db, vintage=date(2026, 7, 1), periods=["2026-05"])
    )
    print(f"rows: {first.rows:,}, after the rebuild {second.rows:,}; full / one month: {full / one:.1f}")
    timed("export", lambda: export(db, folder / "export"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("signals", nargs="?", type=int, default=100_000)
    count = parser.parse_args().signals
    print(
        f"{count:,} signals, {MONTHS} months, {len(COUNTRIES)} countries; Python {platform.python_version()}"
    )
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        try:
            with open_database(data_directory=Path(folder)) as db:
                measure(db, count, Path(folder))
        except StorageError as error:  # a server that holds this much may need longer to end than it is given
            print(f"after the measurement: {error}")


if __name__ == "__main__":
    main()
