"""What the page shows of the network: summary, drawing, and the strongest links with their evidence."""

from typing import Any

import networkx as nx
from pymongo.database import Database

from indicators.drawing import positions
from indicators.evidence import titles
from indicators.network import communities, summary

__all__ = ["network_view"]

LINKS_SHOWN = 40
MEASURES = (
    ("organisations", "Organisations", False), ("connected", "of them with a partner", False),
    ("share_connected", "Share connected", True), ("components", "Networks (connected components)", False),
    ("largest", "Organisations in the largest network", False), ("links", "Links", False),
    ("mean_degree", "Partners per organisation, mean", False), ("max_degree", "Partners, most", False),
    ("cross_border", "Links across a border", False),
    ("share_cross_border", "Share across a border, of links with both countries known", True),
    ("communities", "Communities (Louvain)", False), ("modularity", "Modularity of the communities", False),
    ("unknown_members", "Partners named that no register lists", False),
    ("left_out", "Projects and grants left out because they are lists", False),
)  # fmt: skip
"""Field of the summary, name for people, whether it is a share."""


def network_view(db: Database[dict[str, Any]], graph: "nx.Graph[str]") -> dict[str, Any]:
    """Collect what is shown.

    Returns:
        `summary` (name, value, is a share), `nodes` (name, country, partners, community, x, y), `links`
        (positions of two nodes, weight) and `examples` (names, weight, kinds, evidence).

    Raises:
        StorageError: the evidence cannot be read.

    """
    found = summary(graph)
    drawn = positions(graph)
    group = {key: number for number, part in enumerate(communities(graph), start=1) for key in part}
    at = {key: number for number, key in enumerate(drawn)}
    facts = graph.nodes
    strongest = sorted(graph.edges(data=True), key=lambda edge: (-edge[2]["weight"], sorted(edge[:2])))[
        :LINKS_SHOWN
    ]
    evidence = titles(db, (edge[2]["signals"].split("|")[0] for edge in strongest))
    return {
        "summary": [[title, getattr(found, name), share] for name, title, share in MEASURES],
        "nodes": [
            [facts[key]["name"], facts[key]["country"], graph.degree(key), group.get(key), x, y]
            for key, (x, y) in drawn.items()
        ],
        "links": [
            [at[a], at[b], data["weight"]] for a, b, data in graph.edges(data=True) if a in at and b in at
        ],
        "examples": [
            [facts[a]["name"], facts[b]["name"], data["weight"], data["kinds"].replace("|", ", "),
             _example(evidence.get(data["signals"].split("|")[0]))]
            for a, b, data in strongest
        ],
    }  # fmt: skip


def _example(signal: dict[str, Any] | None) -> list[str | None]:
    return (
        [signal[name] for name in ("title", "url", "source", "date")] if signal else [None, None, None, None]
    )
