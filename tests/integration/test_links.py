"""Copies whose sources are crawled at the same time: their links reach the store, whoever writes first."""

import asyncio
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from scrapy.settings import Settings

from crawler.context import RunContext
from crawler.identity import content_hash, signal_id
from crawler.items import JobAdvert, Organisation, Place
from crawler.pipelines.dedup import DedupPipeline
from crawler.pipelines.store import StorePipeline
from crawler.runtime import Run, Runtime, attach
from crawler.sources import Source

TEXT = " ".join(f"word{n} helps people in the community with open data" for n in range(30))


class Road:
    """The last two steps of the pipeline of one source."""

    def __init__(self, name, runtime):
        source = Source(id=name, family="jobs", title="t", protocol="p", url=f"https://{name}.example")
        self.run = Run(runtime=runtime, source=source, context=RunContext(run_id=f"r-{name}"))
        spider = SimpleNamespace(source=source, context=self.run.context)
        crawler = SimpleNamespace(spider=spider, stats=None, settings=Settings(), engine=None)
        attach(crawler, self.run)
        self.name, self.dedup, self.store = name, DedupPipeline(crawler), StorePipeline(crawler)

    async def link(self, day):
        advert = JobAdvert(
            source=self.name, family="jobs", native_id="1", title="Data engineer", text=TEXT,
            url=f"https://{self.name}.example/jobs/1", organisation=Organisation(name="Open Knowledge Lab"),
            place=Place(raw="Berlin", country="DE", city="Berlin"), published_at=datetime(2026, 1, day, tzinfo=UTC),
        )  # fmt: skip
        advert.signal_id, advert.content_hash = signal_id(self.name, "1", advert.url), content_hash(advert)
        return await self.dedup.process_item(advert)

    async def take(self, day):
        await self.store.process_item(await self.link(day))


def linked(db):
    found = list(db.signals.find().sort("source"))
    return len({entry["cluster_id"] for entry in found}), [entry["canonical"] for entry in found]


@pytest.mark.parametrize("first_to_write", ["a", "b"])
def test_a_copy_that_waits_to_be_stored_is_not_counted_beside_the_canonical_one(db, first_to_write):
    async def crawl():
        runtime = Runtime(db=db)
        a, b = Road("a", runtime), Road("b", runtime)
        await b.take(day=2)  # waits in its buffer while the other source brings the earlier posting
        await a.take(day=1)
        for road in (a, b) if first_to_write == "a" else (b, a):
            await road.store.close_spider()
        return a.run.context.outcomes + b.run.context.outcomes

    outcomes = asyncio.run(crawl())
    assert linked(db) == (1, [True, False])
    assert outcomes == {"new": 1, "duplicate": 1}


def test_links_found_when_nothing_waits_to_be_stored_are_stored_too(db):
    async def crawl():
        runtime = Runtime(db=db)
        a, b = Road("a", runtime), Road("b", runtime)
        await b.take(day=2)
        await b.store.flush()
        await a.link(day=1)
        await b.store.close_spider()

    asyncio.run(crawl())
    assert linked(db) == (1, [False])
