"""A vacancy in HR-XML 3.2 (`PositionOpening`), as the European employment services exchange it. Pure.

Elements may be single or repeated and mix two namespaces, which are left out.
"""

from typing import Any

from lxml import etree

from crawler.errors import SourceResponseError
from crawler.items import Occupation, Organisation
from spiders.formats.jobparts import full_text, number, place_of

__all__ = ["position_opening"]

LISTS = (("ISCO", "ISCO08"), ("ESCO", "ESCO"))
"""Start of `listName` -> scheme of an occupation code."""


def position_opening(document: str, url: str) -> dict[str, Any]:
    """Values of an advert.

    Args:
        document: the XML; an encoding it declares is that of the answer around it and not obeyed.
        url: address of the answer, for the error.

    Raises:
        SourceResponseError: `bad-hrxml`.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, encoding="utf-8")
    try:
        root = etree.fromstring(document.encode(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise SourceResponseError("bad-hrxml", f"damaged HR-XML: {error}", url) from error
    if etree.QName(root).localname != "PositionOpening":
        raise SourceResponseError("bad-hrxml", f"root element is {root.tag}, expected PositionOpening", url)
    profile = _profile(root)
    # the text of a single profile may lie beside it
    several = len(_all(root, "PositionProfile")) > 1
    text = _all(profile if several else root, "PositionFormattedDescription", "Content")
    employer = _all(root, "PositionOrganization", "OrganizationIdentifiers")
    name = _text(*employer, path=("OrganizationName",))
    posts = number(_text(root, path=("PositionProfile", "PositionOpenQuantity")))
    status = _text(root, path=("PositionOpeningStatusCode",))
    return {
        "native_id": _text(root, path=("DocumentID",)),
        "title": _text(profile, path=("PositionTitle",)) or "",
        "html": full_text([e.text for e in text]),
        "language_declared": profile.get("languageCode") or None,
        "closes_raw": _text(root, path=("PostingInstruction", "ApplicationMethod", "ApplicationDeadline"))
        or _text(root, path=("PositionPeriod", "EndDate")),
        "organisation": Organisation(name=name) if name else None,
        "places": [
            place_of(
                *(_text(a, path=(tag,)) for tag in ("CityName", "CountrySubDivisionCode", "CountryCode"))
            )
            for a in _all(root, "PositionLocation", "Address")
        ],
        "occupation": _occupation(root),
        "positions": int(posts) if posts else None,
        "employment_type": [e.text for e in _all(root, "PositionScheduleTypeCode")],
        "keywords": [e.text for e in _all(root, "PositionOrganization", "IndustryCode") if e.text],
        "removed": status is not None and status.casefold() in {"closed", "inactive", "deleted"},
    }


def _profile(root: Any) -> Any:
    """The profile that title, text and language are taken from: the first with title and text.

    A vacancy in several languages repeats the profile; without any, its parts lie in the vacancy itself.
    """
    profiles = _all(root, "PositionProfile") or [root]
    titled = [p for p in profiles if _text(p, path=("PositionTitle",))] or profiles
    whole = (p for p in titled if _text(p, path=("PositionFormattedDescription", "Content")))
    return next(whole, titled[0])


def _all(element: Any, *path: str) -> list[Any]:
    """Elements below, by local names; the first may lie at any depth."""
    steps = [f"*[local-name()='{step}']" for step in path]
    return list(element.xpath(f".//{'/'.join(steps)}"))


def _text(*elements: Any, path: tuple[str, ...]) -> str | None:
    found = (
        e.text.strip() for element in elements for e in _all(element, *path) if e.text and e.text.strip()
    )
    return next(found, None)


def _occupation(root: Any) -> Occupation | None:
    """ISCO first, then ESCO."""
    codes = [c for c in _all(root, "PositionProfile", "JobCategoryCode") if c.text and c.text.strip()]
    for start, scheme in LISTS:
        for code in codes:
            if (code.get("listName") or "").upper().startswith(start):
                return Occupation(scheme=scheme, code=code.text.strip(), label=code.get("name"))
    return None
