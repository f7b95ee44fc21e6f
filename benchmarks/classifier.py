"""Documents per second on one core: our classifier beside the libraries used directly, in one run.

Texts are those written for training, all languages mixed, repeated in another order; nothing is downloaded.
Ratios count, not absolute figures: machines differ, and other work on them disturbs.
"""

import argparse
import random
import time

from py3langid.langid import MODEL_FILE, LanguageIdentifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from threadpoolctl import threadpool_limits

from classifiers.classifier import Classifier
from classifiers.corpus import load_training
from classifiers.language import LANGUAGES

LENGTH = 1_200
"""Characters per document, the mean of the real adverts, datasets and grants in the pools."""


def documents(number, seed=0):
    """Training texts of one language after another, put together to the length of a real item."""
    chooser = random.Random(seed)
    by_language = {}
    for row in load_training():
        by_language.setdefault(row["language"], []).append(f"{row['title']}. {row['text']}")
    languages = sorted(by_language)
    for i in range(number):
        text = ""
        while len(text) < LENGTH:
            text += chooser.choice(by_language[languages[i % len(languages)]]) + "\n"
        title, _, body = text.partition(". ")
        yield {"id": str(i), "title": title, "text": body[:LENGTH], "kind": "post"}


def rate(work, number):
    """Documents per second of processor time: waiting for other processes does not count."""
    start = time.process_time()
    work()
    return number / (time.process_time() - start)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=2_000)
    records = list(documents(parser.parse_args().documents))
    others = list(documents(len(records), seed=1))
    texts = [f"{record['title']}\n{record['text']}" for record in records]
    rows = load_training()
    pipeline = make_pipeline(TfidfVectorizer(ngram_range=(1, 2)), LogisticRegression())
    characters = make_pipeline(TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5)), LogisticRegression())
    for simple in (pipeline, characters):
        simple.fit([row["text"] for row in rows], [row["grade"] == "core" for row in rows])
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(LANGUAGES)
    start = time.perf_counter()
    classifier = Classifier.load()
    print(f"model and word lists loaded in {time.perf_counter() - start:.2f} s")
    start = time.process_time()
    classifier.classify(list(documents(len({row["language"] for row in rows}))))
    print(f"word lists of all languages compiled in {time.process_time() - start:.2f} s")
    with threadpool_limits(1):
        results = {
            "dsi: grade, labels, evidence (first pass)": rate(
                lambda: classifier.classify(records), len(texts)
            ),
            "dsi: other documents, most words seen": rate(lambda: classifier.classify(others), len(others)),
            "dsi: the first again, all words seen": rate(lambda: classifier.classify(records), len(texts)),
            "py3langid alone, whole text": rate(lambda: [identifier.classify(t) for t in texts], len(texts)),
            "scikit-learn TF-IDF words 1-2 + LR": rate(lambda: pipeline.predict_proba(texts), len(texts)),
            "scikit-learn TF-IDF char_wb 3-5 + LR": rate(lambda: characters.predict_proba(texts), len(texts)),
        }
    ours = results["dsi: grade, labels, evidence (first pass)"]
    print(f"{len(texts)} documents of {LENGTH} characters in {len({r['language'] for r in rows})} languages")
    for name, value in results.items():
        print(f"{name:44s} {value:8.0f} documents/s  {value / ours:6.2f} x")


if __name__ == "__main__":
    main()
