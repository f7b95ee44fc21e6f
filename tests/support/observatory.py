"""A small observatory: signals of every kind in every country of the map, runs, a register, one vintage."""

from datetime import UTC, date, datetime, timedelta

from classifiers.taxonomy import AREAS, TECHNOLOGIES, TRENDS
from indicators.build import build

__all__ = ["COUNTRIES", "VINTAGE", "fill"]

COUNTRIES = (
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT",
    "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK", "GB", "NO", "CH",
)  # fmt: skip
KINDS = ("job_advert", "dataset", "funding_call", "award")
VINTAGE = date(2026, 3, 10)
HOSTILE = "Map </script><script>alert(1)</script><!-- & \u2028"


def _signal(number, country, kind, when):
    labels = {
        "areas": [{"name": name, "score": 0.7} for name in [*AREAS.values()][number % 9 : number % 9 + 2]],
        "trends": [{"name": [*TRENDS.values()][number % 4], "score": 0.7}],
        "technologies": [{"name": [*TECHNOLOGIES.values()][number % 15], "score": 0.7}],
    }
    grade = ("core", "core", "adjacent", "none")[(number + number // 4) % 4]  # every grade in every kind
    signal = {
        "_id": f"s{number:04d}", "source": f"{country.lower()}-{kind}", "family": "portals", "kind": kind,
        "title": f"Signal {number} in {country}",
        "url": f"https://{country.lower()}.example/{number}?a=1&b=2",
        "published_at": when, "first_seen": when, "canonical": True,
        "place": {"country": country, "city": "Berlin" if country == "DE" else None},
        "organisation": {"name": f"Office {number % 40}", "sector": "public"},
        "dsi": {"grade": grade, "model": "m1", "score": 0.8, **(labels if grade != "none" else {})},
    }  # fmt: skip
    if kind == "award":
        money = {"kind": "award", "amount": 5e4, "eur": 5e4, "currency": "EUR"}
        signal |= {"recipient": {"name": f"Lab {number % 30}", "sector": "civil-society"}, "money": money}
    if kind == "funding_call":
        signal |= {"closes_at": when + timedelta(days=50)}
    return signal


def fill(db, vintage=VINTAGE):
    """Store signals, runs and a register of three organisations, and build a vintage; answers its name."""
    start = datetime(2025, 12, 3, tzinfo=UTC)
    cells = [(country, kind) for country in COUNTRIES for kind in KINDS]
    signals = [
        _signal(number, country, kind, start + timedelta(days=number % 90))
        for number, (country, kind) in enumerate(cells * 2)
    ]
    signals[0] |= {"title": HOSTILE, "url": "javascript:alert(1)"}
    register = {"source": "register", "family": "directory", "first_seen": start, "canonical": True}
    core = {"dsi": {"grade": "core", "model": "m1"}}
    signals += [
        {"_id": f"o{at}", "kind": "organisation", "native_id": f"organisation/{at}", "title": f"Maker {at}",
         "organisation": {"name": f"Maker {at}"}, "place": {"country": country}, **register, **core}
        for at, country in enumerate(("DE", "FR", "FR"))
    ]  # fmt: skip
    signals.append({
        "_id": "p0", "kind": "project", "native_id": "project/0", "title": "Seed library", **register, **core,
        "organisations": ["organisation/0", "organisation/1"], "url": "https://seeds.example/",
        "place": {"country": "FR"},
    })  # fmt: skip
    db.signals.insert_many(signals)
    db.runs.insert_many([
        {"_id": f"{source}-{month}", "source": source, "state": "done",
         "started_at": datetime(2025 + (month < 4), month, 4, tzinfo=UTC)}
        for source in sorted({signal["source"] for signal in signals} - {"at-dataset"})
        for month in (12, 1, 2)
    ])  # fmt: skip
    return build(
        db, vintage=vintage, sources=[{"id": "de-dataset", "title": "Data of Germany", "licence": "CC0-1.0"}]
    )
