"""Hand-written adverts in the keys of each board, and the answer that holds one."""

__all__ = ["ANNONS", "ANSWERS", "ASHBY", "LEVER", "RECRUITEE", "WORKABLE"]

LEVER = {
    "id": "a1",
    "text": "UX researcher",
    "hostedUrl": "https://jobs.lever.co/civiclab/a1",
    "createdAt": 1767225600000,
    "description": "<p>About.</p>",
    "lists": [{"text": "Tasks", "content": "<li>Ask</li>"}],
    "additional": "<p>More.</p>",
    "categories": {
        "location": "Ghent",
        "allLocations": ["Ghent", "Graz"],
        "commitment": "Part-time",
        "team": "Design",
    },
    "country": "BE",
    "workplaceType": "on-site",
    "salaryRange": {"min": 30000, "max": 40000, "currency": "EUR", "interval": "per-year-salary"},
}
ASHBY = {
    "id": "b1",
    "title": "Data steward",
    "jobUrl": "https://jobs.ashbyhq.com/civiclab/b1",
    "isListed": True,
    "isRemote": True,
    "workplaceType": "Hybrid",
    "employmentType": "FullTime",
    "publishedAt": "2026-01-01T10:00:00+00:00",
    "location": "Vilnius",
    "address": {"postalAddress": {"addressCountry": "Lithuania"}},
    "descriptionHtml": "<p>Open.</p>",
    "compensation": {
        "summaryComponents": [
            {"compensationType": "EquityPercentage", "minValue": 0.1},
            {
                "compensationType": "Salary",
                "minValue": 3000,
                "maxValue": 4000,
                "currencyCode": "EUR",
                "interval": "1 MONTH",
            },
        ]
    },
}
RECRUITEE = {
    "id": 3,
    "guid": "g3",
    "slug": "s",
    "title": "Gemeenschapsmanager",
    "description": "<p>Wij.</p>",
    "requirements": "<p>Jij.</p>",
    "careers_url": "https://civiclab.recruitee.com/o/s",
    "published_at": "2026-01-01 10:00:00 UTC",
    "company_name": "Civic Lab",
    "employment_type_code": "parttime_fixed_term",
    "hybrid": True,
    "mailbox_email": "x@civiclab.example",
    "locations": [{"city": "Gent", "country_code": "BE"}, {"city": "Utrecht", "country_code": "NL"}],
    "translations": {
        "nl": {"title": "Gemeenschapsmanager"},
        "en": {"title": "Community manager", "description": "<p>We.</p>"},
    },
}
SMART = {
    "id": "4",
    "name": "Analyst",
    "company": {"identifier": "CivicLab", "name": "Civic Lab"},
    "refNumber": "R4",
    "releasedDate": "2026-01-01T10:00:00Z",
    "location": {"city": "Leeds", "country": "gb", "remote": True},
    "typeOfEmployment": {"label": "Full-time"},
    "language": {"code": "en-GB"},
    "jobAd": {"sections": {"jobDescription": {"title": "Job", "text": "<p>Open data.</p>"}}},
}
WORKABLE = {
    "shortcode": "W5",
    "title": "Engineer",
    "url": "https://apply.workable.com/j/W5",
    "published_on": "2026-01-01",
    "description": "<p>Build.</p>",
    "telecommuting": True,
    "employment_type": "Contract",
    "locations": [{"city": "Athens", "countryCode": "GR"}],
}
PINPOINT = {
    "id": "6",
    "title": "Lecturer",
    "url": "https://civiclab.pinpointhq.com/en/postings/6",
    "deadline_at": "2026-02-01T23:59:59+00:00",
    "description": "<p>Teach.</p>",
    "benefits_header": "Benefits",
    "benefits": "<p>Leave.</p>",
    "workplace_type": "hybrid",
    "compensation_visible": True,
    "compensation_minimum": 37000,
    "compensation_maximum": 41000,
    "compensation_currency": "GBP",
    "compensation_frequency": "year",
    "location": {"city": "Bath ", "province": "Bath"},
    "job": {"id": "61", "requisition_id": "282/23"},
}
REMOTIVE = {
    "id": 7,
    "title": "Editor",
    "url": "https://remotive.com/7",
    "description": "<p>Write.</p>",
    "publication_date": "2026-01-01T10:00:00",
    "company_name": "Civic Lab",
    "candidate_required_location": "Europe",
}
ARBEITNOW = {
    "slug": "s8",
    "title": "Entwicklerin",
    "url": "https://www.arbeitnow.com/8",
    "description": "<p>Bauen.</p>",
    "created_at": 1767225600,
    "company_name": "Civic Lab e.V.",
    "location": "Graz",
    "job_types": ["Full time"],
}
REMOTEOK = {
    "id": "9",
    "position": "Designer",
    "url": "https://remoteok.com/9",
    "description": "Draw.",
    "epoch": "1767225600",
    "date": "2026-01-01T00:00:00+00:00",
    "company": "Civic Lab",
}
AGENTUR = {
    "referenznummer": "10-A",
    "stellenangebotsTitel": "Referent*in",
    "firma": "Stadt Ulm",
    "aktuelleVeroeffentlichungsdatum": "2026-01-01",
    "stellenlokationen": [{"adresse": {"ort": "Ulm", "region": "BADEN_WUERTTEMBERG", "land": "DE"}}],
}
OFFRE = {
    "id": "11F",
    "intitule": "Médiateur numérique",
    "description": "Accompagner.",
    "dateCreation": "2026-01-01T10:00:00Z",
    "lieuTravail": {"libelle": "34 - BALARUC", "latitude": 43.4, "longitude": 3.7},
    "romeCode": "K1201",
    "romeLibelle": "Action sociale",
    "entreprise": {"nom": "Ville de Sète"},
    "typeContrat": "CDD",
    "salaire": {"libelle": "Mensuel de 2000 Euros"},
    "nombrePostes": 2,
}
ANNONS = {
    "id": "12",
    "headline": "Utvecklare",
    "publication_date": "2026-01-01T08:00:00",
    "description": {"text": "Öppna data."},
    "application_deadline": "2026-02-01T23:59:59",
    "employer": {"name": "Kommunen", "organization_number": "2120000142"},
    "workplace_address": {"municipality": "Umeå", "country": "Sverige", "coordinates": [20.26, 63.82]},
    "occupation_group": {"label": "Utvecklare", "legacy_ams_taxonomy_id": "2512"},
    "number_of_vacancies": 3,
}
VACANCY = {
    "id": "MTMgMTIx",
    "title": "Analyste",
    "description": "<p>Données.</p>",
    "creationDate": 1767225600000,
    "numberOfPosts": 1,
    "locationMap": {"FR": ["FR101"]},
    "employer": {"name": "Commune"},
    "positionScheduleCodes": ["fulltime"],
    "jobCategoriesCodes": ["http://data.europa.eu/esco/isco/C2511"],
}

ANSWERS = {
    "lever": ([LEVER], LEVER),
    "ashby": ({"jobs": [ASHBY]}, ASHBY),
    "recruitee": ({"offers": [RECRUITEE]}, RECRUITEE),
    "smartrecruiters": ({"content": [SMART], "totalFound": 1}, SMART),
    "workable": ({"name": "Civic Lab", "jobs": [WORKABLE]}, WORKABLE),
    "pinpoint": ({"data": [PINPOINT]}, PINPOINT),
    "remotive": ({"jobs": [REMOTIVE]}, REMOTIVE),
    "arbeitnow": ({"data": [ARBEITNOW]}, ARBEITNOW),
    "remoteok": ([{"legal": "Name us."}, REMOTEOK], REMOTEOK),
    "arbeitsagentur": ({"ergebnisliste": [AGENTUR]}, AGENTUR),
    "francetravail": ({"resultats": [OFFRE]}, OFFRE),
    "jobtech": ([ANNONS], ANNONS),
    "eures": ({"numberRecords": 1, "jvs": [VACANCY]}, VACANCY),
}
"""Protocol -> an answer with one advert, and that advert."""
