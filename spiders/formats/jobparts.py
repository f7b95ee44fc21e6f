"""What all job protocols write differently: contract, mode of work, place, salary. Pure."""

import html
import re
from collections.abc import Iterable
from typing import Any

from crawler.items import Money, Organisation, Place
from crawler.normalise.places import country_code, fold_name
from crawler.sources import Source
from spiders.formats.answers import as_list, as_text

__all__ = [
    "employment_types",
    "full_text",
    "location_mode",
    "number",
    "only_mode",
    "place_of",
    "salary",
    "unit_of",
    "with_sector",
]

EMPLOYMENT = tuple((name, re.compile(pattern)) for name, pattern in {
    "FULL_TIME": r"full ?time|vollzeit|temps plein|heltid|voltijd|tiempo completo|jornada completa|"
    r"tempo pieno|pelny etat|plny uvazek|^vz$|^f$",
    "PART_TIME": r"part ?time|teilzeit|temps partiel|deltid|deeltijd|tiempo parcial|media jornada|"
    r"tempo parziale|czesc etatu|zkraceny uvazek|^tz$|^p$",
    "CONTRACTOR": r"contract(?:or)?$|freelance\w*|b2b|self employed|selvstendig|independant|autonomo|oppdrag",
    "TEMPORARY": r"temporary|fixed term|befristet|cdd|interim|mis$|seasonal|sai$|vikariat|engasjement|"
    r"midlertidig|tidsbegransad|tijdelijk|maternity cover|sommarjobb",
    "INTERN": r"intern(?:ship)?$|intern |praktik\w*|praktyk\w*|\bstage\b|stagiaire|trainee\w*|apprenti\w*|"
    r"alternan\w*|alternating|larling|ausbildung|working student|werkstudent\w*|tirocin\w*",
    "VOLUNTEER": r"volunt\w*|benevol\w*|ehrenamt\w*|frivillig\w*|wolontari\w*",
    "PER_DIEM": r"per diem|day labou?r",
    "OTHER": r"^other$|^annet$|^autre$",
}.items())  # fmt: skip
"""schema.org employmentType -> words, folded, that name it. Words such as "permanent" name none of them."""
MODES = (
    ("hybrid", re.compile(r"hybrid\w*|partly remote|teilweise remote")),
    (
        "remote",
        re.compile(
            r"remote\w*|fully|telecommut\w*|home ?office|teletravail|teletrabajo|distans|etatyo|hjemmekontor"
        ),
    ),
    ("onsite", re.compile(r"on ?site|in office|vor ort|sur site|presencial|pa plats")),
)
BESIDE_MODES = frozenset({"and", "or", "only", "first", "friendly", "work", "working"})
"""Words that stand beside the name of a mode and name no place."""
UNITS = (
    ("HOUR", r"hour|stunde|heure|hora|godz|timlon|tim$|per time"),
    ("DAY", r"day|daily|tag|jour|dia"),
    ("WEEK", r"week|woche|semaine|vecka|uke"),
    ("MONTH", r"month|monat|mois|mes$|manad|maned|mies"),
    ("YEAR", r"year|annual|annuel|annum|jahr|^an$|arslon|\bar\b|rok"),
)
BOUNDARY = re.compile(r"(?<=[a-z])(?=[A-Z])")
SEPARATORS = re.compile(r"[\s_/-]+")


def _words(value: str) -> str:
    """Folded words of a value in any spelling: `FullTime`, `full_time` and `Full-time` are `full time`."""
    return fold_name(SEPARATORS.sub(" ", BOUNDARY.sub(" ", value)))


def employment_types(values: Any) -> list[str]:
    """schema.org values of what the source writes, in the order of schema.org, each once.

    A value already in schema.org's spelling stays; one that names no type of schema.org gives none.
    """
    found: set[str] = set()
    for value in as_list(values):
        text = as_text(value, "name", "label", "@value", "descriptor")
        for part in re.split(r"[,;|]|https?://schema\.org/", text or ""):
            words = _words(part)
            found.update(name for name, pattern in EMPLOYMENT if words and pattern.search(words))
    return [name for name, _ in EMPLOYMENT if name in found]


def location_mode(*values: Any) -> str | None:
    """`remote`, `hybrid` or `onsite` of the first value that names one."""
    for value in values:
        words = _words(as_text(value, "name", "label") or "")
        for mode, pattern in MODES:
            if words and pattern.search(words):
                return mode
    return None


