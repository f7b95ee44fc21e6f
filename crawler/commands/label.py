"""`dsi label`: choose what to read, read it in the terminal, move labels as JSON Lines, measure agreement."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from crawler.commands.common import (
    ConfigOption,
    emit,
    open_configured_database,
    open_migrated_database,
    read_jsonl,
    settings,
)
from crawler.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

label_app = typer.Typer(help="Collect labels by reading.", no_args_is_help=True)

_FIELDS = ("title", "text", "kind", "language", "source", "url")
_STORED = ("annotator", "grade", "areas", "trends", "guide_version", "pass")


def register(app: typer.Typer) -> None:
    """Add the verbs to the command tree."""
    app.add_typer(label_app, name="label")


@label_app.command()
def queue(
    size: Annotated[int, typer.Option(min=1, help="Signals to read.")] = 50,
    seed: Annotated[int, typer.Option(help="Makes the random part repeatable.")] = 0,
    config: ConfigOption = None,
) -> None:
    """Print signals worth reading as JSON lines: uncertain, random, new sources, model and lexicon differ."""
    from collections import Counter

    from classifiers.queue import queue as choose

    with open_configured_database(settings(config)) as db:
        labelled = set(db.labels.distinct("signal"))
        light = {"dsi.score": 1, "dsi.matched": 1, "source": 1, "language": 1}
        open_signals: list[Any] = []
        sources: Counter[str] = Counter()
        for signal in db.signals.find({"dsi": {"$ne": None}, "forgotten_at": None}, light):
            if signal["_id"] in labelled:
                sources[str(signal.get("source"))] += 1
            else:
                open_signals.append(signal)
        chosen = choose(open_signals, size, seed, sources)
        texts = {
            signal["_id"]: signal
            for signal in db.signals.find(
                {"_id": {"$in": [row["id"] for row in chosen]}}, dict.fromkeys(_FIELDS, 1)
            )
        }
    for row in chosen:
        blank: dict[str, Any] = {"annotator": None, "grade": None, "areas": [], "trends": []}
        emit({**row, **{key: texts[row["id"]].get(key) for key in _FIELDS}, **blank}, lines=True)


@label_app.command()
def read(
    file: Annotated[Path, typer.Argument(help="A queue, or any JSON Lines with id, title and text.")],
    annotator: Annotated[str, typer.Option(help="Pseudonym of the reader.")],
    output: Annotated[Path, typer.Option(help="Label file to append to; what is in it is not asked again.")],
    number: Annotated[
        int, typer.Option("--pass", min=1, max=9, help="Which independent reading of these texts this is.")
    ] = 1,
) -> None:
    """Read texts in the terminal and label them; the model's opinion is not shown."""
    import json

    from classifiers.labels import GUIDE_VERSION, read_labels

    done: set[str] = set()
    if output.is_file():
        present, problems = read_labels(output.read_text(encoding="utf-8").splitlines())
        if problems:
            raise UsageError(f"{output}: " + "; ".join(problems))
        done = {str(x["id"]) for x in present if (x["annotator"], x["pass"]) == (annotator, number)}
    todo = [row for _, row, _ in read_jsonl(str(file)) if row is not None and str(row.get("id")) not in done]
    with output.open("a", encoding="utf-8") as stream:
        for place, row in enumerate(todo, 1):
            answer = _ask(row, f"{place} of {len(todo)}")
            if answer is None:
                break
            if answer:
                label = {
                    "id": row["id"],
                    **answer,
                    "annotator": annotator,
                    "guide": GUIDE_VERSION,
                    "pass": number,
                }
                stream.write(json.dumps(label, ensure_ascii=False) + "\n")
                stream.flush()  # a reader who is interrupted loses nothing


