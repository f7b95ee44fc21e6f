"""The job sources that come with the software: enough of them, in every country, stated honestly."""

from collections import Counter
from urllib.parse import urlsplit

import pytest

from crawler.items import Issue
from crawler.loader import protocols
from crawler.parse import parse_file
from crawler.sources import SOURCES_DIRECTORY, load_source

UNION = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()
FURTHER = ["GB", "NO", "CH"]
SOURCES = [load_source(path) for path in sorted((SOURCES_DIRECTORY / "jobs").glob("*.toml"))]
USABLE = [source for source in SOURCES if source.status != "retired"]
SECTORS = {"public", "civil-society", "academic", "private"}
ANSWERS = {
    "cz-mpsv": (
        '{"polozky": [{"portalId": 3001, "pozadovanaProfese": {"cs": "Analytik dat"},'
        ' "upresnujiciInformace": {"cs": "Práce s daty."}, "datumVlozeni": "2026-08-01",'
        ' "zamestnavatel": {"nazev": "Obec"}, "prvniKontaktSeZamestnavatelem": {"jmeno": "Nikdo"}}]}',
        ("3001", "Analytik dat", "Obec", "https://up.gov.cz/volna-mista-v-cr#/volna-mista-detail/3001"),
    ),
    "fr-choisir-service-public": (
        '"Organisme de rattachement";"Intitulé du poste";"Localisation du poste";"Référence"\n'
        '"Commune";"Chargé de données";"Paris (75)";"2026-7"\n',
        (
            "2026-7",
            "Chargé de données",
            "Commune",
            "https://choisirleservicepublic.gouv.fr/nos-offres/filtres/mot-cles/2026-7/",
        ),
    ),
    "be-forem": (
        '[{"numerooffreforem": "20", "titreoffre": "Analyste", "nomemployeur": "Ville",'
        ' "url": "https://jobs.example/20", "lieuxtravaillocalite": ["NAMUR"]}]',
        ("20", "Analyste", "Ville", "https://jobs.example/20"),
    ),
    "gb-nhs-jobs-digital": (
        "<nhsJobs><vacancyDetails><id>9</id><title>Designer</title><employer>Trust</employer>"
        "<url>https://jobs.example/9</url><postDate>2026-09-24T12:18:24</postDate></vacancyDetails></nhsJobs>",
        ("9", "Designer", "Trust", "https://jobs.example/9"),
    ),
}
"""Invented answers in the shape of the source's, and what its field map must make of them."""


def named(source):
    return source.id


def test_there_are_at_least_120_that_are_not_retired():
    assert len(USABLE) >= 120


@pytest.mark.parametrize("country", [*UNION, *FURTHER])
def test_country_has_a_source(country):
    assert Counter(source.country for source in USABLE)[country] >= 1


@pytest.mark.parametrize("source", SOURCES, ids=named)
def test_country_of_the_identifier_is_the_stated_one(source):
    prefix = source.id.split("-")[0]
    assert prefix == (source.country or "XX").lower()


@pytest.mark.parametrize("source", SOURCES, ids=named)
def test_terms_and_languages_are_filled(source):
    assert source.terms is not None
    assert source.terms.url
    assert source.terms.basis
    assert source.languages


@pytest.mark.parametrize("source", [s for s in SOURCES if s.publisher], ids=named)
def test_publisher_is_filled(source):
    assert source.publisher.url
    assert source.publisher.sector in SECTORS


def test_no_two_have_the_same_address():
    seen = Counter(source.url.rstrip("/").lower() for source in SOURCES)
    assert [url for url, number in seen.items() if number > 1] == []


def test_no_two_employers_have_the_same_site():
    sites = Counter(
        (urlsplit(source.publisher.url).hostname or "").removeprefix("www.")
        for source in SOURCES
        if source.publisher and source.publisher.url
    )
    assert [site for site, number in sites.items() if number > 1] == []


def test_no_source_claims_that_terms_were_read_on_a_day():
    """Nobody could contact the sources when they were listed: the day is for whoever reads the terms."""
    assert [source.id for source in SOURCES if source.terms and source.terms.checked] == []


def test_sources_without_contact_say_so():
    knowledge = [s for s in USABLE if s.protocol == "jobposting" and s.status == "active" and not s.notes]
    assert [source.id for source in knowledge] == []


@pytest.mark.parametrize("protocol", ["bamboohr", "smartrecruiters"])
def test_services_whose_terms_or_robots_refuse_have_no_source(protocol):
    assert [source.id for source in USABLE if source.protocol == protocol] == []


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_field_map_fits_the_shape_of_the_answers(name, tmp_path):
    answer, wanted = ANSWERS[name]
    source = next(source for source in SOURCES if source.id == name)
    path = tmp_path / "answer"
    path.write_text(answer, encoding="utf-8")
    found = list(parse_file(source.protocol, path, source.url, source.params, protocols()))
    assert [part for part in found if isinstance(part, Issue)] == []
    (advert,) = found
    assert (advert.native_id, advert.title, advert.organisation.name, advert.url) == wanted
