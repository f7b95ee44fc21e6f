"""Sources whose terms ask to delete what is no longer open: what is deleted, when, and what stays."""

import csv
import json
from datetime import UTC, date, datetime, timedelta

import pytest
from typer.testing import CliRunner

from crawler.cli import app
from crawler.runner import crawl
from indicators.audit import draw_audit
from indicators.build import build
from indicators.evidence import relevant
from indicators.export import export
from storage import evidence, signals
from storage.forget import forget
from tests.support.site import Answer, Site
from tests.support.sources import loopback_source

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LIFETIME = timedelta(days=42)
ADVERT = {
    "source": "s", "family": "jobs", "kind": "job_advert", "title": "Data steward", "text": "Ask for Ola Nordmann.",
    "organisation": {"name": "Town", "id": "NO-BRC-1", "url": "https://example.org/ola"},
    "dsi": {"grade": "core"}, "url": "https://example.org/job", "published_at": NOW,
}  # fmt: skip


def advert(key, **more):
    return {"_id": key, "content_hash": f"h-{key}", **ADVERT, **more}


def withdraw(db, *keys):
    gone = [{"_id": key, "source": "s", "removed": True, "title": "", "content_hash": "e"} for key in keys]
    signals.write_batch(db, gone, "r9", NOW)


def response(db, body):
    return evidence.put(db, [{"body": body, "fetched_at": NOW}])[0]


def test_text_title_and_contact_of_a_withdrawn_advert_are_deleted(db):
    signals.write_batch(db, [advert("a")], "r1", NOW)
    withdraw(db, "a")
    assert forget(db, "s", NOW, LIFETIME) == 1
    stored = db.signals.find_one({"_id": "a"})
    assert not {"title", "text", "evidence"} & stored.keys()
    assert stored["organisation"] == {"name": "Town", "id": "NO-BRC-1"}
    assert (stored["forgotten_at"], stored["removal_reason"]) == (NOW, "source_removed")


def test_what_is_counted_stays(db):
    signals.write_batch(db, [advert("a")], "r1", NOW)
    withdraw(db, "a")
    forget(db, "s", NOW, LIFETIME)
    stored = db.signals.find_one({"_id": "a"})
    assert (stored["dsi"], stored["published_at"], stored["first_seen"]) == ({"grade": "core"}, NOW, NOW)


def test_open_adverts_and_those_of_other_sources_keep_their_text(db):
    signals.write_batch(db, [advert("a"), advert("b", source="other")], "r1", NOW)
    withdraw(db, "b")
    assert forget(db, "s", NOW, LIFETIME) == 0
    assert db.signals.count_documents({"text": ADVERT["text"]}) == 2


def test_old_and_new_texts_are_deleted_from_the_history(db):
    signals.write_batch(db, [advert("a")], "r1", NOW)
    edited = advert("a", text="Ask for Kari.", closes_at=NOW, content_hash="h2")
    signals.write_batch(db, [edited], "r2", NOW)
    withdraw(db, "a")
    forget(db, "s", NOW, LIFETIME)
    assert db.observations.find_one({"_id": "a:r2"})["changes"].keys() == {"closes_at"}


@pytest.mark.parametrize("size", [10, 13 * 2**20], ids=["document", "gridfs"])
def test_evidence_of_a_forgotten_advert_is_deleted(db, size):
    import os

    key = response(db, os.urandom(size))
    signals.write_batch(db, [advert("a", evidence=[key])], "r1", NOW)
    withdraw(db, "a")
    forget(db, "s", NOW, LIFETIME)
    assert evidence.get(db, key) is None
    assert db["evidence_files.files"].count_documents({}) == 0


def test_evidence_that_an_open_advert_was_read_from_stays(db):
    key = response(db, b"page of two")
    signals.write_batch(db, [advert("a", evidence=[key]), advert("b", evidence=[key])], "r1", NOW)
    withdraw(db, "a")
    forget(db, "s", NOW, LIFETIME)
    assert evidence.get(db, key) is not None


def test_evidence_goes_with_the_last_advert_that_was_read_from_it(db):
    key = response(db, b"page of two")
    signals.write_batch(db, [advert("a", evidence=[key]), advert("b", evidence=[key])], "r1", NOW)
    for gone in "ab":
        withdraw(db, gone)
        forget(db, "s", NOW, LIFETIME)
    assert evidence.get(db, key) is None


