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
    output: Annotated[
        Path | None, typer.Option(help="Folder for the model; default: the one that is shipped.")
    ] = None,
) -> None:
    """Train the model from the texts and labels that come with the software."""
    import classifiers
    from classifiers.train import train as train_model

    emit(train_model(output or Path(classifiers.__file__).parent / "data"))


def evaluate(
    labelled: Annotated[
        list[Path] | None,
        typer.Argument(help="JSON Lines of texts with `grade`; default: the training texts."),
    ] = None,
    gate: Annotated[
        bool, typer.Option("--gate", help="Exit with 7 where a measure is below its floor.")
    ] = False,
    config: ConfigOption = None,
) -> None:
    """Evaluate the model beside simpler baselines; without a file: with whole groups of the training texts held out."""
    from classifiers.evaluate import below_floor, evaluate_held_out
    from classifiers.evaluate import evaluate as evaluate_model
    from classifiers.model import load_model
    from classifiers.train import load_training

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
        result = evaluate_held_out(load_training())
    emit(result)
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
                    UpdateOne(
                        {"_id": document["_id"]}, {"$set": {"dsi": {**decision["dsi"], "decided_at": now}}}
                    )
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
    seed: Annotated[int, typer.Option(help="Makes the random part repeatable.")] = 0,
    config: ConfigOption = None,
) -> None:
    """Print signals worth reading as JSON lines: around the threshold, at random, and where model and lexicon differ."""
    from classifiers.labels import queue as choose

    with open_configured_database(settings(config)) as db:
        labelled = set(db.labels.distinct("signal"))
        chosen = choose([s for s in db.signals.find({}, {"dsi": 1}) if s["_id"] not in labelled], size, seed)
        fields = {"title": 1, "text": 1, "kind": 1, "language": 1, "source": 1, "url": 1}
        texts = {
            s["_id"]: s for s in db.signals.find({"_id": {"$in": [row["id"] for row in chosen]}}, fields)
        }
    for row in chosen:
        emit(
            {**row, **texts[row["id"]], "annotator": None, "grade": None, "areas": [], "trends": []},
            lines=True,
        )


@label_app.command("import")
def import_labels(
    file: Annotated[
        Path, typer.Argument(help="The queue with annotator, grade, areas and trends filled in.")
    ],
    config: ConfigOption = None,
) -> None:
    """Store labels; a wrong line stops the import before anything is written."""
    from datetime import UTC, datetime

    from pymongo import UpdateOne

    from classifiers.labels import read_labels

    if not file.is_file():
        raise UsageError(f"{file}: no such file")
    labels, problems = read_labels(file.read_text(encoding="utf-8").splitlines())
    if problems:
        raise UsageError(f"{file}: " + "; ".join(problems))
    names = ("annotator", "grade", "areas", "trends", "guide_version")
    updates = [
        UpdateOne(
            {"_id": f"{label['id']}:{label['annotator']}"},
            {
                "$set": {
                    "signal": label["id"],
                    "labelled_at": datetime.now(UTC),
                    **{name: label[name] for name in names},
                }
            },
            upsert=True,
        )
        for label in labels
    ]
    with open_configured_database(settings(config)) as db:
        if updates:
            db.labels.bulk_write(updates, ordered=False)
    typer.echo(f"{len(updates)} labels stored")


@label_app.command()
def stats(config: ConfigOption = None) -> None:
    """Count labels and measure the agreement of annotators (Cohen's kappa)."""
    from classifiers.labels import agreement

    with open_configured_database(settings(config)) as db:
        emit(agreement([{**label, "id": label["signal"]} for label in db.labels.find()]))
