"""Write the network of organisations as files that other programs read: GraphML and two CSV tables."""

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import networkx as nx
from pymongo.database import Database

from indicators.network import communities, from_database, summary
from indicators.tables import to_csv
from storage.errors import StorageError

__all__ = ["EDGE_COLUMNS", "NODE_COLUMNS", "network_files", "write_network"]

EDGE_COLUMNS: dict[str, tuple[str, str]] = {
    "source": ("string", "Key of one organisation, as in network_nodes.csv"),
    "target": ("string", "Key of the other one"),
    "weight": ("integer", "Projects, grants and calls that the two have in common"),
    "kinds": ("string", "What they have in common: call, grant, project, joined by |"),
    "signals": ("string", "Signals that link the two, at most five, joined by |"),
    "cross_border": ("string", "yes, no, or unknown where a country is"),
}
"""Column of network_edges.csv -> type and definition."""
NODE_COLUMNS: dict[str, tuple[str, str]] = {
    "key": ("string", "Key of the organisation: its cluster or signal, else its identifier or folded name"),
    "name": ("string", "Name as the source writes it"),
    "country": ("string", "ISO 3166-1 alpha-2 code; empty where unknown"),
    "sector": ("string", "public, civil-society, academic or private; empty where no rule decides"),
    "degree": ("integer", "Partners"),
    "component": ("integer", "Number of its network, 1 the largest; empty without partners"),
    "community": ("integer", "Number of its community, 1 the largest; empty without partners"),
}
"""Column of network_nodes.csv -> type and definition."""


def network_files(graph: "nx.Graph[str]") -> dict[str, bytes]:
    """Files of a graph by name; the same graph gives the same bytes."""
    ranked = sorted(
        (sorted(part) for part in nx.connected_components(graph) if len(part) > 1),
        key=lambda part: (-len(part), part[0]),
    )
    component = _numbers(ranked)
    community = _numbers(communities(graph))
    written: nx.Graph[str] = nx.Graph()
    for key in sorted(graph):
        numbers = {"component": component.get(key), "community": community.get(key)}
        known = {name: number for name, number in numbers.items() if number is not None}
        written.add_node(key, **graph.nodes[key], degree=graph.degree(key), **known)
    edges = sorted((*sorted((a, b)), data) for a, b, data in graph.edges(data=True))
    for a, b, data in edges:
        written.add_edge(a, b, **data)
    nodes = ({"key": key, **data} for key, data in written.nodes(data=True))
    pairs = ({"source": a, "target": b, **data} for a, b, data in edges)
    measures = ({"measure": name, "value": value} for name, value in asdict(summary(graph)).items())
    return {
        "network.graphml": ("\n".join(nx.generate_graphml(written)) + "\n").encode(),
        "network_nodes.csv": _csv(NODE_COLUMNS, nodes),
        "network_edges.csv": _csv(EDGE_COLUMNS, pairs),
        "network_summary.csv": _csv(("measure", "value"), measures),
    }


def write_network(source: "Database[dict[str, Any]] | nx.Graph[str]", directory: Path) -> list[Path]:
    """Write the network into a folder that exists.

    Args:
        source: the database, or a graph made by `indicators.network`.
        directory: where the files are written; those of the same name are replaced.

    Returns:
        the files, in alphabetical order.

    Raises:
        StorageError: the database cannot be read, or the folder cannot be written to.

    """
    files = network_files(source if isinstance(source, nx.Graph) else from_database(source))
    try:
        for name, content in files.items():
            (Path(directory) / name).write_bytes(content)
    except OSError as error:
        raise StorageError(f"{directory}: the network cannot be written: {error.strerror}") from error
    return [Path(directory) / name for name in sorted(files)]


def _numbers(groups: list[list[str]]) -> dict[str, int]:
    return {key: number for number, group in enumerate(groups, start=1) for key in group}


def _csv(columns: Iterable[str], rows: Iterable[dict[str, Any]]) -> bytes:
    names = list(columns)
    return to_csv(names, ([row.get(name) for name in names] for row in rows))