def test_nothing_is_forgotten_twice(db):
    signals.write_batch(db, [advert("a")], "r1", NOW)
    withdraw(db, "a")
    forget(db, "s", NOW, LIFETIME)
    assert forget(db, "s", NOW + LIFETIME, LIFETIME) == 0


def test_a_forgotten_advert_that_comes_back_has_its_text_again(db):
    signals.write_batch(db, [advert("a")], "r1", NOW)
    withdraw(db, "a")
    forget(db, "s", NOW, LIFETIME)
    assert signals.write_batch(db, [advert("a")], "r2", NOW) == {"a": "relisted"}
    stored = db.signals.find_one({"_id": "a"})
    assert (stored["text"], stored["removed_at"], stored["forgotten_at"]) == (ADVERT["text"], None, None)


def closed(db, **more):
    """An advert that was closed for its date."""
    signals.write_batch(db, [advert("a", closes_at=NOW - timedelta(days=9))], "r1", NOW)
    db.signals.update_one({"_id": "a"}, {"$set": {"removed_at": NOW, "removal_reason": "expired", **more}})


def test_an_advert_past_its_closing_date_is_not_forgotten_while_it_may_be_listed(db):
    closed(db)
    assert forget(db, "s", NOW + LIFETIME - timedelta(days=1), LIFETIME) == 0


def test_an_advert_past_its_closing_date_is_forgotten_when_the_source_withdraws_it(db):
    closed(db)
    withdraw(db, "a")
    assert forget(db, "s", NOW, LIFETIME) == 1


def test_an_advert_past_its_closing_date_is_forgotten_when_it_was_not_seen_for_long(db):
    closed(db)
    assert forget(db, "s", NOW + LIFETIME + timedelta(days=1), LIFETIME) == 1


def test_what_was_forgotten_keeps_its_decision(db, database_uri, monkeypatch):
    signals.write_batch(db, [advert("a")], "r1", NOW)
    withdraw(db, "a")
    forget(db, "s", NOW, LIFETIME)
    monkeypatch.setenv("MONGODB_URI", database_uri)
    monkeypatch.setenv("DSI_DATABASE", db.name)
    assert "0 signals" in CliRunner().invoke(app, ["reclassify"]).stdout
    assert db.signals.find_one({"_id": "a"})["dsi"] == {"grade": "core"}


class Feed:
    """The event feed of the Norwegian service: adverts, each with its status and its text."""

    def __init__(self, db, site, **lifecycle):
        self.db, self.site = db, site
        self.source = loopback_source(site, "nav", "nav", "/api/v1/feed", **lifecycle)

    def read(self, **texts):
        """Crawl a feed of adverts with their texts; no text: the advert became inactive."""
        entries = []
        for uuid, text in texts.items():
            status = "ACTIVE" if text else "INACTIVE"
            entry = {
                "uuid": uuid,
                "status": status,
                "title": f"Stilling {uuid}",
                "businessName": "Ola Nordmann AS",
            }
            entries.append({"id": uuid, "url": f"/api/v1/entry/{uuid}", "_feed_entry": entry})
            content = {
                "title": f"Stilling {uuid}",
                "description": f"<p>{text}</p>",
                "published": "2026-01-01",
            }
            content |= {"employer": {"name": "Kommunen", "homepage": "https://example.org/"}}
            self.site.routes[f"/api/v1/entry/{uuid}"] = Answer(
                {"uuid": uuid, "status": status, "json": content}
            )
        self.site.routes["/api/v1/feed"] = Answer({"next_url": None, "items": entries})
        return crawl([self.source], db=self.db)[0]

    def whole_store(self):
        """Everything that is stored, as one text; responses as they came."""
        names = ("signals", "observations", "evidence")
        rows = [row for name in names for row in self.db[name].find()]
        bodies = [evidence.get(self.db, row["_id"])["body"] for row in self.db.evidence.find()]
        return json.dumps(rows, default=str, ensure_ascii=False) + b"".join(bodies).decode()