def only_mode(value: Any) -> bool:
    """Whether a text names a mode of work and no place: `Hybrid`, `Remote / on-site`, not `Remote, Graz`."""
    words = rest = _words(as_text(value, "name", "label") or "")
    for _, pattern in MODES:
        rest = pattern.sub(" ", rest)
    return rest != words and BESIDE_MODES.issuperset(re.findall(r"\w+", rest))


def unit_of(text: Any) -> str | None:
    """Period of a salary as schema.org unitText: `per-year-salary` and `YEAR` are `YEAR`."""
    words = _words(as_text(text) or "")
    return next((unit for unit, pattern in UNITS if words and re.search(pattern, words)), None)


def number(value: Any) -> float | None:
    """A number, also as text with blanks or commas between thousands."""
    if isinstance(value, bool) or value in (None, ""):
        return None
    try:
        return float(re.sub(r"[\s,]", "", str(value)))
    except ValueError:
        return None


def place_of(
    city: Any = None,
    region: Any = None,
    country: Any = None,
    *,
    raw: Any = None,
    lat: Any = None,
    lon: Any = None,
) -> Place | None:
    """A place of what the source states; the country may be a code or a name in one of 25 languages."""
    parts = [as_text(part, "name", "label", "descriptor") for part in (city, region, country)]
    stated = as_text(raw, "name", "label") or ", ".join(dict.fromkeys(part for part in parts if part))
    if not stated:
        return None
    code = country_code(parts[2].upper() if parts[2] and len(parts[2]) <= 3 else parts[2])
    point = (number(lat), number(lon))
    if None in point or point == (0, 0):
        point = (None, None)
    if parts[2] and code is None and parts[2].casefold() not in stated.casefold():
        stated = f"{stated}, {parts[2]}"
    return Place(raw=stated, city=parts[0], region=parts[1], country=code, lat=point[0], lon=point[1])


def with_sector(organisation: Organisation, source: Source, *, only: bool = False) -> Organisation:
    """The employer with the sector that the source file states for its publisher, where the two are the same.

    Args:
        organisation: the employer.
        source: the source.
        only: all adverts of the source are of its publisher, however they spell its name.
    """
    publisher = source.publisher
    if organisation.sector is None and publisher and publisher.sector:
        same = fold_name(organisation.name or "") == fold_name(publisher.name)
        if only or same:
            organisation.sector, organisation.sector_rule = publisher.sector, "source:publisher"
    return organisation


def salary(
    low: Any = None, high: Any = None, currency: Any = None, unit: Any = None, *, raw: Any = None
) -> Money | None:
    """A salary of two numbers or of a text; zero is no salary."""
    bottom, top, code = number(low) or None, number(high) or None, as_text(currency)
    stated, period = as_text(raw), unit_of(unit)
    if bottom is None and top is None:
        return Money(raw=stated, kind="salary", unit=period) if stated else None
    stated = stated or " ".join(str(p) for p in (bottom, top, code, as_text(unit)) if p is not None)
    return Money(
        raw=stated,
        amount=top if bottom is None else bottom,
        amount_max=top,
        currency=code,
        kind="salary",
        unit=period,
    )


def full_text(*parts: tuple[Any, Any] | Any) -> str | None:
    """One HTML fragment of several: each part is a fragment, or its heading and the fragment.

    A part without tags is text: its line breaks are kept.
    """
    fragments: list[str] = []
    for part in _parts(parts):
        heading, body = part if isinstance(part, tuple) else (None, part)
        if isinstance(body, str) and body.strip():
            title = as_text(heading)
            fragments.append((f"<h3>{html.escape(title, quote=False)}</h3>" if title else "") + _markup(body))
    return fragments[0] if len(fragments) == 1 else "\n".join(f"<div>{f}</div>" for f in fragments) or None


def _parts(parts: Iterable[Any]) -> Iterable[Any]:
    return (inner for part in parts for inner in (part if isinstance(part, list) else [part]))


def _markup(body: str) -> str:
    for _ in range(2):  # escaped once or twice: until tags appear
        if "<" in body or not re.search(r"&(?:amp;)*lt;", body):
            break
        body = html.unescape(body)
    return body if re.search(r"<[a-zA-Z/]", body) else body.replace("\n", "<br>")
