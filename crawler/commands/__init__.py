"""The verbs of `dsi`, one module per group; each has `register(app)`."""

VERB_MODULES = (
    "demo",
    "crawl",
    "sources",
    "streams",
    "model",
    "label",
    "items",
    "publish",
    "runs",
    "schedule",
    "database",
)
"""Modules in the order in which `dsi --help` lists their verbs."""
