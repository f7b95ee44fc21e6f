"""Where the organisations of a network are drawn."""

from itertools import combinations

import networkx as nx

from indicators.drawing import positions


def graph(*parts):
    made = nx.Graph()
    for number, size in enumerate(parts):
        made.add_edges_from((f"{number}-{a:03d}", f"{number}-{a + 1:03d}") for a in range(size - 1))
    return made


def box(placed, number):
    points = [point for key, point in placed.items() if key.startswith(f"{number}-")]
    return [(min(p[axis] for p in points), max(p[axis] for p in points)) for axis in (0, 1)]


def test_networks_do_not_overlap():
    placed = positions(graph(30, 8, 5, 5, 3, 2, 2))
    boxes = [box(placed, number) for number in range(7)]
    for one, other in combinations(boxes, 2):
        assert any(one[axis][1] < other[axis][0] or other[axis][1] < one[axis][0] for axis in (0, 1))


def test_the_order_of_nodes_does_not_matter():
    made = graph(6, 4)
    turned = nx.Graph()
    turned.add_nodes_from(reversed(list(made)))
    turned.add_edges_from((b, a) for a, b in reversed(list(made.edges)))
    assert positions(made) == positions(turned)


def test_organisations_without_partners_are_not_drawn():
    made = graph(3)
    made.add_node("alone")
    assert set(positions(made)) == {"0-000", "0-001", "0-002"}


def test_of_too_many_the_largest_networks_are_drawn():
    placed = positions(graph(5, 4, 2), most=7)
    assert {key[0] for key in placed} == {"0", "2"}


def test_of_one_network_that_is_too_large_the_best_connected_are_drawn():
    made = nx.star_graph(20)
    made = nx.relabel_nodes(made, {key: f"n{key:02d}" for key in made})
    placed = positions(made, most=6)
    assert len(placed) == 6
    assert "n00" in placed


def test_nothing_is_drawn_of_nothing():
    assert positions(nx.Graph()) == {}
