"""`dsi train`, `dsi evaluate`, `dsi reclassify`, `dsi drift`: the model."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from crawler.commands.common import (
    ConfigOption,
    JsonOption,
    day,
    emit,
    open_configured_database,
    open_migrated_database,
    read_jsonl,
    settings,
    table,
)
from crawler.errors import ConfigurationError, QualityGateError, UsageError

BATCH = 256
"""Signals scored together."""

PoolsOption = Annotated[
    Path | None,
    typer.Option(
        "--pools", help="Folder with the texts of labelled real items; default: DSI_POOLS or ../shared/data."
    ),
]
OwnOption = Annotated[
    bool, typer.Option("--own-texts-only", help="Leave real items out: only what the repository holds.")
]


def register(app: typer.Typer) -> None:
    """Add the verbs to the command tree."""
    app.command()(train)
    app.command()(evaluate)
    app.command()(reclassify)
    app.command()(drift)


def _pools(given: Path | None, own_only: bool) -> Path | None:
    """The folder of the real items, or None; says on standard error which it is."""
    from classifiers.pools import pool_directory

    try:
        found = None if own_only else pool_directory(given)
    except FileNotFoundError as error:
        raise ConfigurationError(str(error)) from error
    sys.stderr.write(f"labelled real items: {found or 'none, only the texts of the repository'}\n")
    return found


def train(
    output: Annotated[
        Path | None, typer.Option(help="Folder for the model; default: the one that is shipped.")
    ] = None,
    pools: PoolsOption = None,
    own_texts_only: OwnOption = False,
) -> None:
    """Train the model from the texts of the repository and, where they are present, labelled real items."""
    import classifiers
    from classifiers.train import train as train_model

    target = output or Path(classifiers.__file__).parent / "data"
    emit(train_model(target, pools=_pools(pools, own_texts_only)))


def evaluate(
    labelled: Annotated[
        list[Path] | None,
        typer.Argument(help="JSON Lines of texts with `grade`: measures the shipped model on them."),
    ] = None,
    gate: Annotated[
        bool, typer.Option("--gate", help="Exit with 7 where a measure is below its floor.")
    ] = False,
    card: Annotated[Path | None, typer.Option(help="Write the model card to this file.")] = None,
    pools: PoolsOption = None,
    own_texts_only: OwnOption = False,
    as_json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Evaluate beside simpler baselines: models fitted without the sources they are measured on."""
    from classifiers.card import card as render
    from classifiers.card import tables
    from classifiers.corpus import load_real, load_training
    from classifiers.evaluate import below_floor, evaluate_held_out
    from classifiers.evaluate import evaluate as evaluate_model
    from classifiers.model import load_model

    if labelled:
        rows = [
            row
            for path in labelled
            for _, row, _ in read_jsonl(str(path))
            if row is not None and row.get("grade")
        ]
        if not rows:
            raise UsageError("no line carries a `grade`")
        result = evaluate_model(rows, load_model(settings(config).model))
    else:
        found = _pools(pools, own_texts_only)
        result = evaluate_held_out(load_training() + (load_real(found) if found else []))
    if card is not None:
        card.write_text(render(load_model(settings(config).model).info, result), "utf-8")
    if as_json:
        emit(result)
    else:
        for title, heads, cells in tables(result):
            table(title, heads, cells)
    if gate and (failures := below_floor(result)):
        raise QualityGateError("; ".join(failures))


def reclassify(
    stale: Annotated[
        bool, typer.Option("--stale", help="Only signals that another model version decided.")
    ] = False,
    config: ConfigOption = None,
) -> None:
    """Score what is stored with the present model; nothing is crawled again."""
    from datetime import UTC, datetime

    from pymongo import UpdateOne

    from classifiers.classifier import Classifier
    from storage import models

    values = settings(config)
    classifier = Classifier.load(values.model)
    # What was forgotten keeps the decision about its text: without the text there is nothing to decide.
    query: dict[str, Any] = {"forgotten_at": None}
    query |= {"dsi.model": {"$ne": classifier.version}} if stale else {}
    fields = {"title": 1, "text": 1, "kind": 1, "language": 1, "organisation": 1}
    decided = 0
    with open_migrated_database(values) as db:
        models.remember(db, classifier.info, datetime.now(UTC))
        batch: list[dict[str, Any]] = []

        def flush() -> None:
            decisions = classifier.classify([{**document, "id": document["_id"]} for document in batch])
            now = datetime.now(UTC)
            db.signals.bulk_write(
                [
                    UpdateOne(
                        {"_id": document["_id"]}, {"$set": {"dsi": {**decision["dsi"], "decided_at": now}}}
                    )
                    for document, decision in zip(batch, decisions, strict=True)
                ],
                ordered=False,
            )
            batch.clear()

        for document in db.signals.find(query, fields):
            batch.append(document)
            decided += 1
            if len(batch) == BATCH:
                flush()
        if batch:
            flush()
    typer.echo(f"{decided} signals decided by model {classifier.version}")


def drift(
    since: Annotated[str, typer.Option(help="Day from which signals count as new, by first sighting.")],
    as_json: JsonOption = False,
    config: ConfigOption = None,
) -> None:
    """Compare scores of new signals with those before, per source and language; alerts first."""
    from classifiers.drift import drift as compare

    start = day(since, "--since")
    wanted = ("source", "language", "dsi.score", "dsi.grade", "dsi.abstained", "dsi.matched.concept")
    fields = dict.fromkeys(wanted, 1)
    with open_configured_database(settings(config)) as db:
        rows = compare(
            db.signals.find({"first_seen": {"$lt": start}}, fields),
            db.signals.find({"first_seen": {"$gte": start}}, fields),
        )
    if as_json:
        emit(rows)
        return
    heads = ("source", "language", "items_before", "items", "score_shift", "core_before", "core", "alerts")
    cells = [[row[head] if head != "alerts" else "; ".join(row[head]) for head in heads] for row in rows]
    table("Drift", [head.replace("_", " ") for head in heads], cells)
