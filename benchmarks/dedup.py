"""Near-duplicates: processor time and memory per advert as their number grows, and the quality of the decision.

    python benchmarks/dedup.py [NUMBER ...]

Each number of synthetic adverts runs in a process of its own, so that its memory is its own. Three in ten
adverts are written from shared templates (up to a few hundred uses each), one in ten is a re-post. Timed is
what one advert costs: folding, signature, lookup, decision. Beside it, in the same run and the same seconds, the
words and the bare signature of a text are timed: machines differ and other work on them disturbs, so growth is
told by the ratio of the two, from number to number and between the halves of one run. The quality tables need
the recorded items beside the repository and the labels in `tests/data/dedup_pairs.jsonl`.
"""

import json
import math
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import accumulate
from typing import Any

NUMBERS = (10_000, 30_000, 100_000)
WORDS, VOCABULARY = 300, 60_000
TEMPLATES_PER = 150
"""Adverts per template on average, among those written from one."""
REMEMBERED = 2000
"""Adverts of which the next re-post may be one: boards repeat what is new."""
TOWNS = [f"Town{n}" for n in range(2000)]
YARDSTICK = 50
"""Texts whose bare signature is timed after each thousand adverts."""
PAIRS = 400
"""Adverts from which re-posts and further instances are constructed."""


def adverts(number: int, seed: int = 7) -> Iterator[dict[str, Any]]:
    """Synthetic adverts; word frequencies follow Zipf's law as in a natural text."""
    rng = random.Random(seed)
    vocabulary = [f"w{n:x}" for n in range(VOCABULARY)]
    weights = [*accumulate(1 / (rank + 3) for rank in range(VOCABULARY))]

    def text(words: int) -> list[str]:
        return rng.choices(vocabulary, cum_weights=weights, k=words)

    templates = [text(WORDS) for _ in range(max(1, number * 3 // 10 // TEMPLATES_PER))]
    roles = [f"role{n:x}" for n in range(400)]
    earlier: list[dict[str, Any]] = []
    for index in range(number):
        draw = rng.random()
        if draw < 0.1 and earlier:
            old = rng.choice(earlier)
            words = old["text"].split()[rng.randrange(30) :]
            yield old | {"id": f"a{index}", "text": " ".join(words), "source": f"board{index % 50}"}
            continue
        family = rng.randrange(len(templates))
        body = list(templates[family]) if draw < 0.4 else text(WORDS + rng.randint(-150, 250))
        stem = f"field{family:x}" if draw < 0.4 else rng.choice(vocabulary)
        town, firm = rng.choice(TOWNS), f"{rng.randrange(number // 5 + 1):x}works Ltd"
        body[5:5] = [firm, "in", town]
        advert = {
            "id": f"a{index}", "kind": "job_advert", "title": f"{stem} {rng.choice(roles)}",
            "text": " ".join(body), "organisation": firm, "place": town, "country": "NL", "language": "en",
            "date": f"2026-{index % 12 + 1:02d}-{index % 28 + 1:02d}", "source": f"board{index % 50}",
        }  # fmt: skip
        if len(earlier) < REMEMBERED:
            earlier.append(advert)
        else:
            earlier[index % REMEMBERED] = advert
        yield advert


def peak() -> float:
    """Most memory that this process has taken so far, MB."""
    unit = 1 if sys.platform == "darwin" else 1024  # bytes there, kilobytes elsewhere
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def measure(number: int) -> None:
    """Print one row of the speed table."""
    from crawler.dedup import ClusterIndex, read
    from crawler.dedup.keys import signature
    from crawler.dedup.words import words

    source = adverts(number)
    batch = [next(source)]
    texts = [advert["text"] for advert in adverts(YARDSTICK)]
    before = peak()
    index, slowest, done = ClusterIndex(), 0.0, 0
    spent, bare, signed = [0.0, 0.0], [0.0, 0.0], [0, 0]
    while batch:
        half = int(2 * done >= number)
        start = time.process_time()
        for values in batch:
            index.add(*read(values, values["id"]))
        took = time.process_time() - start
        spent[half] += took
        slowest = max(slowest, took / len(batch)) if done else 0.0
        start = time.process_time()
        for text in texts:
            signature(words(text))
        bare[half], signed[half] = bare[half] + time.process_time() - start, signed[half] + len(texts)
        done += len(batch)
        batch = [values for _, values in zip(range(1000), source, strict=False)]
    start = time.process_time()
    clusters = len({index.link(f"a{n}").cluster for n in range(number)})
    link = (time.process_time() - start) / number
    ratio = (sum(spent) / number) / (sum(bare) / sum(signed))
    halves = [spent[half] / bare[half] * signed[half] if signed[half] else math.nan for half in (0, 1)]
    growth = halves[1] / halves[0]
    row = (
        number, sum(spent) / number * 1e3, ratio, growth, slowest * 1e3, link * 1e3, peak() - before, peak(), clusters
    )  # fmt: skip
    print("| {:>9,} | {:.3f} | {:.2f} | {:.2f} | {:.3f} | {:.3f} | {:,.0f} | {:,.0f} | {:,} |".format(*row))


def quality() -> None:
    """Print the tables of real and constructed pairs."""
    from tests.support.dedup_scoring import POOLS, agreement, constructed, labels, methods, pool, score

    if not POOLS.exists():
        print("\nquality: the recorded items are not beside the repository")
        return
    pairs, items = labels(), pool()
    read_twice, equal, kappa = agreement(pairs)
    counts = {
        r: sum(p.relation == r for p in pairs if p.reading == 1) for r in ("same", "series", "different")
    }
    print(f"\nLabelled pairs: {counts}; {read_twice} read twice: {equal:.1%} equal, kappa {kappa:.2f}")
    for part in sorted({p.part for p in pairs}):
        print(
            f"\n{part}\n\n| method | precision | recall | F1 | near-identical templates merged | pairs | same |"
        )
        print("|---|---|---|---|---|---|---|")
        for name, same in methods(items).items():
            s = score((p for p in pairs if p.part == part), same)
            row = (name, s.precision, s.recall, s.f1, s.templates_merged, s.pairs, s.same)
            print("| {} | {:.2f} | {:.2f} | {:.2f} | {:.1%} | {} | {} |".format(*row))
    s = constructed(items, PAIRS)
    print(f"\nConstructed: {s.pairs} pairs, precision {s.precision:.3f}, recall {s.recall:.3f}")


def main(numbers: list[int]) -> None:
    """Measure each number in a process of its own, then the quality."""
    heads = (
        "adverts", "ms CPU per advert", "times a signature", "second half over first", "slowest thousand",
        "ms per link", "MB for the index", "MB in all", "clusters",
    )  # fmt: skip
    print(f"| {' | '.join(heads)} |")
    print("|---" * len(heads) + "|", flush=True)
    for number in numbers:
        subprocess.run([sys.executable, __file__, "--one", json.dumps(number)], check=True)
    quality()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        measure(int(sys.argv[2]))
    else:
        main([int(n) for n in sys.argv[1:]] or list(NUMBERS))
