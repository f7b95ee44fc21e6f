"""What the demonstration web answers: pure functions from invented records to the formats of the protocols."""

import gzip
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape
from typing import Any

__all__ = [
    "Record", "Reply", "blog", "ckan", "feed", "grants", "greenhouse", "html", "job_page", "posts", "register", "sedia",
    "sitemap", "sitemap_index",
]  # fmt: skip

Reply = tuple[int, dict[str, str], bytes]
"""Status, headers, body."""
Record = Mapping[str, Any]
Records = list[Record]
Query = Mapping[str, int]
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
CKAN_ROWS = 4
"""Records the portals hand out at once, whatever is asked for: so that paging is seen."""
CALL_OPEN = timedelta(days=400)
"""Time from the opening of a call to its deadline."""


def day(record: Record) -> datetime:
    """When a record was published: its age in days before now, so that the demonstration is always of today."""
    morning = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0)
    return morning - timedelta(days=record["age"])


def html(text: str, headers: Mapping[str, str] | None = None) -> Reply:
    """Answer with a page."""
    return 200, {"Content-Type": "text/html; charset=utf-8", **(headers or {})}, text.encode()


def _json(value: Any, headers: Mapping[str, str] | None = None) -> Reply:
    body = json.dumps(value, ensure_ascii=False).encode()
    return 200, {"Content-Type": "application/json", **(headers or {})}, body


def sitemap_index(base: str) -> Reply:
    """Name the one sitemap."""
    text = f'<sitemapindex xmlns="{SITEMAP}"><sitemap><loc>{base}/jobs.xml.gz</loc></sitemap></sitemapindex>'
    return 200, {"Content-Type": "application/xml"}, text.encode()


def sitemap(base: str, records: Records) -> Reply:
    """List the adverts, packed; then a page that holds none and one that robots.txt closes."""
    rows = "".join(
        f"<url><loc>{base}/jobs/{r['id']}</loc><lastmod>{day(r):%Y-%m-%d}</lastmod></url>" for r in records
    )
    rows += "".join(
        f"<url><loc>{base}/{path}</loc></url>" for path in ("jobs/error", "private/jobs/salaries")
    )
    body = f'<urlset xmlns="{SITEMAP}">{rows}</urlset>'
    return 200, {"Content-Type": "application/gzip"}, gzip.compress(body.encode(), mtime=0)


def job_page(record: Record) -> Reply:
    """Write an advert's page; `fault` breaks its JSON-LD (`broken`) or leaves it out (`none`): its words remain."""
    address = {"addressLocality": record["city"], "addressCountry": record["country"]}
    posting: dict[str, Any] = {
        "@context": "https://schema.org", "@type": "JobPosting", "title": record["title"],
        "description": f"<p>{escape(record['text'])}</p>", "datePosted": f"{day(record):%Y-%m-%d}",
        "identifier": {"@type": "PropertyValue", "value": record["id"]},
        "hiringOrganization": {"@type": "Organization", "name": record["org"]},
        "jobLocation": {"@type": "Place", "address": {"@type": "PostalAddress", **address}},
    }  # fmt: skip
    if code := record.get("isco"):
        posting["occupationalCategory"] = {"@type": "CategoryCode", "inCodeSet": "ISCO-08", "codeValue": code}
    if pay := record.get("salary"):
        value = {"@type": "QuantitativeValue", "minValue": pay[0], "maxValue": pay[1], "unitText": "YEAR"}
        posting["baseSalary"] = {"@type": "MonetaryAmount", "currency": "EUR", "value": value}
    block, fault = json.dumps(posting, ensure_ascii=False), record.get("fault")
    block = block[:-9] if fault == "broken" else block
    script = "" if fault == "none" else f'<script type="application/ld+json">{block}</script>'
    title, body, site = escape(record["title"]), escape(record["text"]), escape(record["org"])
    shared = (("title", title), ("site_name", site))
    meta = "".join(f'<meta property="og:{name}" content="{value}">' for name, value in shared)
    return html(
        f'<html lang="{record["lang"]}"><head><title>{title}</title>{meta}{script}</head><body><main><h1>{title}</h1>'
        f'<p>{body}</p></main><form action="/apply"><button>Apply</button></form></body></html>'
    )


def greenhouse(base: str, records: Records) -> Reply:
    """List the vacancies of a board, texts escaped once more, as the service does."""
    jobs = [
        {"id": 4000 + n, "internal_job_id": 9000 + n, "title": r["title"], "requisition_id": None,
         "absolute_url": f"{base}/boards/{r['id']}", "company_name": r["org"],
         "updated_at": day(r).isoformat(), "first_published": day(r).isoformat(),
         "location": {"name": f"{r['city']}, {r['country']}"}, "content": escape(f"<p>{r['text']}</p>"),
         "departments": [], "offices": [], "metadata": None}
        for r in records for n in [int(r["id"].removeprefix("g"))]
    ]  # fmt: skip
    return _json({"jobs": jobs, "meta": {"total": len(jobs)}})


def ckan(base: str, records: Records, query: Query) -> Reply:
    """Answer `package_search`; at most `CKAN_ROWS` at once."""
    start, size = query.get("start", 0), min(query.get("rows", CKAN_ROWS), CKAN_ROWS)
    results = [
        {"id": r["id"], "name": r["id"], "title": r["title"], "notes": r["text"], "type": "dataset",
         "state": "active", "license_id": r["licence"],
         "metadata_created": f"{day(r):%Y-%m-%dT%H:%M:%S}", "metadata_modified": f"{day(r):%Y-%m-%dT%H:%M:%S}",
         "organization": {"title": r["org"], "name": "city"}, "tags": [{"name": tag} for tag in r["tags"]],
         "groups": [{"title": r["theme"]}] if "theme" in r else [],
         "extras": [{"key": "language", "value": r["lang"]}, {"key": "frequency", "value": r.get("frequency", "")}],
         "resources": [{"id": f"{r['id']}-{form}", "format": form, "url": f"{base}/files/{r['id']}.{form.lower()}"}
                       for form in r["formats"]]}
        for r in records[start : start + size]
    ]  # fmt: skip
    return _json({"success": True, "result": {"count": len(records), "results": results}})