def _ask(row: "Mapping[str, Any]", place: str) -> dict[str, Any] | None:
    """One text: the answer, an empty one to skip, None to stop."""
    from rich.console import Console

    from classifiers.taxonomy import AREAS, TRENDS

    Console().clear()
    typer.secho(f"{place} · {row.get('kind') or 'unknown kind'} · {row.get('language') or ''}", dim=True)
    typer.secho(str(row.get("title") or ""), bold=True)
    typer.echo(f"\n{row.get('text') or ''}\n")
    grades = {"c": "core", "a": "adjacent", "n": "none"}
    while (choice := typer.prompt("[c]ore [a]djacent [n]one [s]kip [q]uit").strip().lower()[:1]) not in {
        *grades, "s", "q",
    }:  # fmt: skip
        typer.echo("c, a, n, s or q")
    if choice in "qs":
        return None if choice == "q" else {}
    relevant = choice != "n"
    return {
        "grade": grades[choice],
        "areas": _choose("Areas", list(AREAS.values())) if relevant else [],
        "trends": _choose("Trends", list(TRENDS.values())) if relevant else [],
    }


def _choose(what: str, labels: list[str]) -> list[str]:
    listed = "  ".join(f"{number} {name}" for number, name in enumerate(labels, 1))
    while True:
        answer = typer.prompt(f"{listed}\n{what}, numbers or nothing", default="", show_default=False)
        numbers = answer.replace(",", " ").split()
        if all(number.isdigit() and 1 <= int(number) <= len(labels) for number in numbers):
            return [labels[int(number) - 1] for number in dict.fromkeys(numbers)]
        typer.echo(f"numbers from 1 to {len(labels)}")


@label_app.command("import")
def import_labels(
    file: Annotated[
        Path, typer.Argument(help="The queue with annotator, grade, areas and trends filled in.")
    ],
    config: ConfigOption = None,
) -> None:
    """Store labels; a wrong line stops the import before anything is written."""
    from datetime import UTC, datetime

    from pymongo import DeleteOne, UpdateOne

    from classifiers.labels import read_labels

    if not file.is_file():
        raise UsageError(f"{file}: no such file")
    labels, problems = read_labels(file.read_text(encoding="utf-8").splitlines())
    if problems:
        raise UsageError(f"{file}: " + "; ".join(problems))
    now = datetime.now(UTC)
    updates = [
        UpdateOne(
            {"_id": f"{label['id']}:{label['annotator']}:{label['pass']}"},
            {"$set": {"signal": label["id"], "labelled_at": now, **{name: label[name] for name in _STORED}}},
            upsert=True,
        )
        for label in labels
    ]
    # Labels without a pass are first readings of an earlier version, under a key of their own.
    replaced = [DeleteOne({"_id": f"{x['id']}:{x['annotator']}"}) for x in labels if x["pass"] == 1]
    with open_migrated_database(settings(config)) as db:
        if updates:
            db.labels.bulk_write([*updates, *replaced])  # in this order: killed in between, nothing is lost
    typer.echo(f"{len(updates)} labels stored")


@label_app.command()
def export(config: ConfigOption = None) -> None:
    """Print the stored labels as JSON lines that `dsi label import` and `dsi train` read; no texts."""
    with open_configured_database(settings(config)) as db:
        for label in db.labels.find().sort("_id", 1):
            row = {"id": label["signal"], **{name: label.get(name) for name in _STORED}}
            emit({**row, "pass": label.get("pass") or 1}, lines=True)


@label_app.command()
def stats(
    file: Annotated[
        Path | None, typer.Argument(help="Label file; default: the labels in the database.")
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Count labels and measure the agreement of annotators (Cohen's kappa), by kind and language."""
    from classifiers.labels import agreement, read_labels

    if file is not None:
        if not file.is_file():
            raise UsageError(f"{file}: no such file")
        labels, problems = read_labels(file.read_text(encoding="utf-8").splitlines())
        if problems:
            raise UsageError(f"{file}: " + "; ".join(problems))
        emit(agreement(labels, keys=("pool",)))
        return
    with open_configured_database(settings(config)) as db:
        stored = list(db.labels.find())
        facets = {
            signal["_id"]: signal
            for signal in db.signals.find(
                {"_id": {"$in": [label["signal"] for label in stored]}}, {"kind": 1, "language": 1}
            )
        }
    emit(
        agreement(
            [
                {
                    "areas": [], **label, "id": label["signal"],
                    **{key: facets.get(label["signal"], {}).get(key) for key in ("kind", "language")},
                }
                for label in stored
            ]
        )
    )  # fmt: skip
