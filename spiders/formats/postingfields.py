"""A JobPosting becomes the values of an advert (schema.org/JobPosting, Google's job posting guide). Pure."""

import re
from typing import Any
from urllib.parse import urljoin

from crawler.items import Money, Occupation, Organisation, Place
from spiders.formats.answers import as_dict, as_list, as_text, first
from spiders.formats.jobparts import employment_types, full_text, place_of, salary

__all__ = ["posting_values"]

SCHEMES = (("ISCO08", re.compile("isco", re.IGNORECASE)), ("ESCO", re.compile("esco", re.IGNORECASE)))


def posting_values(
    node: dict[str, Any], page: str, own: str | None = None, *, alone: bool = False
) -> dict[str, Any]:
    """Values of an advert; the title may be empty.

    Args:
        node: the item, from JSON-LD, microdata or RDFa.
        page: address of the page.
        own: address that was asked for, where the posting is the only one of its page. It is then recognised
            by this address and not by the one it states: a page that is gone states none.
        alone: it is the only one of its page, so that the page's address may stand for it.
    """
    identifier = as_text(node.get("identifier"), "value", "@value", "name", "@id")
    employer = _employer(first(node.get("hiringOrganization")))
    link = _own(as_text(node.get("url"), "@id", "@value"), employer)
    stated = urljoin(page, link) if link else None
    title = as_text(node.get("title"), "@value") or as_text(node.get("name"), "@value") or ""
    remote = "TELECOMMUTE" in str(node.get("jobLocationType") or "").upper()
    places = [place for location in as_list(node.get("jobLocation")) if (place := _place(location))]
    if remote and not places:
        regions = [
            as_text(part, "name", "@value") for part in as_list(node.get("applicantLocationRequirements"))
        ]
        places = [place for name in regions if (place := place_of(raw=name))]
    places = list({place.raw: place for place in places}.values())
    openings = as_text(node.get("totalJobOpenings"))
    return {
        # without address and number of its own, the title tells it from the others of the page
        "native_id": None if own or stated or alone else identifier or f"{page}#{title}",
        "url": own or stated or page,
        "title": title,
        "html": full_text(first(node.get("description"))),
        "language_declared": as_text(node.get("inLanguage"), "alternateName", "name"),
        "keywords": _words(node.get("keywords")) + _words(node.get("industry")),
        "published_raw": as_text(node.get("datePosted"), "@value"),
        "updated_raw": as_text(node.get("dateModified"), "@value"),
        "closes_raw": as_text(node.get("validThrough"), "@value"),
        "organisation": employer,
        "place": places[0] if places else None,
        "places": places[1:],
        "money": _salary(node.get("baseSalary")),
        # the stated address joins the copies of a posting that is found at several addresses
        "identifiers": [name for name in (identifier, stated if own and stated != own else None) if name],
        "requisition_id": identifier,
        "employment_type": employment_types(node.get("employmentType")),
        "location_mode": "remote" if remote else None,
        "occupation": _occupation(node),
        "positions": int(openings) if openings and openings.isdigit() else None,
    }


def _own(link: str | None, employer: Organisation | None) -> str | None:
    """The link, unless it is the employer's home page, which some boards write in its place."""
    bare = (link or "").rstrip("/")
    home = bool(re.fullmatch(r"https?://[^/]+", bare)) or (
        employer is not None and bare == (employer.url or "").rstrip("/")
    )
    return None if home else link


def _words(value: Any) -> list[str]:
    texts = [as_text(part, "name", "@value") for part in as_list(value)]
    return [word.strip() for text in texts if text for word in text.split(",") if word.strip()]


def _employer(value: Any) -> Organisation | None:
    name = as_text(value, "name", "legalName", "@value")
    site = as_text(as_dict(value).get("sameAs") or as_dict(value).get("url"), "@id")
    return Organisation(name=name, url=site) if name else None


def _place(location: Any) -> Place | None:
    if not isinstance(location, dict):
        return place_of(raw=location)
    address, geo = first(location.get("address")), as_dict(first(location.get("geo")))
    point = {"lat": geo.get("latitude"), "lon": geo.get("longitude")}
    table = as_dict(address)
    country = as_text(table.get("addressCountry"), "identifier", "name", "@value")
    place = place_of(table.get("addressLocality"), table.get("addressRegion"), country, **point)
    return place or place_of(raw=as_text(address) or as_text(location.get("name")), **point)


def _occupation(node: dict[str, Any]) -> Occupation | None:
    """The category whose code set is ISCO or ESCO, else the first."""
    found: list[Occupation] = []
    for name in ("occupationalCategory", "relevantOccupation"):
        for part in as_list(node.get(name)):
            inner = as_dict(first(as_dict(part).get("occupationalCategory"))) or as_dict(part)
            stated = f"{inner.get('inCodeSet')} {inner.get('url')} {inner.get('@id')}"
            scheme = next((name for name, pattern in SCHEMES if pattern.search(stated)), None)
            label = as_text(inner.get("name")) if inner else as_text(part)
            found.append(Occupation(scheme=scheme, code=as_text(inner.get("codeValue")), label=label))
    usable = [part for part in found if part.code or part.label]
    return next((part for part in usable if part.scheme and part.code), usable[0] if usable else None)


def _salary(value: Any) -> Money | None:
    amount = first(value)
    if not isinstance(amount, dict):
        return salary(raw=amount)
    inner = first(amount.get("value"))
    part = {**amount, "value": inner} if not isinstance(inner, dict) else inner
    low = part.get("minValue") if part.get("minValue") not in (None, "") else part.get("value")
    currency = amount.get("currency") or amount.get("salaryCurrency") or part.get("currency")
    unit = part.get("unitText") or amount.get("unitText")
    return salary(low, part.get("maxValue"), currency, unit)
