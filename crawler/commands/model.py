"""`dsi train`, `dsi evaluate`, `dsi reclassify`, `dsi label`: the model and its labels."""

from pathlib import Path
from typing import Annotated, Any

import typer

from crawler.commands.common import ConfigOption, emit, open_configured_database, read_jsonl, settings
from crawler.errors import QualityGateError, UsageError

label_app = typer.Typer(help="Collect labels by reading.", no_args_is_help=True)
BATCH = 256
"""Signals scored together."""


def register(app: typer.Typer) -> None:
    """Add the verbs to the command tree."""
    app.command()(train)
    app.command()(evaluate)
    app.command()(reclassify)
    app.add_typer(label_app, name="label")


def train(
    output: Annotated[Path | None, typer.Option(help="Folder for the model; default: the one in use.")] = None,
    config: ConfigOption = None,
) -> None:
    """Train the model from the texts and labels that come with the software."""
    from classifiers.train import train as train_model

    emit(train_model(output or settings(config).model))


def evaluate(
    pool: Annotated[list[Path] | None, typer.Option(help="JSON Lines with the texts of labelled items; may be repeated.")] = None,
    gate: Annotated[bool, typer.Option("--gate", help="Exit with 7 where a measure is below its floor.")] = False,
    config: ConfigOption = None,
) -> None:
    """Evaluate the model with whole sources held out, beside simpler baselines."""
    from classifiers.evaluate import below_floor, evaluate as evaluate_model

    texts = [record for path in pool or [] for _, record, _ in read_jsonl(str(path)) if record is not None]
    result = evaluate_model(texts, model=settings(config).model)
    emit(result)
    if gate and (failures := below_floor(result)):
        raise QualityGateError("; ".join(failures))


def reclassify(
    stale: Annotated[bool, typer.Option("--stale", help="Only signals that another model version decided.")] = False,
    config: ConfigOption = None,
) -> None:
    """Score what is stored with the present model; nothing is crawled again."""
    from datetime import UTC, datetime

    from pymongo import UpdateOne

    from classifiers.classifier import Classifier

    values = settings(config)
    classifier = Classifier.load(values.model)
    query = {"dsi.model": {"$ne": classifier.version}} if stale else {}
    decided = 0
    with open_configured_database(values) as db:
        batch: list[dict[str, Any]] = []

        def flush() -> None:
            decisions = classifier.classify([{**document, "id": document["_id"]} for document in batch])
            now = datetime.now(UTC)
            db.signals.bulk_write(
                [
                    UpdateOne({"_id": document["_id"]}, {"$set": {"dsi": {**decision["dsi"], "decided_at": now}}})
                    for document, decision in zip(batch, decisions, strict=True)
                ],
                ordered=False,
            )
            batch.clear()

        for document in db.signals.find(query, {"title": 1, "text": 1, "kind": 1, "language": 1}):
            batch.append(document)
            decided += 1
            if len(batch) == BATCH:
                flush()
        if batch:
            flush()
    typer.echo(f"{decided} signals decided by model {classifier.version}")


@label_app.command()
def queue(
    size: Annotated[int, typer.Option(min=1, help="Signals to read.")] = 50,
    config: ConfigOption = None,
) -> None:
    """Print signals worth reading as JSON lines: around the threshold and at random."""
    from classifiers.labels import choose

    with open_configured_database(settings(config)) as db:
        labelled = set(db.labels.distinct("signal"))
        fields = {"title": 1, "text": 1, "kind": 1, "language": 1, "source": 1, "url": 1, "dsi.grade": 1, "dsi.score": 1}
        pool = [document for document in db.signals.find({}, fields) if document["_id"] not in labelled]
    for document in choose(pool, size):
        emit({**document, "grade": None, "areas": [], "trends": []}, lines=True)


@label_app.command("import")
def import_labels(
    file: Annotated[Path, typer.Argument(help="The queue with `grade`, `areas` and `trends` filled in.")],
    annotator: Annotated[str, typer.Option(help="Who read; a pseudonym.")],
    config: ConfigOption = None,
) -> None:
    """Store labels; a line without a grade is passed over, a wrong one stops the import before anything is written."""
    from datetime import UTC, datetime

    from pymongo import UpdateOne

    from classifiers.labels import GUIDE_VERSION, check_label

    updates = []
    for number, record, error in read_jsonl(str(file)):
        problem = error or (check_label(record) if record and record.get("grade") else None)
        if problem:
            raise UsageError(f"{file}: line {number}: {problem}")
        if record and record.get("grade"):
            label = {name: record.get(name) for name in ("grade", "areas", "trends")}
            key = {"signal": record["_id"], "annotator": annotator}
            updates.append(
                UpdateOne(
                    {"_id": f"{record['_id']}:{annotator}"},
                    {"$set": {**key, **label, "guide_version": GUIDE_VERSION, "labelled_at": datetime.now(UTC)}},
                    upsert=True,
                )
            )
    with open_configured_database(settings(config)) as db:
        if updates:
            db.labels.bulk_write(updates, ordered=False)
    typer.echo(f"{len(updates)} labels stored")


@label_app.command()
def stats(config: ConfigOption = None) -> None:
    """Count labels and measure the agreement of annotators (Cohen's kappa)."""
    from classifiers.labels import agreement

    with open_configured_database(settings(config)) as db:
        emit(agreement(list(db.labels.find({}, {"_id": 0}))))
