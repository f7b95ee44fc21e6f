"""The source registry: one TOML file per source, checked when it is read.

The file's stem is the source's identifier and the name of its spider; its folder is the family. TOML and
not YAML, because `country: NO` is the boolean `False` in YAML.
"""

import tomllib
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from crawler.errors import ConfigurationError

__all__ = [
    "FAMILIES",
    "Politeness",
    "Source",
    "load_source",
    "load_sources",
    "read_sources",
    "strict_errors",
]

FAMILIES = ("jobs", "portals", "funding", "social", "directory")
SOURCES_DIRECTORY = Path(__file__).parent.parent / "spiders" / "sources"


class StrictModel(BaseModel):
    """A table of a source file: unknown keys are errors, values do not change after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Publisher(StrictModel):
    """Who runs the source."""

    name: str
    """Name of the body that publishes the source."""
    url: str | None = None
    """Home page."""
    sector: Literal["public", "civil-society", "academic", "private"] | None = None
    """Sector of the publisher."""


class Licence(StrictModel):
    """Under which terms the content may be reused."""

    id: str
    """SPDX identifier or the name the source uses."""
    url: str | None = None
    """Text of the licence."""
    attribution: str | None = None
    """Attribution line the licence asks for."""


class Terms(StrictModel):
    """Terms of use, as read by a person."""

    url: str | None = None
    """Address of the terms."""
    checked: date | None = None
    """Day they were read."""
    basis: str | None = None
    """Why crawling is allowed: open licence, public API, robots.txt, agreement."""


class Politeness(StrictModel):
    """How gently the source is treated. Weakening a default needs a reason."""

    delay: float = Field(default=1.0, ge=0)
    """Seconds between two requests to one host; default 1."""
    concurrency: int = Field(default=1, ge=1, le=16)
    """Requests in flight to one host; default 1."""
    robots: bool = True
    """Obey robots.txt; default true."""
    reason: str | None = None
    """Why a default was weakened."""

    @model_validator(mode="after")
    def _reason_given(self) -> "Politeness":
        if (self.delay < 1.0 or self.concurrency > 1 or not self.robots) and not self.reason:
            raise ValueError("weakens a politeness default: state the reason in `reason`")
        return self


class Limits(StrictModel):
    """Bounds that end a crawl which runs away."""

    max_pages: int = Field(default=20_000, ge=1)
    """Responses per run."""
    max_seconds: int = Field(default=6 * 3600, ge=1)
    """Length of a run, seconds."""
    max_bytes: int = Field(default=10 * 2**20, ge=1024)
    """Size of one response body after decompression, bytes."""
    timeout: float = Field(default=45, gt=0)
    """Time for one response, seconds."""
    depth: int = Field(default=20, ge=1)
    """Length of a chain of links."""


class Assertions(StrictModel):
    """What a normal run looks like; a run that differs gets an issue."""

    min_items: int = Field(default=0, ge=0)
    """Fewer items than this is suspicious."""
    fill: dict[str, float] = Field(default_factory=dict)
    """Smallest share of items that have a field, for example `published_at = 0.9`."""


class Lifecycle(StrictModel):
    """How the disappearance of a signal is read."""

    complete: bool | None = None
    """The listing holds everything that is open (absence means removal); default: the protocol's answer."""
    missing_runs: int = Field(default=1, ge=1)
    """Complete runs a signal must be absent from before it counts as removed."""
    max_shrink: float = Field(default=0.5, gt=0, le=1)
    """A listing that loses more than this share at once is an issue, not a mass removal."""
    shrunk_runs: int = Field(default=3, ge=1)
    """Such a listing is believed when it comes this many times in a row."""
    lifetime_days: int = Field(default=42, ge=1)
    """Where the listing is never complete: days unseen after which an advert without closing date counts as over."""
    forget: bool = False
    """The terms ask to delete what is no longer open: its text, contact address and raw responses are not kept."""


