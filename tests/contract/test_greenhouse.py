import json

import pytest

from crawler.errors import SourceResponseError
from crawler.items import Issue
from crawler.parse import parse_file
from spiders.greenhouse import Greenhouse


def read(tmp_path, body):
    path = tmp_path / "answer.json"
    path.write_text(body)
    return list(parse_file("greenhouse", path, None, {}, {"greenhouse": Greenhouse}))


def test_bad_post_is_an_issue_and_the_good_one_stays(tmp_path):
    found = read(tmp_path, '{"jobs":[{"id":1},{"id":2,"title":"Analyst","content":"&lt;p&gt;Hi&lt;/p&gt;"}]}')
    assert isinstance(found[0], Issue)
    assert found[1].html == "<p>Hi</p>"


@pytest.mark.parametrize("body", ["", "<html></html>", "[]", '{"error":"Job not found"}'])
def test_answer_of_another_kind_is_refused(tmp_path, body):
    with pytest.raises(SourceResponseError):
        read(tmp_path, body)


def places(tmp_path, location, *offices):
    post = {"id": 1, "title": "A", "location": {"name": location}, "offices": list(offices)}
    (found,) = read(tmp_path, json.dumps({"jobs": [post]}))
    return [place.raw for place in (found.place, *found.places) if place], found.location_mode


@pytest.mark.parametrize(("location", "mode"), [("Hybrid", "hybrid"), ("Remote", "remote")])
def test_the_offices_are_the_places_where_the_location_names_a_mode(tmp_path, location, mode):
    offices = {"name": "Vienna", "location": "Vienna, Austria"}, {"name": "Graz", "location": None}
    assert places(tmp_path, location, *offices) == (["Vienna, Austria", "Graz"], mode)


def test_a_location_that_names_a_place_comes_before_the_offices(tmp_path):
    assert places(tmp_path, "Remote, Linz", {"name": "Graz"}) == (["Remote, Linz", "Graz"], "remote")


def test_a_mode_stays_where_no_office_is_named(tmp_path):
    assert places(tmp_path, "Remote") == (["Remote"], "remote")
