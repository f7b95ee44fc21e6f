"""Which organisations work together: a graph of organisations linked by shared projects, grants and calls.

Two organisations are linked by a project in which both take part, by a grant that one gave or both received,
and by a call that both announced. Registers are read whole; grants and calls where they are graded core.
An organisation of an award is the register's where exactly one of the register has its folded name.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import networkx as nx
from pymongo.database import Database

from classifiers.fold import fold
from storage.errors import reported

__all__ = ["Summary", "communities", "from_database", "from_documents", "summary"]

Document = Mapping[str, Any]
MAX_MEMBERS = 500
"""More organisations than this under one project or grant are a list: counted as left out."""
MAX_SIGNALS = 5
"""Keys of signals that a link names as its evidence."""
SEED = 2017
"""Start of the random order of the community search: the same graph has the same communities."""
FIELDS = (
    "kind", "source", "native_id", "title", "cluster_id", "organisation", "recipient", "organisations",
    "place",
)  # fmt: skip
LINKS = {"project": "project", "award": "grant", "funding_call": "call"}
"""Kind of a signal -> kind of the link that it makes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Connectedness of a graph of organisations."""

    organisations: int
    """Organisations, linked or not."""
    connected: int
    """Organisations with at least one link."""
    share_connected: float | None
    """`connected` of `organisations`, 0 to 1."""
    components: int
    """Networks: connected components of two or more organisations."""
    largest: int
    """Organisations of the largest network."""
    links: int
    """Pairs of organisations with something in common."""
    mean_degree: float | None
    """Mean number of partners, over all organisations."""
    max_degree: int
    """Most partners of one organisation."""
    placed_links: int
    """Links between organisations whose countries are both known."""
    cross_border: int
    """Of these, links between two countries."""
    share_cross_border: float | None
    """`cross_border` of `placed_links`, 0 to 1."""
    communities: int
    """Communities of two or more organisations (Louvain; Blondel et al. 2008, J. Stat. Mech. P10008)."""
    modularity: float | None
    """Modularity of the communities, weighted; empty without links."""
    left_out: int
    """Projects, grants and calls with more organisations than can be a collaboration."""
    unknown_members: int
    """References of projects to organisations that the register does not list."""


def from_database(db: Database[dict[str, Any]], grades: Iterable[str] = ("core",)) -> "nx.Graph[str]":
    """Read the graph from stored signals.

    Raises:
        StorageError: the database cannot be read.

    """
    whole = {"kind": {"$in": ["organisation", "project"]}}
    graded = {"kind": {"$in": ["award", "funding_call"]}, "dsi.grade": {"$in": list(grades)}}
    with reported("read the network of organisations"):
        # Two queries, each on the index of kinds: one with `$or` would read the whole collection.
        found = [
            signal
            for wanted in (whole, graded)
            for signal in db.signals.find(wanted, dict.fromkeys(FIELDS, 1))
        ]
    return from_documents(sorted(found, key=lambda signal: str(signal["_id"])))


def from_documents(documents: Iterable[Document]) -> "nx.Graph[str]":
    """Build the graph from signals; those of one cluster are one thing, other kinds are passed over.

    Nodes have `name`, `country` and `sector`, edges `weight` (things in common), `kinds` (of links, joined by
    `|`), `signals` (keys of the first things, joined by `|`) and `cross_border`. Nodes and edges are in
    alphabetical order of their keys.
    """
    loose: list[Document] = []
    facts: dict[str, dict[str, str]] = {}
    listed: dict[tuple[Any, Any], str] = {}
    names: dict[str, set[str]] = defaultdict(set)
    for document in documents:
        if document.get("kind") == "organisation":
            key = _key(document)
            listed[document.get("source"), document.get("native_id")] = key
            _note(facts, key, document.get("organisation"), document.get("place"), document.get("title"))
            names[_folded(facts[key]["name"])].add(key)
        elif document.get("kind") in LINKS:
            loose.append(document)

    def node(organisation: Mapping[str, Any] | None, place: Any = None) -> str | None:
        name = _folded((organisation or {}).get("name") or "")
        if not organisation or not name:
            return None
        same = names.get(name, set())
        key = next(iter(same)) if len(same) == 1 else f"name:{name}"
        key = f"id:{organisation['id']}" if organisation.get("id") and len(same) != 1 else key
        _note(facts, key, organisation, place, None)
        return key

    things: dict[tuple[str, str], set[str]] = defaultdict(set)
    signals: dict[tuple[str, str], str] = {}
    unknown = 0
    for document in loose:
        kind = LINKS[document["kind"]]
        members: list[str | None]
        if kind == "project":
            references = [(document.get("source"), member) for member in document.get("organisations") or ()]
            members = [listed.get(reference) for reference in references]
            unknown += sum(member is None for member in members)
        else:
            # The place of an award is where it is spent: the recipient's, not the funder's.
            members = [
                node(document.get("organisation")),
                node(document.get("recipient"), document.get("place")),
            ]
        things[kind, _key(document)].update(member for member in members if member)
        signals.setdefault((kind, _key(document)), str(document.get("_id") or _key(document)))
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from((key, facts[key]) for key in sorted(facts))
    graph.graph.update(unknown_members=unknown, left_out=sum(len(m) > MAX_MEMBERS for m in things.values()))
    _link(graph, things, signals)
    return graph


def _link(
    graph: "nx.Graph[str]",
    things: Mapping[tuple[str, str], set[str]],
    signals: Mapping[tuple[str, str], str],
) -> None:
    shared: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for thing, members in sorted(things.items()):
        if len(members) <= MAX_MEMBERS:
            for pair in combinations(sorted(members), 2):
                shared[pair].append(thing)
    for (a, b), found in sorted(shared.items()):
        countries = {graph.nodes[a]["country"], graph.nodes[b]["country"]}
        graph.add_edge(
            a, b, weight=len(found), kinds="|".join(sorted({kind for kind, _ in found})),
            signals="|".join(signals[thing] for thing in found[:MAX_SIGNALS]),
            cross_border="unknown" if "" in countries else "yes" if len(countries) == 2 else "no",
        )  # fmt: skip


def communities(graph: "nx.Graph[str]") -> list[list[str]]:
    """Communities of two or more organisations, the largest first, members in alphabetical order."""
    linked = [key for key in sorted(graph) if graph.degree(key)]
    # Numbers instead of text: the order of a set of text differs from process to process.
    number = {key: at for at, key in enumerate(linked)}
    plain = nx.Graph()
    plain.add_nodes_from(range(len(linked)))
    plain.add_weighted_edges_from(
        (number[a], number[b], data["weight"]) for a, b, data in graph.edges(data=True)
    )
    found = nx.community.louvain_communities(plain, seed=SEED) if linked else []
    groups = [sorted(linked[at] for at in group) for group in found]
    return sorted((group for group in groups if len(group) > 1), key=lambda group: (-len(group), group[0]))


def summary(graph: "nx.Graph[str]") -> Summary:
    """Measure a graph."""
    nodes = graph.number_of_nodes()
    degrees = [degree for _, degree in graph.degree()]
    networks = sorted(len(part) for part in nx.connected_components(graph) if len(part) > 1)
    borders = [crossing for _, _, crossing in graph.edges(data="cross_border")]
    placed, crossing = sum(b != "unknown" for b in borders), borders.count("yes")
    groups = communities(graph)
    linked = graph.subgraph([key for group in groups for key in group])
    return Summary(
        organisations=nodes, connected=sum(networks),
        share_connected=sum(networks) / nodes if nodes else None,
        components=len(networks), largest=networks[-1] if networks else 0, links=graph.number_of_edges(),
        mean_degree=sum(degrees) / nodes if nodes else None, max_degree=max(degrees, default=0),
        placed_links=placed, cross_border=crossing, share_cross_border=crossing / placed if placed else None,
        communities=len(groups),
        modularity=nx.community.modularity(linked, groups) if linked.number_of_edges() else None,
        left_out=graph.graph.get("left_out", 0), unknown_members=graph.graph.get("unknown_members", 0),
    )  # fmt: skip


def _key(document: Document) -> str:
    return str(
        document.get("cluster_id")
        or document.get("_id")
        or f"{document.get('source')}:{document.get('native_id')}"
    )


def _folded(name: str) -> str:
    return " ".join(fold(name).split())


def _note(
    facts: dict[str, dict[str, str]], key: str, organisation: Any, place: Any, title: str | None
) -> None:
    """Keep what is known of an organisation; the first that says something is kept."""
    entry = facts.setdefault(key, {"name": "", "country": "", "sector": ""})
    country = (place or {}).get("country")
    stated = {
        "name": (organisation or {}).get("name") or title, "sector": (organisation or {}).get("sector"),
        "country": None if country in {"ZZ", "EU"} else country,
    }  # fmt: skip
    for field, value in stated.items():
        entry[field] = entry[field] or value or ""
