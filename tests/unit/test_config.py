"""Configuration layers: the later one wins, and every value knows where it came from."""

from pathlib import Path

import pytest

from crawler.config import load_config
from crawler.errors import ConfigurationError


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in (
        "MONGODB_URI",
        "DSI_DATABASE",
        "DSI_SOURCES",
        "DSI_DATA_DIRECTORY",
        "DSI_PARALLEL",
        "DSI_MODEL",
        "DSI_EVIDENCE_DAYS",
        "DSI_CONTACT",
    ):
        monkeypatch.delenv(name, raising=False)


def test_flag_beats_environment_beats_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "dsi.toml").write_text('database = "file"\nparallel = 3\n')
    assert load_config().database == "file"
    monkeypatch.setenv("DSI_DATABASE", "environment")
    config = load_config(parallel=5)
    assert (config.database, config.origin["database"]) == ("environment", "DSI_DATABASE")
    assert (config.parallel, config.origin["parallel"]) == (5, "flag")
    assert config.origin["data_directory"] == "default"


def test_unknown_key_names_file_and_key(tmp_path: Path) -> None:
    (tmp_path / "dsi.toml").write_text("databse = 'x'\n")
    with pytest.raises(ConfigurationError, match=r"dsi\.toml: databse: unknown key"):
        load_config()


def test_unusable_value_names_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DSI_PARALLEL", "many")
    with pytest.raises(ConfigurationError, match="DSI_PARALLEL: parallel"):
        load_config()


def test_named_file_must_exist(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no such configuration file"):
        load_config(tmp_path / "absent.toml")


@pytest.mark.parametrize("address", ["https://example.org/crawler?a=1", "crawler@example.org"])
def test_contact_is_a_web_or_an_e_mail_address(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("DSI_CONTACT", address)
    config = load_config()
    assert (config.contact, config.origin["contact"]) == (address, "DSI_CONTACT")


@pytest.mark.parametrize(
    "text",
    ["me", "https://", "https://example.org/ x", "a@b\nX-Header: 1", "a@example.org)", "ä@example.org"],
)
def test_contact_that_fits_no_header_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("DSI_CONTACT", text)
    with pytest.raises(ConfigurationError, match="DSI_CONTACT: contact"):
        load_config()
