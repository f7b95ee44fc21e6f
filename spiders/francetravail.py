"""France Travail "Offres d'emploi v2" (francetravail.io): OAuth client credentials, ranges of 150 offers.

The keys come from the environment; neither they nor the token are stored. No range starts after 3,000: a query
that finds more is asked again for halves of its time, as often as needed.
"""

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, NamedTuple
from urllib.parse import urlencode

from scrapy import Request
from scrapy.http import Response

from crawler.items import Issue, Occupation, Organisation, Signal
from spiders.board import BoardParams, Paths, with_query
from spiders.formats.answers import as_dict, as_text, json_answer
from spiders.formats.jobparts import number, place_of, salary
from spiders.formats.recordfields import lookup
from spiders.slices import SlicedBoard

__all__ = ["FranceTravail"]

TOKEN = "https://entreprise.francetravail.fr/connexion/oauth2/access_token?realm=/partenaire"  # noqa: S105  an address
SEARCH_END = 3_000
"""Largest start of a range."""
OLDEST = datetime(2000, 1, 1, tzinfo=UTC)
"""No open offer was created before."""
PAGE = 150
"""Offers of a range, at most."""
REACHED = SEARCH_END + PAGE
"""Offers of a query that can be reached."""
SHORTEST = timedelta(hours=1)
"""A time that is not halved any more."""
MOMENT = "%Y-%m-%dT%H:%M:%SZ"


class Query(NamedTuple):
    """Search words, and the time in which an offer was created; without a time all offers are asked for."""

    words: str | None
    start: datetime | None = None
    end: datetime | None = None
    part: bool = False
    """Whether it is a part of a larger query, which may well be empty."""

    def halves(self) -> list["Query"]:
        """The newer and the older half of the time; none where it is too short."""
        start, end = self.start or OLDEST, self.end or datetime.now(UTC)
        if end - start <= SHORTEST:
            return []
        middle = start + (end - start) / 2
        return [
            self._replace(start=middle, end=end, part=True),
            self._replace(start=start, end=middle, part=True),
        ]

    def parameters(self) -> dict[str, str]:
        """Filters of the query. Both ends of a time are given: one alone may be refused."""
        filters = {"motsCles": self.words} if self.words else {}
        if self.start and self.end:
            times = {"minCreationDate": self.start, "maxCreationDate": self.end}
            filters |= {name: moment.strftime(MOMENT) for name, moment in times.items()}
        return filters


class FranceTravailParams(BoardParams):
    """Parameters of a search."""

    client_id_env: str = "DSI_FRANCETRAVAIL_ID"
    """Environment variable that holds the client's identifier."""
    client_secret_env: str = "DSI_FRANCETRAVAIL_SECRET"  # noqa: S105  the name of a variable
    """Environment variable that holds the client's secret."""
    token_url: str = TOKEN
    """Address that hands out tokens."""
    scope: str = "api_offresdemploiv2 o2dsoffre"
    """Rights that are asked for."""
    keywords: list[str] = []
    """Search words (`motsCles`), each asked on its own; default: none."""


