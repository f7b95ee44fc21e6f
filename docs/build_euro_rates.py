"""Build `crawler/normalise/data/euro_rates.csv` from the European Central Bank's daily reference rates.

Usage: `python docs/build_euro_rates.py FILE`; FILE is the ECB's `eurofxref-hist.zip`, or its CSV. Free reuse with
the source named. A yearly average is the mean of the daily rates of a complete year, as the ECB's own averages
are; six digits are kept. Rows without a year, the fixed conversion rates of currencies that have joined the euro
(Council regulations), are kept as they stand in the table.
"""

import csv
import io
import sys
import zipfile
from collections import defaultdict
from pathlib import Path
from statistics import fmean

TARGET = Path(__file__).parent.parent / "crawler" / "normalise" / "data" / "euro_rates.csv"
COLUMNS = ("currency", "year", "rate", "source")
CURRENCIES = ("CHF", "CZK", "DKK", "GBP", "HUF", "ISK", "NOK", "PLN", "RON", "SEK", "USD")
LEAST_DAYS = 250
"""Days of a complete year; the banks' calendar has 253 at least."""


def daily(path: Path) -> dict[tuple[str, str], list[float]]:
    """Read (currency, year) -> rates of its days, units per euro."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            text = archive.read(archive.namelist()[0]).decode()
    else:
        text = path.read_text(encoding="utf-8")
    rates = defaultdict(list)
    for row in csv.DictReader(io.StringIO(text)):
        for currency in CURRENCIES:
            if row[currency] not in {"", "N/A"}:
                rates[currency, row["Date"][:4]].append(float(row[currency]))
    return rates


def main(path: Path) -> None:
    """Write the table."""
    with TARGET.open(encoding="utf-8", newline="") as old:
        rows = [tuple(row.values()) for row in csv.DictReader(old) if not row["year"]]
    for (currency, year), rates in sorted(daily(path).items()):
        if len(rates) >= LEAST_DAYS:
            rows.append((currency, year, f"{fmean(rates):.6g}", "mean of the ECB's daily reference rates"))
    with TARGET.open("w", encoding="utf-8", newline="") as new:
        csv.writer(new, lineterminator="\n").writerows([COLUMNS, *rows])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
