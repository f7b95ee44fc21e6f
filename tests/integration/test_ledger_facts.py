"""The record of a run says which model and which configuration shaped it."""

import pytest

from crawler.runner import config_hash, crawl
from crawler.sources import Politeness, Source
from tests.support.site import Answer, Site

TINY = {"SPIDER_MODULES": ["tests.support.tiny"]}
UNCLASSIFIED = {**TINY, "ITEM_PIPELINES": {"crawler.pipelines.store.StorePipeline": 900}}


def source(url="https://a.example/list", **values):
    return Source(
        id="tiny", family="social", title="Tiny", protocol="tiny", url=url, allow_private=True,
        politeness=Politeness(delay=0.0, reason="loopback site of a test"), **values,
    )  # fmt: skip


@pytest.fixture
def site():
    item = {
        "id": "a",
        "url": "/a",
        "title": "Open data lab",
        "text": "Citizens map their town with open data.",
    }
    with Site({"/list": Answer({"items": [item]})}) as running:
        yield running


def test_the_model_version_is_the_one_that_decided_about_the_signals(db, site):
    crawl([source(site.url("/list"))], db=db, settings=TINY)
    [record], [signal] = db.runs.find(), db.signals.find()
    assert record["model_version"] == signal["dsi"]["model"]


def test_a_run_that_classifies_nothing_names_no_model(db, site):
    crawl([source(site.url("/list"))], db=db, settings=UNCLASSIFIED)
    assert "model_version" not in db.runs.find_one()


def test_two_runs_of_one_configuration_have_one_hash(db, site):
    for _ in range(2):
        crawl([source(site.url("/list"))], db=db, settings=UNCLASSIFIED)
    assert len(db.runs.distinct("config_hash")) == 1


def test_another_source_file_or_setting_has_another_hash():
    same = config_hash(source(), {"DSI_EVIDENCE_DAYS": 30})
    assert same == config_hash(source(), {"DSI_EVIDENCE_DAYS": 30})
    assert same != config_hash(source(cadence_hours=1), {"DSI_EVIDENCE_DAYS": 30})
    assert same != config_hash(source(), {"DSI_EVIDENCE_DAYS": 60})


def test_the_place_of_the_model_file_is_no_part_of_the_hash():
    assert config_hash(source(), {"DSI_MODEL": "here/model.json"}) == config_hash(source(), {})
