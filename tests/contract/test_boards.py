"""What every board of an employer promises: its fields, bad records, and answers that are none."""

import json

import pytest

from crawler.errors import SourceResponseError
from crawler.items import Issue
from crawler.loader import protocols
from crawler.parse import parse_file
from tests.support.adverts import ANNONS, ANSWERS, ASHBY, LEVER, RECRUITEE, WORKABLE

EXPECTED = {
    "lever": ("a1", "UX researcher", "civiclab", "BE", "1767225600000"),
    "ashby": ("b1", "Data steward", "civiclab", "LT", "2026-01-01T10:00:00+00:00"),
    "recruitee": ("3", "Gemeenschapsmanager", "Civic Lab", "BE", "2026-01-01 10:00:00 UTC"),
    "smartrecruiters": ("4", "Analyst", "Civic Lab", "GB", "2026-01-01T10:00:00Z"),
    "workable": ("W5", "Engineer", "Civic Lab", "GR", "2026-01-01"),
    "pinpoint": ("6", "Lecturer", "civiclab", None, None),
    "remotive": ("7", "Editor", "Civic Lab", None, "2026-01-01T10:00:00"),
    "arbeitnow": ("s8", "Entwicklerin", "Civic Lab e.V.", None, "1767225600"),
    "remoteok": ("9", "Designer", "Civic Lab", None, "2026-01-01T00:00:00+00:00"),
    "arbeitsagentur": ("10-A", "Referent*in", "Stadt Ulm", "DE", "2026-01-01"),
    "francetravail": ("11F", "Médiateur numérique", "Ville de Sète", "FR", "2026-01-01T10:00:00Z"),
    "jobtech": ("12", "Utvecklare", "Kommunen", "SE", "2026-01-01T08:00:00"),
    "eures": ("MTMgMTIx", "Analyste", "Commune", "FR", "1767225600000"),
}


def read(tmp_path, protocol, body, url=None, **params):
    path = tmp_path / "answer.json"
    path.write_text(body if isinstance(body, str) else json.dumps(body), encoding="utf-8")
    return list(parse_file(protocol, path, url, params, protocols()))


def with_records(answer, *records):
    """The same answer with other records in its list."""
    if isinstance(answer, list):
        return [*answer[:-1], *records]
    return {key: [*records] if isinstance(value, list) else value for key, value in answer.items()}


@pytest.mark.parametrize("protocol", ANSWERS)
def test_an_advert_has_its_identity_title_employer_country_and_date(tmp_path, protocol):
    (found,) = read(tmp_path, protocol, ANSWERS[protocol][0])
    country = found.place.country if found.place else None
    assert (found.native_id, found.title, found.organisation.name, country, found.published_raw) == EXPECTED[
        protocol
    ]
    assert found.url.startswith("https://")


@pytest.mark.parametrize("protocol", ANSWERS)
def test_a_bad_record_is_an_issue_and_the_good_one_stays(tmp_path, protocol):
    answer, record = ANSWERS[protocol]
    found = read(tmp_path, protocol, with_records(answer, {}, "text", record, None))
    assert [part.code for part in found if isinstance(part, Issue) and part.level == "error"] == [
        "bad-record"
    ] * 3
    assert [part.native_id for part in found if not isinstance(part, Issue)] == [EXPECTED[protocol][0]]


@pytest.mark.parametrize("protocol", ANSWERS)
def test_values_of_the_wrong_type_never_end_the_reading(tmp_path, protocol):
    answer, record = ANSWERS[protocol]
    odd = [{**record, key: value} for key in record for value in (None, "", 0, [], {}, ["x"], {"x": 1}, True)]
    for found in read(tmp_path, protocol, with_records(answer, *odd)):
        assert isinstance(found, Issue) or found.native_id


@pytest.mark.parametrize("protocol", ANSWERS)
def test_an_empty_board_says_so(tmp_path, protocol):
    answer = with_records(ANSWERS[protocol][0])
    if isinstance(answer, dict) and "totalFound" in answer:
        answer["totalFound"] = 0
    (found,) = read(tmp_path, protocol, answer)
    assert (found.code, found.level) == ("empty-board", "warning")


@pytest.mark.parametrize("protocol", ANSWERS)
@pytest.mark.parametrize(
    "body", ["", "Not Found", "<!doctype html><title>Error</title>", '{"ok": false}', "3", '[{"id"']
)
def test_an_answer_of_another_kind_is_refused(tmp_path, protocol, body):
    with pytest.raises(SourceResponseError):
        list(read(tmp_path, protocol, body))


@pytest.mark.parametrize("protocol", ANSWERS)
def test_an_error_in_json_names_the_unknown_board(tmp_path, protocol):
    with pytest.raises(SourceResponseError) as caught:
        read(tmp_path, protocol, {"error": "Document not found"})
    assert caught.value.code == "unknown-board"


@pytest.mark.parametrize("protocol", ANSWERS)
def test_the_stated_employer_wins(tmp_path, protocol):
    (found,) = read(tmp_path, protocol, ANSWERS[protocol][0], employer="Open Town")
    assert found.organisation.name == "Open Town"


