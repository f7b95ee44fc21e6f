"""The network of organisations: what links them, what is measured, what is written."""

import csv
import io

import networkx as nx
import pytest

from indicators.network import communities, from_documents, summary
from indicators.networkfiles import network_files, write_network
from storage.errors import StorageError


def organisation(number, country="DE", name=None, **more):
    return {
        "kind": "organisation", "source": "register", "native_id": f"organisation/{number}",
        "_id": f"o{number}", "place": {"country": country},
        "organisation": {"name": name or f"Body {number}", "sector": "academic"},
        **more,
    }  # fmt: skip


def project(number, *members, **more):
    return {
        "kind": "project", "source": "register", "native_id": f"project/{number}", "_id": f"p{number}",
        "organisations": [f"organisation/{member}" for member in members], **more,
    }  # fmt: skip


def award(number, funder, recipient, country="FR", **more):
    return {
        "kind": "award", "source": "grants", "_id": f"a{number}", "organisation": {"name": funder},
        "recipient": {"name": recipient}, "place": {"country": country}, **more,
    }  # fmt: skip


FIVE = [organisation(1), organisation(2), organisation(3, "FR"), organisation(4, "ZZ"), organisation(5)]


def test_partners_of_a_project_are_linked_in_pairs():
    graph = from_documents([*FIVE, project(1, 1, 2, 3), project(2, 1, 2), project(3, 4)])
    assert {frozenset(edge): data for *edge, data in graph.edges(data="weight")} == {
        frozenset({"o1", "o2"}): 2, frozenset({"o1", "o3"}): 1, frozenset({"o2", "o3"}): 1,
    }  # fmt: skip


def test_summary_counts_organisations_networks_and_borders():
    found = summary(from_documents([*FIVE, project(1, 1, 2, 3), project(2, 4, 5)]))
    assert (found.organisations, found.connected, found.share_connected) == (5, 5, 1.0)
    assert (found.components, found.largest, found.links, found.max_degree) == (2, 3, 4, 2)
    assert (found.placed_links, found.cross_border) == (3, 2)
    assert found.mean_degree == 1.6


def test_an_empty_database_has_no_shares():
    found = summary(from_documents([]))
    assert (found.organisations, found.share_connected, found.mean_degree, found.modularity) == (
        0, None, None, None,
    )  # fmt: skip


def test_funder_and_recipient_are_linked():
    graph = from_documents([award(1, "City Fund", "Open Lab"), award(2, "City Fund", "Open  LAB")])
    ((a, b, data),) = graph.edges(data=True)
    assert ({a, b}, data["weight"], data["kinds"]) == ({"name:city fund", "name:open lab"}, 2, "grant")
    assert graph.nodes["name:open lab"]["country"] == "FR"
    assert graph.nodes["name:city fund"]["country"] == ""


def test_a_recipient_with_the_name_of_a_registered_organisation_is_that_organisation():
    graph = from_documents([award(1, "City Fund", "body 1"), *FIVE])
    assert graph.has_edge("name:city fund", "o1")


def test_a_name_that_two_registered_organisations_have_is_neither_of_them():
    labs = [organisation(1, name="Lab"), organisation(2, name="Lab")]
    graph = from_documents([*labs, award(1, "Fund", "Lab")])
    assert graph.has_edge("name:fund", "name:lab")


def test_an_identifier_joins_what_is_spelled_differently():
    one, two = award(1, "Fund", "Lab"), award(2, "Fund", "The Lab")
    one["recipient"]["id"] = two["recipient"]["id"] = "GB-CHC-1"
    assert from_documents([one, two]).degree("name:fund") == 1


def test_a_call_that_two_bodies_announce_links_them():
    calls = [
        {"kind": "funding_call", "_id": f"c{at}", "cluster_id": "k", "organisation": {"name": f"Fund {at}"}}
        for at in (1, 2)
    ]
    ((*_, data),) = from_documents(calls).edges(data=True)
    assert data["kinds"] == "call"


def test_records_of_one_cluster_are_one_organisation():
    same = [organisation(1, cluster_id="k"), organisation(2, cluster_id="k")]
    graph = from_documents([*same, organisation(3), project(1, 1, 2, 3)])
    assert list(graph.edges) == [("k", "o3")]


def test_a_reference_to_nobody_is_counted():
    graph = from_documents([organisation(1), project(1, 1, 9)])
    assert (summary(graph).unknown_members, graph.number_of_nodes()) == (1, 1)


def test_a_list_of_members_is_no_collaboration():
    many = [organisation(number) for number in range(501)]
    found = summary(from_documents([*many, project(1, *range(501))]))
    assert (found.left_out, found.links) == (1, 0)


def test_two_dense_groups_are_two_communities():
    clique = [(1, 2, 3, 4), (5, 6, 7, 8), (4, 5)]
    bodies = [organisation(number) for number in range(1, 9)]
    graph = from_documents([*bodies, *(project(at, *members) for at, members in enumerate(clique))])
    assert communities(graph) == [["o1", "o2", "o3", "o4"], ["o5", "o6", "o7", "o8"]]


def test_files_hold_the_graph_and_do_not_depend_on_the_order():
    documents = [*FIVE, project(1, 1, 2, 3), project(2, 4, 5), award(1, "Fund <&>", "Lab\n2")]
    files = network_files(from_documents(documents))
    assert network_files(from_documents(documents[::-1])) == files
    graph = nx.parse_graphml(files["network.graphml"].decode())
    assert (len(graph), graph.number_of_edges()) == (7, 5)
    assert graph.nodes["o1"]["name"] == "Body 1"
    edges = list(csv.DictReader(io.StringIO(files["network_edges.csv"].decode())))
    assert {(row["source"], row["target"]) for row in edges} >= {("o1", "o2"), ("o4", "o5")}
    nodes = {row["key"]: row for row in csv.DictReader(io.StringIO(files["network_nodes.csv"].decode()))}
    assert (nodes["o1"]["component"], nodes["o1"]["degree"], nodes["o4"]["country"]) == ("1", "2", "")


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(StorageError, match="missing"):
        write_network(from_documents(FIVE), tmp_path / "missing")


def test_files_are_written(tmp_path):
    names = [path.name for path in write_network(from_documents(FIVE), tmp_path)]
    assert names == ["network.graphml", "network_edges.csv", "network_nodes.csv", "network_summary.csv"]
