"""Main text of pages, and the two pipeline steps around it."""

import asyncio
import pickle
from types import SimpleNamespace

from crawler.context import RunContext
from crawler.extract import main_text
from crawler.items import JobAdvert, Organisation, Place
from crawler.pipelines.enrich import EnrichPipeline
from crawler.pipelines.extract import ExtractPipeline

BODY = "<p>We look for a person who builds an open map of community kitchens with volunteers.</p>"
PAGE = f"<html><body><nav>Home Shop</nav><main><h1>Job</h1>{BODY * 3}</main><footer>Imprint</footer></body></html>"


def crawler():
    source = SimpleNamespace(country="DE")
    return SimpleNamespace(spider=SimpleNamespace(context=RunContext(run_id="r"), source=source), stats=None)


def advert(**values):
    return JobAdvert(source="de-test", family="jobs", **values)


def test_body_is_found_without_furniture():
    text = main_text(PAGE, "https://example.org/job")
    assert "community kitchens" in text
    assert "Imprint" not in text


def test_hostile_pages_are_read():
    assert main_text("<div>" * 20_000 + "deep" + "</div>" * 20_000) == "deep"
    assert "kitchens" in main_text(PAGE.replace("open", "op\x00en"))
    assert main_text("x" * (10 * 2**20))
    assert main_text("") == ""


def test_function_pickles_for_the_pool():
    assert pickle.loads(pickle.dumps(main_text)) is main_text


def test_step_reads_fragment_and_page():
    step = ExtractPipeline.from_crawler(crawler())
    item = asyncio.run(step.process_item(advert(title="A &amp; B", html="<p>x</p><p>y</p>")))
    assert (item.title, item.text, item.html) == ("A & B", "x\ny", None)
    item = asyncio.run(step.process_item(advert(title="A", page=PAGE)))
    assert "kitchens" in item.text


def test_page_without_text_falls_back_to_the_title_with_an_issue():
    step = ExtractPipeline.from_crawler(crawler())
    item = asyncio.run(step.process_item(advert(title="A", page="<html></html>")))
    assert item.text == "A"
    assert step.crawler.spider.context.issues[0].code == "no-text"


def test_pool_takes_over_after_many_pages():
    step = ExtractPipeline.from_crawler(crawler())
    step.pages = 50
    item = asyncio.run(step.process_item(advert(title="A", page=PAGE)))
    used = step.pool is not None
    step.close_spider()
    assert used
    assert "kitchens" in item.text


def test_enrich_fills_normalised_twins():
    step = EnrichPipeline.from_crawler(crawler())
    item = advert(
        title="Initiativbewerbung", text="Tel. 030 1234567", published_raw="31.01.2027", closes_raw="bald",
        place=Place(raw="Köln"), organisation=Organisation(name="Stadt Köln"),
    )  # fmt: skip
    item = asyncio.run(step.process_item(item))
    assert item.published_at.month == 1
    assert (item.closes_raw, item.closes_at) == ("bald", None)
    assert (item.place.country, item.place.city, item.organisation.sector) == ("DE", "Köln", "public")
    assert item.text == "Tel. [phone]"
    assert item.evergreen
    assert len(item.content_hash) == 64
    assert step.crawler.spider.context.filled["published_at"] == 1
