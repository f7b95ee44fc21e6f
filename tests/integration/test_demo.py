"""The demonstration, end to end: serve, crawl, classify, store, export, report."""

from pathlib import Path

import pytest

from crawler.commands.demo import run_demo
from crawler.demo.sources import SOURCES


@pytest.mark.timeout(120)
def test_demo_publishes_every_source(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "240")  # a narrow table folds the names of the sources
    output = tmp_path / "out"
    assert run_demo(output) == 0
    printed = capsys.readouterr().out
    assert len(SOURCES) == 7
    assert not [name for name in SOURCES if name.rpartition("/")[2] not in printed], printed
    assert (output / "exports" / "indicators.csv").is_file()
    pytest.importorskip("altair")
    assert (output / "report.html").is_file()
