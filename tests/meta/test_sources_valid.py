"""Every source file that comes with the software, and the example, can be crawled as it is."""

from pathlib import Path

import pytest

from crawler.loader import protocols
from crawler.sources import SOURCES_DIRECTORY, load_source, load_sources

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples" / "source"
FILES = sorted(SOURCES_DIRECTORY.rglob("*.toml")) + sorted(EXAMPLES.rglob("*.toml"))


def named(path):
    return f"{path.parent.name}/{path.name}"


def weakened(source):
    politeness = source.politeness
    return politeness.delay < 1.0 or politeness.concurrency > 1 or not politeness.robots


@pytest.mark.parametrize("path", FILES, ids=named)
def test_file_loads(path):
    assert load_source(path).id == path.stem


@pytest.mark.parametrize("path", FILES, ids=named)
def test_protocol_exists_and_accepts_the_parameters(path):
    source = load_source(path)
    assert source.protocol in protocols()
    protocols()[source.protocol].check_params(source)


@pytest.mark.parametrize("path", FILES, ids=named)
def test_file_says_why_crawling_is_allowed(path):
    source = load_source(path)
    assert source.terms is not None
    assert source.terms.basis


def test_no_file_lies_where_the_registry_does_not_look():
    registered = load_sources([SOURCES_DIRECTORY, EXAMPLES])
    assert sorted(path.stem for path in FILES) == [*registered]


def test_no_source_weakens_politeness():
    assert [source.id for source in map(load_source, FILES) if weakened(source)] == []


def test_no_source_may_reach_private_addresses():
    assert [source.id for source in map(load_source, FILES) if source.allow_private] == []


def test_example_is_not_crawled():
    assert {source.status for source in load_sources([EXAMPLES]).values()} == {"paused"}
