"""France Travail "Offres d'emploi v2" (francetravail.io): OAuth client credentials, ranges of 150 offers.

The keys come from the environment; neither they nor the token are stored. No range starts after 3,000.
"""

import os
import re
from collections.abc import Iterator
from typing import Any, ClassVar
from urllib.parse import urlencode

from scrapy import Request
from scrapy.http import Response

from crawler.items import Issue, Occupation, Organisation
from spiders.board import BoardParams, Paths, with_query
from spiders.formats.answers import as_dict, as_text, json_answer
from spiders.formats.jobparts import number, place_of, salary
from spiders.formats.recordfields import lookup
from spiders.slices import SlicedBoard

__all__ = ["FranceTravail"]

TOKEN = "https://entreprise.francetravail.fr/connexion/oauth2/access_token?realm=/partenaire"  # noqa: S105  an address
SEARCH_END = 3_000
"""Largest start of a range."""


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
    PAGE_SIZE = 150
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
        if self.params.keywords:
            query["motsCles"] = self.params.keywords[self.slice]
        if self.context.since:
            query["minCreationDate"] = self.context.since.strftime("%Y-%m-%dT%H:%M:%SZ")
        headers = {"Authorization": f"Bearer {self._token}", "Accept": "application/json"}
        return self.list_request(with_query(self.source.url, query), start, number, headers=headers)

    def slices(self) -> int:
        """One query per search word."""
        return max(len(self.params.keywords), 1)

    def decode(self, response: Response) -> Any:
        """204 says that there are none; the total stands in a header: `offres 0-149/1234`."""
        ranged = (response.headers.get("Content-Range") or b"").decode("latin-1")
        found = re.search(r"/(\d+)\s*$", ranged)
        self._stated = int(found[1]) if found else None
        return {"resultats": []} if response.status == 204 else super().decode(response)

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
