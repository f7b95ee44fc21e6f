"""Make re-posts of an advert, which are the same vacancy, and further instances of its text, which are not."""

import random
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

Values = dict[str, Any]
Change = Callable[[Values, random.Random], None]

BEFORE = (
    "Apply now and be one of the first applicants. Save this job. Posted today.",
    "Job description. Full job description as provided by the employer.",
    "Stellenbeschreibung. Jetzt bewerben oder Job merken.",
)
AFTER = (
    "Similar jobs near you. Create an alert and never miss a new vacancy. Report this job. By applying you agree to "
    "our terms of use and our privacy policy. We compare millions of vacancies for you every day.",
    "Powered by our job board. Quote the code 7781234 in your application. Share on all networks.",
    "Dieses Angebot wurde aus einer anderen Quelle übernommen. Alle Angaben ohne Gewähr. Zurück zur Suche.",
)
LEGAL = ("GmbH", "Ltd.", "S.A.", "B.V.", "AB")
COUNTRIES = {
    "PL": "Polska", "NL": "Nederland", "FR": "France", "ES": "España", "LT": "Lietuva", "DE": "Deutschland",
    "HU": "Magyarország", "RO": "România", "PT": "Portugal", "LV": "Latvia", "EE": "Estonia", "IT": "Italia",
    "HR": "Croatia", "BG": "Bulgaria", "CY": "Cyprus", "US": "United States", "GB": "United Kingdom", "NO": "Norway",
}  # fmt: skip
OTHER_TOWNS = ("Tampere", "Ghent", "Leipzig", "Braga", "Malmö", "Košice", "Graz")
ROLES = ("driver", "accountant", "nurse", "plumber", "translator", "gardener", "pilot")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
BOARDS = ("jobs.example.org", "work.example.net", "stellen.example.com")


def boilerplate(values: Values, rng: random.Random) -> None:
    values["text"] = " ".join((rng.choice(BEFORE), values["text"], rng.choice(AFTER)))


def cut(values: Values, rng: random.Random) -> None:
    """Drop the first sentences: a tenth to a quarter of the text."""
    found = values["text"].split()
    values["text"] = " ".join(found[int(len(found) * rng.uniform(0.1, 0.25)) :])


def markdown(values: Values, rng: random.Random) -> None:
    marked = [f"**{w}**" if rng.random() < 0.1 else w for w in values["text"].split()]
    values["text"] = "## " + " ".join(marked).replace("-", "\\-").replace(". ", ".\n\n* ")


def employer(values: Values, rng: random.Random) -> None:
    name = values.get("organisation")
    if name:
        values["organisation"] = rng.choice(
            (name.upper(), f"{name} {rng.choice(LEGAL)}", name.replace(" ", "  "))
        )


def country(values: Values, rng: random.Random) -> None:
    del rng
    if values.get("country") in COUNTRIES:
        values["place"] = COUNTRIES[values["country"]]


def title(values: Values, rng: random.Random) -> None:
    old, name = values["title"], values.get("organisation") or "Employer"
    values["title"] = rng.choice((
        f"{old} (m/w/d)", old.upper(), f"{old} - {values.get('place') or 'Remote'}", f"{old} | {name}",
        f"{old} (f/m/x) – full time", f"Job: {old}", f"{old} #48213",
    ))  # fmt: skip


def board(values: Values, rng: random.Random) -> None:
    values["url"] = f"https://{rng.choice(BOARDS)}/job/{rng.randrange(10**6)}"
    values["source"] = "another-board"


def later(values: Values, rng: random.Random) -> None:
    """Up to two months later; at once only on another board."""
    if values.get("date"):
        first = 0 if values.get("source") == "another-board" else 1
        values["date"] = str(date.fromisoformat(values["date"]) + timedelta(days=rng.randint(first, 60)))


CHANGES: tuple[Change, ...] = (boilerplate, cut, markdown, employer, country, title, board)


def repost(values: Values, rng: random.Random, key: str) -> Values:
    """The same vacancy as another board writes it: three to five changes, and always employer and place."""
    copy = dict(values) | {"id": key}
    chosen = {employer, country, *rng.sample(CHANGES, 3)}
    for change in CHANGES:
        if change in chosen:
            change(copy, rng)
    later(copy, rng)
    return copy


def suitable(values: Values) -> bool:
    """Whether an advert has what is changed: enough text, an employer, a town, a day."""
    place, day = values.get("place") or "", values.get("date") or ""
    known = bool(place and values.get("organisation") and DAY.fullmatch(day))
    return known and place not in COUNTRIES.values() and len(values["text"].split()) >= 60


def other_town(values: Values, rng: random.Random) -> None:
    old, new = values.get("place"), rng.choice(OTHER_TOWNS)
    if old:
        values["text"], values["title"] = values["text"].replace(old, new), values["title"].replace(old, new)
    values["place"] = new


def other_role(values: Values, rng: random.Random) -> None:
    values["title"] = f"{rng.choice(ROLES)} {values['title'].split()[-1]}"


def other_employer(values: Values, rng: random.Random) -> None:
    old, new = values.get("organisation"), f"Quorvex {rng.choice(OTHER_TOWNS)}"
    if old:
        values["text"] = re.sub(re.escape(old), new, values["text"])
    values["organisation"] = new


def other_number(values: Values, rng: random.Random) -> None:
    values["requisition_id"] = f"R-{rng.randrange(10**5)}"


def numbered(values: Values, rng: random.Random) -> Values:
    """The original with the employer's own number of the vacancy."""
    return dict(values) | {"requisition_id": f"R-{rng.randrange(10**5, 10**6)}"}


def other_language(values: Values, rng: random.Random) -> None:
    values["title"] += (
        rng.choice((" – Danish speaking", " with German", " (Suomi)")).replace("(", "").replace(")", "")
    )


INSTANCES: tuple[Change, ...] = (other_town, other_role, other_employer, other_language, other_number)


def instance(values: Values, rng: random.Random, key: str) -> Values:
    """Another vacancy written with the same text."""
    copy = dict(values) | {"id": key}
    change = rng.choice(INSTANCES if values.get("requisition_id") else INSTANCES[:-1])
    if change is not other_number:
        copy.pop("requisition_id", None)
    change(copy, rng)
    if rng.random() < 0.5:
        rng.choice((boilerplate, markdown))(copy, rng)
    return copy