class Source(StrictModel):
    """One place that is crawled."""

    id: str
    """Identifier: the file's stem."""
    family: Literal["jobs", "portals", "funding", "social", "directory"]
    """Family: the file's folder."""
    title: str
    """Name for people."""
    protocol: str
    """How the source speaks: the name of a class in `spiders/`."""
    url: str
    """Address the protocol starts from."""
    country: str | None = None
    """ISO 3166-1 alpha-2 code of the country the source covers, `EU` for the Union; none if it covers many."""
    languages: list[str] = Field(default_factory=list)
    """Languages the source publishes in, ISO 639-1."""
    publisher: Publisher | None = None
    """Who runs the source."""
    licence: Licence | None = None
    """Under which terms the content may be reused."""
    terms: Terms | None = None
    """Terms of use."""
    cadence_hours: float = Field(default=24, gt=0)
    """Hours between two runs."""
    politeness: Politeness = Politeness()
    """How gently the source is treated."""
    limits: Limits = Limits()
    """Bounds that end a crawl which runs away."""
    assertions: Assertions = Assertions()
    """What a normal run looks like."""
    lifecycle: Lifecycle = Lifecycle()
    """How disappearance is read."""
    allow_private: bool = False
    """The source lies on a private or loopback address and may be fetched there."""
    params: dict[str, Any] = Field(default_factory=dict)
    """Settings of the protocol, checked by its `Params` class."""
    status: Literal["active", "paused", "retired"] = "active"
    """Paused and retired sources are listed but not crawled."""
    status_reason: str | None = None
    """Why it is paused or retired."""
    notes: str | None = None
    """What a maintainer should know."""

    @field_validator("country")
    @classmethod
    def _country_code(cls, value: str | None) -> str | None:
        if value is not None and (len(value) != 2 or not value.isupper()):
            raise ValueError(f"{value!r} is not an ISO 3166-1 alpha-2 code in capitals")
        return value

    @field_validator("url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError(f"{value!r} is not an http or https address")
        return value

    @model_validator(mode="after")
    def _status_explained(self) -> "Source":
        if self.status != "active" and not self.status_reason:
            raise ValueError(f"status is {self.status!r}: state why in `status_reason`")
        return self

    @property
    def host(self) -> str:
        """Host name of the start address: sources with the same host are crawled one after another."""
        return (urlsplit(self.url).hostname or "").lower()


def strict_errors(error: ValidationError) -> str:
    """Say each validation error as `key: what is wrong`, joined by `; `."""
    return "; ".join(
        f"{'.'.join(map(str, detail['loc'])) or 'file'}: "
        f"{'unknown key' if detail['type'] == 'extra_forbidden' else detail['msg']}"
        for detail in error.errors()
    )


def load_source(path: Path) -> Source:
    """Read one source file `<family>/<id>.toml`.

    Raises:
        ConfigurationError: the file is not TOML, lies outside a family folder, or a key is wrong;
            the message names file and key.
    """
    family = path.parent.name
    if family not in FAMILIES:
        raise ConfigurationError(
            f"{path}: a source file lies in a folder named after its family ({', '.join(FAMILIES)})"
        )
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: not valid TOML: {error}") from error
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be read: {error.strerror}") from error
    for reserved in ("id", "family"):
        if reserved in table:
            raise ConfigurationError(f"{path}: {reserved}: comes from the file's place, remove the key")
    try:
        return Source(id=path.stem, family=family, **table)
    except ValidationError as error:
        raise ConfigurationError(f"{path}: {strict_errors(error)}") from error


def read_sources(
    directories: Iterable[Path] = (SOURCES_DIRECTORY,),
) -> tuple[dict[str, Source], list[ConfigurationError]]:
    """Read all source files below the given folders, whatever is wrong with single ones.

    Returns:
        the sources by identifier in alphabetical order, and what is wrong: a folder is missing, a file is
        wrong, or two files have one identifier.
    """
    found: dict[str, Source] = {}
    origin: dict[str, Path] = {}
    wrong: list[ConfigurationError] = []
    for directory in directories:
        if not directory.is_dir():
            wrong.append(ConfigurationError(f"{directory}: no such folder of source files"))
        for path in sorted(directory.glob("*/*.toml")):
            first = origin.setdefault(path.stem, path)
            if first != path:
                wrong.append(ConfigurationError(f"{path}: the identifier {path.stem!r} is taken by {first}"))
                continue
            try:
                found[path.stem] = load_source(path)
            except ConfigurationError as error:
                wrong.append(error)
    return dict(sorted(found.items())), wrong


def load_sources(directories: Iterable[Path] = (SOURCES_DIRECTORY,)) -> dict[str, Source]:
    """Read all source files below the given folders, by identifier in alphabetical order.

    Raises:
        ConfigurationError: the first thing that is wrong, as `read_sources` finds it.
    """
    found, wrong = read_sources(directories)
    if wrong:
        raise wrong[0]
    return found