@pytest.fixture
def site(monkeypatch):
    monkeypatch.setenv("DSI_NAV_TOKEN", "aaaaaaaaaaaa.bbbbbbbbbbbb.cccccccccccc")
    with Site() as running:
        yield running


FIRST, EDITED = "Ring Kari om stillingen i bydelen.", "Ring Ola om stillingen i bydelen."


def test_after_a_withdrawal_no_collection_holds_the_text(db, site):
    feed = Feed(db, site, forget=True)
    feed.read(a=FIRST, b="Åpne data for alle.")
    feed.read(a=EDITED)
    assert EDITED in feed.whole_store()
    run = feed.read(a=None)
    assert (run.read, dict(run.outcomes)) == (1, {"removed": 1})
    left = feed.whole_store()
    assert not [word for word in (FIRST, EDITED, "Ring", "Stilling a", "Nordmann") if word in left]
    assert "Åpne data for alle." in left
    assert db.runs.find_one({"_id": run.run_id})["extra"]["forgotten"] == 1


def test_without_the_key_the_text_is_kept(db, site):
    feed = Feed(db, site)
    feed.read(a=FIRST)
    feed.read(a=None)
    assert FIRST in feed.whole_store()


def test_after_the_lifetime_no_collection_holds_the_text(db, site):
    feed = Feed(db, site, forget=True)
    feed.read(a=FIRST)
    earlier = datetime.now(UTC) - timedelta(days=43)
    db.signals.update_one({}, {"$set": {"last_seen": earlier}, "$unset": {"closes_at": ""}})
    feed.read(b="Åpne data for alle.")
    assert db.signals.find_one({"native_id": "a"})["removal_reason"] == "lifetime"
    assert FIRST not in feed.whole_store()


def test_a_forgotten_advert_that_is_active_again_is_read_and_classified_again(db, site):
    feed = Feed(db, site, forget=True)
    feed.read(a=FIRST)
    feed.read(a=None)
    assert dict(feed.read(a=FIRST).outcomes) == {"relisted": 1}
    stored = db.signals.find_one({"native_id": "a"})
    assert (stored["text"], bool(stored["dsi"]), stored["canonical"]) == (FIRST, True, True)
    assert evidence.get(db, stored["evidence"][0]) is not None


def test_what_was_forgotten_is_not_drawn_for_an_audit(db):
    signals.write_batch(db, [advert(key, dsi={"grade": "core", "score": 0.8}) for key in "ab"], "r1", NOW)
    withdraw(db, "a")
    forget(db, "s", NOW, LIFETIME)
    assert [row["_id"] for row in draw_audit(db, 10, 1, NOW)] == ["b"]


def forget_after_a_vintage(db):
    """A vintage of two adverts, of which one is withdrawn and forgotten afterwards."""
    signals.write_batch(db, [advert("a"), advert("b", title="Tree mapper")], "r1", NOW)
    build(db, vintage=date(2026, 3, 10))
    withdraw(db, "a")
    assert forget(db, "s", NOW, LIFETIME) == 1


def test_an_export_of_an_earlier_vintage_lists_what_was_forgotten_without_title_and_address(db, tmp_path):
    forget_after_a_vintage(db)
    export(db, tmp_path / "out", sqlite=True, sdmx=True)
    with (tmp_path / "out" / "signals.csv").open(encoding="utf-8", newline="") as stream:
        listed = {row["signal"]: (row["title"], row["url"], row["grade"]) for row in csv.DictReader(stream)}
    assert listed == {"a": ("", "", "core"), "b": ("Tree mapper", "https://example.org/job", "core")}
    assert not [path.name for path in (tmp_path / "out").iterdir() if b"Data steward" in path.read_bytes()]


def test_no_file_of_a_vintage_keeps_a_title(db):
    forget_after_a_vintage(db)
    kept = b"".join(chunk["data"] for chunk in db["vintage_files.chunks"].find())
    assert not [title for title in (b"Data steward", b"Tree mapper") if title in kept]


def test_the_report_shows_neither_title_nor_address_of_what_was_forgotten(db):
    forget_after_a_vintage(db)
    shown = {signal["id"]: (signal["title"], signal["url"]) for signal in relevant(db)}
    assert shown == {"a": ("(no title)", None), "b": ("Tree mapper", "https://example.org/job")}
