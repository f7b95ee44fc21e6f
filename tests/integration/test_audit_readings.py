"""Which reading of a drawn signal corrects the numbers."""

from datetime import UTC, datetime

import pytest

from indicators.audit import draw_audit, read_audit


@pytest.fixture
def drawn(db):
    """One signal of an audit sample."""
    db.signals.insert_one({"_id": "a", "kind": "post", "dsi": {"grade": "core", "score": 0.9}})
    draw_audit(db, 1, 1, datetime(2026, 3, 1, tzinfo=UTC))
    return db


def label(grade, annotator="x", **more):
    number = f":{more['pass']}" if more else ""
    return {"_id": f"a:{annotator}{number}", "signal": "a", "annotator": annotator, "grade": grade, **more}


def grades(db):
    return [grade for _, _, grade, _ in read_audit(db)]


def test_a_second_reading_measures_agreement_and_corrects_nothing(drawn):
    drawn.labels.insert_many([label("none", "a", **{"pass": 2}), label("core", "b", **{"pass": 1})])
    assert grades(drawn) == ["core"]


def test_a_label_without_a_pass_is_a_first_reading(drawn):
    drawn.labels.insert_many([label("none", "a", **{"pass": 2}), label("core", "b")])
    assert grades(drawn) == ["core"]
