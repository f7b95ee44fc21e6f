"""Statements about any record: it gets a result, its evidence lies in its text, more text never breaks it."""

from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers.classifier import Classifier

CLASSIFIER = Classifier.load()
PIECES = st.sampled_from([
    "open data ", "offene Daten ", "données ouvertes ", "отворени данни ", "ανοικτά δεδομένα ", "id-dejta l-miftuħa ",
    "na sonraí oscailte ", "residents ", "Größe ", "\n", "<b>", "&amp; ", "\x00", "ŁÓDŹ ", "participation ",
])  # fmt: skip
TEXTS = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=40).map("".join))


@settings(max_examples=80, deadline=None)
@given(TEXTS, TEXTS)
def test_every_text_gets_a_result_whose_evidence_lies_in_it(title, text):
    dsi = CLASSIFIER.classify([{"id": 1, "title": title, "text": text}])[0]["dsi"]
    joined = f"{title}\n{text}"
    assert 0 <= dsi["score"] <= 1
    assert dsi["grade"] in {"core", "adjacent", "none"}
    assert all(0 <= m["start"] < m["end"] <= len(joined) for m in dsi["matched"])
    assert all(joined[m["start"] : m["end"]].strip() for m in dsi["matched"])


@settings(max_examples=40, deadline=None)
@given(TEXTS)
def test_labels_are_given_to_relevant_texts_only_and_at_most_three(text):
    dsi = CLASSIFIER.classify([{"id": 1, "title": "", "text": text}])[0]["dsi"]
    for key in ("areas", "trends", "technologies", "themes"):
        assert len(dsi[key]) <= (0 if dsi["grade"] == "none" else 3)
        assert [label["score"] for label in dsi[key]] == sorted((x["score"] for x in dsi[key]), reverse=True)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.one_of(st.none(), st.integers(), st.text(max_size=5), st.builds(dict), st.lists(st.none())),
                max_size=8))  # fmt: skip
def test_as_many_answers_as_records_in_their_order(records):
    answers = CLASSIFIER.classify(records)
    assert [("dsi" in a) for a in answers] == [isinstance(r, dict) for r in records]
