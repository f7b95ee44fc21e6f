"""A crawl of the tiny protocol that passes only the first and the last step of the pipeline."""

from crawler.sources import Politeness, Source

__all__ = ["ENGINE", "tiny_source"]

ENGINE = {
    "SPIDER_MODULES": ["tests.support.tiny"],
    "ITEM_PIPELINES": {
        "crawler.pipelines.validate.ValidatePipeline": 100,
        "crawler.pipelines.store.StorePipeline": 900,
    },
}
"""Settings that replace those of `crawler.settings`."""


def tiny_source(site, path="/list", **more):
    """A source on a loopback site that is asked without a pause."""
    return Source(
        id="tiny", family="social", title="Tiny", protocol="tiny", url=site.url(path), allow_private=True,
        politeness=Politeness(delay=0.0, reason="loopback site of a test"), **more,
    )  # fmt: skip
