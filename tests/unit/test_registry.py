"""The source registry: what a source file may say, and how a mistake is reported."""

from pathlib import Path

import pytest

from crawler.errors import ConfigurationError, UsageError
from crawler.selection import select_sources
from crawler.sources import load_source, load_sources, read_sources

MINIMAL = 'title = "City portal"\nprotocol = "ckan"\nurl = "https://data.example.org"\n'


def write(folder: Path, name: str, text: str, family: str = "portals") -> Path:
    path = folder / family / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_stem_is_the_identifier_and_folder_the_family(tmp_path: Path) -> None:
    source = load_source(write(tmp_path, "at-city.toml", MINIMAL))
    assert (source.id, source.family, source.host) == ("at-city", "portals", "data.example.org")


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ('colour = "red"', "colour: unknown key"),
        ("[politeness]\ndelay = 0.1", "politeness: Value error, weakens a politeness default"),
        ("[politeness]\nrobots = false", "state the reason"),
        ("[limits]\nmax_pagse = 3", "limits.max_pagse: unknown key"),
        ('status = "retired"', "status_reason"),
        ('id = "other"', "id: comes from the file's place"),
        ('country = "Norway"', "country:"),
    ],
)
def test_a_wrong_key_is_named_with_its_file(tmp_path: Path, line: str, named: str) -> None:
    path = write(tmp_path, "at-city.toml", f"{MINIMAL}{line}\n")
    with pytest.raises(ConfigurationError) as caught:
        load_source(path)
    assert str(path) in str(caught.value)
    assert named in str(caught.value)


def test_a_missing_key_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="url: Field required"):
        load_source(write(tmp_path, "at-city.toml", 'title = "x"\nprotocol = "ckan"\n'))


@pytest.mark.parametrize("url", ["ftp://data.example.org", "file:///etc/passwd", "data.example.org"])
def test_only_web_addresses_are_crawled(tmp_path: Path, url: str) -> None:
    with pytest.raises(ConfigurationError, match="not an http or https address"):
        load_source(write(tmp_path, "at-city.toml", MINIMAL.replace("https://data.example.org", url)))


def test_norway_is_a_country_and_not_false(tmp_path: Path) -> None:
    assert load_source(write(tmp_path, "no-city.toml", MINIMAL + 'country = "NO"\n')).country == "NO"


def test_two_files_with_one_identifier_are_refused(tmp_path: Path) -> None:
    write(tmp_path, "at-city.toml", MINIMAL)
    write(tmp_path, "at-city.toml", MINIMAL, family="jobs")
    with pytest.raises(ConfigurationError, match="is taken by"):
        load_sources([tmp_path])


def test_a_wrong_file_hides_neither_the_others_nor_their_mistakes(tmp_path: Path) -> None:
    write(tmp_path, "at-city.toml", "title =")
    write(tmp_path, "be-city.toml", MINIMAL)
    write(tmp_path, "ch-city.toml", MINIMAL + 'colour = "red"\n')
    found, wrong = read_sources([tmp_path])
    assert list(found) == ["be-city"]
    assert [str(error).partition(".toml")[0][-7:] for error in wrong] == ["at-city", "ch-city"]


def test_unknown_source_suggests_close_names(tmp_path: Path) -> None:
    write(tmp_path, "at-city.toml", MINIMAL)
    with pytest.raises(UsageError, match="did you mean at-city"):
        select_sources(load_sources([tmp_path]), ["at-ctiy"])


def test_paused_sources_are_not_selected_by_default(tmp_path: Path) -> None:
    write(tmp_path, "at-city.toml", MINIMAL + 'status = "paused"\nstatus_reason = "site is being rebuilt"\n')
    assert select_sources(load_sources([tmp_path])) == []


@pytest.mark.parametrize(("status", "to_do"), [("paused", "dsi sources probe"), ("retired", "leave it")])
def test_a_source_that_is_not_active_is_refused_with_its_reason(
    tmp_path: Path, status: str, to_do: str
) -> None:
    write(
        tmp_path, "at-city.toml", MINIMAL + f'status = "{status}"\nstatus_reason = "the publisher objects"\n'
    )
    with pytest.raises(UsageError, match=f"at-city is {status} .the publisher objects.: .*{to_do}"):
        select_sources(load_sources([tmp_path]), ["at-city"])


def test_a_paused_source_may_be_looked_at(tmp_path: Path) -> None:
    write(tmp_path, "at-city.toml", MINIMAL + 'status = "paused"\nstatus_reason = "site is being rebuilt"\n')
    chosen = select_sources(load_sources([tmp_path]), ["at-city"], statuses=("active", "paused"))
    assert [source.id for source in chosen] == ["at-city"]
