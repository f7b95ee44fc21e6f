"""The crowd-mapped register: both variants give the same items; links survive; damage stays local."""

import json

import pytest

from classifiers.taxonomy import AREAS, TECHNOLOGIES, TRENDS
from crawler.errors import SourceResponseError
from crawler.items import DirectoryOrganisation, DirectoryProject, Issue
from crawler.parse import parse_file
from spiders.digitalsocial import DigitalSocial, labels

PROJECT = {
    "project_id": 7, "project_name": "Bus map &amp; more", "website": "https://bus.example",
    "short_description": "Citizens map stops.", "long_description": "<p>First</p>\r\r\nsecond\u2028third",
    "social_impact": "", "country": "", "region": "", "latitude": "", "longitude": "",
    "linked_organisation_ids": ["7", "8", "7"], "who_we_help_tags": ["riders"],
    "support_tags": ["Science", "buses"], "focus": ["Open data"],
    "technology": ["open data", "Open-source technologies", "21"], "creation_date": "1970-01-01",
}  # fmt: skip
TAGGED = {
    **PROJECT,
    **{
        field: [{"id": str(at), "name": tag} for at, tag in enumerate(PROJECT[field])]
        for field in ("support_tags", "focus", "technology", "who_we_help_tags")
    },
}
ORGANISATION = {
    "organisation_id": 7, "organisation_name": "Stop Watch", "website": "", "country": "Netherlands",
    "region": "Eindhoven", "latitude": 51.4, "longitude": 5, "organisation_type": "Government/Public Sector",
    "organisation_size": "0-5 people", "linked_project_ids": ["7"], "tags": [],
    "networkTags": ["FabLab Network"],
    "created": "2017-02-27",
}  # fmt: skip


def read(tmp_path, rows):
    path = tmp_path / "register.json"
    path.write_text(rows if isinstance(rows, str) else json.dumps(rows))
    return list(parse_file("digitalsocial", path, None, {}, {"digitalsocial": DigitalSocial}))


def test_tags_as_text_and_as_objects_are_the_same(tmp_path):
    assert read(tmp_path, [PROJECT]) == read(tmp_path, [TAGGED])


def test_type_as_text_and_as_object_are_the_same(tmp_path):
    other = {**ORGANISATION, "organisation_type": {"id": 4, "name": ORGANISATION["organisation_type"]}}
    assert read(tmp_path, [ORGANISATION]) == read(tmp_path, [other])


def test_a_project_keeps_what_its_owner_declared(tmp_path):
    (found,) = read(tmp_path, [PROJECT])
    assert isinstance(found, DirectoryProject)
    assert (found.native_id, found.title, found.url) == ("project/7", "Bus map & more", "https://bus.example")
    assert found.declared == {
        "areas": ["Science"], "other_areas": ["buses"], "trends": ["Open data"],
        "technologies": ["Open data", "Open source technology"], "other_technologies": ["21"],
        "links": ["organisation/7", "organisation/8"],
    }  # fmt: skip
    assert found.organisations == ["organisation/7", "organisation/8"]
    assert found.text == "Citizens map stops.\n\n<p>First</p>\nsecond\nthird"
    assert found.place is None


def test_an_organisation_has_place_sector_and_links(tmp_path):
    (found,) = read(tmp_path, [ORGANISATION])
    assert isinstance(found, DirectoryOrganisation)
    assert (found.native_id, found.published_raw, found.url) == ("organisation/7", "2017-02-27", None)
    assert (found.organisation.name, found.organisation.sector) == ("Stop Watch", "public")
    assert (found.place.raw, found.place.lat, found.place.lon) == ("Eindhoven, Netherlands", 51.4, 5.0)
    assert found.declared == {"links": ["project/7"], "networks": ["FabLab Network"]}


def test_the_epoch_is_no_date(tmp_path):
    assert read(tmp_path, [PROJECT])[0].published_raw is None


def test_numbers_of_projects_and_organisations_do_not_collide(tmp_path):
    assert len({found.native_id for found in read(tmp_path, [PROJECT, ORGANISATION])}) == 2


@pytest.mark.parametrize("position", ["north", None, 91, "1e999", {}])
def test_a_position_that_is_none_is_left_out(tmp_path, position):
    (found,) = read(tmp_path, [{**ORGANISATION, "latitude": position}])
    assert (found.place.lat, found.place.lon) == (None, None)


@pytest.mark.parametrize(
    "record",
    [None, 3, "text", {}, {"project_id": 1}, {"project_name": "No number"},
     {"organisation_id": 1, "organisation_name": " "}],
)  # fmt: skip
def test_a_bad_record_is_an_issue_and_the_good_one_stays(tmp_path, record):
    found = read(tmp_path, [record, PROJECT])
    assert isinstance(found[0], Issue)
    assert found[1].native_id == "project/7"


def test_missing_fields_are_no_error(tmp_path):
    (found,) = read(tmp_path, [{"project_id": 1, "project_name": "Bare", "focus": None, "technology": 5}])
    assert (found.text, found.organisations, found.declared["trends"]) == ("", [], [])


def test_an_empty_list_is_an_issue(tmp_path):
    assert [found.code for found in read(tmp_path, [])] == ["empty-register"]


@pytest.mark.parametrize("body", ["", "<html></html>", "{}", "3", '{"message": "Not found"}'])
def test_an_answer_of_another_kind_is_refused(tmp_path, body):
    with pytest.raises(SourceResponseError):
        read(tmp_path, body)


@pytest.mark.parametrize(
    ("table", "names"), [("areas", AREAS), ("trends", TRENDS), ("technologies", TECHNOLOGIES)]
)
def test_labels_are_mapped_to_every_name_of_the_taxonomy(table, names):
    assert sorted(labels(table).values()) == sorted(names.values())
