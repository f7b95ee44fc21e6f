"""The crowd-mapped register of DSI4EU: projects and organisations as published in `nestauk/DSI4EU_Dataviz`.

Two JSON lists, one of projects and one of organisations, each naming the members of the other. Two variants
are published: tags as text (`projects.json`) and tags as objects with `id` and `name` (`projects2.json`).
Numbers of projects and organisations overlap, so a native id says what it counts: `project/12`.
"""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import Field
from scrapy import Request
from scrapy.http import Response

from crawler.errors import SourceResponseError
from crawler.items import DirectoryOrganisation, DirectoryProject, Issue, Organisation, Place, Signal
from crawler.normalise.places import country_code
from spiders.base import ProtocolParams, SourceSpider
from spiders.formats.answers import as_list, as_text, json_answer

__all__ = ["DigitalSocial", "labels"]

EPOCH = "1970-01-01"
"""What the register writes where it does not know a date."""
LINE_ENDS = re.compile(r"\r+\n?|[\u2028\u2029]")
TAGS = {"areas": "support_tags", "trends": "focus", "technologies": "technology"}
"""Dimension -> field of a project."""


@cache
def labels(table: str) -> dict[str, str]:
    """Folded label of the register -> name in the taxonomy, or sector, from `digitalsocial.toml`."""
    tables = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return {label.casefold(): name for label, name in tables[table].items()}


class DigitalSocialParams(ProtocolParams):
    """Parameters of the register."""

    files: list[str] = Field(default_factory=list)
    """Further files of the register, relative to the source's address: projects here, organisations there."""


class DigitalSocial(SourceSpider):
    """The register: the source's address is one of its two files, `files` names the other."""

    name = protocol = "digitalsocial"
    complete_listing = True
    Params = DigitalSocialParams

    def start_requests_for_source(self) -> Iterator[Request]:
        """Ask for all files; the listing is complete when the last of them was read."""
        from urllib.parse import urljoin

        addresses = [self.source.url, *(urljoin(self.source.url, file) for file in self.params.files)]
        self._missing = set(addresses)
        for address in addresses:
            yield self.request(address, self.parse_page, cb_kwargs={"file": address})

    def parse_page(self, response: Response, file: str | None = None) -> Iterator[Signal | Issue]:
        """Read one file."""
        yield from self.read(response)
        self._missing.discard(file or response.url)
        if not self._missing:
            self.listing_complete()

    def read(self, response: Response) -> Iterator[Signal | Issue]:
        """Read projects, organisations, or both in one list."""
        answer = json_answer(response)
        if not isinstance(answer, list):
            raise SourceResponseError(
                "not-digitalsocial", "expected a list of projects or organisations", response.url
            )
        if not answer:
            yield self.issue("empty-register", "the list holds no record", url=response.url)
        for record in answer:
            yield self._signal(record, response.url)

    def _signal(self, record: Any, url: str) -> Signal | Issue:
        if isinstance(record, dict):
            for kind, build in (("project", self._project), ("organisation", self._organisation)):
                number = as_text(record.get(f"{kind}_id"))
                title = as_text(record.get(f"{kind}_name"))
                if number and title:
                    return build(record, f"{kind}/{number}", " ".join(title.split()))
        return self.issue(
            "bad-record",
            "a record needs `project_id` and `project_name`, or `organisation_id` and `organisation_name`",
            level="error", url=url, record=record,
        )  # fmt: skip

    def _project(self, record: dict[str, Any], key: str, title: str) -> Signal:
        members = _references(record, "organisation")
        declared: dict[str, Any] = {}
        for dimension, field in TAGS.items():
            names = labels(dimension)
            tags = _names(record.get(field))
            known = (names[tag.casefold()] for tag in tags if tag.casefold() in names)
            declared[dimension] = list(dict.fromkeys(known))
            if free := [tag for tag in tags if tag.casefold() not in names]:
                declared[f"other_{dimension}"] = free
        declared["links"] = members
        return self.signal(  # type: ignore[no-any-return]
            DirectoryProject,
            **_common(record, key, title),
            text=_text(record, "short_description", "long_description", "social_impact"),
            keywords=_names(record.get("who_we_help_tags")),
            published_raw=_date(record.get("creation_date")),
            organisations=members,
            declared=declared,
        )

    def _organisation(self, record: dict[str, Any], key: str, title: str) -> Signal:
        kind = as_text(record.get("organisation_type"), "name")
        sector = labels("sectors").get((kind or "").casefold())
        declared: dict[str, Any] = {"links": _references(record, "project")}
        if networks := _names(record.get("networkTags")):
            declared["networks"] = networks
        return self.signal(  # type: ignore[no-any-return]
            DirectoryOrganisation,
            **_common(record, key, title),
            text=_text(record, "short_description", "long_description"),
            keywords=_names(record.get("tags")),
            published_raw=_date(record.get("created")),
            organisation=Organisation(
                name=title, sector=sector, sector_rule="organisation_type" if sector else None,
                url=_address(record),
            ),
            organisation_type=kind,
            declared=declared,
        )  # fmt: skip


def _common(record: dict[str, Any], key: str, title: str) -> dict[str, Any]:
    city, country = as_text(record.get("region")), as_text(record.get("country"))
    where = ", ".join(filter(None, (city, country)))
    latitude, longitude = _degrees(record.get("latitude"), 90), _degrees(record.get("longitude"), 180)
    located = latitude is not None and longitude is not None
    place = Place(
        raw=where or None, country=country_code(country),
        lat=latitude if located else None, lon=longitude if located else None,
    )  # fmt: skip
    return {
        "native_id": key, "url": _address(record), "title": title,
        "place": place if where or located else None,
    }  # fmt: skip


def _references(record: dict[str, Any], kind: str) -> list[str]:
    """Native ids of the linked records, without repetitions."""
    numbers = (as_text(number, "id") for number in as_list(record.get(f"linked_{kind}_ids")))
    return list(dict.fromkeys(f"{kind}/{number}" for number in numbers if number))


def _names(tags: Any) -> list[str]:
    """Names of tags, written as text or as objects, in their order and without repetitions."""
    names = (as_text(tag, "name") for tag in as_list(tags))
    return list(dict.fromkeys(name for name in names if name))


def _text(record: dict[str, Any], *fields: str) -> str:
    parts = (as_text(record.get(field)) for field in fields)
    return "\n\n".join(LINE_ENDS.sub("\n", part) for part in dict.fromkeys(parts) if part)


def _date(value: Any) -> str | None:
    text = as_text(value)
    return text if text and not text.startswith(EPOCH) else None


def _address(record: dict[str, Any]) -> str | None:
    address = as_text(record.get("website"))
    return address if address and address.startswith(("http://", "https://")) else None


def _degrees(value: Any, limit: int) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if abs(number) <= limit else None
