"""`dsi parse`, `dsi classify`, `dsi dedup`: one file in, one line of JSON per record out; no database."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from crawler.commands.common import ConfigOption, emit, read_jsonl, settings
from crawler.errors import SourceResponseError, UsageError

BATCH = 256
"""Records classified together; larger batches gain nothing (benchmarks/)."""


def register(app: typer.Typer) -> None:
    """Add the verbs to the command tree."""
    app.command()(parse)
    app.command()(classify)
    app.command()(dedup)


def parse(
    protocol: Annotated[str, typer.Argument(help="Name of the protocol.")],
    file: Annotated[Path, typer.Argument(help="Saved response.")],
    url: Annotated[str | None, typer.Option(help="Address the response came from.")] = None,
    param: Annotated[
        list[str] | None, typer.Option(help="Parameter of the protocol, KEY=VALUE; may be repeated.")
    ] = None,
) -> None:
    """Run a protocol's parser over a saved response: items on stdout, issues on stderr.

    The exit code is 1 if the file is no answer of the protocol.
    """
    from crawler.identity import plain
    from crawler.items import Issue
    from crawler.loader import protocols
    from crawler.parse import parse_file, parse_params

    known = protocols()
    if protocol not in known:
        raise UsageError(f"unknown protocol {protocol!r}; known are {', '.join(sorted(known))}")
    if not file.is_file():
        raise UsageError(f"{file}: no such file")
    try:
        for result in parse_file(protocol, file, url, parse_params(param or []), protocols=known):
            if isinstance(result, Issue):
                sys.stderr.write(f"{result.level}: {result.code}: {result.message}\n")
            else:
                emit(
                    {
                        "kind": result.kind,
                        **{k: v for k, v in plain(result).items() if v not in (None, "", [])},
                    },
                    lines=True,
                )
    except SourceResponseError as error:
        sys.stderr.write(f"error: {error.code}: {error}\n")
        raise typer.Exit(error.exit_code) from error


def classify(
    file: Annotated[
        str, typer.Argument(help="JSON Lines with id, title, text, kind?, language?; - for stdin.")
    ],
    config: ConfigOption = None,
) -> None:
    """Classify records: one line out for each line in, in the same order."""
    from classifiers.classifier import Classifier

    classifier = Classifier.load(settings(config).model)
    batch: list[dict[str, Any]] = []

    def flush() -> None:
        results = iter(classifier.classify([record["value"] for record in batch if record["error"] is None]))
        for record in batch:
            emit({"id": None, "error": record["error"]} if record["error"] else next(results), lines=True)
        batch.clear()

    for _, value, error in read_jsonl(file):
        batch.append({"value": value, "error": error})
        if len(batch) >= BATCH:
            flush()
    flush()


def dedup(
    file: Annotated[
        str, typer.Argument(help="JSON Lines as for `dsi classify`, with organisation, place, url, date, …")
    ],
) -> None:
    """Find what is the same thing published again, and what is one template used many times."""
    from crawler.dedup import deduplicate

    def records() -> Iterator[dict[str, Any]]:
        """One at a time: a million adverts fit into memory without their texts only."""
        for number, value, error in read_jsonl(file):
            if value is None:
                sys.stderr.write(f"warning: {file}: {error}\n")
            else:
                yield {"id": f"line-{number}", **value}

    for result in deduplicate(records()):
        emit(result, lines=True)
