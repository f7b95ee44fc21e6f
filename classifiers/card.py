"""The model card, written from the model file and an evaluation so that it cannot drift from the numbers."""

from collections.abc import Mapping
from typing import Any

__all__ = ["card", "tables"]

_FACET_HEAD = ("n", "positives", "F1 [95 %]", "AP", "F1, adjacent left out")
_HEAD = ("n", "positives", "precision", "recall", "F1 [95 %]", "AP [95 %]", "calibration error")


def _cell(found: Mapping[str, Any], key: str) -> str:
    value, interval = found.get(key), found.get(f"{key}_interval")
    if value is None:
        return "–"
    return f"{value:.2f}" + (f" [{interval[0]:.2f}, {interval[1]:.2f}]" if interval else "")


def _row(name: str, found: Mapping[str, Any]) -> list[str]:
    return [
        name, str(found["n"]), str(found["positives"]),
        *(_cell(found, key) for key in ("precision", "recall", "f1", "ap")),
        "–" if found.get("ece") is None else f"{found['ece']:.3f}",
    ]  # fmt: skip


def tables(report: Mapping[str, Any]) -> list[tuple[str, tuple[str, ...], list[list[str]]]]:
    """An evaluation as tables: title, heads, rows of text."""
    rows = [_row("model: core against the rest", report["overall"])]
    rows += [_row(name, found) for name, found in report.get("baselines", {}).items()]
    if report.get("without_adjacent"):
        rows.append(_row("model: core against none, adjacent left out", report["without_adjacent"]))
    rows.append(_row("model: core or adjacent against none", report["core_or_adjacent"]))
    if "random_split" in report:
        rows.append(_row("model: core against the rest, random split", report["random_split"]))
    result: list[tuple[str, tuple[str, ...], list[list[str]]]] = [("Relevance", ("decision", *_HEAD), rows)]
    for key, title in (
        ("by_draw", "draw"),
        ("by_kind", "kind"),
        ("by_language", "language"),
        ("by_area", "area"),
    ):
        facets = [
            [
                name,
                str(f["n"]),
                str(f["positives"]),
                *(_cell(f, key) for key in ("f1", "ap", "f1_without_adjacent")),
            ]
            for name, f in report[key].items()
        ]
        result.append((f"Core by {title}", (title, *_FACET_HEAD), facets))
    labels = [
        [dimension, str(found["n"]), _cell(found, "micro_f1")]
        for dimension, found in report["labels"].items()
    ]
    result.append(("Labels of relevant items", ("dimension", "n", "micro-F1 [95 %]"), labels))
    return result


def _markdown(title: str, heads: tuple[str, ...], rows: list[list[str]]) -> list[str]:
    return [
        f"### {title}", "", f"| {' | '.join(heads)} |", "|---" * len(heads) + "|",
        *(f"| {' | '.join(row)} |" for row in rows), "",
    ]  # fmt: skip


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {number}" for name, number in counts.items()) or "none"


def card(info: Mapping[str, Any], report: Mapping[str, Any]) -> str:
    """Render the card of a model as Markdown.

    Args:
        info: the JSON part of a model (`Model.info`).
        report: an evaluation with held-out sources (`classifiers.evaluate.evaluate_held_out`).

    """
    training = info["training"]
    share = float(info["targets"]["core"]["share"])
    lines = [
        "# Model card", "",
        "Written by `dsi evaluate --card`; do not edit.", "",
        f"Version `{info['version']}`, lexicon `{info['lexicon']}` ({len(info['languages'])} languages: "
        f"{' '.join(info['languages'])}), guide version {info['guide_version']}, scikit-learn "
        f"{info['scikit_learn']}.", "",
        "## Use", "",
        "Grades public texts (adverts, datasets, calls, awards, posts, organisations, projects) as `core`, "
        "`adjacent` or `none` digital social innovation ([guide](annotation.md)), to be counted and then "
        "corrected by an audit sample. Not for decisions about people or single organisations.", "",
        "## How", "",
        f"{len(info['features'])} language-independent features (concepts found, in title, body and "
        f"organisation apart) and TF-IDF of {info['ngrams']} runs of three to five letters, blended "
        f"{1 - share:.0%} to {share:.0%}; "
        "logistic regressions for core, for core or adjacent, and for each area and trend; technologies and "
        "themes follow from the concepts alone. Probabilities are calibrated by a sigmoid on scores of "
        "held-out sources. Source names and addresses are no features. A text of fewer than 8 words, or a bare "
        "title, is `none` with `abstained`.", "",
        f"Thresholds: core {info['thresholds']['core']}, core or adjacent {info['thresholds']['relevant']}; "
        f"`review` between {info['thresholds']['review'][0]} and {info['thresholds']['review'][1]}.", "",
        "## Training", "",
        f"{training['rows']} rows, SHA-256 `{training['sha256']}`.", "",
        "Written for training, with invented organisations (all that a fresh clone trains on):", "",
        *(f"- by {key}: {_counts(counts)}" for key, counts in training["own"].items()), "",
        f"Labelled real items of {training['sources']} sources, whose texts are not in the repository; the "
        "model holds weights and runs of letters found in at least three sources, no texts:", "",
        *(f"- by {key}: {_counts(counts)}" for key, counts in training["real"].items()), "",
        "## Measured with whole sources held out", "",
        "Every source (of collections: every owner) was scored by a model that was fitted without it. "
        "Intervals are bootstrapped over publishers. The sample is enriched: its share of positives is "
        "not that of the web. The third [draw](labels.md) holds what an earlier model was least sure of, so "
        "measures on all are lower than on the first two.", "",
    ]  # fmt: skip
    for title, heads, rows in tables(report):
        lines += _markdown(title, heads, rows)
    if "split_difference" in report:
        lines += [f"Random split minus held-out sources, F1: {report['split_difference']:.3f}.", ""]
    lines += [
        "## Known failures", "",
        "- The border between core and adjacent: public digital teams and open-source tools whose text "
        "names, or does not name, a social need.",
        "- Texts that describe a social problem but name neither method nor openness.",
        "- Languages without a word list are read through a neighbour's list and borrowed English terms.",
        "- The hand that wrote the word lists is close to the hand that wrote the training texts; the "
        "labels of real items are not.", "",
    ]  # fmt: skip
    return "\n".join(lines)
