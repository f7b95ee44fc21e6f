"""Configuration layers: defaults < `dsi.toml` < `DSI_*` environment < flags. Secrets only from the environment."""

import os
import re
import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from crawler.errors import ConfigurationError

__all__ = ["Config", "load_config"]

CONTACT = re.compile(r"https?://[!-'*-~]+|[!-'*-~]+@[!-'*-~]+")
"""A web or e-mail address that fits into the comment of a header: visible ASCII without parentheses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Values every verb works with."""

    mongodb_uri: str | None = None
    """MongoDB to use (environment: `MONGODB_URI`); unset: the embedded server below `data_directory`."""
    database: str = "dsi"
    """Name of the database."""
    data_directory: Path = Path("data")
    """Where the embedded server keeps its files."""
    sources: tuple[Path, ...] = ()
    """Further folders of source files, besides those that come with the software."""
    parallel: int = 8
    """Host groups crawled at the same time."""
    model: Path | None = None
    """JSON part of the classifier model; unset: the one that comes with the software."""
    contact: str | None = None
    """Web or e-mail address of whoever runs the crawler: part of its user agent."""
    evidence_days: int | None = None
    """Days after which a raw response is deleted; unset: never."""
    origin: dict[str, str] = field(default_factory=dict, compare=False)
    """Where each value came from: `default`, the file, the environment variable, or `flag`."""


def _convert(name: str, value: Any, where: str) -> Any:
    try:
        if name == "sources":
            parts = value.split(os.pathsep) if isinstance(value, str) else value
            return tuple(Path(part) for part in parts if str(part))
        if name in {"data_directory", "model"}:
            return Path(value).expanduser()
        if name in {"parallel", "evidence_days"}:
            number = int(value)
            if number < 1:
                raise ValueError("must be at least 1")  # noqa: TRY301  reported with the others below
            return number
        if name == "contact" and not CONTACT.fullmatch(str(value)):
            raise ValueError("must be a web address (https://…) or an e-mail address")  # noqa: TRY301  as above
        return str(value)
    except (TypeError, ValueError) as error:
        raise ConfigurationError(f"{where}: {name}: {value!r} is not usable: {error}") from error


def load_config(file: Path | None = None, **flags: Any) -> Config:
    """Read the layers and remember where each value came from.

    Args:
        file: configuration file; default `dsi.toml` in the working folder, if there is one.
        flags: values given on the command line; `None` means not given.

    Raises:
        ConfigurationError: the file named does not exist or is no TOML, a key is unknown, a value unusable.
    """
    names = [f.name for f in fields(Config) if f.name != "origin"]
    values: dict[str, Any] = {}
    origin = dict.fromkeys(names, "default")
    path = file or Path("dsi.toml")
    if file is not None and not path.is_file():
        raise ConfigurationError(f"{path}: no such configuration file")
    if path.is_file():
        try:
            table = tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ConfigurationError(f"{path}: not valid TOML: {error}") from error
        for name, value in table.items():
            if name not in names:
                raise ConfigurationError(f"{path}: {name}: unknown key; known are {', '.join(names)}")
            values[name], origin[name] = _convert(name, value, str(path)), str(path)
    for name in names:
        variable = "MONGODB_URI" if name == "mongodb_uri" else f"DSI_{name.upper()}"
        if os.environ.get(variable):
            values[name], origin[name] = _convert(name, os.environ[variable], variable), variable
    for name, value in flags.items():
        if value:
            values[name], origin[name] = _convert(name, value, "flag"), "flag"
    return Config(**values, origin=origin)
