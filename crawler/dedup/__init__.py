"""Same, series, or neither: nothing is merged on text similarity alone, nothing is deleted."""

from crawler.dedup.cluster import ClusterIndex, Link
from crawler.dedup.record import Record
from crawler.dedup.records import deduplicate, read
from crawler.dedup.relation import Relation, relate

__all__ = ["ClusterIndex", "Link", "Record", "Relation", "deduplicate", "read", "relate"]
