"""A register through a whole crawl: both files stored, links kept, the network read from the database."""

import pytest

from crawler.runner import crawl
from crawler.sources import Politeness, Source
from indicators.network import from_database, summary
from indicators.networkfiles import write_network
from tests.support.site import Answer, Site

PROJECTS = [
    {"project_id": 1, "project_name": "Bus map", "linked_organisation_ids": ["1", "2"], "focus": []},
    {"project_id": 2, "project_name": "Seed library", "linked_organisation_ids": ["3"], "focus": []},
]
ORGANISATIONS = [
    {"organisation_id": 1, "organisation_name": "Stop Watch", "country": "Netherlands", "region": ""},
    {"organisation_id": 2, "organisation_name": "Rider Club", "country": "Belgium", "region": "Gent"},
    {"organisation_id": 3, "organisation_name": "Green Thumbs", "country": "", "region": ""},
]
ENGINE = {
    "SPIDER_MODULES": ["spiders.digitalsocial"],
    "ITEM_PIPELINES": {
        "crawler.pipelines.validate.ValidatePipeline": 100,
        "crawler.pipelines.extract.ExtractPipeline": 200,
        "crawler.pipelines.enrich.EnrichPipeline": 300,
        "crawler.pipelines.store.StorePipeline": 900,
    },
}


def source(url):
    return Source(
        id="register", family="directory", title="Register", protocol="digitalsocial", url=url,
        politeness=Politeness(delay=0.0, reason="loopback site of a test"), allow_private=True,
        params={"files": ["organisations2.json"]},
    )  # fmt: skip


@pytest.fixture
def crawled(db):
    def run(organisations):
        routes = {
            "/data/projects2.json": Answer(PROJECTS),
            "/data/organisations2.json": organisations,
        }
        with Site(routes) as site:
            return crawl([source(site.url("/data/projects2.json"))], db=db, settings=ENGINE)[0]

    return run


def test_both_files_are_stored_and_the_network_is_read_from_them(db, crawled, tmp_path):
    outcome = crawled(Answer(ORGANISATIONS))
    assert (outcome.state, outcome.outcomes["new"]) == ("done", 5)
    found = summary(from_database(db))
    assert (found.organisations, found.connected, found.cross_border) == (3, 2, 1)
    first = [path.read_bytes() for path in write_network(db, tmp_path)]
    assert [path.read_bytes() for path in write_network(db, tmp_path)] == first


def test_without_one_of_the_files_the_listing_is_not_complete(db, crawled):
    crawled(Answer(ORGANISATIONS))
    crawled(Answer("moved away", status=404))
    assert db.signals.count_documents({"kind": "organisation", "removed_at": None}) == 3
