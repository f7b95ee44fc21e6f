"""Write one vintage as files: tables, descriptions, checksums."""

from pathlib import Path
from typing import Any

from pymongo.database import Database

from indicators import vintages
from indicators.cells import KEY
from indicators.codebook import COLUMNS
from indicators.folder import MARKER, check_folder, replace_folder
from indicators.package import checksums, citation, datapackage, dcat
from indicators.signallist import signals_csv
from indicators.tables import to_csv, to_parquet, to_sdmx, to_sqlite

__all__ = ["export"]

STRUCTURE = "DSI:DSD_INDICATORS(1.0)"


def export(
    db: Database[dict[str, Any]],
    directory: Path,
    vintage: str | None = None,
    *,
    sqlite: bool = False,
    sdmx: bool = False,
) -> list[Path]:
    """Write a vintage to a folder; the same vintage gives the same bytes with the same software.

    Only titles and addresses in `signals.csv` follow the store: what was forgotten since is in no export.

    Args:
        db: the database.
        directory: folder that is created, or replaced where an export made it; it appears as a whole.
        vintage: edition; default the newest.
        sqlite: write `indicators.sqlite` too.
        sdmx: write `indicators.sdmx.csv` too.

    Returns:
        the files, in alphabetical order.

    Raises:
        InputError: no such edition, the folder holds other files, or it cannot be written.
        StorageError: the database cannot be read.

    """
    directory = Path(directory)
    document = vintages.resolve(db, vintage)
    check_folder(directory)
    # Made with the vintage: what the store says today does not change them.
    files = {name: vintages.frozen(db, document, name) for name in document["files"]}
    months = sorted(document["blocks"].items())
    listed = [vintages.frozen(db, {"_id": origin}, f"signals-{month}.csv") for month, origin in months]
    files["signals.csv"] = signals_csv(db, listed)
    rows = list(vintages.rows(db, document))
    table = [[row.get(column) for column in COLUMNS] for row in rows]
    files["indicators.csv"] = to_csv(list(COLUMNS), table)
    files["indicators.parquet"] = to_parquet(COLUMNS, table)
    if sdmx:
        files["indicators.sdmx.csv"] = to_sdmx(STRUCTURE, [*KEY, "vintage"], rows)
    if sqlite:
        files["indicators.sqlite"] = to_sqlite({"indicators": (COLUMNS, table)})
    files["CITATION.cff"] = citation(document)
    files["dcat.jsonld"] = dcat(document, files)
    files["datapackage.json"] = datapackage(document, files)
    files[MARKER] = checksums(files)
    replace_folder(directory, files)
    return [directory / name for name in sorted(files)]
