"""The step without a database links items of one process."""

import asyncio
from types import SimpleNamespace

from crawler.context import RunContext
from crawler.items import JobAdvert, Organisation
from crawler.pipelines.dedup import DedupPipeline
from crawler.runtime import Run, Runtime, attach

BODY = (
    "we look for a colleague who opens our data to the public and keeps the catalogue in good order every day"
)


def advert(key):
    return JobAdvert(
        source=key,
        family="jobs",
        signal_id=key,
        title="Data officer",
        text=BODY,
        organisation=Organisation(name="Town"),
    )


def test_two_postings_of_one_advert_share_a_cluster():
    async def run():
        crawler = SimpleNamespace()
        attach(crawler, Run(runtime=Runtime(), source=None, context=RunContext(run_id="test")))
        step = DedupPipeline(crawler)
        return await asyncio.gather(*(step.process_item(advert(key)) for key in ("b", "a")))

    second, first = asyncio.run(run())
    assert (first.cluster_id, second.cluster_id, first.canonical, second.canonical) == ("a", "a", True, False)
