"""Greenhouse Job Board API: one answer lists a board (developers.greenhouse.io/job-board.html)."""

import html
from collections.abc import Iterator
from typing import Any

from scrapy.http import Response

from crawler.errors import SourceResponseError
from crawler.items import Issue, JobAdvert, Money, Organisation, Place, Signal
from spiders.answers import as_list, as_text, json_answer
from spiders.base import ProtocolParams, SourceSpider

__all__ = ["Greenhouse"]


class GreenhouseParams(ProtocolParams):
    """Parameters of a Greenhouse board."""

    employer: str | None = None
    """Name of the employer; default: what the answer says, else the publisher of the source."""


class Greenhouse(SourceSpider):
    """A board: the source's address is `https://boards-api.greenhouse.io/v1/boards/{token}/jobs?content=true`."""

    name = protocol = "greenhouse"
    complete_listing = True
    Params = GreenhouseParams

    def parse_page(self, response: Response) -> Iterator[Signal | Issue]:  # type: ignore[override]
        """Read the board: one answer holds all open posts."""
        yield from self.read(response)
        self.listing_complete()

    def read(self, response: Response) -> Iterator[Signal | Issue]:
        """Read a list of posts, one post, or the board's own page (which holds no posts)."""
        answer = json_answer(response)
        if not isinstance(answer, dict):
            raise SourceResponseError("not-greenhouse", "expected an object with `jobs`", response.url)
        if "error" in answer and "jobs" not in answer:
            raise SourceResponseError(
                "unknown-board", f"{answer['error']}; check the board's token in the address", response.url
            )
        if "jobs" in answer:
            jobs = answer["jobs"]
        elif "id" in answer and "title" in answer:
            jobs = [answer]
        elif "name" in answer:
            yield self.issue(
                "no-jobs", "this is the board's description, it lists no posts", url=response.url
            )
            return
        else:
            raise SourceResponseError("not-greenhouse", "expected an object with `jobs`", response.url)
        if not isinstance(jobs, list):
            raise SourceResponseError("not-greenhouse", "`jobs` is no list", response.url)
        total = (answer.get("meta") or {}).get("total") if isinstance(answer.get("meta"), dict) else None
        if isinstance(total, int) and total != len(jobs):
            yield self.issue(
                "total-differs", f"the answer states {total} posts and holds {len(jobs)}", url=response.url
            )
        for job in jobs:
            yield self._post(job, response.url)

    def _post(self, job: Any, url: str) -> Signal | Issue:
        if not isinstance(job, dict) or not job.get("id") or not as_text(job.get("title")):
            return self.issue(
                "bad-record", "a post needs `id` and `title`", level="error", url=url, record=job
            )
        location = as_text(job.get("location"), "name")
        offices = [as_text(o, "location", "name") for o in as_list(job.get("offices")) if isinstance(o, dict)]
        departments = [as_text(d, "name") for d in as_list(job.get("departments"))]
        publisher = self.source.publisher.name if self.source.publisher else None
        internal = job.get("internal_job_id")
        content = _unescaped(job.get("content"))
        return self.signal(  # type: ignore[no-any-return]
            JobAdvert,
            native_id=str(job["id"]),
            url=as_text(job.get("absolute_url")),
            title=as_text(job.get("title")) or "",
            html=content,
            language_declared=as_text(job.get("language")),
            keywords=[d for d in departments if d],
            published_raw=as_text(job.get("first_published")),
            updated_raw=as_text(job.get("updated_at")),
            organisation=Organisation(
                name=self.params.employer or as_text(job.get("company_name")) or publisher
            ),
            place=Place(raw=location) if location else None,
            places=[Place(raw=office) for office in dict.fromkeys(offices) if office and office != location],
            location_mode="remote" if location and "remote" in location.lower() else None,
            money=_pay(job.get("pay_input_ranges")),
            identifiers=[f"greenhouse:{internal}"] if internal else [],
            # a prospect post has no vacancy behind it
            evergreen="internal_job_id" in job and internal is None,
            requisition_id=as_text(job.get("requisition_id")),
        )


def _unescaped(content: Any) -> str | None:
    """Undo the entity escaping, once or twice, until tags appear."""
    if not isinstance(content, str) or not content.strip():
        return None
    for _ in range(2):
        if "<" in content:
            break
        content = html.unescape(content)
    return content


def _pay(ranges: Any) -> Money | None:
    for entry in as_list(ranges):
        if isinstance(entry, dict) and isinstance(entry.get("min_cents"), int | float):
            top = entry.get("max_cents")
            return Money(
                raw=as_text(entry.get("title")),
                amount=entry["min_cents"] / 100,
                amount_max=top / 100 if isinstance(top, int | float) else None,
                currency=as_text(entry.get("currency_type")),
                kind="salary",
            )
    return None
