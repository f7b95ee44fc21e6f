"""The verbs of the model and of the labelling loop, with a store and files."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from typer.testing import CliRunner

from classifiers.classifier import Classifier
from crawler.cli import app
from crawler.errors import ConfigurationError, QualityGateError, UsageError

NOW = datetime(2026, 6, 1, tzinfo=UTC)
TEXTS = [
    ("core", "Open platform for residents", "Volunteers of our charity build an open source platform with residents, "
     "so that older people without internet can take part in participatory budgeting at the library."),
    ("none", "Warehouse operative", "Load and unload lorries in shifts with a forklift. Competitive salary, meal "
     "vouchers and a company car after probation. Apply with your CV."),
]  # fmt: skip


@pytest.fixture
def dsi(db, database_uri, monkeypatch):
    """Run a verb on the test database."""
    monkeypatch.setenv("MONGODB_URI", database_uri)
    monkeypatch.setenv("DSI_DATABASE", db.name)

    def run(*arguments, **options):
        return CliRunner().invoke(app, list(arguments), **options)

    return run


@pytest.fixture
def stored(db):
    """Forty classified signals of two sources, decided by an older model."""
    results = Classifier.load().classify([{"id": g, "title": t, "text": x} for g, t, x in TEXTS])
    for number in range(40):
        grade, title, text = TEXTS[number % 2]
        decision = {**results[number % 2]["dsi"], "model": "older", "score": number / 40}
        db.signals.insert_one({
            "_id": f"{grade}{number}", "title": title, "text": text, "kind": "post", "language": "en",
            "source": f"source-{number % 4}", "url": "https://example.org/", "family": "social",
            "first_seen": NOW + timedelta(days=number), "last_seen": NOW, "last_run": "r", "dsi": decision,
        })  # fmt: skip
    return db


def lines(result):
    assert result.exit_code == 0, result.exception
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_queue_then_labels_then_agreement(dsi, stored, tmp_path):
    queue = lines(dsi("label", "queue", "--size", "10"))
    assert len({row["id"] for row in queue}) == 10
    assert {"random", "uncertain", "new source"} <= {row["reason"] for row in queue}
    file = tmp_path / "labels.jsonl"
    labels = [
        {"id": row["id"], "grade": "core", "areas": ["Science"], "trends": [], "annotator": name}
        for row in queue for name in ("a1", "a2")
    ]  # fmt: skip
    file.write_text("\n".join(map(json.dumps, labels)))
    assert "20 labels stored" in dsi("label", "import", str(file)).stdout
    assert [row["areas"] for row in lines(dsi("label", "export"))] == [["Science"]] * 20
    stats = json.loads(dsi("label", "stats").stdout)
    assert (stats["items"], stats["double"], stats["areas_f1"]) == (10, 10, 1.0)
    again = {row["id"] for row in lines(dsi("label", "queue", "--size", "10"))}
    assert not again & {row["id"] for row in queue}


def twice_read(dsi, file):
    """Import a first and a second reading of one text, both by the same annotator."""
    readings = [
        {"id": "core0", "grade": "core", "annotator": "a1", "pass": 1},
        {"id": "core0", "grade": "none", "annotator": "a1", "pass": 2},
    ]
    file.write_text("\n".join(map(json.dumps, readings)))
    assert "2 labels stored" in dsi("label", "import", str(file)).stdout


def test_a_second_reading_is_stored_beside_the_first(dsi, stored, tmp_path):
    twice_read(dsi, tmp_path / "labels.jsonl")
    stats = json.loads(dsi("label", "stats").stdout)
    assert (stats["labels"], stats["items"], stats["double"]) == (2, 1, 1)


def test_exported_labels_say_which_reading_they_are(dsi, stored, tmp_path):
    twice_read(dsi, tmp_path / "labels.jsonl")
    assert [(row["pass"], row["grade"]) for row in lines(dsi("label", "export"))] == [
        (1, "core"),
        (2, "none"),
    ]


def test_a_label_stored_without_a_pass_is_a_first_reading_and_replaced_as_such(dsi, stored, tmp_path):
    stored.labels.insert_one({"_id": "core0:a1", "signal": "core0", "annotator": "a1", "grade": "adjacent"})
    assert [row["pass"] for row in lines(dsi("label", "export"))] == [1]
    twice_read(dsi, tmp_path / "labels.jsonl")
    assert [(row["pass"], row["grade"]) for row in lines(dsi("label", "export"))] == [
        (1, "core"),
        (2, "none"),
    ]


def test_wrong_label_stops_the_import_before_anything_is_written(dsi, stored, tmp_path):
    file = tmp_path / "labels.jsonl"
    file.write_text('{"id": "a", "grade": "core", "annotator": "a1"}\n{"id": "b"}\n')
    result = dsi("label", "import", str(file))
    assert isinstance(result.exception, UsageError)
    assert "line 2" in str(result.exception)
    assert stored.labels.count_documents({}) == 0


def test_reading_in_the_terminal_hides_the_score_and_can_be_resumed(dsi, stored, tmp_path):
    queue, output = tmp_path / "queue.jsonl", tmp_path / "labels.jsonl"
    queue.write_text(dsi("label", "queue", "--size", "3").stdout)
    command = ("label", "read", str(queue), "--annotator", "a1", "--output", str(output))
    first = dsi(*command, input="x\nc\n12\n2 9\n1\nq\n")  # a wrong letter and a wrong number are asked again
    assert first.exit_code == 0, first.exception
    assert "score" not in first.stdout
    label = json.loads(output.read_text())
    assert (label["grade"], label["trends"]) == ("core", ["Open data"])
    assert label["areas"] == ["Participation and democracy", "Energy and environment"]
    assert dsi(*command, input="n\ns\n").exit_code == 0
    assert [json.loads(line)["grade"] for line in output.read_text().splitlines()] == ["core", "none"]


def test_stale_signals_are_decided_again_and_then_no_more(dsi, stored):
    assert "40 signals" in dsi("reclassify", "--stale").stdout
    assert stored.signals.distinct("dsi.model") == [Classifier.load().version]
    assert set(stored.signals.distinct("dsi.grade")) == {"core", "none"}
    assert "0 signals" in dsi("reclassify", "--stale").stdout


def test_drift_compares_before_and_after_a_day(dsi, stored):
    rows = json.loads(dsi("drift", "--since", "2026-06-21", "--json").stdout)
    assert {(row["items_before"], row["items"]) for row in rows} == {(5, 5)}


def test_gate_ends_with_its_own_exit_code(dsi, tmp_path):
    file = tmp_path / "labelled.jsonl"
    rows = [{"id": str(i), "title": t, "text": x, "grade": "none" if g == "core" else "core", "language": "en"}
            for i, (g, t, x) in enumerate(TEXTS * 15)]  # fmt: skip
    file.write_text("\n".join(map(json.dumps, rows)))
    assert dsi("evaluate", str(file)).exit_code == 0
    result = dsi("evaluate", str(file), "--gate", "--json")
    assert isinstance(result.exception, QualityGateError)
    assert result.exception.exit_code == 7
    assert "overall f1" in str(result.exception)


def test_pools_that_are_not_there_are_a_configuration_error(dsi, tmp_path):
    result = dsi("train", "--output", str(tmp_path), "--pools", str(tmp_path / "none"))
    assert isinstance(result.exception, ConfigurationError)
    assert "no such folder" in str(result.exception)


@pytest.mark.slow
def test_training_without_pools_makes_a_usable_model(dsi, tmp_path):
    result = dsi("train", "--output", str(tmp_path), "--own-texts-only")
    assert result.exit_code == 0, result.exception
    graded = Classifier.load(tmp_path / "model.json").classify(
        [{"id": g, "title": t, "text": x} for g, t, x in TEXTS]
    )
    assert [row["dsi"]["grade"] for row in graded] == ["core", "none"]
    assert json.loads(result.stdout)["training"]["sources"] == 0


def test_a_model_that_has_graded_signals_is_noted_with_its_measures(dsi, stored):
    dsi("reclassify")
    (model,) = stored.models.find()
    assert {entry["dsi"]["model"] for entry in stored.signals.find()} == {model["_id"]}
    assert model["metrics"]["core"]["ap"] > 0.5
