"""Where the organisations of a network are drawn: each network laid out alone, all packed into rows."""

from collections.abc import Mapping
from math import sqrt

import networkx as nx

__all__ = ["MAX_DRAWN", "positions"]

MAX_DRAWN = 240
"""Organisations that are drawn: more are a cloud of ink."""
GAP = 0.6
SEED = 2017


def positions(graph: "nx.Graph[str]", most: int = MAX_DRAWN) -> dict[str, tuple[float, float]]:
    """Places of the organisations with partners in the plane, the largest networks first.

    Args:
        graph: the network.
        most: organisations drawn; a network that no longer fits is left out, unless it is the first, of
            which those with the most partners are drawn.

    """
    parts = sorted((sorted(part) for part in nx.connected_components(graph) if len(part) > 1), key=_size)
    drawn: list[Mapping[str, tuple[float, float]]] = []
    left = most
    for part in parts:
        if len(part) > left and drawn:
            continue
        kept = sorted(part, key=lambda key: (-graph.degree(key), key))[:left]
        left -= len(kept)
        drawn.append(_layout(graph, sorted(kept)))
    return _packed(drawn)


def _size(part: list[str]) -> tuple[int, str]:
    return -len(part), part[0]


def _layout(graph: "nx.Graph[str]", part: list[str]) -> dict[str, tuple[float, float]]:
    # Within a square whose side grows with the root of the number, so that all networks are equally dense.
    ordered: nx.Graph[str] = nx.Graph()
    ordered.add_nodes_from(part)
    ordered.add_edges_from(sorted((a, b) for a, b in graph.subgraph(part).edges))
    found = nx.spring_layout(ordered, k=1.8 / sqrt(len(part)), seed=SEED, iterations=120)
    side = sqrt(len(part))
    low = [min(point[axis] for point in found.values()) for axis in (0, 1)]
    high = [max(point[axis] for point in found.values()) for axis in (0, 1)]
    scale = side / (max(high[0] - low[0], high[1] - low[1]) or 1.0)
    return {
        key: (float((x - low[0]) * scale), float((y - low[1]) * scale))
        for key, (x, y) in sorted(found.items())
    }


def _packed(drawn: list[Mapping[str, tuple[float, float]]]) -> dict[str, tuple[float, float]]:
    # Rows from top to bottom, as wide as the first network or the root of the whole area.
    width = max(sqrt(sum(len(part) for part in drawn) * 1.8), sqrt(len(drawn[0])) if drawn else 0)
    placed: dict[str, tuple[float, float]] = {}
    left = top = height = 0.0
    for part in drawn:
        side = sqrt(len(part))
        if left and left + side > width:
            left, top, height = 0.0, top + height + GAP, 0.0
        placed.update({key: (round(left + x, 3), round(top + y, 3)) for key, (x, y) in part.items()})
        left, height = left + side + GAP, max(height, side)
    return placed
