"""Step "enrich": raw values get their normalised twins, personal data is masked, the content hash is set."""

import re
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any, Self

from scrapy.crawler import Crawler

from crawler.context import RunContext
from crawler.identity import content_hash
from crawler.items import Award, FundingCall, JobAdvert, Signal
from crawler.normalise.dates import parse_date
from crawler.normalise.money import in_euro, parse_money
from crawler.normalise.places import resolve
from crawler.normalise.privacy import mask
from crawler.normalise.sectors import sector_of
from crawler.sources import Source

__all__ = ["EnrichPipeline", "is_evergreen"]

EVERGREEN = re.compile(
    r"talent (?:pool|community|network|pipeline)|talentpool|speculative|spontaneous application|open application|"
    r"general application|initiativbewerbung|candidature spontanée|candidatura (?:espontánea|spontanea|espontânea)|"
    r"open sollicitatie|spontanansökan|spontanansøkning|uopfordret|åpen søknad|avoin hakemus|expression of interest|"
    r"aplikacja spontaniczna|join our team!?$|future opportunities|bolsa de trabajo|vivier",
    re.IGNORECASE,
)
DATES = ("published", "updated", "closes", "opens")
MONEY_KINDS = {"award": "award", "funding_call": "envelope", "job_advert": "salary"}
"""Kind of signal -> what its sum is, where the protocol does not say: dumps rarely name it."""


def is_evergreen(title: str) -> bool:
    """Whether a title announces a standing invitation and not a vacancy."""
    return EVERGREEN.search(title) is not None


class EnrichPipeline:
    """Fill what can be derived from one item alone; what cannot be read keeps its raw value and None."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the step; part of Scrapy's contract."""
        return cls(crawler)

    async def process_item(self, item: Any) -> Any:
        """Normalise one signal."""
        if not isinstance(item, Signal):
            return item
        source: Source = self.crawler.spider.source  # type: ignore[union-attr]
        self._mask(item)
        self._language(item)
        self._dates(item, source.country)
        self._money(item, source.country)
        self._places(item, source.country)
        self._organisations(item)
        if isinstance(item, JobAdvert):
            item.evergreen = item.evergreen or is_evergreen(item.title)
        item.content_hash = content_hash(item)
        self._filled(item)
        return item

    def _mask(self, item: Signal) -> None:
        title, text = mask(item.title), mask(item.text)
        if (title, text) != (item.title, item.text):
            self._count("masked")
        item.title, item.text = title, text

    def _language(self, item: Signal) -> None:
        from classifiers.language import measure

        item.language = measure(f"{item.title}\n{item.text}")

    def _dates(self, item: Signal, country: str | None) -> None:
        for name in DATES:
            raw = getattr(item, f"{name}_raw", None)
            if raw is not None and getattr(item, f"{name}_at") is None:
                moment = parse_date(raw, country)
                setattr(item, f"{name}_at", moment)
                self._count("dates" if moment else "undated")
        if isinstance(item, FundingCall) and item.deadlines:
            aware = {d.replace(tzinfo=UTC) if d.tzinfo is None else d.astimezone(UTC) for d in item.deadlines}
            item.deadlines = sorted(aware)
            now = datetime.now(UTC)
            item.closes_at = next((moment for moment in item.deadlines if moment >= now), item.deadlines[-1])

    def _money(self, item: Signal, country: str | None) -> None:
        money = item.money
        if money is None:
            return
        money.kind = money.kind or MONEY_KINDS.get(item.kind)
        if money.amount is None and money.raw:
            parsed = parse_money(money.raw, country)
            if parsed is None:
                self._count("unread_money")
            else:
                money.amount, money.amount_max = parsed.amount, parsed.amount_max
                money.currency = money.currency or parsed.currency
                money.unit = money.unit or parsed.unit
        starts = parse_date(item.starts_raw, country) if isinstance(item, Award) else None
        item.money = in_euro(money, item.published_at or starts or item.closes_at)
        self._count("money")

    def _places(self, item: Signal, country: str | None) -> None:
        item.place = resolve(item.place, country)
        self._count(f"place/{item.place.how}")
        if isinstance(item, JobAdvert):
            item.places = [resolve(place, country) for place in item.places]

    def _organisations(self, item: Signal) -> None:
        for organisation in (item.organisation, getattr(item, "recipient", None)):
            if organisation is not None and organisation.sector is None:
                organisation.sector, organisation.sector_rule = sector_of(organisation.name)
                self._count("sector" if organisation.sector else "no_sector")

    def _filled(self, item: Signal) -> None:
        context: RunContext = self.crawler.spider.context  # type: ignore[union-attr]
        for field in fields(item):
            value = getattr(item, field.name)
            if value not in (None, "", []):
                context.filled[field.name] += 1

    def _count(self, name: str) -> None:
        if self.crawler.stats is not None:
            self.crawler.stats.inc_value(f"dsi/enrich/{name}")
