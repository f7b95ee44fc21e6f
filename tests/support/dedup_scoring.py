"""Score decisions about pairs of signals against labels read by people; the labels hold ids only."""

import json
import random
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from crawler.dedup import ClusterIndex, Record, read, relate
from crawler.dedup.record import similarity
from crawler.dedup.words import words
from tests.support.reposts import instance, numbered, repost, suitable

POOLS = Path(__file__).parents[3] / "shared" / "data"
LABELS = Path(__file__).parents[1] / "data" / "dedup_pairs.jsonl"
FILES = {"jobs": "jobs/ads.jsonl", "portals": "portals/datasets.jsonl", "funding": "funding/grants.jsonl"}
KINDS = {"jobs": "job_advert", "portals": "dataset"}
FUNDING_KINDS = {"award": "award", "call": "funding_call", "scheme": "funding_call"}
"""All others are procurement notices."""
NAMES = {
    "id": ("id",), "source": ("source",), "url": ("url",), "title": ("title",), "text": ("text",),
    "language": ("language",), "country": ("country",), "date": ("date",), "place": ("place", "city"),
    "organisation": ("employer", "publisher", "funder"), "recipient": ("recipient",),
    "amount": ("amount",), "currency": ("currency",), "identifier": ("external_id",),
}  # fmt: skip
"""Field of `dsi dedup` -> names in the pools."""
NEAR_IDENTICAL = ">=0.9"


class Labelled(NamedTuple):
    """One labelled pair."""

    a: str
    b: str
    relation: str
    band: str
    reading: int
    part: str


class Score(NamedTuple):
    """How well `same` was found."""

    precision: float
    recall: float
    f1: float
    templates_merged: float
    """Share of pairs with near-identical texts that are not the same and were merged all the same."""
    pairs: int
    same: int


def pool(files: Path = POOLS) -> dict[str, dict[str, Any]]:
    """All recorded items, in the fields of `dsi dedup`, by id."""
    found: dict[str, dict[str, Any]] = {}
    for family, name in FILES.items():
        for line in (files / name).read_text(encoding="utf-8").split("\n"):
            if not line:
                continue
            row = json.loads(line)
            kind = KINDS.get(family) or FUNDING_KINDS.get(row["kind"], "notice")
            values = {
                field: next((row[n] for n in names if row.get(n)), None) for field, names in NAMES.items()
            }
            found[row["id"]] = {"kind": kind, **values}
    return found


def labels(path: Path = LABELS) -> list[Labelled]:
    """All labelled pairs, first and second readings."""
    rows = (json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line)
    return [Labelled(r["a"], r["b"], r["relation"], r["band"], r["pass"], r["part"]) for r in rows]


def agreement(pairs: Iterable[Labelled]) -> tuple[int, float, float]:
    """Pairs read twice, share with equal labels, Cohen's kappa over the three relations."""
    by_pair: dict[tuple[str, str], dict[int, str]] = {}
    for pair in pairs:
        by_pair.setdefault((pair.a, pair.b), {})[pair.reading] = pair.relation
    both = [(one[1], one[2]) for one in by_pair.values() if len(one) == 2]
    equal = sum(first == second for first, second in both) / len(both)
    relations = {relation for pair in both for relation in pair}
    chance = (
        sum(sum(first == r for first, _ in both) * sum(second == r for _, second in both) for r in relations)
        / len(both) ** 2
    )
    return len(both), equal, (equal - chance) / (1 - chance)


def score(pairs: Iterable[Labelled], same: Callable[[str, str], bool]) -> Score:
    """Compare a decision with the first readings."""
    hits = misses = wrong = templates = merged = count = 0
    for pair in pairs:
        if pair.reading != 1:
            continue
        count += 1
        decided, true = same(pair.a, pair.b), pair.relation == "same"
        hits += decided and true
        wrong += decided and not true
        misses += true and not decided
        if pair.band == NEAR_IDENTICAL and not true:
            templates += 1
            merged += decided
    precision, recall = hits / max(1, hits + wrong), hits / max(1, hits + misses)
    f1 = 2 * precision * recall / (precision + recall) if hits else 0.0
    return Score(precision, recall, f1, merged / max(1, templates), count, hits + misses)


def methods(items: dict[str, dict[str, Any]]) -> dict[str, Callable[[str, str], bool]]:
    """Our decision with the textbook methods beside it: name -> whether two ids are the same."""
    records: dict[str, Record] = {}

    def record(key: str) -> Record:
        if key not in records:
            records[key] = read(items[key], key)[0]
        return records[key]

    def text(key: str) -> list[str]:
        return words(items[key]["text"] or "")

    def triple(key: str) -> tuple[str, ...]:
        return tuple(" ".join(words(items[key][f] or "")) for f in ("title", "organisation", "place"))

    return {
        "exact hash of the text": lambda a, b: text(a) == text(b),
        "MinHash, Jaccard >= 0.8": lambda a, b: similarity(record(a), record(b)) >= 0.8,
        "title + organisation + place": lambda a, b: triple(a) == triple(b),
        "this decision": lambda a, b: relate(record(a), record(b)).kind == "same",
    }


def clusters(items: Iterable[dict[str, Any]]) -> dict[str, str]:
    """Id -> cluster after all items went through one index, candidates included."""
    index, keys = ClusterIndex(), []
    for values in items:
        index.add(*read(values, values["id"]))
        keys.append(values["id"])
    return {key: index.link(key).cluster for key in keys}


def shuffled(items: Iterable[Any], seed: int) -> Iterator[Any]:
    """Items in a fixed other order."""
    listed = list(items)
    random.Random(seed).shuffle(listed)
    yield from listed


def constructed(items: dict[str, dict[str, Any]], number: int, seed: int = 5) -> Score:
    """Score clusters over constructed re-posts (the same) and further instances of the text (not the same)."""
    rng = random.Random(seed)
    base = [v for _, v in sorted(items.items()) if v["kind"] == "job_advert" and suitable(v)]
    rows: list[dict[str, Any]] = []
    truth: list[Labelled] = []
    for chosen in rng.sample(base, number):
        values = numbered(chosen, rng) if rng.random() < 0.3 else chosen
        again, other = (
            repost(values, rng, values["id"] + "#same"),
            instance(values, rng, values["id"] + "#other"),
        )
        rows += [values, again, other]
        ids = values["id"], again["id"], other["id"]
        for a, b, relation in ((0, 1, "same"), (0, 2, "series"), (1, 2, "series")):
            truth.append(Labelled(ids[a], ids[b], relation, "constructed", 1, "constructed"))
    found = clusters(shuffled(rows, seed))
    return score(truth, lambda a, b: found[a] == found[b])
