"""Scrapy wiring of the DSI observatory: items, source registry, pipelines, politeness, runs, command line."""

__version__ = "0.1.0"
