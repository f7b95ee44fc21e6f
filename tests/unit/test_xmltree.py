"""XML records as plain values."""

import pytest

from crawler.errors import SourceResponseError
from spiders.formats.xmltree import xml_records


def tree(body, name="r"):
    records, damage = xml_records(f"<x>{body}</x>".encode(), name, "https://a.example")
    return records, damage


def test_elements_become_tables_texts_and_lists():
    assert tree("<r><a>1</a><c><v> two </v></c><a>3</a></r>")[0] == [{"a": ["1", "3"], "c": {"v": "two"}}]


def test_namespaces_are_left_out_and_records_found_at_any_depth():
    assert tree('<p xmlns:t="urn:t"><t:r><t:a>1</t:a></t:r></p>')[0] == [{"a": "1"}]


def test_markup_is_kept_as_text():
    assert tree("<r><a>x <b>y</b> z</a><d><p>q</p></d></r>")[0] == [{"a": "x <b>y</b> z", "d": "<p>q</p>"}]


def test_an_empty_element_is_the_table_of_its_attributes():
    assert tree('<r><link href="h" rel="n"/><e/></r>')[0] == [{"link": {"href": "h", "rel": "n"}, "e": ""}]


def test_damage_is_named_and_what_came_before_is_read():
    records, damage = xml_records(b"<x><r><a>1</a></r><r><a>2", "r", "https://a.example")
    assert records[0] == {"a": "1"}
    assert damage


def test_entities_of_files_are_not_read():
    body = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><x><r><a>&e;</a></r></x>'
    assert xml_records(body, "r", "https://a.example")[0] in ([{"a": ""}], [""])


@pytest.mark.parametrize("body", [b"", b" \n", b"<!-- nothing -->", b"<?xml version='1.0'?>", b"no markup"])
def test_what_holds_no_element_is_no_xml(body):
    with pytest.raises(SourceResponseError) as caught:
        xml_records(body, "r", "https://a.example")
    assert caught.value.code == "not-xml"
