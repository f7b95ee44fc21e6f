"""The register that the report of 2017 rests on, in its two published editions."""

import csv
import json
import os
from functools import cache
from pathlib import Path

import pytest

from crawler.items import Issue
from crawler.normalise.places import resolve
from crawler.parse import parse_file
from crawler.pipelines.store import document
from spiders.digitalsocial import DigitalSocial
from tests.support.shared import DATA, recording

__all__ = ["EDITIONS", "claims", "load", "table"]

EDITIONS = {
    "snap0310": ("projects.json", "organisations.json"),
    "snap0327": ("projects2.json", "organisations2.json"),
}
"""Column of the reference tables -> files of the edition."""


def _file(name):
    further = os.environ.get("DSI_CROWDMAP")
    for folder in (DATA / "dsi4eu", *([Path(further)] if further else [])):
        if (folder / name).is_file():
            return folder / name
    return pytest.skip(
        f"{name} of nestauk/DSI4EU_Dataviz (app/data) is neither beside the repository nor in DSI_CROWDMAP"
    )


@cache
def _read(path):
    found = list(parse_file("digitalsocial", path, None, {}, {"digitalsocial": DigitalSocial}))
    assert not [item for item in found if isinstance(item, Issue)]
    for item in found:
        item.place = resolve(item.place)
    return tuple({key: value for key, value in document(item).items() if key != "_id"} for item in found)


def load(edition):
    """Projects and organisations of an edition as documents; skips the test where the files are absent."""
    return tuple(_read(_file(name)) for name in EDITIONS[edition])


def table(name):
    """Rows of a reference table."""
    with recording(f"report2017/{name}").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def claims():
    """Numbers stated in the text of the report, by identifier."""
    return {row["id"]: row for row in json.loads(recording("report2017/claims.json").read_text("utf-8"))}
