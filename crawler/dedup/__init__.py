"""Same, series, or neither: nothing is merged on text similarity alone, nothing is deleted. Pure functions."""

from crawler.dedup.cluster import ClusterIndex, Link
from crawler.dedup.records import deduplicate, read
from crawler.dedup.relation import Record, Relation, relate

__all__ = ["ClusterIndex", "Link", "Record", "Relation", "deduplicate", "read", "relate"]
