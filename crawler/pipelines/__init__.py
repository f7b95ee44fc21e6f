"""The steps of the pipeline, in their order."""

__all__ = ["ITEM_PIPELINES"]

ITEM_PIPELINES = {
    "crawler.pipelines.validate.ValidatePipeline": 100,
    "crawler.pipelines.extract.ExtractPipeline": 200,
    "crawler.pipelines.enrich.EnrichPipeline": 300,
    "crawler.pipelines.dedup.DedupPipeline": 400,
    "crawler.pipelines.classify.ClassifyPipeline": 500,
    "crawler.pipelines.store.StorePipeline": 900,
}
"""Class of each step and its place: data flows from low to high."""
