"""What the whole pipeline costs beside bare Scrapy and beside the obvious way to write it.

Three variants crawl the same loopback site, each in a fresh process, interleaved, and the medians are compared:

- `bare`: Scrapy fetches the pages and does nothing with them;
- `full`: a run of this project: validate, extract, enrich, dedup, classify, store in the embedded database;
- `naive`: the same work in the callback, item by item: BeautifulSoup, trafilatura with metadata, classify one,
  compare with all earlier texts by word sets, `update_one`.

CPU seconds are those of the crawling process and its workers, without the database and the site, without imports.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

VARIANTS = ("bare", "full", "naive")
SIMULTANEOUS = 8
"""Requests in flight, the same for all variants."""


def cpu() -> float:
    """CPU seconds of this process and of those of its children that ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(part.ru_utime + part.ru_stime for part in used)


def crawl_full(base: str, directory: Path) -> int:
    """Crawl with this project's runner; the number of stored signals."""
    from classifiers.classifier import Classifier
    from crawler.runner import crawl
    from crawler.schema import signals_schema
    from crawler.sources import Limits, Politeness, Source
    from storage.collections import migrate
    from storage.connection import open_database

    politeness = Politeness(delay=0, concurrency=SIMULTANEOUS, reason="loopback site of a benchmark")
    source = Source(
        id="bench", family="jobs", title="Benchmark", protocol="jobposting", url=f"{base}/sitemap.xml",
        allow_private=True, politeness=politeness, limits=Limits(), params={"pattern": "/jobs/"},
    )  # fmt: skip
    with open_database(data_directory=directory) as db:
        migrate(db, signals_schema())
        Classifier.load()
        with measured():
            crawl([source], db=db)
        return db.signals.count_documents({})


def crawl_scrapy(base: str, directory: Path, *, naive: bool) -> int:
    """Crawl with plain Scrapy; the number of pages, or of stored documents."""
    from scrapy import Request, Spider
    from scrapy.crawler import CrawlerProcess

    from benchmarks.naive import NaiveStore
    from storage.connection import open_database

    pages = 0

    class Pages(Spider):
        name = "pages"
        store: Any = None

        async def start(self) -> Any:
            yield Request(f"{base}/sitemap.xml", self.parse_sitemap)

        def parse_sitemap(self, response: Any) -> Any:
            for address in response.xpath("//*[local-name()='loc']/text()").getall():
                yield Request(address, self.parse_page)

        def parse_page(self, response: Any) -> None:
            nonlocal pages
            pages += 1
            if self.store is not None:
                self.store.add(response.url, response.text)

    def run() -> None:
        process = CrawlerProcess({
            "LOG_LEVEL": "WARNING", "CONCURRENT_REQUESTS": SIMULTANEOUS, "TELNETCONSOLE_ENABLED": False,
            "CONCURRENT_REQUESTS_PER_DOMAIN": SIMULTANEOUS, "ROBOTSTXT_OBEY": False, "DOWNLOAD_DELAY": 0,
        })  # fmt: skip
        process.crawl(Pages)
        with measured():
            process.start()

    if not naive:
        run()
        return pages
    with open_database(data_directory=directory) as db:
        Pages.store = NaiveStore(db.naive)
        run()
        return db.naive.count_documents({})


class measured:  # noqa: N801 (reads as a statement)
    """Prints wall and CPU seconds and the highest memory of the block as JSON."""

    def __enter__(self) -> None:
        self.wall, self.cpu = time.perf_counter(), cpu()

    def __exit__(self, *exc: object) -> None:
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        row = {"wall": time.perf_counter() - self.wall, "cpu": cpu() - self.cpu, "memory_mb": memory}
        sys.stdout.write(json.dumps(row) + "\n")


def run_variant(variant: str, base: str) -> None:
    """Run one variant in this process."""
    with tempfile.TemporaryDirectory() as directory:
        if variant == "full":
            done = crawl_full(base, Path(directory))
        else:
            done = crawl_scrapy(base, Path(directory), naive=variant == "naive")
    sys.stdout.write(json.dumps({"done": done}) + "\n")


def measure(variant: str, base: str, pages: int) -> dict[str, float]:
    """Run one variant in a fresh process and check that it did the whole work."""
    command = [sys.executable, __file__, "--variant", variant, "--base", base]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if answer.returncode:
        raise SystemExit(f"{variant} failed:\n{answer.stderr[-2000:]}")
    figures: dict[str, float] = {}
    for line in answer.stdout.splitlines():
        if line.startswith("{"):
            figures |= json.loads(line)
    if figures["done"] != pages:
        raise SystemExit(f"{variant} finished {figures['done']} of {pages} pages")
    return figures


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    parser.add_argument("--variant", choices=VARIANTS, help=argparse.SUPPRESS)
    parser.add_argument("--base", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.variant:
        run_variant(options.variant, options.base)
        return
    from benchmarks.site import serve

    rows = []
    for json_ld in (True, False):
        with serve(options.pages, json_ld=json_ld) as base:
            runs: dict[str, list[dict[str, float]]] = {variant: [] for variant in VARIANTS}
            for _ in range(options.rounds):
                for variant in VARIANTS:
                    runs[variant].append(measure(variant, base, options.pages))
        middle = {
            variant: {
                key: statistics.median(run[key] for run in found) for key in ("cpu", "wall", "memory_mb")
            }
            for variant, found in runs.items()
        }
        rows += [
            {
                "pages": "JSON-LD" if json_ld else "text only", "variant": variant,
                "cpu_ms_per_page": round(1000 * value["cpu"] / options.pages, 2),
                "pages_per_second": round(options.pages / value["wall"], 1),
                "memory_mb": round(value["memory_mb"]),
                "cpu_ratio_to_bare": round(value["cpu"] / middle["bare"]["cpu"], 2),
                "cpu_ratio_to_naive": round(value["cpu"] / middle["naive"]["cpu"], 3),
            }
            for variant, value in middle.items()
        ]  # fmt: skip
    print(f"{options.pages} pages, median of {options.rounds} interleaved rounds")
    print("  ".join(f"{name:>18}" for name in rows[0]))
    for row in rows:
        print("  ".join(f"{value!s:>18}" for value in row.values()))
    text = json.dumps(
        {"benchmark": "pipeline", "pages": options.pages, "rounds": options.rounds, "rows": rows}
    )
    print(text)
    if options.json:
        options.json.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
