"""The demonstration web answers, and its source files are valid."""

import json
from pathlib import Path
from urllib.request import urlopen

from crawler.demo.site import DemoSite, answer, load_records
from crawler.demo.sources import write_sources
from crawler.sources import load_sources


def test_catalogue_is_paged() -> None:
    records = load_records()
    pages = [
        answer(f"/api/3/action/package_search?start={n}&rows=100", base="http://demo", records=records)
        for n in (0, 4, 12, 16)
    ]
    sizes = [len(json.loads(body)["result"]["results"]) for _, _, body in pages]
    assert sizes[:2] == [4, 4]
    assert sizes[-1] == 0


def test_unknown_path_is_404() -> None:
    assert answer("/nowhere", base="http://demo", records=[])[0] == 404


def test_site_serves_robots_over_http() -> None:
    with DemoSite() as site, urlopen(f"http://127.0.0.1:{site.port}/robots.txt") as reply:
        assert b"/sitemap_index.xml" in reply.read()


def test_source_files_are_valid(tmp_path: Path) -> None:
    write_sources(tmp_path, 8080)
    assert len(load_sources([tmp_path])) == 7
