"""A vacancy in HR-XML: two namespaces, repeated elements, occupation codes, damage."""

import pytest

from crawler.errors import SourceResponseError
from spiders.formats.hrxml import position_opening

DOCUMENT = """<?xml version="1.0" encoding="UTF-16"?>
<PositionOpening xmlns="http://www.hr-xml.org/3" xmlns:ns2="http://www.openapplications.org/oagis/9">
 <DocumentID>77</DocumentID><PositionOpeningStatusCode>{status}</PositionOpeningStatusCode>
 <PositionProfile languageCode="fi"><PositionTitle>Kehittäjä</PositionTitle>
  <PositionLocation><Address><ns2:CityName>Oulu</ns2:CityName>
   <ns2:CountrySubDivisionCode>FI1D9</ns2:CountrySubDivisionCode>
   <CountryCode>FI</CountryCode></Address></PositionLocation>
  <PositionLocation><Address><ns2:CityName>Turku</ns2:CityName><CountryCode>FI</CountryCode>
   </Address></PositionLocation>
  <PositionOrganization><OrganizationIdentifiers>
   <OrganizationName>Oulun kaupunki</OrganizationName></OrganizationIdentifiers>
   <IndustryCode>J62</IndustryCode></PositionOrganization>
  <PositionOpenQuantity>2</PositionOpenQuantity>
  <JobCategoryCode listName="ESCO">http://data.europa.eu/esco/occupation/x</JobCategoryCode>
  <JobCategoryCode listName="ISCO2008">2512</JobCategoryCode>
  <PositionFormattedDescription><Content>&lt;p&gt;Avoin data&lt;/p&gt;</Content>
   </PositionFormattedDescription>
  <PositionScheduleTypeCode>FullTime</PositionScheduleTypeCode>
 </PositionProfile></PositionOpening>"""


def test_all_fields_are_read_whatever_the_namespace():
    values = position_opening(DOCUMENT.format(status="Active"), "https://a.example")
    assert (values["native_id"], values["title"], values["language_declared"]) == ("77", "Kehittäjä", "fi")
    assert [(p.city, p.region, p.country) for p in values["places"]] == [
        ("Oulu", "FI1D9", "FI"),
        ("Turku", None, "FI"),
    ]
    assert (values["organisation"].name, values["positions"], values["keywords"]) == (
        "Oulun kaupunki",
        2,
        ["J62"],
    )
    assert (values["occupation"].scheme, values["occupation"].code) == ("ISCO08", "2512")
    assert (values["html"], values["employment_type"], values["removed"]) == (
        "<p>Avoin data</p>",
        ["FullTime"],
        False,
    )


def test_esco_stands_in_where_there_is_no_isco():
    values = position_opening(
        DOCUMENT.replace("ISCO2008", "NACE").format(status="Active"), "https://a.example"
    )
    assert values["occupation"].scheme == "ESCO"


def test_a_closed_vacancy_is_a_removal():
    assert position_opening(DOCUMENT.format(status="Closed"), "https://a.example")["removed"]


@pytest.mark.parametrize(
    "document",
    [
        "",
        "<PositionOpening>",
        "<other/>",
        "no xml",
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
    ],
)
def test_damage_is_an_error_with_a_code(document):
    with pytest.raises(SourceResponseError) as caught:
        position_opening(document, "https://a.example")
    assert caught.value.code == "bad-hrxml"


def profile(language, title, text):
    return (
        f'<PositionProfile languageCode="{language}"><PositionTitle>{title}</PositionTitle>'
        f"<PositionFormattedDescription><Content>{text}</Content></PositionFormattedDescription></PositionProfile>"
    )


@pytest.mark.parametrize(
    ("profiles", "expected"),
    [
        ([("fi", "Kehittäjä", "Avoin"), ("sv", "Utvecklare", "Öppen")], ("fi", "Kehittäjä", "Avoin")),
        ([("fi", "", "Avoin"), ("sv", "Utvecklare", "Öppen")], ("sv", "Utvecklare", "Öppen")),
        ([("fi", "Kehittäjä", ""), ("sv", "Utvecklare", "Öppen")], ("sv", "Utvecklare", "Öppen")),
    ],
)
def test_title_text_and_language_are_those_of_one_profile(profiles, expected):
    document = f"<PositionOpening>{''.join(profile(*part) for part in profiles)}</PositionOpening>"
    values = position_opening(document, "https://a.example")
    assert (values["language_declared"], values["title"], values["html"]) == expected
