"""Measure the model on labelled items of sources it has not seen, beside simpler ways to decide.

Every source is held out once: the models that score its items are fitted on all other sources and on the
texts written for training. Nothing of a held-out item, of its source or its publisher reaches a model.
"""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from classifiers.baselines import BASELINES, Fitted
from classifiers.dimensions import pick
from classifiers.features import LEARNT
from classifiers.fitting import spread
from classifiers.lexicon import load_lexicon
from classifiers.measures import average_precision, bootstrap, calibration_error, f1, micro_f1
from classifiers.model import Model
from classifiers.pools import group_of, source_of
from classifiers.taxonomy import AREAS
from classifiers.train import Prepared, fit, is_real, prepare

__all__ = ["below_floor", "evaluate", "evaluate_held_out"]

_GATE = Path(__file__).with_name("gate.toml")
FOLDS = 6
"""Parts in which the sources are held out."""
_LEAST = 20  # items below which a facet is shown with its number only


def _model_scores(model: Model, data: Prepared) -> dict[str, np.ndarray]:
    ngrams = model.vectorizer.transform([reading.folded for reading in data.readings])
    return {t: model.probability(t, data.features, ngrams) for t in model.info["targets"]}


def _picked(model: Model, scores: Mapping[str, np.ndarray], dimension: str, i: int) -> list[str]:
    prefix = dimension + ":"
    own = {t[len(prefix) :]: float(v[i]) for t, v in scores.items() if t.startswith(prefix)}
    cut = model.info["thresholds"][dimension]
    return [label["name"] for label in pick(own, cut["floor"], cut["ratio"])]


def _decided(model: Model, data: Prepared) -> list[dict[str, Any]]:
    """What the model says about each row, with what the labels say."""
    scores = _model_scores(model, data)
    cut = model.info["thresholds"]
    decided = []
    for i, row in enumerate(data.rows):
        core, relevant = float(scores["core"][i]), float(scores["relevant"][i])
        decided.append({
            "row": row, "core": core, "relevant": relevant,
            "is_core": core >= cut["core"], "is_relevant": relevant >= cut["relevant"] or core >= cut["core"],
            **{d: _picked(model, scores, d, i) for d in LEARNT if d in cut},
        })  # fmt: skip
    return decided


def _held_out(
    data: Prepared, names: Sequence[str], fitted: Callable[[Prepared], list[Fitted]] | None
) -> dict[str, Any]:
    """Decisions of every real row by models that were fitted without the rows of its name."""
    fold = spread(names, FOLDS)
    real = np.asarray([is_real(row) for row in data.rows])
    chosen = real if real.any() else np.ones(len(real), dtype=bool)
    decided: list[dict[str, Any]] = []
    baselines: dict[str, list[tuple[float, bool]]] = {}
    full = fitted is not None
    for number in np.unique(fold[chosen]):
        outside = chosen & (fold == number)
        inside, part = data.part(np.flatnonzero(~outside)), data.part(np.flatnonzero(outside))
        decided += _decided(fit(inside, labels=full), part)
        for simple in fitted(inside) if fitted is not None else ():
            scores = simple.score(part)
            baselines.setdefault(simple.name, []).extend(
                (float(s), bool(s >= simple.threshold)) for s in scores
            )
    return {"decided": decided, "baselines": baselines}


