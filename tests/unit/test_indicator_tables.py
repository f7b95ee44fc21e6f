"""The tables that indicators rest on and are described by."""

import pytest

from indicators import declarations as declared
from indicators.codebook import COLUMNS, codebook_csv
from indicators.declarations import declarations
from indicators.method import method_note, theme_table
from indicators.population import EU27, population
from indicators.revisions import revised_cells
from indicators.tables import to_csv, to_sdmx, to_sqlite

PUBLISHED_EU27 = {
    2012: 440_552_661, 2013: 441_257_711, 2014: 442_883_888, 2015: 443_666_812, 2016: 444_802_830,
    2017: 445_534_430, 2018: 446_208_557, 2019: 446_559_279, 2020: 447_485_231, 2021: 447_000_548,
    2022: 446_828_803,
}  # fmt: skip
"""EU27_2020 of the same edition of tps00001: the members have to add up to it."""


@pytest.mark.parametrize("year", PUBLISHED_EU27)
def test_members_add_up_to_the_published_union(year):
    assert population("EU27", year) == (PUBLISHED_EU27[year], year)


@pytest.mark.parametrize("country", [*sorted(EU27), "NO", "CH"])
def test_later_years_carry_the_last_figure_and_say_so(country):
    assert population(country, 2026) == (population(country, 2022)[0], 2022)


def test_country_without_figures_has_no_rate():
    assert population("GB", 2026)[1] == 2020
    assert population("ZZ", 2020) == (None, None)
    assert population("DE", 2000) == (None, None)


def test_themes_each_have_indicators():
    lines = theme_table()[2:]
    assert len(lines) == 5
    assert all("`" in line for line in lines)


def test_every_declaration_says_what_it_is():
    for name, declaration in declarations().items():
        assert declaration.title, name
        assert declaration.definition.endswith("."), name
        assert declaration.unit in {"signals", "organisations", "EUR", "1"}, name
        assert declaration.is_ratio == (declaration.unit == "1"), name


@pytest.mark.parametrize(("change", "said"), [
    ({"wrong": 1}, "wrong"), ({"grades": ["cor"]}, "cor"), ({"themes": ["money"]}, "money"),
])  # fmt: skip
def test_wrong_declaration_is_named(change, said):
    table = {
        "title": "T",
        "unit": "signals",
        "definition": "D.",
        "from": "flow",
        "value": "n",
        "grades": ["core"],
    }
    with pytest.raises(ValueError, match=f"signals.*{said}"):
        declared._declaration("signals", {**table, **change})


def test_codebook_holds_columns_and_indicators():
    lines = codebook_csv().decode().splitlines()
    assert len(lines) == 1 + len(COLUMNS) + len(declarations())


def test_method_note_fills_every_blank():
    facts = {"vintage": "2026-03-10", "first": "2026-01", "last": "2026-03", "readings": 0, "recomputed": ["2026-02"],
             "previous": "2026-03-09", "undated": None, "outside": 3}  # fmt: skip
    note = method_note(facts).decode()
    assert "$" not in note
    assert "2026-02; the other months were carried over from 2026-03-09" in note


def row(value, status="A", corrected=None, **more):
    return {"indicator": "signals", "period": "2026-01", "geo_level": "country", "geo": "DE", "kind": "award",
            "dimension": "all", "member": "ALL", "grades": "core", "counting": "full", "value": value, "n": value or 0,
            "corrected": corrected, "status": status, **more}  # fmt: skip


@pytest.mark.parametrize(("old", "new", "late", "model", "reason"), [
    (row(2), row(3), 1, False, "late"), (row(2), row(1), 0, False, "correction"), (row(2), row(3), 1, True, "model"),
    (row(2, "P"), row(3, "A"), 1, False, "provisional"), (row(None, "L"), row(0), 0, False, "coverage"),
    (row(0), row(None, "L"), 0, False, "coverage"), (row(2, corrected=1.5), row(2, corrected=1.7), 0, False, "audit"),
])  # fmt: skip
def test_reason_of_a_revision(old, new, late, model, reason):
    (line,) = revised_cells([old], [new], {("2026-01", "DE", "award"): late}, model)
    assert line["reason"] == reason


def test_final_number_and_new_empty_cell_are_no_revision():
    assert revised_cells([row(2, "P")], [row(2, "A")], {}, other_model=False) == []
    assert revised_cells([], [row(0), row(None, geo="FR")], {}, other_model=False) == []


def test_csv_quotes_what_needs_it():
    assert to_csv(["a", "b"], [['x,"y"', None], [1.5, "ü"]]).decode() == 'a,b\n"x,""y""",\n1.5,ü\n'


@pytest.mark.parametrize("title", ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "\tx"])
def test_text_that_a_spreadsheet_would_run_is_written_as_text(title):
    assert to_csv(None, [[title, -1.5, "a=b"]]).decode().startswith((f"'{title},-1.5,a=b", f"\"'{title}"))


def test_sqlite_and_sdmx_repeat_byte_for_byte():
    table = {
        "indicators": (
            {"indicator": ("string",), "geo": ("string",), "period": ("string",)},
            [["a", "DE", "x"]],
        )
    }
    assert to_sqlite(table) == to_sqlite(table)
    rows = [{"period": "2026-01", "geo": "DE", "value": None, "unit": "signals", "status": "L"}]
    assert (
        to_sdmx("DSI:X(1.0)", ["period", "geo"], rows)
        .decode()
        .splitlines()[1]
        .endswith("2026-01,DE,,signals,L")
    )
