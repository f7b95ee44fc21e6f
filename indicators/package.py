"""The descriptions of an export: Data Package v2, DCAT in JSON-LD, CITATION.cff. Pure functions."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from indicators.codebook import COLUMNS
from indicators.coverage import COVERAGE, SOURCES
from indicators.networkfiles import EDGE_COLUMNS, NODE_COLUMNS
from indicators.population import SOURCE
from indicators.revisions import REVISIONS
from indicators.signallist import SIGNALS

__all__ = ["checksums", "citation", "datapackage", "dcat"]

NAME = "dsi-indicators"
TITLE = "Indicators of digital social innovation in Europe"
ABOUT = (
    "Monthly counts, rates and shares of job adverts, datasets, funding calls, awards and other traces of "
    "digital social innovation, by country, area, trend and technology, with intervals, coverage, revisions."
)
LICENCE = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}
PUBLISHER = "DSI observatory"
CODEBOOK = {
    "entry": ("string", "column or indicator"),
    "name": ("string", "Name"),
    "type": ("string", "string, number or integer"),
    "unit": ("string", "Unit"),
    "definition": ("string", "Meaning"),
    "allowed": ("string", "Allowed values; of an indicator its kinds of signal"),
    "origin": ("string", "counted, or derived from other columns or tables"),
}
SUMMARY = {"measure": ("string", "Name"), "value": ("number", "Value")}
TABLES: dict[str, tuple[str, Mapping[str, Sequence[Any]]]] = {
    "indicators": ("The long table: one row per number", COLUMNS),
    "coverage": ("Runs of the sources per month and state", COVERAGE),
    "sources": ("Sources with licences and terms", SOURCES),
    "revisions": ("Cells that this vintage changes of the one before", REVISIONS),
    "codebook": ("Columns and indicators explained", CODEBOOK),
    "signals": ("The core and adjacent signals that were counted", SIGNALS),
    "network_nodes": ("Organisations of the network", NODE_COLUMNS),
    "network_edges": ("Pairs of organisations with a project, grant or call in common", EDGE_COLUMNS),
    "network_summary": ("Measures of the network", SUMMARY),
}
OTHERS = {
    "network.graphml": ("The network of organisations in GraphML", "application/graphml+xml"),
    "indicators.parquet": ("The long table in Parquet", "application/vnd.apache.parquet"),
    "indicators.sqlite": ("All tables in one SQLite database", "application/vnd.sqlite3"),
    "indicators.sdmx.csv": ("The long table in SDMX-CSV 2.0", "application/vnd.sdmx.data+csv;version=2.0.0"),
    "method.md": ("Method note", "text/markdown"),
    "prov.json": ("Provenance in PROV-JSON", "application/json"),
}
COPIES = ("indicators.parquet", "indicators.sqlite", "indicators.sdmx.csv")
KEYS = {
    "indicators": [
        "indicator",
        "period",
        "geo_level",
        "geo",
        "kind",
        "dimension",
        "member",
        "grades",
        "counting",
    ],
    "coverage": ["source", "month", "state"],
    "sources": ["source"],
}


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def checksums(files: Mapping[str, bytes]) -> bytes:
    """Write what `sha256sum --check` reads."""
    return "".join(f"{_digest(files[name])}  {name}\n" for name in sorted(files)).encode()


def datapackage(vintage: Mapping[str, Any], files: Mapping[str, bytes]) -> bytes:
    """Describe the files as a Data Package (version 2 of the standard)."""
    resources: list[dict[str, Any]] = []
    for name, (about, columns) in TABLES.items():
        content = files[f"{name}.csv"]
        fields = [{"name": key, "type": facts[0], "description": facts[1]} for key, facts in columns.items()]
        schema: dict[str, Any] = {"fields": fields, "missingValues": [""]}
        if name in KEYS:
            schema["primaryKey"] = KEYS[name]
        resources.append(
            {
                "name": name,
                "title": about,
                "path": f"{name}.csv",
                "type": "table",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "dialect": {"lineTerminator": "\n"},
                "bytes": len(content),
                "hash": f"sha256:{_digest(content)}",
                "schema": schema,
            }
        )
    for name, (about, kind) in OTHERS.items():
        # Parquet and SQLite repeat the table in forms that readers of the standard take for other tables.
        if name in files and name not in COPIES:
            resources.append(
                {
                    "name": name.replace(".", "-"),
                    "title": about,
                    "path": name,
                    "mediatype": kind,
                    "bytes": len(files[name]),
                    "hash": f"sha256:{_digest(files[name])}",
                }
            )
    package = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": NAME,
        "title": TITLE,
        "description": ABOUT,
        "version": vintage["_id"],
        "created": f"{vintage['built_at']:%Y-%m-%dT%H:%M:%SZ}",
        "licenses": [LICENCE],
        "contributors": [{"title": PUBLISHER, "roles": ["publisher"]}],
        "sources": [
            {"title": "Crawled sources, listed in sources.csv", "path": "sources.csv"},
            {"title": SOURCE},
        ],
        "resources": resources,
    }
    return (json.dumps(package, indent=2, ensure_ascii=False) + "\n").encode()


def dcat(vintage: Mapping[str, Any], files: Mapping[str, bytes]) -> bytes:
    """Describe the export as a DCAT 3 dataset in JSON-LD; every file is a distribution."""
    kinds = {**{f"{name}.csv": (about, "text/csv") for name, (about, _) in TABLES.items()}, **OTHERS}
    document = {
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/",
            "spdx": "http://spdx.org/rdf/terms#",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
        },
        "@id": f"urn:dsi:vintage:{vintage['_id']}",
        "@type": "dcat:Dataset",
        "dct:title": {"@value": TITLE, "@language": "en"},
        "dct:description": {"@value": ABOUT, "@language": "en"},
        "dct:identifier": vintage["_id"],
        "dcat:version": vintage["_id"],
        "dct:issued": {"@value": f"{vintage['built_at']:%Y-%m-%dT%H:%M:%SZ}", "@type": "xsd:dateTime"},
        "dct:license": {"@id": LICENCE["path"]},
        "dct:publisher": {"@type": "foaf:Agent", "foaf:name": PUBLISHER},
        "dct:temporal": {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": {"@value": vintage["first"], "@type": "xsd:gYearMonth"},
            "dcat:endDate": {"@value": vintage["last"], "@type": "xsd:gYearMonth"},
        },
        "dct:spatial": {"@id": "http://publications.europa.eu/resource/authority/continent/EUROPE"},
        "dct:accrualPeriodicity": {
            "@id": "http://publications.europa.eu/resource/authority/frequency/MONTHLY"
        },
        "dcat:keyword": ["digital social innovation", "civic tech", "indicators"],
        **(
            {"dcat:previousVersion": {"@id": f"urn:dsi:vintage:{vintage['previous']}"}}
            if vintage.get("previous")
            else {}
        ),
        "dcat:distribution": [
            {
                "@type": "dcat:Distribution",
                "dct:title": kinds[name][0],
                "dcat:downloadURL": {"@id": name},
                "dcat:mediaType": kinds[name][1],
                "dct:license": {"@id": LICENCE["path"]},
                "dcat:byteSize": {"@value": str(len(content)), "@type": "xsd:nonNegativeInteger"},
                "spdx:checksum": {
                    "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
                    "spdx:checksumValue": _digest(content),
                },
            }
            for name, content in sorted(files.items())
            if name in kinds
        ],
    }
    return (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()


def citation(vintage: Mapping[str, Any]) -> bytes:
    """Write CITATION.cff 1.2.0."""
    lines = [
        "cff-version: 1.2.0",
        "message: If you use these indicators, cite them with their version.",
        "type: dataset",
        f'title: "{TITLE}"',
        f'version: "{vintage["_id"]}"',
        f'date-released: "{vintage["day"]}"',
        f"license: {LICENCE['name']}",
        "authors:",
        f'  - name: "{PUBLISHER}"',
        f'abstract: "{ABOUT}"',
    ]
    return ("\n".join(lines) + "\n").encode()
