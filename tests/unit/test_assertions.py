"""What a source file calls normal: a run that differs gets an issue."""

import asyncio
from types import SimpleNamespace

import pytest
from scrapy.settings import Settings

from crawler.context import RunContext
from crawler.items import JobAdvert
from crawler.ledger import check_assertions
from crawler.pipelines.enrich import EnrichPipeline
from crawler.pipelines.store import StorePipeline
from crawler.runtime import Run, Runtime, attach
from crawler.sources import Source


@pytest.mark.parametrize(("dated", "codes"), [(5, ["low-fill"]), (9, [])])
def test_a_field_that_fewer_items_have_than_is_normal_is_an_issue(dated, codes, capsys):
    normal = {"fill": {"published_raw": 0.9}}
    source = Source(
        id="x", family="jobs", title="t", protocol="p", url="https://e.example", assertions=normal
    )
    context = RunContext(run_id="r", dry_run=True, read=10)
    crawler = SimpleNamespace(
        spider=SimpleNamespace(source=source, context=context), stats=None, settings=Settings()
    )
    run = Run(runtime=Runtime(), source=source, context=context)
    attach(crawler, run)

    async def crawl():
        enrich, store = EnrichPipeline(crawler), StorePipeline(crawler)
        for number in range(10):
            day = "2026-01-01" if number < dated else None
            advert = JobAdvert(source="x", family="jobs", title="A", text="b", published_raw=day)
            advert.native_id = advert.signal_id = f"{number}"
            await store.process_item(await enrich.process_item(advert))

    asyncio.run(crawl())
    check_assertions(run)
    assert [issue.code for issue in context.issues] == codes
