"""Areas and trends of the crowd-mapped projects against their owners' tags, by models that saw no other project
of the same owner. Tags are self-declared and loose: careful readers agree with them at F1 0.55 and 0.64.
"""

import html
import json
import re

import numpy as np
import pytest

from classifiers.features import feature_names
from classifiers.fitting import Blocks, Samples, cross_fit, spread
from classifiers.lexicon import load_lexicon
from classifiers.measures import average_precision
from classifiers.model import Model
from classifiers.ngrams import NgramVectorizer
from classifiers.taxonomy import AREAS, TRENDS
from classifiers.train import prepare
from tests.support.shared import recording

pytestmark = [pytest.mark.recorded, pytest.mark.slow]

LEAST_TEXT = 80
"""Characters of a description below which a project says nothing."""


@pytest.fixture(scope="module")
def projects():
    rows = []
    for project in json.loads(recording("dsi4eu/projects.json").read_text(encoding="utf-8")):
        parts = (project[key] or "" for key in ("short_description", "long_description", "social_impact"))
        text = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", " ".join(parts))).split())
        if len(text) >= LEAST_TEXT:
            owners = project["linked_organisation_ids"] or [f"project {project['project_id']}"]
            rows.append({
                "id": project["project_id"], "title": project["project_name"], "text": text, "owner": str(owners[0]),
                "areas": project["support_tags"], "trends": project["focus"],
            })  # fmt: skip
    return rows


@pytest.mark.parametrize(("key", "labels", "least"), [("areas", AREAS, 0.53), ("trends", TRENDS, 0.65)])
def test_owner_tags_are_ranked_as_well_as_asked(projects, key, labels, least):
    tagged = [row for row in projects if set(row[key]) & set(labels.values())]
    lexicon = load_lexicon()
    data = prepare(tagged, lexicon)
    owners = [row["owner"] for row in tagged]
    folded = [reading.folded for reading in data.readings]
    vectorizer = NgramVectorizer.fit(folded, owners)
    kind = [i for i, name in enumerate(feature_names(lexicon)) if name.startswith("kind:")]
    blocks = Blocks(data.features, vectorizer.transform(folded), np.asarray(kind))
    model = Model({"targets": {}}, {}, {}, vectorizer)
    fold, judged = spread(owners, 5), np.ones(len(tagged), dtype=bool)
    precisions = []
    for name in labels.values():
        target = np.asarray([name in row[key] for row in tagged])
        samples = Samples.of(target, np.ones(len(tagged)))
        raw = cross_fit(model, name, blocks, samples, fold, judged, share=0.4, strength=0.05)
        precisions.append(average_precision(target, raw))
    assert len(tagged) > 550
    assert np.mean(precisions) >= least
