"""Folds, samples, thresholds, figures, words, and a whole small training."""

import json

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from classifiers.corpus import load_training
from classifiers.evaluate import below_floor, evaluate, evaluate_held_out
from classifiers.fitting import Samples, review_band, spread
from classifiers.measures import average_precision, best_threshold, bootstrap, calibration_error, f1, micro_f1
from classifiers.model import load_model, save_model
from classifiers.ngrams import NgramVectorizer
from classifiers.train import fit, prepare


@pytest.fixture(scope="module")
def rows():
    return load_training()[:260]


@pytest.fixture(scope="module")
def model(rows):
    return fit(prepare(rows))


def test_rows_of_one_source_stay_in_one_fold_and_folds_are_even():
    names = ["big"] * 40 + [f"s{i}" for i in range(60)]
    fold = spread(names, 5)
    assert len(set(fold[:40])) == 1
    assert sorted(np.bincount(fold))[:4] == [15, 15, 15, 15]


def test_adjacent_rows_count_a_little_on_both_sides():
    target, half = np.asarray([True, False, False]), np.asarray([False, True, False])
    samples = Samples.of(target, np.ones(3), half)
    of_row = [
        (bool(t), w) for r, t, w in zip(samples.row, samples.target, samples.weight, strict=True) if r == 1
    ]
    assert sum(w for t, w in of_row if t) == pytest.approx(0.2)
    assert sum(w for t, w in of_row if not t) == pytest.approx(0.1)
    assert sum(samples.weight[samples.row == 0]) == pytest.approx(1.0)


def test_threshold_is_the_middle_of_the_best_plateau():
    target = np.asarray([False] * 50 + [True] * 50)
    score = np.asarray([0.2] * 50 + [0.6] * 50)
    assert best_threshold([(target, score)]) == pytest.approx(0.4, abs=0.02)


def test_review_band_lies_around_the_threshold():
    random = np.random.default_rng(0)
    probability = random.random(2000)
    low, high = review_band(random.random(2000) < probability, probability, 0.5)
    assert low < 0.5 < high


def test_figures_of_a_small_example():
    target, chosen = np.asarray([True, True, False, False]), np.asarray([True, False, True, False])
    assert f1(target, chosen) == 0.5
    assert average_precision(target, np.asarray([0.9, 0.2, 0.5, 0.1])) == pytest.approx((1 + 2 / 3) / 2)
    assert average_precision(np.asarray([False]), np.asarray([0.1])) is None
    assert calibration_error(target, np.asarray([0.5] * 4)) == 0.0
    assert micro_f1([["a", "b"], []], [["a"], ["b"]]) == 0.5


def test_interval_is_wider_when_few_publishers_hold_the_items():
    target = np.asarray([True, False] * 50)
    chosen = np.concatenate([target[:50], ~target[50:]])  # right for two publishers, wrong for two

    def width(groups):
        low, high = bootstrap(groups, lambda i: f1(target[i], chosen[i]))
        return high - low

    assert width([str(i // 25) for i in range(100)]) > 2 * width([str(i) for i in range(100)])


def test_letters_of_too_few_sources_are_left_out():
    texts = ["amt dorf", "amt dorf", "amt kino"]
    assert sorted(NgramVectorizer.fit(texts, ["a", "b", "c"], least=3).vocabulary) == [
        " am", " amt", " amt ", "amt", "amt ", "mt ",
    ]  # fmt: skip
    assert NgramVectorizer.fit(texts, ["a", "a", "a"], least=2).vocabulary == []


def test_letters_count_as_those_of_scikit_learn():
    texts = ["alpha alpha beta", "alpha gamma", "beta gamma gamma delta"]
    own = NgramVectorizer.fit(texts, ["a", "b", "c"], least=1)
    theirs = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True).fit(texts)
    assert sorted(own.vocabulary) == sorted(theirs.vocabulary_)
    order = [own.vocabulary.index(ngram) for ngram in theirs.get_feature_names_out()]
    assert own.transform(texts).toarray()[:, order] == pytest.approx(
        theirs.transform(texts).toarray(), abs=1e-6
    )


def test_words_add_up_to_the_weighted_sum_of_a_text():
    text = "alpha beta beta gamma alphabet xyz"
    vectorizer = NgramVectorizer.fit([text, "alpha"], ["a", "b"], least=1)
    weights = np.linspace(-1, 1, len(vectorizer.vocabulary))
    parts = vectorizer.contributions(vectorizer.read(text), weights)
    assert set(parts) == set(text.split())
    assert sum(parts.values()) == pytest.approx((vectorizer.transform([text]) @ weights)[0], abs=1e-5)
    assert vectorizer.contributions(vectorizer.read(""), weights) == {}


def test_text_without_known_letters_is_an_empty_row():
    vectorizer = NgramVectorizer.fit(["alpha beta"], ["a"], least=1)
    assert vectorizer.transform(["", "xyz 12"]).nnz == 0
    assert vectorizer.transform([]).shape == (0, len(vectorizer.vocabulary))


def test_no_source_or_address_is_a_feature(model):
    prefixes = {name.split(":")[0] for name in model.info["features"]}
    assert prefixes == {"all", "title", "organisation", "window", "kind", "area", "trend", "concept"}


def test_training_twice_gives_the_same_file(model, rows, tmp_path):
    again = fit(prepare(rows))
    for name, one in (("a", model), ("b", again)):
        save_model(one, tmp_path / f"{name}.json")
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


def test_saved_model_scores_as_the_fitted_one(model, rows, tmp_path):
    save_model(model, tmp_path / "m.json")
    loaded = load_model(tmp_path / "m.json")
    assert evaluate(rows[:60], loaded)["overall"] == evaluate(rows[:60], model)["overall"]


def test_too_few_rows_are_refused(rows):
    with pytest.raises(ValueError, match="too few"):
        fit(prepare(rows[:10]))


@pytest.mark.slow
def test_evaluation_has_baselines_facets_and_a_random_split(rows):
    report = evaluate_held_out(rows)
    assert set(report["baselines"]) == {"keyword rule", "TF-IDF and logistic regression", "lexicon alone"}
    assert report["overall"]["n"] == len(rows)
    assert (
        report["overall"]["f1_interval"][0] <= report["overall"]["f1"] <= report["overall"]["f1_interval"][1]
    )
    assert report["by_language"]["en"]["n"] > 20
    assert -1 < report["split_difference"] < 1
    json.dumps(report)


def test_gate_names_each_measure_that_fails(tmp_path):
    gate = tmp_path / "gate.toml"
    tables = ("overall.at_least]\nf1 = 0.8", "overall.at_most]\nece = 0.05", "by_kind.post.at_least]\nf1 = 0.5",
              "by_kind.award.at_least]\nf1 = 0.5")  # fmt: skip
    gate.write_text("\n".join(f"[{table}" for table in tables))
    report = {
        "overall": {"f1": 0.7, "ece": 0.06},
        "by_kind": {"post": {"f1": 0.4}, "award": {"f1": None}},
    }
    assert [sentence.split(" is ")[0] for sentence in below_floor(report, gate)] == [
        "overall f1", "overall ece", "by_kind post f1",
    ]  # fmt: skip


@pytest.mark.parametrize("line", ['{"grade": "perhaps"}', "no", '{"grade": "core", "areas": ["Sport"]}'])
def test_wrong_training_line_is_named(line, tmp_path):
    file = tmp_path / "texts.jsonl"
    file.write_text('{"grade": "none", "title": "a"}\n' + line + "\n")
    with pytest.raises(ValueError, match=r"texts\.jsonl, line 2"):
        load_training(file)
