"""The model card, written from the model file so that it cannot drift from the numbers."""

from collections.abc import Mapping
from typing import Any

__all__ = ["card"]


def card(info: Mapping[str, Any]) -> str:
    """Render the card of a model as Markdown.

    Args:
        info: the JSON part of a model (`Model.info`).

    """
    training = info["training"]
    lines = [
        "# Model card", "",
        f"Version `{info['version']}`, lexicon `{info['lexicon']}`, guide version {info['guide_version']}, "
        f"trained with scikit-learn {info['scikit_learn']}.", "",
        "## Use", "",
        "Grades public texts (adverts, datasets, calls, awards, posts, organisations, projects) as `core`, "
        "`adjacent` or `none` digital social innovation, to be counted and corrected by an audit sample. "
        "Not for decisions about people or single organisations.", "",
        "## How", "",
        f"{len(info['features'])} language-independent features (mostly concept counts) and "
        f"{len(info['vocabulary'])} TF-IDF words, blended {1 - info['word_share']:.0%} to "
        f"{info['word_share']:.0%}; two logistic regressions, calibrated by a sigmoid on held-out scores.", "",
        "## Training texts", "",
        f"{training['rows']} texts in {training['groups']} groups, SHA-256 `{training['sha256']}`. The project's "
        "own texts are written by hand with invented organisations.", "",
    ]  # fmt: skip
    for key in ("grade", "kind", "language"):
        counts = ", ".join(f"{name} {n}" for name, n in sorted(training[key].items()))
        lines.append(f"- by {key}: {counts}")
    lines += ["", "## Held-out measures on the training texts", "", "| decision | F1 | AP | positives |",
              "|---|---|---|---|"]  # fmt: skip
    lines += [f"| {name} | {m['f1']} | {m['ap']} | {m['positives']} |" for name, m in info["metrics"].items()]
    lines += [
        "", "These texts are clearer than real pages and come from the hand that wrote the lexicon: the figures "
        "are optimistic and say nothing about real sources. Use `dsi evaluate` with labelled real items.", "",
        "## Known failures", "",
        "- Languages without a word list are read only through borrowed words.",
        "- Texts that describe a social problem but name neither method nor openness.",
        "- Research calls about democracy or participation may be graded too high.", "",
    ]  # fmt: skip
    return "\n".join(lines)
