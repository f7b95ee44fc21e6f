"""`dsi init`, `dsi doctor`, `dsi db`: set up, look after and reach the database."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crawler.commands.common import (
    ConfigOption,
    JsonOption,
    emit,
    open_configured_database,
    registry,
    settings,
    table,
)  # fmt: skip
from crawler.errors import ConfigurationError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from crawler.config import Config

database_app = typer.Typer(help="The database.", no_args_is_help=True)

INITIAL_FILE = """\
# Configuration of the DSI observatory; every key is optional (`dsi doctor` shows what is in force).
# database = "dsi"
# data_directory = "data"      # files of the embedded database
# sources = ["my-sources"]     # further folders of source files
# parallel = 8                 # host groups crawled at the same time
# contact = "https://example.org/about-this-crawler"  # or an e-mail address: sites see it, and can ask you
# evidence_days = 365          # raw responses are deleted after this
# The address of a MongoDB server is a secret: set MONGODB_URI in the environment.
"""


def register(app: typer.Typer) -> None:
    """Add the verbs to the command tree."""
    app.command()(init)
    app.command()(doctor)
    app.add_typer(database_app, name="db")


def init(directory: Annotated[Path, typer.Argument(help="Folder to set up.")] = Path()) -> None:
    """Write a configuration file and a folder for own sources."""
    file = directory / "dsi.toml"
    if file.exists():
        raise UsageError(f"{file}: exists already")
    try:
        (directory / "my-sources").mkdir(parents=True, exist_ok=True)
        file.write_text(INITIAL_FILE, encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(f"{file}: cannot be written: {error.strerror}") from error
    typer.echo(f"{file} written; next: `dsi doctor`")


def doctor(config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """Check configuration, sources, model and database; show where each value came from."""
    from storage.connection import without_password

    values = settings(config)
    origins = [
        {"key": name, "value": without_password(str(getattr(values, name))), "origin": origin}
        for name, origin in values.origin.items()
    ]
    checks = [
        _checked("sources", lambda: f"{len(registry(values))} source files"),
        _checked("model", lambda: _model_version(values.model)),
        _checked("database", lambda: _database_version(values)),
        _contact(values.contact),
    ]
    if as_json:
        emit({"configuration": origins, "checks": checks})
    else:
        table("Configuration", ["key", "value", "from"], [list(row.values()) for row in origins])
        table("Checks", ["check", "result", "detail"], [list(row.values()) for row in checks])
    if any(row["result"] == "failed" for row in checks):
        raise typer.Exit(3)


def _checked(name: str, action: "Callable[[], str]") -> dict[str, str]:
    try:
        return {"check": name, "result": "ok", "detail": action()}
    except Exception as error:  # noqa: BLE001 (whatever is wrong is what the row tells; the others follow)
        return {"check": name, "result": "failed", "detail": str(error) or type(error).__name__}


def _contact(address: str | None) -> dict[str, str]:
    if address:
        return {"check": "contact", "result": "ok", "detail": address}
    advice = "sites cannot tell who asks: set `contact` in dsi.toml or DSI_CONTACT to a web or e-mail address"
    return {"check": "contact", "result": "warning", "detail": advice}


def _model_version(path: Path | None) -> str:
    from classifiers.classifier import Classifier

    return Classifier.load(path).version


def _database_version(config: "Config") -> str:
    with open_configured_database(config) as db:
        version = db.client.server_info()["version"]
        return f"MongoDB protocol, server {version}, {db.signals.estimated_document_count()} signals"


@database_app.command()
def start(config: ConfigOption = None) -> None:
    """Start the embedded server and keep it running until `dsi db stop`."""
    from storage.server import start as start_server

    typer.echo(start_server(settings(config).data_directory / "mongodb", keep=True))


@database_app.command()
def stop(config: ConfigOption = None) -> None:
    """Stop the embedded server."""
    from storage.server import stop as stop_server

    stop_server(settings(config).data_directory / "mongodb")


@database_app.command()
def uri(config: ConfigOption = None) -> None:
    """Print the address of the database, for pymongo, mongosh or Compass."""
    from storage.connection import without_password
    from storage.server import address

    values = settings(config)
    if values.mongodb_uri:
        typer.echo(without_password(values.mongodb_uri))
        return
    found = address(values.data_directory / "mongodb")
    if found is None:
        raise UsageError("the embedded server is not running; start it with `dsi db start`")
    typer.echo(found)


@database_app.command()
def migrate(config: ConfigOption = None) -> None:
    """Create or update collections, validators and indexes, and tell which; delete expired evidence."""
    from crawler.schema import signals_schema
    from storage.collections import migrate as migrate_database
    from storage.evidence import sweep

    with open_configured_database(settings(config)) as db:
        for line in migrate_database(db, signals_schema()):
            typer.echo(line)
        sweep(db)
    typer.echo("collections, validators and indexes are up to date")
