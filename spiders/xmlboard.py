"""Base of the boards that list adverts in XML: records become plain values, the rest is as in JSON."""

from collections.abc import Iterator
from typing import Any, ClassVar

from scrapy.http import Response

from crawler.items import Issue, Signal
from crawler.unpack import gunzip
from spiders.board import Board
from spiders.formats.xmltree import xml_records

__all__ = ["XmlBoard"]


class XmlBoard(Board):
    """A board in XML; damaged XML is read as far as it goes and never counts as a complete listing."""

    LIST = "records"
    ELEMENT: ClassVar[str] = "item"
    """Name of the element that holds an advert."""

    def decode(self, response: Response) -> Any:
        """The adverts below `records`, the title of a channel, and what is damaged."""
        body = gunzip(response.body, response.url)
        records, damage = xml_records(body, self.ELEMENT, response.url)
        return {"records": records, "damage": damage}

    def read_answer(self, answer: Any, response: Response) -> Iterator[Signal | Issue]:
        """Name the damage as an error, so that nothing counts as absent, and read what is there."""
        if isinstance(answer, dict) and answer.get("damage"):
            message = f"damaged XML, read as far as it goes: {answer['damage']}"
            yield self.issue("damaged-xml", message, level="error", url=response.url)
        yield from super().read_answer(answer, response)