def feed(base: str, records: Records, source: str) -> Reply:
    """Write an RSS 2.0 feed."""
    items = "".join(
        f"<item><title>{escape(r['title'])}</title><link>{base}/{source}/{r['id']}</link>"
        f'<guid isPermaLink="false">{source}/{r["id"]}</guid><pubDate>{format_datetime(day(r))}</pubDate>'
        f"<description>{escape(r['text'])}</description></item>"
        for r in records
    )
    head = f"<title>{source}</title><link>{base}/{source}</link><description>Invented</description>"
    text = f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{items}</channel></rss>'
    return 200, {"Content-Type": "application/rss+xml"}, text.encode()


def blog(base: str, source: str) -> Reply:
    """Write the home page of a WordPress site, which names the address of its REST interface."""
    return html(
        "<html><body>Blog</body></html>", {"Link": f'<{base}/{source}/wp-json/>; rel="https://api.w.org/"'}
    )


def posts(base: str, records: Records, query: Query) -> Reply:
    """List the posts of a WordPress site."""
    size = max(1, query.get("per_page", 10))
    start = (query.get("page", 1) - 1) * size
    rows = [
        {"id": int(r["id"].removeprefix("w")), "link": f"{base}/{r['source']}/{r['id']}", "type": "post",
         "status": "publish", "date_gmt": f"{day(r):%Y-%m-%dT%H:%M:%S}", "modified_gmt": f"{day(r):%Y-%m-%dT%H:%M:%S}",
         "title": {"rendered": escape(r["title"])}, "content": {"rendered": f"<p>{escape(r['text'])}</p>"}}
        for r in records
    ]  # fmt: skip
    total = {"X-WP-Total": str(len(rows)), "X-WP-TotalPages": str(-(-len(rows) // size))}
    return _json(rows[start : start + size], total)


def sedia(base: str, records: Records, query: Query) -> Reply:
    """Answer the search for calls; what the form asks for is not evaluated."""
    size = max(1, query.get("pageSize", 50))
    start = (query.get("pageNumber", 1) - 1) * size
    results = [
        {"reference": r["id"], "url": f"{base}/topics/{r['id']}", "summary": r["title"], "language": r["lang"],
         "metadata": {"identifier": [r["id"]], "title": [r["title"]], "descriptionByte": [f"<p>{r['text']}</p>"],
                      "startDate": [f"{day(r):%Y-%m-%dT00:00:00.000+0000}"], "status": ["31094502"], "type": ["1"],
                      "deadlineDate": [f"{day(r) + CALL_OPEN:%Y-%m-%dT00:00:00.000+0000}"],
                      "deadlineModel": ["single-stage"], "callIdentifier": ["DEMO-CALL"],
                      "budgetOverview": [_budget(r)]}}
        for r in records[start : start + size]
    ]  # fmt: skip
    page = {"totalResults": len(records), "pageNumber": query.get("pageNumber", 1), "pageSize": size}
    return _json({**page, "results": results})


def _budget(record: Record) -> str:
    if "budget" not in record:
        return ""
    action = {"action": f"{record['id']} - RIA", "budgetYearMap": {f"{day(record):%Y}": record["budget"]},
              "expectedGrants": record["grants"]}  # fmt: skip
    return json.dumps({"budgetTopicActionMap": {"1": [action]}})


def grants(base: str, records: Records) -> Reply:
    """Write a dump of awards, one JSON object a line."""
    lines = [
        {"id": r["id"], "url": f"{base}/grants/{r['id']}", "title": r["title"], "description": r["text"],
         "funder": r["org"], "recipient": r["recipient"], "amount": r["amount"], "currency": r["currency"],
         "awarded": f"{day(r):%Y-%m-%d}", "city": r["city"], "country": r["country"]}
        for r in records
    ]  # fmt: skip
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    return 200, {"Content-Type": "application/x-ndjson"}, text.encode()


def register(base: str, records: Records, kind: str) -> Reply:
    """Write one of the two files of the crowd-mapped register: `organisation` or `project`."""
    projects = [r for r in records if r["kind"] == "project"]
    common = [
        {f"{kind}_id": r["id"], f"{kind}_name": r["title"], "short_description": r["text"],
         "region": r["city"], "country": r["country"], "website": f"{base}/register/{kind}/{r['id']}",
         "creation_date": f"{day(r):%Y-%m-%d}", "created": f"{day(r):%Y-%m-%d}"}
        for r in records if r["kind"] == kind
    ]  # fmt: skip
    own: list[dict[str, Any]] = [
        {"linked_organisation_ids": r["members"], "support_tags": r["area_tags"], "focus": r["trend_tags"],
         "technology": r["technology_tags"]}
        if kind == "project"
        else {"organisation_type": r["type"], "tags": r["tags"], "latitude": r["lat"], "longitude": r["lon"],
              "linked_project_ids": [p["id"] for p in projects if r["id"] in p["members"]]}
        for r in records if r["kind"] == kind
    ]  # fmt: skip
    return _json([{**shared, **more} for shared, more in zip(common, own, strict=True)])