@pytest.mark.parametrize("record", ["LEVER", "ASHBY", "RECRUITEE", "SMART", "WORKABLE", "PINPOINT"])
def test_contract_and_mode_are_those_of_schema_org(tmp_path, record):
    protocol = {"SMART": "smartrecruiters"}.get(record, record.lower())
    (found,) = read(tmp_path, protocol, ANSWERS[protocol][0])
    assert (found.employment_type, found.location_mode) == {
        "LEVER": (["PART_TIME"], "onsite"),
        "ASHBY": (["FULL_TIME"], "hybrid"),
        "RECRUITEE": (["PART_TIME", "TEMPORARY"], "hybrid"),
        "SMART": (["FULL_TIME"], "remote"),
        "WORKABLE": (["CONTRACTOR"], "remote"),
        "PINPOINT": ([], "hybrid"),
    }[record]


@pytest.mark.parametrize(
    ("protocol", "sum_"),
    [
        ("lever", (30000, 40000, "EUR", "YEAR")),
        ("ashby", (3000, 4000, "EUR", "MONTH")),
        ("pinpoint", (37000, 41000, "GBP", "YEAR")),
    ],
)
def test_the_salary_has_range_currency_and_period(tmp_path, protocol, sum_):
    money = read(tmp_path, protocol, ANSWERS[protocol][0])[0].money
    assert (money.amount, money.amount_max, money.currency, money.unit, money.kind) == (*sum_, "salary")


@pytest.mark.parametrize(
    ("protocol", "occupation"),
    [("francetravail", ("ROME", "K1201")), ("jobtech", ("SSYK", "2512")), ("eures", ("ISCO08", "2511"))],
)
def test_the_occupation_keeps_its_scheme(tmp_path, protocol, occupation):
    found = read(tmp_path, protocol, ANSWERS[protocol][0])[0].occupation
    assert (found.scheme, found.code) == occupation


def test_all_parts_of_a_text_are_joined_in_their_order(tmp_path):
    text = read(tmp_path, "lever", [LEVER])[0].html
    assert [text.index(part) for part in ("About.", "Tasks", "<li>Ask", "More.")] == sorted(
        text.index(part) for part in ("About.", "Tasks", "<li>Ask", "More.")
    )


def test_all_places_of_an_advert_are_kept(tmp_path):
    (found,) = read(tmp_path, "recruitee", {"offers": [RECRUITEE]})
    assert [(p.city, p.country) for p in (found.place, *found.places)] == [("Gent", "BE"), ("Utrecht", "NL")]


def test_an_offer_in_two_languages_is_one_advert_unless_variants_are_asked_for(tmp_path):
    answer = {"offers": [RECRUITEE]}
    assert [f.language_declared for f in read(tmp_path, "recruitee", answer)] == ["nl"]
    first, second = read(tmp_path, "recruitee", answer, variants=True)
    assert (second.native_id, second.title, second.language_declared) == ("3:en", "Community manager", "en")
    assert first.identifiers == second.identifiers == ["recruitee:g3"]


def test_a_workable_job_in_two_places_is_one_advert(tmp_path):
    other = {**WORKABLE, "locations": [{"city": "Patras", "countryCode": "GR"}]}
    (found,) = read(tmp_path, "workable", {"name": "Civic Lab", "jobs": [WORKABLE, other]})
    assert [p.city for p in (found.place, *found.places)] == ["Athens", "Patras"]


def test_an_unlisted_ashby_post_is_left_out_and_named(tmp_path):
    found = read(tmp_path, "ashby", {"jobs": [{**ASHBY, "isListed": False}, ASHBY]})
    assert [getattr(f, "code", None) or f.native_id for f in found] == ["unlisted", "b1"]


@pytest.mark.parametrize(
    "content",
    [
        "&lt;p&gt;Open &amp;amp; civic&lt;/p&gt;",
        "&amp;lt;p&amp;gt;Open &amp;amp;amp; civic&amp;lt;/p&amp;gt;",
        "<p>Open &amp; civic</p>",
    ],
)
def test_html_that_was_escaped_once_or_twice_becomes_the_same_text(tmp_path, content):
    from crawler.normalise.text import plain_text

    (found,) = read(tmp_path, "greenhouse", {"jobs": [{"id": 1, "title": "A", "content": content}]})
    assert plain_text(found.html) == "Open & civic"


@pytest.mark.parametrize("stamp", [1767225600, 1767225600000, "1767225600", "2026-01-01T00:00:00Z"])
def test_seconds_and_milliseconds_are_the_same_moment(tmp_path, stamp):
    from crawler.normalise.dates import parse_date

    (found,) = read(tmp_path, "lever", [{**LEVER, "createdAt": stamp}])
    assert parse_date(found.published_raw).isoformat() == "2026-01-01T00:00:00+00:00"


def test_a_prospect_post_is_a_standing_invitation(tmp_path):
    jobs = [{"id": 1, "title": "A", "internal_job_id": None}, {"id": 2, "title": "B", "internal_job_id": 9}]
    assert [f.evergreen for f in read(tmp_path, "greenhouse", {"jobs": jobs})] == [True, False]


def test_posts_of_one_vacancy_share_an_identifier(tmp_path):
    jobs = [{"id": n, "title": "A", "internal_job_id": 9} for n in (1, 2)]
    assert [f.identifiers for f in read(tmp_path, "greenhouse", {"jobs": jobs})] == [["greenhouse:9"]] * 2


def test_the_number_of_a_sole_trader_is_not_kept(tmp_path):
    person = {**ANNONS, "employer": {"name": "Maja", "organization_number": "8001011234"}}
    found = read(tmp_path, "jobtech", [ANNONS, person])
    assert [f.organisation.id for f in found] == ["SE-BLV-2120000142", None]
