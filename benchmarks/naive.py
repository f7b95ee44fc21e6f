"""The obvious way to write the pipeline, as a comparison: everything in the callback, item by item."""

import json
from typing import Any

__all__ = ["NaiveStore"]


class NaiveStore:
    """Extracts, compares, classifies and writes one page at a time."""

    def __init__(self, collection: Any) -> None:
        import trafilatura
        from bs4 import BeautifulSoup

        from classifiers.classifier import Classifier

        self.collection = collection
        self.soup, self.trafilatura = BeautifulSoup, trafilatura
        self.classifier = Classifier.load()
        self.seen: list[frozenset[str]] = []

    def add(self, url: str, page: str) -> None:
        """Do everything with one page."""
        soup = self.soup(page, "html.parser")
        title = soup.title.get_text() if soup.title else url
        script = soup.find("script", type="application/ld+json")
        posting: dict[str, Any] = json.loads(script.get_text()) if script else {}
        text = self.trafilatura.extract(page, url=url, with_metadata=True, favor_recall=True) or ""
        words = frozenset(text.lower().split())
        twin = any(len(words & other) > 0.8 * len(words | other) for other in self.seen)
        self.seen.append(words)
        decision = self.classifier.classify([{"id": url, "title": title, "text": text}])[0]
        values = {"title": title, "text": text, "twin": twin, "posted": posting.get("datePosted"), **decision}
        self.collection.update_one({"_id": url}, {"$set": values}, upsert=True)