class FranceTravail(SlicedBoard):
    """`https://api.francetravail.io/partenaire/offresdemploi/v2/offres/search`, with further filters."""

    name = protocol = "francetravail"
    ONE_EMPLOYER = False
    complete_listing = False
    Params = FranceTravailParams
    LIST = "resultats"
    PAGE_SIZE = PAGE
    MARKS = ("id", "intitule")
    FIELDS: ClassVar[Paths] = {
        "native_id": ("id",),
        "title": ("intitule",),
        "html": ("description",),
        "published_raw": ("dateCreation",),
        "updated_raw": ("dateActualisation",),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._token = ""
        self._stated: int | None = None
        since = self.context.since
        words = self.params.keywords or [None]
        self._queries = [Query(word, since, datetime.now(UTC) if since else None) for word in words]

    def start_requests_for_source(self) -> Iterator[Request]:
        """Ask for a token; without keys say which variables are missing."""
        names = (self.params.client_id_env, self.params.client_secret_env)
        missing = [name for name in names if not os.environ.get(name)]
        if missing:
            message = f"set the environment variables {', '.join(missing)} to the keys of francetravail.io"
            yield self.issue("missing-credentials", message, level="error", url=self.source.url)  # type: ignore[misc]
            return
        form = {
            "grant_type": "client_credentials",
            "client_id": os.environ[names[0]],
            "client_secret": os.environ[names[1]],
            "scope": self.params.scope,
        }
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        yield self.request(
            self.params.token_url, self.parse_token, method="POST", body=urlencode(form), headers=headers
        )

    def parse_token(self, response: Response) -> Iterator[Request | Issue]:
        """Keep the token for the length of the run."""
        answer = json_answer(response)
        self._token = (as_text(answer.get("access_token")) if isinstance(answer, dict) else None) or ""
        if self._token:
            yield self.page(0, 1)
        else:
            yield self.issue("no-token", "the answer holds no access_token", level="error", url=response.url)

    def page(self, start: int, number: int) -> Request:
        """Ask for a range, both ends included."""
        query = {"range": f"{start}-{start + self.PAGE_SIZE - 1}", "sort": "1"}
        query |= self._queries[self.slice].parameters()
        headers = {"Authorization": f"Bearer {self._token}", "Accept": "application/json"}
        return self.list_request(with_query(self.source.url, query), start, number, headers=headers)

    def slices(self) -> int:
        """One query per search word, and more where one finds too many."""
        return len(self._queries)

    def parse_list(self, response: Response, start: int, number: int) -> Iterator[Signal | Issue | Request]:
        """Read a page; where the first one states more than can be reached, ask for halves of the time instead."""
        found = stated(response)
        halves = self._queries[self.slice].halves() if start == 0 and found and found > REACHED else []
        if not halves:
            yield from super().parse_list(response, start, number)
            return
        self._queries[self.slice : self.slice + 1] = halves
        self.next_page(response)
        yield self.page(0, 1)

    def decode(self, response: Response) -> Any:
        """204 says that there are none."""
        self._stated = stated(response)
        return {"resultats": []} if response.status == 204 else super().decode(response)

    def read_answer(self, answer: Any, response: Response) -> Iterator[Signal | Issue]:
        """Read the offers of a decoded answer; that a part of a query finds none is no issue."""
        if self._queries[self.slice].part and not self.records(answer, response):
            return
        yield from super().read_answer(answer, response)

    def total(self, answer: Any) -> int | None:
        """The total of the last header."""
        return self._stated

    def has_more(self, answer: Any, received: int, held: int) -> bool:
        """No range starts after the three thousandth offer."""
        return super().has_more(answer, received, held) and held <= SEARCH_END

    def more(self, record: dict[str, Any], answer: Any, url: str) -> dict[str, Any]:
        """Address, employer, place (`34 - BALARUC`), pay, ROME code."""
        place = as_dict(record.get("lieuTravail"))
        label, rome = as_text(place.get("libelle")), as_text(record.get("romeCode"))
        name, posts = as_text(lookup(record, "entreprise.nom")), number(record.get("nombrePostes"))
        town = re.sub(r"^\d[\dAB]{0,2}\s*-\s*", "", label) if label else None
        public = f"https://candidat.francetravail.fr/offres/recherche/detail/{as_text(record.get('id'))}"
        pay = lookup(record, "salaire.libelle") or lookup(record, "salaire.commentaire")
        work = [record.get(key) for key in ("dureeTravailLibelleConverti", "typeContrat", "natureContrat")]
        words = [as_text(record.get(key)) for key in ("secteurActiviteLibelle", "appellationlibelle")]
        return {
            "url": as_text(lookup(record, "origineOffre.urlOrigine")) or public,
            "organisation": Organisation(name=name, url=as_text(lookup(record, "entreprise.url")))
            if name
            else None,
            "places": [
                place_of(
                    town,
                    None,
                    "FR" if town else None,
                    raw=label,
                    lat=place.get("latitude"),
                    lon=place.get("longitude"),
                )
            ],
            "money": salary(raw=pay),
            "occupation": Occupation(scheme="ROME", code=rome, label=as_text(record.get("romeLibelle")))
            if rome
            else None,
            "positions": int(posts) if posts else None,
            "employment_type": [*work, "apprenti" if record.get("alternance") is True else None],
            "keywords": [word for word in words if word],
        }


def stated(response: Response) -> int | None:
    """The total in a header: `Content-Range: offres 0-149/1234`."""
    found = re.search(r"/(\d+)\s*$", (response.headers.get("Content-Range") or b"").decode("latin-1"))
    return int(found[1]) if found else None
