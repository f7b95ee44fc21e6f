"""Sources on a loopback site, for crawls that are repeated with other answers."""

from crawler.sources import Lifecycle, Politeness, Source

__all__ = ["loopback_source"]


def loopback_source(site, name, protocol, path, **lifecycle):
    """A source of job adverts that is asked without a pause."""
    return Source(
        id=name, family="jobs", title=name.title(), protocol=protocol, url=site.url(path), allow_private=True,
        politeness=Politeness(delay=0.0, reason="loopback site of a test"), lifecycle=Lifecycle(**lifecycle),
    )  # fmt: skip
