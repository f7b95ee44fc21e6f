"""Run a protocol against a table of answers without engine or network: requests and outcomes of one run."""

import json
from collections import deque
from dataclasses import dataclass, field

from scrapy import Request
from scrapy.http import TextResponse
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from crawler.context import RunContext
from crawler.items import Issue
from crawler.sources import Source

__all__ = ["Driven", "drive"]

MAX_REQUESTS = 200


@dataclass
class Driven:
    """What a run asked for and found."""

    items: list = field(default_factory=list)
    codes: list = field(default_factory=list)
    requests: list = field(default_factory=list)
    context: RunContext | None = None

    @property
    def ids(self):
        return [item.native_id for item in self.items]

    @property
    def urls(self):
        return [request.url for request in self.requests]


def drive(base, url, answer, *, params=None, complete=None, **context):
    """Run a protocol to its end.

    Args:
        base: class of the protocol.
        url: address of the source.
        answer: request -> body, or body and status, or body, status and headers; others become JSON;
            an exception is a request that got no answer.
        params: table `[params]`.
        complete: `lifecycle.complete`.
        context: what the run knows beforehand (`since`, `checkpoint`).
    """
    source = Source(
        id="driven",
        family="jobs",
        title="Driven",
        protocol=base.protocol,
        url=url,
        params=params or {},
        lifecycle={"complete": complete},
    )
    base.check_params(source)
    spider = type(
        base.__name__, (base,), {"name": "driven", "source": source, "__module__": base.__module__}
    )(context=RunContext(run_id="r", **context))
    run = Driven(context=spider.context)
    queue = deque(spider.start_requests_for_source())
    while queue:
        part = queue.popleft()
        if isinstance(part, Issue):
            run.codes.append(part.code)
        elif not isinstance(part, Request):
            run.items.append(part)
        else:
            run.requests.append(part)
            assert len(run.requests) < MAX_REQUESTS, "the run does not end"
            queue.extend(_answered(part, answer(part)))
    run.codes += [issue.code for issue in spider.context.issues]
    return run


def _answered(request, reply):
    if isinstance(reply, Exception):
        return _failed(request, reply, "request-failed")
    body, status, headers = (
        (*reply, *(200, {})[len(reply) - 1 :]) if isinstance(reply, tuple) else (reply, 200, {})
    )
    raw = body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()
    response = TextResponse(
        request.url, status=status, headers=headers, body=raw, request=request, encoding="utf-8"
    )
    if status >= 300 and status not in request.meta.get("handle_httpstatus_list", ()):
        return _failed(request, HttpError(response, "refused"), f"http-{status}")
    return list(request.callback(response, **request.cb_kwargs))


def _failed(request, error, code):
    """What Scrapy does with a failure: the errback of the spider, or that of the outcomes, which records it."""
    if request.errback is None:
        return [Issue(level="error", step="fetch", code=code, message=str(error), url=request.url)]
    failure = Failure(error)
    failure.request = request
    return list(request.errback(failure))
