"""Source files become spiders: one subclass of its protocol's class per file."""

import inspect
import os
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any, Self, cast

from scrapy import Request, Spider
from scrapy.settings import BaseSettings
from scrapy.utils.project import get_project_settings

from crawler.errors import ConfigurationError
from crawler.sources import SOURCES_DIRECTORY, Source, load_sources

__all__ = ["SourceSpiderLoader", "protocols", "source_directories", "spider_class"]


def protocols(modules: tuple[str, ...] = ()) -> dict[str, type]:
    """Protocols by name, found in the packages that the setting `SPIDER_MODULES` names.

    Raises:
        ConfigurationError: two classes claim one protocol name.
    """
    return dict(_discover(modules or tuple(_project_modules())))


def _project_modules() -> list[str]:
    settings = get_project_settings()
    if not settings.getlist("SPIDER_MODULES"):  # called from outside a Scrapy project folder
        settings.setmodule("crawler.settings")
    return cast(list[str], settings.getlist("SPIDER_MODULES"))


@cache
def _discover(modules: tuple[str, ...]) -> tuple[tuple[str, type], ...]:
    found: dict[str, type] = {}
    for name in modules:
        package = import_module(name)
        names = [name]
        if hasattr(package, "__path__"):
            names += [info.name for info in walk_packages(package.__path__, f"{name}.")]
        for module in map(import_module, names):
            for candidate in vars(module).values():
                if not (inspect.isclass(candidate) and issubclass(candidate, Spider)):
                    continue
                protocol = candidate.__dict__.get("protocol", "")
                if not protocol or candidate.__module__ != module.__name__:
                    continue
                if found.setdefault(protocol, candidate) is not candidate:
                    raise ConfigurationError(
                        f"protocol {protocol!r} is claimed by {found[protocol].__qualname__} and "
                        f"{candidate.__qualname__}: rename one"
                    )
    return tuple(sorted(found.items()))


def source_directories() -> list[Path]:
    """Folders of source files: the one of the software and those in the environment variable DSI_SOURCES."""
    further = os.environ.get("DSI_SOURCES", "").split(os.pathsep)
    return [SOURCES_DIRECTORY, *(Path(folder) for folder in further if folder)]


def spider_class(source: Source, modules: tuple[str, ...] = ()) -> type[Spider]:
    """Build the spider of a source.

    Raises:
        ConfigurationError: its protocol is unknown or its parameters are wrong; names file, key and choices.
    """
    known = protocols(modules)
    file = f"{source.family}/{source.id}.toml"
    base: Any = known.get(source.protocol)
    if base is None:
        raise ConfigurationError(
            f"{file}: protocol: {source.protocol!r} is unknown; known protocols are {', '.join(known) or 'none'}"
        )
    try:
        base.check_params(source)
    except ConfigurationError as error:
        raise ConfigurationError(f"{file}: {error}") from error
    limits, politeness = source.limits, source.politeness
    own_settings = {
        **(getattr(base, "custom_settings", None) or {}),
        "DSI_ROBOTS": politeness.robots,
        "DOWNLOAD_TIMEOUT": limits.timeout,
        "DOWNLOAD_MAXSIZE": limits.max_bytes,
        "DEPTH_LIMIT": limits.depth,
        "CLOSESPIDER_PAGECOUNT": limits.max_pages,
        "CLOSESPIDER_TIMEOUT": limits.max_seconds,
    }
    values = {
        "name": source.id,
        "source": source,
        "custom_settings": own_settings,
        "__module__": base.__module__,
    }
    return type(base.__name__, (base,), values)


class SourceSpiderLoader:
    """Scrapy's view of the registry: `scrapy list` and `scrapy crawl` know every source."""

    def __init__(self, settings: BaseSettings) -> None:
        self._modules = tuple(settings.getlist("SPIDER_MODULES"))
        self._sources: dict[str, Source] | None = None

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:
        """Build the loader; part of Scrapy's contract."""
        return cls(settings)

    @property
    def sources(self) -> dict[str, Source]:
        """All sources, read once and only when asked for."""
        if self._sources is None:
            self._sources = load_sources(source_directories())
        return self._sources

    def load(self, spider_name: str) -> type[Spider]:
        """Spider of a source. Raises KeyError where there is none, as Scrapy expects."""
        if spider_name not in self.sources:
            raise KeyError(f"no source {spider_name!r}; see `dsi sources list`")
        return spider_class(self.sources[spider_name], self._modules)

    def list(self) -> list[str]:  # the name is Scrapy's
        """Identifiers of all sources."""
        return [*self.sources]

    def find_by_request(self, request: Request) -> Sequence[str]:
        """Sources on the host of a request."""
        from urllib.parse import urlsplit

        host = (urlsplit(request.url).hostname or "").lower()
        return [source.id for source in self.sources.values() if source.host == host]
