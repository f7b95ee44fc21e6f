"""CKAN Action API v3 (docs.ckan.org/en/latest/api), DKAN's variant and the search API of 2013."""

import json
from collections.abc import Iterator
from datetime import UTC
from typing import Any
from urllib.parse import urlencode

from scrapy import Request
from scrapy.http import Response

from crawler.errors import SourceResponseError
from crawler.items import Dataset, Issue, Organisation, Signal
from spiders.base import ProtocolParams, SourceSpider
from spiders.formats.answers import as_list, as_text, json_answer

__all__ = ["Ckan"]

SKIPPED_TYPES = frozenset({"harvest", "showcase"})


class CkanParams(ProtocolParams):
    """Parameters of a CKAN portal."""

    rows: int = 500
    """Records per request; a portal may send fewer."""
    fq: str | None = None
    """Further filter query."""


class Ckan(SourceSpider):
    """A portal; the source's address is the site, with the path CKAN lies below."""

    name = protocol = "ckan"
    complete_listing = True
    Params = CkanParams

    def start_requests_for_source(self) -> Iterator[Request]:
        """Ask for the first page."""
        yield self._page(0, None)

    def _page(self, start: int, previous: str | None) -> Request:
        query: dict[str, Any] = {"q": "*:*", "rows": self.params.rows, "start": start}
        filters = [self.params.fq] if self.params.fq else []
        if self.context.since:
            moment = self.context.since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            filters.append(f"metadata_modified:[{moment} TO *]")
            query["sort"] = "metadata_modified asc"
        else:
            query["sort"] = "id asc"
        if filters:
            query["fq"] = " +".join(filters) if len(filters) > 1 else filters[0]
        url = f"{self.source.url.rstrip('/')}/api/3/action/package_search?{urlencode(query)}"
        return self.request(url, self.parse_search, cb_kwargs={"start": start, "previous": previous})

    def parse_search(
        self, response: Response, start: int, previous: str | None
    ) -> Iterator[Signal | Issue | Request]:
        """Read one page and ask for the next: onward by what was received, as portals cap `rows` silently."""
        packages, count = _packages(response)
        mark = json.dumps([p.get("id") or p.get("name") if isinstance(p, dict) else None for p in packages])
        if packages and mark == previous:
            yield self.issue(
                "page-loop",
                f"the page at {start} is the page before it: stopped",
                level="error",
                url=response.url,
            )
            return
        yield from self.read(response)
        received = start + len(packages)
        self.context.extra["stated_total"] = count
        if packages and received < count:
            self.next_page(response)
            yield self._page(received, mark)
        elif received < count:
            yield self.issue(
                "short-listing", f"{count} records stated, {received} received", url=response.url
            )
        elif self.context.since is None:
            self.listing_complete()

    def read(self, response: Response) -> Iterator[Signal | Issue]:
        """Read the packages of a search, of one package, or of a DKAN list."""
        for package in _packages(response)[0]:
            if not isinstance(package, dict) or not (package.get("id") or package.get("name")):
                yield self.issue(
                    "bad-record",
                    "a package needs `id` or `name`",
                    level="error",
                    url=response.url,
                    record=package,
                )
            elif str(package.get("type") or "dataset").lower() in SKIPPED_TYPES:
                yield self.issue(
                    "skipped-type",
                    f"{package.get('name')}: type {package['type']} is no dataset",
                    level="info",
                    url=response.url,
                )
            else:
                yield self._dataset(package)

    def _dataset(self, package: dict[str, Any]) -> Signal:
        languages = self.source.languages
        resources = [r for r in as_list(package.get("resources")) if isinstance(r, dict)]
        extras = _extras(package.get("extras"))
        groups = [_label(g, languages) for g in as_list(package.get("groups"))]
        organisation = package.get("organization")
        publisher = _label(organisation, languages) if organisation else None
        slug = as_text(package.get("name"))
        formats = dict.fromkeys(_format(as_text(r.get("format"))) for r in resources)
        uri = (
            as_text(package.get("uri"))
            or extras.get("uri")
            or extras.get("identifier")
            or as_text(package.get("identifier"))
        )
        return self.signal(  # type: ignore[no-any-return]
            Dataset,
            native_id=as_text(package.get("id")) or slug,
            url=f"{self.source.url.rstrip('/')}/dataset/{slug or package['id']}",
            title=_text(package, "title", languages) or slug or "",
            html=_text(package, "notes", languages),
            language_declared=as_text(package.get("language")) or extras.get("language"),
            keywords=[t for tag in as_list(package.get("tags")) if (t := _label(tag, languages))],
            published_raw=as_text(package.get("metadata_created")),
            updated_raw=as_text(package.get("metadata_modified")),
            organisation=Organisation(name=publisher or as_text(package.get("author"))),
            licence=as_text(package.get("license_id"))
            or as_text(package.get("license_url"))
            or as_text(package.get("license_title")),
            identifiers=[uri] if uri else [],
            formats=[f for f in formats if f],
            themes=[g for g in groups if g],
            distributions=[u for r in resources if (u := as_text(r.get("url")))],
            harvested_from=extras.get("harvest_source_title") or extras.get("harvest_source_id"),
            frequency=as_text(package.get("frequency")) or extras.get("frequency"),
        )


def _packages(response: Response) -> tuple[list[Any], int]:
    """Packages and stated total of an answer of any of the known shapes."""
    answer = json_answer(response)
    if isinstance(answer, dict) and answer.get("success") is False:
        error = answer.get("error")
        said = as_text(error, "message", "__type") if isinstance(error, dict) else as_text(error)
        raise SourceResponseError("ckan-error", f"the portal answers success: false ({said})", response.url)
    result = answer.get("result", answer) if isinstance(answer, dict) else answer
    if isinstance(result, dict):
        if isinstance(result.get("results"), list):
            packages, count = result["results"], result.get("count")
        elif result.get("id") or result.get("name"):
            packages, count = [result], 1
        else:
            raise SourceResponseError("not-ckan", "expected `result.results`", response.url)
    elif isinstance(result, list):
        packages = [p for part in result for p in (part if isinstance(part, list) else [part])]
        count = len(packages)
    else:
        raise SourceResponseError("not-ckan", "expected `result.results`", response.url)
    return packages, count if isinstance(count, int) else len(packages)


def _chosen(value: Any, languages: list[str]) -> str | None:
    """One text of a multilingual value: an object or a JSON string that holds one."""
    if isinstance(value, str) and value.lstrip().startswith("{"):
        try:
            parsed = json.loads(value)
        except ValueError:
            return as_text(value)
        value = parsed if isinstance(parsed, dict) else value
    if isinstance(value, dict):
        return as_text(value, *languages, "en", *map(str, value))
    return as_text(value)


def _text(package: dict[str, Any], key: str, languages: list[str]) -> str | None:
    translated = package.get(f"{key}_translated")
    return (_chosen(translated, languages) if translated else None) or _chosen(package.get(key), languages)


def _label(part: Any, languages: list[str]) -> str | None:
    if isinstance(part, dict):
        return next(
            (
                t
                for k in ("title_translated", "title", "display_name", "name")
                if (t := _chosen(part.get(k), languages))
            ),
            None,
        )
    return as_text(part)


def _extras(value: Any) -> dict[str, str]:
    if isinstance(value, dict):
        pairs = list(value.items())
    else:
        pairs = [(e.get("key"), e.get("value")) for e in as_list(value) if isinstance(e, dict)]
    return {str(key): text for key, part in pairs if (text := as_text(part))}


def _format(value: str | None) -> str | None:
    return value.rsplit("/", 1)[-1].strip(" .").upper() if value else None
