"""Jobsuche of the German employment agency, not officially documented: versions 4 and 6 of its search.

Version 6 renamed the keys and gives no texts to the public key: its adverts are titles only.
"""

from typing import Any, ClassVar

from scrapy import Request

from spiders.board import Board, BoardParams, Paths, with_query
from spiders.formats.answers import as_dict, as_list, as_text
from spiders.formats.jobparts import place_of
from spiders.formats.recordfields import lookup

__all__ = ["Arbeitsagentur"]


ENVELOPE = frozenset({"maxErgebnisse", "page", "size", "facetten", "woOutput"})
"""Keys beside the list, by which an answer without one is recognised."""


class ArbeitsagenturParams(BoardParams):
    """Parameters of a search."""

    key: str = "jobboerse-jobsuche"
    """Public key of the agency's own pages, sent as `X-API-Key`."""


class Arbeitsagentur(Board):
    """A search: `https://rest.arbeitsagentur.de/jobboerse/jobsuche-service/pc/v6/jobs?was=…`."""

    name = protocol = "arbeitsagentur"
    ONE_EMPLOYER = False
    complete_listing = False
    Params = ArbeitsagenturParams
    LIST, TOTAL = "ergebnisliste", "maxErgebnisse"
    PAGE_SIZE = 100
    FIELDS: ClassVar[Paths] = {
        "native_id": ("referenznummer", "refnr"),
        "title": ("stellenangebotsTitel", "titel", "beruf"),
        "published_raw": ("aktuelleVeroeffentlichungsdatum", "datumErsteVeroeffentlichung"),
        "updated_raw": ("modifikationsTimestamp", "aenderungsdatum"),
        "organisation.name": ("firma", "arbeitgeber"),
        "keywords": ("beruf", "hauptberuf"),
    }

    def page(self, start: int, number: int) -> Request:
        """Pages count from 1; the key goes into a header."""
        url = with_query(self.source.url, {"page": str(number), "size": str(self.PAGE_SIZE)})
        return self.list_request(url, start, number, headers={"X-API-Key": self.params.key})

    def records(self, answer: Any, response: Any) -> list[Any]:
        """Results of either version; without hits the list may be missing, and the number of hits too."""
        if isinstance(answer, dict):
            for name in ("ergebnisliste", "stellenangebote"):
                if isinstance(answer.get(name), list):
                    return list(answer[name])
            if answer.get("maxErgebnisse") in (None, 0, "0") and ENVELOPE & answer.keys():
                return []
        return super().records(answer, response)

    def more(self, record: dict[str, Any], answer: Any, url: str) -> dict[str, Any]:
        """Address and places."""
        number = as_text(record.get("referenznummer") or record.get("refnr"))
        parts = [lookup(part, "adresse") or part for part in as_list(record.get("stellenlokationen"))]
        parts += as_list(record.get("arbeitsort"))
        return {
            "url": as_text(record.get("externeUrl"))
            or (f"https://www.arbeitsagentur.de/jobsuche/jobdetail/{number}" if number else None),
            "places": [_place(part) for part in parts if isinstance(part, dict)],
            # "possible" is not "always"
            "location_mode": "hybrid" if record.get("homeofficemoeglich") is True else None,
        }


def _place(part: dict[str, Any]) -> Any:
    """The state may come as `BADEN_WUERTTEMBERG`."""
    region = (as_text(part.get("region")) or "").replace("_", " ").title() or None
    point = as_dict(part.get("koordinaten"))
    return place_of(
        part.get("ort"), region, part.get("land") or "DE", lat=point.get("lat"), lon=point.get("lon")
    )