def evaluate_held_out(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Fit without, and measure on, one part of the sources at a time; once more with random parts.

    Args:
        rows: labelled texts; where real items (`pool`) are among them, only those are measured.

    Returns:
        `overall`, `baselines` (the same measures), `by_draw`, `by_kind`, `by_language`, `by_area`, `labels` (areas and
        trends), `random_split` and `split_difference` (random minus source-held-out F1).

    Raises:
        ValueError: too few rows or sources (see `classifiers.train.fit`).

    """
    lexicon = load_lexicon()
    data = prepare(rows, lexicon)
    sources = [source_of(row) if is_real(row) else f"own {i}" for i, row in enumerate(rows)]
    out = _held_out(data, sources, lambda part: [make(part, lexicon) for make in BASELINES])
    report = _report(out["decided"])
    groups = [group_of(d["row"]) for d in out["decided"]]
    target = np.asarray([d["row"]["grade"] == "core" for d in out["decided"]])
    report["baselines"] = {
        name: _measures(target, np.asarray([s for s, _ in pairs]), np.asarray([c for _, c in pairs]), groups)
        for name, pairs in out["baselines"].items()
    }
    mixed = np.random.default_rng(0).permutation(len(rows))
    random = _held_out(data, [str(i) for i in mixed], None)["decided"]
    report["random_split"] = _overall(random)
    report["split_difference"] = round(report["random_split"]["f1"] - report["overall"]["f1"], 4)
    return report


def evaluate(labelled: Sequence[Mapping[str, Any]], model: Model) -> dict[str, Any]:
    """Measure a given model; what it was trained on measures nothing.

    Raises:
        ValueError: nothing is labelled.

    """
    if not labelled:
        raise ValueError("no labelled items: check that the label file and the pools share identifiers")
    return _report(_decided(model, prepare(labelled)))


def _measures(
    target: np.ndarray, score: np.ndarray, chosen: np.ndarray, groups: Sequence[str]
) -> dict[str, Any]:
    precision = float((target & chosen).sum()) / max(int(chosen.sum()), 1)
    recall = float((target & chosen).sum()) / max(int(target.sum()), 1)
    ap = average_precision(target, score)
    return {
        "n": len(target),
        "positives": int(target.sum()),
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f1": round(f1(target, chosen), 4),
        "f1_interval": bootstrap(groups, lambda i: f1(target[i], chosen[i])),
        "ap": None if ap is None else round(ap, 4),
        "ap_interval": bootstrap(groups, lambda i: average_precision(target[i], score[i]), rounds=200),
    }


def _overall(decided: Sequence[Mapping[str, Any]], what: str = "core") -> dict[str, Any]:
    grades = ("core",) if what == "core" else ("core", "adjacent")
    target = np.asarray([d["row"]["grade"] in grades for d in decided])
    score = np.asarray([d[what] for d in decided])
    chosen = np.asarray([d[f"is_{what}"] for d in decided])
    measures = _measures(target, score, chosen, [group_of(d["row"]) for d in decided])
    return {**measures, "ece": round(calibration_error(target, score), 4)}


def _report(decided: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    clear = [d for d in decided if d["row"]["grade"] != "adjacent"]
    report: dict[str, Any] = {
        "overall": _overall(decided),
        "without_adjacent": _overall(clear) if clear else None,
        "core_or_adjacent": _overall(decided, "relevant"),
    }
    for key in ("draw", "kind", "language"):
        values = sorted({str(d["row"].get(key) or "unknown") for d in decided})
        report[f"by_{key}"] = {
            value: _facet([d for d in decided if str(d["row"].get(key) or "unknown") == value])
            for value in values
        }
    report["by_area"] = {
        name: _facet(
            [d for d in decided if area in (d["row"].get("areas") or ()) or d["row"]["grade"] == "none"]
        )
        for area, name in AREAS.items()
    }
    report["labels"] = {dimension: _label_measures(decided, dimension) for dimension in LEARNT}
    return report


def _facet(decided: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    target = np.asarray([d["row"]["grade"] == "core" for d in decided], dtype=bool)
    if len(decided) < _LEAST or not target.any():
        return {"n": len(decided), "positives": int(target.sum()), "f1": None, "ap": None}
    found = _overall(decided)
    clear = [d for d in decided if d["row"]["grade"] != "adjacent"]
    truth = np.asarray([d["row"]["grade"] == "core" for d in clear])
    return {
        **{key: found[key] for key in ("n", "positives", "f1", "f1_interval", "ap")},
        "f1_without_adjacent": round(f1(truth, np.asarray([d["is_core"] for d in clear])), 4),
    }


def _label_measures(decided: Sequence[Mapping[str, Any]], dimension: str) -> dict[str, Any]:
    """Labels of items that people found relevant, as in a perfect first stage."""
    relevant = [d for d in decided if d["row"]["grade"] != "none"]
    truth = [list(d["row"].get(f"{dimension}s") or ()) for d in relevant]
    chosen = [d[dimension] for d in relevant]
    groups = [group_of(d["row"]) for d in relevant]
    return {
        "n": len(relevant),
        "micro_f1": round(micro_f1(truth, chosen), 4),
        "micro_f1_interval": bootstrap(
            groups, lambda i: micro_f1([truth[j] for j in i], [chosen[j] for j in i]), rounds=200
        ) if relevant else None,
    }  # fmt: skip


def below_floor(report: Mapping[str, Any], path: Path | None = None) -> list[str]:
    """Compare a report with the floors of `gate.toml`; one sentence per measure that fails.

    A section is the path of a table in the report, `[overall.at_least]` or `[by_kind.dataset.at_least]`;
    what the report does not measure (too few items) does not fail.
    """
    floors = tomllib.loads((path or _GATE).read_text(encoding="utf-8"))
    return list(_failures(floors, report, ""))


def _failures(floors: Mapping[str, Any], report: Any, where: str) -> list[str]:
    failed: list[str] = []
    for key, wanted in floors.items():
        if key in ("at_least", "at_most"):
            for name, bound in wanted.items():
                value = report.get(name)
                if value is not None and (value < bound if key == "at_least" else value > bound):
                    failed.append(f"{where}{name} is {value}, {key.replace('_', ' ')} {bound} is asked")
        elif isinstance(report.get(key), Mapping):
            failed += _failures(wanted, report[key], f"{where}{key} ")
    return failed
