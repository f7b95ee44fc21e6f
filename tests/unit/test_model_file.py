import json
import shutil
import time
from pathlib import Path

import pytest

from classifiers.classifier import Classifier
from classifiers.lexicon import load_lexicon
from classifiers.model import DEFAULT_PATH, ModelError, load_model


@pytest.fixture
def copy(tmp_path):
    for suffix in (".json", ".npz"):
        shutil.copy(DEFAULT_PATH.with_suffix(suffix), tmp_path / f"model{suffix}")
    return tmp_path / "model.json"


def test_packaged_model_loads(copy):
    assert Classifier.load(copy).version == Classifier.load().version


def test_truncated_numbers_are_refused(copy):
    npz = copy.with_suffix(".npz")
    npz.write_bytes(npz.read_bytes()[:-100])
    with pytest.raises(ModelError, match="checksum"):
        Classifier.load(copy)


def test_altered_threshold_is_refused(copy):
    document = json.loads(copy.read_text(encoding="utf-8"))
    document["thresholds"]["core"] -= 0.05
    copy.write_text(json.dumps(document), "utf-8")
    with pytest.raises(ModelError, match="altered"):
        Classifier.load(copy)


def test_missing_file_says_what_to_do(tmp_path):
    with pytest.raises(ModelError, match="dsi train"):
        Classifier.load(tmp_path / "none.json")


def test_packaged_model_was_trained_with_the_packaged_word_lists():
    """After a change of a list: `dsi train`, then `dsi evaluate --gate --card docs/model-card.md`."""
    assert load_model().info["lexicon"] == load_lexicon().version


def test_model_card_is_about_the_packaged_model():
    """After `dsi train`, write the card again: `dsi evaluate --card docs/model-card.md`."""
    card = (Path(__file__).parents[2] / "docs" / "model-card.md").read_text(encoding="utf-8")
    assert f"Version `{load_model().version}`" in card


def test_model_loads_fast_and_its_files_are_small():
    start = time.process_time()
    load_model()
    assert time.process_time() - start < 0.5
    assert all(DEFAULT_PATH.with_suffix(s).stat().st_size < 1_000_000 for s in (".json", ".npz"))
